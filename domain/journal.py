"""A plan's journal as people read it: how far each part is, and what it asks for beside what is in
force."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from domain import capacity, filter_legs, frames, names, reversal, skus, tags
from domain.frames import TEXT, TIME, WHOLE, Columns, Row
from domain.plans import GONE, Answer, Leg, Plan, Standing, State
from domain.roles import FILTERS
from domain.safeguards import Safeguards

EFFECTS: Columns = {  # one field of one leg: what was, what is asked for, what is in force
    "number": WHOLE,
    "resource": TEXT,
    "deployment": TEXT,
    "account": TEXT,
    "field": TEXT,
    "before": TEXT,
    "wanted": TEXT,
    "now": TEXT,
    "verdict": TEXT,  # one of VERDICTS
    "modified_by": TEXT,
    "modified_at": TIME,
    "seen_at": TIME,
}
REQUESTED, BEFORE, OTHERWISE, UNKNOWN = "as requested", "as before", "something else", "not known"
VERDICTS = (REQUESTED, BEFORE, OTHERWISE, UNKNOWN)
NOTHING = "does not exist"
LEFT = (State.NEEDS_PERSON, State.RESOLVED)
"""Where a plan was given up halfway; what a person decides of it is a plan of its own."""
FIELDS: Mapping[str, str] = {
    "sku": "SKU",
    "format": "publisher",
    "upgrade": "upgrade policy",
    "filter_policy": "filter policy",
    "service_tier": "service tier",
}
"""Words for what makes a deployment, where they are not the names themselves."""


def standing(plan: Plan, number: int) -> str:
    """How far one leg is."""
    leg = plan.legs[number]
    if leg.standing is Standing.BACK:
        return "put back"
    if plan.state in LEFT:
        return _left(plan, leg)
    if leg.standing is Standing.THERE:
        return "being put back" if plan.back and leg.tries else "verified"
    if plan.ended_at:
        return "not in force"
    if not leg.writes:
        return "not begun"
    return {
        Answer.NONE: "sent, no answer yet",
        Answer.TAKEN: "written, Azure is at it",
        Answer.LATER: "to be sent again",
        Answer.NO: "refused",
    }[leg.answer]


def _left(plan: Plan, leg: Leg) -> str:
    """How far a leg is that was not put back when the plan came to need a person."""
    if leg.standing is Standing.OPEN:
        return "not certain" if leg.writes else "not begun"
    if leg.writes > leg.tries:  # it was there, and from then on it was to be put back
        return "not certain" if leg.tries else "not put back"
    # Where all were there, one last look has seen that they are so no more.
    open_ = any(it.standing is Standing.OPEN for it in plan.legs)
    return "verified" if open_ else "not certain"


def answer(leg: Leg) -> str:
    """What Azure said to the last write, in our words; "" before the first."""
    if not leg.writes or leg.written_at is None:
        return ""
    heard = {
        Answer.NONE: "No answer: the next look tells.",
        Answer.TAKEN: "Azure took it.",
        Answer.LATER: "Azure wants it later.",
        Answer.NO: "Azure refused it.",
    }[leg.answer]
    return f"{heard} {leg.said}".strip()


def parked_words(by_pool: Mapping[str, int]) -> str:
    """Units that are parked, for people; "" where none are."""
    told = []
    for pool, units in by_pool.items():
        where = pool_words(pool)
        told.append(f"{units:,} units parked in {where}" if units > 0
                    else f"{-units:,} units too many in {where}")  # fmt: skip
    return "; ".join(told)


def pool_words(pool: str) -> str:
    """A pool by its key, for people: "openai.standard.gpt-4o in westeurope"."""
    place, _, usage = pool.partition("|")[2].partition("|")
    reach, _, zone = place.partition(":")
    return f"{usage} in {zone if reach.lower() == 'datazone' else reach}"


def effects(
    plan: Plan, rows: pd.DataFrame, *, whole: bool, known: Safeguards | None = None
) -> pd.DataFrame:
    """Frame EFFECTS of what the plan changes. rows: INVENTORY as last collected; whole: whether
    those are of every unit, so that what is not among them does not exist; known: of content
    filters, without which nothing is said of what they do now."""
    own = rows[rows["resource"].isin(plan.resources)]
    there = {str(row["resource"]): _named(row) for row in own.to_dict("records")}
    collected = set(rows["subscription"].dropna().unique())
    told: list[Row] = []
    for number, leg in enumerate(plan.legs):
        own_row = leg.lever in FILTERS and leg.lever != "filter"
        row = _safe(leg, known) if own_row else there.get(leg.resource)
        sure = whole and parts(leg.resource)[0] in collected and not (own_row and known is None)
        now = _now(leg, row, known) if row is not None else GONE if sure else None
        told += _fields(number, leg, now, row or {})
    return frames.frame(EFFECTS, told)


def _named(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key): it for key, it in row.items()}


def _fields(number: int, leg: Leg, now: str | None, row: Mapping[str, Any]) -> list[Row]:
    before, wanted = _told(leg, leg.before, row), _told(leg, leg.target, row)
    present = None if now is None else _told(leg, now, row)
    _, _, account, deployment = parts(leg.resource)
    shared = {
        "number": number + 1,
        "resource": leg.resource,
        "deployment": deployment or account,
        "account": account,
        "verdict": _verdict(leg, now),
        **{key: row.get(key) for key in ("modified_by", "modified_at", "seen_at")},
    }
    keys = [key for key in {**before, **wanted} if before.get(key) != wanted.get(key)]
    if present is not None:
        keys += [key for key in present if key not in keys and present[key] != wanted.get(key)]
    return [
        {
            **shared,
            "field": FIELDS.get(key, key),
            "before": _text(leg.before, before.get(key)),
            "wanted": _text(leg.target, wanted.get(key)),
            "now": None if present is None else _text(now or "", present.get(key)),
        }
        for key in keys
    ]


def _verdict(leg: Leg, now: str | None) -> str:
    if now is None:
        return UNKNOWN
    return REQUESTED if now == leg.target else BEFORE if now == leg.before else OTHERWISE


def _text(value: str, field: str | None) -> str:
    return field if field is not None else NOTHING if value == GONE else "none"


def _told(leg: Leg, value: str, row: Mapping[str, Any]) -> dict[str, str]:
    """One value of a lever, field by field, in words."""
    if value == GONE:
        return {}
    if leg.lever in FILTERS:
        return filter_legs.told(leg.lever, value)
    if leg.lever == "tags":
        return {f"tag {key}": it for key, it in tags.parsed(value).items()}
    spec = capacity.parsed(value)
    sku, own = str(spec.get("sku") or ""), spec.pop("tags", None) or {}
    told = {key: str(it) for key, it in spec.items()}
    if "capacity" in spec:
        told["capacity"] = units(int(spec["capacity"]), sku, row)
    return told | {f"tag {key}": str(it) for key, it in own.items()}


def units(many: int, sku: str, row: Mapping[str, Any]) -> str:
    """So many units of capacity and what they are worth: "20 units: 20,000 TPM, 120 RPM"."""
    kind = skus.family(sku)
    if kind is not skus.UNKNOWN and kind.unit != "rate units":
        return f"{many:,} {kind.unit}"
    worth = [
        f"{many * float(row[f'unit_{it}']):,.0f} {it.upper()}"
        for it in ("tpm", "rpm")
        if pd.notna(row.get(f"unit_{it}"))
    ]
    return f"{many:,} units" + (f": {', '.join(worth)}" if worth else "")


def _now(leg: Leg, row: dict[str, Any], known: Safeguards | None) -> str | None:
    """What is there, as the lever reads it; None for what was not collected whole."""
    if leg.lever == "capacity" and pd.isna(row["capacity"]):
        return None
    if leg.lever == "filter" and known is None:
        return None
    return reversal.present(leg, row, known)


def _safe(leg: Leg, known: Safeguards | None) -> dict[str, Any] | None:
    row = known.found(leg.lever, leg.resource) if known else None
    return None if row is None else dict(row)


def parts(resource: str) -> tuple[str, str, str, str]:
    """As names.parts(); the last word of an id of another kind stands for the account."""
    try:
        return names.parts(resource)
    except ValueError:
        words = resource.strip("/").split("/")
        return (words[1] if len(words) > 1 else "", "", words[-1], "")
