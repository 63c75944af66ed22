"""A plan's journal in words, and what it asks for beside what is there."""

from dataclasses import replace

import pytest

from domain import capacity, frames, inventory, journal, protocol, tags
from domain.plans import GONE, SETTLE, Answer, Leg, Look, Plan, Seen, Standing, State
from tests.world import CHAT, NOON, QUIET, SMALL, WEU

POOL = "sub|westeurope|openai.standard.gpt-4o"


def leg(before=20, target=30, resource=CHAT, **told):
    sizes = [
        it if isinstance(it, str) else capacity.sized("Standard", it) for it in (before, target)
    ]
    return Leg("capacity", resource, "e1", *sizes, POOL, **{"amount": 10, **told})


def plan(*legs, **told):
    return Plan(legs or (leg(),), "t/ada", "why", NOON, **told)


def there(resource=CHAT, **told):
    row = {"resource": resource, "subscription": SMALL, "sku": "Standard", "capacity": 20}
    row |= {"unit_tpm": 1_000.0, "unit_rpm": 6.0, "etag": "e1", "modified_by": "leo"}
    return frames.frame(inventory.INVENTORY, [{**row, **told}])


def effects(of, rows, whole=True):
    found = journal.effects(of, rows, whole=whole)
    return list(
        found[["field", "before", "wanted", "now", "verdict"]].itertuples(index=False, name=None)
    )


SENT = {"writes": 1, "tries": 1, "written_at": NOON}


@pytest.mark.parametrize(
    ("told", "state", "words"),
    [
        ({}, State.CONFIRMED, "not begun"),
        (SENT, State.CONFIRMED, "sent, no answer yet"),
        ({**SENT, "answer": Answer.TAKEN}, State.CONFIRMED, "written, Azure is at it"),
        ({**SENT, "answer": Answer.LATER}, State.CONFIRMED, "to be sent again"),
        ({**SENT, "answer": Answer.NO}, State.CONFIRMED, "refused"),
        ({**SENT, "standing": Standing.THERE}, State.CONFIRMED, "verified"),
        ({"writes": 1, "standing": Standing.THERE}, State.COMPENSATING, "verified"),
        ({**SENT, "standing": Standing.THERE}, State.COMPENSATING, "being put back"),
        ({**SENT, "standing": Standing.BACK}, State.COMPENSATING, "put back"),
        (SENT, State.REFUSED, "not in force"),
        (SENT, State.NEEDS_PERSON, "not certain"),
        (SENT, State.RESOLVED, "not certain"),
        ({}, State.NEEDS_PERSON, "not begun"),
        ({**SENT, "standing": Standing.BACK}, State.NEEDS_PERSON, "put back"),
        # moved by others between its look and the last one
        ({**SENT, "standing": Standing.THERE}, State.NEEDS_PERSON, "not certain"),
    ],
)
def test_how_far_a_leg_is(told, state, words):
    ended = NOON if state in (State.REFUSED, *journal.LEFT) else None
    assert journal.standing(plan(replace(leg(), **told), state=state, ended_at=ended), 0) == words


@pytest.mark.parametrize("state", journal.LEFT)
def test_a_plan_that_was_left_on_its_way_back_calls_nothing_verified_that_is_not(state):
    """The protocol itself ends it, so that a leg is as that leaves it."""
    three = (leg(resource=it, **SENT, standing=Standing.THERE) for it in (CHAT, QUIET, f"{CHAT}2"))
    going = plan(*three, state=State.CONFIRMED).turned("No room.", NOON)
    later = NOON + SETTLE * 2
    others = {2: Seen(later, capacity.sized("Standard", 25), "e9", by_us=False, settled=True)}

    untried = protocol.decide(going, Look(later, others)).plan
    tried = protocol.decide(going.writing(2, NOON), Look(later, others)).plan
    assert (untried.state, tried.state) == (State.NEEDS_PERSON,) * 2
    assert (untried.said, tried.said) == (protocol.MOVED, protocol.UNSURE)
    left = [replace(it, state=state) for it in (untried, tried)]
    words = [[journal.standing(it, at) for at in range(3)] for it in left]
    assert words == [["not put back"] * 3, ["not put back", "not put back", "not certain"]]


def test_what_was_verified_before_another_leg_became_unsure_stays_so():
    first = leg(**SENT, standing=Standing.THERE)
    told = plan(first, leg(resource=QUIET, **SENT), state=State.CONFIRMED)
    ended = told.ended(State.NEEDS_PERSON, NOON, protocol.UNSURE)
    assert [journal.standing(ended, at) for at in range(2)] == ["verified", "not certain"]


def test_what_azure_said_and_nothing_before_the_first_write():
    assert journal.answer(leg()) == ""
    told = replace(leg(), **SENT, answer=Answer.NO, said="No room.")
    assert journal.answer(told) == "Azure refused it. No room."


@pytest.mark.parametrize(
    ("pool", "words"),
    [
        (POOL, "openai.standard.gpt-4o in westeurope"),
        ("sub|Global:sub|a", "a in Global"),
        ("sub|DataZone:europe|a", "a in europe"),
    ],
)
def test_a_pool_in_words(pool, words):
    assert journal.pool_words(pool) == words


def test_what_is_parked_in_words():
    assert journal.parked_words({}) == ""
    assert journal.parked_words({POOL: 20, "s|e|b": -5}) == (
        "20 units parked in openai.standard.gpt-4o in westeurope; 5 units too many in b in e"
    )


@pytest.mark.parametrize(
    ("now", "words", "verdict"),
    [
        (20, "20 units: 20,000 TPM, 120 RPM", "as before"),
        (30, "30 units: 30,000 TPM, 180 RPM", "as requested"),
        (25, "25 units: 25,000 TPM, 150 RPM", "something else"),
    ],
)
def test_capacity_three_ways(now, words, verdict):
    assert effects(plan(), there(capacity=now)) == [
        (
            "capacity",
            "20 units: 20,000 TPM, 120 RPM",
            "30 units: 30,000 TPM, 180 RPM",
            words,
            verdict,
        )
    ]


def test_a_field_that_only_others_changed_is_shown_too():
    told = effects(plan(), there(sku="GlobalStandard"))
    assert ("SKU", "Standard", "Standard", "GlobalStandard", "something else") in told


def test_what_is_gone_and_what_is_not_known_differ():
    others = there(QUIET)
    assert [it[3:] for it in effects(plan(), others)] == [("does not exist", "something else")]
    (unseen,) = effects(plan(), others, whole=False)
    assert unseen[4] == "not known"
    (nothing,) = effects(plan(), others.head(0))
    assert nothing[4] == "not known"
    (half,) = effects(plan(), there(capacity=None))
    assert half[4] == "not known"


def test_provisioned_units_have_no_rates():
    sizes = [capacity.sized("ProvisionedManaged", it) for it in (50, 100)]
    told = effects(plan(leg(*sizes)), there(sku="ProvisionedManaged", capacity=50))
    assert told == [("capacity", "50 PTU", "100 PTU", "50 PTU", "as before")]


def test_an_upgrade_policy_that_azure_leaves_out_means_the_second():
    told = [capacity.upgraded(it) for it in (None, "NoAutoUpgrade")]
    change = Leg("upgrade", CHAT, "e1", *told)
    (line,) = effects(plan(change), there())
    assert line == (
        "upgrade policy", "OnceCurrentVersionExpired", "NoAutoUpgrade",
        "OnceCurrentVersionExpired", "as before",
    )  # fmt: skip


def test_a_deployment_to_be_made_does_not_exist_before():
    spec = {"sku": "Standard", "capacity": 10, "model": "gpt-4o", "tags": {"owner": "ada"}}
    change = Leg("deployment", f"{WEU}/deployments/new", "", GONE, capacity.made(spec), POOL, 10)
    told = {it[0]: it[1:] for it in effects(plan(change), there())}
    assert told["model"] == ("does not exist", "gpt-4o", "does not exist", "as before")
    assert told["tag owner"][:2] == ("does not exist", "ada")
    assert told["capacity"][1] == "10 units"


def test_tags_three_ways():
    before, target = ({"owner": "ada"}, {"owner": "leo", "standby": "true"})
    change = Leg("tags", CHAT, "e1", tags.text(before), tags.text(target))
    told = effects(plan(change), there(tags=tags.text({"owner": "eve"})))
    assert told == [
        ("tag owner", "ada", "leo", "eve", "something else"),
        ("tag standby", "none", "true", "none", "something else"),
    ]


def test_each_leg_has_its_own_lines_and_who_changed_it():
    both = plan(leg(), leg(30, 20, QUIET, amount=-10))
    rows = frames.frame(
        inventory.INVENTORY,
        [*there().to_dict("records"), *there(QUIET, capacity=20).to_dict("records")],
    )
    found = journal.effects(both, rows, whole=True)
    assert found["number"].tolist() == [1, 2]
    assert found["deployment"].tolist() == ["chat", "quiet"]
    assert found["verdict"].tolist() == ["as before", "as requested"]
    assert found["modified_by"].tolist() == ["leo", "leo"]


@pytest.mark.parametrize(
    ("resource", "named"),
    [
        (CHAT, (SMALL, "rg-ai-small", "aoai-small-weu", "chat")),
        ("/subscriptions/s/providers/x/deletedaccounts/old", ("s", "", "old", "")),
        ("", ("", "", "", "")),
    ],
)
def test_ids_of_any_kind_have_names(resource, named):
    assert journal.parts(resource) == named
