"""Quota from the pool to the far end: what is shown, what a what-if says, what a click does."""

import re
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from domain import consent
from domain.plans import State
from store import entitlements, people, plans
from tests.conftest import FRAME, table, words
from tests.world import NOON, SMALL, STRIDES, WEU, Clock, console_at, person
from ui import drafts, session
from ui.components import allocating_review
from ui.whatif import DRAFT, WhatIf

MINI = f"{SMALL}|westeurope|openai.globalstandard.gpt-4o-mini"
GPT_4O = f"{SMALL}|westeurope|openai.standard.gpt-4o"
CHAT, BUSY, QUIET = (f"{WEU}/deployments/{name}" for name in ("chat", "busy", "quiet"))
ASSIST = f"{WEU.replace('aoai-small-weu', 'ais-small-sdc')}/deployments/assist"
VERSION = "?api-version=2025-09-01"


@pytest.fixture(scope="session")
def crowd(tmp_path_factory):
    """The database of a console that knows all history of the scenario "crowded", in which BUSY is
    throttled and QUIET idle, in a pool that is full."""
    url = f"sqlite:///{tmp_path_factory.mktemp('crowd')}/console.db"
    console = console_at(url, "crowded")
    console.collected().collected(STRIDES, seconds=2)
    console.close()
    return url.removeprefix("sqlite:///")


@pytest.fixture
def console(crowd, tmp_path, made):
    shutil.copy(crowd, tmp_path / "console.db")
    clock = Clock(NOON + timedelta(seconds=2 * STRIDES))
    return made("crowded", url=f"sqlite:///{tmp_path}/console.db", clock=clock)


@pytest.fixture
def production(console):
    """QUIET is production, as last collected."""
    deployments(console)["quiet"].tags = {"environment": "prod", "business-unit": "retail-online"}
    console.collector.look_again(QUIET)
    return console


def deployments(console):
    return console.small.world.accounts.deployments[WEU]


def units(console, *names):
    """Capacities as the small Azure has them."""
    return tuple(deployments(console)[it].sku["capacity"] for it in names or ("busy", "quiet"))


def found(console, number=1):
    with console.store.reading() as session:
        return plans.find(session, number)


def carried_out(console, number=1, rounds=6):
    for _ in range(rounds):
        console.worker.run_once()
    return found(console, number)


def by_the_portal(console, resource, **body):
    told = console.small.control.portal("PATCH", resource + VERSION, body)
    assert told["status"] < 300, told


def said(at):
    """What the page says, without the escapes of Markdown."""
    kinds = [*at.warning, *at.error, *at.info]
    return "\n".join([words(at), *(it.value for it in kinds)]).replace("\\", "")


def button(at, key):
    return next((it for it in at.button if it.key == key), None)


def grid(at):
    """The key of the grid that is on the screen."""
    ids = [it.proto.id for it in at.dataframe]
    return next(
        it[1] for key in ids if (it := re.search(r"-((?:pool|quota)-\d+-grid-\w{8})$", key))
    )


def rows_of(at):
    return table(at, "New units")


def typed(at, told, **forged):
    """Type new units into the grid, by name of the deployment; forged: as a browser may lie."""
    names = rows_of(at)["Deployment"].tolist()
    edits = {names.index(name): {"New units": it} for name, it in told.items()}
    state = {"edited_rows": edits, "added_rows": [], "deleted_rows": [], **forged}
    at.session_state[grid(at)] = state
    return at.run()


@pytest.fixture
def pool(opened):
    """pool(person, key, tab): the page of a pool; the one that is full, unless told otherwise."""

    def open_(person="ada", key=MINI, tab="What-if", **query):
        return opened("pool", person, pool=key, tab=tab, **query)

    return open_


def reviewed(at):
    return button(at, "whatif-review").click().run()


def confirmed(at, **told):
    for key, value in told.items():
        at.text_input(key=f"allocate-{key}").set_value(value)
    at = at.run()
    return at.button(key="allocate-confirm").click().run()


# --- what is shown ----------------------------------------------------------------------------


def test_a_pool_by_its_row(opened):
    at = opened("quota")
    assert not at.exception
    shown = table(at, "Pool").set_index("Pool")
    row = shown.loc["gpt-4o-mini · GlobalStandard · westeurope"]
    assert row["State"] == ["Full"]
    assert (row["Limit"], row["Used"], row["Allocated"], row["Free"]) == (55, 55, 40, 0)
    assert (row["Unexplained"], row["Deleted accounts"], row["Holders"]) == (15, 1, 2)
    assert (row["Reclaimable"], row["Throttled"], row["One unit is"]) == (19, 1, "1,000 TPM")
    assert shown.index[0] == "gpt-4o-mini · GlobalStandard · westeurope"
    assert at.metric[0].value == "1"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"find": "deepseek"}, ["DeepSeek-R1 · GlobalStandard · swedencentral"]),
        ({"pools": "full"}, ["gpt-4o-mini · GlobalStandard · westeurope"]),
        ({"pools": "throttled"}, ["gpt-4o-mini · GlobalStandard · westeurope"]),
        ({"place": "westeurope", "sku-of": "Standard"}, ["gpt-4o · Standard · westeurope"]),
        ({"reach": "Region", "find": "gpt-5"}, []),
        ({"reach": "Global"}, ["gpt-5 · GlobalStandard · Global"]),
    ],
)
def test_a_link_restores_the_filters(opened, query, names):
    at = opened("quota", **query)
    assert not at.exception
    if names:
        assert table(at, "Pool")["Pool"].tolist() == names
    else:
        assert "Nothing matches" in said(at)


def test_every_pool_is_there_when_asked_for(opened):
    held = table(opened("quota"), "Pool")
    every = table(opened("quota", pools="every"), "Pool")
    assert len(every) > len(held) == 4


@pytest.mark.parametrize("tab", ["Pools", "What-if", "Deleted accounts", "Limits and tiers"])
@pytest.mark.parametrize("person", ["ada", "maria", "vera"])
def test_every_tab_of_quota_opens(opened, tab, person):
    at = opened("quota", person, tab=tab)
    assert not at.exception
    assert not at.error


@pytest.mark.parametrize("tab", ["Holders", "What-if", "Business units", "Elsewhere"])
@pytest.mark.parametrize("person", ["ada", "maria"])
def test_every_tab_of_a_pool_opens(pool, tab, person):
    at = pool(person, tab=tab)
    assert not at.exception
    assert not at.error
    assert "gpt-4o-mini" in said(at)


def test_limits_and_tiers_are_told(opened):
    at = opened("quota", tab="Limits and tiers")
    assert table(at, "Tier")["Tier"].tolist() == ["Tier 2"]
    assert "Automatic upgrades are on in Contoso AI Production" in said(at)
    assert "Deployments" in set(table(at, "Ceiling")["What"])


def test_a_viewer_sees_own_units_only_and_no_way_to_change(opened, pool):
    at = pool("vera")
    assert "There is no such pool here" in at.info[0].value
    at = opened("quota", "vera")
    assert "retail" not in said(at)
    assert not [it for it in at.button if it.key and it.key.startswith("advice")]


def test_who_does_not_see_every_unit_is_told_why_quota_cannot_be_moved(pool):
    at = pool("maria")
    assert "moved by admins" in at.info[0].value
    assert not at.dataframe
    assert pool("maria", tab="Holders").dataframe


def test_a_pool_that_is_none(opened):
    at = opened("pool", pool="nonsense|nowhere|nothing")
    assert not at.exception
    assert "There is no such pool here" in at.info[0].value


def test_a_limit_of_zero_is_no_entitlement(opened):
    at = opened("quota", pools="none")
    shown = table(at, "Pool") if at.dataframe else None
    if shown is None or "Limit" not in shown:
        pytest.fail("no pool without an entitlement")
    assert set(shown["Limit"]) == {0}
    assert all(it == ["No entitlement"] for it in shown["State"])


def test_nothing_collected_yet_is_no_emptiness(made, components, monkeypatch):
    console = made()
    monkeypatch.setattr(session, "wiring", lambda: console)
    st.cache_resource.clear()
    at = AppTest.from_file(FRAME, default_timeout=30)
    at._bidi_component_manager = components
    for page in ("quota", "pool"):
        at = at.run().switch_page(f"../pages/operate/{page}.py").run()
        assert not at.exception
        assert at.info
    at = at.switch_page("../pages/operate/quota.py").run()
    assert "Not everything here has been collected yet" in words(at)


def test_what_did_not_answer_is_named_and_old_quota_is_said_to_be_old(opened, console):
    console.small.control.fault("forbid", path="/usages", times=-1)
    console.collected(minutes=30)
    at = opened("quota")
    assert "Partial" in words(at)
    assert "Quota usages of" in said(at)
    assert at.metric[0].value.startswith("\u2265")
    assert "gpt-4o-mini · GlobalStandard · westeurope" in set(table(at, "Pool")["Pool"])


# --- the verdict ------------------------------------------------------------------------------

LINE = "What comes of it"


@pytest.mark.parametrize(
    ("deployment", "units_", "rule"),
    [
        ("quiet", -5, "capacity is never negative"),
        ("quiet", 10.5, "10.5 is not a whole number of units"),
        ("quiet", 0, "under the minimum of 1 units"),
        ("busy", 10_000_000, "over the maximum of"),
        ("busy", 21, "56 units would be used of 55, 1 too many"),
    ],
)
def test_a_rule_that_is_broken_is_said_beside_the_cell(pool, console, deployment, units_, rule):
    at = typed(pool(), {deployment: units_})
    assert not at.exception
    assert rule in rows_of(at).set_index("Deployment")[LINE][deployment]
    assert rule in said(at)
    assert button(at, "whatif-review").disabled
    assert found(console) is None


def test_what_fits_is_said_before_anything_is_stored(pool, console):
    at = typed(pool(), {"quiet": 10, "busy": 30})
    lines = table(at, "Units before").set_index("Deployment")
    assert lines.loc["busy", ["Units before", "Units after", "Change"]].tolist() == [20, 30, 10]
    assert lines.loc["busy", ["TPM before", "TPM after"]].tolist() == [20_000, 30_000]
    pools = table(at, "Used before").iloc[0]
    assert pools[["Limit", "Used before", "On the way", "Used after"]].tolist() == [55, 55, 45, 55]
    assert "Move 10 units from aoai-small-weu/quiet to aoai-small-weu/busy" in said(at)
    assert "breaks no rule" in said(at)
    assert found(console) is None
    assert console.wire.writes == []


def test_what_would_throttle_is_said(pool):
    at = typed(pool(), {"busy": 10})
    assert "would throttle" in said(at)
    assert table(at, "Its peak")["Its peak"].tolist() == [["throttles"]]


def test_a_pool_gives_nothing_to_another(opened):
    at = opened("quota", tab="What-if")
    at = typed(at, {"chat": 20, "busy": 30})
    assert "65 units would be used of 55" in said(at)
    assert button(at, "whatif-review").disabled


def test_a_model_that_has_retired_takes_no_more(pool, console):
    console.clock.move(days=800)
    at = typed(pool(), {"quiet": 10, "busy": 30})
    assert "it takes no more capacity" in said(at)
    assert button(at, "whatif-review").disabled


def test_a_deployment_that_is_not_there_is_refused(pool):
    at = pool()
    strange = f"{WEU}/deployments/strange"
    at.session_state[drafts.PREFIX + DRAFT] = WhatIf({strange: 10}, {strange: 5})
    at = at.run()
    assert "not among those you may change" in said(at)
    assert button(at, "whatif-review").disabled


def test_what_a_browser_may_not_edit_is_left_alone(pool, console):
    at = pool()
    names = rows_of(at)["Deployment"].tolist()
    lie = {"Deployment": "chat", "Units now": 1, "Minimum": -100}
    edits = {names.index("quiet"): {**lie, "New units": 15}, names.index("busy"): lie}
    at = typed(at, {}, edited_rows=edits, added_rows=[{"New units": 5}], deleted_rows=[1])
    assert not at.exception
    assert table(at, "Units before")["Deployment"].tolist() == ["quiet"]
    assert table(at, "Units before")[["Units before", "Units after"]].values.tolist() == [[20, 15]]
    confirmed(reviewed(at), reason="less")
    assert carried_out(console).state is State.DONE
    assert units(console, "busy", "quiet", "chat") == (20, 15, 30)


def test_an_edit_of_what_is_not_there_breaks_the_forgers_page_alone(pool, console):
    at = pool()
    typed(at, {}, edited_rows={99: {"New units": 1}, 0: {"resource": CHAT, "New units": 1}})
    assert found(console) is None
    assert not pool().exception


# --- what a click does ------------------------------------------------------------------------


def test_a_move_goes_round_the_circle(pool, console):
    at = pool()
    at.selectbox(key="quick-from").set_value(QUIET)
    at.selectbox(key="quick-to").set_value(BUSY)
    at.number_input(key="quick-units").set_value(10)
    at = at.button(key="quick-go").click().run()
    assert rows_of(at).set_index("Deployment")["New units"].to_dict() == {"busy": 30, "quiet": 10}
    at = confirmed(reviewed(at), reason="throttled", ticket="OPS-7")
    assert not at.exception
    plan = found(console)
    assert (plan.title, plan.reason, plan.ticket, plan.proposer) == (
        "Move 10 units from aoai-small-weu/quiet to aoai-small-weu/busy",
        "throttled",
        "OPS-7",
        "contoso/ada",
    )
    assert carried_out(console).state is State.DONE
    assert units(console) == (30, 10)
    shown = pool(tab="Holders")
    assert table(shown, "Of pool (%)").set_index("Deployment")["Units"].to_dict() == {
        "busy": 30,
        "quiet": 10,
    }


@pytest.mark.parametrize(
    ("way", "told", "wanted"),
    [
        ("fill", {"quick-of": QUIET, "quick-fill": 7}, {"quiet": 7}),
        ("fill", {"quick-of": QUIET, "quick-fill": 9_500, "quick-in": "tpm"}, {"quiet": 10}),
        ("free", {"quick-of": CHAT}, {"chat": 100}),
    ],
)
def test_quick_ways_fill_the_grid(pool, way, told, wanted):
    at = pool(key=GPT_4O if way == "free" else MINI)
    at = at.selectbox(key="quick-way").set_value(way).run()
    for key, value in told.items():
        kind = at.number_input if key == "quick-fill" else at.selectbox
        kind(key=key).set_value(value)
    at = at.button(key="quick-go").click().run()
    new = rows_of(at).set_index("Deployment")["New units"]
    assert {name: new[name] for name in wanted} == wanted


def test_a_quick_way_that_cannot_be_is_said(pool):
    at = pool()
    at = at.button(key="quick-go").click().run()
    assert "Choose who gives" in at.error[0].value
    at.selectbox(key="quick-from").set_value(QUIET)
    at.selectbox(key="quick-to").set_value(QUIET)
    at.number_input(key="quick-units").set_value(1)
    at = at.button(key="quick-go").click().run()
    assert "two deployments" in at.error[0].value


def test_advice_opens_the_move_as_a_what_if(opened, console):
    at = opened("quota")
    assert "Move 11 units from quiet to busy" in said(at)
    at = at.button(key=f"advice-give-{BUSY}").click().run()
    assert [it.value for it in at.title] == ["Pool"]
    assert rows_of(at).set_index("Deployment")["New units"].to_dict() == {"busy": 31, "quiet": 9}
    assert found(console) is None


def test_who_comes_to_move_a_deployment_finds_it_chosen(opened):
    at = opened("pool", move=BUSY)
    at = at.run()
    assert at.selectbox(key="quick-to").value == BUSY
    assert at.selectbox(key="quick-from").value == QUIET


def test_a_what_if_is_discarded(pool):
    at = typed(pool(), {"quiet": 10})
    at = button(at, "whatif-drop").click().run()
    assert button(at, "whatif-review") is None
    assert rows_of(at)["New units"].tolist() == rows_of(at)["Units now"].tolist()


def test_production_wants_a_reason_and_a_second_person(pool, production):
    console = production
    at = reviewed(typed(pool(), {"quiet": 15, "busy": 25}))
    assert at.button(key="allocate-confirm").disabled
    assert "Production is among it" in said(at)
    at = confirmed(at, reason="throttled")
    assert found(console).state is State.PROPOSED
    assert carried_out(console).state is State.PROPOSED
    assert units(console) == (20, 20)


def test_a_large_change_that_is_cut_in_two_is_said_to_be_one(pool, console):
    confirmed(reviewed(typed(pool(), {"quiet": 11})))
    assert carried_out(console).state is State.DONE
    at = typed(pool(), {"quiet": 6})
    assert f"A second person has to approve it, because {consent.TOGETHER}." in said(at)
    confirmed(reviewed(at))
    assert found(console, 2).policy == consent.TOGETHER


def test_production_that_goes_to_its_least_is_typed(pool, production):
    console = production
    at = reviewed(typed(pool(), {"quiet": 1}))
    at.text_input(key="allocate-reason").set_value("nobody asks it")
    at = at.run()
    assert at.button(key="allocate-confirm").disabled
    at = confirmed(at, name="quiet")
    assert found(console).state is State.PROPOSED


def test_a_change_is_taken_back_at_its_hour(pool, console):
    at = reviewed(typed(pool(), {"quiet": 15, "busy": 25}))
    at = at.toggle(key="allocate-scheduled").set_value(True).run()
    until = (console.clock() + timedelta(hours=2)).replace(tzinfo=None)
    at.datetime_input(key="allocate-until").set_value(until)
    confirmed(at, reason="launch day")
    assert carried_out(console).state is State.DONE
    assert units(console) == (25, 15)
    console.clock.move(hours=3)
    console.collected()
    console.calendar.run_once()
    assert carried_out(console, 2).state is State.DONE
    assert units(console) == (20, 20)


def test_what_changed_meanwhile_is_said_and_nothing_is_done(pool, console):
    at = reviewed(typed(pool(), {"quiet": 10, "busy": 30}))
    by_the_portal(console, QUIET, sku={"name": "GlobalStandard", "capacity": 18})
    console.collector.look_again(QUIET, quota=True)
    at.text_input(key="allocate-reason").set_value("throttled")
    at = at.button(key="allocate-confirm").click().run()
    assert "quiet had 20 units and has 18 now" in said(at)
    assert found(console) is None
    at = at.button(key="allocate-again").click().run()
    assert table(at, "Units before").set_index("Deployment").loc["quiet", "Units before"] == 18


def test_a_role_that_is_lost_while_the_button_is_on_the_screen(pool, console):
    at = reviewed(typed(pool(), {"quiet": 15, "busy": 25}))
    with console.store.begin() as session:
        people.enrol(session, replace(person("ada"), role="viewer"))
    at.text_input(key="allocate-reason").set_value("throttled")
    at = at.button(key="allocate-confirm").click().run()
    assert "may not change quota" in at.error[0].value
    assert found(console) is None
    assert units(console) == (20, 20)


def test_a_dialog_that_is_forced_open_refuses(pool, console):
    at = pool("cora")
    wanted = WhatIf({QUIET: 15}, {QUIET: 20})
    at.session_state[drafts.PREFIX + DRAFT] = wanted
    at.session_state[drafts.PREFIX + allocating_review.DRAFT] = "0" * 16
    at = at.run()
    again = button(at, "allocate-again")
    if again:
        at = again.click().run()
    at.text_input(key="allocate-reason").set_value("x")
    at = at.button(key="allocate-confirm").click().run()
    assert "may not change quota" in at.error[0].value
    assert found(console) is None


def test_two_admins_on_one_pool(pool, console):
    first = reviewed(typed(pool("ada"), {"quiet": 15, "busy": 25}))
    second = reviewed(typed(pool("alan"), {"quiet": 10, "busy": 30}))
    confirmed(first, reason="throttled")
    second = confirmed(second, reason="throttled")
    assert "is still under way" in second.error[0].value
    assert found(console, 2) is None
    assert carried_out(console).state is State.DONE
    second = second.run()
    assert "quiet had 20 units and has 15 now" in said(second)
    assert button(second, "allocate-confirm") is None
    assert units(console) == (25, 15)


def test_a_plan_that_is_at_a_pool_is_named(pool, console):
    confirmed(reviewed(typed(pool(), {"quiet": 15, "busy": 25})), reason="throttled")
    console.worker.run_once()
    at = pool(tab="Holders")
    assert "In use" in said(at)


# --- deleted accounts, shares -----------------------------------------------------------------


def test_a_deleted_account_is_purged_by_two(opened, console):
    at = opened("quota", tab="Deleted accounts")
    assert "aoai-small-old" in set(table(at, "Account")["Account"])
    assert button(at, "purge").disabled
    at.session_state["deleted"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    at = at.run()
    at = button(at, "purge").click().run()
    at.text_input(key="purge-reason").set_value("nobody needs it")
    at.text_input(key="purge-name").set_value("aoai-small-odl")
    at = at.run()
    assert at.button(key="purge-confirm").disabled
    at.text_input(key="purge-name").set_value("aoai-small-old")
    at = at.run()
    at.button(key="purge-confirm").click().run()
    assert found(console).state is State.PROPOSED


def test_what_a_unit_is_guaranteed_is_kept_and_shown(pool, console):
    at = pool(tab="Business units")
    at = button(at, "entitle").click().run()
    at.selectbox(key="entitle-unit").set_value("retail")
    at.number_input(key="entitle-units").set_value(30)
    at = at.run()
    at.button(key="entitle-confirm").click().run()
    with console.store.reading() as session:
        assert [(it.unit, it.guaranteed) for it in entitlements.of(session)] == [("retail", 30)]
    shown = table(pool(tab="Business units"), "Guaranteed")
    row = shown.set_index("Business unit").loc["Retail"]
    assert (row["Guaranteed"], row["Used"], row["Borrowed"]) == (30, 40, 10)
    assert "Nobody" in row["Enforced by"]


def test_more_than_the_limit_is_not_guaranteed(pool):
    at = button(pool(tab="Business units"), "entitle").click().run()
    at.selectbox(key="entitle-unit").set_value("retail")
    at.number_input(key="entitle-units").set_value(56)
    at = at.run()
    at = at.button(key="entitle-confirm").click().run()
    assert "of a pool of 55" in at.error[0].value
