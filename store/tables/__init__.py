"""The tables as the code sees them; migrations/ makes them, and a test proves the two equal."""

from store.columns import Row
from store.tables.collected import (
    CounterRow,
    DutyRow,
    EditRow,
    FindingRow,
    HourRow,
    RoundRow,
    SnapshotRow,
)
from store.tables.decided import (
    AuditHeadRow,
    AuditRow,
    PersonRow,
    PlanRow,
    UnitRow,
    VisitRow,
)

__all__ = [
    "AuditHeadRow",
    "AuditRow",
    "CounterRow",
    "DutyRow",
    "EditRow",
    "FindingRow",
    "HourRow",
    "PersonRow",
    "PlanRow",
    "RoundRow",
    "Row",
    "SnapshotRow",
    "UnitRow",
    "VisitRow",
]
