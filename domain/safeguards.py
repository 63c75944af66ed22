"""What is known of the content filters of some accounts, and what a change of them would weaken:
the law behind every plan that touches one. What cannot be told counts as a weakening."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from domain import blocklists, filter_legs, filters, frames, names, readings, tags, weakening
from domain.filters import Json, Policy, Resolved
from domain.inventory import INVENTORY
from domain.moderation import BLOCKLISTS, POLICIES
from domain.plans import GONE, Leg
from domain.readings import Snapshot
from domain.weakening import Difference

UNTOLD = "whether it becomes looser can't be told"


@dataclass(frozen=True, eq=False)
class Safeguards:
    """What was collected of policies, blocklists and of who uses them."""

    policies: pd.DataFrame
    """Frame POLICIES."""
    blocklists: pd.DataFrame
    """Frame BLOCKLISTS."""
    deployments: pd.DataFrame
    """Frame INVENTORY of all that is there, whoever may see it."""

    @classmethod
    def of(cls, parts: Mapping[str, Snapshot], rows: pd.DataFrame) -> "Safeguards":
        """Of what was collected, topic by topic, and of frame INVENTORY."""
        return cls(parts[readings.POLICIES.name].frame, parts[readings.BLOCKLISTS.name].frame, rows)

    @cached_property
    def bodies(self) -> Mapping[str, Json]:
        """Properties by id of the policy."""
        rows = self.policies[["resource", "body"]].itertuples(index=False, name=None)
        return {str(resource): filters.parsed(body) for resource, body in rows}

    @cached_property
    def listed(self) -> Mapping[str, Mapping[str, str]]:
        """By account: ids of its policies by their names."""
        found: dict[str, dict[str, str]] = {}
        rows = self.policies[["account_id", "policy", "resource"]]
        for account, name, resource in rows.itertuples(index=False, name=None):
            found.setdefault(str(account), {})[str(name)] = str(resource)
        return found

    def policy(self, resource: str) -> Mapping[str, Any] | None:
        """Its row; None where it is not listed."""
        return _row(self.policies, resource)

    def blocklist(self, resource: str) -> Mapping[str, Any] | None:
        """Its row; None where it is not listed."""
        return _row(self.blocklists, resource)

    def found(self, lever: str, resource: str) -> Mapping[str, Any] | None:
        """What this lever changes: a policy, a blocklist or a term of one."""
        return {"policy": self.policy, "blocklist": self.blocklist}.get(lever, self.term)(resource)

    def term(self, resource: str) -> Mapping[str, Any] | None:
        """A term with its name and etag; None where it is not listed."""
        row = self.blocklist(names.blocklist(resource))
        told = blocklists.parsed(row["terms"]) if row else []
        return next((it for it in told if _named(it) == resource.rpartition("/")[2]), None)

    def resolved(self, account: str, name: object, model: object = None) -> Resolved:
        """What a deployment of this account takes that names this policy."""
        return filters.resolved(name, model, self.listed.get(account, {}))

    def value(self, account: str, name: str | None) -> str:
        """A deployment that names this policy, as the lever "filter" reads it."""
        found = self.resolved(account, name)
        body = self.bodies.get(found.resource or "")
        return filter_legs.repointed(name, None if body is None else filters.contents(body))

    def users(self, resource: str) -> pd.DataFrame:
        """The deployments on which a policy is in force, or one that is based on it."""
        rows = self.deployments[self.deployments["account_id"] == names.account(resource)]
        its = {resource, *self.heirs(resource)}
        told = rows[["account_id", "filter_policy", "model"]].astype(object)
        told = told.where(told.notna(), None)
        used = [self.resolved(*it).resource in its for it in told.itertuples(index=False)]
        return rows[pd.Series(used, index=rows.index, dtype=bool)]

    def heirs(self, resource: str) -> list[str]:
        """Policies of its account that are based on it, however far down."""
        account, found, asked = names.account(resource), list[str](), [resource]
        while asked:
            name = asked.pop().rpartition("/")[2]
            new = [
                it
                for it in self.listed.get(account, {}).values()
                if it not in (*found, resource) and filters.based(self.bodies[it]) == name
            ]
            found, asked = found + new, asked + new
        return found

    def after(self, legs: Iterable[Leg]) -> "Safeguards":
        """As it will be once these legs are in force, as far as policies go."""
        new = {leg.resource: leg for leg in legs if leg.lever == "policy"}
        stay = self.policies[~self.policies["resource"].isin(list(new))]
        made = [_made(leg) for leg in new.values() if leg.target != GONE]
        both = pd.concat([stay, frames.frame(POLICIES, made)]) if made else stay
        return replace(self, policies=both.reset_index(drop=True))

    def meaning(self, account: str, resource: str | None) -> Policy | None:
        """What a policy does, with what it takes from its base; None where it is not listed."""
        body = self.bodies.get(resource or "")
        if body is None:
            return None
        base = self.listed.get(account, {})
        below = {name.lower(): it for name, it in base.items()}.get(filters.based(body))
        return filters.read(body, self.bodies.get(below or ""))


def nothing() -> Safeguards:
    """What is known before anything was collected."""
    of_policies, of_lists, rows = (frames.frame(it, []) for it in (POLICIES, BLOCKLISTS, INVENTORY))
    return Safeguards(of_policies, of_lists, rows)


def weakened(legs: Sequence[Leg], known: Safeguards | None) -> list[str]:
    """What these legs weaken or may weaken, in words that follow "because"; empty for nothing."""
    of = {it: [leg for leg in legs if leg.lever == it] for it in ("policy", "filter", "blocklist")}
    told = known or nothing()
    after = told.after(legs)
    why = [it for leg in of["policy"] for it in _of_policy(leg, told, after)]
    for leg in of["filter"]:
        why += _of_repoint(leg, told, after)
    why += [
        f"blocklist {leg.resource.rpartition('/')[2]} is removed"
        for leg in of["blocklist"]
        if leg.target == GONE
    ]
    return why + _of_terms(legs)


def _of_policy(leg: Leg, known: Safeguards, after: Safeguards) -> list[str]:
    """A new one can be named by any caller of its account, and so can an old one."""
    account = names.account(leg.resource)
    new = after.meaning(account, leg.resource)
    if leg.target == GONE or new is None:
        return []
    if leg.before == GONE:
        return _of_choice(leg, known, account, new)
    old = known.after([replace(leg, target=leg.before)]).meaning(account, leg.resource)
    why = weakening.weakens(weakening.between(old, new)) if old else [UNTOLD]
    where = known.users(leg.resource)["environment"].dropna().str.lower()
    if where.isin(list(tags.PRODUCTION)).any():
        why.append("it is edited in place and production uses it")
    return why


def _of_choice(leg: Leg, known: Safeguards, account: str, new: Policy) -> list[str]:
    """Nothing that callers could not have had before: as strict as a policy that is there."""
    there = [known.meaning(account, it) for it in known.listed.get(account, {}).values()]
    default = known.meaning(account, known.resolved(account, None).resource)
    compared = [weakening.weakens(weakening.between(it, new)) for it in there if it]
    if default is None or not all(compared):
        return [] if default else [UNTOLD]
    return [
        f"callers may name {leg.resource.rpartition('/')[2]}, which is looser than any policy of "
        f"the account: {it}"
        for it in weakening.weakens(weakening.between(default, new))[:1]
    ]


def _of_repoint(leg: Leg, known: Safeguards, after: Safeguards) -> list[str]:
    account = names.account(leg.resource)
    old, new = (
        _meant(leg_value, account, it)
        for leg_value, it in ((leg.before, known), (leg.target, after))
    )
    if old is None or new is None:
        return [UNTOLD]
    return weakening.weakens(weakening.between(old, new))


def _meant(value: str, account: str, known: Safeguards) -> Policy | None:
    """The policy that a repoint names, if that still contains what the repoint says."""
    told = filter_legs.parsed(value)
    resource = known.resolved(account, told.get("policy")).resource
    body = known.bodies.get(resource or "")
    if body is None or filters.contents(body) != told.get("contents"):
        return None
    return known.meaning(account, resource)


def _of_terms(legs: Sequence[Leg]) -> list[str]:
    """Terms of a list together: what one of them no longer stops, another may."""
    found: list[Difference] = []
    terms = [leg for leg in legs if leg.lever == "term"]
    for its in sorted({names.blocklist(leg.resource) for leg in terms}):
        of = [leg for leg in terms if names.blocklist(leg.resource) == its]
        found += weakening.of_terms(_values(of, "before"), _values(of, "target"))
    return weakening.weakens(found)


def _values(legs: Collection[Leg], side: str) -> list[Json]:
    told = {leg.resource.rpartition("/")[2]: getattr(leg, side) for leg in legs}
    return [{**filter_legs.parsed(it), "name": name} for name, it in told.items() if it != GONE]


def _made(leg: Leg) -> frames.Row:
    name, account = leg.resource.rpartition("/")[2], names.account(leg.resource)
    return {
        "resource": leg.resource, "account_id": account, "policy": name, "kind": "UserManaged",
        "body": leg.target, "etag": leg.etag or None,
    }  # fmt: skip


def _row(rows: pd.DataFrame, resource: str) -> Mapping[str, Any] | None:
    found = rows[rows["resource"] == resource]
    if found.empty:
        return None
    return {str(key): None if pd.isna(it) else it for key, it in found.iloc[0].items()}


def _named(term: Json) -> str:
    return str(term.get("name") or "").strip().lower()
