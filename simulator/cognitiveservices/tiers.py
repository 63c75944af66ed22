"""The quota tier of a subscription, and whether it goes up by itself when it may.

The tier has a name and a date here, and no effect on limits: what a tier grants is not modelled."""

from datetime import datetime, timedelta

from simulator import chance, clock
from simulator.archive import Archive
from simulator.arm import Answer, Call
from simulator.cognitiveservices.records import PROVIDER
from simulator.faults import ArmError, Json, bad_body

TYPE = "Microsoft.CognitiveServices/quotaTiers"
POLICIES = ("OnceUpgradeIsAvailable", "NoAutoUpgrade")
HIGHEST = 6


class Tiers:
    """What the scenario says of a subscription's tier, else drawn; and the policies chosen since.

    `rows`: by lower-case subscription id, with number, policy, days (from the anchor until it may
    go up) or reason (why it may not); without either the answer has no word on the next tier."""

    def __init__(
        self, archive: Archive, rows: dict[str, Json], seed: int, anchor: datetime
    ) -> None:
        self._archive = archive
        self._rows = rows
        self._seed = seed
        self._anchor = anchor
        self._policies = {key: str(it["policy"]) for key, it in archive.documents("tier") if it}

    def choose(self, subscription: str, policy: str) -> None:
        """From now on the tier goes up by itself, or does not."""
        self._policies[subscription] = policy
        self._archive.keep("tier", subscription, {"policy": policy})

    def properties(self, subscription: str, now: datetime) -> Json:
        """The tier as it stands."""
        row = self._rows.get(subscription, {})
        policy = self._policies.get(subscription, row.get("policy", POLICIES[0]))
        luck = chance.share(self._seed, "tier", subscription)
        number = int(row.get("number", 1 + int(luck * 3)))
        assigned = self._anchor - timedelta(days=30 + luck * 300)
        due = self._anchor + timedelta(days=row["days"]) if "days" in row else None
        if due is not None and due <= now and policy == POLICIES[0]:
            number, assigned, row = number + 1, due, {"reason": "The next tier needs more usage."}
        body: Json = {
            "currentTierName": f"Tier {number}",
            "assignmentDate": clock.stamp(assigned),
            "tierUpgradePolicy": policy,
        }
        following = _following(row, number, due)
        return body | ({"tierUpgradeEligibilityInfo": following} if following else {})


def _following(row: Json, number: int, due: datetime | None) -> Json:
    if number >= HIGHEST or not {"days", "reason"} & set(row):
        return {}
    body: Json = {"nextTierName": f"Tier {number + 1}"}
    if "days" in row and due is not None:
        when = {"upgradeApplicableDate": clock.stamp(due)}
        return body | {"upgradeAvailabilityStatus": "Available"} | when
    why = {"upgradeUnavailabilityReason": row["reason"]}
    return body | {"upgradeAvailabilityStatus": "NotAvailable"} | why


def listed(call: Call) -> Answer:
    """A subscription has one tier, called default."""
    return Answer(200, {"value": [_shape(call)]})


def one(call: Call) -> Answer:
    return Answer(200, _shape(call))


def choose(call: Call) -> Answer:
    """Only the policy can be chosen. Raises 400."""
    properties = call.json().get("properties") or {}
    if not isinstance(properties, dict):
        raise bad_body("'properties' is not an object.")
    policy = properties.get("tierUpgradePolicy")
    if policy is not None and policy not in POLICIES:
        words = f"The tier upgrade policy '{policy}' is not one of {', '.join(POLICIES)}."
        raise ArmError(400, "InvalidResourceProperties", words)
    if policy is not None:
        call.world.tiers.choose(call.names["subscription"], str(policy))
    return one(call)


def _shape(call: Call) -> Json:
    subscription = call.names["subscription"]
    return {
        "id": f"/subscriptions/{subscription}/{PROVIDER}/quotaTiers/default",
        "name": "default",
        "type": TYPE,
        "properties": call.world.tiers.properties(subscription, call.world.now),
    }
