"""The what-if that a person has in hand: new capacities that nobody has asked for yet. It is kept
over pages, so that one change can be put together from several pools."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from domain import bounds
from domain.allocation import Draft, drafted
from domain.tags import PRODUCTION
from ui import drafts, journal
from ui.quota import View

ABOUT = ("resource", "deployment", "capacity", "modified_by", "pool", "pool_name")
DRAFT, NEW = "whatif", "New units"


@dataclass(frozen=True)
class WhatIf:
    targets: Mapping[str, object] = field(default_factory=dict)
    """Units by resource, as they were typed."""
    seen: Mapping[str, int | None] = field(default_factory=dict)
    """What each of them had when it was first typed about."""
    turn: int = 0
    """Another one when the grid has to forget what was typed into it."""


def kept() -> WhatIf:
    held = drafts.begun(DRAFT)
    return held if isinstance(held, WhatIf) else WhatIf()


def drop() -> None:
    """Forget it; the grid begins anew."""
    drafts.begin(DRAFT, WhatIf(turn=kept().turn + 1))


def aim(rows: pd.DataFrame, targets: Mapping[str, object]) -> None:
    """Set these targets from outside the grid, which then shows them."""
    held = _with(kept(), rows, targets)
    drafts.begin(DRAFT, replace(held, turn=held.turn + 1))


def typed(rows: pd.DataFrame, grid: str) -> None:
    """Take over what was typed into the grid with these rows: new capacities and nothing else,
    whatever the browser says."""
    told = {
        str(rows["resource"].iloc[at]): row[NEW]
        for at, row in drafts.cells(grid).items()
        if NEW in row and 0 <= at < len(rows)
    }
    known = kept().targets
    if new := {it: units for it, units in told.items() if units != known.get(it)}:
        drafts.begin(DRAFT, _with(kept(), rows, new))


def judged(view: View) -> Draft:
    """What would come of it, by what is known now."""
    return drafted(view.kept.holders, view.kept.pools, kept().targets, journal.alone())


def about(view: View) -> pd.DataFrame:
    """The deployments that it is about: columns of ABOUT."""
    places = view.kept.places
    there = [places[it] for it in kept().targets if it in places]
    return view.kept.holders[list(ABOUT)].iloc[there]


def names(rows: pd.DataFrame) -> dict[str, str]:
    """What people call the pools of these, rows of about()."""
    return dict(zip(rows["pool"], rows["pool_name"], strict=True))


def moved_on(rows: pd.DataFrame) -> pd.DataFrame:
    """Of these, rows of about(), the ones that have another capacity than when it was begun; with
    was."""
    seen = kept().seen
    was = pd.Series([seen.get(it) for it in rows["resource"]], index=rows.index, dtype="Int64")
    other = (rows["capacity"] != was).fillna(rows["capacity"].isna() != was.isna())
    return rows.assign(was=was)[other.astype(bool)]


def caught_up(view: View) -> None:
    """Go on from what is there now."""
    held = kept()
    drafts.begin(DRAFT, WhatIf(turn=held.turn + 1))
    aim(view.kept.holders, held.targets)


def to_type(view: View, draft: Draft) -> str:
    """The name that has to be typed: that of production which goes to its least; "" for none."""
    lines = draft.lines[draft.lines["change"].lt(0).fillna(False).astype(bool)]
    if lines.empty:
        return ""
    rows = view.kept.holders
    rows = rows[rows["resource"].isin(lines["resource"]) & rows["environment"].isin(PRODUCTION)]
    after = dict(zip(lines["resource"], lines["after"], strict=True))
    for row in rows.to_dict("records"):
        if after[row["resource"]] <= bounds.of({str(key): it for key, it in row.items()}).least:
            return str(row["deployment"])
    return ""


def _with(held: WhatIf, rows: pd.DataFrame, told: Mapping[str, object]) -> WhatIf:
    """With these targets too; one that says what is there already is none."""
    about = rows[["resource", "capacity"]]
    about = about[about["resource"].isin(list(told))]
    has = dict(zip(about["resource"], about["capacity"], strict=True))
    targets, seen = dict(held.targets), dict(held.seen)
    for resource, units in told.items():
        there = has.get(resource)
        units_there = None if there is None or pd.isna(there) else int(there)
        if units is None or units == units_there:
            targets.pop(resource, None)
            seen.pop(resource, None)
        else:
            targets[resource] = units
            seen.setdefault(resource, units_there)
    return WhatIf(targets, seen, held.turn)
