"""Answers with one field of another kind: what comes out is a fault, or rows that fit the frame."""

import copy
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import activity as log
from domain import frames, moderation
from domain.faults import Fault
from services import (
    accounts,
    activity,
    blocklists,
    capacities,
    catalogue,
    deleted,
    deployments,
    harms,
    metrics,
    models,
    policies,
    quotas,
    subscriptions,
    tiers,
)
from tests.services import recorded
from tests.services.recorded import ACCOUNT, SUB
from tests.wire import Recorded

START, END = datetime(2026, 11, 18, 10, tzinfo=UTC), datetime(2026, 11, 18, 12, tzinfo=UTC)
POINTS = {"2026-11-18T10:00:00Z": {"total": 5.0, "average": 2.0, "maximum": 3.0}}
SPLIT = {"modeldeploymentname": "chat", "statuscode": "429"}
METRICS = recorded.batch((ACCOUNT, {"AzureOpenAIRequests": [(SPLIT, POINTS)]}))
FOUND = {"modeldeploymentname": "chat", "texttype": "Prompt", "category": "Hate"}
ON_A_DAY = {"2026-11-18T00:00:00Z": {"total": 5.0}}
HARMS = recorded.batch((ACCOUNT, {"RAIRejectedRequests": [(FOUND, ON_A_DAY)]}))
PENALTY = {"action": "Block", "rateLimitPercentage": 1, "expiration": "2026-12-01T00:00:00Z"}
PUNISHED = recorded.account(properties={"abusePenalty": PENALTY, "endpoint": "https://x/"})
SUBSCRIPTION = {"subscriptionId": SUB, "displayName": "x", "state": "Enabled", "tenantId": "t"}
NEXT = {"nextTierName": "Tier 2", "upgradeApplicableDate": "2026-12-01T00:00:00Z"}
NOT_YET = {"statusMessage": '{"error": {"code": "RequestConflict"}}'}
QUESTIONS = {
    "deployments": (
        recorded.DEPLOYMENTS,
        {"value": [recorded.deployment() | {"tags": {"a": "b"}}]},
        lambda azure: deployments.of_account(azure, ACCOUNT),
    ),
    "accounts": (
        recorded.ACCOUNTS,
        {"value": [PUNISHED]},
        lambda azure: accounts.in_subscription(azure, SUB),
    ),
    "models": (
        recorded.MODELS,
        {"value": [recorded.model()]},
        lambda azure: models.of_region(azure, SUB, "westeurope"),
    ),
    "usages": (
        recorded.USAGES,
        {"value": [recorded.usage(scopeType="Global", scopeId="Global")]},
        lambda azure: quotas.of_region(azure, SUB, "westeurope"),
    ),
    "deleted": (
        recorded.DELETED,
        {"value": [recorded.gone()]},
        lambda azure: deleted.of_subscription(azure, SUB),
    ),
    "tiers": (
        recorded.TIERS,
        {"value": [recorded.tier(tierUpgradeEligibilityInfo=NEXT)]},
        lambda azure: tiers.of_subscription(azure, SUB),
    ),
    "capacities": (
        recorded.CAPACITIES,
        {"value": [recorded.capacity(scopeType="Global", scopeId="Global")]},
        lambda azure: capacities.of_model(azure, SUB, "OpenAI", "ada", "1"),
    ),
    "activity": (
        recorded.ACTIVITY,
        {
            "value": [
                recorded.event(),
                recorded.event("BeginRequest", "Started", properties=NOT_YET),
            ]
        },
        lambda azure: activity.events(azure, SUB, START, END),
    ),
    "policies": (
        recorded.POLICIES,
        {"value": [recorded.policy()]},
        lambda azure: policies.of_account(azure, ACCOUNT),
    ),
    "blocklists": (
        recorded.TERMS,
        {"value": [recorded.term()]},
        lambda azure: blocklists.of_account(azure, ACCOUNT),
    ),
    "catalogue": (
        recorded.CATALOGUE,
        {"value": [recorded.content_filter()]},
        lambda azure: catalogue.of_region(azure, SUB, "westeurope"),
    ),
    "harm_days": (
        recorded.BATCH,
        HARMS,
        lambda azure: harms.days(azure, SUB, "westeurope", [ACCOUNT], START, END),
    ),
    "subscriptions": ("/subscriptions", {"value": [SUBSCRIPTION]}, subscriptions.listed),
    "hours": (
        recorded.BATCH,
        METRICS,
        lambda azure: metrics.hours(azure, SUB, "westeurope", [ACCOUNT], START, END, minutes=True),
    ),
}
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["2099-01-01T00:00:00Z", "2026-13-01", "https://x\\@y/", "\x00", "\u2019"]),
)
ANYTHING = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=2),
    st.dictionaries(st.text(max_size=5), SCALARS, max_size=2),
)


def places(value, path=()):
    """Every path inside a JSON value."""
    pairs = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    for key, it in pairs:
        yield (*path, key)
        yield from places(it, (*path, key))


def replaced(value, path, new):
    value = copy.deepcopy(value)
    inner = value
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return value


@pytest.mark.parametrize("name", QUESTIONS)
@settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_other_shape_is_a_fault_or_fits(reaching, name, data):
    path, answer, ask = QUESTIONS[name]
    place = data.draw(st.sampled_from(list(places(answer))))
    wire = Recorded({path: [replaced(answer, place, data.draw(ANYTHING))]})
    wire.says(recorded.BLOCKLISTS, {"value": [recorded.blocklist()]})
    try:
        rows = ask(reaching(wire))
    except Fault:
        return
    told = (getattr(it, name.upper(), None) for it in (frames, moderation, log))
    columns = next(it for it in told if it)
    frame = frames.frame(columns, rows)
    assert len(frame) == len(rows)
    frames.packed(frame)
