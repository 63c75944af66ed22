"""A finding has an age, ends, and comes back young."""

import shutil
from datetime import timedelta

from reads import findings
from tests.world import SEASONED, SMALL, WEU, Clock


def told(console):
    """Since when each finding has been so, by its key."""
    console.finder.run_once()
    rows = findings.findings(console.store, [SMALL])
    return dict(rows[["key", "since"]].itertuples(index=False, name=None))


def state_of(console, name, state):
    deployment = console.small.world.accounts.deployments[WEU][name]
    deployment.state = state
    deployment.etag = f'"{state}"'


FAILED = f"failed:{WEU}/deployments/chat"


def test_a_finding_keeps_its_age_ends_and_comes_back_young(console):
    assert FAILED not in told(console)
    state_of(console, "chat", "Failed")
    began = console.collected(minutes=5).clock()
    assert told(console)[FAILED] == began
    console.collected(3, minutes=5)
    assert told(console)[FAILED] == began
    state_of(console, "chat", "Succeeded")
    console.collected(minutes=5)
    assert FAILED not in told(console)
    state_of(console, "chat", "Failed")
    console.collected(minutes=5)
    assert told(console)[FAILED] == console.clock() > began


def test_it_works_only_when_something_new_was_collected(console):
    told(console)
    before = findings.generation(console.store)
    console.clock.move(days=1)
    told(console)
    assert findings.generation(console.store) == before
    console.collector.run_once()
    told(console)
    assert findings.generation(console.store) > before


def test_what_cannot_be_read_is_a_finding_and_the_last_good_findings_stay(console):
    state_of(console, "chat", "Failed")
    console.collected(minutes=5)
    first = told(console)
    console.small.control.fault("forbid", path="aoai-small-weu/deployments", times=-1)
    began = console.collected(minutes=5).clock()
    now = told(console)
    assert now[f"unreadable:{SMALL}"] == began
    assert now[FAILED] == first[FAILED]
    console.collected(2, minutes=5)
    assert told(console)[f"unreadable:{SMALL}"] == began
    console.small.control.clear()
    console.collected(minutes=5)
    assert f"unreadable:{SMALL}" not in told(console)


def test_idle_is_found_when_all_history_is_known(console, complete, made, tmp_path):
    idle = f"idle:{WEU}/deployments/quiet"
    assert idle not in told(console)
    shutil.copy(complete, tmp_path / "complete.db")
    seasoned = made(url=f"sqlite:///{tmp_path}/complete.db", clock=Clock(SEASONED))
    assert told(seasoned)[idle] == SEASONED


def test_findings_are_of_the_units_and_accounts_they_concern(console):
    console.finder.run_once()
    rows = findings.findings(console.store, [SMALL]).set_index("kind")
    assert rows.at["no owner", "account"] == "ais-small-sdc"
    assert rows.at["no unit", "unit"] == "unassigned"
    assert findings.findings(console.store, []).empty


def test_a_console_that_has_seen_nothing_finds_nothing(made):
    console = made()
    console.finder.run_once()
    assert findings.findings(console.store, [SMALL]).empty
    console.collected()
    assert told(console)


def test_a_finding_survives_a_restart_with_its_age(console, made):
    began = told(console)
    again = made(url=console.settings.database_url.get_secret_value(), clock=console.clock)
    again.collected(minutes=5)
    after = told(again)
    assert after == {**began, **{key: at for key, at in after.items() if key not in began}}
    assert again.clock() - min(began.values()) == timedelta(minutes=5)
