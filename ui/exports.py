"""The only door to a download: CSV and Excel of exactly the frame on the screen, with what it is.

Each file name bears a random id, since Streamlit can hand one visitor another's file of the same
name. Text that a spreadsheet would run as a formula is written as text.
"""

import re
import uuid
from collections.abc import Callable, Mapping
from io import BytesIO

import pandas as pd
import streamlit as st
import xlsxwriter

from ui import session
from ui.components import tables
from ui.components.columns import Columns
from ui.components.numbers import moment

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
NUMBER = re.compile(r"-\d+(\.\d+)?", re.ASCII)
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARK = "Simulated"


def offer(rows: pd.DataFrame, columns: Columns, name: str, facts: Mapping[str, str]) -> None:
    """Two buttons for the rows and columns that are shown. The file is made at the click, on a
    thread that knows no visitor, so what it says of one is looked up before."""
    about = {**facts, **_signed()}
    simulated = session.simulated()
    stem = f"{name}-{'simulated-' if simulated else ''}{uuid.uuid4().hex}"

    def shown() -> pd.DataFrame:
        worded = tables.worded(rows, columns)
        return worded.assign(**{MARK: "yes"}) if simulated else worded

    with st.container(horizontal=True, width="content", gap="small"):
        st.download_button(
            "CSV", lambda: csv(shown()), f"{stem}.csv", "text/csv",
            key=f"csv-{name}", icon=":material/download:", on_click="ignore",
            help=f"{len(rows):,} rows as on the screen",
        )  # fmt: skip
        st.download_button(
            "Excel", lambda: excel(shown(), name, about), f"{stem}.xlsx", EXCEL,
            key=f"excel-{name}", icon=":material/download:", on_click="ignore",
            help="The same, with a second sheet on filters and data times",
        )  # fmt: skip


def deferred(label: str, made: Callable[[], pd.DataFrame], name: str, help: str) -> None:
    """One button for a file that is too much to be made before it is asked for; made() is called
    at the click, on a thread that knows no visitor. Its headings are the columns' names."""
    simulated = session.simulated()
    stem = f"{name}-{'simulated-' if simulated else ''}{uuid.uuid4().hex}"

    def data() -> bytes:
        rows = made()
        return csv(rows.assign(**{MARK: "yes"}) if simulated else rows)

    st.download_button(
        label, data, f"{stem}.csv", "text/csv", key=f"csv-{name}", icon=":material/download:",
        on_click="ignore", help=help,
    )  # fmt: skip


def csv(rows: pd.DataFrame) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read it right."""
    texts = {name: rows[name].map(_harmless, na_action="ignore") for name in _texts(rows)}
    headings = {name: _harmless(name) for name in rows}
    return rows.assign(**texts).rename(columns=headings).to_csv(index=False).encode("utf-8-sig")


def excel(rows: pd.DataFrame, title: str, about: Mapping[str, str]) -> bytes:
    """One sheet with the rows, one that says what they are."""
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        when = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet = book.add_worksheet(title.replace("-", " ").capitalize()[:31])
        for at, name in enumerate(rows):
            sheet.write_string(0, at, str(name), bold)
            _column(sheet, at, rows[name], when)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(rows), max(0, len(rows.columns) - 1))
        sheet.set_column(0, max(0, len(rows.columns) - 1), 18)
        _about(book.add_worksheet("About"), about, bold)
    return target.getvalue()


def _column(
    sheet: xlsxwriter.worksheet.Worksheet, at: int, values: pd.Series, when: object
) -> None:
    for line, value in enumerate(values, start=1):
        if pd.isna(value):
            continue
        if isinstance(value, bool):
            sheet.write_boolean(line, at, value)
        elif isinstance(value, pd.Timestamp):
            sheet.write_datetime(line, at, value.tz_convert(None).to_pydatetime(), when)
        elif isinstance(value, str):
            sheet.write_string(line, at, value)
        else:
            sheet.write_number(line, at, float(value))


def _about(sheet: xlsxwriter.worksheet.Worksheet, about: Mapping[str, str], bold: object) -> None:
    sheet.set_column(0, 0, 24, bold)
    sheet.set_column(1, 1, 90)
    for line, (name, value) in enumerate(about.items()):
        sheet.write_string(line, 0, name)
        sheet.write_string(line, 1, value)


def _signed() -> dict[str, str]:
    person = session.person()
    return {
        "Made at": moment(session.wiring().clock()),
        "Made by": f"{person.name} ({person.role})",
        "Simulated data": "yes" if session.simulated() else "no",
    }


def _texts(rows: pd.DataFrame) -> list[str]:
    return [str(it) for it in rows.select_dtypes(include=["string", "object"])]


def _harmless(text: object) -> object:
    """A text that no spreadsheet runs; a number below zero runs nothing."""
    runs = isinstance(text, str) and text.startswith(FORMULA) and not NUMBER.fullmatch(text)
    return f"'{text}" if runs else text
