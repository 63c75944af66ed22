"""What is watched is counted over those of which something is known; nothing is made of none."""

from datetime import UTC, datetime

import pytest

from domain import coverage
from domain.frames import frame
from domain.readings import ALERTS, DIAGNOSTICS, Snapshot, Trouble, kept_columns

NOW = datetime(2026, 11, 18, tzinfo=UTC)
SUB = "0b1f6471-1bf0-4dda-aec3-cb9272f09590"
HOME = f"/subscriptions/{SUB}/resourcegroups/rg/providers/microsoft.cognitiveservices/accounts"
ONE, TWO, ONES = f"{HOME}/one", f"{HOME}/two", f"{HOME}/ones"


def kept(topic, *rows, troubles=()):
    told = [{"subscription": SUB, "seen_at": NOW, **it} for it in rows]
    broken = tuple(Trouble(it, "Fault", "No.", NOW) for it in troubles)
    return {SUB: Snapshot(frame(kept_columns(topic), told), NOW, broken)}


def rule(scope, enabled=True):
    return {"rule": "r", "enabled": enabled, "scopes": f'["{scope}"]'}


def setting(account, logs='["Audit"]'):
    return {"setting": f"{account}/s", "account_id": account, "logs": logs}


@pytest.mark.parametrize(
    ("rules", "share"),
    [
        ((), 0),
        ((rule(ONE),), 0.5),
        ((rule(ONE.upper()), rule(TWO)), 1),
        ((rule(f"/subscriptions/{SUB}"),), 1),
        ((rule(f"/subscriptions/{SUB}/resourceGroups/rg/"),), 1),
        ((rule(f"/subscriptions/{SUB}/resourcegroups/r"),), 0),
        ((rule(ONES),), 0),
        ((rule(ONE, False), rule(TWO, None)), 0),
    ],
)
def test_an_account_has_an_alert_rule_itself_or_through_what_it_is_in(rules, share):
    assert coverage.alerted([ONE, TWO], kept(ALERTS, *rules)) == share


def test_an_account_logs_when_a_setting_says_what():
    settings = (setting(ONE), setting(TWO, "[]"))
    assert coverage.logged([ONE, TWO], kept(DIAGNOSTICS, *settings)) == 0.5


@pytest.mark.parametrize("parts", [{SUB: None}, {}, kept(ALERTS, troubles=[SUB])])
def test_what_never_answered_is_not_counted(parts):
    assert coverage.alerted([ONE], parts) is None
    assert coverage.logged([ONE], parts) is None


def test_an_account_that_did_not_answer_is_left_out():
    settings = kept(DIAGNOSTICS, setting(ONE), troubles=[TWO])
    assert coverage.logged([ONE, TWO], settings) == 1
    assert coverage.logged([], settings) is None
