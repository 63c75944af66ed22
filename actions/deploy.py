"""Deploy: make a deployment, take one away, or say how Azure may upgrade it."""

from typing import Any

import pandas as pd

from actions import proposing, sight
from actions.proposing import Terms
from actions.sight import Known
from actions.visit import Visit
from domain import capacity, making, names, tags
from domain.faults import NotAllowed, Outdated, OutOfRange
from domain.plans import GONE, Leg
from domain.readings import ACCOUNTS, MODELS, USAGES
from domain.roles import Permission, require_sight, require_writes

NOW = Terms()


def create(
    visit: Visit,
    account: str,
    name: str,
    spec: making.Wanted,
    *,
    unit: str | None = None,
    terms: Terms = NOW,
) -> int:
    """Record a plan that makes a deployment in this account; returns its number. Raises Refused."""
    with visit.attempt(Permission.ALLOCATE, f"create {name} in {account}"[:1_000]) as session:
        require_writes(visit.writes)
        seen = sight.of(visit, session, [account])
        parts = {key: part.frame for key, part in seen.known.parts.items()}
        accounts = parts[ACCOUNTS.name]
        home = accounts[accounts["account_id"] == account]
        if home.empty or not seen.whole:
            raise NotAllowed("This account is not among those you may deploy to.")
        resource = f"{account}/deployments/{name.strip().lower()}"
        if resource in set(seen.rows["resource"]):
            raise OutOfRange(f"There is a deployment {name} in this account already.")
        if unit:
            require_sight(visit.person, unit, seen.known.tree)
        told = making.checked(
            home.iloc[0], name, spec, seen.rows, parts[MODELS.name], parts[USAGES.name],
            visit.clock(),
        )  # fmt: skip
        own = {visit.tags.unit: unit} if unit else {}
        value = capacity.made({**told.spec, "tags": own or None})
        owner = seen.known.tree.of_tag(unit or _said(home, visit.tags.unit))
        leg = Leg(
            "deployment", resource, "", GONE, value, told.pool, int(told.spec["capacity"]), owner
        )
        title = f"Create {names.short(resource)}"
        live = _said(home, visit.tags.environment)
        return proposing.propose(visit, session, seen, [leg], title, terms, {resource: live})


def delete(visit: Visit, resource: str, *, named: str, terms: Terms = NOW) -> int:
    """Record a plan that deletes it; named: its name, typed by the person. Raises Refused."""
    with visit.attempt(Permission.ALLOCATE, f"delete {resource}"[:1_000]) as session:
        require_writes(visit.writes)
        seen = sight.of(visit, session, [resource])
        known = seen.deployment(resource)
        if named.strip() != str(known.row["deployment"]):
            raise OutOfRange("The name does not match; nothing is deleted.")
        if not terms.reason.strip():
            raise OutOfRange("Say why it is deleted.")
        spilled = seen.rows[seen.rows["spillover"].eq(known.row["deployment"]).fillna(False)]
        spilled = spilled[spilled["account_id"] == known.row["account_id"]]
        if len(spilled):
            raise OutOfRange(f"{spilled['deployment'].iloc[0]} spills over into it.")
        before = capacity.made(_spec(known))
        units = 0 if pd.isna(known.row["capacity"]) else int(known.row["capacity"])
        pool = "" if pd.isna(known.row["pool"]) else str(known.row["pool"])
        leg = Leg(
            "deployment", resource, known.etag, before, GONE, pool, -units if pool else 0,
            known.unit,
        )  # fmt: skip
        title = f"Delete {names.short(resource)}"
        return proposing.propose(visit, session, seen, [leg], title, terms)


def upgrade(visit: Visit, resource: str, option: str, *, terms: Terms = NOW) -> int:
    """Record a plan that changes how Azure may upgrade it; raises Refused."""
    with visit.attempt(Permission.ALLOCATE, f"upgrade policy of {resource}"[:1_000]) as session:
        require_writes(visit.writes)
        if option not in capacity.UPGRADES:
            raise OutOfRange("Choose an upgrade policy of the list.")
        seen = sight.of(visit, session, [resource])
        known = seen.deployment(resource)
        now = None if pd.isna(known.row["upgrade"]) else str(known.row["upgrade"])
        before, after = capacity.upgraded(now), capacity.upgraded(option)
        if before == after:
            raise OutOfRange(f"{names.short(resource)} has this policy already.")
        if not known.etag:
            raise Outdated(f"{names.short(resource)} was not read whole.")
        leg = Leg("upgrade", resource, known.etag, before, after, unit=known.unit)
        title = f"Upgrade policy of {names.short(resource)}"
        return proposing.propose(visit, session, seen, [leg], title, terms)


def _spec(known: Known) -> dict[str, Any]:
    """What makes it, as last collected."""
    keys = [it for it in capacity.MADE_OF if it != "tags"]
    told = {it: known.row[it] for it in keys if not pd.isna(known.row[it])}
    whole = {it: int(told[it]) for it in ("capacity",) if it in told}
    return {**told, **whole, "tags": known.tags or None}


def _said(home: pd.DataFrame, name: str) -> str:
    """What the account's own tag says, which a deployment without one inherits."""
    told = home["tags"].iloc[0]
    return tags.found(tags.parsed(None if pd.isna(told) else str(told)), name) or ""
