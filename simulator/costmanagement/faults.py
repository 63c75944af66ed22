"""How Cost Management says no."""

from simulator.faults import ArmError


def bad(words: str) -> ArmError:
    return ArmError(400, "BadRequest", words)


def no_budget(name: str) -> ArmError:
    return ArmError(404, "NotFound", f"Budget '{name}' not found.")
