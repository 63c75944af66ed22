"""Change filters in three steps: what they do, for which deployments, and what that means; then
one plan."""

import json
from dataclasses import replace

import pandas as pd
import streamlit as st

from actions import filter as filters_of
from actions.visit import Visit
from domain import filters, names, tags
from domain.filters import ASYNCHRONOUS, BOTH, BUFFERED, Key, Strength
from domain.roles import Permission
from domain.weakening import Difference
from ui import drafts, policy_drafts, safety, scope
from ui.components import dialogs, filter_columns, numbers, proposing, tables
from ui.faults import escaped
from ui.policy_drafts import FILTERS, REVIEW, STEPS, WHERE, Draft
from ui.safety import View

DRAFT = "edit-filters"
READ_ONLY = "This console is read-only towards Azure."
MODES = {BUFFERED: "Buffered: nothing appears before it was checked",
         ASYNCHRONOUS: "Asynchronous: content may appear before it is filtered"}  # fmt: skip
WAYS = {"new": "A new policy, given to deployments", "in place": "The policy itself, in place"}
SHOWN = 8


def button(visit: Visit, draft: Draft, label: str, key: str, *, primary: bool = False) -> None:
    """Open the dialog with this draft."""
    if not visit.may(Permission.FILTER):
        return
    if st.button(
        label, key=key, icon=":material/shield:", disabled=not visit.writes,
        type="primary" if primary else "secondary", help="" if visit.writes else READ_ONLY,
    ):  # fmt: skip
        drafts.begin(DRAFT, draft)


def dialog(page: str) -> None:
    """Draw the dialog that is open."""
    if draft := drafts.begun(DRAFT):
        title = f"{draft.step + 1} of 3: {STEPS[draft.step]}"
        dialogs.show(page, DRAFT, title, _body, draft, width="large")


def _body(visit: Visit, draft: Draft) -> None:
    view = safety.everywhere()
    account = names.parts(draft.account_id)[2]
    st.caption(f"Begins from **{escaped(draft.source)}** in {escaped(account)}")
    if policy_drafts.moved_on(view, draft):
        st.error("Somebody has changed this policy since this was opened: begin anew.",
                 icon=":material/sync_problem:")  # fmt: skip
        return
    match draft.step:
        case policy_drafts.WHERE:
            _where(view, draft)
        case policy_drafts.REVIEW:
            _review(visit, view, draft)
        case _:
            _filters(view, draft)


def _filters(view: View, draft: Draft) -> None:
    """Step 1: every filter in words, the mode, the blocklists."""
    now, levels = policy_drafts.before(view, draft), policy_drafts.levels(view, draft)
    settings: dict[Key, Strength] = {}
    with st.grid(2, min_column_width=250, gap="small"):
        for key in policy_drafts.keys(view, draft):
            picked = _strength(key, now.strength(key), levels.get(key[0], False),
                               draft.settings.get(key))  # fmt: skip
            if picked is not None and picked != now.strength(key):
                settings[key] = picked
    mode = _mode(now.mode, draft.mode)
    lists = _lists(view, draft, dict(now.lists))
    new = replace(draft, settings=settings, mode=mode, lists=lists)
    many = len(settings) + len(lists) + bool(mode)
    st.caption(f"{numbers.counted(many, 'setting')} other than now")
    _steps(new, FILTERS)


def _strength(
    key: Key, now: Strength | None, graded: bool, chosen: Strength | None
) -> Strength | None:
    """One filter; None leaves what can't be told as it is."""
    steps = sorted({it for it in Strength if graded or it in (0, 1, 4)}, reverse=True)
    options: list[Strength | None] = [*steps] if now is not None else [None, *steps]
    shown = chosen if chosen is not None else now
    return st.selectbox(
        filters.called(*key), options, key=f"filter-{key[0]}-{key[1]}",
        index=options.index(shown) if shown in options else 0,
        format_func=lambda it: filters.words(it, graded) + (" (as now)" if it == now else ""),
    )  # fmt: skip


def _mode(now: str, chosen: str) -> str:
    """The mode where it is to be another one; "" where it stays."""
    options = [*MODES] if now else ["", *MODES]
    shown = chosen or now
    picked = str(
        st.radio(
            "Streaming", options, key="filter-mode", index=options.index(shown),
            format_func=lambda it: MODES.get(it, "As it is, which can't be told")
            + (" (as now)" if it == now else ""),
        )
    )  # fmt: skip
    return "" if picked == now else picked


def _lists(view: View, draft: Draft, now: dict[Key, Strength | None]) -> dict[Key, Strength | None]:
    """Blocklists that are put in or taken out."""
    kept = view.all.kept.blocklists
    known = kept.loc[kept["account_id"].eq(draft.account_id), "blocklist"].tolist()
    names_of = {it.lower(): it for it in known} | {name: name for name, _ in now if name}
    if not names_of:
        st.caption("This account has no blocklist.")
        return {}
    wanted: dict[Key, Strength | None] = {}
    for side, place in zip(BOTH, st.columns(2), strict=True):
        there = [name for name, way in now if way == side]
        told = [it for it in names_of if draft.lists.get((it, side), it in there)]
        picked = place.multiselect(
            f"Blocklists on {filters.where(side)}", list(names_of), default=told,
            format_func=lambda it: names_of[it], key=f"filter-lists-{side}",
        )  # fmt: skip
        wanted |= {(it, side): Strength.BLOCKS for it in picked if it not in there}
        wanted |= {(it, side): None for it in there if it not in picked}
    return wanted


def _where(view: View, draft: Draft) -> None:
    """Step 2: a new policy and who gets it, or the policy itself."""
    options = ["new"] if policy_drafts.own(view, draft) else list(WAYS)
    chosen = "in place" if draft.in_place and len(options) > 1 else "new"
    way = str(st.radio("What is changed", options, index=options.index(chosen), key="filter-way",
                       format_func=lambda it: WAYS[it]))  # fmt: skip
    if len(options) == 1:
        st.caption("It is Microsoft's own policy, which nobody edits: a new one is made from it.")
    if way == "in place":
        new = replace(draft, in_place=True)
        many = len(policy_drafts.affected(view, new))
        st.warning(
            f"This changes {numbers.counted(many, 'deployment')} at once, at the moment of the "
            "write and not one by one. A new policy can be given to one deployment first, and "
            "taken back by pointing to the old one.",
            icon=":material/warning:",
        )
    else:
        name = str(st.text_input("Name of the new policy", draft.name, key="filter-name",
                                 max_chars=64)).strip().lower()  # fmt: skip
        rows = view.rows[view.rows["account_id"].eq(draft.account_id)]
        said = dict(zip(rows["resource"], rows["deployment"] + ", now " + rows["policy_words"],
                        strict=True))  # fmt: skip
        targets = st.multiselect(
            "Deployments that get it", list(said),
            default=[it for it in draft.targets if it in said],
            format_func=lambda it: said[it], key="filter-targets",
            placeholder="None yet: the policy is made and nothing uses it",
        )  # fmt: skip
        new = replace(draft, in_place=False, name=name, targets=tuple(targets))
    if why := policy_drafts.wrong(view, new):
        st.caption(f":red[{escaped(why)}]")
    _steps(new, WHERE, bool(why))


def _review(visit: Visit, view: View, draft: Draft) -> None:
    """Step 3: what becomes other, whom it meets, what was and would be blocked; then the terms."""
    found = policy_drafts.differences(view, draft)
    rows = policy_drafts.affected(view, draft)
    _changes(found)
    _affected(view, rows)
    _counted(policy_drafts.counted_anew(view, draft))
    with st.expander("The policy as JSON", icon=":material/data_object:"):
        told = json.loads(filters.canonical(policy_drafts.body(view, draft)))
        st.code(json.dumps(told, indent=1, ensure_ascii=False), language="json")
    live = bool(rows["environment"].isin(list(tags.PRODUCTION)).any())
    second_person(policy_drafts.because(found), live=live and draft.in_place)
    st.caption(":material/undo: It can be undone under Changes. Taking back what tightens is a "
               "weakening, which a second person approves.")  # fmt: skip
    needed = "Production is among them, so a reason is needed." if live else ""
    terms = proposing.terms(visit, "filter", needed=needed)
    why = policy_drafts.wrong(view, draft)
    if why:
        st.caption(f":red[{escaped(why)}]")
    _back(draft)
    if st.button(
        _verb(draft, len(rows)), type="primary", key="filter-confirm",
        disabled=bool(why) or (bool(needed) and not terms.reason.strip()),
    ):  # fmt: skip
        body = policy_drafts.body(view, draft)
        if draft.in_place:
            resource = safety.policy_id(view, draft.account_id, draft.source)
            number = filters_of.edit(visit, resource, body, terms=terms)
        else:
            number = filters_of.policy(visit, draft.account_id, draft.name, body,
                                       repoint=list(draft.targets), terms=terms)  # fmt: skip
        drafts.drop(DRAFT)
        drafts.say(f"Plan {number} recorded.")
        scope.open_plan(number)


def second_person(why: list[str], *, live: bool = False) -> None:
    """Say it when somebody else has to approve, and why."""
    told = [*why[:2], *([f"{len(why) - 2} more"] if len(why) > 2 else [])]
    if live:
        told.append("deployments in production change in place")
    if told:
        st.caption(
            f":material/how_to_reg: A second person has to approve it, because "
            f"{escaped('; '.join(told))}."
        )
    else:
        st.caption(":material/check: It weakens nothing, so nobody else has to approve it.")


def _changes(found: list[tuple[str, list[Difference]]]) -> None:
    rows = policy_drafts.lines(found)
    if rows.empty:
        st.caption("No filter does anything else than before.")
        return
    tables.show(rows, filter_columns.DIFFERENCES_OF, "filter-differences", most=SHOWN,
                alt="What becomes stricter, looser or different")  # fmt: skip


def _affected(view: View, rows: pd.DataFrame) -> None:
    """Whom it meets, as far as the visitor may see them."""
    mine = rows[rows["resource"].isin(view.rows["resource"])]
    units = ", ".join(sorted(mine["unit_name"].dropna().unique()))
    hidden = len(rows) - len(mine)
    more = f", and {hidden:,} of units that are not yours" if hidden else ""
    said = f"{numbers.counted(len(mine), 'deployment')} of {units or 'no unit'}{more}"
    none = "No deployment yet: nothing uses it until it is given one."
    st.caption(f":material/group_work: {escaped(said) if len(rows) else none}")
    if len(mine) > 1:
        tables.show(mine, filter_columns.AFFECTED, "filter-affected", most=4,
                    alt="Deployments that change")  # fmt: skip


def _counted(rows: pd.DataFrame) -> None:
    if rows.empty:
        return
    tables.show(rows, filter_columns.IMPACT, "filter-impact", most=SHOWN,
                alt="Requests blocked before, and after as estimated")  # fmt: skip
    st.caption(
        "Counted anew from the severities that Azure annotated in the last days; the sample is all "
        "requests of the deployments. Empty where a filter was off or Azure told no severity: what "
        "it would have blocked can't be told."
    )


def _verb(draft: Draft, many: int) -> str:
    if draft.in_place:
        return f"Change the policy of {numbers.counted(many, 'deployment')}"
    if not draft.targets:
        return f"Create the policy {draft.name}"
    return f"Create it and give it to {numbers.counted(many, 'deployment')}"


def _steps(draft: Draft, step: int, stuck: bool = False) -> None:
    """Back and on; what was chosen goes along."""
    with st.container(horizontal=True):
        if step > FILTERS and st.button("Back", key="filter-back", icon=":material/arrow_back:"):
            _go(draft, step - 1)
        if step < REVIEW and st.button(
            "Next", key="filter-next", type="primary", icon=":material/arrow_forward:",
            disabled=stuck,
        ):  # fmt: skip
            _go(draft, step + 1)


def _back(draft: Draft) -> None:
    _steps(draft, REVIEW)


def _go(draft: Draft, step: int) -> None:
    drafts.begin(DRAFT, draft.at(step))
    st.rerun()
