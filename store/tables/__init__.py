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
    ApprovalRow,
    AuditHeadRow,
    AuditRow,
    EntitlementRow,
    HoldRow,
    LegRow,
    NoticeRow,
    PersonRow,
    PlanRow,
    RequestRow,
    UnitRow,
    VisitRow,
)
from store.tables.watched import ContestRow, ReconciliationRow

__all__ = [
    "ApprovalRow",
    "AuditHeadRow",
    "AuditRow",
    "ContestRow",
    "CounterRow",
    "DutyRow",
    "EditRow",
    "EntitlementRow",
    "FindingRow",
    "HoldRow",
    "HourRow",
    "LegRow",
    "NoticeRow",
    "PersonRow",
    "PlanRow",
    "ReconciliationRow",
    "RequestRow",
    "RoundRow",
    "Row",
    "SnapshotRow",
    "UnitRow",
    "VisitRow",
]
