"""Content filters from the matrix to the far end: what is shown, to whom, and what a click does."""

import re
from datetime import timedelta
from io import BytesIO

import openpyxl
import pandas as pd
import pytest
from sqlalchemy import delete, func, select

from actions import approve, undo
from domain import baselines
from domain.faults import NotAllowed
from domain.filters import Strength
from domain.plans import State
from store import baselines as kept_baselines
from store import exemptions as kept_exemptions
from store.tables import HarmDayRow
from tests import filtered
from tests.conftest import table, words
from tests.world import CHAT, NOON
from ui import exports
from ui.components import filter_matrix

TABS = ["Matrix", "Baselines", "Policies and blocklists", "Exemptions", "Effect", "Drift"]
CAST = ["ada", "alan", "maria", "cora", "tess", "vera", "sam"]
TODAY = NOON.replace(hour=0, minute=0, second=0)
WEEK_AGO = TODAY - timedelta(days=7)
LOW, MEDIUM = "blocks low, medium and high", "blocks medium and high"


def button(at, key):
    return next((it for it in at.button if it.key == key), None)


def pressed(at, key):
    return at.button(key=key).click().run()


def said(at):
    kinds = [*at.warning, *at.error, *at.info]
    return "\n".join([words(at), *(it.value for it in kinds)]).replace("\\", "")


def row(at, name, heading="Distance"):
    shown = table(at, heading)
    return shown[shown["Deployment"].eq(name)].iloc[0]


def carried_out(console, number=1):
    found = filtered.after(console, number)
    console.finder.run_once()
    return found


def pointed(console, resource, policy):
    """Somebody gives a deployment another policy in the portal."""
    told = console.small.control.portal("GET", resource + filtered.VERSION)["body"]
    properties = {"model": told["properties"]["model"], "raiPolicyName": policy}
    filtered.by_the_portal(console, "PUT", resource, properties, sku=told["sku"])


@pytest.fixture
def loose(console):
    """CHAT under a policy that lets everything about hate through and is asynchronous."""
    resource = filtered.there(console, "loose", filtered.LAX, mode="asynchronous")
    pointed(console, CHAT, "loose")
    filtered.look_again(console)
    console.finder.run_once()
    return resource


def deployment(opened, person="ada", resource=CHAT):
    return opened("deployment", person, deployment=resource, tab="Content filter")


# --- what is shown ----------------------------------------------------------------------------


@pytest.mark.parametrize("person", CAST)
def test_every_tab_opens_for_whoever_may_look(opened, person):
    at = opened("filters", person)
    for tab in TABS:
        at.session_state["tab"] = tab
        at = at.run()
        assert not at.exception
        assert not at.error


def test_an_auditor_is_refused_at_the_door(opened):
    at = opened("filters", "otto")
    assert "may not" in at.error[0].value
    assert not at.dataframe


@pytest.mark.usefixtures("loose")
def test_the_furthest_from_its_baseline_stands_first_in_words(opened):
    at = opened("filters")
    shown = table(at, "Distance")
    first = shown.iloc[0]
    assert first["Deployment"] == "chat"
    assert first["Policy in force"] == "loose"
    assert first["Hate: prompts"] == ["\u25bc looser: off"]
    assert first["Mode"] == "asynchronous: may appear before it is filtered"
    other = row(at, "busy")
    assert other["Policy in force"] == "Microsoft.DefaultV2 (default)"
    assert other["Hate: prompts"] == [f"\u25bc looser: {MEDIUM}"]
    assert other["Prompt attack: prompts"] == ["\u2713 blocks"]
    assert shown["Distance"].is_monotonic_decreasing
    assert at.metric[1].value == str(first["Distance"])
    assert at.metric[1].delta == "chat"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "chat loose"}, ["chat"]),
        ({"in-force": "loose"}, ["chat"]),
        ({"show": "asynchronous"}, ["chat"]),
        ({"show": "one-sided"}, ["chat"]),
        ({"audience": "internal"}, []),
        ({"q": "no such thing"}, []),
    ],
)
@pytest.mark.usefixtures("loose")
def test_a_link_restores_the_filters(opened, query, names):
    at = opened("filters", **query)
    assert not at.exception
    if names:
        assert table(at, "Distance")["Deployment"].tolist() == names
    else:
        assert "Nothing matches" in said(at)


@pytest.mark.usefixtures("loose")
def test_the_weaker_direction_says_which_it_is(opened):
    at = opened("filters", view="weaker")
    assert row(at, "chat")["Hate"] == ["\u25bc looser: off on prompts"]
    assert row(at, "busy")["Hate"] == [f"\u25bc looser: {MEDIUM}"]


@pytest.mark.usefixtures("loose")
def test_a_manager_sees_own_units_only(opened):
    whole = table(opened("filters"), "Distance")
    own = table(opened("filters", "maria"), "Distance")
    assert 0 < len(own) < len(whole)
    assert set(own["Business unit"]) <= {"Retail", "Stores", "Online shop"}


@pytest.mark.usefixtures("loose")
def test_a_file_is_what_the_screen_shows(opened, monkeypatch):
    offered = []
    kept = exports.offer
    monkeypatch.setattr(exports, "offer", lambda *told: (offered.append(told), kept(*told)))
    at = opened("filters", show="below")
    rows, columns, name, facts = offered[-1]
    shown = table(at, "Distance")
    book = openpyxl.load_workbook(BytesIO(exports.excel(
        filter_matrix.tables.worded(rows, columns), name, facts
    )))  # fmt: skip
    sheet = book.worksheets[0]
    lines = list(sheet.iter_rows(values_only=True))
    assert list(lines[0]) == list(shown.columns)
    plain = shown.map(lambda it: it[0] if isinstance(it, list) and it else it)
    for told, line in zip(plain.to_dict("records"), lines[1:], strict=True):
        for heading, value in zip(shown.columns, line, strict=True):
            seen = told[heading]
            if isinstance(seen, list) or pd.isna(seen):
                assert value is None
            else:
                assert value == (seen.tz_convert(None) if hasattr(seen, "tz_convert") else seen)
    assert "Below their baseline" in {it[1] for it in book["About"].iter_rows(values_only=True)}


def test_no_data_is_not_zero(opened, console):
    with console.store.begin() as session:
        session.execute(delete(HarmDayRow))
    at = opened("filters")
    blocked = next(it for it in at.metric if it.label == "Blocked requests")
    assert (blocked.value, blocked.delta) == ("\u2013", "not measured")
    at = opened("filters", tab="Effect")
    assert "was not measured" in said(at)
    assert not at.dataframe


def test_what_was_stopped_is_told_by_filter_and_as_much_as_azure_counted(opened, console):
    at = opened("filters", tab="Effect")
    shown = table(at, "Period before").set_index("Filter")
    with console.store.reading() as session:
        days = select(func.sum(HarmDayRow.requests)).where(
            HarmDayRow.what == "blocked", HarmDayRow.category == "hate",
            HarmDayRow.direction == "prompt", HarmDayRow.day < TODAY, HarmDayRow.day >= WEEK_AGO,
        )  # fmt: skip
        counted = session.scalar(days)
    assert counted
    assert shown.loc["Hate on prompts", "Blocked"] == counted
    severe = shown.loc["Hate on prompts", ["Low", "Medium", "High"]]
    assert severe.sum() == shown.loc["Hate on prompts", "Harmful"] > counted


@pytest.mark.usefixtures("loose")
def test_drift_says_since_when_and_who(opened):
    at = opened("filters", tab="Drift")
    shown = table(at, "First seen (UTC)")
    mine = shown[shown["Deployment"].eq("chat") & shown["Filter"].eq("Hate on prompts")].iloc[0]
    assert mine["Does"] == ["\u25bc looser: off"]
    assert pd.notna(mine["First seen (UTC)"])
    assert "portal" in mine["Last changed by"] or "@" in mine["Last changed by"]
    changed = table(at, "Policy or blocklist")
    assert "loose" in set(changed["Policy or blocklist"])


def test_what_microsoft_changes_of_a_default_is_told_apart(opened, console):
    console.small.control.default(name="Jailbreak", source="Prompt", word="annotate")
    filtered.look_again(console)
    at = opened("filters", tab="Drift")
    assert "Microsoft's own" in said(at)
    shown = table(at, "Policy or blocklist")
    assert "Microsoft.DefaultV2" in set(shown["Policy or blocklist"])


# --- one deployment, up to the far end ----------------------------------------------------------


def reviewed(at):
    """From the first step of the dialog to the last."""
    return pressed(pressed(at, "filter-next"), "filter-next")


def test_a_deployment_is_brought_to_its_baseline_and_back(opened, console, loose):  # noqa: ARG001
    at = deployment(opened)
    assert "loose" in said(at)
    assert table(at, "Demanded at the least").set_index("Filter").loc[
        "Hate on prompts", "Does"
    ] == ["\u25bc looser: off"]
    at = reviewed(pressed(at, "tighten"))
    told = table(at, "Which way")
    assert set(told["Which way"].map(lambda it: it[0])) == {"stricter"}
    assert "weakens nothing" in said(at)
    at.text_input(key="filter-reason").set_value("It faces customers").run()
    at = pressed(at, "filter-confirm")
    assert not at.exception
    assert not at.error
    assert carried_out(console).state is State.DONE
    assert filtered.policy_of(console, CHAT) == "chat-baseline"
    at = opened("filters")
    now = row(at, "chat")
    assert now["Distance"] == 0
    assert now["Hate: prompts"] == [f"\u2713 {LOW}"]
    assert now["Mode"] == "buffered: checked before it appears"

    number = undo.change(console.visit("ada"), 1, reason="Customers complain")
    found = filtered.plan(console, number)
    assert found.state is State.PROPOSED
    assert "looser" in found.policy
    approve.plan(console.visit("alan"), number, fingerprint=found.fingerprint)
    assert carried_out(console, number).state is State.DONE
    assert filtered.policy_of(console, CHAT) == "loose"
    assert row(opened("filters"), "chat")["Hate: prompts"] == ["\u25bc looser: off"]


def test_a_weakening_waits_for_somebody_else(opened, console):
    at = pressed(deployment(opened), "change-filters")
    at = at.selectbox(key="filter-hate-prompt").set_value(Strength.HIGH).run()
    at = reviewed(at)
    told = table(at, "Which way").iloc[0]
    assert (told["Which way"], told["What"]) == (["looser"], "Hate on prompts")
    assert (told["Before"], told["After"]) == (MEDIUM, "blocks high only")
    assert "A second person has to approve it" in said(at)
    at.text_input(key="filter-reason").set_value("Try it").run()
    at = pressed(at, "filter-confirm")
    found = filtered.plan(console, 1)
    assert found.state is State.PROPOSED
    with pytest.raises(NotAllowed):
        approve.plan(console.visit("ada"), 1, fingerprint=found.fingerprint)
    assert button(opened("plan", "ada", plan="1"), "approve") is None
    assert button(opened("plan", "sam", plan="1"), "approve") is not None
    assert carried_out(console).state is State.PROPOSED
    assert filtered.policy_of(console, CHAT) is None


def test_what_somebody_else_changed_meanwhile_is_not_written_over(opened, console, loose):
    at = pressed(deployment(opened), "change-filters")
    filtered.by_the_portal(console, "PUT", loose, filtered.made(console, filtered.TIGHT))
    filtered.look_again(console)
    at = pressed(at, "filter-next")
    assert "Somebody has changed this policy" in said(at)
    assert button(at, "filter-confirm") is None


def test_who_may_not_change_filters_is_offered_nothing(opened):
    for person in ("maria", "cora", "sam"):
        at = deployment(opened, person)
        assert not at.exception
        for key in ("tighten", "change-filters", "assign-filter", "ask-exemption"):
            assert button(at, key) is None


def test_a_deployment_gets_another_policy_of_its_account(opened, console):
    filtered.there(console, "strict", filtered.TIGHT)
    at = pressed(deployment(opened), "assign-filter")
    at = at.selectbox(key="assign-policy").set_value("strict").run()
    assert table(at, "Which way")["Which way"].tolist() == [["stricter"]]
    at.text_input(key="assign-filter-reason").set_value("As agreed").run()
    at = pressed(at, "assign-filter-confirm")
    assert not at.error
    assert carried_out(console).state is State.DONE
    assert filtered.policy_of(console, CHAT) == "strict"


# --- baselines ----------------------------------------------------------------------------------


def in_force(console):
    with console.store.reading() as session:
        return baselines.in_force(kept_baselines.known(session), console.clock())


def test_a_stricter_baseline_holds_at_once(opened, console):
    at = pressed(opened("filters", tab="Baselines"), "change-baseline")
    at = at.selectbox(key="least-profanity-prompt").set_value(Strength.BLOCKS).run()
    assert "would be for" in said(at)
    at = pressed(at, "baseline-confirm")
    assert "Version 2" in said(at)
    external = next(it for it in in_force(console) if it.key == "external")
    assert external.version == 2
    assert external.least["profanity", "prompt"] is Strength.BLOCKS
    assert "external v2" in set(table(opened("filters", view="all"), "Distance")["Baseline"])


def test_a_looser_baseline_waits_for_a_second_person(opened, console):
    at = pressed(opened("filters", tab="Baselines"), "change-baseline")
    at = at.selectbox(key="least-hate-prompt").set_value(Strength.MEDIUM).run()
    assert "a second person has to approve it" in said(at)
    at = pressed(at, "baseline-confirm")
    assert "waits for a second person" in said(at)
    assert next(it for it in in_force(console) if it.key == "external").version == 1
    assert button(opened("filters", "ada", tab="Baselines"), "decide-external v2") is None
    at = pressed(opened("filters", "sam", tab="Baselines"), "decide-external v2")
    assert table(at, "Which way")["What"].tolist() == ["Hate on prompts"]
    at = pressed(at, "approve-baseline-confirm")
    assert not at.error
    external = next(it for it in in_force(console) if it.key == "external")
    assert (external.version, external.approver) == (2, "contoso/sam")


def test_a_baseline_that_cannot_be_is_refused_in_words(opened):
    at = pressed(opened("filters", tab="Baselines"), "new-baseline")
    assert "demands something of at least one filter" in said(at)
    at = at.selectbox(key="least-hate-prompt").set_value(Strength.LOW).run()
    assert "The title is missing" in said(at)
    assert at.button(key="baseline-confirm").disabled
    at = at.text_input(key="baseline-title").set_value("Everybody").run()
    assert not at.button(key="baseline-confirm").disabled
    at.selectbox(key="baseline-for").set_value("external")
    at = at.run()
    assert not at.button(key="baseline-confirm").disabled


# --- exemptions ---------------------------------------------------------------------------------


def entries(console):
    with console.store.reading() as session:
        return kept_exemptions.known(session)


def asked(opened, **words_):
    at = pressed(deployment(opened), "ask-exemption")
    at.selectbox(key="exempt-filter").set_value(("hate", "prompt"))
    at.selectbox(key="exempt-accepts").set_value(Strength.MEDIUM)
    at.text_area(key="exempt-why").set_value(words_.get("why", "Quotes of literature"))
    at.text_input(key="exempt-reviewer").set_value("Legal").run()
    return pressed(at, "exempt-confirm")


def test_an_exemption_is_asked_decided_shown_and_ended(opened, console):
    at = asked(opened)
    assert "asked for" in said(at)
    assert [(it.category, it.direction, it.decision) for it in entries(console)] == [
        ("hate", "prompt", "")
    ]
    assert row(opened("filters"), "chat")["Hate: prompts"] == [f"\u25bc looser: {MEDIUM}"]

    at = ticked(opened("filters", "ada", tab="Exemptions"), "exemptions", 0)
    assert at.button(key="decide-exemption").disabled
    at = pressed(ticked(opened("filters", "sam", tab="Exemptions"), "exemptions", 0),
                 "decide-exemption")  # fmt: skip
    at = pressed(at, "exempt-allow")
    assert not at.error
    assert entries(console)[0].decision == "approved"
    assert row(opened("filters"), "chat")["Hate: prompts"] == [f"\u25bd exempt: {MEDIUM}"]
    shown = table(opened("filters", tab="Exemptions"), "Register and Azure")
    assert shown["Register and Azure"].tolist() == [["agrees"]]

    at = pressed(ticked(opened("filters", tab="Exemptions"), "exemptions", 0), "end-exemption")
    at = pressed(at, "exempt-end")
    assert entries(console)[0].ended_at is not None
    assert row(opened("filters"), "chat")["Hate: prompts"] == [f"\u25bc looser: {MEDIUM}"]


def ticked(at, stem, number):
    """The page with a row of this table ticked."""
    return selected(at, stem, rows=[number])


def selected(at, stem, rows=(), cells=()):
    key = next(it.proto.id for it in at.dataframe if f"-{stem}-" in it.proto.id)
    name = re.search(rf"-({stem}-\w{{8}})$", key)[1]
    told = {"rows": list(rows), "columns": [], "cells": list(cells)}
    at.session_state[name] = {"selection": told}
    return at.run()


@pytest.mark.usefixtures("loose")
@pytest.mark.parametrize(("tab", "stem"), [("Matrix", "filters"), ("Drift", "drift")])
def test_a_click_on_a_name_opens_what_that_deployment_blocks(opened, tab, stem):
    at = selected(opened("filters", tab=tab), stem, cells=[(0, "Deployment")])
    assert not at.exception
    assert at.title[0].value == "Deployment"
    assert "loose is in force" in said(at).replace("*", "")


def test_a_click_on_a_policy_opens_it(opened):
    at = opened("filters", tab="Policies and blocklists")
    at = selected(at, "policies", cells=[(0, "Policy")])
    assert at.title[0].value == "Filter policy"
    assert not at.exception
