"""What a draft says before anything is kept: by hand for every kind of unit and rule, and for
estates that nobody thought of."""

import json
from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain import allocation, bounds, effects, frames
from domain.allocation import DRAWN, drafted, filled, moved, up_to_free
from domain.faults import OutOfRange
from domain.plans import Plan
from domain.pools import POOLS, pools
from tests.domain.estates import ACCOUNT, POOL, estate, holder, one, told, usages
from tests.domain.rows import SUB, day

PTU_POOL = f"{SUB}|westeurope|openai.provisionedmanaged"
O1_POOL = f"{SUB}|westeurope|openai.standard.o1"


def id(name):
    return f"{ACCOUNT}/deployments/{name}"


def drawn(*rows, used=60.0, limit=100.0):
    """These rows and their pools, all as full as each other."""
    rows = estate(*rows)
    names = sorted({it.rpartition("|")[2] for it in rows["pool"].dropna()})
    said = usages(*({"usage_name": it, "used": used, "limit": limit} for it in names))
    return rows, pools(rows, said)


def draft(*rows, to, **numbers):
    return drafted(*drawn(*rows, **numbers), {id(name): units for name, units in to.items()})


# --- effects, by hand --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "fields", "to", "line"),
    [
        # 30 -> 50 units of 1,000 TPM and 6 RPM; 40,000 / 50,000 = 0.8; 270 / 300 = 0.9
        (
            "rate",
            {"capacity": 30, "peak_tpm_30d": 40_000.0, "peak_rpm_30d": 270.0},
            50,
            (30_000, 50_000, 180, 300, 0.1, False),
        ),
        # 8 -> 5 units of 6,000 TPM and 1 RPM; 33,000 / 30,000 = 1.1
        (
            "o1",
            {"capacity": 8, "peak_tpm_30d": 33_000.0, "peak_rpm_30d": 2.0},
            5,
            (48_000, 30_000, 8, 5, -0.1, True),
        ),
        # 4 -> 2 units of 10,000 TPM and 1 RPM; 10,000 / 20,000; 3 / 2 = 1.5
        (
            "o3",
            {"capacity": 4, "peak_tpm_30d": 10_000.0, "peak_rpm_30d": 3.0},
            2,
            (40_000, 20_000, 4, 2, -0.5, True),
        ),
        # requests only
        ("whisper", {"capacity": 3, "peak_rpm_30d": 2.0}, 4, (None, None, 3, 4, 0.5, False)),
        # 60 % of 50 PTU = 30 of 40
        (
            "ptu",
            {"capacity": 50, "utilization_30d": 60.0},
            40,
            (None, None, None, None, 0.25, False),
        ),
        # 90 % of 50 PTU = 45 of 40
        (
            "ptu",
            {"capacity": 50, "utilization_30d": 90.0},
            40,
            (None, None, None, None, -0.125, True),
        ),
        # idle for 30 days: nothing would throttle
        ("rate", {"capacity": 30, "idle": True}, 1, (30_000, 1_000, 180, 6, 1, False)),
        # no peak is known, or only one of two
        ("rate", {"capacity": 30}, 20, (30_000, 20_000, 180, 120, None, None)),
        (
            "rate",
            {"capacity": 30, "peak_tpm_30d": 10_000.0},
            20,
            (30_000, 20_000, 180, 120, 0.5, None),
        ),
        (
            "rate",
            {"capacity": 30, "peak_tpm_30d": 22_000.0},
            20,
            (30_000, 20_000, 180, 120, -0.1, True),
        ),
        ("batch", {"capacity": 30}, 20, (None, None, None, None, None, None)),
    ],
)
def test_a_line_by_hand(kind, fields, to, line):
    row = one(draft(holder(kind=kind, **fields), to={"chat": to}).lines)
    assert (row["before"], row["after"]) == (fields["capacity"], to)
    assert row["change"] == to - fields["capacity"]
    names = ["before_tpm", "after_tpm", "before_rpm", "after_rpm", "headroom", "would_throttle"]
    found = [told(row[it]) for it in names]
    assert found == [it if it is None else pytest.approx(it) for it in line]


def test_a_pool_by_hand():
    rows = [holder("a", capacity=30), holder("b", capacity=20), holder("c", capacity=10)]
    found = draft(*rows, to={"a": 5, "b": 50, "c": 12}, used=65.0, limit=100.0)
    pool = one(found.pools)
    assert list(found.pools) == list(DRAWN)
    # 65 - 25 + 30 + 2 = 72; on the way 65 - 25 = 40
    assert (pool["used_before"], pool["used_after"], pool["lowest"]) == (65, 72, 40)
    assert (pool["limit"], pool["free_before"], pool["free_after"]) == (100, 35, 28)
    assert told(pool["broken"]) is None
    assert found.broken == ()
    assert found.worst == (
        "On the way, 25 units of OpenAI.Standard.gpt-4o in westeurope are given back and not yet "
        "taken."
    )
    assert [(it.resource, it.amount) for it in found.legs] == [
        (id("a"), -25),
        (id("b"), 30),
        (id("c"), 2),
    ]


def test_pools_are_counted_apart():
    rows = [holder("a"), holder("o1", "o1", pool=O1_POOL, usage_name="openai.standard.o1")]
    found = draft(*rows, to={"a": 90, "o1": 120}, used=100.0, limit=130.0)
    assert found.pools["used_after"].tolist() == [90, 120]
    assert found.worst == "", "nothing is taken from where it was given"


def test_a_leg_says_what_it_writes():
    (leg,) = draft(holder(capacity=10), to={"chat": 12}).legs
    assert (leg.lever, leg.resource, leg.etag) == ("capacity", id("chat"), '"1"')
    assert json.loads(leg.before) == {"sku": "Standard", "capacity": 10}
    assert json.loads(leg.target) == {"sku": "Standard", "capacity": 12}
    assert (leg.pool, leg.amount, leg.unit) == (POOL, 2, "retail")


def test_what_does_not_change_is_shown_and_not_done():
    found = draft(holder("a", capacity=10), holder("b", capacity=10), to={"a": 10, "b": 11.0})
    assert found.lines["change"].tolist() == [0, 1]
    assert [it.resource for it in found.legs] == [id("b")]
    assert told(found.lines["reversible"][0]) is None


def test_a_draft_of_nothing_breaks_nothing():
    found = draft(holder(), to={})
    assert (found.broken, found.legs, found.policy, found.worst, found.title) == (
        (),
        (),
        "",
        "",
        "",
    )
    assert found.lines.empty
    assert found.pools.empty


# --- rules -------------------------------------------------------------------------------------

PTU = {"kind": "ptu", "pool": PTU_POOL, "usage_name": "openai.provisionedmanaged"}
RULES = [
    ({}, 100.5, "100.5 is not a whole number of units."),
    ({}, "ten", "ten is not a whole number of units."),
    ({}, None, "Nothing is not a whole number of units."),
    ({}, float("nan"), "Nothing is not a whole number of units."),
    ({}, float("inf"), "inf is not a whole number of units."),
    ({}, True, "True is not a whole number of units."),
    ({}, 10**12, "1000000000000 is not a whole number of units."),
    ({}, "x" * 40, f"{'x' * 20}… is not a whole number of units."),
    ({}, -1, "-1 units: capacity is never negative."),
    ({}, 0, "0 is under the minimum of 1 units."),
    ({}, 1_001, "1,001 is over the maximum of 1,000 units."),
    (PTU, 10, "10 is under the minimum of 15 units."),
    (PTU, 103, "103 is off the step: it goes in steps of 5 units."),
    ({"capacity_allowed": "50, 100, 200"}, 150, "not one of the values allowed: 50, 100, 200."),
    ({"health": "Changing"}, 99, "It is not ready but changing."),
    ({"health": "Failed"}, 99, "It is not ready but failed."),
    ({"health": None}, 99, "It is not ready but in a state that is not known."),
    ({"pool": None}, 99, "Its quota pool is not known, so nobody can say whether there is room."),
    ({"etag": None}, 99, "It was not read whole; have it read again first."),
    ({"capacity": None}, 99, "What it has now is not known."),
    ({"sku": None}, 99, "What it has now is not known."),
    (
        {"fate": "retired on", "retires_at": day("2026-06-01")},
        101,
        "gpt-4o 2024-11-20 retired on 2026-06-01; it takes no more capacity.",
    ),
    ({"lifecycle": "Deprecated"}, 101, "gpt-4o 2024-11-20 is retired; it takes no more capacity."),
]


@pytest.mark.parametrize(("fields", "to", "says"), RULES)
def test_every_rule_names_itself_beside_its_cell(fields, to, says):
    found = draft(holder(**fields), to={"chat": to}, limit=10_000.0)
    assert one(found.lines)["broken"].endswith(says)
    (broken,) = found.broken
    assert broken == f"aoai-shop/chat: {one(found.lines)['broken']}"
    assert found.legs == ()
    assert found.pools.empty


@pytest.mark.parametrize(
    "fields", [{"fate": "retired on", "retires_at": day("2026-06-01")}, {"lifecycle": "Deprecated"}]
)
def test_a_retired_model_may_give(fields):
    assert draft(holder(**fields), to={"chat": 1}).broken == ()


def test_a_deployment_that_is_not_there_is_named_as_nothing():
    found = draft(holder(), to={"chat": 99, "other": 5})
    assert found.broken == ("This deployment is not among those you may change.",)
    assert told(found.lines["deployment"][1]) is None
    assert len(found.legs) == 1


def test_a_pool_has_a_limit():
    found = draft(holder("a"), holder("b"), to={"a": 120, "b": 121}, used=60.0, limit=100.0)
    says = "OpenAI.Standard.gpt-4o in westeurope: 101 units would be used of 100, 1 too many."
    assert found.broken == (says,)
    assert found.lines["broken"].tolist() == [says, says]
    assert one(found.pools)["broken"] == says
    assert draft(holder("a"), to={"a": 140}, used=60.0, limit=100.0).broken == ()


def test_who_gives_is_not_to_blame_for_a_full_pool():
    found = draft(holder("a"), holder("b"), to={"a": 99, "b": 102}, used=100.0, limit=100.0)
    assert [told(it) is None for it in found.lines["broken"]] == [True, False]


def test_a_pool_over_its_limit_may_be_left_but_not_entered():
    rows = (holder("a"), holder("b"))
    assert draft(*rows, to={"a": 80}, used=120.0, limit=90.0).broken == ()
    assert draft(*rows, to={"a": 80, "b": 105}, used=120.0, limit=90.0).broken


@pytest.mark.parametrize("numbers", [{"limit": None}, {"used": None}])
def test_without_a_limit_that_is_known_nothing_is_taken(numbers):
    (says,) = draft(holder(**PTU), to={"chat": 105}, **numbers).broken
    assert says.endswith("Azure does not say how much quota there is.")
    assert draft(holder(**PTU), to={"chat": 95}, **numbers).broken == ()


def test_a_pool_that_azure_does_not_list_takes_nothing():
    rows = estate(holder())
    found = drafted(rows, pools(rows, usages()), {id("chat"): 101})
    assert "Azure does not say how much quota there is." in found.broken[0]


# --- sentences ---------------------------------------------------------------------------------

KNOWN = {"peak_tpm_30d": 10_000.0, "peak_rpm_30d": 6.0}


@pytest.mark.parametrize(
    ("fields", "to", "says"),
    [
        (PTU, 105, "Billed per PTU-hour: +5 PTU. Quota is not capacity: Azure may have none free."),
        ({**PTU, "utilization_30d": 1.0}, 50, "Billed per PTU-hour: -50 PTU."),
        (KNOWN, 9, "Its busiest minute of the last 30 days would not fit: it would throttle."),
        ({}, 9, "What it needs is not known: it may throttle."),
        (
            {**KNOWN, "peaks_30d_are": "hourly means"},
            50,
            "Its peaks are hourly means: single minutes were busier.",
        ),
        (
            {**KNOWN, "standby": True},
            50,
            "It is standby: its units are there for the day it is needed.",
        ),
        (KNOWN, 50, None),
        (
            {"fate": "stops on", "acts_at": day("2026-09-13"), "days_left": 90},
            101,
            "gpt-4o 2024-11-20 stops on 2026-09-13.",
        ),
        ({"fate": "stops on", "acts_at": day("2026-09-14"), "days_left": 91}, 101, None),
        ({}, 100, None),
    ],
)
def test_what_a_line_warns_of(fields, to, says):
    assert told(one(draft(holder(**fields), to={"chat": to}).lines)["warning"]) == says


def test_who_takes_the_overflow_of_others_is_warned_of():
    rows = (holder(**KNOWN), holder("ptu", "ptu", spillover="Chat"))
    line = draft(*rows, to={"chat": 50}).lines.iloc[0]
    assert line["warning"] == "ptu spills over into it."


@pytest.mark.parametrize(
    ("fields", "to", "says"),
    [
        ({}, 101, "Yes: undo gives the units back."),
        ({}, 99, "Yes, as long as its pool still has room for it."),
        (PTU, 105, "Yes: undo gives the units back."),
        (PTU, 95, "Not for certain: others can take provisioned capacity that is given back."),
    ],
)
def test_whether_it_can_be_taken_back(fields, to, says):
    assert one(draft(holder(**fields), to={"chat": to}).lines)["reversible"] == says


def test_peaks_of_a_part_of_the_month_say_so():
    said = {"covered_30d": 288, "peaks_30d_are": "hourly means"}
    rows = (holder("a", **said), holder("b"), holder("c", peaks_30d_are=None, covered_30d=288))
    found = draft(*rows, to={"a": 1, "b": 1, "c": 1}).lines["peaks_are"]
    assert [told(it) for it in found] == ["hourly means, of 12 days", "by the minute", None]


@pytest.mark.parametrize(
    ("to", "title"),
    [
        ({"a": 110}, "Raise aoai-shop/a from 100 to 110 units"),
        ({"a": 90}, "Lower aoai-shop/a from 100 to 90 units"),
        ({"a": 80, "b": 120}, "Move 20 units from aoai-shop/a to aoai-shop/b"),
        ({"a": 80, "b": 119}, "Change the capacity of 2 deployments"),
        ({"a": 80, "p": 120}, "Change the capacity of 2 deployments"),
        ({"p": 105}, "Raise aoai-shop/p from 100 to 105 PTU"),
    ],
)
def test_a_draft_has_one_line_for_people(to, title):
    rows = (holder("a"), holder("b"), holder("p", **PTU))
    assert draft(*rows, to=to, limit=1_000.0).title == title


def test_it_says_why_a_second_person_is_needed():
    live = holder(environment="prod")
    assert draft(live, to={"chat": 101}).policy == "production is among it"
    assert draft(holder(), to={"chat": 101}).policy == ""
    assert draft(live, to={"chat": 100}).policy == "", "nothing changes"
    assert draft(holder(), to={"chat": 130}).policy == "it is a large change", "of the pool's limit"


def test_the_fingerprint_is_that_of_the_plan_and_follows_what_is_there():
    found = draft(holder(), to={"chat": 101})
    assert (
        found.fingerprint
        == Plan(found.legs, "x", "y", datetime(2026, 1, 1, tzinfo=UTC)).fingerprint
    )
    assert draft(holder(etag='"2"'), to={"chat": 101}).fingerprint != found.fingerprint
    assert draft(holder(capacity=99), to={"chat": 101}).fingerprint != found.fingerprint


# --- ways to say what is wanted ----------------------------------------------------------------


def test_a_move_takes_and_gives():
    rows = estate(holder("a", capacity=30), holder("b", capacity=20))
    assert moved(rows, id("a"), id("b"), 5) == {id("a"): 25, id("b"): 25}


@pytest.mark.parametrize(
    ("giver", "taker", "units", "says"),
    [
        ("a", "a", 5, "two deployments"),
        ("a", "b", 0, "1 or more"),
        ("a", "b", -1, "1 or more"),
        ("a", "b", 1.5, "1 or more"),
        ("a", "gone", 1, "not among those"),
        ("gone", "a", 1, "not among those"),
        ("a", "o1", 1, "aoai-shop/a and aoai-shop/o1 draw on different pools."),
        ("a", "stray", 1, "aoai-shop/a and aoai-shop/stray draw on different pools."),
        ("stray", "lost", 1, "draw on different pools."),
        ("unknown", "a", 1, "What aoai-shop/unknown has now is not known."),
    ],
)
def test_a_move_that_cannot_be_says_why(giver, taker, units, says):
    rows = estate(
        holder("a"),
        holder("b"),
        holder("o1", "o1", pool=O1_POOL),
        holder("stray", pool=None),
        holder("lost", pool=None),
        holder("unknown", capacity=None),
    )
    with pytest.raises(OutOfRange, match=says):
        moved(rows, id(giver), id(taker), units)


@pytest.mark.parametrize(
    ("kind", "to", "of", "units"),
    [
        ("rate", 50, "units", 50),
        ("rate", 42_500, "tpm", 43),
        ("rate", 0, "tpm", 1),
        ("rate", 61, "rpm", 11),
        ("o1", 42_500, "tpm", 8),
        ("o3", 42_500, "tpm", 5),
        ("rate", 2_000_000, "tpm", 2_000),  # over the maximum: the draft says so
    ],
)
def test_a_fill_finds_the_least_units_that_carry_it(kind, to, of, units):
    assert filled(estate(holder(kind=kind)), id("chat"), to, of) == {id("chat"): units}


@pytest.mark.parametrize(("kind", "of"), [("whisper", "tpm"), ("ptu", "tpm"), ("batch", "rpm")])
def test_a_fill_in_a_measure_that_the_unit_does_not_know(kind, of):
    with pytest.raises(OutOfRange, match=f"has no limit of {of.upper()}"):
        filled(estate(holder(kind=kind)), id("chat"), 5, of)


@pytest.mark.parametrize(
    ("fields", "free", "units"),
    [
        ({}, 40.0, 140),
        ({}, 0.0, 100),
        ({}, -20.0, 100),
        (PTU, 13.0, 110),
        ({"capacity_max": 120}, 40.0, 120),
        ({"capacity_max": 90}, 40.0, 100),
    ],
)
def test_up_to_what_is_free(fields, free, units):
    rows, there = drawn(holder(**fields), used=200.0 - free, limit=200.0)
    assert up_to_free(rows, there, id("chat")) == {id("chat"): units}


def test_up_to_what_nobody_knows():
    rows, there = drawn(holder(), limit=None)
    with pytest.raises(OutOfRange, match="is not known"):
        up_to_free(rows, there, id("chat"))
    with pytest.raises(OutOfRange, match="is not known"):
        up_to_free(rows, there[:0], id("chat"))


# --- whatever the estate -----------------------------------------------------------------------

NAMES = ["a", "b", "c", "d", "e"]
UNITS = some.one_of(some.integers(-5, 260), some.integers(0, 50).map(lambda it: it * 5))


@some.composite
def estates(draw):
    """Deployments of three pools, and how full these are."""
    kinds = {"rate": POOL, "o1": O1_POOL, "ptu": PTU_POOL}
    rows = []
    for name in NAMES:
        kind = draw(some.sampled_from(list(kinds)))
        least, step = draw(some.sampled_from([(None, None), (15, 5), (20, 10)]))
        fields = {
            "capacity": draw(some.integers(3, 25)) * 10,
            "capacity_min": least,
            "capacity_step": step,
            "capacity_max": draw(some.sampled_from([None, 250])),
            "pool": kinds[kind],
            "usage_name": kinds[kind].rpartition("|")[2],
            "health": draw(some.sampled_from(["Ready"] * 19 + ["Changing"])),
        }
        rows.append(holder(name, kind, **fields))
    rows = estate(*rows)
    held = rows.groupby("pool")["capacity"].sum()
    said = []
    for pool, used in held.items():
        limit = used + draw(some.integers(-20, 400))
        said.append({"pool": pool, "used": used, "limit": limit, "free": limit - used})
    return rows, frames.frame(POOLS, said)


GENTLE = some.integers(2, 25).map(lambda it: it * 10)
WANTED = some.dictionaries(some.sampled_from(NAMES), GENTLE, min_size=2) | some.dictionaries(
    some.sampled_from(NAMES), UNITS, min_size=1
)


def checked(rows, there, found):
    """A draft without broken rules can be carried out leg by leg, in its order."""
    by = {it["resource"]: it for it in rows.to_dict("records")}
    used = there.set_index("pool")["used"].to_dict()
    limit = there.set_index("pool")["limit"].to_dict()
    grown = False
    for leg in found.legs:
        units = json.loads(leg.target)["capacity"]
        assert bounds.of(by[leg.resource]).broken(units) == ""
        assert by[leg.resource]["health"] == "Ready"
        assert leg.amount == units - by[leg.resource]["capacity"] != 0
        assert not (grown and leg.amount < 0), "whatever gives goes first"
        grown = leg.amount > 0
        used[leg.pool] += leg.amount
        assert leg.amount < 0 or used[leg.pool] <= limit[leg.pool]
    return used


@settings(max_examples=120, deadline=None)
@given(whole=estates(), to=WANTED)
def test_a_draft_without_broken_rules_breaks_none_on_the_way(whole, to):
    rows, there = whole
    found = drafted(rows, there, {id(name): units for name, units in to.items()})
    if found.broken:
        broken = [it for it in found.lines["broken"] if not pd.isna(it)]
        assert broken, "what is broken is said beside a cell"
        assert {
            it.partition(": ")[2] if it.startswith("aoai-shop") else it for it in found.broken
        } <= {*broken}
    else:
        used = checked(rows, there, found)
        for pool, after in zip(found.pools["pool"], found.pools["used_after"], strict=True):
            assert used[pool] == after
        assert found.lines["broken"].isna().all()


@settings(max_examples=80, deadline=None)
@given(whole=estates(), to=WANTED)
def test_the_amounts_of_the_legs_are_what_the_pools_gain(whole, to):
    rows, there = whole
    found = drafted(rows, there, {id(name): units for name, units in to.items()})
    sums = dict.fromkeys(found.pools["pool"], 0)
    for leg in found.legs:
        sums[leg.pool] += leg.amount
    gained = (found.pools["used_after"] - found.pools["used_before"]).tolist()
    assert list(sums.values()) == gained
    lowest = (found.pools["lowest"] <= found.pools[["used_before", "used_after"]].min(axis=1)).all()
    assert lowest
    assert [leg.amount > 0 for leg in found.legs] == sorted(leg.amount > 0 for leg in found.legs)


@settings(max_examples=60, deadline=None)
@given(whole=estates(), giver=some.sampled_from(NAMES), taker=some.sampled_from(NAMES), units=UNITS)
def test_a_move_conserves_the_units_of_its_pool(whole, giver, taker, units):
    rows, there = whole
    try:
        targets = moved(rows, id(giver), id(taker), units)
    except OutOfRange:
        of = rows.set_index("resource")["pool"]
        assert giver == taker or units <= 0 or of[id(giver)] != of[id(taker)]
        return
    held = rows.set_index("resource")["capacity"]
    assert sum(targets.values()) == held[list(targets)].sum()
    found = drafted(rows, there, targets)
    if not found.broken:
        assert one(found.pools)["used_after"] == one(found.pools)["used_before"]
        assert found.title == f"Move {units:,} units from aoai-shop/{giver} to aoai-shop/{taker}"


@settings(max_examples=60, deadline=None)
@given(whole=estates(), name=some.sampled_from(NAMES))
def test_up_to_what_is_free_always_fits(whole, name):
    rows, there = whole
    targets = up_to_free(rows, there, id(name))
    row = rows[rows["resource"] == id(name)].iloc[0]
    assert targets[id(name)] >= row["capacity"]
    if row["health"] == "Ready":
        assert drafted(rows, there, targets).broken == ()


def test_what_is_read_is_of_the_inventory():
    assert set(effects.READ) <= set(estate())
    assert allocation.MEASURES == ("units", "tpm", "rpm")
