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

NONE = frames.frame(frames.PLANS, [])


def plans(store: Store, names_of_tags: TagNames, *, open_only: bool = False) -> pd.DataFrame:
    """Frame PLANS, or those alone that have not ended, the newest first."""
    with store.reading() as session:
        found = kept.latest(session, open_only=open_only)
        if not found:
            return NONE
        tree = units.tree(session)
        rows = [_row(plan, tree, names_of_tags) for plan in found]
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
