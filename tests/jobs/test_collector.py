"""What the collector finds, and what it remembers when something does not answer."""

import pytest

from domain import names
from jobs import asks
from reads import edits as seen_edits
from reads import inventory, sources
from store import rounds
from tests.jobs.looks import asked, duties, estate, kept, names_of
from tests.wire import InProcess
from tests.world import CHAT, MINUTE, NOON, QUIET, SDC, SMALL, WEU, reaching

ALL = ["assist", "busy", "chat", "deep", "quiet"]
PORTAL = "?api-version=2025-09-01"


def troubles(console, topic, scope=SMALL):
    """(part, fault, since) of every trouble that is remembered."""
    return [(it.part, it.kind, it.since) for it in kept(console, topic, scope).troubles]


def test_the_first_round_finds_everything(console):
    whole = estate(console)
    assert names_of(whole.frame) == ALL
    assert (whole.at, whole.troubles) == (NOON, ())
    assert whole.frame["listed"].all()
    assert whole.frame["pool"].notna().all()
    assert set(whole.frame["region"]) == {"westeurope", "swedencentral"}
    assert inventory.subscriptions(console.store, NOON).frame["name"].tolist() == [
        "Contoso AI Production"
    ]


def test_a_round_says_how_far_it_came(console):
    told = sources.latest_round(console.store)
    assert told.ended_at == NOON
    assert told.asked == told.answered > 5


def test_nothing_is_asked_before_it_is_due(console):
    so_far = len(console.wire.requests)
    console.collected(seconds=1)
    assert len(console.wire.requests) == so_far


def test_what_is_due_is_asked_again_and_models_rarely(console):
    so_far = len(console.wire.requests)
    console.collected(minutes=5)
    assert len(asked(console, "/deployments", so_far)) == 2
    assert len(asked(console, "/usages", so_far)) == 2
    assert not asked(console, "/models", so_far)
    assert not asked(console, "/subscriptions", so_far) or all(
        it.path != "/subscriptions" for it in asked(console, "/subscriptions", so_far)
    )
    so_far = len(console.wire.requests)
    console.collected(hours=12)
    assert len(asked(console, "/models", so_far)) == 2


def test_it_counts_what_it_asked_of_azure(made):
    console = made().collected()
    told = sources.sources(console.store)
    assert told["calls"].sum() == len(console.wire.requests)
    assert set(told["rows"]) >= {1, 2, 5}


# --- one part fails ---------------------------------------------------------------------------

PARTS = [
    ("deployments", "aoai-small-weu/deployments", WEU, "account_id"),
    ("models", "locations/swedencentral/models", "swedencentral", "region"),
    ("usages", "locations/westeurope/usages", "westeurope", "region"),
]


@pytest.mark.parametrize(("topic", "path", "part", "column"), PARTS)
def test_a_forbidden_part_is_a_trouble_beside_the_rest(console, topic, path, part, column):
    before = kept(console, topic)
    console.small.control.fault("forbid", path=path, times=-1)
    console.collected(hours=12)
    after, now = kept(console, topic), console.clock()
    assert troubles(console, topic) == [(part, "Forbidden", now)]
    assert len(after.frame) == len(before.frame)
    old = after.frame[column].eq(part)
    assert set(after.frame.loc[old, "seen_at"]) == {NOON}
    assert set(after.frame.loc[~old, "seen_at"]) == {now}
    assert after.at == NOON
    (told,) = duties(console, topic).to_dict("records")
    assert (told["data_at"], told["last_at"], told["troubles"]) == (NOON, now, 1)


@pytest.mark.parametrize(("topic", "path"), [it[:2] for it in PARTS])
def test_a_part_that_answers_again_is_no_trouble(console, topic, path):
    console.small.control.fault("forbid", path=path, times=1)
    console.collected(hours=12)
    assert len(troubles(console, topic)) == 1, topic
    console.collected(minutes=5)
    assert troubles(console, topic) == []
    assert set(kept(console, topic).frame["seen_at"]) == {console.clock()}


def test_a_trouble_that_goes_on_keeps_the_time_it_began(console):
    console.small.control.fault("forbid", path="ais-small-sdc/deployments", times=-1)
    console.collected(minutes=5)
    began = console.clock()
    console.collected(2, minutes=5)
    assert troubles(console, "deployments") == [(SDC, "Forbidden", began)]


def test_a_region_whose_metrics_are_silent_keeps_its_last_sums(console):
    before = kept(console, "metrics").frame.set_index(["resource", "window"])["requests"]
    console.small.control.fault("fail", path="getbatch", host="swedencentral", status=500, times=-1)
    console.collected(minutes=5)
    after = kept(console, "metrics")
    assert [it.part for it in after.troubles] == ["swedencentral"]
    old = after.frame[after.frame["region"] == "swedencentral"].set_index(["resource", "window"])
    assert old["requests"].to_dict() == before[old.index].to_dict()
    assert set(old["seen_at"]) == {NOON}
    assert [it.part for it in kept(console, "series").troubles] == ["swedencentral"]


FAULTS = [
    ("html", {}, "Unintelligible"),
    ("null_value", {}, "Unintelligible"),
    ("truncated", {}, "Unintelligible"),
    ("loop", {}, "Unintelligible"),
    ("drop", {}, "Unreachable"),
    ("throttle", {"retry_after": 1}, "Throttled"),
    ("throttle", {"retry_after": 86_400}, "Throttled"),
    ("fail", {"status": 500}, "Unreachable"),
    ("fail", {"status": 404, "code": "ResourceNotFound"}, "NotFound"),
    ("fail", {"status": 401, "code": "ExpiredAuthenticationToken"}, "SignInNeeded"),
]


@pytest.mark.parametrize(("kind", "told", "fault"), FAULTS)
def test_whatever_azure_answers_the_last_good_rows_stay(console, kind, told, fault):
    console.small.control.fault(kind, path="aoai-small-weu/deployments", times=-1, **told)
    console.collected(minutes=5)
    assert [it[:2] for it in troubles(console, "deployments")] == [(WEU, fault)]
    whole = estate(console)
    assert names_of(whole.frame) == ALL
    assert whole.at == NOON


@pytest.mark.parametrize(("kind", "told", "fault"), FAULTS[:2])
def test_whatever_azure_answers_at_first_it_is_no_emptiness(made, kind, told, fault):
    console = made()
    console.small.control.fault(kind, path="aoai-small-weu/deployments", times=-1, **told)
    console.collected()
    assert [it[:2] for it in troubles(console, "deployments")] == [(WEU, fault)]
    assert names_of(estate(console).frame) == ["assist", "deep"]


def test_a_pause_that_azure_asks_for_is_not_slept_through_for_a_day(console):
    console.small.control.fault("throttle", path="/deployments", retry_after=86_400, times=-1)
    console.collected(minutes=5)
    assert sum(console.azure.sleep) < 60


def test_a_second_page_that_fails_leaves_the_list_as_it_was(console):
    console.small.control.configure(page_size=2)
    console.small.control.fault("page_fails", path="aoai-small-weu/deployments", times=-1)
    console.collected(minutes=5)
    assert [it[:2] for it in troubles(console, "deployments")] == [(WEU, "Unreachable")]
    assert names_of(estate(console).frame) == ALL


def test_many_pages_are_one_list(made):
    console = made()
    console.small.control.configure(page_size=1, page_everything=True)
    assert names_of(estate(console.collected()).frame) == ALL


def test_an_item_that_is_listed_twice_is_kept_once(made):
    """Pages overlap when something is created between them."""
    console = made()
    deployments = console.small.world.accounts.deployments[WEU]
    listed = console.small.world.accounts.below

    def overlapping(account):
        return [it for row in listed(account) for it in (row, row)]

    console.small.world.accounts.below = overlapping
    console.collected().collected(minutes=5)
    assert len(deployments) == 3
    assert names_of(estate(console).frame) == ALL
    assert kept(console, "deployments").troubles == ()


def test_text_that_nothing_can_hold_costs_no_collection(console, monkeypatch):
    of_account = asks.deployments.of_account

    def torn(azure, account):
        return [{**row, "tags": '{"owner": "torn \ud800"}'} for row in of_account(azure, account)]

    monkeypatch.setattr(asks.deployments, "of_account", torn)
    console.collected(minutes=5)
    assert names_of(estate(console).frame) == ALL
    assert set(estate(console).frame["owner"]) == {"torn ?"}
    assert estate(console).troubles == ()


# --- accounts: Resource Graph and Resource Manager ---------------------------------------------


@pytest.mark.parametrize("kind", ["fail", "forbid", "html"])
def test_when_the_graph_fails_resource_manager_is_asked(made, kind):
    console = made()
    console.small.control.fault(kind, path="resourcegraph", times=-1)
    whole = estate(console.collected())
    assert names_of(whole.frame) == ALL
    assert whole.troubles == ()


def test_a_subscription_that_the_graph_leaves_out_in_silence_is_named(made):
    console = made("contoso").collected()
    sealed = sealed_of(console)
    assert troubles(console, "accounts", sealed) == [("", "Forbidden", NOON)]
    assert kept(console, "accounts", sealed).at is None
    (words,) = (it.words for it in kept(console, "accounts", sealed).troubles)
    assert sealed in words
    others = inventory.subscriptions(console.store, NOON).frame["subscription"]
    assert len(others) == 6
    assert sum(bool(kept(console, "accounts", it).troubles) for it in others) == 1


def sealed_of(console):
    (sealed,) = (it.id for it in console.small.world.subscriptions.all() if not it.readable)
    return sealed


def test_a_subscription_that_closes_keeps_what_was_known(console):
    console.small.world.subscriptions.get(SMALL).readable = False
    console.collected(minutes=5)
    assert troubles(console, "accounts") == [("", "Forbidden", console.clock())]
    assert names_of(estate(console).frame) == ALL
    assert estate(console).at == NOON


def test_an_account_that_is_gone_goes_with_its_deployments(console):
    account = console.small.world.accounts.accounts.pop(SDC)
    console.collected(minutes=5)
    assert names_of(estate(console).frame) == ["busy", "chat", "quiet"]
    assert estate(console).troubles == ()
    assert account.key not in set(kept(console, "accounts").frame["account_id"])


def test_a_new_account_is_found_with_its_deployments(console):
    accounts = console.small.world.accounts
    gone = accounts.accounts.pop(SDC)
    console.collected(minutes=5)
    accounts.accounts[SDC] = gone
    console.collected(minutes=5)
    assert names_of(estate(console).frame) == ALL


def test_a_scenario_without_accounts_is_empty_and_well(made):
    console = made("scale-0").collected().collected(minutes=5)
    (subscription,) = inventory.subscriptions(console.store, console.clock()).frame["subscription"]
    whole = estate(console, scopes=(subscription,))
    assert len(whole.frame) == 0
    assert whole.troubles == ()
    assert whole.at == console.clock()


# --- subscriptions ----------------------------------------------------------------------------


def test_only_the_wanted_subscriptions_are_asked(made):
    world = made("contoso", subscriptions=(CONTOSO_DEV,))
    world.collected()
    paths = [it.path for it in world.wire.requests if it.path.startswith("/subscriptions/")]
    assert {it.split("/")[2] for it in paths} == {CONTOSO_DEV}


CONTOSO_DEV = "d40b6a17-92ce-4e8f-b1d5-2f6c08e3a974"
STRANGE = "00000000-0000-0000-0000-00000000dead"


def test_a_wanted_subscription_that_is_invisible_is_named(made):
    console = made(subscriptions=(SMALL, STRANGE)).collected()
    told = inventory.subscriptions(console.store, NOON)
    assert [(it.part, it.kind) for it in told.troubles] == [(STRANGE, "Forbidden")]
    assert "CONSOLE_AZURE__SUBSCRIPTIONS" in told.troubles[0].words
    assert names_of(estate(console).frame) == ALL


def test_a_list_of_subscriptions_that_fails_changes_nothing(console):
    console.small.control.fault("fail", path="/subscriptions", status=500, times=3)
    console.collected(hours=1)
    told = inventory.subscriptions(console.store, console.clock())
    assert [it.part for it in told.troubles] == [""]
    assert len(told.frame) == 1
    assert names_of(estate(console).frame) == ALL


def test_an_empty_list_of_subscriptions_is_a_trouble_and_no_emptiness(console):
    """Azure answers an identity that lost its last role with an empty list."""
    console.small.world.subscriptions._all.clear()
    console.collected(hours=1)
    told = inventory.subscriptions(console.store, console.clock())
    assert [(it.part, it.kind) for it in told.troubles] == [("", "Forbidden")]
    assert names_of(estate(console).frame) == ALL
    assert estate(console).at == NOON


def test_a_subscription_that_is_no_more_is_forgotten(made):
    console = made("contoso").collected()
    del console.small.world.subscriptions._all[CONTOSO_DEV]
    console.collected(hours=1)
    assert kept(console, "deployments", CONTOSO_DEV) is None
    assert CONTOSO_DEV not in set(sources.sources(console.store)["scope"])
    assert CONTOSO_DEV not in set(
        inventory.subscriptions(console.store, console.clock()).frame["subscription"]
    )


# --- hastened ---------------------------------------------------------------------------------


def test_hastened_topics_are_asked_at_once_and_others_not(console):
    so_far = len(console.wire.requests)
    with console.store.begin() as session:
        rounds.hasten(session, console.clock(), ["usages"])
    console.collected(seconds=1)
    assert {it.path.rsplit("/", 1)[-1] for it in console.wire.requests[so_far:]} == {"usages"}


# --- out of turn ------------------------------------------------------------------------------


def test_one_account_is_looked_at_again_and_only_that(console):
    so_far = len(console.wire.requests)
    console.clock.move(minutes=1)
    console.collector.look_again(CHAT)
    assert [it.path for it in console.wire.requests[so_far:]] == [f"{WEU}/deployments"]
    seen = kept(console, "deployments").frame.set_index("account_id")["seen_at"]
    assert set(seen[WEU]) == {NOON + MINUTE}
    assert set(seen[SDC]) == {NOON}


def test_a_look_again_that_fails_is_a_trouble_of_that_account(console):
    console.small.control.fault("forbid", path="/deployments", times=1)
    console.collector.look_again(CHAT)
    assert troubles(console, "deployments") == [(WEU, "Forbidden", NOON)]
    assert names_of(estate(console).frame) == ALL


class Between(InProcess):
    """Does something once, after Azure has answered and before we have heard it."""

    meanwhile = None

    def answer(self, request, asked):
        answered = super().answer(request, asked)
        if self.meanwhile and asked.path == f"{WEU}/deployments":
            act, self.meanwhile = self.meanwhile, None
            act()
        return answered


def test_a_full_round_in_flight_overwrites_no_later_look(made):
    console = made()
    wire = Between(console.small)
    object.__setattr__(console.collector, "azure", reaching(wire))
    console.collected()

    def meanwhile():
        console.clock.move(seconds=30)
        tags = {"owner": "mira"}
        console.small.control.portal("PATCH", CHAT + PORTAL, {"tags": tags}, who="mira")
        console.collector.look_again(CHAT)

    console.clock.move(minutes=5)
    began = console.clock()
    wire.meanwhile = meanwhile
    console.collector.run_once()
    rows = kept(console, "deployments").frame.set_index("resource")
    assert wire.meanwhile is None
    assert rows.at[CHAT, "tags"] == '{"owner": "mira"}'
    assert rows.at[CHAT, "seen_at"] == began + MINUTE / 2
    assert rows.loc[rows["account_id"] == SDC, "seen_at"].eq(began).all()
    assert rows.index.is_unique


# --- edits ------------------------------------------------------------------------------------


def edits(console):
    found = seen_edits.since(console.store, None, [SMALL])
    return sorted(found[["deployment", "what", "after"]].itertuples(index=False, name=None))


def test_the_first_look_is_no_edit(console):
    assert edits(console) == []


def test_what_changed_between_two_looks_is_told(console):
    control = console.small.control
    console.clock.move(minutes=4)
    control.portal("DELETE", QUIET + PORTAL)
    control.portal("PATCH", CHAT + PORTAL, {"sku": {"name": "Standard", "capacity": 40}})
    console.collected(minutes=1)
    assert edits(console) == [("chat", "capacity", "40"), ("quiet", "deployment", "deleted")]
    (told,) = seen_edits.since(console.store, None, [SMALL]).query("what == 'capacity'")["who"]
    assert told == "portal.user@contoso.com"


def test_what_was_out_of_sight_is_not_told_as_created(made):
    console = made()
    console.small.control.fault("forbid", path="aoai-small-weu/deployments", times=-1)
    console.collected()
    console.small.control.clear()
    console.collected(minutes=5)
    assert names_of(estate(console).frame) == ALL
    assert edits(console) == []


def test_a_subscription_that_opens_created_nothing(made):
    console = made()
    console.small.world.subscriptions.get(SMALL).readable = False
    console.collected()
    console.small.world.subscriptions.get(SMALL).readable = True
    console.collected(minutes=5)
    assert names_of(estate(console).frame) == ALL
    assert edits(console) == []


def test_what_was_created_since_is_told(console):
    body = {
        "sku": {"name": "GlobalStandard", "capacity": 1},
        "properties": {"model": {"format": "OpenAI", "name": "gpt-4.1", "version": "2025-04-14"}},
    }
    console.clock.move(minutes=4)
    new = console.small.control.portal("PUT", f"{WEU}/deployments/new{PORTAL}", body)
    assert new["status"] == 201, new
    console.collected(minutes=1)
    assert edits(console) == [("new", "deployment", "created")]


# --- a mistake of ours ------------------------------------------------------------------------


def test_a_mistake_in_keeping_one_topic_costs_that_topic_only(console, monkeypatch):
    def wrong(_azure, account):
        return [{"resource": CHAT, "account_id": account, "capacity": "many"}]

    monkeypatch.setattr(asks.deployments, "of_account", wrong)
    console.collected(minutes=5)
    assert troubles(console, "usages") == []
    assert set(kept(console, "usages").frame["seen_at"]) == {console.clock()}
    assert [it[1] for it in troubles(console, "deployments")] == ["Unintelligible"]
    assert names_of(estate(console).frame) == ALL
    so_far = len(console.wire.requests)
    console.collected(seconds=1)
    assert len(console.wire.requests) == so_far, "asked again and again"


def test_ids_are_kept_folded(console):
    rows = kept(console, "deployments").frame
    assert all(names.folded(it) == it for it in rows["resource"])
    assert duties(console, "deployments")["scope"].tolist() == [SMALL]
