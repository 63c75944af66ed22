"""How pools stand and what they are called, and the figures above them, held against tables."""

import pytest

from domain import frames, standing
from domain.figures import Figures, figures
from domain.holders import HOLDERS
from domain.pools import POOLS
from domain.standing import called, standings, words


def pools(*rows):
    return frames.frame(POOLS, [{"models": "gpt-4o", "holders": 1, **it} for it in rows])


@pytest.mark.parametrize(
    ("limit", "used", "state"),
    [
        (0.0, 0.0, standing.NONE),
        (0.0, 5.0, standing.OVER),
        (100.0, 0.0, standing.ROOM),
        (100.0, 89.0, standing.ROOM),
        (100.0, 90.0, standing.TIGHT),
        (100.0, 99.0, standing.TIGHT),
        (100.0, 100.0, standing.FULL),
        (100.0, 120.0, standing.OVER),
        (None, 5.0, standing.UNKNOWN),
        (100.0, None, standing.UNKNOWN),
    ],
)
def test_a_pool_in_a_word(limit, used, state):
    assert standings(pools({"limit": limit, "used": used}))["state"].tolist() == [state]


def test_what_needs_somebody_comes_first():
    found = standings(
        pools(
            {"pool": "empty", "limit": 10.0, "used": 9.0, "holders": 0, "throttled": 0},
            {"pool": "roomy", "limit": 10.0, "used": 1.0, "throttled": 0},
            {"pool": "full", "limit": 10.0, "used": 10.0, "throttled": 0},
            {"pool": "throttled", "limit": 10.0, "used": 2.0, "throttled": 2},
        )
    )
    assert found["pool"].tolist() == ["throttled", "full", "roomy", "empty"]
    assert found["share"].tolist() == [0.2, 1.0, 0.1, 0.9]


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (("gpt-4o", "Standard", "t", "westeurope"), "gpt-4o · Standard · westeurope"),
        (("a, b", "Standard", "t", "Global"), "a, b · Standard · Global"),
        (("a, b, c", "Standard", "t", "Global"), "3 models · Standard · Global"),
        ((None, None, "Some quota", "EU"), "Some quota · EU"),
    ],
)
def test_what_a_pool_is_called(told, name):
    assert called(*told) == name


@pytest.mark.parametrize(
    ("tpm", "rpm", "unit", "said"),
    [
        (1_000.0, 6.0, "1,000 TPM", "1 unit = 1,000 TPM and 6 RPM"),
        (None, 1.0, "1 RPM", "1 unit = 1 RPM"),
        (None, None, "PTU", "1 unit = 1 PTU"),
        (None, None, None, "What one unit is differs by model"),
    ],
)
def test_what_one_unit_is(tpm, rpm, unit, said):
    assert words({"unit_tpm": tpm, "unit_rpm": rpm, "unit_words": unit}) == said


def test_figures_by_hand():
    stand = standings(
        pools(
            {"limit": 10.0, "used": 10.0},
            {"limit": 10.0, "used": 11.0},
            {"limit": 10.0, "used": 9.5},
            {"limit": 10.0, "used": 1.0},
            {"limit": 10.0, "used": 10.0, "holders": 0},
        )
    )
    rows = [
        {"reclaimable": 20.0, "unit_tpm": 1_000.0, "throttled_share": 0.0},
        {"reclaimable": 3.0, "unit_tpm": 10_000.0, "throttled_share": 0.2, "peak_share": 0.95},
        {"reclaimable": None, "unit_tpm": 1_000.0, "throttled_share": 0.2, "peak_share": 0.3},
        {"reclaimable": 0.0, "unit_tpm": 1_000.0, "throttled_share": None},
        {"reclaimable": 15.0, "unit_words": "PTU", "capacity": 50},
        {"reclaimable": None, "unit_words": "PTU", "capacity": 25},
    ]
    holders = frames.frame(HOLDERS, [{"pool": "p", "capacity": 1, **it} for it in rows])
    # 20 x 1,000 + 3 x 10,000; units that are worth no tokens are not among them
    assert figures(stand, holders) == Figures(4, 2, 1, 50_000.0, 3, 2, 1, 1, 75.0, 15.0)


def test_figures_of_nothing():
    nothing = figures(standings(pools()), frames.frame(HOLDERS, []))
    assert nothing == Figures(0, 0, 0, None, 0, 0, 0, 0, 0.0, None)
