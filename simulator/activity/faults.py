"""What the activity log says when it says no: without an envelope, as Azure Monitor's ARM side."""

from simulator.faults import ArmError, FlatError


def bad_filter(words: str) -> ArmError:
    return FlatError(400, "BadRequest", f"$filter searching parameters invalid: {words}")
