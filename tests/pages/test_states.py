"""Partial, stale, empty, unmeasured, hostile: a page says what is so, and keeps standing."""

import pytest

from tests.conftest import table, words
from tests.pages.test_changing import there
from tests.world import CHAT, SMALL

HOSTILE = "=cmd|'/C calc'!A0 <script>alert(1)</script> **bold** $x$ :red[no]"


def test_what_did_not_answer_is_named_and_totals_say_at_least(opened, console):
    console.small.control.fault("forbid", path="/deployments", times=-1)
    console.collected(minutes=10)
    at = opened("deployments")
    said = words(at)
    assert "Partial" in said
    assert "does not allow it" in said
    assert at.metric[0].value.startswith("\u2265")
    assert "chat" in set(table(at, "Deployment")["Deployment"])


@pytest.mark.parametrize(("minutes", "kind"), [(1, "caption"), (12, "warning"), (25, "error")])
def test_age_is_said_the_louder_the_older(opened, console, minutes, kind):
    console.clock.move(minutes=minutes)
    at = opened("deployments")
    said = [it.value for it in at.get(kind)]
    assert any("Deployments of 2026-" in it for it in said)


def test_nothing_collected_yet_is_no_emptiness(made, components, monkeypatch):
    import streamlit as st
    from streamlit.testing.v1 import AppTest

    from tests.conftest import FRAME
    from ui import session

    console = made()
    monkeypatch.setattr(session, "wiring", lambda: console)
    st.cache_resource.clear()
    at = AppTest.from_file(FRAME, default_timeout=30)
    at._bidi_component_manager = components
    for page in ("overview", "deployments", "sources"):
        folder = "operate" if page == "deployments" else "observe"
        at = at.run().switch_page(f"../pages/{folder}/{page}.py").run()
        assert not at.exception
        assert at.title
    at = at.switch_page("../pages/operate/deployments.py").run()
    assert "Not everything here has been collected yet" in words(at)


def test_what_was_not_measured_is_a_dash_and_not_zero(made, opened, console):
    console.small.control.fault("fail", path="metrics", times=-1)
    at = opened("deployment", deployment=f"{CHAT}-missing")
    assert "no such deployment" in words(at)
    assert made


def test_hostile_text_stays_text(opened, console):
    there(console, CHAT).tags = {"owner": HOSTILE, "business-unit": "=1+1"}
    there(console, CHAT).etag = '"hostile"'
    console.collected(minutes=10)
    at = opened("deployments", columns="ownership")
    assert HOSTILE in set(table(at, "Owner")["Owner"])
    for element in (*at.markdown, *at.caption):
        assert "<script>" not in element.value
        assert not element.allow_html
    at = opened("deployment", deployment=CHAT)
    assert not at.exception
    assert HOSTILE in set(table(at, "Property")["Value"])


def test_a_deployment_of_another_unit_is_not_there_for_a_manager(opened):
    at = opened("deployments")
    shown = table(at, "Business unit")
    assert not shown.empty
    other = opened("deployment", "mark", deployment=CHAT)
    own = {it.strip() for it in other.selectbox(key="unit").options}
    unit = shown.set_index("Deployment").loc["chat", "Business unit"]
    assert ("no such deployment" in words(other)) == (unit not in own)


def test_the_last_hour_is_asked_only_when_its_tab_is_open(opened, console):
    opened("deployment", deployment=CHAT)
    before = len(console.wire.requests)
    opened("deployment", deployment=CHAT, tab="Last hour")
    asked = [it for it in console.wire.requests[before:] if "metrics" in it.path]
    assert asked


def test_a_last_hour_that_fails_is_said_in_its_tab(opened, console):
    console.small.control.fault("forbid", path="metrics", times=-1)
    at = opened("deployment", deployment=CHAT, tab="Last hour")
    assert not at.exception
    assert "does not allow it" in at.error[0].value
    assert at.metric


@pytest.mark.parametrize("tab", ["Summary", "Usage", "Last hour", "Quota pool", "Changes"])
def test_every_tab_of_a_deployment_opens(opened, tab):
    at = opened("deployment", deployment=CHAT, tab=tab)
    assert not at.exception
    assert not at.error


def test_the_doctor_says_which_role_is_missing_where(opened, console):
    console.small.world.subscriptions.get(SMALL).readable = False
    console.collected(hours=2)
    at = opened("sources")
    ill = table(at, "Missing role")
    assert "Reader" in set(ill["Missing role"].dropna())
    assert any("give the console's identity the role" in it.value for it in at.code)


def test_the_audit_trail_is_verified_and_filtered(opened, console, visiting):
    from actions import assign
    from domain.faults import Refused

    with pytest.raises(Refused):
        assign.deployments(visiting("vera"), [CHAT], owner="me")
    at = opened("audit", "otto")
    assert "Every line fits" in words(at)
    shown = table(at, "What came of it")
    assert ["refused"] in shown["What came of it"].tolist()
    assert "Vera Rubin" in set(shown["Who"])
    assert "Nothing matches" in words(opened("audit", "otto", words="no-such-thing"))
    assert console


def test_what_was_kept_outside_speaks_against_a_trail(opened, console, tmp_path):
    from datetime import UTC, datetime

    from domain.chain import Anchor

    file = console.anchors.path = tmp_path / "anchors.jsonl"
    assert "nothing of it is kept outside" in words(opened("audit", "otto"))
    console.anchors.keep(Anchor(datetime(2026, 1, 5, tzinfo=UTC), 999, "0" * 64))
    assert "line 999, as it was kept outside on" in words(opened("audit", "otto"))
    file.write_text("no\n")
    at = words(opened("audit", "otto"))
    assert "can't be read" in at
    assert "Every line fits the chain" in at


def test_who_decided_for_whom_is_on_the_audit_page(opened, console):
    from domain.filters import Strength
    from tests.reads.test_separation import weakened

    assert "Nothing was decided yet." in words(opened("audit", "otto"))
    weakened(console, "ada", "sam", Strength.MEDIUM)
    at = opened("audit", "otto")
    row = table(at, "Who decided").iloc[0]
    assert (row["Who asked"], row["Who decided"], row["What"]) == (
        "Ada Byron",
        "Sam Adeyemi",
        "baseline",
    )
    assert "Sam Adeyemi" in set(table(at, "What stands out")["Who"])
