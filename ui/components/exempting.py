"""The register of exemptions: what somebody is excused from, until when, and whether Azure is as
the register says; to ask for one, to decide, to end."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from actions import exempt
from actions.visit import Visit
from domain import exemptions, filters, names
from domain.exemptions import DEVIATION, MONITORING, State
from domain.filters import GRADED, MODE, Strength
from domain.roles import FILTERS, Permission, may_approve
from ui import data, drafts, safety, session
from ui.components import dialogs, filter_columns, filter_words, numbers, tables
from ui.faults import escaped
from ui.safety import View

ASK, DECIDE, END = "ask-exemption", "decide-exemption", "end-exemption"
LONGEST = 300
REVIEW = timedelta(days=90)
LIVES = (str(State.IN_FORCE), str(State.OVERDUE))


def show(visit: Visit, view: View) -> None:
    """The register, then abuse monitoring account by account."""
    rows = worded(safety.register(view))
    _figures(rows)
    if rows.empty:
        st.caption("Nobody is excused from anything, and nothing is off that needs it.")
    else:
        _table(visit, rows)
    if visit.may(Permission.EXEMPT) and st.button(
        "Ask for an exemption", key="ask-exemption", icon=":material/gavel:"
    ):
        drafts.begin(ASK, "new")
    st.subheader("Abuse monitoring", anchor=False)
    _monitoring(view, rows)


def button(resource: str) -> None:
    """Ask for one about this deployment."""
    if st.button("Ask for an exemption", key="ask-exemption", icon=":material/gavel:"):
        drafts.begin(ASK, resource)


def worded(rows: pd.DataFrame) -> pd.DataFrame:
    """Adds what, accepted, agreement, who and approved_by."""
    people = data.people()
    pairs = zip(rows["category"], rows["accepts"], rows["kind"], strict=True)
    agrees = rows["agrees"].map({True: "agrees"})
    entered = rows["id"].notna()
    agrees = agrees.mask(~entered, "no entry")
    agrees = agrees.mask(entered & rows["agrees"].eq(False).fillna(False), "no live setting")
    return rows.assign(
        what=rows["filter"],
        accepted=filter_words.texts([_accepted(*it) for it in pairs]),
        agreement=agrees.mask(rows["state"].eq(str(State.OVERDUE)).fillna(False), "overdue"),
        who=rows["proposer"].map(lambda it: people.get(it, it), na_action="ignore"),
        approved_by=rows["approver"].map(lambda it: people.get(it, it), na_action="ignore"),
        state=rows["state"].fillna("missing"),
    )


def _accepted(category: object, accepts: object, kind: object) -> str | None:
    if pd.isna(accepts) or kind == MONITORING:  # type: ignore[call-overload]
        return None
    if category == MODE:
        return filters.ASYNCHRONOUS
    return filters.words(Strength(int(str(accepts))), category in GRADED)


def _figures(rows: pd.DataFrame) -> None:
    wrong = int(rows["agreement"].isin(["no entry", "no live setting"]).sum())
    overdue = int(rows["state"].eq(str(State.OVERDUE)).sum())
    if overdue:
        st.warning(f"{numbers.counted(overdue, 'review')} overdue: what is overdue excuses "
                   "nothing any more.", icon=":material/event_busy:")  # fmt: skip
    if wrong:
        st.warning(f"{numbers.counted(wrong, 'line')} where the register and Azure do not agree.",
                   icon=":material/rule:")  # fmt: skip


def _table(visit: Visit, rows: pd.DataFrame) -> None:
    event = tables.show(
        rows, filter_columns.EXEMPTIONS, tables.keyed("exemptions", rows), pick=("single-row",),
        most=10, alt="The register of exemptions",
    )  # fmt: skip
    picked = tables.rows_picked(event, rows)
    if picked.empty:
        st.caption("Tick a line to decide about it or to end it.")
        return
    row = picked.iloc[0]
    if pd.notna(row["note"]):
        st.caption(f":material/info: {escaped(str(row['note']))}")
    if pd.isna(row["id"]):
        if visit.may(Permission.EXEMPT) and st.button("Enter it in the register", key="enter"):
            drafts.begin(ASK, str(row["resource"]))
        return
    number = int(row["id"])
    with st.container(horizontal=True):
        if row["state"] == State.PROPOSED and may_approve(visit.person, FILTERS):
            own = row["proposer"] == visit.person.key
            if st.button(f"Decide about no. {number}", key="decide-exemption", disabled=own,
                         help="Nobody decides about their own." if own else ""):  # fmt: skip
                drafts.begin(DECIDE, number)
        lives = row["state"] in (*LIVES, State.PROPOSED) and visit.may(Permission.EXEMPT)
        if lives and st.button(
            f"End no. {number}", key="end-exemption", icon=":material/event_busy:"
        ):
            drafts.begin(END, number)


def _monitoring(view: View, register: pd.DataFrame) -> None:
    """Whether Microsoft watches the content of each account, and what it holds against it."""
    kept = view.all.kept.accounts
    rows = kept[kept["account_id"].isin(view.accounts)].reset_index(drop=True)
    off = rows["content_logging"].map(exemptions.unwatched).astype(bool)
    entries = register[register["kind"].eq(MONITORING) & register["id"].notna()]
    entry = {
        it["resource"]: f"no. {it['id']}, {it['state']}, review by {numbers.day(it['review_by'])}"
        for it in entries.to_dict("records")
    }
    subscriptions = session.subscriptions()
    rows = rows.assign(
        subscription_name=rows["subscription"].map(subscriptions).astype("string"),
        monitoring=off.map({True: "off: nobody at Microsoft looks", False: "on"}),
        entry=rows["account_id"].map(entry).astype("string"),
        penalty_words=filter_words.texts([_penalty(it) for it in rows.to_dict("records")]),
        first=~off & rows["penalty"].isna(),
    ).sort_values(["first", "account"], ignore_index=True)
    tables.show(rows, filter_columns.MONITORING, "monitoring", most=8,
                alt="Abuse monitoring by account")  # fmt: skip
    st.caption(
        f"Off in {numbers.counted(int(off.sum()), 'account')} of {len(rows):,}. What is off needs "
        "Microsoft's approval and an entry above."
    )


def _penalty(row: Mapping[Any, Any]) -> str | None:
    if not isinstance(row["penalty"], str):
        return None
    percent, until = row["penalty_percent"], row["penalty_until"]
    share = f" to {numbers.exact(percent)} %" if pd.notna(percent) else ""
    day = f" until {numbers.moment(until)}" if isinstance(until, pd.Timestamp) else ""
    return f"{row['penalty']}{share}{day}"


def dialog(page: str) -> None:
    """Draw the dialog that is open."""
    if about := drafts.begun(ASK):
        dialogs.show(page, ASK, "Excused from what, and why?", _ask, about, width="large")
    elif number := drafts.begun(DECIDE):
        dialogs.show(page, DECIDE, f"Allow exemption {number}?", _decide, number)
    elif number := drafts.begun(END):
        dialogs.show(page, END, f"End exemption {number}?", _end, number)


def _ask(visit: Visit, about: str) -> None:
    view = safety.everywhere()
    kinds = {DEVIATION: "A filter of a deployment", MONITORING: "Abuse monitoring of an account"}
    is_account = "/deployments/" not in about and about != "new"
    kind = str(st.radio("What", list(kinds), index=int(is_account), key="exempt-kind",
                        format_func=lambda it: kinds[it], horizontal=True))  # fmt: skip
    if kind == MONITORING:
        resource, category, direction, accepts = _account(view, about), "", "", Strength.OFF
    else:
        resource, category, direction, accepts = _filter(view, about)
    why = str(st.text_area("Why", key="exempt-why", max_chars=LONGEST)).strip()
    left, middle, right = st.columns(3)
    reference = str(left.text_input("Microsoft's approval", key="exempt-reference",
                                    help="Needed to switch off or only annotate completions, and "
                                    "for abuse monitoring."))  # fmt: skip
    reviewer = str(middle.text_input("Reviewer", key="exempt-reviewer")).strip()
    first = visit.clock().date()
    last = first + exemptions.LONGEST_TERM - timedelta(days=1)
    by = right.date_input("Review by", value=first + REVIEW, key="exempt-by", format="YYYY-MM-DD",
                          min_value=first + timedelta(days=1), max_value=last)  # fmt: skip
    st.caption("A security approver or an admin decides, never who asks. Until then nothing is "
               "excused; after the review's day it excuses nothing any more.")  # fmt: skip
    if st.button("Ask for it", type="primary", key="exempt-confirm",
                 disabled=not (resource and why and reviewer)):  # fmt: skip
        review_by = datetime.combine(by, datetime.min.time(), UTC)
        number = exempt.ask(
            visit, kind, resource, category=category, direction=direction, accepts=accepts,
            justification=why, reference=reference.strip(), reviewer=reviewer, review_by=review_by,
        )  # fmt: skip
        dialogs.done(ASK, f"Exemption {number} is asked for; it waits for a decision.")


def _account(view: View, about: str) -> str:
    ids, home = sorted(view.accounts), names.account(about)
    at = ids.index(home) if home in ids else 0
    return str(st.selectbox("Account", ids, index=at, key="exempt-account",
                            format_func=lambda it: names.parts(it)[2]))  # fmt: skip


def _filter(view: View, about: str) -> tuple[str, str, str, Strength]:
    """A deployment, one of its filters that falls short, and what is accepted of it."""
    rows = view.rows
    said = dict(zip(rows["resource"], rows["deployment"] + " in " + rows["account"], strict=True))
    ids = list(said)
    at = ids.index(about) if about in said else 0
    resource = str(st.selectbox("Deployment", ids, index=at, key="exempt-deployment",
                                format_func=lambda it: said[it]))  # fmt: skip
    mine = rows[rows["resource"].eq(resource)]
    cells = safety.cells(view, mine)
    short = cells[cells["way"].isin(["looser", "different"])]
    options = list(zip(short["category"], short["direction"], strict=True))
    words = dict(zip(options, short["words"], strict=True))
    if len(safety.modes(view, mine)):
        options.append((MODE, ""))
    if not options:
        st.caption("It does all that is demanded: nothing needs to be excused.")
        return "", "", "", Strength.OFF
    picked = st.selectbox(
        "Filter", options, key="exempt-filter",
        format_func=lambda it: "Mode: asynchronous" if it[0] == MODE
        else f"{filters.called(*it)}: {words[it]}",
    )  # fmt: skip
    category, direction = picked
    if category == MODE:
        return resource, category, direction, Strength.OFF
    graded = category in GRADED
    steps = [it for it in Strength if (graded and it < Strength.LOW) or it in (0, 1)]
    accepts = st.selectbox("Accepted at the least", steps, key="exempt-accepts",
                           format_func=lambda it: filters.words(it, graded))  # fmt: skip
    return resource, category, direction, accepts


def _decide(visit: Visit, number: int) -> None:
    view = safety.everywhere()
    _told(view, number)
    note = str(st.text_input("Words", key="exempt-note", max_chars=LONGEST))
    with st.container(horizontal=True):
        if st.button("Allow it", type="primary", key="exempt-allow"):
            exempt.decide(visit, number, approves=True, comment=note)
            dialogs.done(DECIDE, f"Exemption {number} is in force.")
        if st.button("Decline it", key="exempt-decline", disabled=not note.strip()):
            exempt.decide(visit, number, approves=False, comment=note)
            dialogs.done(DECIDE, f"Exemption {number} is declined.")


def _end(visit: Visit, number: int) -> None:
    view = safety.everywhere()
    _told(view, number)
    st.caption("From now on it excuses nothing: what is below its baseline is a finding again.")
    if st.button(f"End exemption {number}", type="primary", key="exempt-end"):
        exempt.end(visit, number)
        dialogs.done(END, f"Exemption {number} has ended.")


def _told(view: View, number: int) -> None:
    rows = worded(safety.register(view))
    row = rows[rows["id"].eq(number).fillna(False)]
    if row.empty:
        return
    it = row.iloc[0]
    where = it["deployment"] if pd.notna(it["deployment"]) else it["account"]
    st.markdown(f"**{escaped(str(it['what']))}** of {escaped(numbers.text(where))}, accepts "
                f"{escaped(numbers.text(it['accepted']))}")  # fmt: skip
    st.caption(f"{escaped(numbers.text(it['who']))}: {escaped(numbers.text(it['justification']))} "
               f"· reviewer {escaped(numbers.text(it['reviewer']))}, by "
               f"{numbers.day(it['review_by'])}")  # fmt: skip
