"""The gate of a rollout as all that is kept has it; read under the lock of the rollout by whoever
moves it, so that what was judged is what is true at the moment of the move."""

from datetime import datetime

from domain.gates import Found
from domain.rollouts import Rollout
from store import boards
from store.engine import Session


def found(session: Session, rollout: Rollout, at: datetime) -> Found:
    """The gate of its phase under way, as the board shows it."""
    return boards.beside(session, [rollout], at).found[rollout.id]
