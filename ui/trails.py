"""The audit trail as people read it: names for keys, filters, and whether the chain holds."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from domain.chain import Anchor
from reads.audit import Proof
from ui import scope
from ui.components import numbers

KEYS = ("words", "who", "came")


def verified(proof: Proof) -> None:
    """Whether every line still fits the one before it, and what was kept outside."""
    if proof.broken is not None:
        _tampered(f"line {proof.broken} does not fit the lines before it.")
    if proof.lost is not None:
        kept = f"line {proof.lost.number}, as it was kept outside on {numbers.day(proof.lost.at)}"
        _tampered(f"{kept}, is not there any more. The trail was cut off or written anew.")
    if proof.adrift:
        st.error(proof.adrift, icon=":material/link_off:")
    if proof.broken is None and proof.lost is None:
        st.caption(
            ":material/verified: Every line fits the chain of the lines before it"
            + ("." if proof.adrift else _anchored(proof.last))
        )


def _anchored(last: Anchor | None) -> str:
    if last is None:
        return "; nothing of it is kept outside the database."
    return f", and all {last.number} up to {numbers.moment(last.at)} fit what was kept outside."


def _tampered(words: str) -> None:
    st.error(f"The trail was tampered with: {words}", icon=":material/gpp_bad:")


def named(rows: pd.DataFrame, people: Mapping[str, str]) -> pd.DataFrame:
    """Names for those who are known."""
    return rows.assign(who=[people.get(it, it) for it in rows["who"]])


def bar(rows: pd.DataFrame) -> dict[str, str]:
    """Draw the filters; what is chosen, in words."""
    a, b, c = st.columns([3, 2, 2], gap="small")
    with a:
        typed = scope.words("Search", "words", "What was done, or a detail")
    with b:
        names = sorted(rows["who"].dropna().unique().tolist())
        who = scope.many("Who", "who", {it: it for it in names}, "Anybody", True)
    with c:
        came = sorted(rows["came"].dropna().unique().tolist())
        ended = scope.many("Outcome", "came", {it: it for it in came}, "Any outcome", True)
    said = {"Search": typed, "Who": ", ".join(who), "Outcome": ", ".join(ended)}
    return {name: value for name, value in said.items() if value}


def narrowed(rows: pd.DataFrame, choice: Mapping[str, str]) -> pd.DataFrame:
    """The lines that match."""
    if who := choice.get("Who"):
        rows = rows[rows["who"].isin(who.split(", "))]
    if came := choice.get("Outcome"):
        rows = rows[rows["came"].isin(came.split(", "))]
    for word in choice.get("Search", "").lower().split():
        hay = (rows["what"].fillna("") + " " + rows["detail"].fillna("")).str.lower()
        rows = rows[hay.str.contains(word, regex=False)]
    return rows.reset_index(drop=True)


def clear() -> None:
    scope.set_aside(**dict.fromkeys(KEYS, ()))


def count(shown: pd.DataFrame, rows: pd.DataFrame) -> None:
    st.caption(f"{numbers.counted(len(shown), 'line')} of {len(rows):,}")
