"""A frame as a table: its columns by name, under their headings; others are not shown."""

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, Literal

import pandas as pd
import streamlit as st

from domain import arrow
from ui.components import numbers
from ui.components.columns import Column, Columns
from ui.faults import escaped

ROW, HEADER, MOST = 35, 32, 14
SHARES = {"share", "percent"}
MONEY = {"money", "difference"}


FORMATS = {"number": "localized", "short": "compact", "real": "%.1f", "time": "YYYY-MM-DD HH:mm",
           "second": "YYYY-MM-DD HH:mm:ss", "day": "YYYY-MM-DD",
           "money": "%,.2f", "difference": "%+,.2f", "price": "%.4f"}  # fmt: skip


def worded(rows: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """The rows as they are shown and exported: these columns, in this order, under headings."""
    return pd.DataFrame(cells(rows, columns), index=rows.index)


def show(
    rows: pd.DataFrame,
    columns: Columns,
    key: str,
    *,
    pick: Sequence[str] = (),
    most: int = MOST,
    row: int = ROW,
    width: int | Literal["stretch"] = "stretch",
    alt: str = "",
) -> Any:
    """Draw these columns and return what is selected; others do not reach the browser."""
    shown = cells(rows, columns)
    chips = [it.heading for it in columns.values() if it.kind == "chip" and it.heading in shown]
    selecting: dict[str, Any] = {"on_select": "rerun", "selection_mode": list(pick)} if pick else {}
    return st.dataframe(
        arrow.table(shown, chips),
        hide_index=True,
        width=width,
        key=key,
        alt=alt or None,
        column_config=configs(columns, shown),
        height=height(len(rows), most, row),
        row_height=row,
        placeholder=numbers.NONE,
        **selecting,
    )


def height(rows: int, most: int = MOST, row: int = ROW) -> int:
    """Pixels of a table with so many rows, of which it shows no more than most at once."""
    return HEADER + row * max(1, min(rows, most)) + 3


def configs(columns: Columns, shown: Container[str]) -> dict[str, Any]:
    """How Streamlit shows each of these headings."""
    return {it.heading: _config(it) for it in columns.values() if it.heading in shown}


def keyed(name: str, rows: pd.DataFrame, of: str = "resource") -> str:
    """A key that is another one when the rows are others: what is selected is kept by position,
    and must not slip to a row that has moved there."""
    return f"{name}-{arrow.digest(rows[of])}"


def count(
    shown: pd.DataFrame,
    rows: pd.DataFrame,
    noun: str,
    filters: Mapping[str, str],
    clear: Callable[[], None],
) -> None:
    """How many of how many, and which filters are on."""
    many = numbers.counted(len(shown), noun)
    if not filters:
        st.caption(many, width="content")
        return
    said = " · ".join(f"{escaped(name)}: {escaped(value)}" for name, value in filters.items())
    st.caption(f"{many} of {len(rows):,} · {said}", width="content")
    st.button("Clear filters", on_click=clear, key="clear", type="tertiary",
              icon=":material/filter_alt_off:")  # fmt: skip


def rows_picked(event: Any, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows whose boxes are ticked."""
    ticked = [it for it in event["selection"]["rows"] if it < len(rows)]
    return rows.iloc[ticked] if ticked else rows.iloc[:0]


def cell_picked(event: Any, rows: pd.DataFrame, heading: str = "", of: str = "resource") -> str:
    """What stands in column "of" in the row of which a cell was clicked, under this heading or
    anywhere; or ""."""
    cells = [it for it in event["selection"]["cells"] if heading in {"", it[1]}]
    if not cells or cells[0][0] >= len(rows):
        return ""
    found = rows[of].iloc[cells[0][0]]
    return found if isinstance(found, str) else ""


def cells(rows: pd.DataFrame, columns: Columns) -> "dict[str, pd.Series[Any]]":
    """What is shown, by heading: shares in percent, cents as money."""
    return {
        it.heading: _scaled(rows[name], it.kind) for name, it in columns.items() if name in rows
    }


def _scaled(values: "pd.Series[Any]", kind: str) -> "pd.Series[Any]":
    if kind in SHARES:
        return (values * 100).round(2)
    return (values / 100).round(2) if kind in MONEY else values


def _config(column: Column) -> Any:
    plain = {
        "label": column.heading,
        "help": column.help or None,
        "width": column.width,
        "pinned": column.pinned or None,
    }
    config = st.column_config
    match column.kind:
        case "chip":
            colours = dict(column.colours or {})
            return config.MultiselectColumn(
                **plain, options=list(colours), color=list(colours.values())
            )
        case "share":
            return config.ProgressColumn(**plain, format="%.0f", min_value=0, max_value=100)
        case "percent":
            return config.NumberColumn(**plain, format="%.1f")
        case "flag":
            return config.CheckboxColumn(**plain)
        case "trend":
            return config.LineChartColumn(**plain)
        case "time" | "second" | "day" as kind:
            return config.DatetimeColumn(**plain, format=FORMATS[kind], timezone="UTC")
        case "number" | "short" | "real" | "money" | "difference" | "price" as kind:
            return config.NumberColumn(**plain, format=FORMATS[kind])
    return config.TextColumn(**plain)
