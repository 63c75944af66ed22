"""One row per pool, whatever regions repeat, with numbers that are Azure's or missing."""

import pandas as pd
import pytest

from domain import frames
from domain.pools import POOLS, pools, unmatched
from tests.domain.estates import POOL, ago, estate, holder, one, told, usages
from tests.domain.rows import NOW, SUB, model

GLOBAL = {"scope_type": "Global", "scope_id": "Global"}
ZONE = {"scope_type": "DataZone", "scope_id": "EU"}
WIDE = f"{SUB}|Global:global|openai.standard.gpt-4o"


def models(*rows):
    return frames.frame({**frames.MODELS, "seen_at": frames.TIME}, [model(**it) for it in rows])


def deleted(*rows):
    of = {"subscription": SUB, "region": "westeurope", "kind": "OpenAI"}
    return frames.frame(frames.DELETED, [of | it for it in rows])


def tiers(*rows):
    return frames.frame(frames.TIERS, [{"subscription": SUB} | it for it in rows])


def test_a_pool_by_hand():
    rows = estate(
        holder("chat", capacity=40, peak_tpm_30d=10_000.0, peak_rpm_30d=6.0, throttled=0.0),
        holder("busy", capacity=30, throttled=12.0),
    )
    pool = one(pools(rows, usages({"used": 75.0, "limit": 100.0, "title": "TPM - gpt-4o"})))
    assert pool["pool"] == POOL
    assert (pool["reach"], pool["place"], pool["title"]) == ("Region", "westeurope", "TPM - gpt-4o")
    assert (pool["subscription_name"], pool["sku"], pool["models"]) == (
        "Production",
        "Standard",
        "gpt-4o",
    )
    assert (pool["unit_words"], pool["unit_tpm"], pool["unit_rpm"]) == ("1,000 TPM", 1_000, 6)
    assert (pool["limit"], pool["used"], pool["allocated"]) == (100, 75, 70)
    assert (pool["unexplained"], pool["free"]) == (5, 25)
    # chat keeps 10 x 1.2 = 12 of 40; of busy nothing is known
    assert (pool["reclaimable"], pool["unmeasured"]) == (28, 1)
    assert (pool["holders"], pool["throttled"], pool["refused"]) == (2, 1, 12)
    assert not pool["conflicting"]
    assert told(pool["deleted"]) is told(pool["tier"]) is None
    assert pool["seen_at"] == pd.Timestamp(NOW)


@pytest.mark.parametrize(
    ("scope", "reach", "place"),
    [(GLOBAL, "Global", "Global"), (ZONE, "Data zone", "EU")],
)
def test_a_pool_of_several_regions_is_never_summed(scope, reach, place):
    key = f"{SUB}|{scope['scope_type']}:{scope['scope_id'].lower()}|openai.standard.gpt-4o"
    rows = estate(holder("a", pool=key), holder("b", pool=key, region="northeurope"))
    everywhere = [{**scope, "region": it, "used": 200.0} for it in ("westeurope", "northeurope")]
    pool = one(pools(rows, usages(*everywhere)))
    assert (pool["reach"], pool["place"]) == (reach, place)
    assert (pool["used"], pool["limit"], pool["allocated"], pool["unexplained"]) == (
        200,
        100,
        200,
        0,
    )
    assert not pool["conflicting"]


def test_regions_that_disagree_are_flagged_and_the_newest_wins():
    said = usages(
        {**GLOBAL, "region": "northeurope", "used": 9.0, "seen_at": NOW},
        {**GLOBAL, "region": "westeurope", "used": 7.0, "seen_at": ago(minutes=5)},
    )
    pool = one(pools(estate(holder(pool=WIDE)), said))
    assert (pool["used"], pool["conflicting"]) == (9, True)
    assert pool["seen_at"] == pd.Timestamp(NOW)


def test_the_same_name_in_two_regions_is_two_pools():
    said = usages({"used": 1.0}, {"used": 2.0, "region": "northeurope"})
    north = POOL.replace("westeurope", "northeurope")
    found = pools(estate(holder(), holder("n", pool=north, region="northeurope")), said)
    assert found["pool"].tolist() == [north, POOL]
    assert found["used"].tolist() == [2, 1]


def test_what_only_counts_accounts_is_no_pool():
    said = usages(
        {},
        {"usage_name": "OpenAI.S0.AccountCount", "used": 5.0},
        {"usage_name": "OpenAI.Standard.o3", "used": 0.0},
    )
    offered = models({}, {"model": "o3", "usage_name": "OpenAI.Standard.o3"})
    assert len(pools(estate(holder()), said)) == 1
    found = pools(estate(holder()), said, models=offered)
    assert found["usage_name"].tolist() == ["OpenAI.Standard.gpt-4o", "OpenAI.Standard.o3"]
    empty = found.iloc[1]
    assert (empty["holders"], empty["allocated"], empty["reclaimable"]) == (0, 0, 0)
    assert empty["models"] == "o3"


def test_a_pool_that_several_models_share_names_them_all():
    offered = models(
        {"model": "phi-4"}, {"model": "Llama", "unit_tpm": 2_000.0}, {"model": "phi-4"}
    )
    pool = one(pools(estate(), usages({}), models=offered))
    assert (pool["models"], pool["unit_words"]) == ("Llama, phi-4", "1,000 TPM or 2,000 TPM")
    assert told(pool["unit_tpm"]) is None
    assert pool["unit_rpm"] == 6


def test_names_are_compared_without_their_case():
    pool = one(pools(estate(holder()), usages({"usage_name": "OPENAI.Standard.GPT-4o"})))
    assert pool["holders"] == 1


def test_a_pool_that_azure_does_not_list_has_no_numbers():
    pool = one(pools(estate(holder()), usages()))
    assert (pool["pool"], pool["holders"], pool["allocated"]) == (POOL, 1, 100)
    assert [told(pool[it]) for it in ("limit", "used", "free", "unexplained")] == [None] * 4
    assert (pool["reach"], pool["place"]) == ("Region", "westeurope")


def test_a_capacity_that_is_not_known_leaves_the_sum_unknown():
    pool = one(pools(estate(holder(), holder("b", capacity=None)), usages({})))
    assert told(pool["allocated"]) is told(pool["unexplained"]) is None


def test_a_number_that_azure_did_not_send_stays_missing():
    pool = one(pools(estate(holder()), usages({"limit": None})))
    assert told(pool["free"]) is None
    assert pool["used"] == 10


def test_reclaimable_is_missing_when_nothing_is_known_of_anybody():
    pool = one(pools(estate(holder(), holder("b")), usages({})))
    assert told(pool["reclaimable"]) is told(pool["refused"]) is told(pool["throttled"]) is None
    assert pool["unmeasured"] == 2


def test_deleted_accounts_count_in_their_region_and_once_for_each_of_a_shared_pool():
    gone = deleted({}, {"region": "northeurope"}, {"kind": "SpeechServices"}, {"kind": None})
    said = usages(
        {}, {**ZONE, "usage_name": "x"}, {**ZONE, "usage_name": "x", "region": "northeurope"}
    )
    rows = estate(holder(), holder("z", pool=f"{SUB}|DataZone:eu|x"))
    found = pools(rows, said, gone).set_index("pool")["deleted"]
    assert found[POOL] == 2
    assert found[f"{SUB}|DataZone:eu|x"] == 3
    assert one(pools(estate(holder()), usages({}), deleted()))["deleted"] == 0


def test_the_tier_is_of_the_subscription():
    assert (
        one(pools(estate(holder()), usages({}), tiers=tiers({"tier": "Tier 2"})))["tier"]
        == "Tier 2"
    )


def test_nothing_gives_nothing():
    found = pools(estate(), usages())
    assert found.empty
    assert list(found) == list(POOLS)


def test_what_has_no_pool_is_listed_and_not_guessed():
    rows = estate(holder(), holder("stray", pool=None, usage_name=None))
    assert unmatched(rows)["deployment"].tolist() == ["stray"]
    assert one(pools(rows, usages({})))["holders"] == 1


def test_a_zero_that_nobody_measured_is_none():
    """One holder can give nothing, of the other it is not known."""
    rows = estate(holder("busy", throttled=50), holder("young", covered_30d=24))
    assert pools(rows, usages()).set_index("pool")["reclaimable"].isna().tolist() == [True]
