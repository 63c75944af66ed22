"""What this console was asked to change, and what became of it."""

from dataclasses import asdict

import pandas as pd

from domain import frames, names, tags
from domain.protocol import Plan
from domain.tags import TagNames
from domain.units import Tree
from store import plans as kept
from store import units
from store.engine import Store


def plans(store: Store, names_of_tags: TagNames) -> pd.DataFrame:
    """Frame PLANS, the newest first."""
    with store.reading() as session:
        tree = units.tree(session)
        rows = [_row(plan, tree, names_of_tags) for plan in kept.latest(session)]
    return frames.frame(frames.PLANS, rows)


def _row(plan: Plan, tree: Tree, named: TagNames) -> frames.Row:
    _, _, account, deployment = names.parts(plan.resource)
    before, target = tags.parsed(plan.before), tags.parsed(plan.target)
    return {
        **asdict(plan),
        "plan": plan.id,
        "account": account,
        "deployment": deployment,
        "unit": tree.of_tag(tags.found(target, named.unit) or tags.found(before, named.unit)),
        "change": tags.words(before, target),
        "state": str(plan.state),
    }
