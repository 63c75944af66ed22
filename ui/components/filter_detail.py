"""The filters of one deployment: what each does, what is demanded, since when, by whom, what is
excused, what it had for effect."""

import pandas as pd
import streamlit as st

from actions.visit import Visit
from domain import exemptions, filters
from domain.exemptions import State
from domain.filters import Strength
from domain.roles import Permission
from ui import policy_drafts, safety, scope, session
from ui.components import (
    exempting,
    filter_assigning,
    filter_cells,
    filter_columns,
    filter_editing,
    filter_effect,
    filter_words,
    numbers,
    states,
    tables,
)
from ui.faults import escaped


def show(visit: Visit, resource: str) -> None:
    """Everything about the filters of this deployment."""
    view = safety.everywhere(scope.held().period)
    row = safety.one(view, resource)
    if row is None or pd.isna(row["policy"]):
        states.nothing(
            "What is blocked here is not known yet.",
            "Look at Sources for whether the filter policies of its account were collected.",
        )
        return
    _head(row)
    with st.container(horizontal=True):
        _buttons(visit, view, row)
    mine = view.rows[view.rows["resource"].eq(resource)]
    cells = told(view, mine)
    if len(cells):
        tables.show(cells, filter_columns.CELLS, "filter-cells", most=len(cells), row=30,
                    alt="Every filter of this deployment")  # fmt: skip
    _by_whom(view, mine)
    st.subheader("Effect", anchor=False)
    filter_effect.course(view, mine, "blocked", "own")


def told(view: safety.View, rows: pd.DataFrame) -> pd.DataFrame:
    """Frame CELLS of one deployment and its mode, in words, with the exemption of each."""
    cells = safety.cells(view, rows)
    excused = _excused(rows)
    pairs = list(zip(cells["category"], cells["direction"], strict=True))
    order = safety.in_order(pairs)
    demanded = [
        None if pd.isna(least) else filters.words(Strength(int(least)), bool(graded))
        for least, graded in zip(cells["least"], cells["graded"], strict=True)
    ]
    stated = cells["stated"].fillna(False).astype(bool)
    found = cells.assign(
        filter=filter_words.texts([filters.called(*it) for it in pairs]),
        now=filter_cells.text(cells),
        demanded=filter_words.texts(demanded),
        stated_words=stated.map({True: "the policy", False: "its base policy"}),
        exemption=filter_words.texts([excused.get(it) for it in pairs]),
        place=[order.index(it) for it in pairs],
    ).sort_values("place")
    return pd.concat([found, _mode(view, rows, excused)], ignore_index=True)


def _mode(
    view: safety.View, rows: pd.DataFrame, excused: dict[tuple[str, str], str]
) -> pd.DataFrame:
    """The mode as one more line, where the baseline demands one and it is another."""
    modes = safety.modes(view, rows)
    if modes.empty:
        return modes
    return modes.assign(
        filter="Mode",
        now=filter_cells.marked(modes),
        demanded=filters.BUFFERED,
        stated_words="the policy",
        exemption=excused.get((filters.MODE, "")),
    )


def _head(row: "pd.Series[str]") -> None:
    distance = numbers.exact(row["distance"])
    st.markdown(
        f"**{escaped(str(row['policy_words']))}** is in force · baseline "
        f"{escaped(numbers.text(row['baseline']))} · distance {distance} · "
        f"{escaped(filters.said(str(row['mode'])))}"
    )
    said = [row["note"], row["one_sided"], f"Callers may choose: {row['override']}"]
    lists = row["lists_words"]
    said.append(f"Blocklists: {lists}" if pd.notna(lists) else "No blocklist is in force")
    st.caption(" · ".join(escaped(str(it)) for it in said if pd.notna(it)))


def _buttons(visit: Visit, view: safety.View, row: "pd.Series[str]") -> None:
    account_id, resource = str(row["account_id"]), str(row["resource"])
    if pd.notna(row["policy_resource"]):
        short = int(row["looser"] or 0) + int(row["different"] or 0) if pd.notna(
            row["looser"]) else 0  # fmt: skip
        if short:
            draft = policy_drafts.tightened(view, row)
            filter_editing.button(visit, draft, "Bring it to its baseline", "tighten", primary=True)
        draft = policy_drafts.begun(view, account_id, str(row["policy"]), [resource])
        filter_editing.button(visit, draft, "Change its filters", "change-filters")
        filter_assigning.assign_button(visit, (resource,))
        if st.button("Open the policy", key="open-policy", icon=":material/policy:"):
            safety.open_policy(str(row["policy_resource"]))
    if visit.may(Permission.EXEMPT):
        exempting.button(resource)


def _excused(rows: pd.DataFrame) -> dict[tuple[str, str], str]:
    """By filter, what is excused or asked for, in words."""
    now = session.at()
    lives = {State.IN_FORCE, State.OVERDUE, State.PROPOSED}
    return {
        it.key: f"{it.state(now)}, no. {it.id}, review by {numbers.day(it.review_by)}"
        for it in safety.demands().exemptions
        if it.kind == exemptions.DEVIATION
        and it.resource in set(rows["resource"])
        and it.state(now) in lives
    }


def _by_whom(view: safety.View, rows: pd.DataFrame) -> None:
    """Who last changed the policy in force, and who the deployment."""
    kept = view.all.kept.policies
    found = kept[kept["resource"].isin(rows["policy_resource"].dropna())]
    said = []
    if len(found):
        policy = found.iloc[0]
        who = rows["changed_by"].iloc[0]
        said.append(f"the policy was last changed by {numbers.text(who)}, "
                    f"{numbers.moment(policy['modified_at'])}")  # fmt: skip
    own = rows.iloc[0]
    said.append(f"the deployment by {numbers.text(own['modified_by'])}, "
                f"{numbers.moment(own['modified_at'])}")  # fmt: skip
    text = "; ".join(said)
    st.caption(f":material/person: {escaped(text[0].upper() + text[1:])}")
