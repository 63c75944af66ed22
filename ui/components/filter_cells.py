"""The matrix of filters as text: one column for each category and direction, in words, each with
a mark and a word for what is other than the baseline demands."""

from collections.abc import Iterable

import pandas as pd

from domain import filters
from domain.filter_words import SOURCES
from domain.filters import ASYNCHRONOUS, BOTH, GRADED, UNTOLD, Key, Strength

MET, LOOSER, EXEMPT, STRICTER, DIFFERENT, FREE = (
    "as demanded", "looser", "exempt", "stricter", "different", "nothing demanded",
)  # fmt: skip
MARKS = {
    LOOSER: "\u25bc looser: ",
    EXEMPT: "\u25bd exempt: ",
    DIFFERENT: "\u25c6 different: ",
    STRICTER: "\u25b2 stricter: ",
    MET: "\u2713 ",
    FREE: "\u25cb ",
}
"""What stands before the words of a cell, the worst first; typographic, so that a grid can draw
them."""
MEANS = {
    LOOSER: "stops less than the baseline demands",
    EXEMPT: "stops less, and somebody has allowed it until a day to come",
    DIFFERENT: "whether it stops less can't be told, which counts as a shortfall",
    STRICTER: "stops more than demanded",
    MET: "as demanded",
    FREE: "nothing is demanded",
}
COLOURS = {
    LOOSER: "red", EXEMPT: "orange", DIFFERENT: "violet", STRICTER: "blue", MET: "green",
    FREE: "gray",
}  # fmt: skip
_SAID = [*(filters.words(it, graded=True) for it in Strength), "blocks", UNTOLD, ASYNCHRONOUS]
CHIPS = {f"{MARKS[it]}{said}": COLOURS[it] for it in MARKS for said in _SAID}
"""A colour by text of a cell."""
WEAKER = {
    f"{text}{tail}": colour
    for text, colour in CHIPS.items()
    for tail in ("", *(f" on {filters.where(it)}" for it in SOURCES))
}
"""The same where only the weaker direction is told."""
_ONCE = ("jailbreak", "indirectattack", "protectedmaterialtext", "protectedmaterialcode")
_ORDER = [*GRADED, *_ONCE, "profanity"]


def state(cells: pd.DataFrame) -> "pd.Series[str]":
    """How each cell stands to its baseline; cells: frame CELLS."""
    way = cells["way"].fillna("")
    found = way.where(way.ne(""), FREE).astype("string")
    found = found.mask(way.eq("") & cells["least"].notna(), MET)
    return found.mask(cells["exempt"].fillna(False).astype(bool), EXEMPT)


def text(cells: pd.DataFrame) -> "pd.Series[str]":
    """What a cell says."""
    return (state(cells).map(MARKS) + cells["words"].fillna(UNTOLD)).astype("string")


def marked(modes: pd.DataFrame) -> "pd.Series[str]":
    """What a mode that is not as demanded says; modes: frame DEVIATIONS with exempt."""
    said = modes["way"].map({LOOSER: ASYNCHRONOUS, DIFFERENT: UNTOLD})
    marks = (
        modes["way"].map(MARKS).where(~modes["exempt"].fillna(False).astype(bool), MARKS[EXEMPT])
    )
    return (marks + said).astype("string")


def name(key: Key) -> str:
    """The column of a filter in the wide frame."""
    return "/".join(key)


def keys(cells: pd.DataFrame) -> list[Key]:
    """The filters that occur, graded ones first; what is new to us comes last, by its name."""
    known = cells[["category", "direction"]].drop_duplicates()
    found = {(str(a), str(b)) for a, b in known.itertuples(index=False)}
    return sorted(found, key=place)


def categories(found: Iterable[Key]) -> list[str]:
    """Each once, in the order of the columns."""
    return list(dict.fromkeys(category for category, _ in found))


def wide(cells: pd.DataFrame, resources: "pd.Series[str]") -> pd.DataFrame:
    """A row for each of these resources, a column of text for each filter, for the weaker
    direction of each category, and one_sided: what is stopped in one direction only."""
    told = cells.assign(text=text(cells), key=cells["category"] + "/" + cells["direction"])
    made = {
        str(key): _along(part.set_index("resource")["text"], resources)
        for key, part in told.groupby("key", sort=False)
    }
    made |= {
        str(it): _along(_weaker(part), resources)
        for it, part in told.groupby("category", sort=False)
    }
    return pd.DataFrame({**made, "one_sided": _along(_one_sided(told), resources)})


def _weaker(part: pd.DataFrame) -> "pd.Series[str]":
    """By resource the text of the direction that stops least, and which it is where the other
    stops more."""
    known = part.assign(least_first=part["strength"].fillna(-1))
    ordered = known.sort_values("least_first", kind="stable")
    first = ordered.drop_duplicates("resource").set_index("resource")
    differ = ordered.groupby("resource")["text"].nunique().reindex(first.index).gt(1)
    tail = " on " + first["direction"].map(filters.where)
    return first["text"].where(~differ, first["text"] + tail).astype("string")


def _one_sided(told: pd.DataFrame) -> "pd.Series[str]":
    """By resource the categories that are stopped in one direction of the two that they have."""
    both = told[told["direction"].isin(BOTH) & told["category"].isin([*GRADED, "profanity"])]
    blocks = both.assign(blocks=both["strength"].ge(Strength.HIGH).fillna(False).astype(bool))
    table = blocks.pivot_table(
        index=["resource", "category"], columns="direction", values="blocks", aggfunc="max"
    ).reindex(columns=list(BOTH))
    table = table.dropna().astype(bool)
    one = table[table["prompt"] != table["completion"]].reset_index()
    side = one["prompt"].map({True: "prompts", False: "completions"})
    said = one["category"].map(filters.title) + " on " + side + " only"
    return said.groupby(one["resource"]).agg(", ".join).astype("string")


def _along(values: "pd.Series[str]", resources: "pd.Series[str]") -> "pd.Series[str]":
    once = values[~values.index.duplicated()]
    return once.reindex(resources.to_numpy()).reset_index(drop=True).astype("string")


def place(key: Key) -> tuple[int, str, int, str]:
    """Where a filter stands among the others."""
    category, direction = key
    known = _ORDER.index(category) if category in _ORDER else len(_ORDER)
    sources = list(SOURCES)
    at = sources.index(direction) if direction in sources else len(sources)
    return known, category, at, direction
