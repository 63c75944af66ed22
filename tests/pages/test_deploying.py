"""Making, deleting and upgrading deployments from the screen, as far as Azure."""

import pytest

from domain.plans import State
from store import plans
from tests.conftest import words
from tests.world import CHAT, QUIET, SDC, WEU
from ui import drafts
from ui.components import creating, deploying

NEVER = "NoAutoUpgrade"


def kept(console, account=WEU):
    return console.small.world.accounts.deployments[account]


def found(console, number=1):
    with console.store.reading() as session:
        return plans.find(session, number)


def worked(console):
    for _ in range(4):
        console.worker.run_once()


def keys(at):
    return {it.key for it in at.button if it.key}


def box(at, label):
    return next(it for it in [*at.selectbox, *at.number_input] if it.label.startswith(label))


def title(at):
    return [it.value for it in at.title]


@pytest.fixture
def production(console):
    kept(console)["quiet"].tags = {"environment": "prod", "business-unit": "retail-online"}
    console.collector.look_again(QUIET)
    return console


# --- on the page of one deployment ------------------------------------------------------------


def test_an_upgrade_policy_is_changed_and_done(opened, console):
    at = opened("deployment", deployment=CHAT)
    at.button(key="upgrade").click().run()
    assert at.button(key="upgrade-confirm").disabled
    at.radio(key="upgrade-option").set_value(NEVER).run()
    assert "A second person" not in words(at)
    at.button(key="upgrade-confirm").click().run()
    assert title(at) == ["Plan"]
    assert "Plan 1 recorded" in words(at)
    worked(console)
    assert kept(console)["chat"].properties["versionUpgradeOption"] == NEVER


def test_production_wants_a_reason_and_a_second_person(opened, production):
    at = opened("deployment", deployment=QUIET)
    at.button(key="upgrade").click().run()
    at.radio(key="upgrade-option").set_value(NEVER).run()
    assert "A second person has to approve it, because production is among it" in words(at)
    assert at.button(key="upgrade-confirm").disabled
    at.text_input(key="upgrade-reason").set_value("it must not move").run()
    at.text_input(key="upgrade-ticket").set_value("CHG-1").run()
    at.button(key="upgrade-confirm").click().run()
    plan = found(production)
    assert (plan.state, plan.reason, plan.ticket) == (
        State.PROPOSED, "it must not move", "CHG-1",
    )  # fmt: skip
    assert "Nobody approves what they propose themselves" in words(at)


def test_a_change_is_given_an_hour_and_an_end(opened, console):
    now = console.clock()
    at = opened("deployment", deployment=CHAT)
    at.button(key="upgrade").click().run()
    at.radio(key="upgrade-option").set_value(NEVER).run()
    at.toggle(key="upgrade-scheduled").set_value(True).run()
    hours = {
        name: now.replace(tzinfo=None, minute=0, second=0, hour=hour)
        for name, hour in (("starts", 18), ("until", 20))
    }
    for name, hour in hours.items():
        at.datetime_input(key=f"upgrade-{name}").set_value(hour).run()
    at.button(key="upgrade-confirm").click().run()
    plan = found(console)
    assert (plan.starts_at, plan.until) == (
        now.replace(minute=0, second=0, hour=18), now.replace(minute=0, second=0, hour=20),
    )  # fmt: skip
    worked(console)
    assert kept(console)["chat"].properties["versionUpgradeOption"] != NEVER


def test_an_hour_that_has_passed_is_refused_in_words(opened, console):
    at = opened("deployment", deployment=CHAT)
    at.button(key="upgrade").click().run()
    at.radio(key="upgrade-option").set_value(NEVER).run()
    at.toggle(key="upgrade-scheduled").set_value(True).run()
    past = console.clock().replace(tzinfo=None, hour=3, minute=0, second=0)
    at.datetime_input(key="upgrade-starts").set_value(past).run()
    at.button(key="upgrade-confirm").click().run()
    assert "lies in the past" in at.error[0].value
    assert found(console) is None


def test_a_deletion_wants_the_name_and_a_reason(opened, console):
    at = opened("deployment", deployment=CHAT)
    at.button(key="delete").click().run()
    said = [it.value for it in at.dataframe if "Property" in it.value.columns][-1]
    said = said.set_index("Property")["Value"]
    assert "30 units go back to OpenAI.Standard.gpt-4o" in said["Quota"]
    assert "requests" in said["Last 24 hours"] or said["Last 24 hours"] == "not measured"
    assert "a deployment is deleted" in words(at)
    for name, reason in (("chta", "old"), ("chat", " "), ("Chat", "old")):
        at.text_input(key="delete-name").set_value(name).run()
        at.text_input(key="delete-reason").set_value(reason).run()
        assert at.button(key="delete-confirm").disabled
    at.text_input(key="delete-name").set_value("chat").run()
    at.button(key="delete-confirm").click().run()
    assert found(console).state is State.PROPOSED
    worked(console)
    assert "chat" in kept(console)


def test_what_takes_overflow_is_not_deleted(opened, console):
    kept(console)["busy"].properties["spilloverDeploymentName"] = "quiet"
    console.collected(minutes=6)
    at = opened("deployment", deployment=QUIET)
    at.button(key="delete").click().run()
    assert "busy spills over into it" in at.error[0].value
    at.text_input(key="delete-name").set_value("quiet").run()
    at.text_input(key="delete-reason").set_value("old").run()
    assert at.button(key="delete-confirm").disabled


@pytest.mark.parametrize("who", ["maria", "cora", "tess", "vera"])
def test_nobody_but_an_admin_is_offered_it(opened, who):
    assert (
        keys(opened("deployment", who, deployment=CHAT)) & {"upgrade", "delete", "quota"} == set()
    )
    assert "create" not in keys(opened("deployments", who))


@pytest.mark.parametrize(
    ("draft", "typed"),
    [
        (deploying.UPGRADE, {}),
        (deploying.DELETE, {"delete-name": "chat", "delete-reason": "old"}),
    ],
)
def test_a_dialog_that_is_forced_open_refuses(opened, console, draft, typed):
    at = opened("deployment", "maria", deployment=CHAT)
    at.session_state[drafts.PREFIX + draft] = CHAT
    at.run()
    for key, value in typed.items():
        at.text_input(key=key).set_value(value).run()
    if draft == deploying.UPGRADE:
        at.radio(key="upgrade-option").set_value(NEVER).run()
    at.button(key=f"{draft}-confirm").click().run()
    assert "may not change quota" in at.error[0].value
    assert found(console) is None


@pytest.mark.parametrize("draft", [deploying.UPGRADE, deploying.DELETE])
def test_a_dialog_about_what_is_not_the_visitors_shows_nothing(opened, draft):
    at = opened("deployment", "maria", deployment=CHAT)
    at.session_state[drafts.PREFIX + draft] = QUIET.replace("quiet", "nowhere")
    at.run()
    assert not at.exception
    assert f"{draft}-confirm" not in keys(at)


# --- making one -------------------------------------------------------------------------------


def chosen(opened, model="gpt-4o", sku="Standard", account=WEU, name="new"):
    at = opened("deployments")
    at.button(key="create").click().run()
    box(at, "Account").set_value(account).run()
    box(at, "Model").set_value(model).run()
    box(at, "SKU").set_value(sku).run()
    return at.text_input(key="create-name").set_value(name).run()


def test_a_deployment_is_made_of_what_is_offered(opened, console):
    at = chosen(opened)
    assert "70 of 100 units are free in OpenAI.Standard.gpt\\-4o" in words(at).replace("\\.", ".")
    box(at, "Version").set_value("2024-11-20").run()
    box(at, "Capacity").set_value(20).run()
    assert "20 units\\: 20,000 TPM" in words(at)
    at.selectbox(key="create-unit").set_value("retail-online").run()
    at.text_input(key="create-reason").set_value("a pilot").run()
    at.button(key="create-confirm").click().run()
    assert title(at) == ["Plan"]
    worked(console)
    made = kept(console)["new"]
    assert made.sku == {"name": "Standard", "capacity": 20}
    assert made.tags == {"business-unit": "retail-online"}
    assert found(console).state is State.DONE


@pytest.mark.parametrize(
    ("name", "units", "words_"),
    [
        ("a/b", 1, "A name takes"),
        ("chat", 1, "There is a deployment chat"),
        ("new", 71, "71 units do not fit"),
    ],
)
def test_the_rule_that_it_breaks_is_said_before_it_is_proposed(opened, name, units, words_):
    at = chosen(opened, name=name)
    box(at, "Capacity").set_value(units).run()
    assert words_ in " ".join(it.value for it in at.warning)
    assert at.button(key="create-confirm").disabled


def test_nothing_is_chosen_that_is_not_offered_any_more(opened):
    at = chosen(opened)
    box(at, "Account").set_value(SDC).run()
    assert box(at, "Model").value is None
    assert "create-confirm" not in keys(at)


def test_who_may_not_deploy_finds_no_account_in_a_forced_dialog(opened, console):
    at = opened("deployments", "maria")
    at.session_state[drafts.PREFIX + creating.DRAFT] = True
    at.run()
    assert box(at, "Account").options == []
    at = opened("deployments", "cora")
    at.session_state[drafts.PREFIX + creating.DRAFT] = True
    at.run()
    box(at, "Account").set_value(WEU).run()
    box(at, "Model").set_value("gpt-4o").run()
    at.text_input(key="create-name").set_value("new").run()
    at.button(key="create-confirm").click().run()
    assert "may not change quota" in at.error[0].value
    assert found(console) is None
