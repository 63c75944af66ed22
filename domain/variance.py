"""Why a bill differs from the one before: price, volume, mix, cache, tier, rule, other.

Causes are taken one after the other, each at old prices until the last: first as many tokens as now
at the old average, then where and in which direction they flow, then the tier that served them,
then how much came from a cache; what is left is price. Every stage is whole cents and the first
and last are the two bills, so the parts always add up to the difference.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domain.costs import CHARGES, E8, TOKENS, Bucket, Line
from domain.frames import WHOLE, fitted
from domain.money import words as amount_words

PARTS = ("price", "volume", "mix", "cache", "tier", "rule", "other")
CAUSES = {
    "volume": ("more tokens were used", "fewer tokens were used"),
    "mix": (
        "usage moved to dearer models or to output",
        "usage moved to cheaper models or to input",
    ),
    "tier": ("more was served at a dearer tier", "more was served at a cheaper tier"),
    "cache": ("less came from a cache", "more came from a cache"),
    "price": ("prices rose", "prices fell"),
    "rule": ("a rule of sharing changed", "a rule of sharing changed"),
    "other": (
        "capacity, shared services and adjustments cost more",
        "capacity, shared services and adjustments cost less",
    ),
}
_INWARD = [Bucket.PROMPT, Bucket.INPUT, Bucket.CACHED, Bucket.CACHE_WRITE]
_LEVELS: tuple[list[str], ...] = (  # after the old average: what is held against its own old price
    [],
    ["resource", "model", "inward"],
    ["resource", "model", "inward", "tier"],
    ["resource", "model", "inward", "tier", "bucket"],
)
_SOURCE = ["line", "resource", "meter_id"]
_USED = [*_SOURCE, "model", "tier", "bucket", "method", "rule", "quantity", "cents"]


def explained(before: pd.DataFrame, after: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Of two frames CHARGES columns by..., before_cents, after_cents and PARTS in cents, whose sum
    is after - before. Tokens that a key had not before are what they cost now, and count as the
    cause that made the key new."""
    names = list(by)
    kept = list(dict.fromkeys([*names, *_USED]))
    rows = _sides(before[kept], after[kept])
    codes = np.zeros(len(rows), np.intp)
    if names:
        codes = rows.groupby(names, dropna=False).ngroup().to_numpy().astype(np.intp)
    groups = int(codes.max(initial=-1)) + 1 if names else 1
    of_tokens = _of_tokens(rows)
    parts = _stages(rows[of_tokens], codes[of_tokens], groups)
    parts |= _shared(rows[~of_tokens], codes[~of_tokens], groups)
    _, first = np.unique(codes, return_index=True)
    found = rows.iloc[first][names].reset_index(drop=True) if names else pd.DataFrame(index=[0])
    sums = {f"{it}_cents": _summed(rows[f"m_{it}"], codes, groups) for it in ("before", "after")}
    told = found.assign(**sums, **{it: parts[it] for it in PARTS})
    kinds = {it: CHARGES[it] for it in names}
    return fitted(told, kinds | dict.fromkeys(("before_cents", "after_cents", *PARTS), WHOLE))


def words(row: Mapping[str, int], currency: str) -> str:
    """One difference for people: "Cost rose by 12.00 EUR: 9.00 because more tokens were used"."""
    change = int(row["after_cents"]) - int(row["before_cents"])
    reasons = sentences(row, currency)
    if not change and not reasons:
        return "Cost did not change."
    verb = "rose" if change > 0 else "fell"
    start = f"Cost {verb} by {_money(abs(change), currency)}" if change else "Cost stayed the same"
    return f"{start}: {', '.join(reasons)}."


def sentences(row: Mapping[str, int], currency: str) -> list[str]:
    """A sentence of each cause, the largest first."""
    order = sorted(CAUSES, key=lambda it: -abs(int(row[it])))
    return [
        f"{_money(int(row[it]), currency, sign=True)} because {CAUSES[it][int(row[it]) < 0]}"
        for it in order
        if row[it]
    ]


def _money(cents: int, currency: str, sign: bool = False) -> str:
    plus = "+" if sign and cents > 0 else ""
    return plus + amount_words(cents * (E8 // 100), currency)


def _sides(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Both bills below each other, with money and quantity of each side in its own column."""
    sides = []
    for rows, mine, other in ((before, "before", "after"), (after, "after", "before")):
        money = rows["cents"].fillna(0)
        quantity = rows["quantity"].fillna(0).clip(lower=0)
        told = rows.assign(side=mine, inward=rows["bucket"].isin(_INWARD))
        told[f"m_{mine}"], told[f"q_{mine}"] = money, quantity
        told[f"m_{other}"], told[f"q_{other}"] = 0, 0.0
        sides.append(told)
    rows = pd.concat(sides, ignore_index=True)
    kinds = {f"{it}_{side}": kind for side in ("before", "after") for it, kind in
             (("m", "int64"), ("q", "float64"))}  # fmt: skip
    return rows.astype(kinds)


def _of_tokens(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Lines whose cost is tokens times a price."""
    priced = rows["line"].isin([Line.USAGE, Line.SPILLOVER]) & rows["bucket"].isin(TOKENS)
    counted = rows["q_before"].gt(0) | rows["q_after"].gt(0)
    return np.asarray((priced & counted).to_numpy(dtype=bool, na_value=False))


def _stages(
    rows: pd.DataFrame, codes: NDArray[np.intp], groups: int
) -> dict[str, NDArray[np.int64]]:
    first, last = (_summed(rows[it], codes, groups) for it in ("m_before", "m_after"))
    volume, mix, tier, cache = (_at_old_prices(rows, codes, groups, it) for it in _LEVELS)
    return {
        "volume": volume - first,
        "mix": mix - volume,
        "tier": tier - mix,
        "cache": cache - tier,
        "price": last - cache,
    }


def _at_old_prices(
    rows: pd.DataFrame, codes: NDArray[np.intp], groups: int, level: list[str]
) -> NDArray[np.int64]:
    """By group what today's tokens would cost at the old price of their key, in whole cents."""
    names = ["q_before", "m_before", "q_after", "m_after"]
    keys = [pd.Series(codes, index=rows.index, name="group"), *(rows[it] for it in level)]
    sums = rows[names].groupby(keys, dropna=False).sum()
    had, was, has, now = (sums[it].to_numpy(dtype=float) for it in names)
    old = np.divide(was * has, had, out=now.copy(), where=had > 0)
    within = sums.index.get_level_values(0).to_numpy(np.intp)
    values = np.bincount(within, old, minlength=groups)
    return np.rint(values).astype(np.int64)


def _shared(
    rows: pd.DataFrame, codes: NDArray[np.intp], groups: int
) -> dict[str, NDArray[np.int64]]:
    """What is shared changes by its rule where rule or method is another one, else for itself."""
    changed = _changed(rows, codes)
    gap = rows["m_after"] - rows["m_before"]
    return {
        "rule": _summed(gap.where(changed, 0), codes, groups),
        "other": _summed(gap.where(~changed, 0), codes, groups),
    }


def _changed(rows: pd.DataFrame, codes: NDArray[np.intp]) -> NDArray[np.bool_]:
    """By row whether its group comes to this source by another rule than before. A source that
    only one of the two bills has at all is new or gone, which is no change of rule."""
    rule = rows["method"].fillna("") + ":" + rows["rule"].astype("string").fillna("")
    frame = rows[_SOURCE].fillna("").assign(group=codes, rule=rule, side=rows["side"])
    sets = frame.groupby([*_SOURCE, "group", "side"])["rule"].agg(
        lambda it: "|".join(sorted(set(it)))
    )
    sides = sets.unstack("side").reindex(columns=["before", "after"]).astype("string").fillna("")
    other = {
        key
        for key, old, new in zip(sides.index, sides["before"], sides["after"], strict=True)
        if old != new
    }
    both = frame.groupby(_SOURCE)["side"].transform("nunique").eq(2).to_numpy()
    keys = zip(*(frame[it] for it in [*_SOURCE, "group"]), strict=True)
    return np.array([it in other for it in keys], dtype=bool) & both


def _summed(values: pd.Series, codes: NDArray[np.intp], groups: int) -> NDArray[np.int64]:
    sums = np.zeros(groups, np.int64)
    np.add.at(sums, codes, values.to_numpy(np.int64))
    return sums
