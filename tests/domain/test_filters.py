"""What a policy blocks is read without believing it, and edited without losing what is unknown."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import filters
from domain.blocklists import AT_ONCE, MOST, terms
from domain.faults import OutOfRange
from domain.filters import Strength, edited, read, words
from domain.frames import frame
from domain.moderation import POLICIES
from tests.domain.policies import (
    ANY,
    GRADED,
    NAMES,
    SOURCES,
    STRENGTHS,
    copied,
    policies,
    rewritten,
    stopped,
    unhurried,
)

HATE, JAILBREAK = ("hate", "prompt"), ("jailbreak", "prompt")
NOTHING: dict[str, bool] = {}


def hate(**fields):
    told = {"name": "Hate", "source": "Prompt", "enabled": True, "blocking": True}
    return {**told, "severityThreshold": "Medium", **fields}


def one(**fields):
    """What a policy with this one filter does about hate in prompts."""
    return read({"contentFilters": [hate(**fields)]}).cells[HATE].strength


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"severityThreshold": "Low"}, "blocks low, medium and high"),
        ({"severityThreshold": "Medium"}, "blocks medium and high"),
        ({"severityThreshold": "high"}, "blocks high only"),
        ({"blocking": False}, "annotates only"),
        ({"enabled": False}, "off"),
        ({"enabled": False, "blocking": None, "severityThreshold": 3}, "off"),
        ({"enabled": "false"}, "can't be told"),
        ({"enabled": None}, "can't be told"),
        ({"enabled": 0}, "can't be told"),
        ({"blocking": None}, "can't be told"),
        ({"blocking": 1}, "can't be told"),
        ({"severityThreshold": None}, "can't be told"),
        ({"severityThreshold": "Safe"}, "can't be told"),
        ({"severityThreshold": None, "allowedContentLevel": "Low"}, "can't be told"),
        ({"action": "BLOCKING"}, "blocks medium and high"),
        ({"action": "None"}, "blocks medium and high"),
        ({"action": "ANNOTATING"}, "can't be told"),
        ({"action": "HITL"}, "can't be told"),
        ({"action": {"a": 1}}, "can't be told"),
        ({"blocking": None, "action": "Annotating"}, "annotates only"),
    ],
)
def test_a_filter_with_levels_says_what_it_blocks(fields, said):
    assert words(one(**fields), graded=True) == said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "blocks"),
        ({"severityThreshold": "High"}, "blocks"),
        ({"severityThreshold": 7}, "blocks"),
        ({"blocking": False}, "annotates only"),
        ({"enabled": False}, "off"),
        ({"enabled": "yes"}, "can't be told"),
    ],
)
def test_a_filter_without_levels_has_none_whatever_its_threshold(fields, said):
    told = {"name": "jailbreak", "source": "PROMPT", "enabled": True, "blocking": True, **fields}
    cell = read({"contentFilters": [told]}).cells[JAILBREAK]
    assert (words(cell.strength, cell.graded), cell.graded) == (said, False)


def test_a_filter_said_twice_and_not_alike_cannot_be_told():
    assert one() is Strength.MEDIUM
    twice = read({"contentFilters": [hate(), hate(enabled=False)]})
    assert twice.strength(HATE) is None
    alike = read({"contentFilters": [hate(), hate(name="HATE", source="prompt")]})
    assert alike.strength(HATE) is Strength.MEDIUM
    cased = {**hate(), "Blocking": False}
    assert read({"contentFilters": [cased]}).strength(HATE) is None


def test_a_filter_without_a_source_is_of_prompts_and_completions():
    told = hate()
    del told["source"]
    assert {*read({"contentFilters": [told]}).cells} == {HATE, ("hate", "completion")}


@pytest.mark.parametrize(
    ("mode", "meant"),
    [
        ("Default", "buffered"),
        ("blocking", "buffered"),
        ("Asynchronous_filter", "asynchronous"),
        ("DEFERRED", "asynchronous"),
        ("Another", ""),
        (None, ""),
        (3, ""),
    ],
)
def test_a_mode_is_buffered_or_asynchronous_or_not_known(mode, meant):
    assert read({"mode": mode}).mode == meant


def test_what_a_policy_does_not_state_is_its_base_s_and_else_not_known():
    base = {"type": "SystemManaged", "contentFilters": [hate(severityThreshold="Low")]}
    own = {"basePolicyName": "Microsoft.Default", "contentFilters": []}
    under = read(own, base)
    assert (under.strength(HATE), under.cells[HATE].stated) == (Strength.LOW, False)
    assert under.strength(JAILBREAK) is Strength.OFF
    assert read(own).strength(HATE) is None
    assert read({"contentFilters": []}).strength(HATE) is None
    # What cannot be read may be about anything.
    odd = {**own, "contentFilters": [{"name": "Hate", "source": 3, "enabled": False}]}
    assert read(odd, base).strength(HATE) is None
    assert filters.of_account({"Microsoft.Default": base, "Mine": own})["mine"] == under


@unhurried
@given(policies(), st.sampled_from(["contentFilters", "customBlocklists", "mode", "type"]), ANY)
def test_nothing_is_off_that_does_not_say_so(body, field, value):
    body = {**body, field: value}
    body.pop("type", None)
    for key, cell in read(body).cells.items():
        if cell.strength is Strength.OFF:
            stated = body["contentFilters"]
            assert any(
                it.get("enabled") is False
                for it in stated
                if isinstance(it, dict) and filters.folded(str(it.get("name"))) == key[0]
            )
    assert read(body).strength(("never", "heard")) is None


@unhurried
@given(policies())
def test_what_is_blocked_is_what_a_second_reckoning_says(body):
    policy = read({**body, "type": "UserManaged"})
    for category in NAMES:
        for direction in SOURCES:
            caught = stopped(body, category, direction)
            strength = policy.strength((category, direction))
            if caught is None:
                assert strength is None or not body.get("contentFilters")
                continue
            assert strength is not None
            assert strength == len(caught)


def test_policies_are_resolved_to_what_is_in_force():
    def listed(*names):
        rows = [{"policy": it, "resource": f"/{it.lower()}"} for it in names]
        return frame(POLICIES, rows)

    both = listed("Microsoft.Default", "Microsoft.DefaultV2", "Strict")
    found = filters.in_force({"filter_policy": "strict", "model": "gpt-4o"}, both)
    assert (found.policy, found.resource, found.by_default) == ("Strict", "/strict", False)
    for missing in (None, "", float("nan")):
        found = filters.in_force({"filter_policy": missing, "model": "gpt-4o"}, both)
        assert (found.policy, found.by_default) == ("Microsoft.DefaultV2", True)
    old = filters.in_force({"filter_policy": None, "model": "gpt-4o"}, listed("Microsoft.Default"))
    assert old.policy == "Microsoft.Default"
    image = filters.in_force({"filter_policy": "strict", "model": "gpt-image-1-mini"}, both)
    assert (image.policy, image.by_default) == ("Microsoft.DefaultV2", True)
    assert "always takes the default" in image.note
    gone = filters.in_force({"filter_policy": "gone", "model": "gpt-4o"}, both)
    assert (gone.policy, gone.resource) == ("gone", None)
    assert "can't be told" in gone.note


@unhurried
@given(st.data(), policies())
def test_a_fingerprint_minds_neither_order_nor_spelling(data, body):
    again = data.draw(rewritten(body))
    assert filters.contents(again) == filters.contents(body)
    assert read(again) == read(body)


@unhurried
@given(policies(), st.data())
def test_a_fingerprint_minds_everything_that_is_written(body, data):
    if not isinstance(body["contentFilters"], list) or not body["contentFilters"]:
        body["contentFilters"] = [hate()]
    changed = copied(body)
    entry = data.draw(st.sampled_from(range(len(changed["contentFilters"]))))
    if not isinstance(changed["contentFilters"][entry], dict):
        changed["contentFilters"][entry] = hate()
    changed["contentFilters"][entry]["unheard of"] = 1
    assert filters.contents(changed) != filters.contents(body)
    assert filters.contents({**body, "type": "x", "systemData": {}}) == filters.contents(body)


def in_order(items):
    return sorted(json.dumps(it, sort_keys=True) for it in items)


@unhurried
@given(policies())
def test_canonical_text_is_what_can_be_written_in_one_order(body):
    told = json.loads(filters.canonical(body))
    assert "type" not in told
    assert {*told} == {*body} - {"type"}
    for field, value in told.items():
        if isinstance(value, list):
            assert in_order(value) == in_order(body[field])
        else:
            assert value == body[field]
    for field in ("contentFilters", "customBlocklists"):
        if isinstance(body.get(field), list):
            turned = {**body, field: body[field][::-1]}
            assert filters.canonical(turned) == filters.canonical(body)


def settings():
    keys = st.tuples(st.sampled_from(sorted(NAMES)), st.sampled_from(["prompt", "completion"]))
    return st.dictionaries(keys, STRENGTHS, min_size=1, max_size=4)


def allowed(key, strength):
    """Whether such a setting can be: levels where there are some, and no category nobody knows."""
    levels = key[0] in GRADED or strength not in (Strength.HIGH, Strength.MEDIUM)
    return levels and key[0] != "somethingnew"


@unhurried
@given(policies(odd=False), settings(), st.sampled_from([None, "buffered", "asynchronous"]))
def test_what_is_edited_is_in_force_and_everything_else_is_as_it_was(body, wanted, mode):
    wanted = {key: it for key, it in wanted.items() if allowed(key, it)}
    before = copied(body)
    new = edited(body, wanted, mode=mode, graded=NOTHING)
    assert body == before
    policy, old = read(new), read(body)
    for key, strength in wanted.items():
        assert policy.strength(key) == strength
    for key in old.cells.keys() - wanted.keys():
        assert policy.cells[key] == old.cells[key]
    if mode:
        assert policy.mode == mode
    untouched = {"type", "contentFilters", *(["mode"] if mode else [])}
    assert {k: v for k, v in new.items() if k not in untouched} == {
        k: v for k, v in body.items() if k not in untouched
    }
    # Every entry of another filter stays as it is and where it is; of an edited one, what is not
    # edited.
    stay = [it for it in body["contentFilters"] if not touched(it, wanted)]
    assert [it for it in new["contentFilters"] if not touched(it, wanted)] == stay
    for entry in new["contentFilters"]:
        plain = {key: it for key, it in entry.items() if key not in EDITABLE}
        assert plain in [
            {key: it for key, it in old.items() if key not in EDITABLE}
            for old in [*body["contentFilters"], {"name": entry["name"]}]
        ]


EDITABLE = ("enabled", "blocking", "severityThreshold", "source")


def touched(entry, wanted):
    names = {key[0] for key in wanted}
    return any(entry["name"] in NAMES[it] for it in names)


def test_an_edit_that_changes_nothing_writes_nothing_anew():
    body = {"mode": "blocking", "contentFilters": [hate(severityThreshold="MEDIUM", x=1)]}
    assert edited(body, {HATE: Strength.MEDIUM}, mode="buffered", graded=NOTHING) == body


def test_a_filter_of_both_directions_is_split_when_one_is_edited():
    told = hate(x=[1])
    del told["source"]
    new = edited({"contentFilters": [told]}, {HATE: Strength.LOW}, graded=NOTHING)
    assert new["contentFilters"] == [
        hate(severityThreshold="Low", x=[1]),
        hate(source="Completion", x=[1]),
    ]


def test_blocklists_are_put_in_changed_and_taken_out():
    body = {"customBlocklists": [{"blocklistName": "A", "blocking": True, "y": 2}]}

    def lists(changes):
        return edited(body, {}, lists=changes, graded=NOTHING)["customBlocklists"]

    assert lists({("b", "prompt"): Strength.BLOCKS})[1] == {
        "blocklistName": "b",
        "blocking": True,
        "source": "Prompt",
    }
    assert lists({("a", "prompt"): None}) == [
        {"blocklistName": "A", "blocking": True, "y": 2, "source": "Completion"}
    ]
    assert lists({("A", "prompt"): None, ("a", "completion"): Strength.OFF}) == []
    new = read({"customBlocklists": lists({("a", "prompt"): Strength.ANNOTATES})}).lists
    assert new == {("a", "prompt"): Strength.ANNOTATES, ("a", "completion"): Strength.BLOCKS}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"settings": {("hats", "prompt"): Strength.LOW}}, "'hats' is no category"),
        ({"settings": {("hate", "sideways"): Strength.LOW}}, "no direction"),
        ({"settings": {JAILBREAK: Strength.HIGH}}, "Prompt attack has no levels"),
        ({"mode": "streaming"}, "'streaming' is no mode"),
        ({"lists": {("b", "prompt"): Strength.MEDIUM}}, "no levels"),
        ({"lists": {("", "prompt"): Strength.BLOCKS}}, "is named"),
        ({"body": {"contentFilters": "x"}}, "not known here"),
    ],
)
def test_what_cannot_be_is_refused_in_words(change, says):
    body = change.pop("body", {"contentFilters": []})
    wanted = change.pop("settings", {HATE: Strength.LOW})
    with pytest.raises(OutOfRange, match=says):
        edited(body, wanted, graded=NOTHING, **change)


def test_the_catalogue_says_which_filters_there_are_and_which_have_levels():
    told = {"Hate": True, "Task Drift": False}
    new = edited({}, {("taskdrift", "prompt"): Strength.BLOCKS}, graded=told)
    assert new["contentFilters"][0] == {
        "name": "Task Drift",
        "source": "Prompt",
        "enabled": True,
        "blocking": True,
    }
    with pytest.raises(OutOfRange, match="no category"):
        edited({}, {("violence", "prompt"): Strength.LOW}, graded=told)


@pytest.mark.parametrize("name", ["strict", "a", "Strict-2.b_c", "9", "x" * 64])
def test_names_that_can_be(name):
    filters.named(name)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "missing"),
        ("two words", "no blanks"),
        ("tab\t", "no blanks"),
        ("-x", "begins"),
        ("x" * 65, "1 to 64"),
        ("größe", "a to z"),
        ("a/b", "1 to 64"),
    ],
)
def test_names_that_cannot_be(name, says):
    with pytest.raises(OutOfRange, match=says):
        filters.named(name)


def term(name="t", pattern="x", **fields):
    return {"name": name, "pattern": pattern, **fields}


def test_terms_are_taken_as_they_are_written():
    regex = term("r", r"\bgo+\b", isRegex=True)
    assert terms([term(), regex]) == [term(isRegex=False), regex]


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ([term(pattern="(", isRegex=True)], "Term t is no valid regular expression at character 1"),
        ([term(pattern="a" * 129)], "128 printable"),
        ([term(pattern="a" * 1001, isRegex=True)], "1,000 printable"),
        ([term(pattern="a\nb")], "printable"),
        ([term(pattern="  ")], "empty"),
        ([term(pattern=3)], "empty"),
        ([term("two words")], "no blanks"),
        ([term(isRegex="yes")], "yes or no"),
        ([term(), term("T", "y")], "name 't' is there twice"),
        ([term(), term("u")], "pattern 'x' is there twice"),
        ([term(f"t{it}", str(it)) for it in range(10_000)], "10,000 terms at once"),
    ],
)
def test_terms_that_cannot_be(told, says):
    with pytest.raises(OutOfRange, match=says):
        terms(told)


def test_a_blocklist_is_full_at_some_time():
    many = [term(f"t{it}", str(it)) for it in range(AT_ONCE)]
    assert len(terms(many, MOST - AT_ONCE)) == AT_ONCE
    with pytest.raises(OutOfRange, match="10,000 terms; with these it would have 10,001"):
        terms(many, MOST - AT_ONCE + 1)
