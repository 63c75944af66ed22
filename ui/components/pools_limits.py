"""What else bounds quota: deleted accounts that hold some, ceilings, tiers and their upgrades."""

import pandas as pd
import streamlit as st

from actions import purge
from actions.visit import Visit
from domain import advice, standing
from ui import door, drafts, faults, scope, session
from ui.components import allocating, numbers, proposing, states, tables
from ui.components.pools_columns import CEILINGS, DELETED, TIERS
from ui.faults import escaped
from ui.quota import View

DRAFT = "purge"
BY_ITSELF = "OnceUpgradeIsAvailable"
AVAILABLE = "Available"
NEAR, LISTED = 0.75, 5
UNASKED = "Nobody has asked Azure about it yet, or it does not answer; see Sources."


def deleted(visit: Visit, whole: View, rows: pd.DataFrame | None) -> None:
    """Accounts that are deleted and still hold their quota; one can be purged at a time."""
    if not whole.whole:
        st.info("Deleted accounts are shown to who sees every unit.", icon=":material/lock:")
        return
    if rows is None:
        st.caption(f":material/remove: Deleted accounts are not known. {UNASKED}")
        return
    if rows.empty:
        states.nothing("No deleted account holds quota.", "Azure keeps one for 48 hours.")
        return
    st.caption(
        "Azure keeps a deleted account for 48 hours; until it is purged, the quota of its "
        "deployments stays used. Tick one to purge it."
    )
    told = _with_holding(rows, whole)
    event = tables.show(told, DELETED, "deleted", pick=("single-row",), most=8,
                        alt="Deleted accounts that may hold quota")  # fmt: skip
    for it in told.dropna(subset=["holds"]).head(LISTED).to_dict("records"):
        st.caption(f"**{escaped(it['account'])}** {escaped(it['holds'])}")
    picked = tables.rows_picked(event, told)
    if allocating.closed(visit, whole):
        return
    one = None if picked.empty else picked.iloc[0]
    if st.button(
        "Purge" if one is None else f"Purge {escaped(str(one['account']))}", key="purge",
        disabled=one is None or not visit.writes, icon=":material/delete_forever:",
    ):  # fmt: skip
        assert one is not None
        drafts.begin(DRAFT, (str(one["deleted_resource"]), str(one["account"])))


def dialog(page: str) -> None:
    """Draw the dialog when it is open."""
    if told := drafts.begun(DRAFT):
        title = f"Purge {told[1]}?"
        st.dialog(title, width="large", on_dismiss=drafts.dropper(DRAFT))(_purge)(page, *told)


def ceilings(rows: pd.DataFrame) -> None:
    """What comes near the most that Azure takes, and that the rest does not."""
    near = rows[rows["share"].ge(NEAR).fillna(False)]
    if rows.empty:
        st.caption("Nothing to count yet.")
        return
    names = session.subscriptions()
    told = (near if len(near) else rows.head(3)).copy()
    told = told.assign(subscription_name=told["subscription"].map(names))
    if near.empty:
        st.caption(f"None is at {NEAR:.0%} of its ceiling or above; these are the nearest.")
    tables.show(told, CEILINGS, "ceilings", most=8, alt="What comes near its ceiling")


def tiers(rows: pd.DataFrame | None, view: View) -> None:
    """The quota tier of each subscription, and whether its limits rise unasked."""
    if rows is None:
        st.caption(f":material/remove: The quota tiers are not known. {UNASKED}")
        return
    if rows.empty:
        st.caption("Azure names no quota tier for these subscriptions.")
        return
    told = _with_words(rows, view)
    tables.show(told, TIERS, "tiers", most=8, alt="Quota tiers by subscription")
    brakes = told[told["braked"].gt(0) & told["policy"].eq(BY_ITSELF).fillna(False)]
    if len(brakes):
        names = ", ".join(escaped(numbers.text(it)) for it in brakes["subscription_name"])
        st.warning(
            f"Automatic upgrades are on in {names}, where pools are used up to their limit. If "
            "that limit is meant to keep spending down, it goes when Azure raises the tier.",
            icon=":material/trending_up:",
        )


def _with_holding(rows: pd.DataFrame, whole: View) -> pd.DataFrame:
    found = whole.kept.advice
    found = found[found["kind"].eq(advice.PURGE)]
    why = dict(zip(found["resource"], found["why"], strict=True))
    return rows.assign(
        subscription_name=rows["subscription"].map(session.subscriptions()),
        holds=pd.Series([why.get(it) for it in rows["deleted_resource"]], rows.index, "string"),
    )


def _with_words(rows: pd.DataFrame, view: View) -> pd.DataFrame:
    full = view.pools[view.pools["state"].isin([standing.FULL, standing.OVER])]
    braked = full[full["holders"].gt(0)].groupby("subscription").size()
    on = {BY_ITSELF: "on", "NoAutoUpgrade": "off"}
    return rows.assign(
        subscription_name=rows["subscription"].map(session.subscriptions()),
        upgrades=rows["policy"].map(lambda it: on.get(it, it), na_action="ignore"),
        next_words=pd.Series([_when(it) for _, it in rows.iterrows()], rows.index, "string"),
        braked=rows["subscription"].map(braked).fillna(0),
    )


def _when(row: "pd.Series[pd.Timestamp]") -> str | None:
    if pd.isna(row["next_status"]):
        return None
    if str(row["next_status"]) == AVAILABLE:
        return "available" if pd.isna(row["next_at"]) else f"available {row['next_at']:%Y-%m-%d}"
    return "not yet" + ("" if pd.isna(row["next_reason"]) else f": {row['next_reason']}")


def _purge(page: str, resource: str, name: str) -> None:
    with faults.shown():
        visit = door.admit(page)
        st.markdown(
            "It is gone for good: nobody can restore the account, its deployments or its settings. "
            "Its name and its quota are free afterwards."
        )
        st.caption(":material/how_to_reg: A second person has to approve it.")
        terms = proposing.terms(visit, "purge", needed="A reason is needed.", lasting=False)
        typed = str(st.text_input(f"Type {escaped(name)}", key="purge-name", max_chars=100))
        ready = typed.strip() == name and bool(terms.reason.strip())
        if st.button(
            "Propose to purge it", type="primary", key="purge-confirm", disabled=not ready
        ):
            number = purge.account(visit, resource, named=typed, terms=terms)
            drafts.drop(DRAFT)
            drafts.say(f"Plan {number} recorded. It waits for a second person.")
            scope.open_plan(number)
