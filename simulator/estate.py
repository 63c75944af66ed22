"""A scenario made into accounts, deployments and the traffic on them: same words, same world."""

from datetime import datetime, timedelta
from typing import NamedTuple

from simulator import chance, clock
from simulator.cognitiveservices import catalogue
from simulator.cognitiveservices.records import PROVIDER, RECOVERABLE, Account, Deployment, Gone
from simulator.costmanagement import terms
from simulator.costmanagement.terms import Terms
from simulator.demand import profile
from simulator.faults import Json
from simulator.insights.traffic import Profile
from simulator.moderation import seeding
from simulator.moderation.state import Seeds
from simulator.reservations import state as reservations
from simulator.reservations.state import Reservation
from simulator.subscriptions.state import Subscription

PLATFORM = "deploy@contoso.com"
PIPELINE = chance.guid("pipeline")


class Estate(NamedTuple):
    """Everything of the seed."""

    title: str
    subscriptions: list[Subscription]
    accounts: list[tuple[Account, list[Deployment]]]
    profiles: list[Profile]
    limits: dict[tuple[str, str, str], int]
    gone: list[Gone]
    history: list[Json]
    tiers: dict[str, Json]
    terms: Terms
    reservations: list[Reservation]
    moderation: Seeds


def build(scenario: Json, seed: int, anchor: datetime) -> Estate:
    """The estate of a scenario; dates are counted from the anchor."""
    ids = {row["key"]: row["id"] for row in scenario["subscriptions"]}
    money = scenario.get("money", {})
    subscriptions = [
        Subscription(
            row["id"],
            row["name"],
            scenario["tenant"],
            row.get("state", "Enabled"),
            row.get("readable", True),
            tags=row.get("tags"),
        )
        for row in scenario["subscriptions"]
    ]
    accounts, profiles = list[tuple[Account, list[Deployment]]](), list[Profile]()
    filters = seeding.nothing()
    for row in scenario["accounts"]:
        account = _account(row, ids[row["subscription"]], seed, anchor)
        below = [_deployment(it, account, seed, anchor) for it in row.get("deployments", [])]
        accounts.append((account, below))
        seeding.sow(filters, row, account, below, seed, anchor)
        profiles += _profiles(row, account, below, scenario.get("traffic", {}), seed, anchor)
    limits = {
        (ids[it["subscription"]].lower(), it["place"].lower(), it["usage"].lower()): it["limit"]
        for it in scenario.get("quotas", [])
    }
    gone = [_gone(it, ids[it["subscription"]], seed, anchor) for it in scenario.get("deleted", [])]
    paths = {f"{account.name}/{it.name}": it.path for account, below in accounts for it in below}
    return Estate(
        scenario["title"],
        subscriptions,
        accounts,
        profiles,
        limits,
        gone,
        [*(_told(it, paths, anchor) for it in scenario.get("history", [])), *filters.told],
        {ids[it["subscription"]].lower(): it for it in scenario.get("tiers", [])},
        terms.built(money, ids),
        reservations.built(money.get("reservations", []), ids, anchor),
        filters,
    )


def _gone(row: Json, subscription: str, seed: int, anchor: datetime) -> Gone:
    """A soft-deleted account; `hours` is how long before the anchor it was deleted."""
    account = _account(row, subscription, seed, anchor)
    below = [_deployment(it, account, seed, anchor) for it in row.get("deployments", [])]
    deleted = anchor - timedelta(hours=row["hours"])
    account.modified_at, account.modified_by = clock.stamp(deleted), row["by"]
    return Gone(account, below, account.modified_at, clock.stamp(deleted + RECOVERABLE))


def _told(row: Json, paths: dict[str, str], anchor: datetime) -> Json:
    """A write that nothing shows any more; `days` is how long before the anchor it was tried."""
    words = {key: it for key, it in row.items() if key not in ("on", "days")}
    at = clock.stamp(anchor - timedelta(days=row["days"]))
    return words | {"path": paths[row["on"]], "at": at}


def _account(row: Json, subscription: str, seed: int, anchor: datetime) -> Account:
    groups = "resourcegroups" if row.get("lower_id") else "resourceGroups"
    path = (
        f"/subscriptions/{subscription}/{groups}/{row['group']}/{PROVIDER}/accounts/{row['name']}"
    )
    identity = row.get("identity")
    if identity == "SystemAssigned":
        principal = chance.guid(seed, "principal", path)
        identity = {"type": identity, "principalId": principal, "tenantId": chance.guid("tenant")}
    made = clock.stamp(anchor - timedelta(days=200 + chance.share(seed, "made", path) * 500))
    return Account(
        path=path,
        name=row["name"],
        kind=row["kind"],
        location=row["location"],
        etag=f'"{chance.guid(seed, "etag", path.lower(), 0)}"',
        created_at=made,
        created_by=row.get("owner", PLATFORM),
        modified_at=made,
        modified_by=row.get("owner", PLATFORM),
        tags=row.get("tags"),
        identity=identity,
        properties=_properties(row, anchor),
        state=row.get("state", "Succeeded"),
    )


def _properties(row: Json, anchor: datetime) -> Json:
    found: Json = {"customSubDomainName": row["name"].lower(), "publicNetworkAccess": "Enabled"}
    found |= row.get("properties", {})
    if penalty := found.get("abusePenalty"):
        days = penalty["expiration"]
        found["abusePenalty"] = penalty | {"expiration": catalogue.date(anchor, days)}
    return found


def _deployment(row: Json, account: Account, seed: int, anchor: datetime) -> Deployment:
    path = f"{account.path}/deployments/{row['name']}"
    # Older than anybody can ask about, so that nothing was used, or paid for, before it was made.
    began = (row.get("traffic") or {}).get("began_days")
    days = began or 120 + chance.share(seed, "made", path) * 160
    made = clock.stamp(anchor - timedelta(days=days))
    lately = chance.share(seed, "moved", path) ** 2  # most were changed in the last weeks
    moved = clock.stamp(anchor - timedelta(days=days * lately))
    who = row.get("owner", PLATFORM)
    return Deployment(
        account=account.key,
        path=path,
        name=row["name"],
        sku={"name": row["sku"], "capacity": row["capacity"]},
        properties=_deployed(row),
        etag=f'"{chance.guid(seed, "etag", path.lower(), 0)}"',
        created_at=made,
        created_by=who,
        modified_at=moved,
        modified_by=PIPELINE if chance.share(seed, "mover", path) < 0.3 else who,
        effective=row["capacity"],
        tags=row.get("tags"),
        state=row.get("state", "Succeeded"),
        running="Paused" if row.get("paused") else "Running",
    )


def _deployed(row: Json) -> Json:
    found: Json = {"model": model_of(row["model"])}
    upgrade = row.get("upgrade", "OnceNewDefaultVersionAvailable")
    words = {
        "versionUpgradeOption": upgrade,
        "raiPolicyName": row.get("rai"),
        "spilloverDeploymentName": row.get("spill"),
        "serviceTier": row.get("tier"),
    }
    found |= {key: it for key, it in words.items() if it is not None}
    found.update(row.get("properties", {}))
    return found


def model_of(text: str) -> Json:
    """'format:name@version', OpenAI where no format is said."""
    name, _, version = text.partition("@")
    form, _, name = name.rpartition(":")
    return {"format": form or "OpenAI", "name": name, "version": version}


def _profiles(
    row: Json, account: Account, below: list[Deployment], usual: Json, seed: int, anchor: datetime
) -> list[Profile]:
    orders = row.get("deployments", [])
    made = {
        it.name: profile(account, it, order, usual, seed, anchor)
        for it, order in zip(below, orders, strict=True)
    }
    for it in below:
        target = it.properties.get("spilloverDeploymentName")
        if target in made:
            made[target].sources.append(made[it.name])
    return list(made.values())
