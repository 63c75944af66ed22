"""Rules of cost: who may say them, from which day, and what no rule can be."""

from datetime import UTC, date, datetime

import pytest

from actions import assign_usage, rule
from domain import frames
from domain.costs import CHARGES, ESTATE_DAYS, USAGE_DAYS
from domain.faults import NotAllowed, OutOfRange
from domain.roles import CAST
from reads import audit
from store import bills, cost_rules, estate_days, usage_days
from tests.store.test_bills import bill
from tests.world import CHAT, NOON, QUIET, SMALL, WEU

FIRST = date(2026, 11, 1)
EVEN = {"title": "Gateway", "method": "even", "source": {"service": "API Management"}}
DAY = datetime(2026, 11, 3, tzinfo=UTC)


@pytest.fixture
def bare(console):
    """The console without the rules that it starts with."""
    with console.store.begin() as session:
        for it in cost_rules.known(session):
            cost_rules.end(session, it, it.starts)
    return console


def kept(console):
    """Rules that hold at some time."""
    with console.store.reading() as session:
        known = cost_rules.known(session)
    return [it for it in known if it.ends is None or it.ends > it.starts]


VERBS = {
    "map": lambda visit: rule.map_(visit, "product", "chat", "retail", FIRST),
    "share": lambda visit: rule.share(visit, EVEN, FIRST),
    "idle": lambda visit: rule.idle(visit, "global:", "even", FIRST),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("person", CAST, ids=lambda it: it.id)
def test_admins_make_rules_and_nobody_else(bare, person, verb):
    visit = bare.visit(person.id)
    if person.role == "admin":
        number = VERBS[verb](visit)
        (only,) = kept(bare)
        assert (only.id, only.said_by, only.at) == (number, person.key, NOON)
        assert only.starts == datetime(2026, 11, 1, tzinfo=UTC)
        rule.end(visit, number, date(2026, 12, 1))
        assert kept(bare)[0].ends == datetime(2026, 12, 1, tzinfo=UTC)
        return
    with pytest.raises(NotAllowed):
        VERBS[verb](visit)
    with pytest.raises(NotAllowed):
        rule.end(visit, 1, FIRST)
    assert kept(bare) == []
    assert audit.trail(bare.store).iloc[0]["came"] == "refused"


def test_a_new_rule_takes_the_place_of_one_about_the_same(bare):
    ada = bare.visit("ada")
    rule.share(ada, EVEN, FIRST)
    rule.share(ada, {**EVEN, "method": "proportional"}, date(2026, 12, 1))
    rule.share(ada, {**EVEN, "source": {"service": "Log Analytics"}}, FIRST)
    rule.share(ada, {**EVEN, "method": "driver"}, date(2026, 11, 15))
    spans = [(f"{it.starts:%m-%d}", it.ends and f"{it.ends:%m-%d}") for it in kept(bare)]
    assert spans == [("11-01", "11-15"), ("12-01", None), ("11-01", None), ("11-15", "12-01")]
    rule.share(ada, EVEN, FIRST)
    assert len(kept(bare)) == 4


@pytest.mark.parametrize("told", [
    {"method": "fixed", "shares": {"retail": "99.99"}},
    {"method": "fixed", "shares": {"retail": "50", "finance": "50.01"}},
    {"method": "weighted", "shares": {"retail": "NaN"}}, {"title": "\0"}, {"source": {}},
])  # fmt: skip
def test_forged_rules_are_refused_in_words(bare, told):
    with pytest.raises(OutOfRange):
        rule.share(bare.visit("ada"), {**EVEN, **told}, FIRST)
    assert kept(bare) == []


@pytest.mark.parametrize("told", [
    {"note": "x" * 301}, {"note": "a\nb"}, {"starts": date(1999, 1, 1)}, {"starts": "soon"},
    {"value": ""}, {"value": "*"}, {"unit": "nobody"}, {"by": "mood"}, {"key": "k"},
])  # fmt: skip
def test_forged_mappings_are_refused_in_words(bare, told):
    usual = {"by": "product", "value": "chat", "unit": "retail", "starts": FIRST}
    with pytest.raises(OutOfRange):
        rule.map_(bare.visit("ada"), **{**usual, **told})
    assert kept(bare) == []


ODD = ["=cmd|' /C calc'!A0", "<script>", "Ünï çödé", "a'; DROP TABLE cost_rules; --", "a|b"]


@pytest.mark.parametrize("value", ODD)
def test_odd_characters_of_a_tag_are_kept_as_they_are(bare, value):
    rule.map_(bare.visit("ada"), "deployment_tag", value, "retail", FIRST, key="Cost/Cëntre")
    (only,) = kept(bare)
    assert only.body["value"] == value.lower()
    assert only.body["key"] == "Cost/Cëntre"


def test_a_closed_month_has_its_rules_for_good(bare):
    ada = bare.visit("ada")
    rule.share(ada, EVEN, date(2026, 9, 1))
    with bare.store.begin() as session:
        bills.keep(session, bill("2026-10"), NOON)
        bills.close(session, bills.head(session, "2026-10", "EUR"), "t/ada", NOON)
    for verb in (
        lambda: rule.end(ada, kept(bare)[0].id, date(2026, 10, 31)),
        lambda: rule.share(ada, EVEN, date(2026, 10, 31)),
        lambda: rule.idle(ada, "global:", "even", date(2026, 9, 1)),
        lambda: rule.map_(ada, "product", "chat", "retail", date(2026, 10, 1)),
        lambda: assign_usage.to_unit(ada, "product", "chat", "retail", date(2026, 10, 1)),
    ):
        with pytest.raises(OutOfRange, match="2026-10 is closed"):
            verb()
    rule.end(ada, kept(bare)[0].id, FIRST)


@pytest.mark.parametrize("id", [99, "1", None])
def test_a_rule_that_is_not_there(bare, id):
    with pytest.raises(OutOfRange, match="not there"):
        rule.end(bare.visit("ada"), id, FIRST)


# --- assigning what nobody pays for -------------------------------------------------------------


@pytest.fixture
def billed(bare):
    """A console whose bill has a product and a tag's value that nobody pays for."""
    last = datetime(2026, 11, 30, tzinfo=UTC)
    estate = {"day": last, "subscription": SMALL, "account_id": WEU, "assumed": False}
    days = [
        {**estate, "resource": CHAT, "tags": '{"Business-Unit": "Shops"}'},
        {**estate, "resource": QUIET, "tags": "{}"},
    ]
    line = {"day": DAY, "subscription": SMALL, "line": "usage"}
    lines = [
        {**line, "unit": "unassigned", "resource": CHAT, "product": "kiosk", "cents": 40},
        {**line, "unit": "unassigned", "resource": CHAT, "product": "both", "cents": 2},
        {**line, "unit": "finance", "resource": QUIET, "product": "both", "cents": 7},
        {**line, "unit": "unassigned", "resource": CHAT, "product": "", "cents": 5},
        {**line, "unit": "finance", "resource": QUIET, "product": "", "cents": 3},
    ]
    used = {"day": DAY, "subscription": SMALL, "source": "metrics", "product": "",
            "tier": "standard", "bucket": "input", "quantity": 1.0, "estimated": False,
            "seen_at": NOON}  # fmt: skip
    with bare.store.begin() as session:
        estate_days.keep(session, frames.frame(ESTATE_DAYS, days))
        usage = [{**used, "resource": it} for it in (CHAT, QUIET)]
        usage_days.keep(session, frames.frame(USAGE_DAYS, usage))
        bills.keep(session, bill("2026-11", charges=frames.frame(CHARGES, lines)), NOON)
    return bare


MAY = {"ada", "alan", "maria"}


@pytest.mark.parametrize("person", CAST, ids=lambda it: it.id)
def test_who_takes_unallocated_usage_to_a_unit(billed, person):
    def take():
        return assign_usage.to_unit(
            billed.visit(person.id), "product", "Kiosk", "retail-stores", FIRST
        )

    if person.id in MAY:
        take()
        (only,) = kept(billed)
        assert only.body == {"by": "product", "key": "", "value": "kiosk", "unit": "retail-stores"}
    else:
        with pytest.raises(NotAllowed):
            take()
        assert kept(billed) == []


def test_a_manager_takes_a_tags_value_and_a_products_too(billed):
    maria = billed.visit("maria")
    assign_usage.to_unit(maria, "deployment_tag", "shops", "retail", FIRST)
    assign_usage.to_unit(maria, "product", "kiosk", "retail", FIRST)
    assert len(kept(billed)) == 2


@pytest.mark.parametrize(("by", "value"), [
    ("product", "both"), ("product", "unheard"), ("deployment_tag", "retail"),
    ("subscription", SMALL), ("account_tag", "shops"), ("group", "rg-ai-small"),
])  # fmt: skip
def test_a_manager_takes_nothing_that_others_pay_for_or_that_is_not_there(billed, by, value):
    with pytest.raises(NotAllowed, match="not among what nobody pays for"):
        assign_usage.to_unit(billed.visit("maria"), by, value, "retail", FIRST)
    assert kept(billed) == []
    assign_usage.to_unit(billed.visit("ada"), by, value, "retail", FIRST)


def test_a_manager_takes_to_own_units_only_and_no_star(billed):
    maria = billed.visit("maria")
    for unit in ("finance", "unassigned", "nobody"):
        with pytest.raises(NotAllowed):
            assign_usage.to_unit(maria, "product", "kiosk", unit, FIRST)
    for visit in (maria, billed.visit("ada")):
        with pytest.raises((NotAllowed, OutOfRange)):
            assign_usage.to_unit(visit, "deployment_tag", "*", "retail", FIRST)
        with pytest.raises((NotAllowed, OutOfRange)):
            assign_usage.to_unit(visit, "deployment_tag", "*", "", FIRST)
    assert kept(billed) == []


def test_a_manager_ends_no_rule_that_is_still_to_come(billed):
    rule.map_(billed.visit("ada"), "product", "kiosk", "finance", date(2026, 12, 1))
    for day in (FIRST, date(2026, 12, 15)):
        with pytest.raises(NotAllowed, match="not among what nobody pays for"):
            assign_usage.to_unit(billed.visit("maria"), "product", "kiosk", "retail", day)
    (only,) = kept(billed)
    assert only.body["unit"] == "finance"
    assert only.ends is None
