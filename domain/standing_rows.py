"""Readiness of a rollout as rows: what is shown, and what is taken away as a file."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from domain.frames import FLAG, TEXT, TIME, Columns
from domain.readiness import EXCUSES, Standing, Status, required

STANDINGS: Columns = {
    "section": TEXT,
    "item": TEXT,
    "status": TEXT,
    "now": FLAG,  # whether the gate of the phase under way asks for it
    "mandatory": FLAG,  # for the audience of the rollout, as soon as a phase asks for it
    "severity": TEXT,
    "words": TEXT,
    "evidence": TEXT,
    "reason": TEXT,  # of an excuse, or why one was declined
    "owner": TEXT,
    "said_by": TEXT,
    "said_at": TIME,
    "approver": TEXT,
    "until": TIME,
    "data_at": TIME,  # of what was seen
    "source": TEXT,
}


def rows(
    those: Iterable[Standing], due: Collection[str], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Rows of STANDINGS. due: keys of what is mandatory now; names: of people by key."""
    return [_row(it, it.item.key in due, names) for it in those]


def due(those: Iterable[Standing], lists: Iterable[str]) -> frozenset[str]:
    """Keys of what a phase with these lists asks for."""
    return frozenset(it.item.key for it in required(those, lists))


def chosen(
    those: Iterable[Standing],
    sections: Collection[str],
    statuses: Collection[str],
    keys: Collection[str] | None,
) -> tuple[Standing, ...]:
    """Those of any of these sections and statuses, none meaning all, and among these keys."""
    return tuple(
        it
        for it in those
        if (not sections or it.item.section in sections)
        and (not statuses or it.status in statuses)
        and (keys is None or it.item.key in keys)
    )  # fmt: skip


def summed(those: Collection[Standing]) -> str:
    """How much is known to be met of all there is; what is waived, not required, or unknown is
    told apart and never added to it."""
    counted = {it: sum(one.status is it for one in those) for it in Status}
    met = counted.pop(Status.MET)
    if not those:
        return "There is nothing."
    others = "".join(f", {many:,} {it}" for it, many in counted.items() if many)
    return f"{met:,} of {len(those):,} met ({int(100 * met / len(those))} percent){others}"


def _row(it: Standing, now: bool, names: Mapping[str, str]) -> dict[str, Any]:
    said = it.answer
    told = {
        "evidence": said.evidence,
        "reason": said.note,
        "owner": names.get(said.owner, said.owner),
        "said_by": names.get(said.said_by, said.said_by),
        "said_at": said.at,
        "approver": names.get(said.approver, said.approver) if said.status in EXCUSES else "",
        "until": said.expires_at,
    } if said else {}  # fmt: skip
    own = {
        "section": it.item.section, "item": it.item.title, "status": str(it.status), "now": now,
        "mandatory": it.mandatory, "severity": it.item.severity, "words": it.words,
        "data_at": it.data_at, "source": it.item.source,
    }  # fmt: skip
    return {**dict.fromkeys(STANDINGS), **own, **told}
