"""What a content filter does, in words that cannot be read both ways round.

Azure's own pages call Low the least restrictive setting in one place and the most restrictive in
another; it is the lowest severity that is acted on, so that Low blocks most. Names, thresholds and
modes: docs of the resource provider's raiPolicies; what is assumed about them is marked so.
"""

import re
from enum import IntEnum

Key = tuple[str, str]
"""Of a filter: category and direction, folded. Of a blocklist in a policy: its name in lower case
and the direction."""


class Strength(IntEnum):
    """How much a filter stops; a greater one stops all that a smaller one does."""

    OFF = 0
    ANNOTATES = 1
    HIGH = 2
    """Blocks high only."""
    MEDIUM = 3
    LOW = 4
    """Blocks low, medium and high."""
    BLOCKS = 4
    """Of a filter without levels."""


THRESHOLDS = {"low": Strength.LOW, "medium": Strength.MEDIUM, "high": Strength.HIGH}
"""severityThreshold, the lowest severity that is acted on."""
GRADED = ("hate", "sexual", "violence", "selfharm")
TITLES = {
    "hate": "Hate",
    "sexual": "Sexual",
    "violence": "Violence",
    "selfharm": "Self-harm",
    "jailbreak": "Prompt attack",
    "indirectattack": "Indirect attack",
    "indirectattackspotlighting": "Indirect attack, spotlighted",
    "protectedmaterialtext": "Protected text",
    "protectedmaterialcode": "Protected code",
    "profanity": "Profanity",
    "pii": "Personal data",
    "taskadherence": "Task adherence",
}
WIRE = {
    "hate": "Hate",
    "sexual": "Sexual",
    "violence": "Violence",
    "selfharm": "Selfharm",
    "jailbreak": "Jailbreak",
    "indirectattack": "Indirect Attack",
    "protectedmaterialtext": "Protected Material Text",
    "protectedmaterialcode": "Protected Material Code",
    "profanity": "Profanity",
}
"""Categories that Azure documents, as policies spell them."""
SOURCES = {
    "prompt": "Prompt",
    "completion": "Completion",
    "pretoolcall": "PreToolCall",
    "posttoolcall": "PostToolCall",
    "prerun": "PreRun",
    "postrun": "PostRun",
}
"""Directions, as policies spell them; the last four are of agents."""
BOTH = ("prompt", "completion")
"""What a filter without a source watches."""
BUFFERED, ASYNCHRONOUS = "buffered", "asynchronous"
MODES = {
    "default": BUFFERED,
    "blocking": BUFFERED,
    "asynchronousfilter": ASYNCHRONOUS,
    "deferred": ASYNCHRONOUS,
}
"""Azure's modes, folded. How Default and Blocking differ is not documented; both wait."""
UNTOLD = "can't be told"
_WORDS = {
    Strength.OFF: "off",
    Strength.ANNOTATES: "annotates only",
    Strength.HIGH: "blocks high only",
    Strength.MEDIUM: "blocks medium and high",
    Strength.LOW: "blocks low, medium and high",
}
_WHERE = {
    "prompt": "prompts",
    "completion": "completions",
    "pretoolcall": "tool calls",
    "posttoolcall": "tool responses",
    "prerun": "the start of a run",
    "postrun": "the end of a run",
}
_SAID = {
    BUFFERED: "buffered: nothing appears before it was checked",
    ASYNCHRONOUS: "asynchronous: content may appear before it is filtered",
}


def folded(name: str) -> str:
    """A category, source or mode as the house compares it: "Protected Material Text",
    ProtectedMaterialText and protected_material_text are one."""
    return re.sub(r"[\s_-]+", "", name).lower()


def words(strength: Strength | int | None, graded: bool) -> str:
    """What a filter does."""
    if strength is None:
        return UNTOLD
    if strength >= Strength.HIGH and not graded:
        return "blocks"
    return _WORDS[Strength(strength)]


def title(category: str) -> str:
    """A category's name for people; one that is new to us by its own."""
    return TITLES.get(folded(category), category[:1].upper() + category[1:])


def where(direction: str) -> str:
    """What a direction watches: "prompts"."""
    return _WHERE.get(direction, direction)


def called(category: str, direction: str) -> str:
    """A filter for people: "Hate on prompts"."""
    return f"{title(category)} on {where(direction)}"


def said(mode: str) -> str:
    """A mode as the trade-off that it is."""
    return _SAID.get(mode, UNTOLD)
