"""The gateway's log: what of it becomes usage, and what is not taken."""

from datetime import timedelta

import pytest

from domain import frames
from domain.faults import Forbidden, NotFound, Partial, Rejected, Throttled, Unintelligible
from domain.faults import Unreachable as Lost
from domain.frames import ACCOUNTS, DEPLOYMENTS
from domain.gateways import places
from services import accounts, deployments, logs
from settings import LOCAL_WORKSPACE as WORKSPACE
from tests.services.recorded import NOON

TODAY = NOON.replace(hour=0, minute=0, second=0, microsecond=0)
DAY = timedelta(days=1)
YESTERDAY = TODAY - DAY
ABOVE = "/subscriptions/s/resourcegroups/g/providers/microsoft.cognitiveservices/accounts"
PATH = f"/v1/workspaces/{WORKSPACE}/query"
COLUMNS = {
    "Day": "datetime",
    "Host": "string",
    "Backend": "string",
    "Deployment": "string",
    "Product": "string",
    "Prompt": "long",
    "Completion": "long",
    "Requests": "long",
}


def estate(*names, having=()):
    known = [
        {
            "account_id": f"{ABOVE}/{it}",
            "account": it.upper(),
            "endpoint": f"https://{it}.cognitiveservices.azure.com/",
        }
        for it in names
    ]
    below = [{"account_id": f"{ABOVE}/{one}", "deployment": name} for one, name in having]
    return places(frames.frame(ACCOUNTS, known), frames.frame(DEPLOYMENTS, below))


def answer(*rows, **more):
    columns = [{"name": name, "type": kind} for name, kind in COLUMNS.items()]
    return {"tables": [{"name": "PrimaryResult", "columns": columns, "rows": rows}], **more}


def row(deployment="chat", product="shop", host="one.openai.azure.com", backend=""):
    return ["2026-11-17T00:00:00Z", host, backend, deployment, product, 700, 300, 9]


def usage(azure, known=None, days=1):
    return logs.usage(azure, WORKSPACE, TODAY - days * DAY, TODAY, known or estate("one"))


@pytest.fixture
def known(contoso):
    found = frames.frame(ACCOUNTS, accounts.everywhere(contoso))
    below = [it for one in found["account_id"] for it in deployments.of_account(contoso, one)]
    return places(found, frames.frame(DEPLOYMENTS, below))


# --- against the simulator --------------------------------------------------------------------


def test_a_day_of_the_small_estate(contoso, known):
    rows = usage(contoso, known)
    assert {it["source"] for it in rows} == {"gateway"}
    assert {it["day"] for it in rows} == {YESTERDAY}
    assert {it["bucket"] for it in rows} == {"prompt", "output", "requests"}
    assert {it["product"] for it in rows} == {
        "shop-chat",
        "desk-assist",
        "partner-portal",
        "",
        "(none)",
    }
    placed = {it["resource"].split("/accounts/")[1] for it in rows if it["resource"]}
    assert placed == {"aoai-small-weu/deployments/chat", "ais-small-sdc/deployments/assist"}
    assert all(it["quantity"] > 0 for it in rows)


def test_one_query_a_day_and_each_about_its_own(contoso, known, contoso_wire):
    before = len(contoso_wire.requests)
    rows = usage(contoso, known, days=5)
    asked = contoso_wire.requests[before:]
    assert [it.path for it in asked] == [PATH] * 5
    assert {it.host for it in asked} == {"api.loganalytics.io"}
    assert {it.headers["Prefer"] for it in asked} == {"wait=120"}
    assert len({it.body["timespan"] for it in asked}) == 5
    assert {it["day"] for it in rows} == {TODAY - at * DAY for at in range(1, 6)}
    alone = [it for it in rows if it["day"] == YESTERDAY]
    assert alone == usage(contoso, known)


def test_callers_without_their_last_number(contoso, known):
    found = logs.callers(contoso, WORKSPACE, YESTERDAY, TODAY, known)
    assert [it["tokens"] for it in found] == sorted((it["tokens"] for it in found), reverse=True)
    whole = sum(it["quantity"] for it in usage(contoso, known) if it["bucket"] != "requests")
    assert sum(it["tokens"] for it in found) == whole
    assert {it["network"].split(".")[-1] for it in found if it["product"]} == {"0/24"}
    assert {it["subscriber"] for it in found} >= {"shop-web", "shop-app", "desk"}
    assert all(it["messages"] >= it["requests"] > 0 for it in found)


def test_a_part_of_an_answer_is_not_taken(contoso, known, simulator):
    simulator.control.fault("partial", path=PATH)
    with pytest.raises(Partial, match="a part of the answer"):
        usage(contoso, known)
    assert usage(contoso, known)


def test_another_workspace_is_not_found(contoso, known):
    with pytest.raises(NotFound):
        logs.usage(contoso, "00000000-0000-0000-0000-000000000001", YESTERDAY, TODAY, known)


# --- canned -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code", "fault"),
    [
        (403, "InsufficientAccessError", Forbidden),
        (400, "BadArgumentError", Rejected),
        (429, "TooManyRequests", Throttled),
        (504, "GatewayTimeout", Lost),
        (500, "InternalServerError", Lost),
    ],
)
def test_refusals(azure, wire, status, code, fault):
    wire.says(PATH, (status, {"error": {"code": code, "message": "No."}}))
    with pytest.raises(fault, match="Reading the gateway's log in workspace") as told:
        usage(azure)
    assert "No." not in told.value.words


def test_a_page_of_a_proxy_is_no_answer(azure, wire):
    wire.says(PATH, (200, {"Content-Type": "text/html"}, "<html>Sign in</html>"))
    with pytest.raises(Unintelligible):
        usage(azure)


def test_throttling_is_slept_through(azure, wire, slept):
    wire.says(PATH, (429, {"Retry-After": "7"}, {"error": {"code": "x"}}), answer(row()))
    assert len(usage(azure)) == 3
    assert 7 in slept


def test_an_error_beside_the_tables_is_noticed(azure, wire):
    error = {"code": "PartialError", "message": "There were some errors."}
    wire.says(PATH, answer(row(), error=error))
    with pytest.raises(Partial):
        usage(azure)


@pytest.mark.parametrize(
    "rows", [[["2026-11-17T00:00:00Z", "h"]], [["soon", *row()[1:]]], [[*row()[:5], "much", 1, 1]]]
)
def test_another_shape_is_no_answer(azure, wire, rows):
    wire.says(PATH, answer(*rows))
    with pytest.raises(Unintelligible):
        usage(azure)


def test_nothing_logged_is_no_row(azure, wire):
    wire.says(PATH, answer())
    assert usage(azure) == []


def test_products_and_buckets(azure, wire):
    wire.says(PATH, answer(row(), row(product="")))
    rows = usage(azure)
    told = {(it["product"], it["bucket"]): it["quantity"] for it in rows}
    counts = {"prompt": 700, "output": 300, "requests": 9}
    assert told == {(product, it): n for product in ("shop", "") for it, n in counts.items()}
    assert {(it["subscription"], it["tier"], it["estimated"]) for it in rows} == {("s", "", False)}


# --- whose deployment -------------------------------------------------------------------------

BOTH = [("one", "chat"), ("two", "chat"), ("two", "only")]


@pytest.mark.parametrize(
    ("host", "backend", "deployment", "account"),
    [
        ("one.openai.azure.com", "", "chat", "one"),
        ("two.services.ai.azure.com", "one", "chat", "two"),
        ("one.cognitiveservices.azure.com", "", "gone", "one"),
        ("", "two.openai.azure.com", "chat", "two"),
        ("", "two", "chat", "two"),
        ("", "pool", "only", "two"),
        ("", "", "only", "two"),
        ("", "pool", "chat", None),  # two have it
        ("", "", "nowhere", None),
        ("three.openai.azure.com", "two", "only", None),  # a host that is not ours
        ("", "three.openai.azure.com", "only", None),
        ("one.evil.example", "", "chat", None),
    ],
)
def test_a_row_finds_its_deployment_or_is_unknown(azure, wire, host, backend, deployment, account):
    wire.says(PATH, answer(row(deployment, host=host, backend=backend)))
    rows = usage(azure, estate("one", "two", having=BOTH))
    expected = f"{ABOVE}/{account}/deployments/{deployment}" if account else None
    assert {it["resource"] for it in rows} == {expected}
    assert {it["backend"] for it in rows} == {host or backend}


def test_two_accounts_of_one_name_are_told_apart_by_host_only():
    known = [
        {"account_id": f"{ABOVE}/{it}", "account": "same", "endpoint": f"https://{it}.example/"}
        for it in ("one", "two")
    ]
    both = places(frames.frame(ACCOUNTS, known), frames.frame(DEPLOYMENTS, []))
    assert both.resource("", "same", "chat") is None
    assert both.resource("one.example", "same", "chat") == f"{ABOVE}/one/deployments/chat"
