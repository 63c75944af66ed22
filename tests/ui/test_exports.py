"""A file equals the screen, says what it is, and runs nothing."""

from io import BytesIO, StringIO

import openpyxl
import pandas as pd
import pytest

from ui import exports

ROWS = pd.DataFrame(
    {
        "Deployment": pd.Series(["chat", "=1+1", "@SUM(A1)", "\tx", None], dtype="string"),
        "Capacity": pd.Series([10, None, -5, 0, 7], dtype="Int64"),
        "Peak of limit (%)": pd.Series([66.5, None, 0.0, 4780.4, 1.0], dtype="Float64"),
        "Idle": pd.Series([True, False, True, False, True], dtype="boolean"),
        "On (UTC)": pd.Series(
            [pd.Timestamp("2026-11-20 10:00", tz="UTC"), pd.NaT, pd.NaT, pd.NaT, pd.NaT],
            dtype="datetime64[us, UTC]",
        ),
    }
)
ABOUT = {"Period": "last 7 days", "Simulated data": "yes", "Search": "=danger"}


def parsed():
    return pd.read_csv(StringIO(exports.csv(ROWS).decode("utf-8-sig")))


def book():
    return openpyxl.load_workbook(BytesIO(exports.excel(ROWS, "deployments", ABOUT)))


def test_csv_has_the_rows_and_columns_of_the_screen():
    read = parsed()
    assert list(read) == list(ROWS)
    assert len(read) == len(ROWS)
    assert read["Capacity"].dropna().tolist() == [10, -5, 0, 7]
    assert read["Peak of limit (%)"].dropna().tolist() == [66.5, 0.0, 4780.4, 1.0]


def test_what_was_not_measured_is_empty_in_a_file():
    assert pd.isna(parsed()["Capacity"][1])
    assert book().worksheets[0]["B3"].value is None


@pytest.mark.parametrize("line", [1, 2, 3])
def test_text_that_looks_like_a_formula_is_text(line):
    assert parsed()["Deployment"][line].startswith("'")
    cell = book().worksheets[0].cell(line + 2, 1)
    assert cell.data_type == "s"
    assert cell.value == ROWS["Deployment"][line]


def test_excel_equals_the_screen_cell_by_cell():
    sheet = book().worksheets[0]
    assert [it.value for it in sheet[1]] == list(ROWS)
    for line, row in enumerate(ROWS.itertuples(index=False), start=2):
        for at, value in enumerate(row, start=1):
            found = sheet.cell(line, at).value
            if pd.isna(value):
                assert found is None
            elif isinstance(value, pd.Timestamp):
                assert found == value.tz_convert(None).to_pydatetime()
            else:
                assert found == value


def test_the_second_sheet_says_what_the_first_one_is():
    about = book()["About"]
    assert {row[0].value: row[1].value for row in about.iter_rows()} == ABOUT
    assert all(row[1].data_type == "s" for row in about.iter_rows())


def test_a_file_without_rows_is_a_file():
    empty = ROWS.head(0)
    assert list(pd.read_csv(BytesIO(exports.csv(empty)), encoding="utf-8-sig")) == list(ROWS)
    assert openpyxl.load_workbook(BytesIO(exports.excel(empty, "x", {})))


def test_every_offer_has_a_name_of_its_own_and_holds_what_is_shown(opened, monkeypatch):
    offered = []

    def noted(_label, data, name, *_rest, **_more):
        offered.append((name, data()))

    monkeypatch.setattr(exports.st, "download_button", noted)
    at = opened("deployments", q="chat")
    first = [name for name, _ in offered]
    offered.clear()
    at.run()
    again = [name for name, _ in offered]
    assert len({*first, *again}) == 4
    assert all("simulated" in it for it in again)
    read = pd.read_csv(BytesIO(offered[0][1]), encoding="utf-8-sig")
    shown = at.dataframe[0].value
    assert list(read) == [*shown, exports.MARK]
    assert read["Deployment"].tolist() == shown["Deployment"].tolist()
    about = openpyxl.load_workbook(BytesIO(offered[1][1]))["About"]
    said = {row[0].value: row[1].value for row in about.iter_rows()}
    assert said["Search"] == "chat"
    assert said["Made by"] == "Ada Byron (admin)"
    assert said["Simulated data"] == "yes"
