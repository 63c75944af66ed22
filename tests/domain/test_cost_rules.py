"""Rules of cost that cannot be: refused in a sentence, before anything is kept."""

from datetime import timedelta

import pytest

from domain import attribution, sharing
from domain.faults import OutOfRange
from domain.units import CONTOSO
from tests.domain.bills import DAY, EVER, mapping
from tests.domain.bills import sharing as rule

LOGS = {"service": "log analytics"}
NEXT = DAY + timedelta(days=1)


@pytest.mark.parametrize(
    "rules",
    [
        [rule("fixed", LOGS, shares={"retail": "33.33", "finance": "66.67"})],
        [rule("even", LOGS, ends=DAY), rule("even", LOGS, starts=DAY)],
        [rule("even", LOGS), rule("even", {"service": "api management"})],
        [rule("direct", LOGS, unit="retail")],
        [rule("subsidy", LOGS, cap_e8=0, sponsor="research")],
        [
            rule("fixed", {"unit": "retail"}, shares={"finance": "100"}),
            rule("fixed", {"unit": "finance"}, shares={"research": "100"}),
        ],
    ],
)
def test_rules_that_can_be(rules):
    sharing.checked(rules, CONTOSO)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([rule("fixed", LOGS, shares={"retail": "99.99"})], "99.99, not to exactly 100.00"),
        ([rule("fixed", LOGS, shares={"retail": "100.01"})], "not to exactly 100.00"),
        ([rule("fixed", LOGS, shares={"retail": "0.005", "finance": "99.995"})], "two decimals"),
        ([rule("fixed", LOGS, shares={"retail": "150", "finance": "-50"})], "none below zero"),
        ([rule("fixed", LOGS, shares={"retail": "NaN"})], "has to be a number"),
        ([rule("fixed", LOGS, shares={"retail": "a lot"})], "not a number"),
        ([rule("fixed", LOGS)], "not to exactly 100.00"),
        ([rule("fixed", LOGS, shares=["retail"])], "by unit"),
        ([rule("fixed", LOGS, shares={"nobody": "100"})], "no unit nobody"),
        ([rule("fixed", LOGS, shares={"unassigned": "100"})], "no unit unassigned"),
        ([rule("entitlement", LOGS, shares={"retail": "0"})], "have a share"),
        ([rule("direct", LOGS)], "have a share"),
        ([rule("kept", LOGS)], "one of the methods"),
        ([rule("even", {})], "one source"),
        ([rule("even", {"service": " "})], "one source"),
        ([rule("even", {"service": "a", "group": "b"})], "one source"),
        ([rule("even", {"colour": "red"})], "one source"),
        ([rule("even", {"line": "adjustment"})], "not shared"),
        ([rule("driver", LOGS, driver="moon phase")], "no such driver"),
        ([rule("proportional", LOGS, fallback="me")], "falls back"),
        ([rule("subsidy", LOGS, sponsor="research")], "needs a cap"),
        ([rule("subsidy", LOGS, cap_e8=-1, sponsor="research")], "needs a cap"),
        ([rule("subsidy", LOGS, cap_e8=1)], "needs a sponsor"),
        ([rule("even", {"unit": "nobody"})], "no unit nobody"),
        ([rule("direct", {"unit": "retail"}, unit="retail")], "its own target"),
        (
            [
                rule("direct", {"unit": "retail"}, unit="finance"),
                rule("direct", {"unit": "finance"}, unit="research"),
                rule("direct", {"unit": "research"}, unit="retail"),
            ],
            "a circle",
        ),
        ([rule("even", {"unit": "retail"}), rule("even", {"unit": "finance"})], "a circle"),
        ([rule("even", LOGS), rule("fixed", LOGS, shares={"retail": "100"})], "end it first"),
        ([rule("even", LOGS, starts=NEXT, ends=DAY)], "end after it starts"),
    ],
)
def test_rules_that_cannot_be(rules, words):
    with pytest.raises(OutOfRange, match=words):
        sharing.checked(rules, CONTOSO)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([mapping("colour", "red", "retail")], "not mapped by colour"),
        ([mapping("group", " ", "retail")], "needs a value"),
        ([mapping("group", "rg", "nobody")], "no unit nobody"),
        ([mapping("group", "rg")], "no unit without a name"),
        ([mapping("group", "*", "retail")], "no unit is given"),
        ([mapping("group", "rg", "retail"), mapping("group", "RG ", "finance", 2)], "end it first"),
        ([mapping("group", "rg", "retail", starts=DAY, ends=DAY)], "end after it starts"),
    ],
)
def test_mapping_rules_that_cannot_be(rules, words):
    with pytest.raises(OutOfRange, match=words):
        attribution.checked(rules, CONTOSO)


def test_mapping_rules_that_can_be():
    before = mapping("group", "rg", "retail", starts=EVER, ends=DAY)
    attribution.checked(
        [before, mapping("group", "rg", "finance", 2, starts=DAY), mapping(), mapping("product")],
        CONTOSO,
    )


@pytest.mark.parametrize("value", ["=1+1", "<b>", "a|b", "ünit ☃", "x" * 300, "\u202eliater"])
def test_odd_characters_in_a_tag_are_a_value_like_any_other(value):
    rules = [mapping(value=value, unit="retail")]
    attribution.checked(rules, CONTOSO)
    told = attribution.in_force(rules, CONTOSO, "business-unit", DAY)
    tags = attribution.tags.text({"Business_Unit": f" {value.upper()} "})
    folded = value.upper().strip().lower() == value.strip().lower()
    unit, _ = told.unit({"deployment_tag": tags}, ["deployment_tag"])
    assert unit == ("retail" if folded else "unassigned")
