"""What Azure Monitor says when it says no: batch in an envelope, ARM metrics without one."""

from simulator.faults import ArmError, FlatError

__all__ = ["FlatError"]


def bad(words: str, *, flat: bool = False) -> ArmError:
    kind = FlatError if flat else ArmError
    return kind(400, "BadRequest", words)


def unsupported_dimensions(metric: str, asked: str, known: str, *, flat: bool) -> ArmError:
    return bad(
        f"Metric: {metric} does not support requested dimension combination: {asked}, "
        f"supported ones are: {known}.",
        flat=flat,
    )


def unknown_metric(names: str, known: str, *, flat: bool) -> ArmError:
    return bad(
        f"Failed to find metric configuration for provider: Microsoft.CognitiveServices, "
        f"resource Type: accounts, metric: {names}, Valid metrics: {known}",
        flat=flat,
    )


def not_monitoring(subscription: str) -> ArmError:
    return ArmError(
        401,
        "InvalidAuthenticationToken",
        "The caller has no authorization to perform action 'Microsoft.Insights/metrics/read' over "
        f"scope '/subscriptions/{subscription}'.",
    )
