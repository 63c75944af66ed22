"""The connection doctor: per subscription and topic, what answers, what does not, what is missing."""


from domain import frames
from domain.access import NEEDED
from domain.faults import Forbidden, SignInNeeded
from domain.readings import Topic, Trouble

VERDICTS = ("ok", "partial", "failing", "not collected")


def examined(
    subscription: str,
    name: str,
    topic: Topic,
    collected: bool,
    rows: int,
    troubles: tuple[Trouble, ...],
) -> frames.Row:
    """A row of frame DOCTOR."""
    first = troubles[0] if troubles else None
    need = NEEDED.get(topic.name)
    lacks = first is not None and issubclass(first.fault, Forbidden | SignInNeeded)
    return {
        "subscription": subscription,
        "name": name,
        "topic": topic.name,
        "title": topic.title,
        "verdict": _verdict(collected, rows, troubles),
        "words": _words(troubles, rows, collected),
        "role": need.role if need and lacks else None,
        "scope_words": f"{need.scope} {name}" if need and lacks else None,
        "since": first.since if first else None,
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
        return "Not collected yet."
    return f"{rows:,} rows." if rows else "Nothing there, or nothing that the identity may see."
