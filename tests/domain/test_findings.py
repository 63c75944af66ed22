"""Each rule with a row that triggers it, and with one just beside that does not."""

from datetime import timedelta

import pandas as pd
import pytest

from domain import findings, frames
from domain.readings import Trouble
from tests.domain.rows import NOW, SUB, account, day, deployment, joined, model, observed

TAGS = '{"business-unit": "retail", "owner": "mira"}'
"""Without these two everything is a finding."""


def found(fields=None, *, metrics=None, of_model=None, of_account=None, more=()):
    """Findings about one deployment that is otherwise in order, as {kind: row}."""
    seen = observed(window="7d", requests=1_000.0, throttled=0.0, **(metrics or {}))
    one = deployment(**{"tags": TAGS, **(fields or {})})
    sku = one["sku"]
    rows = joined(
        [one, *more],
        accounts=[account(**(of_account or {}))],
        models=[model(sku=sku, **(of_model or {}))] if of_model != "none" else [],
        metrics=[seen],
    )
    table = findings.found(rows, NOW)
    return table[table["resource"].isin([one["resource"], one["account_id"]])].set_index("kind")


def retiring(days, sku="Standard", upgrade="NoAutoUpgrade"):
    """A deployment whose model ends in so many days."""
    ends = NOW.replace(hour=0, minute=0) + timedelta(days=days)
    return {"fields": {"sku": sku, "upgrade": upgrade}, "of_model": {"model_retires_at": ends}}


WRONG = '{"business-unit": "retial", "owner": "mira"}'
AT_EXPIRY = "OnceCurrentVersionExpired"
PTU = {"sku": "ProvisionedManaged"}
# kind, severity, what triggers it, what is just beside
TABLE = [
    ("penalty", "critical", {"of_account": {"penalty": "Block"}}, {}),
    ("failed", "critical", {"fields": {"state": "Failed"}}, {"fields": {"state": "Creating"}}),
    ("failed", "critical", {"fields": {"state": "Canceled"}}, {"fields": {"state": "Disabled"}}),
    ("retired", "critical", retiring(-1), retiring(1)),
    ("retiring", "critical", retiring(29), retiring(30)),
    ("retiring", "critical", retiring(29, PTU["sku"]), retiring(30, PTU["sku"])),
    ("retiring", "critical", retiring(29), retiring(29, upgrade=AT_EXPIRY)),
    ("retiring later", "warning", retiring(30), retiring(90)),
    ("retiring later", "warning", retiring(89), retiring(29)),
    (
        "retiring later",
        "warning",
        retiring(29, upgrade=AT_EXPIRY),
        retiring(30, upgrade=AT_EXPIRY),
    ),
    ("throttled", "critical", {"metrics": {"throttled": 50.0}}, {"metrics": {"throttled": 49.0}}),
    (
        "throttled a little",
        "warning",
        {"metrics": {"throttled": 10.0}},
        {"metrics": {"throttled": 9.0}},
    ),
    (
        "throttled a little",
        "warning",
        {"metrics": {"throttled": 49.0}},
        {"metrics": {"throttled": 50.0}},
    ),
    (
        "near its limit",
        "warning",
        {"metrics": {"peak_tpm": 9_000.0}},
        {"metrics": {"peak_tpm": 8_999.0}},
    ),
    (
        "near its limit",
        "warning",
        {"metrics": {"peak_tpm": 9_000.0, "throttled": 9.0}},
        {"metrics": {"peak_tpm": 9_000.0, "throttled": 10.0}},
    ),
    ("no spillover", "warning", {"fields": PTU}, {"fields": {"sku": "Standard"}}),
    ("no spillover", "warning", {"fields": PTU}, {"fields": {**PTU, "spillover": "chat"}}),
    ("no spillover", "warning", {"fields": PTU}, {"fields": {**PTU, "state": "Creating"}}),
    ("disabled", "warning", {"fields": {"state": "Disabled"}}, {}),
    ("changing", "warning", {"fields": {"state": "Updating"}}, {"fields": {"running": "Paused"}}),
    ("not listed", "notice", {"of_model": "none"}, {}),
    (
        "idle",
        "notice",
        {"metrics": {"last_traffic": NOW - timedelta(days=30)}},
        {"metrics": {"last_traffic": NOW - timedelta(days=29, hours=23)}},
    ),
    ("no owner", "notice", {"fields": {"tags": '{"business-unit": "retail"}'}}, {}),
    ("no unit", "notice", {"fields": {"tags": '{"owner": "mira"}'}}, {"fields": {"tags": WRONG}}),
    ("unknown unit", "notice", {"fields": {"tags": WRONG}}, {"fields": {"tags": "{}"}}),
    ("spillover", "warning", {"fields": {**PTU, "spillover": "nobody"}}, {"fields": PTU}),
]


def told(case):
    seen = {"requests", "throttled"} & set(case.get("metrics", {}))
    case = dict(case)
    if seen:
        given = case.pop("metrics")
        return found_with(given, **case)
    return found(**case)


def found_with(metrics, **case):
    one = deployment(**{"tags": TAGS, **case.get("fields", {})})
    seen = observed(**{"requests": 1_000.0, "throttled": 0.0, **metrics})
    rows = joined([one], metrics=[seen])
    return findings.found(rows, NOW).set_index("kind")


@pytest.mark.parametrize(("kind", "severity", "so", "beside"), TABLE)
def test_a_rule_applies_to_this_and_not_to_that(kind, severity, so, beside):
    row = told(so)
    assert row.loc[kind, "severity"] == severity
    assert row.loc[kind, "key"].startswith(f"{kind}:{row.loc[kind, 'resource']}")
    assert row.loc[kind, "unit"] == ("unassigned" if kind.endswith(" unit") else "retail")
    assert kind not in told(beside).index


def test_every_rule_is_in_the_table():
    assert {it.kind for it in findings.RULES} | {"spillover"} == {row[0] for row in TABLE}


def test_a_deployment_in_order_has_no_findings():
    assert found().empty


def test_a_failed_deployment_is_not_told_to_hurry():
    case = retiring(10)
    case["fields"] |= {"state": "Failed"}
    assert set(told(case).index) == {"failed"}


def test_what_is_not_known_does_not_apply():
    rows = joined([deployment(tags=TAGS, limit_tpm=None, limit_rpm=None)])
    assert findings.found(rows, NOW).empty


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "gpt-4o 2024-11-20 stops on 2026-06-16, in 1 day (gpt-5 2025-08-07 replaces it)."),
        (12, "gpt-4o 2024-11-20 stops on 2026-06-27, in 12 days (gpt-5 2025-08-07 replaces it)."),
    ],
)
def test_it_says_what_happens_when_and_what_comes_after(days, words):
    case = retiring(days)
    case["of_model"] |= {"replacement_model": "gpt-5", "replacement_version": "2025-08-07"}
    assert told(case).loc["retiring", "what"] == words


def test_it_says_how_azure_punishes():
    until = {"penalty": "Throttle", "penalty_percent": 50.0, "penalty_until": day("2026-06-29")}
    words = "Azure punishes account aoai-shop for abuse: Throttle to 50 % until 2026-06-29."
    assert found(of_account=until).loc["penalty", "what"] == words


def test_it_says_what_the_tag_says():
    assert "'retial'" in found({"tags": WRONG}).loc["unknown unit", "what"]


def test_what_an_account_lacks_is_told_once_for_each_unit():
    other = account("aoai-other")
    rows = joined(
        [
            deployment("a", tags='{"business-unit": "retail"}'),
            deployment("b", tags='{"business-unit": "retail"}'),
            deployment("c", tags='{"business-unit": "finance"}'),
            deployment("d", account_id=other["account_id"], tags=TAGS),
        ],
        accounts=[account(), other],
    )
    told = findings.found(rows, NOW)
    assert told["kind"].tolist() == ["no owner", "no owner"]
    assert told["unit"].tolist() == ["retail", "finance"]
    assert told["key"].is_unique
    assert told["what"].tolist() == [
        "Nobody is named as owner of 2 deployments of aoai-shop.",
        "Nobody is named as owner of 1 deployment of aoai-shop.",
    ]


@pytest.mark.parametrize(
    ("target", "kinds"),
    [
        ({}, set()),
        ({"version": "2024-08-06"}, {"spillover"}),
        ({"model": "gpt-4o-mini"}, {"spillover"}),
        ({"version": None}, set()),
        ({"model": "gpt-4o-mini", "version": None}, {"spillover"}),
        ({"model": None, "version": None}, set()),
    ],
)
def test_overflow_to_another_model_version_is_told(target, kinds):
    spare = deployment("Spare", **{"tags": TAGS, **target})
    sends = {**PTU, "spillover": "sPARE"}
    assert set(found(sends, more=[spare]).index) == kinds


def test_the_same_name_in_another_account_is_no_target():
    other = account("aoai-other")
    rows = joined(
        [
            deployment(sku="ProvisionedManaged", spillover="spare", tags=TAGS),
            deployment("spare", account_id=other["account_id"], tags=TAGS),
        ],
        accounts=[account(), other],
        models=[model(), model(sku="ProvisionedManaged")],
    )
    told = findings.found(rows, NOW)
    assert told.set_index("kind").loc["spillover", "what"] == (
        "Its spillover target spare does not exist in aoai-shop."
    )


def test_an_empty_inventory_has_no_findings():
    assert findings.found(joined([]), NOW).empty


# --- subscriptions that cannot be read, order, counts -----------------------------------------


def test_a_subscription_in_trouble_is_one_finding_as_old_as_its_oldest_trouble():
    called = frames.frame(frames.SUBSCRIPTIONS, [{"subscription": SUB, "name": "Production"}])
    since = NOW - timedelta(days=2)
    troubles = (Trouble("a", "Forbidden", "No way.", NOW), Trouble("b", "Late", "Slow.", since))
    told = findings.unreadable(called, {SUB: troubles, "other": ()}, NOW)
    assert told["what"].tolist() == ["Production can't be read in full. No way."]
    assert told["since"].tolist() == [since]
    assert told["key"].tolist() == [f"unreadable:{SUB}"]


def some_findings():
    rows = [
        {"key": "d", "severity": "notice", "since": NOW},
        {"key": "c", "severity": "critical", "since": NOW},
        {"key": "b", "severity": "warning", "since": NOW - timedelta(days=9)},
        {"key": "a", "severity": "critical", "since": NOW},
        {"key": "e", "severity": "critical", "since": NOW - timedelta(days=1)},
    ]
    return frames.frame(frames.FINDINGS, rows)


def test_the_gravest_come_first_then_the_oldest():
    ranked = findings.ranked(some_findings())
    assert ranked["key"].tolist() == ["e", "a", "c", "b", "d"]
    assert list(ranked.columns) == list(frames.FINDINGS)


def test_they_are_counted_by_severity():
    assert findings.counted(some_findings()) == {"critical": 3, "warning": 1, "notice": 1}
    assert findings.counted(some_findings()[:0]) == {"critical": 0, "warning": 0, "notice": 0}


def test_findings_that_could_not_be_rated_go_last():
    odd = frames.frame(frames.FINDINGS, [{"key": "x", "severity": None, "since": NOW}])
    both = pd.concat([odd, some_findings()], ignore_index=True)
    assert findings.ranked(both)["key"].tolist()[-1] == "x"
