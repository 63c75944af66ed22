"""Two deployments side by side, blue-green or A/B: the same figures of both, and the difference."""

from typing import Any

import pandas as pd
import streamlit as st

from domain.comparison import COMPARED, compared
from reads.rollouts import Whole
from ui import data, rollouts
from ui.components import numbers, tables
from ui.components.columns import Column, Columns
from ui.data import Scope


def columns(now: str, then: str) -> Columns:
    """now: what is in use; then: what is to follow."""
    return {
        "what": Column("Figure", width=200),
        "now": Column(f"In use: {now}", width=220),
        "then": Column(f"To follow: {then}", width=220),
        "difference": Column("Difference", width=120),
        "better": Column("Which is better", width=130),
    }


def show(view: Whole, held: Scope, period: str) -> None:
    """Each pair over the period of the scope bar."""
    known = data.everywhere(held.period).set_index("resource", drop=False)
    for at, (now, then) in enumerate(view.rollout.paired):
        names = rollouts.short(now), rollouts.short(then)
        if now not in known.index or then not in known.index:
            st.caption(f"{' and '.join(names)}: not both are collected, or in your sight.")
            continue
        rows = pd.DataFrame(compared(_row(known, now), _row(known, then)), dtype="string")
        tables.show(rows, columns(*names), f"pair-{at}", most=len(COMPARED),
                    alt=f"{names[0]} and {names[1]} side by side")  # fmt: skip
        samples = [numbers.short(known.loc[it, "requests"]) for it in (now, then)]
        st.caption(
            f"{period.capitalize()}: of {samples[0]} and {samples[1]} requests. The two may serve "
            "other people with other questions: a difference is no proof of a cause."
        )


def _row(known: pd.DataFrame, resource: str) -> dict[str, Any]:
    return {str(key): it for key, it in known.loc[resource].to_dict().items()}
