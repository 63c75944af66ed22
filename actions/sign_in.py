"""To come in and to go: what a token is worth here, looked at on every run and by every verb."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from actions.visit import Visit
from domain import sign_in
from domain.roles import Permission, Person, stranger
from domain.sign_in import End, Rules, Token
from store import audit, people, sign_ins
from store.engine import Session, Store
from store.sign_ins import SignIn

NOTED = timedelta(minutes=1)
"""How exactly it is known when somebody last did something."""
IN, OUT = "sign-in", "end of a session"


@dataclass(frozen=True)
class Presence:
    """Who is here by a sign-in, until when; or why nobody is."""

    person: Person
    key: str = ""
    ends_at: datetime | None = None
    over: End | None = None


NOBODY = Presence(stranger("", ""))


def present(
    store: Store,
    rules: Rules,
    claims: Mapping[str, object],
    now: datetime,
    today: datetime,
    acting: bool = True,
) -> Presence:
    """Who is here with these claims, which somebody we trust has signed.

    now is the console's clock, today the time of day by which tokens are dated: on the local cloud
    they are two. acting: somebody did something, rather than a page that asks by itself.
    """
    told = sign_in.token(claims)
    if told is None:
        return replace(NOBODY, over=End.UNNAMED)
    with store.reading() as session:
        known = sign_ins.find(session, told.key)
        person = people.find(session, told.tenant, told.id)
    if known is None:
        return _admitted(store, rules, told, now, today)
    if known.over is None and (why := sign_in.over(known.began_at, known.seen_at, now, rules)):
        _end(store, known, now, why)
        known = replace(known, over=why)
    if known.over is None and acting and now - known.seen_at >= NOTED:
        with store.begin() as session:
            sign_ins.see(session, told.key, now)
    return _presence(known, replace(person, name=_name(person, told)), rules)


def leave(store: Store, key: str, now: datetime) -> None:
    """The sign-out: from here on a copy of the cookie is worth nothing."""
    with store.begin() as session:
        if known := sign_ins.find(session, key):
            _over(session, known, now, End.LEFT)


def end_all(visit: Visit, tenant: str, person: str) -> int:
    """End every session of this person; returns how many there were. Raises Refused."""
    what = f"end the sessions of {tenant}/{person}"
    with visit.attempt(Permission.ADMIT, what) as session:
        found = sign_ins.holding(session, tenant, person)
        for known in found:
            _over(session, known, visit.clock(), End.ENDED, visit.person.key)
        return len(found)


def _admitted(store: Store, rules: Rules, told: Token, now: datetime, today: datetime) -> Presence:
    """The first look at a token: it is let in or refused, once, and the trail says which."""
    began = now - max(today - told.issued_at, timedelta())
    with store.begin() as session:
        kept = people.find(session, told.tenant, told.id)
        said = sign_in.refusal(told, rules, today) or sign_in.enrolled(told, rules, kept)
        over = said if isinstance(said, End) else None
        known = SignIn(told.key, told.tenant, told.id, began, now, over)
        person = stranger(told.tenant, told.id) if isinstance(said, End) else said
        if sign_ins.begin(session, known):
            if over is None:
                people.enrol(session, person)
            came, detail = ("refused", str(over)) if over else ("done", f"as {person.role}")
            audit.add(session, now, person.key, IN, came, detail)
        else:
            known = sign_ins.find(session, told.key) or known
    return _presence(known, replace(person, name=_name(person, told)), rules)


def _presence(known: SignIn, person: Person, rules: Rules) -> Presence:
    if known.over:
        nobody = replace(stranger(known.tenant, known.person), name=person.name)
        return Presence(nobody, known.key, None, known.over)
    over = None if person.known else End.ROLELESS
    return Presence(person, known.key, known.began_at + rules.longest, over)


def _name(person: Person, told: Token) -> str:
    return person.name if person.known else told.name


def _end(store: Store, known: SignIn, now: datetime, why: End) -> None:
    with store.begin() as session:
        _over(session, known, now, why)


def _over(session: Session, known: SignIn, now: datetime, why: End, who: str = "") -> None:
    if sign_ins.end(session, known.key, why):
        audit.add(session, now, who or f"{known.tenant}/{known.person}", OUT, "done", str(why))
