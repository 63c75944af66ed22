"""What is asked about diagnostic settings: five at most, never paged."""

from simulator.arm import Answer, Call
from simulator.diagnostics import state


def listed(call: Call) -> Answer:
    account = call.world.accounts.account(
        call.path.lower().partition("/providers/microsoft.insights")[0]
    )
    return Answer(200, {"value": state.of(call.world, account)})
