"""What is advised, by hand; and that it can be followed to the letter, whatever the estate."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain import advice as nouns
from domain import frames
from domain.advice import ADVICE, CEILING, ELSEWHERE, GIVE, KINDS, PURGE, RECLAIM
from domain.allocation import drafted
from domain.holders import holders
from domain.pools import POOLS
from tests.domain.estates import ACCOUNT, NOW, POOL, ago, estate, holder, one, told
from tests.domain.rows import SUB

REFUSED = {"requests": 1_000.0, "throttled": 200.0, "throttled_share": 0.2, "peak_share": 0.99}
BUSY = {**REFUSED, "throttled_30d": 200.0, "requests_30d": 1_000.0}
CALM = {"peak_tpm_30d": 10_000.0, "peak_rpm_30d": 6.0}
PTU_POOL = f"{SUB}|westeurope|openai.provisionedmanaged"


def id(name):
    return f"{ACCOUNT}/deployments/{name}"


def pool(key=POOL, **fields):
    _, place, name = key.split("|")
    plain = {"pool": key, "subscription": SUB, "reach": "Region", "place": place}
    return {**plain, "usage_name": name, "title": "gpt-4o", "limit": 400.0, "free": 0.0, **fields}


def given_advice(*rows, pools=None, capacities=None, deleted=None):
    told = frames.frame(POOLS, [pool()] if pools is None else pools)
    beside = [
        None if it is None else frames.frame(columns, it)
        for columns, it in ((frames.CAPACITIES, capacities), (frames.DELETED, deleted))
    ]
    found = nouns.advice(holders(estate(*rows)), told, *beside)
    assert list(found) == list(ADVICE)
    assert set(found["kind"]) <= set(KINDS)
    assert found["rank"].is_monotonic_decreasing
    assert found[["kind", "resource", "why", "gain", "rank"]].notna().all().all()
    return found


# --- giving to the throttled -------------------------------------------------------------------


def test_from_what_is_free():
    # 100 / 0.8 x 1.2 = 150
    row = one(given_advice(holder(**BUSY), pools=[pool(free=80.0)]))
    assert (row["kind"], row["resource"], row["units"]) == (GIVE, id("chat"), 50)
    assert told(row["donor"]) is None
    assert row["why"] == (
        "20.0% of its requests were refused with 429; its pool has room for 50 units."
    )
    assert row["gain"] == "Avoids up to 200 refusals of a period like this one."
    assert row["rank"] == pytest.approx(4.2)


def test_production_wants_more_and_goes_first():
    # 100 / 0.8 x 1.4 = 175
    rows = (holder("a", **BUSY), holder("live", environment="prod", **BUSY))
    found = given_advice(*rows, pools=[pool(free=100.0)])
    assert found[["deployment", "units"]].values.tolist() == [["live", 75], ["a", 25]]
    assert found["rank"].tolist() == pytest.approx([4.7, 4.2])
    assert found["why"][1].endswith("its pool has room for 25 units of 50 that it needs.")


def test_from_who_can_give():
    # calm keeps 12 of 100, and gives 50 of the 88 that it could
    found = given_advice(holder("busy", **BUSY), holder("calm", **CALM))
    gift, rest = found.to_dict("records")
    assert (gift["kind"], gift["donor"], gift["units"]) == (GIVE, id("calm"), 50)
    assert gift["why"].endswith("aoai-shop/calm can give 50 units of the same pool.")
    assert (rest["kind"], rest["resource"], rest["units"]) == (RECLAIM, id("calm"), 38)


def test_nothing_is_promised_twice():
    rows = (holder("a", **BUSY), holder("b", **BUSY), holder("calm", **CALM))
    found = given_advice(*rows, pools=[pool(free=20.0)])
    # a: 50 from calm, which has 38 left; b: 38 from calm rather than the 20 that are free
    assert found[["kind", "deployment", "units"]].values.tolist() == [
        [GIVE, "a", 50],
        [GIVE, "b", 38],
    ]


def test_who_is_refused_gives_nothing_now():
    just = {**CALM, **REFUSED, "requests_30d": 1e6, "throttled_30d": 200.0}
    found = given_advice(holder("busy", **BUSY), holder("just", **just))
    assert found["donor"].isna().all()
    assert found["kind"].tolist() == [ELSEWHERE, ELSEWHERE], "nor is it told to give"


def test_units_stay_on_both_steps():
    ptu = {"kind": "ptu", "pool": PTU_POOL, "usage_name": "openai.provisionedmanaged"}
    rows = (
        holder("busy", **ptu, capacity_step=10, **BUSY),
        holder("calm", **ptu, utilization_30d=30.0, capacity=95),
    )
    # wants 50; calm keeps 35 of 95 and could give 60, and 50 leaves it 45
    found = given_advice(*rows, pools=[pool(PTU_POOL)])
    assert found.loc[0, ["kind", "units"]].tolist() == [GIVE, 50]


def test_a_donor_between_two_steps_gives_once():
    off = holder("off", capacity=42, capacity_step=4, idle=True)
    wants = {**BUSY, "capacity": 10, "throttled_share": 0.1}
    found = given_advice(holder("a", **wants), holder("b", **wants), off)
    # 10 / 0.9 x 1.2 = 13.3: both want 4; 42 - 2 = 40 is on the step, 40 - 2 is not
    gifts = found[found["kind"] == GIVE]
    assert gifts[["deployment", "units"]].values.tolist() == [["a", 2]]


def test_a_refusal_far_below_the_limit_may_have_another_cause():
    rows = holder(**BUSY | {"peak_share": 0.3})
    why = one(given_advice(rows, pools=[pool(free=80.0)]))["why"]
    assert why.endswith("reached only 30% of its limit: there may be another cause.")


@pytest.mark.parametrize(
    "fields",
    [
        {"throttled_share": 0.009},
        {"throttled_share": None},
        {"health": "Changing"},
        {"pool": None},
        {"fate": "retired on"},
        {"lifecycle": "Deprecated"},
        {"capacity": None},
        {"capacity_max": 100},
    ],
)
def test_who_gets_nothing(fields):
    found = given_advice(holder(**BUSY | fields), pools=[pool(free=80.0)])
    assert not found["kind"].isin([GIVE, ELSEWHERE]).any()


# --- elsewhere ---------------------------------------------------------------------------------


def room(region="northeurope", available=500.0, **fields):
    of = {"subscription": SUB, "format": "OpenAI", "model": "gpt-4o", "version": "2024-11-20"}
    return {**of, "sku": "Standard", "region": region, "available": available, **fields}


def test_where_the_model_is_free():
    wide = {"sku": "GlobalStandard", "scope_type": "Global", "scope_id": "Global"}
    zone = {"sku": "DataZoneStandard", "scope_type": "DataZone", "scope_id": "EU"}
    row = one(
        given_advice(
            holder(**BUSY),
            capacities=[
                room("westeurope", 900.0),  # its own pool, which is full whatever this says
                room("northeurope", 20.0),
                room("swedencentral", 30.0, sku="standard"),
                room("eastus", 0.0),
                room("eastus2", None),
                room("uksouth", 700.0, version="2024-08-06"),
                *(room(it, 800.0, **wide) for it in ("westeurope", "northeurope", "eastus")),
                room("northeurope", 60.0, **zone),
                room("northeurope", 5_000.0, subscription="other"),
            ],
        )
    )
    assert row["kind"] == ELSEWHERE
    assert row["why"] == (
        "20.0% of its requests were refused with 429, and nothing in its pool is known to be free. "
        "Free: 30 as "
        "standard in swedencentral; 20 as Standard in northeurope; 800 as GlobalStandard in any "
        "region."
    )
    assert row["units"] == 30
    assert row["rank"] == pytest.approx(3.2)


def test_its_own_wide_pool_is_not_elsewhere():
    key = f"{SUB}|Global:global|openai.globalstandard.gpt-4o"
    wide = {"sku": "GlobalStandard", "scope_type": "Global", "scope_id": "Global"}
    row = one(
        given_advice(
            holder(pool=key, **BUSY | {"sku": "GlobalStandard"}),
            pools=[pool(key)],
            capacities=[room("eastus", 800.0, **wide)],
        )
    )
    assert row["why"].endswith("Nowhere has its model capacity free: ask for more quota.")
    assert told(row["units"]) is None


@pytest.mark.parametrize("capacities", [None, [], [room(model="o3")]])
def test_what_nobody_asked_is_not_known(capacities):
    row = one(given_advice(holder(**BUSY), capacities=capacities))
    assert row["why"].endswith("Where else its model has capacity is not known.")


# --- reclaiming --------------------------------------------------------------------------------


def test_what_lies_idle():
    row = one(given_advice(holder(idle=True)))
    assert (row["kind"], row["units"]) == (RECLAIM, 99)
    assert row["why"] == "No request for 30 days; it holds 100 units."
    assert row["gain"] == "99 units for others of its pool, 25% of its limit."
    assert row["rank"] == pytest.approx(99 / 400)


def test_what_is_too_large():
    row = one(given_advice(holder(**CALM)))
    assert row["why"] == (
        "It needs 12 of its 100 units: its busiest minute of 30 days, and a margin."
    )
    assert given_advice(holder(peak_tpm_30d=45_000.0, peak_rpm_30d=1.0)).empty, "46 of 100"


def test_idle_ptu_costs_money_and_goes_before():
    ptu = {"kind": "ptu", "pool": PTU_POOL}
    found = given_advice(
        holder("std", idle=True),
        holder("ptu", **ptu, utilization_30d=60.0),
        pools=[pool(), pool(PTU_POOL)],
    )
    # 60 x 1.2 = 72, on the step 75: 25 idle
    assert found[["deployment", "units"]].values.tolist() == [["ptu", 25], ["std", 99]]
    assert found["gain"][0] == "25 idle PTU, billed by the hour."
    assert found["rank"][0] == pytest.approx(3.25)


def test_a_limit_that_is_not_known_is_not_divided_by():
    row = one(given_advice(holder(idle=True), pools=[pool(limit=None)]))
    assert (row["gain"], row["rank"]) == ("99 units for others of its pool.", 0)
    assert one(given_advice(holder(idle=True), pools=[]))["rank"] == 0


# --- ceilings and purges -----------------------------------------------------------------------


def test_near_the_most_that_a_deployment_may_have():
    row = one(given_advice(holder(capacity=900)))
    assert (row["kind"], row["units"], row["rank"]) == (CEILING, 100, pytest.approx(1.9))
    assert row["why"] == "It has 900 of the 1,000 units that one deployment may have."
    assert given_advice(holder(capacity=899)).empty
    assert given_advice(holder(capacity=899, capacity_max=None)).empty


def test_near_the_deployments_that_an_account_takes():
    row = one(given_advice(*(holder(f"d{it}") for it in range(28))))
    assert (row["kind"], row["resource"]) == (CEILING, ACCOUNT)
    assert row["why"] == "It has 28 of the 32 deployments that one account takes."
    assert given_advice(*(holder(f"d{it}") for it in range(27))).empty


GONE = {
    "account_id": ACCOUNT,
    "deleted_resource": "/gone/aoai-shop",
    "account": "aoai-shop",
    "subscription": SUB,
    "region": "westeurope",
    "kind": "OpenAI",
    "deleted_at": ago(hours=2),
    "purge_at": NOW,
}


def test_what_deleted_accounts_may_still_hold():
    wide = f"{SUB}|Global:global|x"
    pools = [
        pool(unexplained=40.0, deleted=1),
        pool(f"{SUB}|northeurope|y", unexplained=70.0, deleted=0),
        pool(wide, reach="Global", place="Global", title="o3", unexplained=60.0, deleted=2),
        pool(f"{SUB}|westeurope|z", unexplained=0.0, deleted=1),
        pool(f"{SUB}|westeurope|w", unexplained=None, deleted=1),
    ]
    row = one(given_advice(pools=pools, deleted=[GONE]))
    assert (row["kind"], row["resource"], row["account"]) == (PURGE, "/gone/aoai-shop", "aoai-shop")
    assert (row["pool"], row["units"], row["rank"]) == (wide, 60, 2.5)
    assert row["why"] == (
        "It is deleted and kept until 2026-06-15 09:30 UTC. Used by no deployment that is there: "
        "60 of o3 in Global, 40 of gpt-4o in westeurope units."
    )
    assert given_advice(pools=pools).empty


@pytest.mark.parametrize(
    "other", [{"kind": "SpeechServices"}, {"region": "eastus"}, {"subscription": "other"}]
)
def test_other_deleted_accounts_hold_none_of_it(other):
    assert given_advice(pools=[pool(unexplained=40.0)], deleted=[GONE | other]).empty


def test_a_deleted_account_without_dates():
    bare = GONE | {"purge_at": None, "kind": None}
    row = one(given_advice(pools=[pool(unexplained=40.0)], deleted=[bare]))
    assert row["why"].startswith("It is deleted and kept. Used by")


def test_nothing_gives_nothing():
    assert given_advice(pools=[]).empty


# --- whatever the estate -----------------------------------------------------------------------

NAMES = ["a", "b", "c", "d", "e", "f"]
BOUNDS = [(None, None), (15, 5), (20, 10), (12, 4)]


@some.composite
def worlds(draw):
    rows = []
    for name in NAMES:
        least, step = draw(some.sampled_from(BOUNDS))
        share = draw(some.sampled_from([0.0, 0.0, 0.005, 0.02, 0.3, 0.9]))
        rows.append(
            holder(
                name,
                draw(some.sampled_from(["rate", "ptu"])),
                capacity=draw(some.integers(2, 30)) * 10,
                capacity_min=least,
                capacity_step=step,
                capacity_max=draw(some.sampled_from([None, 250, 300])),
                peak_tpm_30d=draw(some.floats(0, 3e5)),
                peak_rpm_30d=draw(some.floats(0, 1_500)),
                utilization_30d=draw(some.floats(0, 100)),
                throttled_share=share,
                throttled=share * 100,
                throttled_30d=draw(some.sampled_from([0.0, share])) * 100,
                requests_30d=100.0,
                environment=draw(some.sampled_from(["prod", "dev"])),
                idle=draw(some.booleans()) and not share,
                pool=draw(some.sampled_from([POOL, PTU_POOL])),
            )
        )
    held = estate(*rows)
    used = held.groupby("pool")["capacity"].sum()
    pools = [
        pool(key, used=units, limit=units + (free := draw(some.integers(0, 150))), free=free)
        for key, units in used.items()
    ]
    return held, frames.frame(POOLS, pools)


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_advice_can_be_followed_all_at_once(world):
    rows, pools = world
    found = nouns.advice(holders(rows), pools)
    held = rows.set_index("resource")["capacity"].to_dict()
    targets = dict(held)
    for it in found[found["kind"].isin([GIVE, RECLAIM])].to_dict("records"):
        if it["kind"] == GIVE:
            targets[it["resource"]] += int(it["units"])
        giver = it["donor"] if it["kind"] == GIVE else it["resource"]
        if not pd.isna(giver):
            targets[giver] -= int(it["units"])
    assert (
        drafted(rows, pools, {it: to for it, to in targets.items() if to != held[it]}).broken == ()
    )
    keep = holders(rows).set_index("resource")["keep"]
    assert all(targets[it] >= keep[it] for it in held if targets[it] < held[it])


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_each_gift_can_be_made_alone(world):
    rows, pools = world
    held = rows.set_index("resource")["capacity"].to_dict()
    found = nouns.advice(holders(rows), pools)
    for it in found[found["kind"] == GIVE].to_dict("records"):
        targets = {it["resource"]: held[it["resource"]] + int(it["units"])}
        if not pd.isna(it["donor"]):
            targets[it["donor"]] = held[it["donor"]] - int(it["units"])
        assert drafted(rows, pools, targets).broken == ()
