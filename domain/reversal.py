"""Taking a change back: the legs that restore what was there, based on what is there now."""

from dataclasses import replace
from typing import Any

import pandas as pd

from domain import capacity, names, tags
from domain.faults import OutOfRange
from domain.plans import GONE, Leg, Plan, ordered

FINAL = frozenset({"purge"})
"""Levers whose changes cannot be taken back."""


def legs(done: Plan, rows: pd.DataFrame) -> tuple[Leg, ...]:
    """The legs that take this plan back, on frame INVENTORY of what is there now.

    Raises OutOfRange when others changed it since, or when there is no way back.
    """
    if final := [leg for leg in done.legs if leg.lever in FINAL]:
        raise OutOfRange(f"What {final[0].lever} did cannot be undone.")
    there = {row["resource"]: row for row in _of(rows, done)}
    return ordered(_reversed(done, leg, there.get(leg.resource)) for leg in done.legs)


def restoring(stopped: Plan, rows: pd.DataFrame) -> tuple[Leg, ...]:
    """The legs that bring back what was there before a plan that stopped halfway, wherever it is
    not so now, whoever changed it; raises OutOfRange when all is as it was."""
    there = {row["resource"]: row for row in _of(rows, stopped)}
    back = []
    for leg in stopped.legs:
        row = there.get(leg.resource)
        now = GONE if row is None else present(leg, row)
        if now != leg.before:
            etag = "" if row is None else _text(row["etag"])
            back.append(
                Leg(
                    leg.lever, leg.resource, etag, now, leg.before, leg.pool,
                    units(leg, leg.before) - units(leg, now), leg.unit,
                )
            )  # fmt: skip
    if not back:
        raise OutOfRange("Everything is as it was before; adopt what is there.")
    return ordered(back)


def present(leg: Leg, row: dict[str, Any]) -> str:
    """What the lever of this leg would read there, as far as was collected."""
    match leg.lever:
        case "tags":
            return tags.text(tags.parsed(_text(row["tags"])))
        case "capacity":
            return capacity.sized(_text(row["sku"]), int(row["capacity"]))
        case "upgrade":
            return capacity.upgraded(_text(row["upgrade"]) or None)
    told = {it: row[it] for it in capacity.parsed(leg.target or leg.before) if it != "tags"}
    made = {key: it for key, it in told.items() if not pd.isna(it)}
    return capacity.made({**made, "tags": tags.parsed(_text(row["tags"])) or None})


def units(leg: Leg, value: str) -> int:
    """The units of quota that such a value takes from the leg's pool."""
    return int(capacity.parsed(value).get("capacity", 0)) if leg.pool and value else 0


def _of(rows: pd.DataFrame, plan: Plan) -> list[dict[str, Any]]:
    found = rows[rows["resource"].isin(plan.resources)]
    return [{str(key): it for key, it in row.items()} for row in found.to_dict("records")]


def _reversed(done: Plan, leg: Leg, row: dict[str, Any] | None) -> Leg:
    back = Leg(
        leg.lever, leg.resource, "", leg.target, leg.before,
        pool=leg.pool, amount=-leg.amount, unit=leg.unit,
    )  # fmt: skip
    if (GONE if row is None else present(leg, row)) != leg.target:
        short = names.short(leg.resource)
        raise OutOfRange(f"{short} was changed again since plan {done.id}; change it anew.")
    return back if row is None else replace(back, etag=_text(row["etag"]))


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
