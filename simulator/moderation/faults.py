"""What Azure says of filters when it says no. No document has these sentences: where a code was
reported it says so, all else is assumed, and only the status may be relied on."""

from simulator.cognitiveservices.faults import wrong_properties
from simulator.faults import ArmError


def bad_filter(words: str) -> ArmError:
    """The code, which is a sentence, was reported by users of the public Terraform module."""
    return ArmError(400, "Resource has invalid content filter", words)


def bad_name(kind: str, name: str) -> ArmError:
    return ArmError(
        400,
        "InvalidResourceName",
        f"The name '{name}' of {kind} is invalid: letters, digits, '_', '.' and '-', at most 64, "
        "a letter or digit first.",
    )


def bad_mode(mode: object, known: str) -> ArmError:
    return wrong_properties(f"The mode '{mode}' of the RaiPolicy is invalid, it is one of {known}.")


def no_base(name: object) -> ArmError:
    return wrong_properties(f"The base policy '{name}' of the RaiPolicy is not found.")


def no_list(name: object) -> ArmError:
    return wrong_properties(f"The custom blocklist '{name}' of the RaiPolicy is not found.")


def system_managed(name: str, verb: str) -> ArmError:
    return ArmError(
        400,
        "InvalidOperation",
        f"The RaiPolicy '{name}' is managed by the system and cannot be {verb}.",
    )


def in_use(name: str, by: str) -> ArmError:
    """Documented is only that it is refused; that it is a 409 is assumed."""
    return ArmError(
        409, "ResourceInUse", f"'{name}' cannot be deleted because it is referenced by '{by}'."
    )


def bad_pattern(name: str, words: str) -> ArmError:
    return ArmError(
        400, "InvalidBlocklistItem", f"The pattern of the blocklist item '{name}' is {words}"
    )


def too_many(most: int, words: str) -> ArmError:
    return ArmError(400, "BlocklistItemLimitExceeded", f"At most {most} items are allowed {words}.")


def overtaken(path: str) -> ArmError:
    """Two at once on one blocklist: the reported answer to items written in parallel."""
    return ArmError(
        412, "PreconditionFailed", f"'{path}' was changed by another request. Please try again."
    )


def exists(sent: str) -> ArmError:
    return ArmError(
        412,
        "IfNoneMatchPreconditionFailed",
        f"The specified precondition 'If-None-Match = {sent}' failed.",
    )
