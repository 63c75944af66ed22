"""The matrix of filters in words beside its cells: policy, mode, blocklists, what callers may
choose."""

import json
from collections.abc import Sequence

import pandas as pd

from domain import filters
from domain.filters import ASYNCHRONOUS, BUFFERED, SYSTEM
from ui.components import numbers

MODES = {
    BUFFERED: "buffered: checked before it appears",
    ASYNCHRONOUS: "asynchronous: may appear before it is filtered",
}
KINDS = {SYSTEM: "Microsoft's own", "UserManaged": "yours"}
NOT_LISTED = "not listed by its account"


def of_matrix(rows: pd.DataFrame) -> pd.DataFrame:
    """Adds policy_words, mode_words, lists_words, override, note and audience_words."""
    return rows.assign(
        policy_words=_policy(rows),
        mode_words=mode(rows["mode"]),
        lists_words=texts([lists(it) for it in rows["lists"].tolist()]),
        override=_override(rows),
        note=_note(rows),
        audience_words=rows["audience"].fillna("not said"),
    )


def mode(values: "pd.Series[str]") -> "pd.Series[str]":
    """Each mode as the trade-off that it is."""
    return values.map(MODES).fillna(filters.UNTOLD).astype("string")


def lists(told: object) -> str | None:
    """The blocklists of a policy from their JSON list, for people."""
    if not isinstance(told, str):
        return None
    return ", ".join(str(it) for it in json.loads(told)) or None


def texts(values: Sequence[str | None]) -> "pd.Series[str]":
    return pd.Series(list(values), dtype="string")


def below(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Which of these deployments fall short of their baseline, without an exemption for all of
    it."""
    short = rows["looser"].fillna(0) + rows["different"].fillna(0)
    return short.gt(rows["exempted"].fillna(0)).astype(bool)


def overridable(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Which of these can be called under a policy that is further from the baseline."""
    worse = rows["weakest_distance"] > rows["distance"]
    return (rows["choices"].gt(0) & worse).fillna(False).astype(bool)


def _policy(rows: pd.DataFrame) -> "pd.Series[str]":
    default = rows["by_default"].fillna(False).astype(bool)
    named = rows["policy"].fillna(numbers.NONE)
    return named.where(~default, named + " (default)").astype("string")


def _override(rows: pd.DataFrame) -> "pd.Series[str]":
    """What a caller reaches by naming another policy, the weakest of them."""
    many = rows["choices"].fillna(0).astype(int)
    said = many.astype("string") + " more, weakest " + rows["weakest"].fillna("not known")
    steps = rows["weakest_distance"].astype("string")
    said = said.where(steps.isna(), said + " at distance " + steps)
    return said.where(many.gt(0), "no other policy").astype("string")


def _note(rows: pd.DataFrame) -> "pd.Series[str]":
    unlisted = rows["policy_resource"].isna()
    images = rows["model"].fillna("").str.lower().str.startswith(filters.BY_DEFAULT_ONLY)
    said = pd.Series(pd.NA, index=rows.index, dtype="string")
    said = said.mask(unlisted, f"Its policy is {NOT_LISTED}: what it blocks can't be told.")
    return said.mask(images & ~unlisted, "This model always takes the default policy.")
