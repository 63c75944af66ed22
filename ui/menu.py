"""Every page of the console: where it is, what it is called, who may open it."""

from dataclasses import dataclass
from pathlib import Path

from domain.roles import Permission

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Entry:
    section: str
    name: str
    title: str
    icon: str
    needs: Permission
    local: bool = False
    """Whether the page exists on the local cloud only."""
    listed: bool = True
    """Whether the menu shows it; one that it does not is reached from another page."""

    @property
    def path(self) -> Path:
        return ROOT / "pages" / self.section.lower() / f"{self.name}.py"


LOOK, MONEY = Permission.LOOK, Permission.MONEY
MENU = (
    Entry("Observe", "overview", "Overview", ":material/monitoring:", LOOK),
    Entry("Observe", "sources", "Sources", ":material/sync:", LOOK),
    Entry("Cost", "cost", "Cost", ":material/payments:", MONEY),
    Entry("Cost", "budgets", "Budgets", ":material/savings:", MONEY),
    Entry("Cost", "prices", "Prices and rules", ":material/price_change:", Permission.PRICE),
    Entry("Cost", "statements", "Statements", ":material/receipt_long:", MONEY),
    Entry("Cost", "statement", "Statement", ":material/receipt_long:", MONEY, listed=False),
    Entry("Cost", "explain", "Explain cost", ":material/account_tree:", MONEY, listed=False),
    Entry("Operate", "deployments", "Deployments", ":material/deployed_code:", LOOK),
    Entry("Operate", "deployment", "Deployment", ":material/deployed_code:", LOOK, listed=False),
    Entry("Operate", "quota", "Quota", ":material/speed:", LOOK),
    Entry("Operate", "pool", "Pool", ":material/speed:", LOOK, listed=False),
    Entry("Operate", "filters", "Content filters", ":material/shield:", LOOK),
    Entry("Operate", "policy", "Filter policy", ":material/shield:", LOOK, listed=False),
    Entry("Operate", "changes", "Changes", ":material/difference:", LOOK),
    Entry("Operate", "plan", "Plan", ":material/difference:", LOOK, listed=False),
    Entry("Operate", "requests", "Requests", ":material/request_quote:", LOOK),
    Entry("Rollout", "rollouts", "Rollouts", ":material/conversion_path:", LOOK),
    Entry("Rollout", "rollout", "Rollout", ":material/conversion_path:", LOOK, listed=False),
    Entry("Rollout", "templates", "Templates", ":material/schema:", LOOK),
    Entry("Rollout", "maturity", "Maturity", ":material/stairs:", LOOK),
    Entry("Govern", "audit", "Audit trail", ":material/history:", Permission.READ_AUDIT),
    Entry("Local", "simulator", "Simulator", ":material/science:", Permission.SIMULATE, local=True),
)


def entry(file: str) -> Entry:
    """The entry of a page's own file."""
    return next(entry for entry in MENU if entry.path == Path(file))


def known(name: str) -> bool:
    """Whether there is a page of this name."""
    return any(entry.name == name for entry in MENU)


def named(name: str) -> Entry:
    return next(entry for entry in MENU if entry.name == name)
