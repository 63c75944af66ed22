"""What the verbs about content filters share: an account as it was collected, and what may be done
to what it holds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from actions import sight
from actions.sight import Sight
from actions.visit import Visit
from domain import filter_checks, filter_legs, filters, names, tags
from domain.faults import NotAllowed, Outdated, OutOfRange
from domain.filters import Json
from domain.plans import Leg
from domain.readings import ACCOUNTS, CATALOGUE
from domain.safeguards import Safeguards
from store.engine import Session

MOST = 99
"""Deployments that one plan points to another policy: together with that, 100 changes."""


@dataclass(frozen=True, eq=False)
class Ground:
    """One account, for somebody who sees every unit."""

    seen: Sight
    known: Safeguards
    account: str
    region: str

    @cached_property
    def bodies(self) -> dict[str, Json]:
        """Properties of its policies by name."""
        listed = self.known.listed.get(self.account, {})
        return {name: self.known.bodies[resource] for name, resource in listed.items()}

    def check(self, body: Mapping[str, Any]) -> None:
        """Raises OutOfRange for a body that cannot be sent."""
        catalogue = self.seen.known.parts[CATALOGUE.name].frame
        here = catalogue[catalogue["region"].eq(self.region).fillna(False)]
        listed = self.known.blocklists
        filter_checks.checked(
            body,
            self.bodies.values(),
            policies=self.bodies,
            lists=listed.loc[listed["account_id"] == self.account, "blocklist"].tolist(),
            graded=dict(zip(here["filter"], here["graded"].fillna(True).astype(bool), strict=True)),
        )

    def own_policy(self, resource: str) -> Mapping[str, Any]:
        """Its row; raises NotAllowed for one that is not there, OutOfRange for Microsoft's own."""
        row = self.known.policy(resource)
        if row is None:
            raise NotAllowed("This filter policy is not among those you may change.")
        if row["kind"] == filters.SYSTEM:
            raise OutOfRange(f"{row['policy']} is Microsoft's own: make a new policy from it.")
        return row

    def value(self, policy: str | None) -> str:
        """A deployment that names this policy; raises OutOfRange where there is none."""
        if self.known.resolved(self.account, policy).resource is None:
            called = policy or "default"
            where = names.parts(self.account)[2]
            raise OutOfRange(f"There is no filter policy {called} in account {where}.")
        return self.known.value(self.account, policy and self._spelled(policy))

    def _spelled(self, policy: str) -> str:
        return next(it for it in self.bodies if it.lower() == policy.lower())


def ground(visit: Visit, session: Session, account: str) -> Ground:
    """An account whose filters are to be changed; raises NotAllowed in the same words for one that
    does not exist and for one out of sight, Outdated where its filters were not collected."""
    seen = sight.of(visit, session, [account], filters=True)
    require_whole(seen)
    return of(seen, account)


def of(seen: Sight, account: str) -> Ground:
    """The same of what was seen already."""
    accounts = seen.known.parts[ACCOUNTS.name].frame
    home = accounts[accounts["account_id"] == account]
    if home.empty or seen.safeguards is None:
        raise NotAllowed("This account is not among those whose filters you may change.")
    if not seen.safeguards.listed.get(account):
        raise Outdated(f"The filter policies of {names.parts(account)[2]} were not read yet.")
    region = home["region"].iloc[0]
    return Ground(seen, seen.safeguards, account, "" if pd.isna(region) else str(region))


def require_whole(seen: Sight) -> None:
    """Raise NotAllowed for somebody who does not see every unit."""
    if not seen.whole:
        raise NotAllowed("Content filters are changed by people who see every unit.")


def repoints(ground: Ground, deployments: Collection[str], value: str) -> list[Leg]:
    """The legs that point these deployments of the account to another policy."""
    if len(deployments) > MOST or len(set(deployments)) != len(deployments):
        raise OutOfRange(f"Choose at most {MOST} deployments, each once.")
    return [_repoint(ground, it, value) for it in deployments]


def _repoint(ground: Ground, resource: str, value: str) -> Leg:
    known = ground.seen.deployment(resource)
    if names.account(resource) != ground.account:
        raise OutOfRange(f"{names.short(resource)} is in another account than the policy.")
    if not known.etag:
        raise Outdated(f"{names.short(resource)} was not read whole.")
    row = known.row
    named = None if pd.isna(row["filter_policy"]) else str(row["filter_policy"])
    model = None if pd.isna(row["model"]) else str(row["model"])
    if model and model.lower().startswith(filters.BY_DEFAULT_ONLY):
        raise OutOfRange(f"{names.short(resource)}: {model} always takes the default policy.")
    before = ground.known.value(ground.account, named)
    if filter_legs.same("filter", before, value):
        raise OutOfRange(f"{names.short(resource)} has this filter policy already.")
    return Leg("filter", resource, known.etag, before, value, unit=known.unit)


def require_unused(ground: Ground, resource: str) -> None:
    """Raise OutOfRange for a policy that a deployment names, or another policy is based on."""
    name, rows = resource.rpartition("/")[2], ground.known.deployments
    own = rows[rows["account_id"] == ground.account]
    users = own.loc[own["filter_policy"].str.lower().eq(name).fillna(False), "deployment"]
    if len(users):
        raise OutOfRange(f"{users.iloc[0]} uses it: point it to another policy first.")
    if heirs := ground.known.heirs(resource):
        raise OutOfRange(f"Filter policy {heirs[0].rpartition('/')[2]} is based on it.")


def require_reason(users: pd.DataFrame, reason: str) -> None:
    """Raise OutOfRange for a change of what production uses that nobody gives a reason for."""
    live = users["environment"].str.lower().isin(list(tags.PRODUCTION)).fillna(False)
    if live.any() and not reason.strip():
        where = users.loc[live, "deployment"].iloc[0]
        raise OutOfRange(f"{where} is production: say why its filters are changed.")


def counted(deployments: Collection[str]) -> str:
    return "1 deployment" if len(deployments) == 1 else f"{len(deployments)} deployments"
