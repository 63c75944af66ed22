"""Feedback by theme: how often, how grave, which change answers it, and who has to act."""

from collections.abc import Iterable, Sequence
from typing import Any

from domain.boarding import midnight
from domain.criteria import Criterion, Kind
from domain.feedback import OPEN, Feedback, Severity, Status
from domain.frames import TEXT, TIME, WHOLE, Columns
from domain.rollouts import Phase

THEMES: Columns = {
    "theme": TEXT,
    "gravest": TEXT,  # severity of what is open; missing where nothing is
    "open": WHOLE,
    "told": WHOLE,
    **dict.fromkeys(map(str, reversed(Severity)), WHOLE),  # how many of each severity
    "acts": TEXT,  # who has to do what; missing where nobody has
    "changes": TEXT,  # what has answered it so far
    "last_on": TIME,
}
FEEDBACK: Columns = {
    "phase": TEXT,  # its title
    "theme": TEXT,
    "severity": TEXT,
    "status": TEXT,
    "words": TEXT,
    "change": TEXT,
    "said_on": TIME,
    "at": TIME,  # when it was entered
    "closed_at": TIME,
}
RANK = {it: at for at, it in enumerate(Severity)}


def ordered(those: Iterable[Feedback]) -> list[Feedback]:
    """What is open first, the gravest of it first, then the newest."""
    return sorted(those, key=lambda it: (it.status not in OPEN, -RANK[it.severity], -it.id))


def themes(those: Iterable[Feedback], owner: str) -> list[dict[str, Any]]:
    """Rows of THEMES, the gravest that is open first. owner: name of who has to act, "" where it
    is too late."""
    by_theme: dict[str, list[Feedback]] = {}
    for it in ordered(those):
        by_theme.setdefault(" ".join(it.theme.casefold().split()), []).append(it)
    rows = [_row(it, owner) for it in by_theme.values()]
    return sorted(rows, key=lambda it: (-_rank(it["gravest"]), -it["open"], -it["told"]))


def rows(those: Iterable[Feedback], phases: Sequence[Phase]) -> list[dict[str, Any]]:
    """Rows of FEEDBACK."""
    return [
        {
            **{name: getattr(it, name) for name in ("theme", "words", "at", "closed_at")},
            "phase": phases[it.phase].title,
            "severity": str(it.severity),
            "status": str(it.status),
            "change": it.change or None,
            "said_on": midnight(it.said_on),
        }
        for it in ordered(those)
    ]


def reads(phase: Phase, name: str) -> Criterion | None:
    """The criterion by which its gate reads a figure of feedback."""
    own = (it for it in phase.criteria if it.kind is Kind.FEEDBACK and it.reads == name)
    return next(own, None)


def _row(those: Sequence[Feedback], owner: str) -> dict[str, Any]:
    """those: of one theme, the gravest that is open first."""
    left = [it for it in those if it.status in OPEN]
    newest = max(those, key=lambda it: (it.said_on, it.id))
    changes = dict.fromkeys(it.change for it in those if it.change)
    return {
        "theme": newest.theme,
        "gravest": str(left[0].severity) if left else None,
        "open": len(left),
        "told": len(those),
        **{str(one): sum(it.severity is one for it in those) for one in Severity},
        "acts": _acts(left, owner),
        "changes": ", ".join(changes) or None,
        "last_on": midnight(newest.said_on),
    }


def _acts(left: Sequence[Feedback], owner: str) -> str | None:
    new = sum(it.status is Status.NEW for it in left)
    asked = [f"accept or decline {new:,}"] * (new > 0)
    asked += [f"answer {len(left) - new:,} by a change"] * (len(left) > new)
    return f"{owner}: {', '.join(asked)}" if owner and asked else None


def _rank(severity: str | None) -> int:
    return RANK[Severity(severity)] if severity else -1
