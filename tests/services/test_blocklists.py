"""Blocklists with their terms, and each write to one of them as it is sent."""

import json

import pytest

from domain.faults import Busy, Forbidden, NotFound, Unintelligible
from services import blocklists
from services.azure import counted
from tests.services.recorded import ACCOUNT, BLOCKLISTS, TERMS, blocklist, error, term

RIVALS, ONE = f"{BLOCKLISTS}/rivals", f"{TERMS}/one"


def test_a_list_comes_with_its_terms_in_order(azure, wire):
    wire.says(BLOCKLISTS, {"value": [blocklist()]})
    more = f"https://management.azure.com{TERMS}-2?api-version=2026-09-01"
    wire.says(TERMS, {"value": [term("two", "b.d", isRegex=True, new=1)], "nextLink": more})
    wire.says(f"{TERMS}-2", {"value": [term()]})
    with counted() as tally:
        (row,) = blocklists.of_account(azure, ACCOUNT)
    assert tally.calls == 3
    assert (row["resource"], row["account_id"], row["blocklist"]) == (RIVALS, ACCOUNT, "rivals")
    assert row["description"] == "Names of our rivals"
    assert (row["etag"], row["modified_by"]) == ('"b-1"', "alan@contoso.example")
    assert json.loads(row["terms"]) == [
        {"pattern": "acme", "isRegex": False, "name": "one", "etag": '"t-1"'},
        {"pattern": "b.d", "isRegex": True, "new": 1, "name": "two", "etag": '"t-1"'},
    ]


def test_no_list_is_no_row(azure, wire):
    wire.says(BLOCKLISTS, {"value": []})
    assert blocklists.of_account(azure, ACCOUNT) == []


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ((403, error("AuthorizationFailed")), Forbidden),
        ({"value": [{"name": "one"}]}, Unintelligible),
        ({"value": [term() | {"properties": ["acme"]}]}, Unintelligible),
    ],
)
def test_terms_that_cannot_be_read_are_not_none(azure, wire, said, fault):
    wire.says(BLOCKLISTS, {"value": [blocklist()]})
    wire.says(TERMS, said)
    with pytest.raises(fault, match="blocklists of aoai-shop"):
        blocklists.of_account(azure, ACCOUNT)


def test_a_look_at_a_list_and_at_a_term(azure, wire):
    wire.says(RIVALS, blocklist(etag=None))
    wire.says(ONE, term("One"))
    found = blocklists.seen(azure, RIVALS)
    assert (found.name, found.etag) == ("rivals", "*")
    assert found.body == {"description": "Names of our rivals"}
    of = blocklists.term_seen(azure, ONE.upper())
    assert (of.resource, of.name, of.etag) == (ONE, "One", '"t-1"')
    assert of.body == {"pattern": "acme", "isRegex": False}
    wire.says(f"{TERMS}/two", (404, error("ResourceNotFound")))
    with pytest.raises(NotFound):
        blocklists.term_seen(azure, f"{TERMS}/two")


@pytest.mark.parametrize(
    ("verb", "resource", "body"),
    [
        (blocklists.put, RIVALS, {"description": "x"}),
        (blocklists.term_put, ONE, {"pattern": "a{2}", "isRegex": True}),
    ],
)
def test_a_write_is_sent_once_and_whole(azure, wire, verb, resource, body):
    wire.says(("GET", resource), term() | {"tags": {"a": "b"}})
    wire.says(("PUT", resource), (201, {}), (200, {}), (412, error("x")))
    verb(azure, resource, body, "")
    verb(azure, resource, body, '"t-1"')
    assert wire.writes == [
        ("PUT", resource, {"properties": body}),
        ("PUT", resource, {"properties": body, "tags": {"a": "b"}}),
    ]
    assert wire.requests[0].headers["If-None-Match"] == "*"
    assert wire.requests[2].headers["If-Match"] == '"t-1"'
    with pytest.raises(Busy, match="aoai-shop/rivals"):
        verb(azure, resource, body, '"t-1"')
    assert len(wire.writes) == 3
    with pytest.raises(Busy, match="changed by others"):
        verb(azure, resource, body, '"t-0"')
    assert len(wire.writes) == 3


@pytest.mark.parametrize(
    ("verb", "resource"), [(blocklists.delete, RIVALS), (blocklists.term_delete, ONE)]
)
def test_a_deletion(azure, wire, verb, resource):
    wire.says(("DELETE", resource), (202, {}, b""))
    verb(azure, resource, "*")
    assert wire.writes == [("DELETE", resource, None)]
    assert wire.requests[0].headers["If-Match"] == "*"
