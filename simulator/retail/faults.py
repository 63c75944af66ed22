"""How the price list says no."""

from simulator.faults import ArmError

VERSIONS = ("2021-10-01-preview", "2023-01-01-preview")


def invalid_filter(words: str) -> ArmError:
    return ArmError(400, "BadRequest", f"Invalid OData parameters supplied: {words}")


def unknown_currency(code: str) -> ArmError:
    return ArmError(400, "BadRequest", f"The currency code '{code}' is not supported.")


def unknown_version(version: str) -> ArmError:
    words = f"The api-version '{version}' is not supported, only {', '.join(VERSIONS)}."
    return ArmError(400, "UnsupportedApiVersion", words)
