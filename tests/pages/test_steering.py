"""The simulator's page lets somebody else interfere, at the moment that was chosen."""

import pytest

from tests.conftest import words
from tests.world import CHAT, QUIET, WEU
from ui.components import steering


def capacity(console, resource):
    account, _, name = resource.partition("/deployments/")
    return console.small.world.accounts.deployments[account][name].capacity


def ordered(opened, moment, units=17, resource=CHAT, deed="set"):
    at = opened("simulator")
    at.selectbox(key="meddle-resource").set_value(resource)
    at.selectbox(key="meddle-deed").set_value(deed)
    at.number_input(key="meddle-capacity").set_value(units)
    at.selectbox(key="meddle-moment").set_value(moment)
    return at.button[[it.label for it in at.button].index("Let it happen")].click().run()


def test_now_and_delete(opened, console):
    at = ordered(opened, "now")
    assert "set its capacity" in words(at)
    assert capacity(console, CHAT) == 17
    ordered(opened, "now", resource=QUIET, deed="delete")
    assert "quiet" not in console.small.world.accounts.deployments[WEU]


@pytest.mark.parametrize("moment", ["later", "before", "after", "read"])
def test_later_it_stands_among_the_faults_and_can_be_taken_back(opened, console, moment):
    at = ordered(opened, moment)
    assert capacity(console, CHAT) == 30
    (fault,) = console.small.control.state()["faults"]
    assert fault["write"]["body"] == {"sku": {"capacity": 17}}
    at.button(key="clear-faults").click().run()
    assert console.small.control.state()["faults"] == []


def test_it_happens_after_the_seconds(opened, console):
    ordered(opened, "later")
    console.clock.move(seconds=61)
    console.small.control.catch_up()
    assert capacity(console, CHAT) == 17


def test_every_moment_that_the_verb_knows_is_offered_in_words():
    from actions import simulate

    assert set(steering.MOMENTS) == set(simulate.MOMENTS)


def test_microsofts_default_changes_from_the_page(opened, console):
    at = opened("simulator")
    at.selectbox(key="default-change").set_value("looser").run()
    at.button(key="default").click().run()
    assert "only annotate jailbreak attempts" in words(at)
    (account,) = (it for it in console.small.world.accounts.accounts.values() if it.key == WEU)
    found = console.small.world.moderation.policy(account, "Microsoft.DefaultV2").properties
    (jailbreak,) = (it for it in found["contentFilters"] if it["name"] == "Jailbreak")
    assert jailbreak["blocking"] is False


def test_every_change_of_the_default_is_offered_in_words():
    from actions import simulate

    assert set(steering.DEFAULTS) == set(simulate.DEFAULTS)
