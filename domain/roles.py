"""Who may do what: one table, consulted by the menu, the door and every verb."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain.faults import NotAllowed, ReadOnly
from domain.units import UNASSIGNED, Tree


class Permission(StrEnum):
    """What a person can be allowed, worded to follow "may not"."""

    LOOK = "look at deployments"
    COLLECT = "refresh what is collected"
    TAG = "change the tags of a deployment"
    ALLOCATE = "change quota and deployments"
    APPROVE = "approve changes"
    REQUEST = "ask for more quota"
    DECIDE = "decide about requests for quota"
    TELL = "have a test notice sent"
    UNDO = "undo a change"
    MONEY = "look at cost"
    BUDGET = "set budgets"
    MAP = "map usage to business units"
    PRICE = "change prices and rules of cost"
    CLOSE = "close a month"
    FILTER = "change content filters"
    BASELINE = "set baselines of content filters"
    EXEMPT = "ask for exemptions from content filters"
    ROLL = "run rollouts"
    TESTIFY = "enter feedback and evidence"
    ASSESS = "assess maturity"
    READ_AUDIT = "read the audit trail"
    ADMIT = "end the sessions of others"
    SIMULATE = "steer the simulator"


class Grant(StrEnum):
    """Approvals that a policy can ask for, and sight that a role alone does not give."""

    PRODUCT = "product approver"
    TECHNICAL = "technical approver"
    BUSINESS = "business approver"
    SECURITY = "security approver"
    COSTS = "cost viewer"


_LOOKS = frozenset({Permission.LOOK, Permission.SIMULATE})
ROLES: dict[str, frozenset[Permission]] = {
    "viewer": _LOOKS,
    "manager": _LOOKS
    | {
        Permission.COLLECT,
        Permission.TAG,
        Permission.UNDO,
        Permission.REQUEST,
        Permission.MONEY,
        Permission.BUDGET,
        Permission.MAP,
        Permission.TESTIFY,
    },
    "coordinator": _LOOKS
    | {
        Permission.COLLECT,
        Permission.REQUEST,
        Permission.ROLL,
        Permission.TESTIFY,
        Permission.ASSESS,
    },
    "admin": _LOOKS
    | {
        Permission.COLLECT,
        Permission.TAG,
        Permission.UNDO,
        Permission.ALLOCATE,
        Permission.APPROVE,
        Permission.REQUEST,
        Permission.DECIDE,
        Permission.TELL,
        Permission.MONEY,
        Permission.BUDGET,
        Permission.MAP,
        Permission.PRICE,
        Permission.CLOSE,
        Permission.FILTER,
        Permission.BASELINE,
        Permission.EXEMPT,
        Permission.ROLL,
        Permission.TESTIFY,
        Permission.ASSESS,
        Permission.ADMIT,
    },
    "approver": _LOOKS | {Permission.APPROVE},
    "auditor": frozenset({Permission.READ_AUDIT, Permission.SIMULATE}),
}
"""SIMULATE is everybody's because it exists on the local cloud only, where nothing is real."""
GRANTED: dict[Grant, frozenset[Permission]] = {Grant.COSTS: frozenset({Permission.MONEY})}
"""What a grant allows whatever the role; the others count where a policy asks for them."""

EVERYWHERE: frozenset[str] | None = None
"""The scope of a person who sees every unit, what is unassigned included."""


@dataclass(frozen=True)
class Person:
    tenant: str
    id: str
    """The object id in Entra ID; on the local cloud a short name."""
    name: str
    role: str
    units: frozenset[str] | None = EVERYWHERE
    """Units whose rows, and whose lower units' rows, this person sees; None is every unit."""
    grants: frozenset[Grant] = field(default_factory=frozenset)

    @property
    def key(self) -> str:
        """One text for tenant and object id."""
        return f"{self.tenant}/{self.id}"

    @property
    def known(self) -> bool:
        """Whether this person has a role that there is."""
        return self.role in ROLES

    def may(self, permission: Permission) -> bool:
        by_role = permission in ROLES.get(self.role, frozenset())
        return by_role or any(permission in GRANTED.get(it, ()) for it in self.grants)

    def scope(self, tree: Tree) -> frozenset[str] | None:
        """Every unit that this person sees; None is all of them and the unassigned too."""
        return None if self.units is None else tree.below(self.units)

    def sees(self, unit: str, tree: Tree) -> bool:
        scope = self.scope(tree)
        return scope is None or (unit in scope and unit != UNASSIGNED)


LOCAL_TENANT = "contoso"


def _cast(id: str, name: str, role: str, *units: str, grants: tuple[Grant, ...] = ()) -> Person:
    return Person(LOCAL_TENANT, id, name, role, frozenset(units) or EVERYWHERE, frozenset(grants))


CAST = (
    _cast("ada", "Ada Byron", "admin"),
    _cast("alan", "Alan Turing", "admin"),
    _cast("maria", "Maria Merian", "manager", "retail"),
    _cast("mark", "Mark Twain", "manager", "finance"),
    _cast("cora", "Cora Diaz", "coordinator"),
    _cast("paul", "Paul Klee", "approver", grants=(Grant.PRODUCT,)),
    _cast("tess", "Tess Ogden", "approver", grants=(Grant.TECHNICAL,)),
    _cast("bea", "Bea Lopez", "approver", grants=(Grant.BUSINESS, Grant.COSTS)),
    _cast("sam", "Sam Adeyemi", "approver", grants=(Grant.SECURITY,)),
    _cast("vera", "Vera Rubin", "viewer", "operations"),
    _cast("otto", "Otto Wagner", "auditor"),
)
"""Who can be stepped into on the local cloud; a second person's approval needs a second person."""


def stranger(tenant: str, id: str) -> Person:
    """Somebody whom nobody enrolled: no role, no unit."""
    return Person(tenant, id, id or "Nobody", "stranger", frozenset())


def require(person: Person, permission: Permission) -> None:
    """Raise NotAllowed unless this person may."""
    if not person.may(permission):
        raise NotAllowed(f"{person.name} ({person.role}) may not {permission}.")


FILTERS = frozenset({"policy", "filter", "blocklist", "term"})
"""Levers that change content filters."""
NEEDS: Mapping[str, Permission] = {
    "tags": Permission.TAG,
    **dict.fromkeys(FILTERS, Permission.FILTER),
}
"""By lever: what whoever changes it must be allowed; ALLOCATE for every other."""


def needs(lever: str) -> Permission:
    """What whoever changes such a thing, or takes the change back, must be allowed."""
    return NEEDS.get(lever, Permission.ALLOCATE)


def approves(lever: str) -> Grant:
    """The grant with which an approver may say yes to such a change; an admin needs none."""
    return Grant.SECURITY if lever in FILTERS else Grant.TECHNICAL


def may_approve(person: Person, levers: Iterable[str]) -> bool:
    """Whether this person's yes counts for a change by these levers, all of them."""
    granted = person.role == "admin" or {approves(it) for it in levers} <= person.grants
    return person.may(Permission.APPROVE) and granted


def approvers(levers: Iterable[str]) -> str:
    """Who may say yes to a change by these levers, in words."""
    granted = " who is a ".join(sorted({str(approves(it)) for it in levers}))
    return f"an admin or a {granted}"


def require_approval(proposer: Person, approvers: Iterable[Person], levers: Iterable[str]) -> None:
    """Raise NotAllowed unless somebody else who may has approved."""
    levers = frozenset(levers)
    if not any(may_approve(it, levers) and it.key != proposer.key for it in approvers):
        raise NotAllowed("No second person who may has approved it.")


def require_sight(person: Person, unit: str, tree: Tree) -> None:
    """Raise NotAllowed unless this unit is in the person's scope."""
    if not person.sees(unit, tree):
        raise NotAllowed(f"{person.name} may not act on {tree.name(unit)}.")


def require_writes(writes: bool) -> None:
    """Raise ReadOnly unless this console may change Azure at all."""
    if not writes:
        raise ReadOnly("This console is read-only towards Azure.")
