"""Resource Graph: the queries that inventories ask, and a refusal for all others."""

import pytest

from simulator.resourcegraph import kql

PATH = "/providers/Microsoft.ResourceGraph/resources"
ROWS = [
    {"name": "b", "kind": "OpenAI", "tags": {"a b": "x"}, "properties": {"state": "On", "n": 2}},
    {"name": "a", "kind": "Face", "tags": None, "properties": {"state": "off", "n": 1}},
    {"name": "C", "kind": "AIServices", "tags": {}, "properties": {}},
]


@pytest.fixture
def ask(contoso, signed):
    def asked(query, **body):
        words = {"query": query, **body}
        return signed(contoso).ask("POST", PATH, "2021-03-01", json=words)

    return asked


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("t | project name", ["b", "a", "C"]),
        ("T | where kind =~ 'openai'", ["b"]),
        ("t | where kind == 'openai'", []),
        ("t | where kind in~ ('OPENAI', \"face\")", ["b", "a"]),
        ("t | where kind !in~ ('OpenAI')", ["a", "C"]),
        ("t | where kind in ('OpenAI','AIServices') and name != 'b'", ["C"]),
        ("t | where kind =~ 'face' or kind =~ 'openai' | order by name asc", ["a", "b"]),
        ("t | where tostring(properties.state) =~ 'on'", ["b"]),
        ("t | where tags['a b'] == 'x'", ["b"]),
        ("t | order by name asc | limit 2", ["a", "b"]),
        ("t | sort by name", ["C", "b", "a"]),
        ("t // all\n| where isit == ''| take 1", ["b"]),
    ],
)
def test_shapes_of_query(query, names):
    assert [it["name"] for it in kql.run(query, {"t": lambda: ROWS})] == names


def test_project_renames_and_reaches_into_properties():
    query = (
        "t | extend up = toupper(name) | project up, s=tostring(properties.state), n=properties.n"
    )
    rows = kql.run(query, {"t": lambda: ROWS})
    assert rows[0] == {"up": "B", "s": "On", "n": 2}
    assert rows[2] == {"up": "C", "s": "", "n": None}


def test_accounts_of_both_kinds_without_those_one_may_not_read(ask):
    body = ask(
        "resources | where type =~ 'microsoft.cognitiveservices/accounts' "
        "| where kind in~ ('OpenAI','AIServices') | project id,name,location,resourceGroup,tags"
    ).get_json()
    assert body["totalRecords"] == body["count"] == len(body["data"]) == 31
    assert body["resultTruncated"] == "false"
    assert "aoai-treasury-weu" not in {it["name"] for it in body["data"]}
    assert all(it["resourceGroup"].islower() for it in body["data"])


def test_pages_and_named_subscriptions(ask, prod):
    query = "resources | project id | order by id asc"
    first = ask(query, options={"$top": 20}).get_json()
    rest = ask(query, options={"$top": 1000, "$skipToken": first["$skipToken"]}).get_json()
    assert first["count"] + rest["count"] == first["totalRecords"] == 35
    assert "$skipToken" not in rest
    one = ask("resources", subscriptions=[prod]).get_json()
    assert {it["subscriptionId"] for it in one["data"]} == {prod}


def test_subscriptions_as_containers(ask):
    rows = ask(
        "resourcecontainers | where type =~ 'microsoft.resources/subscriptions' | project "
        "subscriptionId, name, state=tostring(properties.state), "
        "mg=properties.managementGroupAncestorsChain"
    ).get_json()["data"]
    assert len(rows) == 5
    assert {it["state"] for it in rows} == {"Enabled", "Disabled"}
    assert rows[0]["mg"][0]["displayName"] == "Contoso AI"


def test_a_table_on_request(ask):
    data = ask("resources | project name, tags", options={"resultFormat": "table"}).get_json()[
        "data"
    ]
    assert data["columns"] == [
        {"name": "name", "type": "string"},
        {"name": "tags", "type": "object"},
    ]
    assert len(data["rows"]) == 35


@pytest.mark.parametrize(
    "query",
    [
        "resources | summarize count() by kind",
        "resources | where",
        "policyresources",
        "resources | limit x",
        "resources | project strcat(name, 'x')",
        "",
    ],
)
def test_what_is_not_understood_is_refused_with_details(ask, query):
    answer = ask(query)
    assert answer.status_code == 400
    error = answer.get_json()["error"]
    assert error["code"] == "BadRequest"
    assert error["details"][0]["message"]


def test_too_large_a_page_is_refused(ask):
    assert ask("resources", options={"$top": 1001}).status_code == 400
