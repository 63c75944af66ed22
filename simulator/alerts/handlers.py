"""What is asked about alert rules."""

from simulator.alerts import state
from simulator.arm import Answer, Call, page


def listed(call: Call) -> Answer:
    """Usually one page."""
    return page(
        call, state.of(call.world, call.names["subscription"]), lambda it: it, one_page=True
    )
