"""Colours that mean something: one hue for each part of the company, shades for what is below it.

The hues are Paul Tol's, which colour-blind people can tell apart; each is readable on the light and
the dark ground, and a word always stands beside it.
"""

from collections.abc import Iterable

from domain.units import UNASSIGNED, Tree

HUES = ("#4477AA", "#DDAA33", "#BB5566", "#228833", "#AA3377", "#66CCEE", "#EE8866", "#777733")
GREY = "#98A2AB"
ACCENT = "#2F8D9C"
LIMIT = "#D1603D"
REFUSED = "#D1603D"


def units(tree: Tree) -> dict[str, str]:
    """A colour by id of unit: always the same, whatever is shown."""
    tops = sorted(it.id for it in tree.units.values() if it.parent not in tree.units)
    found = {UNASSIGNED: GREY}
    for number, top in enumerate(tops):
        hue = HUES[number % len(HUES)]
        found[top] = hue
        for step, below in enumerate(sorted(tree.below([top]) - {top}), start=1):
            found[below] = shade(hue, 0.22 * step if step < 4 else 0.7)
    return found


def ranked(values: Iterable[str]) -> dict[str, str]:
    """A colour by value for what has no colour of its own, in the order given."""
    return {
        value: GREY if value.startswith(("others (", "not known")) else HUES[at % len(HUES)]
        for at, value in enumerate(values)
    }


def shade(colour: str, towards_white: float) -> str:
    """The colour, lighter by this share."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(it + (255 - it) * towards_white):02X}" for it in parts)
