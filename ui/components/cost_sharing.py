"""Cost that is nobody's own: who shares it, by what, and who would pay more by another rule."""

from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd
import streamlit as st

from actions import rule
from actions.visit import Visit
from domain import frames, money
from domain.faults import OutOfRange
from domain.frames import TEXT
from domain.ruling import DRIVERS, FALLBACKS, SOURCES
from ui import drafts, faults, previews
from ui.components import cost_mapping, cost_rules, dialogs, tables
from ui.components.columns import Column, Columns

ADD = "add-sharing"
UNITS, SHARE = "Business unit", "Share"
WITH_SHARES = ("direct", "entitlement", "weighted", "fixed")
PERCENT = ("direct", "fixed")
PREVIEW: Columns = {
    "unit_name": Column("Who", width=190),
    "before_cents": Column("Now", "money", width=110),
    "after_cents": Column("By this rule", "money", width=110),
    "difference": Column("More or less", "difference", width=110),
}


def show(rules: pd.DataFrame) -> None:
    st.caption(
        ":material/info: Rules apply in this order: direct, entitlement, driver, weighted, "
        "proportional, fixed, subsidy, even. What no rule names stays unallocated."
    )
    cost_rules.opener(ADD, "Share a cost")
    cost_rules.table(rules, "sharing", "Rules that share out cost which is nobody's own")


def dialog(page: str) -> None:
    """Draw the dialog when it is open."""
    if drafts.begun(ADD):
        dialogs.show(page, ADD, "Who shares this cost?", _add)


def preview(rows: pd.DataFrame, month: str, currency: str, key: str) -> None:
    """Who pays more and who pays less, of a month that is over."""
    changed = rows[rows["before_cents"].ne(rows["after_cents"])]
    if changed.empty:
        st.caption(f"In {month} nobody would have paid more or less.")
        return
    names = [cost_rules.unit(it) for it in changed["unit"]]
    told = changed.assign(
        unit_name=pd.Series(names, index=changed.index, dtype="string"),
        difference=changed["after_cents"] - changed["before_cents"],
    ).sort_values("difference", ascending=False)
    st.caption(f"In {month}, in {currency}, with the same total:")
    tables.show(told, PREVIEW, key, most=8, alt="What each unit pays now and by this rule")


def _add(visit: Visit) -> None:
    left, right = st.columns(2)
    title = left.text_input("Title", key="share-title", max_chars=100)
    method = str(
        right.selectbox("How", list(cost_rules.METHODS), key="share-method",
                        index=list(cost_rules.METHODS).index("proportional"),
                        format_func=lambda it: cost_rules.METHODS[it])
    )  # fmt: skip
    kind = str(left.selectbox("What, named by", SOURCES, index=2, key="share-kind"))
    name = right.text_input("Name", key="share-source", placeholder="API Management")
    told: dict[str, Any] = {"title": title, "method": method, "source": {kind: name}}
    told |= _details(visit, method)
    day, note = cost_rules.starts(visit, "share-from"), st.text_input("Note", key="share-note")
    ready = bool(title.strip() and name.strip() and day)
    if ready and st.checkbox("Show who would pay more and who less", key="share-preview"):
        with faults.shown():  # what is refused is said, and the rest of the form stays
            months, rows = previews.sharing(told)
            preview(rows, *months, key="share-preview-table")

    def act() -> str:
        assert day
        number = rule.share(visit, told, day, note=note)
        return f"Rule {number} holds from {day:%Y-%m-%d}."

    cost_rules.confirmed("Share it so", "share-confirm", ready, act, ADD)


def _details(visit: Visit, method: str) -> dict[str, Any]:
    """What a method needs besides."""
    told: dict[str, Any] = {}
    left, right = st.columns(2)
    if method in ("driver", "weighted"):
        told["driver"] = str(left.selectbox("Driver", DRIVERS, key="share-driver"))
    if method != "fixed":
        place = right if "driver" in told else left
        told["fallback"] = str(place.selectbox("Where there is nothing to go by", FALLBACKS,
                                               index=1, key="share-fallback"))  # fmt: skip
    if method == "subsidy":
        cap = left.text_input("Cap a month", key="share-cap", placeholder="500.00")
        told |= {"cap_e8": money.e8(cap) if cap else 0}
        told["sponsor"] = cost_mapping.unit_box(visit, "share-sponsor")
    if method in WITH_SHARES:
        told["shares"] = _shares(visit, method)
    return told


def _shares(visit: Visit, method: str) -> dict[str, str]:
    units = cost_mapping.own_units(visit)
    rows = [{"unit": it, UNITS: units[it], SHARE: None} for it in units]
    grid = frames.frame({"unit": TEXT, UNITS: TEXT, SHARE: TEXT}, rows)
    st.data_editor(
        grid, key="share-grid", hide_index=True, disabled=["unit", UNITS], height=250,
        column_config={"unit": None, SHARE: st.column_config.TextColumn(
            "Percent" if method in PERCENT else "Weight")},
    )  # fmt: skip
    typed = {
        str(grid["unit"].iloc[at]): str(cells[SHARE]).strip()
        for at, cells in drafts.cells("share-grid").items()
        if 0 <= at < len(grid) and cells.get(SHARE)
    }
    if method in PERCENT:
        st.caption(f"{_sum(typed)} of 100.00 percent are given.")
    return typed


def _sum(typed: dict[str, str]) -> Decimal:
    try:
        return sum((Decimal(it) for it in typed.values()), Decimal("0.00"))
    except InvalidOperation as error:
        raise OutOfRange("A percentage is a number such as 33.34.") from error
