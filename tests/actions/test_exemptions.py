"""What is excused is asked for by one, decided by another, and ends."""

from datetime import datetime, timedelta

import pytest

from actions import exempt
from domain.exemptions import DEVIATION, MONITORING, State
from domain.faults import NotAllowed, OutOfRange
from domain.filters import Strength
from reads import audit
from store import exemptions
from tests.world import CHAT, WEU


def ask(console, who="ada", resource=CHAT, **told):
    fields = {
        "kind": DEVIATION, "category": "Hate", "direction": "Prompt", "accepts": Strength.HIGH,
        "justification": "moderators read it", "reviewer": "Rita Review",
        "review_by": console.clock() + timedelta(days=30), **told,
    }  # fmt: skip
    kind = fields.pop("kind")
    return exempt.ask(console.visit(who), kind, resource, **fields)


def watch(console, **told):
    """Ask that nobody watches an account."""
    fields = {"category": "", "direction": "", "accepts": Strength.OFF, "reference": "MS-4711"}
    return ask(console, kind=MONITORING, **{"resource": WEU, **fields, **told})


def found(console, number):
    with console.store.reading() as session:
        return exemptions.find(session, number)


def state(console, number):
    return found(console, number).state(console.clock())


def test_it_excuses_from_a_second_persons_yes_to_its_review(console):
    number = ask(console)
    kept = found(console, number)
    assert (kept.category, kept.direction, kept.unit) == ("hate", "prompt", "retail-online")
    assert state(console, number) is State.PROPOSED
    with pytest.raises(NotAllowed, match="that they have asked for"):
        exempt.decide(console.visit("ada"), number, approves=True)
    with pytest.raises(NotAllowed, match="an admin or a security approver"):
        exempt.decide(console.visit("tess"), number, approves=True)
    exempt.decide(console.visit("sam"), number, approves=True, comment="until spring")
    kept = found(console, number)
    assert (kept.approver, kept.note) == ("contoso/sam", "until spring")
    assert state(console, number) is State.IN_FORCE
    with pytest.raises(OutOfRange, match="waits for nobody: it is in force"):
        exempt.decide(console.visit("alan"), number, approves=False, comment="no")
    console.clock.move(days=30)
    assert state(console, number) is State.OVERDUE
    exempt.end(console.visit("alan"), number)
    assert state(console, number) is State.ENDED
    with pytest.raises(OutOfRange, match="is ended already"):
        exempt.end(console.visit("alan"), number)
    assert ask(console) == number + 1
    rows = audit.trail(console.store)
    assert rows["what"].eq(f"approve exemption {number}").sum() == 3
    assert audit.broken(console.store) is None


def test_it_is_declined_with_a_reason(console):
    number = watch(console)
    with pytest.raises(OutOfRange, match="Say why"):
        exempt.decide(console.visit("sam"), number, approves=False)
    exempt.decide(console.visit("sam"), number, approves=False, comment="not needed")
    assert state(console, number) is State.DECLINED
    with pytest.raises(OutOfRange, match="declined already"):
        exempt.end(console.visit("ada"), number)


def test_what_is_open_is_not_asked_for_again(console):
    number = ask(console)
    with pytest.raises(OutOfRange, match=f"Exemption {number} of it is proposed"):
        ask(console, "alan", category="hate", direction="prompt")
    ask(console, "alan", category="violence")


def test_a_review_that_is_over_is_no_more_approved(console):
    number = ask(console)
    console.clock.move(days=31)
    with pytest.raises(OutOfRange, match="day of its review is over"):
        exempt.decide(console.visit("sam"), number, approves=True)


def test_what_cannot_be_is_refused_in_words(console):
    now = console.clock()
    for told, words in (
        ({"kind": "holiday"}, "among those"),
        ({"review_by": now}, "within a year"),
        ({"review_by": now + timedelta(days=400)}, "within a year"),
        ({"review_by": datetime(2027, 1, 1)}, "by which day"),  # noqa: DTZ001  # what is refused
        ({"review_by": "soon"}, "by which day"),
        ({"reviewer": ""}, "reviewer is missing"),
        ({"reviewer": "ada byron"}, "Somebody else reviews"),
        ({"reviewer": "contoso/ada"}, "Somebody else reviews"),
        ({"reviewer": "contoso/eve"}, "Nobody here is called"),
        ({"justification": " "}, "justification is missing"),
        ({"accepts": 7}, "no strength"),
        ({"accepts": Strength.LOW}, "needs no exemption"),
        ({"category": "jailbreak", "accepts": Strength.HIGH}, "without levels"),
        ({"category": ""}, "one filter of one deployment"),
        ({"direction": ""}, "has a direction"),
        ({"direction": "completion", "accepts": Strength.OFF}, "Microsoft's approval"),
        ({"resource": f"{CHAT}x"}, "among those"),
        ({"resource": WEU}, "among those"),
        ({"resource": ""}, "among those"),
    ):
        with pytest.raises((OutOfRange, NotAllowed), match=words):
            ask(console, **told)
    for told, words in (
        ({"reference": ""}, "Microsoft's approval"),
        ({"category": "hate"}, "an account as a whole"),
        ({"resource": f"{WEU}x"}, "among those"),
    ):
        with pytest.raises((OutOfRange, NotAllowed), match=words):
            watch(console, **told)
    for person in ("maria", "sam", "cora", "otto"):
        with pytest.raises(NotAllowed, match="may not ask for exemptions"):
            ask(console, person)
    for number in (99, -1):
        with pytest.raises(NotAllowed, match="among those"):
            exempt.decide(console.visit("sam"), number, approves=True)
    with console.store.reading() as session:
        assert exemptions.known(session) == []
