"""Who stays within what they may spend, until when, and which limit would stop them?"""

from ui import budgets, door, drafts, scope
from ui.components import budget_columns, budget_dialogs, budgeting, states

visit = door.enter(__file__)
held = scope.held()
currency = budgets.currency()
view = budgets.viewed(currency, held)
states.outcome(drafts.said())

budgeting.notes(view, held)
chosen = budgeting.table(visit, view)
budget_dialogs.show(__file__, view)
if chosen:
    budgeting.chart(view, chosen)
budgeting.jumps(view, held)
budgeting.in_azure(view)
budgeting.limits(budget_columns.LIMITS)
