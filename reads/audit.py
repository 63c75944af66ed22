"""Who did what, how it ended, and whether the trail is whole."""

from dataclasses import asdict, dataclass

import pandas as pd

from domain import chain, frames, records
from domain.chain import Anchor
from domain.faults import Adrift
from services.anchors import Anchors
from store import audit
from store.engine import Store


@dataclass(frozen=True)
class Proof:
    """What speaks for the trail, and what against it."""

    broken: int | None
    """Number of the first line that does not fit those before it."""
    last: Anchor | None
    """The newest anchor; None when there is none."""
    lost: Anchor | None
    """The first anchor that the trail no longer holds."""
    adrift: str = ""
    """Why nothing can be said of anchors, in words."""


def trail(store: Store) -> pd.DataFrame:
    """Frame TRAIL, the newest first."""
    with store.reading() as session:
        return frames.frame(records.TRAIL, [asdict(entry) for entry in audit.trail(session)])


def broken(store: Store) -> int | None:
    """Number of the first entry that was tampered with; None when the chain holds."""
    with store.reading() as session:
        return audit.first_break(session)


def proof(store: Store, anchors: Anchors) -> Proof:
    """The chain against itself, and against what was kept outside."""
    kept, adrift = _kept(anchors)
    with store.reading() as session:
        broken = audit.first_break(session)
        seals = audit.seals(session, [it.number for it in kept])
    return Proof(broken, kept[-1] if kept else None, chain.first_lost(kept, seals), adrift)


def _kept(anchors: Anchors) -> tuple[list[Anchor], str]:
    try:
        return anchors.kept(), ""
    except Adrift as fault:
        return [], fault.words
