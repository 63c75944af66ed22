"""The head of the trail is kept in a file that the database's owner need not own."""

import json

import pytest
from sqlalchemy import text

from actions import assign
from domain.faults import Adrift, Refused
from jobs.anchorer import Anchorer
from reads import audit
from services.anchors import Anchors
from tests.world import CHAT


@pytest.fixture
def anchors(tmp_path):
    return Anchors(tmp_path / "anchors.jsonl")


def said(console, times=1):
    """Lines in the trail: what was refused is written down too."""
    for _ in range(times):
        with pytest.raises(Refused):
            assign.deployments(console.visit("vera"), [CHAT], owner="me")


def kept(console, anchors):
    Anchorer(console.store, console.clock, anchors).run_once()
    return [it.number for it in anchors.kept()]


def rewritten(console, *statements):
    """By somebody who may change the schema."""
    with console.store.begin() as session:
        if session.get_bind().dialect.name == "postgresql":
            for table in ("audit", "audit_head"):
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        else:
            named = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for name in session.scalars(text(named)).all():
                session.execute(text(f"DROP TRIGGER {name}"))
        for it in statements:
            session.execute(text(it))


def test_an_anchor_is_kept_when_there_is_something_new(console, anchors):
    said(console)
    first = kept(console, anchors)
    assert len(first) == 1
    assert kept(console, anchors) == first
    said(console, 2)
    assert kept(console, anchors) == [*first, first[0] + 2]
    proof = audit.proof(console.store, anchors)
    assert (proof.broken, proof.lost, proof.adrift) == (None, None, "")
    assert proof.last == anchors.kept()[-1]


def test_a_tail_that_was_cut_off_with_its_head_is_found(console, anchors):
    said(console, 3)
    last = kept(console, anchors)[-1]
    rewritten(
        console,
        f"DELETE FROM audit WHERE number > {last - 1}",
        f"UPDATE audit_head SET number = {last - 1}, "
        f"seal = (SELECT seal FROM audit WHERE number = {last - 1})",
    )
    assert audit.broken(console.store) is None, "the chain alone does not tell"
    lost = audit.proof(console.store, anchors).lost
    assert lost is not None
    assert lost.number == last
    console.clock.move(minutes=1)
    said(console, 2)
    kept(console, anchors)
    assert audit.proof(console.store, anchors).lost == lost, "and no later line hides it"


def test_without_a_file_nothing_is_kept_and_nothing_is_said(console):
    said(console)
    assert kept(console, Anchors(None)) == []
    assert audit.proof(console.store, Anchors(None)).last is None


def test_a_file_that_is_out_of_reach_is_said_beside_the_chain(console, tmp_path):
    said(console)
    away = Anchors(tmp_path / "gone" / "anchors.jsonl")
    with pytest.raises(Adrift, match="can't be written"):
        kept(console, away)
    folder = Anchors(tmp_path)
    with pytest.raises(Adrift, match="can't be read"):
        folder.kept()
    proof = audit.proof(console.store, folder)
    assert "CONSOLE_AUDIT__ANCHORS" in proof.adrift
    assert proof.broken is None


@pytest.mark.parametrize("line", ["", "{}", "no", "[1]", json.dumps({"at": 1, "number": 1})])
def test_a_file_that_somebody_else_wrote_is_not_believed(anchors, line):
    anchors.path.write_text(f"{line}\n")
    with pytest.raises(Adrift):
        anchors.kept()
