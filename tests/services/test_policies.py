"""Filter policies: what Azure says of them, kept as it says it, and each write as it is sent."""

import json

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import frames, moderation
from domain.faults import (
    Busy,
    Fault,
    Forbidden,
    InUse,
    NotFound,
    Rejected,
    Unintelligible,
    Unreachable,
)
from domain.filters import Strength, parsed, read
from services import policies
from tests.services.recorded import ACCOUNT, NOON, POLICIES, error, policy
from tests.services.test_hostile import ANYTHING, places, replaced
from tests.wire import Recorded

STRICT = f"{POLICIES}/strict"
BODY = policy()["properties"]


def listed(azure, wire, *items):
    wire.says(POLICIES, {"value": list(items)})
    return policies.of_account(azure, ACCOUNT.upper())


def test_a_row_holds_the_properties_as_they_came(azure, wire):
    (row,) = listed(azure, wire, policy(newField={"a": [1, None]}))
    assert json.loads(row["body"]) == BODY | {"newField": {"a": [1, None]}}
    told = {key: it for key, it in row.items() if key not in ("body", "created_at", "modified_at")}
    assert told == {
        "resource": STRICT,
        "account_id": ACCOUNT,
        "policy": "strict",
        "kind": "UserManaged",
        "etag": '"p-1"',
        "modified_by": "alan@contoso.example",
    }
    assert row["created_at"] < row["modified_at"] < NOON


def test_one_of_microsofts_has_no_history(azure, wire):
    plain = policy("Microsoft.DefaultV2", "SystemManaged", None)
    del plain["systemData"]
    (row,) = listed(azure, wire, plain)
    assert (row["policy"], row["kind"]) == ("Microsoft.DefaultV2", "SystemManaged")
    assert row["etag"] is row["created_at"] is row["modified_at"] is row["modified_by"] is None


def test_pages_follow_each_other(azure, wire):
    more = f"https://management.azure.com{POLICIES}-2?api-version=2026-09-01"
    wire.says(POLICIES, {"value": [policy()], "nextLink": more})
    wire.says(f"{POLICIES}-2", {"value": [policy("loose")]})
    assert [it["policy"] for it in policies.of_account(azure, ACCOUNT)] == ["strict", "loose"]


@pytest.mark.parametrize("lacks", ["properties", "name", "id"])
def test_what_cannot_be_told_is_a_fault_and_not_an_empty_policy(azure, wire, lacks):
    it = policy()
    del it[lacks]
    with pytest.raises(Unintelligible):
        listed(azure, wire, it)


@pytest.mark.parametrize(
    ("status", "fault"), [(403, Forbidden), (404, NotFound), (501, Unreachable)]
)
def test_an_account_that_refuses_says_so_in_words(azure, wire, status, fault):
    wire.says(POLICIES, (status, error("x")))
    with pytest.raises(fault, match="filter policies of aoai-shop"):
        policies.of_account(azure, ACCOUNT)


def test_a_look_at_one(azure, wire):
    wire.says(STRICT, policy("Strict"))
    found = policies.seen(azure, STRICT.upper())
    assert (found.resource, found.name, found.body) == (STRICT, "Strict", BODY)
    assert (found.etag, found.kind) == ('"p-1"', "UserManaged")
    assert found.modified_by == "alan@contoso.example"


def test_without_an_etag_whatever_is_there_is_meant(azure, wire):
    wire.says(("GET", STRICT), policy(etag=None))
    wire.says(("PUT", STRICT), policy())
    policies.put(azure, STRICT, BODY, policies.seen(azure, STRICT).etag)
    assert wire.requests[-1].headers["If-Match"] == "*"
    assert "If-None-Match" not in wire.requests[-1].headers


def test_what_is_gone_is_not_found(azure, wire):
    wire.says(STRICT, (404, error("ResourceNotFound")))
    with pytest.raises(NotFound):
        policies.seen(azure, STRICT)


# --- writes ---------------------------------------------------------------------------------------


def test_a_write_is_the_whole_and_only_over_what_was_seen(azure, wire):
    there = policy() | {"tags": {"owner": "mira"}, "newer": [1]}
    wire.says(STRICT, there)
    body = BODY | {"unknown": [{"x": None}]}
    policies.put(azure, STRICT, body, '"p-1"')
    told = {"tags": {"owner": "mira"}, "newer": [1], "properties": body}
    assert wire.writes == [("PUT", STRICT, told)]
    assert wire.requests[-1].headers["If-Match"] == '"p-1"'
    assert "If-None-Match" not in wire.requests[-1].headers


@pytest.mark.parametrize("etag", ['"p-2"', None])
def test_what_others_changed_is_not_written_over(azure, wire, etag):
    wire.says(("GET", STRICT), policy(etag=etag))
    with pytest.raises(Busy, match="changed by others"):
        policies.put(azure, STRICT, BODY, '"p-1"')
    assert wire.writes == []


def test_a_new_one_is_written_over_nothing(azure, wire):
    wire.says(("PUT", STRICT), (201, policy()))
    policies.put(azure, STRICT, BODY, "")
    assert wire.writes == [("PUT", STRICT, {"properties": BODY})]
    (asked,) = wire.requests
    assert asked.headers["If-None-Match"] == "*"
    assert "If-Match" not in asked.headers


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ((412, error("IfMatchPreconditionFailed")), Busy),
        ((409, error("RequestConflict")), Busy),
        ((400, error("InvalidContentFilter")), Rejected),
        (requests.ReadTimeout("slow"), Unreachable),
    ],
)
def test_a_write_is_sent_once_whatever_comes(azure, wire, said, fault):
    wire.says(("GET", STRICT), policy())
    wire.says(("PUT", STRICT), said)
    with pytest.raises(fault):
        policies.put(azure, STRICT, BODY, '"p-1"')
    assert len(wire.writes) == 1


@pytest.mark.parametrize("status", [202, 204])
def test_a_deletion(azure, wire, status):
    wire.says(("DELETE", STRICT), (status, {}, b""))
    policies.delete(azure, STRICT, '"p-1"')
    assert wire.writes == [("DELETE", STRICT, None)]
    assert wire.requests[0].headers["If-Match"] == '"p-1"'


def test_what_is_in_use_is_not_deleted_and_that_is_not_a_matter_of_time(azure, wire):
    wire.says(("DELETE", STRICT), (409, error("ResourceInUse")))
    with pytest.raises(InUse, match="still names it"):
        policies.delete(azure, STRICT, '"p-1"')


@pytest.mark.parametrize("name", ["Microsoft.Default", "microsoft.defaultv2"])
def test_nobody_writes_to_microsofts_own(azure, wire, name):
    with pytest.raises(Rejected, match="Microsoft"):
        policies.put(azure, f"{POLICIES}/{name}", BODY, "")
    with pytest.raises(Rejected, match="Microsoft"):
        policies.delete(azure, f"{POLICIES}/{name}", "*")
    assert wire.requests == []


# --- answers of another shape ---------------------------------------------------------------------


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_whatever_is_written_there_nothing_becomes_off(reaching, data):
    answer = {"value": [policy()]}
    place = data.draw(st.sampled_from(list(places(answer))))
    new = data.draw(ANYTHING.filter(lambda it: it is not False))
    wire = Recorded({POLICIES: [replaced(answer, place, new)]})
    try:
        rows = policies.of_account(reaching(wire), ACCOUNT)
    except Fault:
        return
    frames.packed(frames.frame(moderation.POLICIES, rows))
    for row in rows:
        found = read(parsed(row["body"]))
        for key in (("hate", "prompt"), ("jailbreak", "prompt")):
            assert found.strength(key) is not Strength.OFF
