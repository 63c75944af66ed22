"""Which changes in the middle of a phase make its bake begin anew: what was watched until then was
something else. Source: docs of the rollout model, 4.3, rule 6."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain import names
from domain.rollouts import Rollout

CHANGES = frozenset({"model", "version", "sku", "capacity", "filter_policy"})
"""Fields of a deployment, as frame EDITS names them."""


@dataclass(frozen=True)
class Restart:
    """Since when it is something else, and what was changed."""

    at: datetime
    words: str


def restart(
    rollout: Rollout,
    edits: Iterable[Mapping[str, Any]],
    policy_edits: Iterable[Mapping[str, Any]],
    policies: Mapping[str, str],
) -> Restart | None:
    """The last change since the bake of the phase under way began; None where there was none.
    edits: of EDITS; policy_edits: of FILTER_EDITS; policies: what is in force, by deployment."""
    phase = rollout.phase
    if phase is None or phase.baked_since is None:
        return None
    mine = {policies[it] for it in rollout.deployments if it in policies}
    found = [
        Restart(it["at"], _edited(it))
        for it in edits
        if it["resource"] in rollout.deployments and it["what"] in CHANGES
    ] + [
        Restart(it["at"], f"{it['what']} of the filter policy {it['policy']}")
        for it in policy_edits
        if it["resource"] in mine
    ]
    late = [it for it in found if it.at > phase.baked_since]
    return max(late, key=lambda it: it.at, default=None)


def _edited(it: Mapping[str, Any]) -> str:
    what = str(it["what"]).replace("_", " ")
    return f"{what} of {names.short(it['resource'])}"
