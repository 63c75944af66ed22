"""Log Analytics: the gateway's logs as the SDK asks for them, and no KQL that is not there."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
from azure.core.exceptions import HttpResponseError
from azure.monitor.query import LogsBatchQuery, LogsQueryClient, LogsQueryStatus

from simulator.app import Simulator
from simulator.kusto import tables
from simulator.kusto.faults import Meaningless, QueryFault, Unreadable
from simulator.kusto.tables import Table
from tests.simulator.conftest import InProcess, Token

WORKSPACE = "5c0f0ae2-7c1d-4d0e-9a43-6f2b8f1d3e77"
HOST = "api.loganalytics.io"
PATH = f"/v1/workspaces/{WORKSPACE}/query"
LLM, REQUESTS = "ApiManagementGatewayLlmLog", "ApiManagementGatewayLogs"
DAY = datetime(2026, 11, 17, tzinfo=UTC)
ONE_DAY = (DAY, DAY + timedelta(days=1))
BY_DEPLOYMENT = f"""{LLM} | where DeploymentName != ''
| summarize prompt = sum(PromptTokens), completion = sum(CompletionTokens) by DeploymentName"""


@pytest.fixture
def ask(azure):
    """ask(query, **body): the answer to a query about yesterday."""

    def asked(query, path=PATH, timespan="2026-11-17T00:00:00Z/2026-11-18T00:00:00Z", **more):
        body = {"query": query, "timespan": timespan} | more
        return azure.ask("POST", path, None, host=HOST, json=body)

    return asked


@pytest.fixture
def rows(ask):
    """rows(query): records of a good answer."""

    def found(query, **more):
        answer = ask(query, **more)
        assert answer.status_code == 200, answer.text
        (table,) = answer.get_json()["tables"]
        names = [it["name"] for it in table["columns"]]
        return [dict(zip(names, it, strict=True)) for it in table["rows"]]

    return found


@pytest.fixture
def client(small):
    session = requests.Session()
    session.mount("https://", InProcess(small))
    return logs_client(session)


def logs_client(session):
    from azure.core.pipeline.transport import RequestsTransport

    transport = RequestsTransport(session=session, session_owner=False)
    return LogsQueryClient(Token(), transport=transport, retry_total=0)


def inner(answer):
    """The codes of an error, from the outside in, and the last words."""
    error, codes = answer.get_json()["error"], []
    while error:
        codes.append(error["code"])
        words, error = error["message"], error.get("innererror")
    return codes, words


# --- by the SDK -------------------------------------------------------------------------------


def test_the_sdk_reads_a_table(client):
    answer = client.query_workspace(WORKSPACE, f"{LLM} | take 3", timespan=ONE_DAY)
    assert answer.status == LogsQueryStatus.SUCCESS
    (table,) = answer.tables
    assert (table.name, len(table.rows)) == ("PrimaryResult", 3)
    first = table.rows[0]
    assert DAY <= first["TimeGenerated"] < ONE_DAY[1]
    assert first["TotalTokens"] == first["PromptTokens"] + first["CompletionTokens"]
    assert len({it["CorrelationId"] for it in table.rows}) == 3
    assert (
        dict(zip(table.columns, table.columns_types, strict=True))["RequestMessages"] == "dynamic"
    )


def test_the_sdk_reads_several_at_once(client):
    queries = [
        LogsBatchQuery(WORKSPACE, f"{LLM} | count", timespan=ONE_DAY),
        LogsBatchQuery(WORKSPACE, "Nothing | count", timespan=ONE_DAY),
    ]
    good, bad = client.query_batch(queries)
    assert good.tables[0].rows[0]["Count"] > 0
    assert bad.code == "BadArgumentError"


def test_a_part_of_an_answer_says_so(client, small):
    query = f"{LLM} | take 10"
    small.control.fault("partial", path=PATH)
    answer = client.query_workspace(WORKSPACE, query, timespan=ONE_DAY)
    assert answer.status == LogsQueryStatus.PARTIAL
    assert (answer.partial_error.code, len(answer.partial_data[0].rows)) == ("PartialError", 5)
    assert client.query_workspace(WORKSPACE, query, timespan=ONE_DAY).status == "Success"


@pytest.mark.parametrize(("kind", "status"), [("throttle", 429), ("forbid", 403)])
def test_refusals_on_order(client, small, kind, status):
    small.control.fault(kind, path=PATH)
    with pytest.raises(HttpResponseError) as told:
        client.query_workspace(WORKSPACE, f"{LLM} | count", timespan=None)
    assert told.value.status_code == status


def test_too_many_questions_of_one_person(ask, small):
    small.control.configure(throttling=True)
    codes = [ask("Nowhere").status_code for _ in range(202)]
    assert codes == [400] * 200 + [429] * 2
    answer = ask("Nowhere")
    assert (inner(answer)[0], answer.headers["Retry-After"]) == (["ThrottledError"], "1")


def test_too_long_a_query_on_order(client, small):
    small.control.fault("fail", path=PATH, status=504, code="GatewayTimeout")
    with pytest.raises(HttpResponseError) as told:
        client.query_workspace(WORKSPACE, f"{LLM} | count", timespan=None, server_timeout=10)
    assert told.value.status_code == 504


def test_statistics_where_they_are_wanted(client):
    asked = {"timespan": ONE_DAY, "include_statistics": True}
    assert client.query_workspace(WORKSPACE, f"{LLM} | count", **asked).statistics


# --- workspaces and times ---------------------------------------------------------------------


def test_other_workspaces_are_not_there(ask):
    other = WORKSPACE.replace("5", "6")
    assert ask(f"{LLM} | count", path=f"/v1/workspaces/{other}/query").status_code == 404
    assert ask(f"{LLM} | count", workspaces=[other]).status_code == 404
    assert ask(f"{LLM} | count", workspaces=[WORKSPACE]).status_code == 200


def test_a_workspace_that_may_not_be_read(small, ask):
    small.world.gateway = small.world.gateway.__class__(
        **{**small.world.gateway.__dict__, "readable": False}
    )
    answer = ask(f"{LLM} | count")
    assert (answer.status_code, inner(answer)[0]) == (403, ["InsufficientAccessError"])


def test_nobody_asks_without_a_token(small, signed):
    assert signed(small, "").ask("POST", PATH, None, host=HOST, json={}).status_code == 401


@pytest.mark.parametrize("timespan", ["yesterday", "PT", "P1X", "2026-11-17/soon"])
def test_no_timespan(ask, timespan):
    assert ask(f"{LLM} | count", timespan=timespan).status_code == 400


@pytest.mark.parametrize("body", [{"query": ""}, {"query": None}, {"query": 3}])
def test_no_query(ask, body):
    assert ask(**body).status_code == 400


def test_a_timespan_cuts(rows):
    count = f"{LLM} | count"
    whole = rows(count)[0]["Count"]
    halves = [
        rows(count, timespan=f"2026-11-17T{start}:00:00Z/PT43200.0S")[0]["Count"]
        for start in ("00", "12")
    ]
    assert (sum(halves), min(halves) > 0) == (whole, True)
    assert rows(count, timespan="PT3600S")[0]["Count"] > 0


def test_what_was_logged_stays_and_what_is_new_comes_late(rows, clock):
    sums, tell = f"{LLM} | summarize sum(TotalTokens), count()", {"timespan": None}
    before, today = rows(sums), rows(sums, **tell)
    clock.move(minutes=20)
    assert rows(sums) == before
    assert rows(sums, **tell)[0]["sum_TotalTokens"] > today[0]["sum_TotalTokens"]
    newest = rows(f"{LLM} | summarize last = max(TimeGenerated)", **tell)[0]["last"]
    assert newest < (clock.now - timedelta(minutes=4)).isoformat()


# --- one world --------------------------------------------------------------------------------


def test_the_gateway_sees_most_of_what_the_platform_counted(azure, rows, path):
    found = {it["DeploymentName"]: it for it in rows(BY_DEPLOYMENT)}
    assert set(found) == {"chat", "assist"}
    for account, deployment in (("aoai-small-weu", "chat"), ("ais-small-sdc", "assist")):
        region = "westeurope" if deployment == "chat" else "swedencentral"
        for name, ours in (("ProcessedPromptTokens", "prompt"), ("GeneratedTokens", "completion")):
            total = platform(azure, path(account), deployment, name, region)
            assert 0.78 * total < found[deployment][ours] < total


def platform(azure, account, deployment, metric, region):
    (value,) = azure.batch(
        [account],
        metric,
        region=region,
        starttime="2026-11-17T00:00:00Z",
        endtime="2026-11-18T00:00:00Z",
        interval="P1D",
        filter=f"ModelDeploymentName eq '{deployment}'",
    )
    return sum(
        point.get("total", 0)
        for series in value["value"][0]["timeseries"]
        for point in series["data"]
    )


def test_today_so_far_is_below_what_the_platform_counted_so_far(azure, rows, path, clock):
    since = "2026-11-18T00:00:00Z"
    found = {
        it["DeploymentName"]: it
        for it in rows(BY_DEPLOYMENT, timespan=f"{since}/2026-11-19T00:00:00Z")
    }
    (value,) = azure.batch(
        [path("aoai-small-weu")],
        "ProcessedPromptTokens",
        starttime=since,
        endtime=f"{clock.now:%Y-%m-%dT%H:%M:00Z}",
        interval="PT1M",
        filter="ModelDeploymentName eq 'chat'",
    )
    counted = sum(
        it.get("total", 0) for one in value["value"][0]["timeseries"] for it in one["data"]
    )
    assert 0 < found["chat"]["prompt"] < counted


def test_messages_in_chunks_have_no_tokens(rows):
    found = rows(
        f"{LLM} | where DeploymentName == '' | summarize n = count(), t = sum(TotalTokens)"
    )
    assert found[0]["n"] > 0
    assert found[0]["t"] == 0
    with_all = rows(f"{LLM} | summarize n = count(), d = dcount(CorrelationId)")[0]
    assert with_all["n"] == with_all["d"] + found[0]["n"]


def test_products_wander_and_all_are_there(rows):
    joined = f"""{LLM} | where DeploymentName == 'chat'
    | join kind=inner ({REQUESTS} | project CorrelationId, ProductId) on CorrelationId
    | summarize tokens = sum(TotalTokens) by ProductId, day = bin(TimeGenerated, 1d)"""
    found = rows(joined, timespan="2026-11-10T00:00:00Z/2026-11-18T00:00:00Z")
    assert {it["ProductId"] for it in found} == {"shop-chat", "desk-assist", "partner-portal", ""}
    days = sorted({it["day"] for it in found})
    shares = []
    for day in days:
        of = {it["ProductId"]: it["tokens"] for it in found if it["day"] == day}
        shares.append(of["shop-chat"] / sum(of.values()))
    assert len({round(it, 3) for it in shares}) > 4
    assert 0.4 < min(shares) < max(shares) < 0.8


def test_some_requests_are_in_one_log_only(rows):
    lost = f"""{LLM} | where DeploymentName != ''
    | join kind=leftouter ({REQUESTS} | project CorrelationId) on CorrelationId
    | summarize n = countif(isempty(CorrelationId1)), all = count() by DeploymentName"""
    found = {it["DeploymentName"]: it for it in rows(lost)}
    assert found["chat"]["n"] == 0
    assert 0 < found["assist"]["n"] < found["assist"]["all"] * 0.2


def test_a_capacity_that_was_cut_is_felt_here_too(azure, rows, chat, clock):
    before = {it["DeploymentName"]: it for it in rows(BY_DEPLOYMENT)}["chat"]["prompt"]
    azure.patch(chat, {"sku": {"name": "Standard", "capacity": 1}})
    clock.move(days=2)
    span = {"timespan": "2026-11-19T00:00:00Z/2026-11-20T00:00:00Z"}
    after = {it["DeploymentName"]: it for it in rows(BY_DEPLOYMENT, **span)}["chat"]["prompt"]
    assert after < before / 2


def test_a_world_without_a_gateway_has_an_empty_log(signed):
    simulator = Simulator(scenario="scale-3", clock=lambda: datetime(2026, 11, 18, tzinfo=UTC))
    answer = signed(simulator).ask("POST", PATH, None, host=HOST, json={"query": f"{LLM} | count"})
    assert answer.get_json()["tables"][0]["rows"] == [[0]]


def test_contoso_has_products_over_several_deployments():
    simulator = Simulator(clock=lambda: datetime(2026, 11, 18, 13, 30, tzinfo=UTC))
    gateway = simulator.world.gateway
    assert gateway.workspace == WORKSPACE
    assert all(0.8 <= it.coverage <= 0.98 for it in gateway.routes)
    assert all(it.account in simulator.world.accounts.accounts for it in gateway.routes)
    known = {
        it.name for one in simulator.world.accounts.accounts for it in simulator.world.usage.of(one)
    }
    assert {it.deployment for it in gateway.routes} <= known


# --- KQL --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "BadRequest"),
        (f"{LLM} |", "SYN0002"),
        (f"{LLM} | where", "SYN0002"),
        (f"{LLM} | evaluate pivot(a)", "SYN0002"),
        (f"{LLM} | join ({REQUESTS}) on CorrelationId", "SYN0002"),
        (f"{LLM} | where DeploymentName has 'x'", "SYN0002"),
        (f"{LLM} | where DeploymentName == 'x", "SYN0002"),
        ("print 1", "SYN0002"),
        ("Nowhere | count", "SEM0100"),
        (f"{LLM} | where Nothing == 1", "SEM0100"),
        (f"{LLM} | where PromptTokens == 'many'", "SEM0100"),
        (f"{LLM} | where PromptTokens", "SEM0100"),
        (f"{LLM} | extend x = made_up(PromptTokens)", "SEM0100"),
        (f"{LLM} | summarize PromptTokens", "SEM0100"),
        (f"{LLM} | summarize sum(ModelName)", "SEM0100"),
        (f"{LLM} | summarize percentile(PromptTokens, 95)", "SEM0100"),
        (f"{LLM} | project-away Nothing", "SEM0100"),
        (f"{LLM} | join kind=inner ({REQUESTS}) on Nothing", "SEM0100"),
    ],
)
def test_what_is_no_kql_or_not_simulated_is_refused(ask, query, code):
    answer = ask(query)
    assert answer.status_code == 400
    codes, words = inner(answer)
    assert (codes[0], codes[-1]) == ("BadArgumentError", code)
    assert words


def test_a_refusal_says_where(ask):
    answer = ask(f"{LLM}\n| where a ! b").get_json()["error"]["innererror"]["innererror"]
    assert (answer["line"], answer["token"]) == (2, "! b")


RUNS = Table(
    {"id": "string", "name": "string", "n": "long", "at": "datetime", "ip": "string"},
    [
        (f"{one:06}000000", name, n, DAY + timedelta(hours=hour), f"10.0.{one}.7", many)
        for one, name, n, hour, many in [
            (1, "a", 5, 1, 3),
            (2, "b", 7, 2, 4),
            (3, "a", None, 30, 2),
            (1, "", 1, 1, 3),
        ]
    ],
    frozenset({"id"}),
)
"""Four runs of together 12 rows; the last belongs to the first."""


def run(query):
    found = tables.run(query, {"T": lambda: RUNS}, DAY)
    return [dict(zip(found.columns, row, strict=False)) for row in found.rows]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("T | count", [{"Count": 12}]),
        ("T | summarize count()", [{"count_": 12}]),
        ("T | summarize sum(n)", [{"sum_n": 46}]),
        ("T | summarize a = avg(n)", [{"a": 4.6}]),
        ("T | summarize min(n), max(n)", [{"min_n": 1, "max_n": 7}]),
        ("T | summarize dcount(id), dcount(name)", [{"dcount_id": 9, "dcount_name": 3}]),
        ("T | summarize c = countif(name == 'a')", [{"c": 5}]),
        ("T | summarize s = sumif(n, name != '')", [{"s": 43}]),
        (
            "T | where name != '' | summarize c = count() by name | order by name asc",
            [{"name": "a", "c": 5}, {"name": "b", "c": 4}],
        ),
        (
            "T | summarize c = count() by bin(at, 1d) | order by c desc",
            [{"at": DAY, "c": 10}, {"at": DAY + timedelta(days=1), "c": 2}],
        ),
        ("T | summarize s = sum(n), c = count() by id | summarize max(s), sum(c), count()",
         [{"max_s": 7, "sum_c": 12, "count_": 9}]),
        ("T | where id == '000001000002' | summarize sum(n), count()", [{"sum_n": 6, "count_": 2}]),
        ("T | distinct name | count", [{"Count": 3}]),
        ("T | summarize x = take_anyif(name, name != '') by id | summarize c = count() by x"
         " | top 1 by c", [{"x": "a", "c": 5}]),
        ("let limit_ = 2; T | top limit_ by n desc | project n", [{"n": 7}, {"n": 7}]),
        ("let A = T | where name == 'a'; A | summarize count()", [{"count_": 5}]),
        ("T | join kind=inner (T | where name == '' | project id, m = n) on id"
         " | summarize count(), sum(m)", [{"count_": 6, "sum_m": 6}]),
        ("T | where name == 'a' | join kind=leftouter (T | where name == '' | project id, m = n)"
         " on id | summarize c = count(), u = countif(isempty(id1)), s = sum(m)",
         [{"c": 5, "u": 2, "s": 3}]),
        ("T | where name == 'b' | take 1 | project x = case(n > 9, 'much', n > 6, 'some', 'few'),"
         " m = format_ipv4_mask(ip, 24), h = tostring(parse_url('https://a.b/c').Host)",
         [{"x": "some", "m": "10.0.2.0/24", "h": "a.b"}]),
        ("T | where at between (datetime(2026-11-18) .. datetime(2026-11-19)) | count",
         [{"Count": 2}]),
        ("T | where at >= ago(0d) + 1d and isnull(n) or name in ('b', 'c') | count",
         [{"Count": 6}]),
        ("T | where name contains 'A' and not(name startswith 'b') | count", [{"Count": 5}]),
        ("T | take 1 | project a = 7 / 2, b = 7.0 / 2, c = -7 / 2, d = 1 / 0, e = strcat('x', 1),"
         " f = toint('5') + 1", [{"a": 3, "b": 3.5, "c": -3, "d": None, "e": "x1", "f": 6}]),
    ],
)  # fmt: skip
def test_queries_over_runs_are_as_over_single_rows(query, expected):
    assert run(query) == expected
    single = tables._told_out(RUNS)
    found = tables.run(query, {"T": lambda: single}, DAY)
    assert [dict(zip(found.columns, row, strict=False)) for row in found.rows] == expected


def test_told_out_rows_have_ids_of_their_own():
    found = run("T | where name != '' | project id")
    assert len({it["id"] for it in found}) == len(found) == 9


@pytest.mark.parametrize(
    "query", ["T | where 'a' == 'a", "T | where n == 1 1", "let x = ; T", "T ||"]
)
def test_unreadable(query):
    with pytest.raises(Unreadable):
        run(query)


@pytest.mark.parametrize(
    "query",
    ["T | take name", "T | extend x = n + name", "T | extend x = case(n > 1, 'a', 1)", "U"],
)
def test_meaningless(query):
    with pytest.raises(Meaningless):
        run(query)
    assert issubclass(Meaningless, QueryFault)
