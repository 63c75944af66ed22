"""What a conversation costs, and whether the budget will do."""

from datetime import timedelta

from domain import gauges, months
from domain.criteria import Criterion, Reading
from domain.gauges import Unread
from domain.rollouts import Rollout
from reads.known import Known


def read(known: Known, rollout: Rollout, criterion: Criterion) -> Reading:
    """A conversation over whole days, up to yesterday."""
    match criterion.reads:
        case "cost_per_conversation":
            end = months.midnight(known.at)
            since = end - timedelta(days=criterion.window_days)
            cents, calls = known.cents(rollout, since, end), known.calls(rollout, since, end)
            return gauges.conversation(cents, calls, known.at, known.billed_at)
        case "forecast_share":
            mine = [it for it in known.budgets if it["unit"] in rollout.units]
            return gauges.forecast(mine, known.at, known.billed_at)
    raise Unread(f"There is no figure of money called {criterion.reads}.")
