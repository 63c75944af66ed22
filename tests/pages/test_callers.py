"""Who is behind the gap, asked of the gateway's log from the page of cost."""

import dataclasses

import pytest

from domain import frames
from domain.costs import GAPS
from settings import LOCAL_WORKSPACE
from tests import bills_by_hand
from tests.bills_by_hand import bill, day
from tests.conftest import table, words
from tests.world import BUSY, CHAT
from ui.components import calling

COUNTED = 90_000_000.0
"""More than the log of a week has."""


def gap(number, unit, resource=CHAT, platform=COUNTED):
    return {"day": day("2026-11", number), "resource": resource, "unit": unit,
            "platform": platform, "attributed": 1.0, "gap": platform - 1}  # fmt: skip


@pytest.fixture
def console(console):
    gaps = [gap(it, "finance-risk" if it < 14 else "retail-online") for it in range(1, 19)]
    gaps.append(gap(17, "finance-risk", BUSY))
    known = dataclasses.replace(bill(), gaps=frames.frame(GAPS, gaps))
    return bills_by_hand.keep(console, known)


def said(at):
    return (words(at) + " ".join(it.value for it in at.error)).replace("\\", "")


def pick(at, row=0):
    ids = [it.proto.id for it in at.dataframe]
    key = next(it[it.index("cost-gaps-") :] for it in ids if "-cost-gaps-" in it)
    at.session_state[key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    return at.run()


def ask(at, resource="chat"):
    names = table(at, "Without a caller")["Deployment"].tolist()
    at = pick(at, next(it for it, name in enumerate(names) if name.startswith(resource)))
    return next(it for it in at.button if it.key == calling.ASK).click().run()


def test_the_log_is_asked_and_the_gap_stands_first(opened):
    at = ask(opened("cost"))
    assert not at.exception
    rows = table(at, "Network")
    assert rows["Who"].tolist()[:2] == [
        "Without a product", "Not in the log: round the gateway, or lost"
    ]  # fmt: skip
    assert {"Product shop-chat", "Product desk-assist"} <= set(rows["Who"])
    assert rows["Tokens"].sum() == pytest.approx(6 * COUNTED + COUNTED)
    assert "2026-11-11 to 2026-11-17" in said(at)
    at = at.segmented_control(key="who-back").select("1").run()
    assert "2026-11-17 (UTC), asked" in said(at)
    assert table(at, "Network")["Tokens"].sum() == pytest.approx(COUNTED)


def test_a_manager_sees_who_is_behind_an_own_gap_and_no_other_units_callers(opened):
    at = ask(opened("cost", "maria"))
    rows = table(at, "Network")
    assert "Callers of other units" in set(rows["Who"])
    assert not {it for it in rows["Who"] if it.startswith("Product ")}
    assert "2026-11-14 to 2026-11-17" in said(at)  # before that, it was another unit's
    assert rows["Tokens"].sum() == pytest.approx(4 * COUNTED)
    assert "desk-assist" not in rows.to_string() + said(at)


def test_a_deployment_that_no_gateway_logs_is_said_to_be_so(opened):
    at = ask(opened("cost"), "busy")
    assert "has no call of this deployment on these days" in said(at)
    assert table(at, "Network")["Tokens"].tolist() == [COUNTED]


@pytest.mark.parametrize("resource", [BUSY, f"{CHAT}-none", "' OR 1=1", ""])
def test_a_forged_question_is_refused(opened, console, resource):
    at = opened("cost", "maria")
    since = len(console.wire.requests)
    at.session_state["draft:" + calling.ASK] = ("2026-11", "EUR", resource)
    at = at.run()
    assert "You may see no gap of this deployment" in said(at)
    assert not [it for it in console.wire.requests[since:] if "/workspaces/" in str(it)]


@pytest.mark.parametrize(
    ("fault", "words_of_it"),
    [
        ("forbid", "lacks a role on this scope"),
        ("throttle", "too often"),
        ("partial", "none of it"),
    ],
)
def test_a_log_that_does_not_answer_is_said_and_the_page_stays(opened, console, fault, words_of_it):
    at = pick(opened("cost"))
    console.small.control.fault(fault, path="/v1/workspaces", times=-1)
    at = next(it for it in at.button if it.key == calling.ASK).click().run()
    assert LOCAL_WORKSPACE in said(at)
    assert words_of_it in said(at)
    assert not [it for it in at.dataframe if "Network" in it.value.columns]
    assert len(table(at, "Cost (EUR)"))
