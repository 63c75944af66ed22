"""The board of rollouts: figures, filters, the table, each row leading to its rollout."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from domain.boarding import SIGNS
from domain.rollouts import State
from ui import scope
from ui.components import numbers, phase_words, states, tables
from ui.components.columns import Column, Columns
from ui.components.kpis import Kpi

LINKED = 6
"""Rollouts that have a link of their own."""
KEYS = ("find", "state", "owner")
COLUMNS: Columns = {
    "title": Column("Rollout", help="Click it to open the rollout.", width=215, pinned=True),
    "state": Column("State", "chip", colours=phase_words.STATES, width=95),
    "steps": Column("Phases", help="One sign for each phase, in order; the legend is below.",
                    width=75),
    "phase": Column("Phase", width=165),
    "blocked": Column("What blocks it", width=330),
    "gate_on": Column("Next gate (UTC)", "day", "The earliest day on which it can open, if all "
                      "that it asks for passes.", 105),
    "days": Column("Days in phase", "number", "Calendar days since the phase began.", 95),
    "stage": Column("Stands at", "chip", colours=phase_words.STAGES, width=135),
    "who": Column("Owner", width=105),
    "unit_names": Column("Business units", width=150),
    "reached": Column("Reached (people)", "number", "Of the phase under way, as last said.", 105),
    "planned": Column("Planned (people)", "number", width=105),
    "sponsor": Column("Sponsor", width=105),
    "workload": Column("Workload", width=130),
    "started_at": Column("Started (UTC)", "day", width=100),
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    search: str
    state: tuple[str, ...]
    owner: tuple[str, ...]
    names: dict[str, str]
    """Of owners, by key."""

    def words(self) -> dict[str, str]:
        """The active filters, for people and for files."""
        owners = tuple(self.names.get(it, it) for it in self.owner)
        listed = {"Search": (self.search,), "State": self.state, "Owner": owners}
        return {name: ", ".join(it) for name, it in listed.items() if any(it)}


def kpis(rows: pd.DataFrame) -> list[Kpi]:
    state, stage = rows["state"], rows["stage"]
    running = rows[state.eq(State.RUNNING)]
    reached, planned = (rows[it].sum(min_count=1) for it in ("reached", "planned"))
    unsaid = int((rows["planned"].notna() & rows["reached"].isna()).sum())
    on = running["gate_on"].min()
    first = running.loc[running["gate_on"].eq(on), "title"]
    return [
        Kpi("In progress", numbers.exact(len(running)), "rollouts with a phase under way.",
            f"{_many(state, State.PAUSED)} paused, {_many(state, State.DRAFT)} in draft"),
        Kpi("Gate fails", numbers.exact(int(running["failing"].fillna(0).gt(0).sum())),
            "rollouts in progress of which a blocking criterion fails.",
            f"{int(running['untold'].fillna(0).gt(0).sum())} can't be told"),
        Kpi("Wait for approval", numbers.exact(_many(stage, "awaiting approval")),
            "rollouts of which everything but approvals is there."),
        Kpi("People reached", numbers.short(reached),
            "people of the phases under way, as last said for each.",
            f"of {numbers.short(planned)} planned" + (f", {unsaid} not said" if unsaid else "")),
        Kpi("Next gate", numbers.NONE if pd.isna(on) else f"{on:%-d %b}",
            "the earliest day on which a gate can open, if all that it asks for passes.",
            str(first.iloc[0]) if len(first) else "none is under way"),
    ]  # fmt: skip


def bar(rows: pd.DataFrame) -> Choice:
    """Draw search and filters over these rollouts, and say what is chosen."""
    owners = dict(zip(rows["owner"].tolist(), rows["who"].tolist(), strict=True))
    with st.grid(3, min_column_width=200, gap="small"):
        search = scope.words("Search", "find", "Title, workload, phase ...")
        state = scope.many("State", "state", {str(it): it.capitalize() for it in State},
                           "Any state", True)  # fmt: skip
        owner = scope.many("Owner", "owner", owners, "Any owner", True)
    return Choice(search, state, owner, owners)


def clear() -> None:
    scope.set_aside(**dict.fromkeys(KEYS, ()))


def narrowed(rows: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """The rollouts that match."""
    keep = pd.Series(True, rows.index)
    for name, picked in (("state", choice.state), ("owner", choice.owner)):
        if picked:
            keep &= rows[name].isin(picked).astype(bool)
    said = rows["title"] + " " + rows["workload"] + " " + rows["phase"].fillna("")
    said = (said + " " + rows["blocked"].fillna("")).str.lower()
    for word in choice.search.lower().split():
        keep &= said.str.contains(word, regex=False).astype(bool)
    return rows[keep].reset_index(drop=True)


def table(rows: pd.DataFrame) -> None:
    """One row each; a click on a title opens it."""
    event = tables.show(
        rows, COLUMNS, tables.keyed("rollouts", rows, "title"), pick=("single-cell",),
        alt="Rollouts, one row each, the newest first",
    )  # fmt: skip
    cells = event["selection"]["cells"]
    if cells and cells[0][0] < len(rows):
        scope.go("rollout", rollout=str(rows["rollout"].iloc[cells[0][0]]))
    _links(rows)
    legend = " · ".join(f"{sign} {stage}" for stage, sign in SIGNS.items())
    st.caption(f"Phases: {legend}")


def _links(rows: pd.DataFrame) -> None:
    """The way to the first of them for who has no mouse: a table's cells are out of reach then."""
    with st.container(horizontal=True, gap="small"):
        for number, title in zip(rows["rollout"].head(LINKED), rows["title"], strict=False):
            scope.rollout_link(int(number), str(title))


def nothing(may: bool) -> None:
    states.nothing(
        "There is no rollout here yet.",
        "A rollout takes a solution through phases, from a pilot to everyone, with a gate between "
        "each two and a way back. "
        + ("Begin with a new one." if may else "A coordinator or an admin begins one."),
    )


def _many(values: "pd.Series[str]", word: str) -> int:
    return int(values.eq(word).fillna(False).sum())
