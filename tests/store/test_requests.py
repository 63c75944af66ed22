"""A request is kept as it is, and moves on only from where it was seen."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.faults import Outdated
from domain.requests import Request, Status
from store import requests
from tests.store.conftest import MINUTE, NOW

ASKED = Request("retail", "s|westeurope|openai.standard.gpt-4o", 20, "Spring sale", "t/maria", NOW)


def kept(id, request=ASKED):
    return replace(request, id=id, status_at=request.asked_at)


def test_a_request_comes_back_as_it_was(begin, read):
    full = replace(ASKED, needed_by=NOW + timedelta(days=9), status_by="t/maria", note="n")
    first, second = begin(requests.add, ASKED), begin(requests.add, full)
    assert read(requests.find, first) == kept(first)
    assert read(requests.find, second) == kept(second, full)
    assert read(requests.find, second + 1) is None


def test_requests_are_listed_the_newest_first_by_unit_and_by_time(begin, read):
    retail = begin(requests.add, ASKED)
    finance = begin(requests.add, replace(ASKED, unit="finance", asked_at=NOW + MINUTE))
    assert [it.id for it in read(requests.latest)] == [finance, retail]
    assert [it.id for it in read(requests.latest, {"retail"})] == [retail]
    assert read(requests.latest, frozenset()) == []
    assert [it.id for it in read(requests.latest, None, NOW)] == [finance]
    assert [it.id for it in read(requests.latest, most=1)] == [finance]


def test_a_request_moves_on_once_from_where_it_was_seen(begin, read):
    id = begin(requests.add, ASKED)
    seen = read(requests.find, id)
    begin(requests.move, seen, Status.SENT, "t/ada", NOW + MINUTE, "ticket 7")
    now = read(requests.find, id)
    assert (now.status, now.status_at, now.status_by, now.note) == (
        Status.SENT, NOW + MINUTE, "t/ada", "ticket 7",
    )  # fmt: skip
    with pytest.raises(Outdated):
        begin(requests.move, seen, Status.REFUSED, "t/alan", NOW + MINUTE, "")
    assert read(requests.find, id) == now
