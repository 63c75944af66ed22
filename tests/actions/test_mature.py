"""Maturity is entered by who may assess, for what they see; every entry stays."""

from datetime import date, timedelta

import pytest

from actions import mature
from domain.faults import NotAllowed, OutOfRange
from domain.roles import CAST, Permission
from reads import audit
from store import maturity
from store.engine import opened
from tests.rolled import MONDAY, Desk

TODAY = MONDAY.date()


@pytest.fixture
def desk(url):
    store = opened(url)
    yield Desk(store)
    store.close()


def enter(desk, who="cora", unit="", score=12, **told):
    usual = {"assessed_on": TODAY, "assessor": "Mira Vos", "target": 16, "note": "By interview"}
    return mature.score(desk.visit(who), unit, score, **usual | told)


def kept(desk):
    with desk.store.reading() as session:
        return maturity.known(session)


def steps(desk):
    with desk.store.reading() as session:
        return maturity.steps(session)


@pytest.mark.parametrize("person", CAST, ids=lambda it: it.id)
def test_a_score_is_entered_by_who_may_assess(desk, person):
    may = person.may(Permission.ASSESS)
    if may:
        assert enter(desk, person.id) == 1
    else:
        with pytest.raises(NotAllowed):
            enter(desk, person.id)
    assert [it.said_by for it in kept(desk)] == [person.key] * may
    row = audit.trail(desk.store).iloc[0]
    assert (row["who"], row["came"]) == (person.key, "asked" if may else "refused")
    assert row["what"] == "enter maturity 12 of all"


def test_every_entry_stays_as_it_was_told(desk):
    enter(desk, unit="retail", score=15, target=None, assessor="  Mira Vos ", note="")
    enter(desk, score=9, assessed_on=TODAY - timedelta(days=90))
    old, new = kept(desk)
    assert (old.unit, old.score, old.target, old.note) == ("", 9, 16, "By interview")
    assert (new.unit, new.score, new.target, new.note) == ("retail", 15, None, "")
    assert (new.assessor, new.said_by, new.at) == ("Mira Vos", "contoso/cora", MONDAY)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"score": 29}, "from 0 to 28"),
        ({"score": 20, "target": 19}, "below the score"),
        ({"assessed_on": date(2026, 11, 3)}, "in the future"),
        ({"assessor": ""}, "who assessed"),
        ({"note": "a\nb"}, "printable"),
        ({"unit": "nowhere"}, "business unit of the list"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_leaves_nothing(desk, told, said):
    with pytest.raises(OutOfRange, match=said):
        enter(desk, **told)
    assert kept(desk) == []


def test_a_step_is_given_to_somebody_and_done(desk):
    cora = desk.visit("cora")
    mature.step(cora, "retail", "prompts", owner="contoso/maria")
    (given,) = steps(desk)
    assert (given.owner, given.done_at) == ("contoso/maria", None)
    mature.step(cora, "retail", "prompts", owner="contoso/maria", done=True)
    (done,) = steps(desk)
    assert (done.owner, done.done_at) == ("contoso/maria", MONDAY)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"step": "nothing"}, "step of the list"),
        ({"owner": "contoso/nobody"}, "somebody whom this console knows"),
        ({"unit": "nowhere"}, "business unit of the list"),
    ],
)
def test_a_step_that_cannot_be_is_refused(desk, told, said):
    usual = {"unit": "", "step": "prompts", "owner": "contoso/maria"} | told
    with pytest.raises(OutOfRange, match=said):
        mature.step(desk.visit("cora"), usual["unit"], usual["step"],
                    owner=usual["owner"])  # fmt: skip
    assert steps(desk) == []


@pytest.mark.parametrize("person", [it for it in CAST if not it.may(Permission.ASSESS)])
def test_a_step_is_given_by_who_may_assess(desk, person):
    with pytest.raises(NotAllowed):
        mature.step(desk.visit(person.id), "", "prompts", owner="")
    assert steps(desk) == []
