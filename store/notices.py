"""The outbox: messages to people, each kept once, sent by one replica at a time, at least once."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import aliased

from domain.notices import REVIVED, Unreturned
from domain.plans import FINAL, State
from store import rows
from store.engine import Session
from store.tables import NoticeRow, PlanRow

_OPEN = NoticeRow.sent_at.is_(None) & NoticeRow.next_at.is_not(None)
# Not IN, which an INSERT of many rows at once cannot hold.
_REVIVED = (
    NoticeRow.sent_at.is_(None)
    & NoticeRow.next_at.is_(None)
    & or_(*(NoticeRow.said == it for it in REVIVED))
)
_UNDONE = sorted(str(it) for it in FINAL - {State.DONE, State.RESOLVED})


@dataclass(frozen=True)
class Outgoing:
    """A message, and how the telling goes."""

    key: str
    kind: str
    title: str
    words: str
    made_at: datetime
    next_at: datetime | None
    """When to try next; None when it is sent or not tried any more."""
    sent_at: datetime | None = None
    tries: int = 0
    said: str = ""
    """Why it was not taken, in our words."""


def add(session: Session, these: Iterable[Outgoing]) -> None:
    """Keep these; one that is kept already stays as it is, unless it was dropped untold."""
    if told := [asdict(it) for it in these]:
        new = rows.insert(session, NoticeRow)
        again = {name: new.excluded[name] for name in told[0] if name != "key"}
        upsert = new.on_conflict_do_update(index_elements=["key"], set_=again, where=_REVIVED)
        # In one order everywhere: two writers of the same rows queue instead of blocking crosswise.
        session.execute(upsert, sorted(told, key=lambda it: str(it["key"])))


def put(session: Session, it: Outgoing) -> None:
    """Keep it in place of an earlier one of the same key."""
    rows.upsert(session, NoticeRow, ["key"], [asdict(it)])


def find(session: Session, key: str) -> Outgoing | None:
    row = session.get(NoticeRow, key, populate_existing=True)
    return _outgoing(row) if row else None


def known(session: Session, keys: Collection[str]) -> set[str]:
    """Those of these keys that are kept, besides those that were dropped untold."""
    there = select(NoticeRow.key).where(NoticeRow.key.in_(keys), ~_REVIVED)
    return set(session.scalars(there))


def unsent(session: Session) -> list[Outgoing]:
    """What is still to be told, the oldest first."""
    wanted = select(NoticeRow).where(_OPEN).order_by(NoticeRow.made_at, NoticeRow.key)
    return [_outgoing(row) for row in session.scalars(wanted)]


def latest(session: Session, most: int) -> list[Outgoing]:
    """The newest first."""
    wanted = select(NoticeRow).order_by(NoticeRow.made_at.desc(), NoticeRow.key).limit(most)
    return [_outgoing(row) for row in session.scalars(wanted)]


def claim(session: Session, now: datetime, lease: timedelta) -> Outgoing | None:
    """Take the oldest message that is due into one's hands, as one more try. Should nothing be
    heard of it, it is due again when the lease is over."""
    due = select(NoticeRow).where(_OPEN, NoticeRow.next_at <= now)
    first = due.order_by(NoticeRow.made_at, NoticeRow.key).limit(1)
    row = session.scalars(first.with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    row.tries, row.next_at = row.tries + 1, now + lease
    session.flush()
    return _outgoing(row)


def sent(session: Session, it: Outgoing, at: datetime) -> None:
    """It was taken by all."""
    told = {"sent_at": at, "next_at": None, "said": ""}
    session.execute(update(NoticeRow).where(NoticeRow.key == it.key).values(told))


def failed(session: Session, it: Outgoing, said: str, next_at: datetime | None) -> None:
    """It was not; unless another try has begun meanwhile, whose outcome counts."""
    ours = (NoticeRow.key == it.key) & (NoticeRow.tries == it.tries) & _OPEN
    told = {"said": said, "next_at": next_at}
    session.execute(update(NoticeRow).where(ours).values(told))


def drop(session: Session, keys: Collection[str], said: str) -> None:
    """Tell these no more."""
    told = {"said": said, "next_at": None}
    session.execute(update(NoticeRow).where(NoticeRow.key.in_(keys), _OPEN).values(told))


def prune(session: Session, before: datetime) -> int:
    """Forget what is settled and was made before then; returns how many."""
    settled = NoticeRow.next_at.is_(None) & (NoticeRow.made_at < before)
    return rows.delete(session, delete(NoticeRow).where(settled))


def unreturned(session: Session, since: datetime) -> list[Unreturned]:
    """Changes that were to last until a moment, and whose taking back ended after since without
    being done, here or by a later plan."""
    back, done, other = PlanRow, aliased(PlanRow), aliased(PlanRow)
    gone = (other.undoes == done.id) & (other.state == str(State.DONE))
    columns = (done.id, done.title, done.until, back.id, back.state, back.said)
    wanted = select(*columns).join(done, back.undoes == done.id)
    wanted = wanted.where(done.until.is_not(None), back.ended_at > since, back.state.in_(_UNDONE))
    wanted = wanted.where(~select(other.id).where(gone).exists())
    return [Unreturned(*row) for row in session.execute(wanted.order_by(back.id))]


def _outgoing(row: NoticeRow) -> Outgoing:
    return Outgoing(**{name: getattr(row, name) for name in Outgoing.__dataclass_fields__})
