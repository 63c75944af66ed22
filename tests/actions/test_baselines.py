"""Baselines are dated and in versions; what demands less waits for a second person."""

from datetime import datetime, timedelta

import pytest

from actions import baseline
from domain.baselines import chosen
from domain.faults import NotAllowed, Outdated, OutOfRange
from domain.filters import Strength
from reads import audit
from store import baselines

HATE, ATTACK = ("hate", "prompt"), ("jailbreak", "prompt")
STRINGENT = {HATE: Strength.LOW, ATTACK: Strength.BLOCKS}


def set_(console, who="ada", key="partners", **told):
    fields = {
        "title": "Partners", "audience": "internal", "environment": "lab", "least": STRINGENT,
        "mode": "buffered", **told,
    }  # fmt: skip
    return baseline.set_(console.visit(who), key, **fields)


def whole(console, **changes):
    """The stringent baseline of the start, with some demands changed."""
    with console.store.reading() as session:
        external = chosen(baselines.known(session), "external", None, console.clock())
    told = {"title": external.title, "audience": "external", "environment": "", "mode": "buffered"}
    return {**told, "least": {**external.least, **changes.pop("least", {})}, **changes}


def demanded(console, audience, environment):
    with console.store.reading() as session:
        found = chosen(baselines.known(session), audience, environment, console.clock())
    return found.named if found else None


def test_what_demands_more_is_in_force_at_once(console):
    more = whole(console, least={("profanity", "completion"): Strength.BLOCKS})
    new = baseline.set_(console.visit("ada"), "External", **more)
    assert (new.key, new.version, new.approved_at) == ("external", 2, console.clock())
    assert demanded(console, "external", "prod") == "external v2"


def test_what_demands_less_waits_for_somebody_else(console):
    less = whole(console, least={HATE: Strength.MEDIUM})
    new = baseline.set_(console.visit("ada"), "external", **less)
    assert (new.version, new.approved_at, new.approver) == (2, None, None)
    assert demanded(console, "external", None) == "external v1"
    with pytest.raises(NotAllowed, match="what they propose themselves"):
        baseline.approve(console.visit("ada"), "external", 2)
    with pytest.raises(NotAllowed, match="an admin or a security approver"):
        baseline.approve(console.visit("tess"), "external", 2)
    baseline.approve(console.visit("sam"), "external", 2)
    assert demanded(console, "external", None) == "external v2"
    with pytest.raises(OutOfRange, match="waits for nobody"):
        baseline.approve(console.visit("alan"), "external", 2)
    rows = audit.trail(console.store)
    told = rows[rows["what"].eq("approve baseline external v2")]
    assert sorted(zip(told["who"], told["came"], strict=True)) == [
        ("contoso/ada", "refused"), ("contoso/alan", "refused"), ("contoso/sam", "asked"),
        ("contoso/tess", "refused"),
    ]  # fmt: skip


def test_a_narrower_baseline_that_demands_less_is_less_for_those(console):
    """What is for the lab alone takes the lab out of what is for all."""
    assert set_(console, audience="external").approved_at is None
    assert set_(console, key="other", audience="", environment="shop").approved_at is None


def test_what_was_declined_or_overtaken_is_not_approved(console):
    for strength in (Strength.MEDIUM, Strength.HIGH):
        less = whole(console, least={HATE: strength})
        baseline.set_(console.visit("ada"), "external", **less)
    with pytest.raises(OutOfRange, match="a newer version"):
        baseline.approve(console.visit("sam"), "external", 2)
    with pytest.raises(NotAllowed):
        baseline.decline(console.visit("ada"), "external", 3)
    baseline.decline(console.visit("sam"), "external", 3)
    with pytest.raises(OutOfRange, match="waits for nobody"):
        baseline.approve(console.visit("sam"), "external", 3)
    assert demanded(console, "external", None) == "external v1"


def test_what_was_agreed_for_later_is_not_undone_by_what_comes_before(console):
    later = console.clock() + timedelta(days=10)
    more = whole(console, least={("profanity", "completion"): Strength.BLOCKS}, starts=later)
    assert baseline.set_(console.visit("ada"), "external", **more).approved_at
    assert demanded(console, "external", None) == "external v1"
    as_now = whole(console)
    assert baseline.set_(console.visit("ada"), "external", **as_now).approved_at is None


def test_it_ends_when_a_second_person_agrees(console):
    ends = console.clock() + timedelta(days=3)
    new = baseline.end(console.visit("ada"), "external", ends, note="the product ends")
    assert (new.version, new.approved_at) == (2, None)
    baseline.approve(console.visit("alan"), "external", 2)
    console.clock.move(days=2)
    assert demanded(console, "external", None) == "external v2"
    console.clock.move(days=2)
    assert demanded(console, "external", None) != "external v2"


def test_what_is_approved_too_late_is_proposed_anew(console):
    ends = console.clock() + timedelta(days=1)
    baseline.end(console.visit("ada"), "external", ends, note="soon")
    console.clock.move(days=2)
    with pytest.raises(OutOfRange, match="waits for nobody"):
        baseline.approve(console.visit("sam"), "external", 2)


def test_what_cannot_be_is_refused_in_words(console):
    now = console.clock()
    for told, words in (
        ({"starts": now - timedelta(hours=1)}, "on a day to come"),
        ({"starts": datetime(2027, 1, 1)}, "hour and its zone"),  # noqa: DTZ001  # what is refused
        ({"ends": now}, "on a day to come"),
        ({"audience": "everybody"}, "external or internal"),
        ({"mode": "asynchronous"}, "can't be demanded"),
        ({"mode": "relaxed"}, "no mode"),
        ({"least": {}}, "at least one filter"),
        ({"least": {("rudeness", "prompt"): Strength.LOW}}, "no category"),
        ({"least": {("hate", "sideways"): Strength.LOW}}, "no direction"),
        ({"least": {ATTACK: Strength.MEDIUM}}, "has no levels"),
        ({"title": ""}, "title is missing"),
        ({"key": " "}, "key is missing"),
        ({"note": "x" * 301}, "300 printable"),
        ({"key": "mine", "audience": "external", "environment": ""}, "for them already"),
    ):
        with pytest.raises(OutOfRange, match=words):
            set_(console, **told)
    with pytest.raises(OutOfRange, match="No such baseline"):
        baseline.end(console.visit("ada"), "nobody", now + timedelta(days=1), note="x")
    with pytest.raises(OutOfRange, match="Say why"):
        baseline.end(console.visit("ada"), "external", now + timedelta(days=1), note=" ")
    with pytest.raises(OutOfRange, match="no such version"):
        baseline.approve(console.visit("sam"), "external", 9)
    for person in ("maria", "sam", "cora", "otto"):
        with pytest.raises(NotAllowed, match="may not set baselines"):
            set_(console, person)
    with console.store.reading() as session:
        assert {it.version for it in baselines.known(session)} == {1}


def test_two_who_set_it_at_once_do_not_both(console):
    """The second finds another version since; the store says so."""
    new = set_(console)
    with pytest.raises(Outdated), console.store.begin() as session:
        baselines.add(session, new)
