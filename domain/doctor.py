"""The connection doctor: per subscription and topic, what answers, and what is missing."""

from dataclasses import dataclass

from domain import frames
from domain.access import NEEDED
from domain.faults import Forbidden
from domain.readings import ACCOUNTS, SUBSCRIPTIONS, Snapshot, Topic, Trouble

VERDICTS = ("failing", "partial", "not collected", "ok")
"""The gravest first."""


@dataclass(frozen=True)
class Head:
    """A snapshot without its frame."""

    rows: int
    troubles: tuple[Trouble, ...] = ()


def examined(
    subscription: str, name: str, topic: Topic, kept: Head | None, accounts: Head | None
) -> frames.Row:
    """A row of frame DOCTOR about one topic of one subscription; where its accounts can't be
    listed, nothing else was asked, which is not the same as an answer without rows."""
    if topic is not ACCOUNTS and accounts and accounts.troubles and not accounts.rows:
        kept = None
    troubles = kept.troubles if kept else ()
    rows = kept.rows if kept else 0
    return {
        "subscription": subscription,
        "name": name,
        "topic": topic.name,
        "title": topic.title,
        "verdict": _verdict(kept is not None, rows, troubles),
        "words": _words(troubles, rows, kept is not None),
        **_missing(topic.name, name, troubles),
    }


def invisible(called: Snapshot) -> list[frames.Row]:
    """Rows of frame DOCTOR about what the list of subscriptions itself lacks."""
    return [
        {
            "subscription": it.part or None,
            "name": it.part or "All subscriptions",
            "topic": SUBSCRIPTIONS.name,
            "title": SUBSCRIPTIONS.title,
            "verdict": "failing",
            "words": it.words,
            **_missing(SUBSCRIPTIONS.name, it.part, (it,)),
        }
        for it in called.troubles
    ]


def tenant_wide(topic: Topic, troubles: tuple[Trouble, ...]) -> list[frames.Row]:
    """Rows of frame DOCTOR about what failed of a topic that belongs to no subscription."""
    return [
        {
            "subscription": None,
            "name": it.part or "All subscriptions",
            "topic": topic.name,
            "title": topic.title,
            "verdict": "failing",
            "words": it.words,
            **_missing(topic.name, it.part, (it,)),
        }
        for it in troubles
    ]


def _missing(topic: str, name: str, troubles: tuple[Trouble, ...]) -> frames.Row:
    first = next((it for it in troubles if it.fault is Forbidden), None)
    need = NEEDED[topic] if first else None
    return {
        "role": need.role if need else None,
        "scope_words": f"{need.scope} {name}".strip() if need else None,
        "since": first.since if first else troubles[0].since if troubles else None,
    }


def _verdict(collected: bool, rows: int, troubles: tuple[Trouble, ...]) -> str:
    if not collected:
        return "not collected"
    if not troubles:
        return "ok"
    return "failing" if not rows or any(it.part == "" for it in troubles) else "partial"


def _words(troubles: tuple[Trouble, ...], rows: int, collected: bool) -> str:
    if troubles:
        more = f" And {len(troubles) - 1} more." if len(troubles) > 1 else ""
        return troubles[0].words + more
    if not collected:
        return "Not asked yet, or its accounts can't be listed."
    return f"{rows:,} rows." if rows else "Nothing there, or nothing that the identity may see."
