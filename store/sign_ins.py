"""Sign-ins that hold or held: what makes a cookie worth nothing once its session is over."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from domain.sign_in import End
from store import rows
from store.engine import Session
from store.tables.decided import SignInRow


@dataclass(frozen=True)
class SignIn:
    key: str
    tenant: str
    person: str
    began_at: datetime
    seen_at: datetime
    over: End | None = None


def begin(session: Session, told: SignIn) -> bool:
    """Keep this sign-in; False where another tab was first, whose word then counts."""
    row = {**vars(told), "over": told.over and str(told.over)}
    first = rows.insert(session, SignInRow).on_conflict_do_nothing().returning(SignInRow.key)
    return session.execute(first, row).first() is not None


def find(session: Session, key: str) -> SignIn | None:
    row = session.get(SignInRow, key, populate_existing=True)
    return _sign_in(row) if row else None


def see(session: Session, key: str, now: datetime) -> None:
    """Somebody did something; never earlier than they did before."""
    later = update(SignInRow).where(SignInRow.key == key, SignInRow.seen_at < now)
    session.execute(later.values(seen_at=now))


def end(session: Session, key: str, why: End) -> bool:
    """Whether it held until now; the first reason stays."""
    holding = update(SignInRow).where(SignInRow.key == key, SignInRow.over.is_(None))
    ended = session.execute(holding.values(over=str(why)).returning(SignInRow.key))
    return ended.first() is not None


def holding(session: Session, tenant: str = "", person: str = "") -> list[SignIn]:
    """Sign-ins that nobody and nothing ended, the last used first; of one person, or of all."""
    found = select(SignInRow).where(SignInRow.over.is_(None)).order_by(SignInRow.seen_at.desc())
    if person:
        found = found.where(SignInRow.tenant == tenant, SignInRow.person == person)
    return [_sign_in(row) for row in session.scalars(found)]


def _sign_in(row: SignInRow) -> SignIn:
    over = None if row.over is None else End(row.over)
    return SignIn(row.key, row.tenant, row.person, row.began_at, row.seen_at, over)
