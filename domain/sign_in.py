"""Who a token says somebody is, and for how long that holds: the rules of signing in."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from domain.roles import EVERYWHERE, ROLES, Grant, Person

SKEW = timedelta(minutes=5)
"""By so much the clock of whoever made the token may be ahead of ours."""
NEAR = timedelta(minutes=15)
"""So long before its end a session says that it ends."""
WIDE = frozenset({"admin", "coordinator", "approver", "auditor"})
"""Roles that are held for every unit; the others see units that were given to them."""
BARRED = "barred"
"""In place of a role: a person whom no token lets in."""
_NAMING = ("iss", "tid", "oid", "iat", "sid", "uti", "jti", "nonce")


class End(StrEnum):
    """Why somebody is not, or no longer, signed in; worded to follow "Signed out: "."""

    LEFT = "you signed out"
    ENDED = "an administrator ended your session"
    LATE = "the longest time of a session is over"
    IDLE = "nothing was done for too long"
    UNNAMED = "the sign-in does not say who you are"
    FOREIGN = "you belong to another organisation"
    ELSEWHERE = "the sign-in was for another application"
    EARLY = "the sign-in is dated in the future"
    EXPIRED = "the sign-in is too old"
    ROLELESS = "you have no role in this console"
    TORN = "you were given roles of which none holds all that the others do"
    BARRED = "an administrator bars you from this console"


@dataclass(frozen=True)
class Rules:
    """What a console accepts."""

    tenant: str
    audience: str
    longest: timedelta
    idle: timedelta
    units: Sequence[tuple[str, str]] = ()
    """Ids of groups, each with a business unit that is given to its members."""


@dataclass(frozen=True)
class Token:
    """What was said of somebody at their sign-in, by whom we trust."""

    key: str
    """Stands for this sign-in, and gives nothing of it away."""
    tenant: str
    id: str
    name: str
    audience: frozenset[str]
    roles: frozenset[str]
    groups: frozenset[str]
    issued_at: datetime
    expires_at: datetime


def token(claims: Mapping[str, object]) -> Token | None:
    """What these claims say; None when they do not say who it is, or since when."""
    tenant, id = claims.get("tid"), claims.get("oid")
    issued, expires = _time(claims.get("iat")), _time(claims.get("exp"))
    if not (isinstance(tenant, str) and isinstance(id, str) and tenant and id):
        return None
    if issued is None or expires is None:
        return None
    name = claims.get("name")
    return Token(
        key(claims),
        tenant.lower(),
        id.lower(),
        name.strip()[:200] if isinstance(name, str) and name.strip() else id,
        _words(claims.get("aud")),
        _words(claims.get("roles")),
        _words(claims.get("groups")),
        issued,
        expires,
    )


def key(claims: Mapping[str, object]) -> str:
    """One sign-in, whatever else its claims say."""
    named = json.dumps([claims.get(it) for it in _NAMING], default=str)
    return hashlib.sha256(named.encode()).hexdigest()


def refusal(told: Token, rules: Rules, now: datetime) -> End | None:
    """Why this token lets nobody in; now is the time of day, since no simulator moves a token."""
    if told.tenant != rules.tenant:
        return End.FOREIGN
    if rules.audience not in told.audience:
        return End.ELSEWHERE
    if told.issued_at > now + SKEW:
        return End.EARLY
    return End.EXPIRED if now >= min(told.expires_at, told.issued_at + rules.longest) else None


def enrolled(told: Token, rules: Rules, kept: Person | None) -> Person | End:
    """The person whom this token makes, or why it makes none. kept: who they were here before."""
    if kept and kept.role == BARRED:
        return End.BARRED
    said = {it.lower() for it in told.roles}
    role = strongest(said & ROLES.keys())
    if role is None:
        return End.TORN if said & ROLES.keys() else End.ROLELESS
    grants = frozenset(it for it in Grant if it.replace(" ", "-") in said)
    return Person(told.tenant, told.id, told.name, role, _units(told, rules, role, kept), grants)


def strongest(roles: Collection[str]) -> str | None:
    """The role that holds all that the others do; None where none does, since a guess would widen
    or narrow what somebody may."""
    every = frozenset().union(*(ROLES[it] for it in roles))
    return next((it for it in sorted(roles) if every <= ROLES[it]), None)


def over(began_at: datetime, seen_at: datetime, now: datetime, rules: Rules) -> End | None:
    """Why a session that began and was last used then is over; None while it is not."""
    if now >= began_at + rules.longest:
        return End.LATE
    return End.IDLE if now >= seen_at + rules.idle else None


def _units(told: Token, rules: Rules, role: str, kept: Person | None) -> frozenset[str] | None:
    """By role, by group, or as they were given in the store; nobody is given a unit by default."""
    if role in WIDE:
        return EVERYWHERE
    if rules.units:
        return frozenset(unit for group, unit in rules.units if group in told.groups)
    return kept.units if kept and kept.role == role else frozenset()


def _words(said: object) -> frozenset[str]:
    if isinstance(said, str):
        return frozenset({said})
    listed = said if isinstance(said, list | tuple) else ()
    return frozenset(it for it in listed if isinstance(it, str))


def _time(said: object) -> datetime | None:
    """A number of seconds; a truth value is none, nor is a year that no calendar has."""
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 < said < 2**36:
        return None
    return datetime.fromtimestamp(said, UTC)
