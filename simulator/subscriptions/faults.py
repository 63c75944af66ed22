"""What discovery says when it says no."""

from simulator.faults import ArmError, forbidden, no_subscription, read_only

__all__ = ["ArmError", "forbidden", "no_subscription", "read_only"]
