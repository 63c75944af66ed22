"""Rules of cost, months and amounts as people write them; forged ones get a sentence."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import money, months, ruling
from domain.faults import OutOfRange
from domain.units import CONTOSO


@pytest.mark.parametrize(("text", "e8"), [
    ("0", 0), ("-0.00000001", -1), ("1234.56", 123_456_000_000), (7, 700_000_000),
    (Decimal("1E+3"), 100_000_000_000), (" 2 ", 200_000_000), ("1000000000", 10**17),
])  # fmt: skip
def test_amounts_are_whole(text, e8):
    assert money.e8(text) == e8


@pytest.mark.parametrize("text", [
    "", "NaN", "inf", "-", "1e3", "1,5", "1.123456789", "1000000000.01", "9" * 30, "٣", 1.5, True,
    None, Decimal("NaN"), Decimal("-Infinity"), Decimal("0.000000001"), "1\n2", "=1+1", b"1",
])  # fmt: skip
def test_what_is_no_amount(text):
    with pytest.raises(OutOfRange):
        money.e8(text)


@given(st.integers(-(10**17), 10**17))
def test_an_amount_in_words_is_within_half_a_cent(amount):
    shown = Decimal(money.words(amount, "EUR").removesuffix(" EUR").replace(",", ""))
    assert abs(shown * 10**8 - amount) <= 500_000
    assert money.words(-(10**6) * 123_456, "EUR") == "-1,234.56 EUR"
    assert money.words(-1, "EUR") == "0.00 EUR"


@pytest.mark.parametrize("text", ["eur", "EURO", "", "E1R", None, "€€€"])
def test_what_is_no_currency(text):
    with pytest.raises(OutOfRange):
        money.currency(text)


def test_months():
    assert months.after("2026-12") == "2027-01"
    assert months.before("2026-01") == "2025-12"
    assert months.after("2026-05", -17) == "2024-12"
    assert months.through("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert months.through("2026-02", "2026-01") == []
    assert months.end("2026-12") == datetime(2027, 1, 1, tzinfo=UTC)
    assert months.of(months.first("2026-07")) == months.read("2026-07") == "2026-07"


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-1", "26-01", "", None, "2026-01 "])
def test_what_is_no_month(text):
    with pytest.raises(OutOfRange):
        months.read(text)


def test_a_mapping():
    made = ruling.mapping("product", "", "  Chat-ÜBER;<b> ", "retail", CONTOSO)
    assert made == {"by": "product", "key": "", "value": "chat-über;<b>", "unit": "retail"}
    named = ruling.mapping("deployment_tag", "business-unit", "*", "", CONTOSO)
    assert named == {"by": "deployment_tag", "key": "business-unit", "value": "*", "unit": ""}


@pytest.mark.parametrize("told", [
    ("nothing", "", "a", "retail"), ("product", "key", "a", "retail"),
    ("product", "", "", "retail"), ("product", "", "a\nb", "retail"),
    ("product", "", "a\0", "retail"), ("product", "", "a", "no"), ("product", "", "*", ""),
    ("account_tag", "k\n", "a", "retail"), ("product", "", "a", "unassigned"),
    ("account_tag", "k", "*", "retail"), ("product", "", "x" * 501, "retail"),
    ("group", "", "a", []),
])  # fmt: skip
def test_what_is_no_mapping(told):
    with pytest.raises(OutOfRange):
        ruling.mapping(*told, CONTOSO)


FIXED = {"title": "Support", "method": "fixed", "source": {"service": "Support"}}


def fixed(**shares):
    told = {name.replace("_", "-"): it for name, it in shares.items()}
    return ruling.sharing({**FIXED, "shares": told}, CONTOSO)


def test_percentages_are_a_hundred_exactly():
    assert fixed(retail="33.34", finance="66.66")["shares"] == {
        "retail": "33.34",
        "finance": "66.66",
    }
    for shares in (
        {"retail": "99.99"}, {"retail": "50", "finance": "50.01"}, {"retail": "100.001"},
        {"retail": "150", "finance": "-50"}, {"retail": "NaN"}, {"nobody": "100"}, {},
        {"retail": 99.99, "finance": 0.01}, {"retail": "33.333", "finance": "66.667"},
    ):  # fmt: skip
        with pytest.raises(OutOfRange):
            fixed(**shares)


OTHERS = [
    {"method": "even"},
    {"method": "proportional", "fallback": "even"},
    {"method": "driver", "driver": "requests"},
    {"method": "weighted", "driver": "tokens", "shares": {"retail": "2", "finance": "1"}},
    {"method": "entitlement", "shares": {"retail": "1"}},
    {"method": "direct", "shares": {"retail": "100"}},
    {"method": "subsidy", "cap_e8": 10**10, "sponsor": "research"},
]


@pytest.mark.parametrize("told", OTHERS, ids=lambda it: it["method"])
def test_every_method_can_be_stated(told):
    body = ruling.sharing({**FIXED, **told}, CONTOSO)
    assert body["method"] == told["method"]


WRONG = [
    {"method": "magic"}, {"title": ""}, {"title": "x" * 101}, {"source": {}}, {"source": "all"},
    {"source": {"service": "a", "line": "b"}}, {"source": {"planet": "a"}}, {"source": None},
    {"method": "even", "shares": {"retail": "1"}}, {"method": "even", "fallback": "mine"},
    {"method": "driver", "driver": "luck"}, {"method": "driver", "driver": ["tokens"]},
    {"method": "subsidy", "cap_e8": 0, "sponsor": "retail"},
    {"method": "subsidy", "cap_e8": 1.5, "sponsor": "retail"},
    {"method": "subsidy", "cap_e8": 5, "sponsor": "nobody"}, {"method": "weighted", "shares": {}},
    {"method": "weighted", "shares": {"retail": "-1"}}, {"shares": [1]},
]  # fmt: skip


@pytest.mark.parametrize("told", WRONG, ids=repr)
def test_what_is_no_sharing(told):
    with pytest.raises(OutOfRange):
        ruling.sharing({**FIXED, "shares": {"retail": "100"}, **told}, CONTOSO)


def test_idle_rules():
    body = ruling.idle("regional:swedencentral", "entitlement", {"retail": 40}, CONTOSO)
    assert body["entitlements"] == {"retail": 40}
    assert ruling.idle("global:", "platform", {}, CONTOSO)["rule"] == "platform"
    for told in (
        ("global:westeurope", "even", {}), ("regional:", "even", {}), ("x:y", "even", {}),
        ("global", "even", {}), ("global:", "luck", {}), ("global:", "entitlement", {}),
        ("global:", "entitlement", {"retail": 0}), ("global:", "even", {"retail": -1}),
        ("global:", "even", {"retail": 1.5}), ("global:", "even", {"nobody": 1}),
        ("global:", "even", {"retail": 10**9}),
    ):  # fmt: skip
        with pytest.raises(OutOfRange):
            ruling.idle(*told, CONTOSO)
