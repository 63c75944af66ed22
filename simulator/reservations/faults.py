"""How reservations are refused: an order that may not be seen is not there."""

from simulator.faults import ArmError


def no_order(name: str) -> ArmError:
    return ArmError(404, "ReservationOrderNotFound", f"The reservation order '{name}' is unknown.")


def bad_grain(words: str) -> ArmError:
    return ArmError(400, "BadRequest", words)
