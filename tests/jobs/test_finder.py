"""A finding has an age, ends, and comes back young."""

import shutil
from datetime import timedelta

from domain.exemptions import Exemption
from domain.faults import NotFound
from domain.filters import Strength
from reads import findings
from services import deployments, policies
from store import deviations, exemptions, filter_days
from tests.world import CHAT, SEASONED, SMALL, WEU, Clock


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


LOOSE = f"{WEU}/raipolicies/loose"
HATE = {"name": "Hate", "source": "Prompt", "severityThreshold": "Low", "blocking": True}


def assigned(console, **fields):
    """A policy of its own on deployment chat, written as somebody in the portal would."""
    body = {
        "basePolicyName": "Microsoft.DefaultV2",
        "mode": "Blocking",
        "contentFilters": [{**HATE, "enabled": True, **fields}],
    }
    try:
        etag = policies.seen(console.azure, LOOSE).etag
    except NotFound:
        etag = ""
    policies.put(console.azure, LOOSE, body, etag)
    seen = deployments.seen(console.azure, CHAT)
    deployments.set_filter(console.azure, CHAT, "loose", seen.etag)


def judged(console):
    """Kinds of findings about chat, since when hate in prompts deviates, and today's distance."""
    console.finder.run_once()
    rows = findings.findings(console.store, [SMALL])
    about = rows[rows["resource"].eq(CHAT)].set_index("kind")
    with console.store.reading() as session:
        ages = deviations.of(session, [SMALL])
        days = filter_days.since(session, console.clock() - timedelta(days=1), [SMALL])
    ours = ages[ages["resource"].eq(CHAT) & ages["category"].eq("hate")]
    since = dict(zip(ours["direction"], ours["since"], strict=True))
    days = days[days["resource"].eq(CHAT)]
    return about, since.get("prompt"), dict(zip(days["day"], days["distance"], strict=True))


def test_a_filter_below_its_baseline_ages_until_it_is_tightened(console):
    began = console.clock()
    today = began.replace(hour=0, minute=0, second=0, microsecond=0)
    console.collected(minutes=5)
    about, first, days = judged(console)
    # Microsoft's default stops medium and high, which is a step less than is demanded.
    assert about.at["filter below baseline", "severity"] == "warning"
    assert first == began
    before = days[today]
    assigned(console, enabled=False)
    console.collected(minutes=5)
    about, since, days = judged(console)
    assert about.at["filter below baseline", "severity"] == "critical"
    assert about.at["filter below baseline", "what"].startswith("Below baseline external v1: Hate")
    assert since == first
    assert days == {today: before + 3}
    assigned(console)
    console.collected(minutes=5)
    about, since, days = judged(console)
    assert "Hate on prompts" not in about.at["filter below baseline", "what"]
    assert since is None
    assert days == {today: before - 1}
    assigned(console, severityThreshold="High")
    console.collected(minutes=5)
    assert judged(console)[1] == console.clock() > first


def test_what_is_excused_is_not_found_until_its_review_is_due(console):
    began = console.clock()
    assigned(console, enabled=False)
    it = Exemption(
        "deviation", CHAT, "hate", "prompt", Strength.OFF, "a study of slurs", "", "Ada",
        console.clock() + timedelta(hours=1), "retail", "t/a", console.clock(), decision="approved",
    )  # fmt: skip
    with console.store.begin() as session:
        exemptions.add(session, it)
    console.collected(minutes=5)
    about, since, _ = judged(console)
    assert "Hate on prompts" not in about.at["filter below baseline", "what"]
    assert since == began
    console.collected(hours=1)
    about, _, _ = judged(console)
    assert "Hate on prompts" in about.at["filter below baseline", "what"]
    assert about.at["exemption overdue", "since"] == it.review_by


def test_filters_that_cannot_be_read_now_keep_the_age_of_what_they_were(console):
    console.collected(minutes=5)
    first = judged(console)[1]
    console.small.control.fault("forbid", path="aoai-small-weu/raipolicies", times=-1)
    console.collected(2, minutes=5)
    assert judged(console)[1] == first
    console.small.control.clear()
    console.collected(minutes=5)
    assert judged(console)[1] == first
