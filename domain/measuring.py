"""Filters of the whole estate held against what is demanded of them: each policy is read once, each
pair of policy and baseline compared once, and the deployments only pick their result."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from domain import frames
from domain.comparisons import COMPARED, Compared, compared
from domain.demands import Baseline, chosen, in_force
from domain.exemptions import Exemption, standing
from domain.filters import (
    BY_DEFAULT_ONLY,
    MODE,
    Policy,
    Resolved,
    based,
    parsed,
    read,
    resolved,
)
from domain.frames import TEXT, TIME, Columns, Row
from domain.moderation import CELLS, MATRIX
from domain.weakening import Way

DEVIATIONS: Columns = {  # a filter, or the mode, that is other than is demanded
    "resource": TEXT,
    "category": TEXT,
    "direction": TEXT,
    "way": TEXT,
    "subscription": TEXT,
    "since": TIME,
}
_PLACE = ["resource", "category", "direction"]


@dataclass(frozen=True)
class Measured:
    matrix: pd.DataFrame
    """Frame MATRIX, in the order of the inventory."""
    cells: pd.DataFrame
    """Frame CELLS; none of a deployment whose policy is not known."""
    modes: pd.DataFrame
    """Frame DEVIATIONS of modes, with the column exempt: they are no filter, so have no cell."""


@dataclass
class _Estate:
    """What was read and compared so far."""

    policies: dict[tuple[str, str], Policy] = field(default_factory=dict)
    found: dict[tuple[str, str, str], Compared] = field(default_factory=dict)

    def policy(self, body: str, base: str) -> Policy:
        if (body, base) not in self.policies:
            self.policies[body, base] = read(parsed(body), parsed(base) if base else None)
        return self.policies[body, base]

    def against(self, body: str, base: str, baseline: Baseline | None) -> Compared:
        place = (body, base, baseline.named if baseline else "")
        if place not in self.found:
            self.found[place] = compared(self.policy(body, base), baseline)
        return self.found[place]


@dataclass(frozen=True)
class _Account:
    """The policies of one account: by name in lower case, resource, kind, and both bodies."""

    rows: dict[str, dict[str, str]]
    listed: dict[str, str]

    def bodies(self, name: str) -> tuple[str, str]:
        row = self.rows[name.lower()]
        return row["body"], row["base"]


def measured(
    rows: pd.DataFrame,
    policies: pd.DataFrame,
    baselines: Iterable[Baseline],
    exemptions: Iterable[Exemption],
    since: pd.DataFrame,
    at: datetime,
) -> Measured:
    """Frames MATRIX and CELLS of the deployments of frame INVENTORY. policies: frame POLICIES;
    since: frame DEVIATIONS, as the finder has kept them."""
    estate, accounts = _Estate(), _accounts(policies)
    wanted = ("resource", "subscription", "account_id", "filter_policy", "model")
    deployments = frames.records(rows, columns=(*wanted, "audience", "environment"))
    now_in_force = in_force(baselines, at)
    demands: dict[tuple[str | None, str | None], Baseline | None] = {}
    matrix: list[dict[str, Any]] = []
    of: list[Compared | None] = []
    for row in deployments:
        audience, environment = (
            it if isinstance(it, str) else None for it in (row["audience"], row["environment"])
        )
        place = audience, environment
        if place not in demands:
            demands[place] = chosen(now_in_force, audience, environment, at)
        account = accounts.get(row["account_id"]) or _Account({}, {})
        told, found = _of_deployment(row, account, demands[place], estate)
        matrix.append(told)
        of.append(found)
    excused = standing(exemptions, at)
    cells = _cells(deployments, of, excused, since)
    modes = _modes(deployments, of, excused, since)
    return Measured(_with_exempted(frames.frame(MATRIX, matrix), cells, modes), cells, modes)


def _accounts(policies: pd.DataFrame) -> dict[str, _Account]:
    found: dict[str, _Account] = {}
    names = ("account_id", "policy", "resource", "kind", "body")
    for row in frames.records(policies, columns=names):
        account = found.setdefault(row["account_id"], _Account({}, {}))
        row["body"] = row["body"] if isinstance(row["body"], str) else ""
        account.rows[row["policy"].lower()] = row
        account.listed[row["policy"]] = row["resource"]
    bases: dict[str, str] = {}
    for account in found.values():
        for row in account.rows.values():
            body = row["body"]
            if body not in bases:
                bases[body] = based(parsed(body))
            under = account.rows.get(bases[body])
            row["base"] = under["body"] if under else ""
    return found


def _of_deployment(
    row: Row, account: _Account, baseline: Baseline | None, estate: _Estate
) -> tuple[dict[str, Any], Compared | None]:
    it = resolved(row["filter_policy"], row["model"], account.listed)
    told: dict[str, Any] = {
        "resource": row["resource"],
        "subscription": row["subscription"],
        "policy": it.policy,
        "policy_resource": it.resource,
        "by_default": it.by_default,
        "mode": "",
        "lists": "[]",
        "baseline": baseline.named if baseline else None,
    }
    if it.resource is None:
        return told, None
    bodies = account.bodies(it.policy)
    policy, found = estate.policy(*bodies), estate.against(*bodies, baseline)
    told |= _choices(row, it, account, baseline, estate)
    told |= {
        "policy_kind": account.rows[it.policy.lower()]["kind"],
        "mode": policy.mode,
        "lists": json.dumps(sorted({name for name, _ in policy.lists})),
        "distance": found.distance,
    }
    if baseline:
        told |= {str(way): found.many(way) for way in Way}
    return told, found


def _choices(
    row: Row, it: Resolved, account: _Account, baseline: Baseline | None, estate: _Estate
) -> dict[str, Any]:
    """What a caller may name by x-policy-id instead; nothing where the model takes no other."""
    if str(row["model"]).lower().startswith(BY_DEFAULT_ONLY):
        return {"choices": 0}
    others = [name for name in account.listed if name != it.policy]
    reach = [(estate.against(*account.bodies(name), baseline).distance, name) for name in others]
    told: dict[str, Any] = {"choices": len(others)}
    if baseline and reach:
        distance, name = max(reach, key=lambda at: (at[0] or 0, at[1]))
        told |= {"weakest": name, "weakest_distance": distance}
    return told


def _cells(
    deployments: Sequence[Row],
    of: Sequence[Compared | None],
    excused: dict[tuple[str, str, str], Exemption],
    since: pd.DataFrame,
) -> pd.DataFrame:
    """Every comparison once as rows, then picked for each deployment."""
    single = list({id(it): it for it in of if it}.values())
    starts = dict(zip((id(it) for it in single), _starts(single), strict=True))
    block = frames.frame(COMPARED, (cell for it in single for cell in it.cells))
    sizes = np.array([len(it.cells) if it else 0 for it in of], dtype=int)
    first = np.array([starts[id(it)] if it else 0 for it in of], dtype=int)
    place = np.repeat(first - _starts_of(sizes), sizes) + np.arange(int(sizes.sum()))
    own = pd.DataFrame(
        {
            name: pd.Series([it[name] for it in deployments], dtype="string")
            for name in ("resource", "subscription")
        }
    ).take(np.repeat(np.arange(len(of)), sizes))
    cells = pd.concat(
        [own.reset_index(drop=True), block.take(place).reset_index(drop=True)], axis=1
    )
    cells["exempt"] = _exempt(cells, excused)
    return frames.fitted(_dated(cells, since), CELLS)


def _starts(single: Sequence[Compared]) -> list[int]:
    return [int(it) for it in _starts_of(np.array([len(it.cells) for it in single], dtype=int))]


def _starts_of(sizes: "np.ndarray[Any, np.dtype[np.int_]]") -> Any:
    return np.cumsum(sizes) - sizes


def _exempt(
    cells: pd.DataFrame, excused: dict[tuple[str, str, str], Exemption]
) -> "pd.Series[bool]":
    flags = [False] * len(cells)
    short = cells["way"].isin([Way.LOOSER, Way.DIFFERENT])
    concerned = short & cells["resource"].isin({it[0] for it in excused})
    for at in np.flatnonzero(concerned.to_numpy(dtype=bool)):
        row = cells.iloc[at]
        it = excused.get((row["resource"], row["category"], row["direction"]))
        strength = None if pd.isna(row["strength"]) else int(row["strength"])
        flags[at] = it is not None and it.covers(strength)
    return pd.Series(flags, index=cells.index, dtype="boolean")


def _dated(rows: pd.DataFrame, since: pd.DataFrame) -> pd.DataFrame:
    known = since[[*_PLACE, "way", "since"]].drop_duplicates([*_PLACE, "way"])
    return rows.merge(known, on=[*_PLACE, "way"], how="left")


def _modes(
    deployments: Sequence[Row],
    of: Sequence[Compared | None],
    excused: dict[tuple[str, str, str], Exemption],
    since: pd.DataFrame,
) -> pd.DataFrame:
    rows = [
        {
            "resource": row["resource"],
            "category": MODE,
            "direction": "",
            "way": str(it.mode),
            "subscription": row["subscription"],
            "exempt": (str(row["resource"]), MODE, "") in excused,
        }
        for row, it in zip(deployments, of, strict=True)
        if it and it.mode
    ]
    columns = {**DEVIATIONS, "exempt": "boolean"}
    told = frames.frame(columns, rows).drop(columns="since")
    return frames.fitted(_dated(told, since), columns)


def _with_exempted(matrix: pd.DataFrame, cells: pd.DataFrame, modes: pd.DataFrame) -> pd.DataFrame:
    both = pd.concat([it.loc[it["exempt"].astype(bool), "resource"] for it in (cells, modes)])
    many = matrix["resource"].map(both.value_counts()).fillna(0)
    return frames.fitted(matrix.assign(exempted=many.where(matrix["distance"].notna())), MATRIX)


def deviations(it: Measured, at: datetime) -> pd.DataFrame:
    """Frame DEVIATIONS: everything that is other than is demanded, as if first seen now."""
    cells = it.cells[it.cells["way"].ne("")]
    told = pd.concat([cells, it.modes], ignore_index=True).assign(since=pd.Timestamp(at))
    return frames.fitted(told[list(DEVIATIONS)], DEVIATIONS)
