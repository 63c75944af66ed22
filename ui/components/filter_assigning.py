"""Give a policy to deployments, or delete one that nobody uses."""

import pandas as pd
import streamlit as st

from actions import filter as filters_of
from actions.visit import Visit
from domain import filters, names, tags, weakening
from domain.roles import Permission
from ui import drafts, policy_drafts, safety, scope
from ui.components import dialogs, filter_columns, filter_editing, numbers, proposing, tables
from ui.faults import escaped
from ui.safety import View

ASSIGN, DELETE = "assign-filter", "delete-policy"


def assign_button(
    visit: Visit, resources: tuple[str, ...], account_id: str = "", policy: str = ""
) -> None:
    """Open the dialog; about these deployments, or about this policy of an account."""
    if not visit.may(Permission.FILTER):
        return
    label = "Give it another policy" if resources else "Give it to deployments"
    if st.button(label, key="assign-filter", icon=":material/move_down:", disabled=not visit.writes,
                 help="" if visit.writes else filter_editing.READ_ONLY):  # fmt: skip
        drafts.begin(ASSIGN, (resources, account_id, policy))


def delete_button(visit: Visit, resource: str, name: str) -> None:
    if visit.may(Permission.FILTER) and st.button(
        "Delete", key="delete-policy", icon=":material/delete:", disabled=not visit.writes
    ):
        drafts.begin(DELETE, (resource, name))


def dialog(page: str) -> None:
    """Draw the dialog that is open."""
    if told := drafts.begun(ASSIGN):
        dialogs.show(page, ASSIGN, "Which policy?", _assign, *told, width="large")
    elif told := drafts.begun(DELETE):
        dialogs.show(page, DELETE, f"Delete the policy {told[1]}?", _delete, *told, width="large")


def _assign(visit: Visit, resources: tuple[str, ...], account_id: str, policy: str) -> None:
    view = safety.everywhere()
    rows = view.rows
    if resources:
        account_id = names.account(resources[0])
        policy = _policy(view, account_id, rows[rows["resource"].isin(resources)])
    else:
        resources = _targets(rows, account_id, policy)
    chosen = rows[rows["resource"].isin(resources)]
    found = differences(view, account_id, chosen, policy)
    lines = policy_drafts.lines(found)
    if len(lines):
        tables.show(lines, filter_columns.DIFFERENCES_OF, "assign-differences", most=8,
                    alt="What becomes stricter, looser or different")  # fmt: skip
    elif len(chosen):
        st.caption("No filter does anything else than before.")
    if len(chosen):
        filter_editing.second_person(policy_drafts.because(found))
    live = bool(chosen["environment"].isin(list(tags.PRODUCTION)).any())
    needed = "Production is among them, so a reason is needed." if live else ""
    terms = proposing.terms(visit, "assign-filter", needed=needed)
    many = numbers.counted(len(chosen), "deployment")
    if st.button(
        f"Give {policy or 'it'} to {many}", type="primary", key="assign-filter-confirm",
        disabled=chosen.empty or not policy or (bool(needed) and not terms.reason.strip()),
    ):  # fmt: skip
        number = filters_of.assign(visit, list(chosen["resource"]), policy, terms=terms)
        drafts.drop(ASSIGN)
        drafts.say(f"Plan {number} recorded.")
        scope.open_plan(number)


def _policy(view: View, account_id: str, rows: pd.DataFrame) -> str:
    """The policy that these deployments get, of those of their account."""
    kept = view.all.kept.policies
    listed = sorted(kept.loc[kept["account_id"].eq(account_id), "policy"])
    now = set(rows["policy"])
    others = [it for it in listed if now != {it}]
    said = ", ".join(sorted(str(it) for it in rows["policy_words"]))
    st.caption(f"Now: {escaped(said)}")
    picked = st.selectbox("Policy", others, index=None, key="assign-policy",
                          placeholder="Choose a policy of the account")  # fmt: skip
    return str(picked or "")


def _targets(rows: pd.DataFrame, account_id: str, policy: str) -> tuple[str, ...]:
    """The deployments of the account that get this policy."""
    others = rows[rows["account_id"].eq(account_id) & rows["policy"].ne(policy)]
    said = dict(
        zip(others["resource"], others["deployment"] + ", now " + others["policy_words"],
            strict=True)
    )  # fmt: skip
    picked = st.multiselect("Deployments", list(said), format_func=lambda it: said[it],
                            key="assign-targets", placeholder="Choose deployments")  # fmt: skip
    return tuple(picked)


def differences(
    view: View, account_id: str, rows: pd.DataFrame, policy: str
) -> list[tuple[str, list[weakening.Difference]]]:
    """What becomes other when these deployments get this policy."""
    if not policy:
        return []
    new = safety.meaning(view, account_id, safety.named(view, account_id, policy))
    found = []
    for name, part in rows.groupby("policy", sort=False):
        old = safety.meaning(view, account_id, safety.named(view, account_id, str(name)))
        found.append((policy_drafts.called(part), weakening.between(old, new)))
    return found


def _delete(visit: Visit, resource: str, name: str) -> None:
    view = safety.everywhere()
    used = safety.users(view, resource)
    mine = used[used["resource"].isin(view.rows["resource"])]
    if len(used):
        told = ", ".join(mine["deployment"].head(5)) or "deployments of other units"
        st.error(
            f"{numbers.counted(len(used), 'deployment')} use it ({escaped(told)}): give them "
            "another policy first.",
            icon=":material/block:",
        )
    body = filters.parsed(safety.body(view, resource))
    st.caption(f"It states {numbers.counted(len(filters.read(body).cells), 'filter')}. "
               "It can be undone: it is made again as it was last read.")  # fmt: skip
    typed = str(st.text_input(f"Type its name, {escaped(name)}", key="delete-policy-name"))
    terms = proposing.terms(visit, "delete-policy", needed="Say why it is deleted.", lasting=False)
    if st.button(
        f"Delete {name}", type="primary", key="delete-policy-confirm",
        disabled=typed.strip() != name or not terms.reason.strip() or len(used) > 0,
    ):  # fmt: skip
        number = filters_of.delete(visit, resource, named=typed, terms=terms)
        drafts.drop(DELETE)
        drafts.say(f"Plan {number} recorded.")
        scope.open_plan(number)
