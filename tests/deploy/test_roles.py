"""The roles of the console's identity are what the console asks of Azure, and no word more."""

import ast
import json
import re
import sys
from pathlib import Path

import pytest

from domain import capacity, filter_legs, filters, tags
from domain.access import CONTRIBUTOR, NEEDED, PURGER, RESERVATIONS_READER
from domain.filters import Strength
from domain.plans import GONE, Leg
from jobs.worker import LEVERS
from reads import callers, minutes
from services import accounts
from settings import Settings
from simulator.app import Simulator
from tests import filtered
from tests.deploy.asked import OPEN, ROWS, TENANT, actions
from tests.jobs.looks import kept
from tests.wire import InProcess
from tests.world import CHAT, DAY, NOON, SDC, SMALL, WEU, Clock, Console, reaching
from wiring import wired

ROOT = Path(__file__).parents[2]
SERVICES = ROOT / "services"
WAYS = {"one", "every", "every_of", "sent", "posted"}
CLIENTS = {"cognitive", "graph", "subscriptions", "costs", "prices", "metrics", "logs"}
"""How a service asks Azure: by one of services/arm.py, or by a client of its own."""
NOT_ASKING = {"arm.py", "azure.py", "local.py", "pipeline.py"}
NEVER = (
    "listkeys",
    "regeneratekey",
    "*",
    "services/accounts/write",
    "services/accounts/delete",
    "/action",
)


class Noted(InProcess):
    """Notes which functions of services/ were on their way to Azure."""

    def __init__(self, app):
        super().__init__(app)
        self.functions = set()

    def answer(self, request, asked):
        frame = sys._getframe()
        while frame:
            path = Path(frame.f_code.co_filename)
            if path.parent == SERVICES:
                self.functions.add((path.name, frame.f_code.co_name))
            frame = frame.f_back
        return super().answer(request, asked)


def role(name):
    return json.loads((ROOT / "deploy" / "roles" / f"{name}.json").read_text())


def pull(azure, lever, resource, aim):
    """One look and one write of a lever, as the worker does it."""
    leg = Leg(lever, resource, "", aim, aim)
    seen = LEVERS[lever].look(azure, leg, NOON)
    LEVERS[lever].write(azure, leg, aim, seen.etag)


def deployed(console, azure):
    spec = {
        "model": "gpt-4o",
        "format": "OpenAI",
        "version": "2024-11-20",
        "sku": "Standard",
        "capacity": 5,
    }
    new = f"{WEU}/deployments/fresh"
    pull(azure, "deployment", new, capacity.made(spec))
    pull(azure, "deployment", new, GONE)
    pull(azure, "capacity", CHAT, capacity.sized("Standard", 29))
    pull(azure, "tags", CHAT, tags.text({"owner": "mira"}))
    pull(azure, "upgrade", CHAT, capacity.upgraded("NoAutoUpgrade"))
    body = filtered.made(console, {("hate", "prompt"): Strength.LOW})
    policy = filter_legs.policy_id(WEU, "strict")
    pull(azure, "policy", policy, filters.canonical(body))
    pull(azure, "filter", CHAT, filter_legs.repointed("strict", filters.contents(body)))


def moderated(console, azure):
    listed = filter_legs.list_id(WEU, "names")
    term = filter_legs.term_id(listed, "one")
    pull(azure, "blocklist", listed, filter_legs.described({"description": "x"}))
    pull(azure, "term", term, filter_legs.termed({"pattern": "x"}))
    console.collected(minutes=15)  # the collector lists the terms
    pull(azure, "term", term, GONE)
    pull(azure, "blocklist", listed, GONE)
    spare = filter_legs.policy_id(WEU, "spare")
    filtered.there(console, "spare", {("hate", "prompt"): Strength.LOW})
    pull(azure, "policy", spare, GONE)


def purged(console, azure):
    filtered.by_the_portal(console, "DELETE", SDC)
    console.collected(minutes=15)
    (row,) = kept(console, "deleted").frame.to_dict("records")
    held = row["deleted_resource"]
    pull(azure, "purge", held, GONE)
    LEVERS["purge"].look(azure, Leg("purge", held, "", GONE, GONE), NOON)


@pytest.fixture(scope="module")
def wire(tmp_path_factory):
    """All that a console asks: rounds of its collector, its questions of one person, and each of
    its levers pulled."""
    clock = Clock()
    small = Simulator(scenario="small", clock=clock)
    noted = Noted(small)
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{tmp_path_factory.mktemp('roles')}/console.db",
        azure={"cloud": "local"},
    )
    of = wired(settings, azure := reaching(noted), clock, small.control)
    console = Console(of, noted, small, clock)
    console.collected().collected(seconds=2)
    minutes.last_hour(azure, CHAT, "westeurope", NOON)
    callers.of_days(of.store, azure, of.settings.workspaces, NOON - DAY, NOON)
    accounts.in_subscription(azure, SMALL)
    for pulled in (deployed, moderated, purged):
        pulled(console, azure)
    yield noted
    console.close()


def needed(wire, *methods):
    of = [it for it in wire.requests if not methods or it.method in methods]
    asked = {(it.method, it.host, it.path) for it in of}
    return {action for it in asked for action in actions(*it)} - {OPEN, TENANT}


def asking(path):
    """The functions of a service that ask Azure."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            calls = [it.func for it in ast.walk(node) if isinstance(it, ast.Call)]
            names = {
                (ast.unparse(it.value), it.attr) for it in calls if isinstance(it, ast.Attribute)
            }
            if any(
                (on == "arm" and name in WAYS)
                or (on.rpartition(".")[2] == "azure" and name in CLIENTS)
                for on, name in names
            ):
                yield path.name, node.name


def test_every_way_to_azure_was_gone(wire):
    ways = {it for path in SERVICES.glob("*.py") for it in asking(path)}
    ways = {it for it in ways if it[0] not in NOT_ASKING}
    assert len(ways) > 25
    assert ways - wire.functions == set()


def test_every_lever_was_pulled(wire):
    assert {it.method for it in wire.requests} == {"GET", "POST", "PUT", "PATCH", "DELETE"}
    pulled = Path(__file__).read_text()
    assert [it for it in LEVERS if f'pull(azure, "{it}"' not in pulled] == []


def test_the_readers_cover_every_question_and_no_more(wire):
    held = {*role("reader")["actions"], *role("logs")["actions"]}
    assert held == needed(wire, "GET", "POST")


def test_the_writer_covers_every_change_and_no_more(wire):
    assert set(role("writer")["actions"]) == needed(wire, "PUT", "PATCH", "DELETE")


def test_every_row_of_the_table_is_asked(wire):
    rows = {(it[0], it[2]) for it in ROWS}
    asked = {
        (method, pattern)
        for method, pattern in rows
        for it in wire.requests
        if it.method == method and re.fullmatch(pattern, it.path)
    }
    assert rows - asked == set()


@pytest.mark.parametrize("path", ["/listkeys", "/regeneratekey", ""])
def test_a_call_that_nobody_has_named_is_noticed(path):
    with pytest.raises(LookupError):
        actions("POST", "management.azure.com", f"{WEU}{path}")


@pytest.mark.parametrize("name", ["reader", "writer", "logs"])
def test_no_role_holds_keys_accounts_or_whole_providers(name):
    told = role(name)["actions"]
    assert told == sorted(set(told))
    assert [it for it in told for never in NEVER if never in it.lower()] == []


def test_the_doctor_asks_for_nothing_that_the_roles_lack():
    held = {it for name in ("reader", "writer", "logs") for it in role(name)["actions"]}
    asked = {*NEEDED.values(), CONTRIBUTOR, PURGER} - {RESERVATIONS_READER}
    assert {it for access in asked for it in access.actions} - held == set()
