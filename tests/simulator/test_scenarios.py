"""Every scenario can be made."""

import pytest

from simulator.app import Simulator


@pytest.mark.parametrize(
    "scenario", ["contoso", "small", "busy", "throttled", "retiring", "scale-20"]
)
def test_every_scenario_can_be_made(scenario):
    made = Simulator(scenario=scenario)
    assert made.control.state()["scenario"] == scenario
    assert made.world.accounts.accounts
