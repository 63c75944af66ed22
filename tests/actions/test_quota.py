"""Verbs about quota: who may propose, approve, withdraw, decide; and what is refused to anybody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from actions import approve, deploy, resolve, undo, withdraw
from actions.proposing import Terms
from domain.faults import NotAllowed, Outdated, OutOfRange, ReadOnly
from domain.making import Wanted
from domain.plans import State
from store import plans
from tests.world import ASSIST, CHAT, QUIET, SDC, SMALL, WEU

GPT_4O = Wanted("OpenAI", "gpt-4o", "2024-11-20", "Standard", 20)
NEW = f"{WEU}/deployments/new"
TAGGED = {"business-unit": "retail-online"}


def found(console, number):
    with console.store.reading() as session:
        return plans.find(session, number)


def carried_out(console, number, rounds=4):
    for _ in range(rounds):
        console.worker.run_once()
    return found(console, number)


def there(console, name="new"):
    return console.small.world.accounts.deployments[WEU].get(name)


@pytest.fixture
def production(console):
    """QUIET is production, as last collected."""
    quiet = console.small.world.accounts.deployments[WEU]["quiet"]
    quiet.tags = {"environment": "prod", "business-unit": "retail-online"}
    console.collector.look_again(QUIET)
    return console


def proposed(console, person="ada"):
    """A plan of production, which waits for a second person."""
    number = deploy.upgrade(
        console.visit(person), QUIET, "NoAutoUpgrade", terms=Terms("it must not move")
    )
    assert found(console, number).state is State.PROPOSED
    return number


def shown(console, number):
    return found(console, number).fingerprint


# --- making and deleting ----------------------------------------------------------------------


def test_a_deployment_is_made_and_unmade(console):
    ada = console.visit("ada")
    number = deploy.create(ada, WEU, "new", GPT_4O, unit="retail-online")
    assert found(console, number).state is State.CONFIRMED
    assert carried_out(console, number).state is State.DONE
    made = there(console)
    assert made.sku == {"name": "Standard", "capacity": 20}
    assert made.tags == TAGGED
    assert made.properties["model"]["version"] == "2024-11-20"
    gone = undo.change(ada, number)
    assert found(console, gone).policy == "a deployment is deleted"
    approve.plan(console.visit("alan"), gone, fingerprint=shown(console, gone))
    assert carried_out(console, gone).state is State.DONE
    assert there(console) is None


def test_a_deletion_wants_the_name_a_reason_and_a_second_person(console):
    ada = console.visit("ada")
    with pytest.raises(OutOfRange, match="name does not match"):
        deploy.delete(ada, CHAT, named="chta", terms=Terms("old"))
    with pytest.raises(OutOfRange, match="Say why"):
        deploy.delete(ada, CHAT, named="chat")
    number = deploy.delete(ada, CHAT, named="chat", terms=Terms("old"))
    assert carried_out(console, number).state is State.PROPOSED
    assert there(console, "chat")
    approve.plan(console.visit("alan"), number, fingerprint=shown(console, number))
    assert carried_out(console, number).state is State.DONE
    assert there(console, "chat") is None


def test_a_deletion_is_taken_back_as_far_as_the_console_knows_it(console):
    was = there(console, "chat")
    number = deploy.delete(console.visit("ada"), CHAT, named="chat", terms=Terms("old"))
    approve.plan(console.visit("tess"), number, fingerprint=shown(console, number))
    carried_out(console, number)
    back = undo.change(console.visit("ada"), number)
    assert found(console, back).policy == "it is a large change"
    approve.plan(console.visit("alan"), back, fingerprint=shown(console, back))
    assert carried_out(console, back).state is State.DONE
    now = there(console, "chat")
    assert (now.sku, now.tags, now.properties) == (was.sku, was.tags, was.properties)


def test_what_is_made_in_a_production_account_is_production(console):
    console.small.world.accounts.accounts[WEU].tags = {"environment": "prod"}
    console.collected(minutes=10)
    with pytest.raises(OutOfRange, match="new is production: say why"):
        deploy.create(console.visit("ada"), WEU, "new", GPT_4O)
    number = deploy.create(console.visit("ada"), WEU, "new", GPT_4O, terms=Terms("wanted"))
    assert found(console, number).policy == "production is among it"


@pytest.mark.parametrize(
    ("name", "wanted", "words"),
    [
        ("chat", {}, "There is a deployment chat in this account already"),
        ("a/b", {}, "A name takes"),
        ("", {}, "A name takes"),
        ("new", {"capacity": 0}, "least capacity is 1"),
        ("new", {"capacity": -5}, "least capacity is 1"),
        ("new", {"capacity": 71}, "71 units do not fit: 70 are free"),
        ("new", {"capacity": 10**7}, "most capacity is 1,000,000"),
        ("new", {"model": "gpt-9"}, "is not offered in westeurope"),
        ("new", {"sku": "Nonsense"}, "is not offered in westeurope"),
        ("new", {"upgrade": "Sometimes"}, "upgrade policy of the list"),
    ],
)
def test_what_cannot_be_made(console, name, wanted, words):
    with pytest.raises(OutOfRange, match=words):
        deploy.create(console.visit("ada"), WEU, name, replace(GPT_4O, **wanted))


def test_nothing_is_made_where_nobody_may(console):
    for account in (WEU.replace("small", "nowhere"), "", SMALL):
        with pytest.raises(NotAllowed):
            deploy.create(console.visit("ada"), account, "new", GPT_4O)


def test_a_policy_is_edited_and_all_else_stays(console):
    was = there(console, "quiet")
    number = deploy.upgrade(console.visit("ada"), QUIET, "NoAutoUpgrade")
    assert carried_out(console, number).state is State.DONE
    now = there(console, "quiet")
    assert now.properties == {**was.properties, "versionUpgradeOption": "NoAutoUpgrade"}
    assert (now.sku, now.tags) == (was.sku, was.tags)
    ((method, path, _),) = console.wire.writes
    assert (method, path) == ("PUT", QUIET)


def test_a_policy_that_is_there_already_is_no_change(console):
    option = there(console, "quiet").properties["versionUpgradeOption"]
    with pytest.raises(OutOfRange, match="has this policy already"):
        deploy.upgrade(console.visit("ada"), QUIET, option)


# --- approval ---------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["alan", "tess"])
def test_a_second_person_lets_it_be_done(production, person):
    number = proposed(production)
    assert carried_out(production, number).state is State.PROPOSED
    assert production.wire.writes == []
    approve.plan(production.visit(person), number, fingerprint=shown(production, number))
    assert carried_out(production, number).state is State.DONE


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("ada", "Nobody approves what they propose themselves"),
        ("bea", "wants an admin or a technical approver"),
        ("paul", "wants an admin or a technical approver"),
        ("maria", "may not approve changes"),
        ("vera", "may not approve changes"),
        ("otto", "may not approve changes"),
    ],
)
def test_nobody_else_does(production, person, words):
    number = proposed(production)
    with pytest.raises(NotAllowed, match=words):
        approve.plan(production.visit(person), number, fingerprint=shown(production, number))
    assert found(production, number).state is State.PROPOSED


def test_a_yes_is_for_what_was_shown(production):
    number = proposed(production)
    with pytest.raises(OutOfRange, match="not the plan that was shown"):
        approve.plan(production.visit("alan"), number, fingerprint="0" * 16)


def test_a_no_ends_it_with_its_reason(production):
    number = proposed(production)
    with pytest.raises(OutOfRange, match="Say why"):
        approve.decline(production.visit("alan"), number, comment=" ")
    approve.decline(production.visit("alan"), number, comment="not in December")
    ended = carried_out(production, number)
    assert ended.state is State.WITHDRAWN
    assert ended.said == "Alan Turing declined it: not in December"
    with pytest.raises(OutOfRange, match="does not wait for approval"):
        approve.plan(production.visit("tess"), number, fingerprint=ended.fingerprint)


def test_production_wants_a_reason(production):
    with pytest.raises(OutOfRange, match="is production: say why"):
        deploy.upgrade(production.visit("ada"), QUIET, "NoAutoUpgrade")


# --- withdrawing ------------------------------------------------------------------------------


def test_a_proposal_is_withdrawn_by_its_proposer_or_an_admin(production):
    for person in ("ada", "alan"):
        number = proposed(production)
        withdraw.plan(production.visit(person), number)
        assert found(production, number).state is State.WITHDRAWN
    with pytest.raises(NotAllowed):
        withdraw.plan(production.visit("maria"), proposed(production))


def test_what_has_begun_is_not_withdrawn(console):
    number = deploy.upgrade(console.visit("ada"), QUIET, "NoAutoUpgrade")
    console.worker.run_once()
    with pytest.raises(Outdated, match="has moved on"):
        withdraw.plan(console.visit("ada"), number)
    assert carried_out(console, number).state is State.DONE


# --- terms ------------------------------------------------------------------------------------


def test_a_change_waits_for_its_hour(console):
    later = console.clock() + timedelta(hours=1)
    number = deploy.upgrade(
        console.visit("ada"), QUIET, "NoAutoUpgrade", terms=Terms(starts_at=later)
    )
    assert carried_out(console, number).state is State.CONFIRMED
    assert console.wire.writes == []
    console.clock.now = later
    assert carried_out(console, number).state is State.DONE


@pytest.mark.parametrize(
    ("terms", "fault", "words"),
    [
        ({"starts": -1}, OutOfRange, "beginning lies in the past"),
        ({"starts": 2, "until": 1}, OutOfRange, "end has to be after"),
        ({"until": -1}, OutOfRange, "end has to be after"),
        ({"reason": "x" * 301}, OutOfRange, "300 printable"),
        ({"ticket": "a\nb"}, OutOfRange, "300 printable"),
        ({"confirmed": "0" * 16}, Outdated, "changed since this was shown"),
    ],
)
def test_terms_that_cannot_be(console, terms, fault, words):
    at = {"starts": "starts_at", "until": "until"}
    told = {
        at.get(key, key): console.clock() + timedelta(hours=it) if key in at else it
        for key, it in terms.items()
    }
    with pytest.raises(fault, match=words):
        deploy.upgrade(console.visit("ada"), QUIET, "NoAutoUpgrade", terms=Terms(**told))


def test_a_read_only_console_takes_none(console):
    visit = console.visit("ada", writes=False)
    for verb in (
        lambda: deploy.upgrade(visit, QUIET, "NoAutoUpgrade"),
        lambda: deploy.delete(visit, CHAT, named="chat", terms=Terms("old")),
        lambda: deploy.create(visit, WEU, "new", GPT_4O),
    ):
        with pytest.raises(ReadOnly):
            verb()


# --- needs a person ---------------------------------------------------------------------------


@pytest.fixture
def stopped(console):
    """A plan that needs a person: others wrote on top of ours before it was looked at."""
    number = deploy.upgrade(console.visit("ada"), QUIET, "NoAutoUpgrade")
    console.worker.run_once()
    body = {"tags": {"owner": "leo"}}
    console.small.control.portal("PATCH", f"{QUIET}?api-version=2025-09-01", body)
    console.clock.move(minutes=3)
    assert carried_out(console, number, 1).state is State.NEEDS_PERSON
    return number


def test_what_is_in_force_is_adopted(console, stopped):
    resolve.adopt(console.visit("alan"), stopped, reason="it is what we wanted")
    ended = found(console, stopped)
    assert ended.state is State.RESOLVED
    assert "Alan Turing adopted what is in force: it is what we wanted" in ended.said
    assert there(console, "quiet").properties["versionUpgradeOption"] == "NoAutoUpgrade"
    with pytest.raises(OutOfRange, match="needs nobody"):
        resolve.adopt(console.visit("alan"), stopped, reason="again")


def test_what_was_before_is_restored(console, stopped):
    number = resolve.restore(console.visit("alan"), stopped, reason="back")
    assert found(console, stopped).state is State.RESOLVED
    assert carried_out(console, number).state is State.DONE
    now = there(console, "quiet")
    assert now.properties["versionUpgradeOption"] == "OnceNewDefaultVersionAvailable"
    assert now.tags == {"owner": "leo"}


def test_who_may_not_move_quota_decides_nothing(console, stopped):
    for person in ("maria", "vera", "tess", "otto"):
        for verb in (resolve.adopt, resolve.restore):
            with pytest.raises(NotAllowed):
                verb(console.visit(person), stopped, reason="x")


def test_accounts_of_other_kinds_are_served_alike(console):
    number = deploy.upgrade(console.visit("ada"), ASSIST, "NoAutoUpgrade")
    assert carried_out(console, number).state is State.DONE
    assert SDC in ASSIST
