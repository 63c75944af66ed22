"""Filter policies and blocklists by account: who uses them, how far they are from what is
demanded, and what an admin does with them."""

import pandas as pd
import streamlit as st

from actions.visit import Visit
from domain import filters, names
from domain.filters import Key, Policy
from domain.roles import Permission
from ui import policy_drafts, safety, scope
from ui.components import (
    filter_assigning,
    filter_columns,
    filter_editing,
    filter_lists,
    filter_words,
    numbers,
    tables,
)
from ui.faults import escaped
from ui.safety import View

ONLY = {"": "All policies", "used": "In use", "own": "Your own", "unused": "Yours, unused"}


def show(visit: Visit, view: View) -> None:
    """Both, with what can be done."""
    rows = safety.policies(view)
    chosen = scope.one("Policies", "policies", ONLY, bare=True)
    shown = narrowed(rows, chosen)
    st.subheader("Policies", anchor=False)
    event = tables.show(
        shown, filter_columns.POLICIES, tables.keyed("policies", shown), pick=("single-cell",),
        most=12, alt="Filter policies, the furthest from what is demanded first",
    )  # fmt: skip
    safety.open_policy(tables.cell_picked(event, shown, "Policy"))
    many = numbers.counted(len(shown), "policy", "policies")
    st.caption(
        f"{many} of {len(rows):,}. Microsoft's own are never edited and never deleted; click a "
        "name to open a policy."
    )
    _new(visit, view)
    st.subheader("Blocklists", anchor=False)
    filter_lists.show(visit, view)


def narrowed(rows: pd.DataFrame, chosen: str) -> pd.DataFrame:
    """The policies that match."""
    own = rows["kind"].ne(filters.SYSTEM).fillna(True)
    keep = {
        "used": rows["users"].gt(0),
        "own": own,
        "unused": own & rows["users"].eq(0),
    }.get(chosen)
    return rows if keep is None else rows[keep.astype(bool)].reset_index(drop=True)


def _new(visit: Visit, view: View) -> None:
    """From the default of an account."""
    if not visit.may(Permission.FILTER) or view.rows.empty:
        return
    ids = sorted(view.accounts)
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        account_id = str(
            st.selectbox("Account of a new policy", ids, key="new-policy-account",
                         format_func=lambda it: names.parts(it)[2])
        )  # fmt: skip
    with right:
        source = policy_drafts.default(view, account_id)
        draft = policy_drafts.begun(view, account_id, source)
        filter_editing.button(visit, draft, f"New policy from {source}", "new-policy")


def missing() -> None:
    st.info("There is no such policy here. It may have been deleted, or be in an account in which "
            "none of your units has a deployment.", icon=":material/inbox:")  # fmt: skip


def head(row: "pd.Series[str]") -> None:
    """Name, whose it is, how many use it."""
    hue = "gray" if row["kind"] == filters.SYSTEM else "blue"
    st.markdown(
        f"### {escaped(str(row['policy']))} &nbsp; :{hue}-badge[:material/shield: "
        f"{escaped(str(row['kind_words']))}]"
    )
    st.code(row["resource"], language=None, wrap_lines=False)
    st.caption(
        f"In {escaped(numbers.text(row['account']))} · {escaped(str(row['mode_words']))} · "
        f"blocklists: {escaped(numbers.text(row['lists_words']))} · last changed by "
        f"{escaped(numbers.text(row['modified_by']))}, {_moment(row['modified_at'])}"
    )


def _moment(at: object) -> str:
    return numbers.moment(at if isinstance(at, pd.Timestamp) else None)


def buttons(visit: Visit, view: View, row: "pd.Series[str]") -> None:
    """What an admin may do with one policy."""
    if not visit.may(Permission.FILTER):
        return
    account_id, name = str(row["account_id"]), str(row["policy"])
    draft = policy_drafts.begun(view, account_id, name, targets(view, row))
    filter_editing.button(visit, draft, "Change it", "change-policy", primary=True)
    filter_assigning.assign_button(visit, (), account_id, name)
    if row["kind"] != filters.SYSTEM:
        filter_assigning.delete_button(visit, str(row["resource"]), name)


def targets(view: View, row: "pd.Series[str]") -> list[str]:
    """The deployments of the visitor's that use it."""
    used = view.rows["policy_resource"].eq(row["resource"]).fillna(False)
    return view.rows.loc[used, "resource"].tolist()


def contents(view: View, row: "pd.Series[str]") -> None:
    """Every filter of a policy in words."""
    policy = safety.meaning(view, str(row["account_id"]), filters.parsed(row["body"]))
    rows = lines(policy)
    if rows.empty:
        st.caption("It states nothing.")
        return
    tables.show(rows, filter_columns.STATED, "stated", most=len(rows), row=30,
                alt="What each filter of this policy does")  # fmt: skip
    if policy.rest:
        said = ", ".join(policy.rest)
        st.caption(f":material/help: It also says something that is not known here: "
                   f"{escaped(said)}. It is kept as it is.")  # fmt: skip


def lines(policy: Policy) -> pd.DataFrame:
    """Columns filter, does, stated_words of a policy, in the order of the matrix."""
    found: list[Key] = safety.in_order(policy.cells)
    return pd.DataFrame(
        {
            "filter": filter_words.texts([filters.called(*it) for it in found]),
            "does": filter_words.texts(
                [filters.words(policy.strength(it), policy.graded(it)) for it in found]
            ),
            "stated_words": filter_words.texts(
                ["the policy" if policy.cells[it].stated else "its base policy" for it in found]
            ),
        }
    )


def used_by(view: View, row: "pd.Series[str]") -> None:
    """The deployments on which it is in force."""
    rows = view.rows[view.rows["policy_resource"].eq(row["resource"]).fillna(False)]
    hidden = len(safety.users(view, str(row["resource"]))) - len(rows)
    if hidden:
        st.caption(f"And {numbers.counted(hidden, 'deployment')} of units that are not yours.")
    if rows.empty:
        st.caption("No deployment that you may see uses it.")
        return
    rows = rows.reset_index(drop=True)
    columns = {it: filter_columns.matrix([], "summary")[it] for it in filter_columns.USERS}
    event = tables.show(rows, columns, tables.keyed("users", rows), pick=("single-cell",),
                        alt="Deployments on which this policy is in force")  # fmt: skip
    scope.open_deployment(tables.cell_picked(event, rows, "Deployment"))
