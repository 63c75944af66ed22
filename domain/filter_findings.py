"""What of content filters needs somebody's attention, as findings: what is below its baseline and
nobody has excused, what callers may weaken, what nobody watches, what Microsoft has changed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from domain import frames
from domain.demands import PRODUCTION, UNSAID, surroundings
from domain.exemptions import MONITORING, Exemption, State, unwatched
from domain.filters import BOTH, MODE, SYSTEM, Strength, called, title, where, words
from domain.frames import FINDINGS, Row
from domain.measuring import Measured
from domain.units import UNASSIGNED
from domain.weakening import Way

RECENT = timedelta(days=14)
"""How long a change of Microsoft's own policies is a finding."""
MOST_TOLD = 3
ATTACK = "jailbreak"
_SHORT = (Way.LOOSER, Way.DIFFERENT)


def found(
    rows: pd.DataFrame,
    policies: pd.DataFrame,
    measured: Measured,
    exemptions: Iterable[Exemption],
    accounts: pd.DataFrame,
    edits: pd.DataFrame,
    now: datetime,
) -> pd.DataFrame:
    """Frame FINDINGS. rows: frame INVENTORY; accounts: frame ACCOUNTS; edits: FILTER_EDITS."""
    known = {it["resource"]: it for it in frames.records(rows, columns=_KNOWN)}
    homes = {it["account_id"]: {**it, "deployment": None, "owner": None} for it in known.values()}
    register = list(exemptions)
    told = [
        *_below(measured, known),
        *_modes(measured, known),
        *_one_sided(measured, known),
        *_unknown(measured, known, set(policies["account_id"])),
        *_by_header(measured, known, homes),
        *_unwatched(accounts, register, homes, now),
        *_overdue(register, {**homes, **known}, now),
        *_by_microsoft(edits, measured, now),
    ]
    return frames.frame(FINDINGS, [{"since": now, **it} for it in told])


_KNOWN = (
    *("resource", "subscription", "account_id", "deployment", "account", "unit", "owner"),
    *("audience", "environment"),
)


def _finding(
    kind: str, severity: str, resource: str, what: str, of: Mapping[str, Any] | None
) -> dict[str, Any]:
    names = ("subscription", "deployment", "account", "unit", "owner")
    told = {name: of[name] for name in names} if of else {"unit": UNASSIGNED}
    key = f"{kind}:{resource}"
    return {
        "key": key,
        "kind": kind,
        "severity": severity,
        "what": what,
        "resource": resource,
    } | told


def _below(measured: Measured, known: Mapping[str, Row]) -> Sequence[Row]:
    """One finding for each deployment, naming what weighs most."""
    cells = measured.cells
    short = cells["way"].isin(_SHORT) & ~cells["exempt"].astype(bool)
    baselines = _of_matrix(measured, "baseline")
    wanted = ("resource", "category", "direction", "graded", "strength", "words", "least")
    of: dict[str, list[dict[str, Any]]] = {}
    for row in frames.records(cells, short, wanted):
        row["short"] = row["least"] - (0 if row["strength"] is pd.NA else row["strength"])
        of.setdefault(row["resource"], []).append(row)
    return [
        _finding(
            "filter below baseline",
            "critical" if _grave(those, known[resource]) else "warning",
            resource,
            f"Below baseline {baselines[resource]}: {_told(those)}.",
            known[resource],
        )
        for resource, those in of.items()
    ]


def _grave(cells: Iterable[Mapping[str, Any]], of: Row) -> bool:
    audience, environment = (
        it if isinstance(it, str) else "" for it in (of["audience"], of["environment"])
    )
    if (audience or UNSAID) != UNSAID and surroundings(environment) != PRODUCTION:
        return False
    return any(
        it["strength"] is not pd.NA
        and (
            (it["graded"] and it["strength"] == Strength.OFF)
            or (it["category"] == ATTACK and it["strength"] < Strength.BLOCKS)
        )
        for it in cells
    )


def _told(cells: Sequence[Mapping[str, Any]]) -> str:
    order = sorted(cells, key=lambda it: (-it["short"], it["category"], it["direction"]))
    said = [
        f"{called(it['category'], it['direction'])}: {it['words']}, "
        f"demanded is {words(it['least'], it['graded'])}"
        for it in order[:MOST_TOLD]
    ]
    more = len(order) - MOST_TOLD
    return "; ".join(said) + (f"; and {more} more" if more > 0 else "")


def _modes(measured: Measured, known: Mapping[str, Row]) -> Sequence[Row]:
    open_ = ~measured.modes["exempt"].astype(bool)
    baselines = _of_matrix(measured, "baseline")
    told = {
        str(Way.LOOSER): "Content may appear before it is filtered",
        str(Way.DIFFERENT): "Whether content appears before it is filtered can't be told",
    }
    return [
        _finding(
            "asynchronous filter",
            "warning",
            it["resource"],
            f"{told[it['way']]}: baseline {baselines[it['resource']]} demands that it waits.",
            known[it["resource"]],
        )
        for it in frames.records(measured.modes, open_, ("resource", "way"))
    ]


def one_sided(cells: pd.DataFrame) -> dict[str, str]:
    """By deployment what is filtered in one direction only, in words; of frame CELLS, only
    categories with levels, since the others have one direction by their nature."""
    ours = cells["graded"].astype(bool) & cells["direction"].isin(BOTH) & cells["strength"].notna()
    sides: dict[tuple[str, str], dict[str, bool]] = {}
    for row in frames.records(cells, ours, ("resource", "category", "direction", "strength")):
        of = sides.setdefault((row["resource"], row["category"]), {})
        of[row["direction"]] = row["strength"] >= Strength.HIGH
    found: dict[str, dict[str, list[str]]] = {}
    for (resource, category), of in sides.items():
        if len(of) == len(BOTH) and len(set(of.values())) > 1:
            side = next(it for it, blocks in of.items() if blocks)
            found.setdefault(resource, {}).setdefault(side, []).append(title(category))
    return {
        resource: "; ".join(
            f"{', '.join(those)} only on {where(side)}" for side, those in sorted(of.items())
        )
        for resource, of in found.items()
    }


def _one_sided(measured: Measured, known: Mapping[str, Row]) -> Sequence[Row]:
    return [
        _finding("filtered one way", "notice", it, f"It blocks one way only: {said}.", known[it])
        for it, said in one_sided(measured.cells).items()
    ]


def _unknown(measured: Measured, known: Mapping[str, Row], listing: set[str]) -> Sequence[Row]:
    """Only where the account has listed any policies at all."""
    matrix = measured.matrix
    return [
        _finding(
            "filter not listed",
            "warning",
            it["resource"],
            f"Its filter policy {it['policy']} is not listed by its account: what it blocks can't "
            "be told.",
            known[it["resource"]],
        )
        for it in frames.records(matrix, matrix["policy_resource"].isna(), ("resource", "policy"))
        if known[it["resource"]]["account_id"] in listing
    ]


def _by_header(
    measured: Measured, known: Mapping[str, Row], homes: Mapping[str, Mapping[str, Any]]
) -> Sequence[Row]:
    """One for each account, however many of its deployments it concerns."""
    matrix = measured.matrix
    weaker = (matrix["weakest_distance"] > matrix["distance"]).fillna(False).astype(bool)
    of: dict[str, list[dict[str, Any]]] = {}
    for row in frames.records(matrix, weaker, ("resource", "weakest", "weakest_distance")):
        of.setdefault(str(known[row["resource"]]["account_id"]), []).append(row)
    found = []
    for account, those in of.items():
        worst = max(those, key=lambda it: (it["weakest_distance"], it["weakest"]))
        what = (
            f"Callers of {_many(len(those))} of {homes[account]['account']} may name a weaker "
            f"policy by the header x-policy-id: {worst['weakest']}."
        )
        found.append(_finding("weaker by header", "notice", account, what, homes[account]))
    return found


def _unwatched(
    accounts: pd.DataFrame,
    register: Iterable[Exemption],
    homes: Mapping[str, Mapping[str, Any]],
    now: datetime,
) -> Sequence[Row]:
    excused = {
        it.resource for it in register if it.kind == MONITORING and it.state(now) is State.IN_FORCE
    }
    wanted = ("account_id", "subscription", "account", "content_logging")
    return [
        _finding(
            "abuse monitoring",
            "critical",
            it["account_id"],
            f"Microsoft watches no content of account {it['account']} for abuse, and no exemption "
            "in force says why.",
            homes.get(it["account_id"])
            or {**it, "deployment": None, "unit": UNASSIGNED, "owner": None},
        )
        for it in frames.records(accounts, columns=wanted)
        if unwatched(it["content_logging"]) and it["account_id"] not in excused
    ]


def _overdue(
    register: Iterable[Exemption], known: Mapping[str, Mapping[str, Any]], now: datetime
) -> Sequence[Row]:
    """What is excused of something that is gone ends by itself, so is no finding."""
    return [
        {
            **_finding(
                "exemption overdue",
                "warning",
                it.resource,
                f"The exemption for {'its mode' if it.category == MODE else it.what} was to be "
                f"reviewed by {it.review_by:%Y-%m-%d} ({it.reviewer}); it excuses nothing since.",
                known[it.resource],
            ),
            "key": f"exemption overdue:{it.id}",
            "since": it.review_by,
        }
        for it in register
        if it.state(now) is State.OVERDUE and it.resource in known
    ]


def _by_microsoft(edits: pd.DataFrame, measured: Measured, now: datetime) -> Sequence[Row]:
    """One for each default and subscription, however many accounts list it."""
    since = edits["kind"].eq(SYSTEM) & edits["at"].ge(pd.Timestamp(now - RECENT))
    in_force = measured.matrix[["subscription", "policy"]].value_counts().to_dict()
    of: dict[tuple[str, str], list[dict[str, Any]]] = {}
    wanted = ("at", "subscription", "policy", "what", "before", "after", "way")
    for row in frames.records(edits, since.fillna(False).astype(bool), wanted):
        of.setdefault((row["subscription"], row["policy"]), []).append(row)
    found = []
    for (subscription, policy), those in sorted(of.items()):
        said = dict.fromkeys(
            f"{it['what']}: {_value(it['before'])} → {_value(it['after'])} ({it['way']})"
            for it in those
        )
        first, many = min(it["at"] for it in those), in_force.get((subscription, policy), 0)
        more = f"; and {len(said) - MOST_TOLD} more" if len(said) > MOST_TOLD else ""
        what = (
            f"Microsoft changed {policy} by {first:%Y-%m-%d}: "
            f"{'; '.join([*said][:MOST_TOLD])}{more}. It is in force on {_many(many)}."
        )
        told = _finding("default changed", "warning", f"{subscription}:{policy}", what, None)
        found.append({**told, "resource": None, "subscription": subscription, "since": first})
    return found


def _many(deployments: int) -> str:
    return f"{deployments} deployment{'' if deployments == 1 else 's'}"


def _value(text: object) -> str:
    return text if isinstance(text, str) else "nothing"


def _of_matrix(measured: Measured, column: str) -> dict[str, Any]:
    return dict(zip(measured.matrix["resource"], measured.matrix[column], strict=True))
