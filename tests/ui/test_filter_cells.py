"""What the cells of the matrix say, worked by hand."""

import pandas as pd
import pytest

from domain import frames, moderation
from domain.filters import Strength, words
from store import harm_sums
from ui.components import filter_cells, filter_chart, filter_columns

A, B = "a", "b"


def cell(resource=A, category="hate", direction="prompt", strength=Strength.LOW, **told):
    graded = category in ("hate", "sexual", "violence", "selfharm")
    return {
        "resource": resource,
        "category": category,
        "direction": direction,
        "graded": graded,
        "strength": strength,
        "words": words(strength, graded),
        "stated": True,
        "least": told.get("least"),
        "way": told.get("way", ""),
        "exempt": told.get("exempt", False),
    }


def cells(*rows):
    return frames.frame(moderation.CELLS, rows)


def wide(*rows, of=(A,)):
    return filter_cells.wide(cells(*rows), pd.Series(of, dtype="string"))


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"way": "looser", "least": 4, "strength": Strength.OFF}, "\u25bc looser: off"),
        (
            {"way": "looser", "least": 4, "strength": Strength.HIGH, "exempt": True},
            "\u25bd exempt: blocks high only",
        ),
        ({"way": "different", "least": 4, "strength": None}, "\u25c6 different: can't be told"),
        (
            {"way": "stricter", "least": 2, "strength": Strength.LOW},
            "\u25b2 stricter: blocks low, medium and high",
        ),
        ({"least": 3, "strength": Strength.MEDIUM}, "\u2713 blocks medium and high"),
        ({"strength": Strength.ANNOTATES}, "\u25cb annotates only"),
    ],
)
def test_a_cell_says_what_it_does_and_how_that_stands(told, said):
    assert wide(cell(**told))["hate/prompt"].tolist() == [said]
    assert said in filter_cells.CHIPS


def test_what_nobody_states_and_nobody_demands_is_empty():
    both = wide(cell(A), cell(B, "violence"), of=(A, B))
    assert both["hate/prompt"].isna().tolist() == [False, True]
    assert both["violence/prompt"].isna().tolist() == [True, False]


def test_the_weaker_direction_names_itself_where_they_differ():
    rows = [cell(direction="prompt", strength=Strength.OFF, least=4, way="looser")]
    rows += [cell(direction="completion", least=4)]
    rows += [cell(B, direction=it, least=4) for it in ("prompt", "completion")]
    told = wide(*rows, of=(B, A))["hate"].tolist()
    assert told == ["\u2713 blocks low, medium and high", "\u25bc looser: off on prompts"]
    assert set(told) <= set(filter_cells.WEAKER)


def test_what_cannot_be_told_is_weaker_than_off():
    rows = [cell(direction="prompt", strength=Strength.OFF, least=4, way="looser")]
    rows += [cell(direction="completion", strength=None, least=4, way="different")]
    assert wide(*rows)["hate"].tolist() == ["\u25c6 different: can't be told on completions"]


def test_a_category_that_is_stopped_in_one_direction_only_is_named():
    rows = [cell(direction="prompt"), cell(direction="completion", strength=Strength.ANNOTATES)]
    rows += [cell(category="sexual", direction=it) for it in ("prompt", "completion")]
    rows += [cell(category="jailbreak", direction="prompt")]
    assert wide(*rows)["one_sided"].tolist() == ["Hate on prompts only"]


def test_columns_stand_in_one_order_and_what_is_new_comes_last():
    rows = [cell(category="newrisk"), cell(category="jailbreak"), cell(direction="completion")]
    rows += [cell(), cell(category="violence", direction="pretoolcall")]
    found = filter_cells.keys(cells(*rows))
    assert [filter_columns.heading(it) for it in found] == [
        "Hate: prompts",
        "Hate: completions",
        "Violence: tool calls",
        "Prompt attack: prompts",
        "Newrisk: prompts",
    ]
    assert list(filter_columns.matrix(found, ""))[4:9] == [filter_cells.name(it) for it in found]
    weaker = list(filter_columns.matrix(found, "weaker"))[4:8]
    assert weaker == ["hate", "violence", "jailbreak", "newrisk"]


def test_small_categories_are_shown_together_and_nothing_is_lost():
    rows = [
        {"day": pd.Timestamp("2026-11-01", tz="UTC"), "what": "blocked", "category": f"c{it}",
         "direction": "prompt", "severity": "", "requests": float(it)}
        for it in range(1, 12)
    ]  # fmt: skip
    days = frames.frame(harm_sums.BY_DAY, rows)
    told = filter_chart.by_words(days, {f"c{it}": f"C{it}" for it in range(1, 12)})
    assert told.set_index("category")["requests"]["others (4)"] == 1 + 2 + 3 + 4
    assert told["requests"].sum() == days["requests"].sum()
