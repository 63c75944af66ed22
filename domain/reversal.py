"""Taking a change back: the legs that restore what was there, based on what is there now."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import pandas as pd

from domain import capacity, filter_legs, filters, names, tags
from domain.faults import OutOfRange
from domain.ordering import ordered
from domain.plans import GONE, Leg, Plan
from domain.roles import FILTERS
from domain.safeguards import Safeguards

FINAL = frozenset({"purge"})
"""Levers whose changes cannot be taken back."""
UNREAD = "?"
"""The value of what was not collected: like nothing that a lever writes."""


def legs(done: Plan, rows: pd.DataFrame, known: Safeguards | None = None) -> tuple[Leg, ...]:
    """The legs that take this plan back, on frame INVENTORY of what is there now; known: of
    content filters, which a plan that changed some needs.

    Raises OutOfRange when others changed it since, or when there is no way back.
    """
    if final := [leg for leg in done.legs if leg.lever in FINAL]:
        raise OutOfRange(f"What {final[0].lever} did cannot be undone.")
    back = [_reversed(done, leg, _there(leg, rows, known)) for leg in done.legs]
    _require_policies(back, known)
    return ordered(back)


def restoring(
    stopped: Plan, rows: pd.DataFrame, known: Safeguards | None = None
) -> tuple[Leg, ...]:
    """The legs that bring back what was there before a plan that stopped halfway, wherever it is
    not so now, whoever changed it; raises OutOfRange when all is as it was."""
    back = []
    for leg in stopped.legs:
        now, etag = _there(leg, rows, known)
        if now != leg.before:
            back.append(
                Leg(
                    leg.lever, leg.resource, etag, now, leg.before, leg.pool,
                    units(leg, leg.before) - units(leg, now), leg.unit,
                )
            )  # fmt: skip
    if not back:
        raise OutOfRange("Everything is as it was before; adopt what is there.")
    _require_policies(back, known)
    return ordered(back)


def present(leg: Leg, row: Mapping[str, Any], known: Safeguards | None = None) -> str:
    """What the lever of this leg would read there, as far as was collected: row, of INVENTORY or
    of what the lever changes."""
    match leg.lever:
        case "tags":
            return tags.text(tags.parsed(_text(row["tags"])))
        case "capacity":
            return capacity.sized(_text(row["sku"]), int(row["capacity"]))
        case "upgrade":
            return capacity.upgraded(_text(row["upgrade"]) or None)
        case "filter":
            named = _text(row["filter_policy"]) or None
            account = names.account(leg.resource)
            return filter_legs.alike(leg, known.value(account, named)) if known else UNREAD
        case "policy":
            return filter_legs.alike(leg, filters.canonical(filters.parsed(row["body"])))
        case "blocklist":
            return filter_legs.alike(leg, filter_legs.described(row))
        case "term":
            return filter_legs.alike(leg, filter_legs.termed(row))
    told = {it: row[it] for it in capacity.parsed(leg.target or leg.before) if it != "tags"}
    made = {key: it for key, it in told.items() if not pd.isna(it)}
    return capacity.made({**made, "tags": tags.parsed(_text(row["tags"])) or None})


def units(leg: Leg, value: str) -> int:
    """The units of quota that such a value takes from the leg's pool."""
    return int(capacity.parsed(value).get("capacity", 0)) if leg.pool and value else 0


def _there(leg: Leg, rows: pd.DataFrame, known: Safeguards | None) -> tuple[str, str]:
    """What is there now, and its etag."""
    row = _found(leg, rows, known)
    if row is None:
        return GONE, ""
    if leg.lever == "blocklist":
        return present(leg, row, known), filter_legs.ANY
    of_own = leg.lever in FILTERS and leg.lever != "filter"
    etag = _text(row["etag"]) or (filter_legs.ANY if of_own else "")
    return present(leg, row, known), etag


def _found(leg: Leg, rows: pd.DataFrame, known: Safeguards | None) -> Mapping[str, Any] | None:
    if leg.lever in FILTERS and leg.lever != "filter":
        return known.found(leg.lever, leg.resource) if known else None
    found = rows[rows["resource"] == leg.resource].head(1)
    return next(({str(key): it for key, it in row.items()} for row in _plain(found)), None)


def _plain(rows: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Rows of Python's own numbers, which can be written as JSON."""
    return rows.to_dict("records")


def _require_policies(legs: Iterable[Leg], known: Safeguards | None) -> None:
    """Raise OutOfRange where a deployment would go back to a policy that is another by now, and
    that these legs themselves do not bring back."""
    legs = tuple(legs)
    own = {leg.resource for leg in legs if leg.lever == "policy"}
    for leg in (it for it in legs if it.lever == "filter"):
        account, name = names.account(leg.resource), filter_legs.parsed(leg.target).get("policy")
        now = known.value(account, name) if known else UNREAD
        back = name is not None and filter_legs.policy_id(account, name) in own
        if not (back or filter_legs.same("filter", leg.target, now)):
            called = name or "The default policy"
            raise OutOfRange(f"{called} is not what it was then; choose a policy anew.")


def _reversed(done: Plan, leg: Leg, there: tuple[str, str]) -> Leg:
    now, etag = there
    if now != leg.target:
        short = names.short(leg.resource)
        raise OutOfRange(f"{short} was changed again since plan {done.id}; change it anew.")
    return Leg(
        leg.lever, leg.resource, etag, leg.target, leg.before,
        pool=leg.pool, amount=-leg.amount, unit=leg.unit,
    )  # fmt: skip


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
