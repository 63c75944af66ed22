"""Random filter policies as Azure might send them: known and new filters, fields of any type,
spellings of any case, things said twice."""

import json

from hypothesis import settings
from hypothesis import strategies as st

from domain.filters import Strength

NAMES = {
    "hate": ("Hate", "hate", "HATE"),
    "sexual": ("Sexual", "sexual"),
    "violence": ("Violence", "violence"),
    "selfharm": ("Selfharm", "SelfHarm", "self_harm", "Self-Harm"),
    "jailbreak": ("Jailbreak", "jailbreak"),
    "indirectattack": ("Indirect Attack", "IndirectAttack", "indirect attack"),
    "protectedmaterialtext": ("Protected Material Text", "ProtectedMaterialText"),
    "profanity": ("Profanity",),
    "somethingnew": ("Something New", "somethingnew"),
}
GRADED = ("hate", "sexual", "violence", "selfharm")
SOURCES = {
    "prompt": ("Prompt", "prompt", "PROMPT"),
    "completion": ("Completion", "completion"),
    "pretoolcall": ("PreToolCall", "pretoolcall"),
}
LEVELS = {"low": ("Low", "low"), "medium": ("Medium", "MEDIUM"), "high": ("High", "high")}
MODES = {
    "default": ("Default", "default"),
    "blocking": ("Blocking",),
    "asynchronousfilter": ("Asynchronous_filter", "asynchronous_filter"),
    "deferred": ("Deferred", "DEFERRED"),
    "somemode": ("Some_mode", "some_mode"),
}
LISTS = ("names", "Competitors", "a-b")
MARKED = {"marked"}
CAUGHT = {
    "low": {*MARKED, "low", "medium", "high"},
    "medium": {*MARKED, "medium", "high"},
    "high": {*MARKED, "high"},
}
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "Low", "true", "x"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=3,
)
STRENGTHS = st.sampled_from(list(Strength))
unhurried = settings(deadline=None)
"""Of properties: on a busy machine the first example may take long."""


@st.composite
def entries(draw, odd=True):
    """One entry of contentFilters."""
    category = draw(st.sampled_from(list(NAMES)))
    entry = {"name": draw(st.sampled_from(NAMES[category]))}
    source = draw(st.sampled_from([*SOURCES, None]))
    if source:
        entry["source"] = draw(st.sampled_from(SOURCES[source]))
    entry["enabled"] = draw(st.booleans())
    entry["blocking"] = draw(st.booleans())
    if category in GRADED or draw(st.integers(0, 5)) == 0:
        entry["severityThreshold"] = draw(
            st.sampled_from([w for it in LEVELS.values() for w in it])
        )
    if draw(st.integers(0, 5)) == 0:
        entry["novel"] = draw(ANY)
    if odd and draw(st.integers(0, 5)) == 0:
        field = draw(st.sampled_from(sorted(entry)))
        entry[field] = draw(ANY)
    if odd and draw(st.integers(0, 7)) == 0:
        entry.pop(draw(st.sampled_from(sorted(entry))))
    return entry


@st.composite
def lists(draw, odd=True):
    """One entry of customBlocklists."""
    entry = {"blocklistName": draw(st.sampled_from(LISTS)), "blocking": draw(st.booleans())}
    if source := draw(st.sampled_from(["Prompt", "Completion", None])):
        entry["source"] = source
    if odd and draw(st.integers(0, 7)) == 0:
        entry[draw(st.sampled_from(sorted(entry)))] = draw(ANY)
    return entry


@st.composite
def policies(draw, odd=True):
    """The properties of a policy. odd: fields may be missing or of any type."""
    body = {"contentFilters": draw(st.lists(entries(odd), max_size=5))}
    if mode := draw(st.sampled_from([*MODES, None])):
        body["mode"] = draw(st.sampled_from(MODES[mode]))
    if draw(st.booleans()):
        body["customBlocklists"] = draw(st.lists(lists(odd), max_size=3))
    if draw(st.booleans()):
        body["basePolicyName"] = draw(st.sampled_from(["Microsoft.Default", "Other"]))
    elif draw(st.booleans()):
        body["type"] = "SystemManaged"
    if draw(st.integers(0, 3)) == 0:
        body["customTopics"] = draw(ANY)
    if odd and draw(st.integers(0, 7)) == 0:
        body[draw(st.sampled_from(sorted(body)))] = draw(ANY)
    return body


def respelled(draw, value, spellings):
    """One of the other spellings of a word; what is none of them stays."""
    same = next((it for it in spellings.values() if value in it), (value,))
    return draw(st.sampled_from(same)) if isinstance(value, str) else value


@st.composite
def rewritten(draw, body):
    """The same policy with filters and fields in another order and names spelled differently."""

    def keys(told):
        names = draw(st.permutations(sorted(told)))
        return {
            draw(st.sampled_from([it, it.lower(), it[:1].upper() + it[1:]])): told[it]
            for it in names
        }

    def entry(told):
        if not isinstance(told, dict):
            return told
        known = {"name": NAMES, "source": SOURCES, "severityThreshold": LEVELS}
        return keys(
            {
                key: respelled(draw, it, known[key]) if key in known else it
                for key, it in told.items()
            }
        )

    new = dict(body)
    for field in ("contentFilters", "customBlocklists"):
        if isinstance(new.get(field), list):
            new[field] = [entry(it) for it in draw(st.permutations(new[field]))]
    if "mode" in new:
        new["mode"] = respelled(draw, new["mode"], MODES)
    return keys(new)


def stopped(body, category, direction):
    """What a policy stops, worked out here a second time: whether it marks, and which
    severities it stops; None where the
    policy does not say so clearly. Only for policies whose fields are spelled as ours are."""
    found = []
    told = body.get("contentFilters")
    for entry in told if isinstance(told, list) else []:
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            continue
        if entry["name"] not in NAMES[category]:
            continue
        source = entry.get("source")
        if not isinstance(source, str | None):
            continue
        if source and source not in SOURCES.get(direction, ()):
            continue
        if not source and direction not in ("prompt", "completion"):
            continue
        found.append(_of_entry(entry, category))
    if not found or any(it != found[0] for it in found):
        return None
    return found[0]


def _of_entry(entry, category):
    if entry.get("enabled") is False:
        return set()
    if entry.get("enabled") is not True or not isinstance(entry.get("blocking"), bool):
        return None
    if not entry["blocking"]:
        return MARKED
    level = entry.get("severityThreshold")
    if category in GRADED or (category == "somethingnew" and level is not None):
        named = level.lower() if isinstance(level, str) else ""
        return CAUGHT.get(named)
    return CAUGHT["low"]


def copied(body):
    return json.loads(json.dumps(body))
