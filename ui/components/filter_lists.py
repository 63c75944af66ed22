"""Blocklists: which there are, their terms, and how an admin changes them."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from actions import blocklist
from actions.visit import Visit
from domain import filters, names, weakening
from domain.blocklists import AT_ONCE, called, terms
from domain.faults import OutOfRange
from domain.filters import Json
from domain.roles import Permission
from ui import drafts, policy_drafts, safety, scope
from ui.components import dialogs, filter_columns, filter_editing, numbers, proposing, tables
from ui.faults import escaped
from ui.safety import View

CREATE, CHANGE, DELETE = "create-blocklist", "change-terms", "delete-blocklist"


def show(visit: Visit, view: View) -> None:
    """All blocklists; the one that is ticked with its terms."""
    rows = safety.blocklists(view)
    if rows.empty:
        st.caption("No account here has a blocklist.")
    else:
        event = tables.show(
            rows, filter_columns.BLOCKLISTS, tables.keyed("blocklists", rows), pick=("single-row",),
            most=8, alt="Blocklists",
        )  # fmt: skip
        st.caption(f"{numbers.counted(len(rows), 'blocklist')}; tick one to see its terms. One "
                   "that no policy names stops nothing.")  # fmt: skip
        picked = tables.rows_picked(event, rows)
        if len(picked):
            _terms(visit, picked.iloc[0])
    if not visit.may(Permission.FILTER) or view.rows.empty:
        return
    if st.button("New blocklist", key="new-blocklist", icon=":material/playlist_add:",
                 disabled=not visit.writes):  # fmt: skip
        drafts.begin(CREATE, True)


def _terms(visit: Visit, row: "pd.Series[str]") -> None:
    rows = of_terms(safety.terms(row["told"]))
    st.markdown(f"**{escaped(str(row['blocklist']))}** in {escaped(numbers.text(row['account']))}")
    if rows.empty:
        st.caption("It has no term.")
    else:
        tables.show(rows, filter_columns.TERMS, "terms", most=10, alt="Terms of the blocklist")
    if not visit.may(Permission.FILTER):
        return
    about = (str(row["resource"]), str(row["blocklist"]))
    with st.container(horizontal=True):
        if st.button("Change its terms", key="change-terms", icon=":material/edit:",
                     disabled=not visit.writes):  # fmt: skip
            drafts.begin(CHANGE, about)
        if st.button("Delete", key="delete-blocklist", icon=":material/delete:",
                     disabled=not visit.writes):  # fmt: skip
            drafts.begin(DELETE, about)


def of_terms(told: Sequence[Json]) -> pd.DataFrame:
    """Columns name, pattern, regex."""
    return pd.DataFrame(
        {
            "name": pd.Series([it.get("name") for it in told], dtype="string"),
            "pattern": pd.Series([it.get("pattern") for it in told], dtype="string"),
            "regex": pd.Series([it.get("isRegex") is True for it in told], dtype="boolean"),
        }
    )


def dialog(page: str) -> None:
    """Draw the dialog that is open."""
    if drafts.begun(CREATE):
        dialogs.show(page, CREATE, "What is to be blocked by words?", _create, width="large")
    elif about := drafts.begun(CHANGE):
        dialogs.show(page, CHANGE, f"Terms of {about[1]}", _change, *about, width="large")
    elif about := drafts.begun(DELETE):
        dialogs.show(page, DELETE, f"Delete the blocklist {about[1]}?", _delete, *about,
                     width="large")  # fmt: skip


def _create(visit: Visit) -> None:
    view = safety.everywhere()
    ids = sorted(view.accounts)
    account_id = str(st.selectbox("Account", ids, key="blocklist-account",
                                  format_func=lambda it: names.parts(it)[2]))  # fmt: skip
    name = str(st.text_input("Name", key="blocklist-name", max_chars=64)).strip()
    about = str(st.text_input("Description", key="blocklist-about", max_chars=300)).strip()
    new = _entered(0)
    wrong = _wrong_name(name) if name else ""
    if wrong:
        st.caption(f":red[{escaped(wrong)}]")
    st.caption("It stops nothing until a policy names it: put it in force under the filters of a "
               "policy.")  # fmt: skip
    told = proposing.terms(visit, "blocklist")
    ready = bool(name) and not wrong and new is not None
    many = len(new or [])
    if st.button(f"Create it with {numbers.counted(many, 'term')}", type="primary",
                 key="blocklist-confirm", disabled=not ready):  # fmt: skip
        number = blocklist.create(visit, account_id, name, description=about,
                                  patterns=new or [], terms=told)  # fmt: skip
        _recorded(CREATE, number)


def _change(visit: Visit, resource: str, name: str) -> None:
    view = safety.everywhere()
    there = safety.terms(_told(view, resource))
    said = {str(it.get("name")): f"{it.get('pattern')}" for it in there}
    gone = st.multiselect("Take out", list(said), format_func=lambda it: said[it], key="terms-gone",
                          placeholder="Nothing")  # fmt: skip
    left = [it for it in there if str(it.get("name")) not in gone]
    new = _entered(len(left))
    found = weakening.of_terms(there, [*left, *(new or [])])
    rows = policy_drafts.lines([(name, found)])
    if len(rows):
        tables.show(rows, filter_columns.DIFFERENCES, "terms-differences", most=8,
                    alt="Terms that come and go")  # fmt: skip
        filter_editing.second_person(weakening.weakens(found))
    told = proposing.terms(visit, "terms")
    many = len(gone) + len(new or [])
    if many > AT_ONCE:
        st.caption(f":red[{AT_ONCE} terms at the most in one plan.]")
    if st.button(f"Change {numbers.counted(many, 'term')}", type="primary", key="terms-confirm",
                 disabled=not 0 < many <= AT_ONCE or new is None):  # fmt: skip
        number = blocklist.change(visit, resource, add=new or [], remove=list(gone), terms=told)
        _recorded(CHANGE, number)


def _delete(visit: Visit, resource: str, name: str) -> None:
    view = safety.everywhere()
    rows = safety.blocklists(view)
    row = rows[rows["resource"].eq(resource)].iloc[0]
    if pd.notna(row["policies"]):
        st.error(f"In force by {escaped(str(row['policies']))}: take it out of these policies "
                 "first.", icon=":material/block:")  # fmt: skip
    st.caption(f"{numbers.counted(int(row['terms']), 'term')} go with it. It can be undone: it is "
               "made again as it was last read.")  # fmt: skip
    typed = str(st.text_input(f"Type its name, {escaped(name)}", key="delete-blocklist-name"))
    told = proposing.terms(visit, "delete-blocklist", needed="Say why it is deleted.",
                           lasting=False)  # fmt: skip
    if st.button(
        f"Delete {name}", type="primary", key="delete-blocklist-confirm",
        disabled=typed.strip() != name or not told.reason.strip() or pd.notna(row["policies"]),
    ):  # fmt: skip
        number = blocklist.delete(visit, resource, named=typed, terms=told)
        _recorded(DELETE, number)


def _entered(there: int) -> list[Json] | None:
    """New terms as people type them, a line each; None where one of them cannot be."""
    left, right = st.columns(2)
    plain = left.text_area("New words, one a line", key="terms-plain")
    regex = right.text_area("New regular expressions, one a line", key="terms-regex")
    told = [
        called({"pattern": line.strip(), "isRegex": is_regex})
        for text, is_regex in ((plain, False), (regex, True))
        for line in str(text or "").splitlines()
        if line.strip()
    ]
    try:
        return terms(told, there)
    except OutOfRange as fault:
        st.caption(f":red[{escaped(fault.words)}]")
        return None


def _wrong_name(name: str) -> str:
    try:
        filters.named(name)
    except OutOfRange as fault:
        return fault.words
    return ""


def _told(view: View, resource: str) -> object:
    kept = view.all.kept.blocklists
    found = kept.loc[kept["resource"].eq(resource), "terms"]
    return found.iloc[0] if len(found) else None


def _recorded(draft: str, number: int) -> None:
    drafts.drop(draft)
    drafts.say(f"Plan {number} recorded.")
    scope.open_plan(number)
