"""The register of exemptions: what may be asked for, where it stands, whether it is as it says."""

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from domain import exemptions, frames, moderation
from domain.exemptions import Exemption, State, against, checked
from domain.faults import OutOfRange
from domain.filters import Strength
from tests.domain.rows import ACCOUNT, NOW

DAY = timedelta(days=1)
CHAT = f"{ACCOUNT}/deployments/chat"
ASKED = Exemption(
    kind="deviation",
    resource=CHAT,
    category="hate",
    direction="prompt",
    accepts=Strength.HIGH,
    justification="a study of slurs",
    reference="",
    reviewer="Ada",
    review_by=NOW + 30 * DAY,
    unit="retail",
    proposer="t/a",
    at=NOW,
    id=7,
)
GIVEN = replace(ASKED, decision="approved", approver="t/b", decided_at=NOW)
WATCH = replace(
    GIVEN, kind="abuse monitoring", resource=ACCOUNT, category="", direction="", reference="MS-1"
)


def cells(**fields):
    told = {"resource": CHAT, "category": "hate", "direction": "prompt", "strength": 2}
    return frames.frame(
        moderation.CELLS, [{**told, "words": "blocks high only", "way": "looser", **fields}]
    )


def accounts(said=None):
    return frames.frame(frames.ACCOUNTS, [{"account_id": ACCOUNT, "content_logging": said}])


def listed(*known, cells=None, said=None, at=NOW):
    there = frames.frame(moderation.CELLS, []) if cells is None else cells
    return frames.records(against(known, there, accounts(said), at))


def told(row):
    return None if pd.isna(row["agrees"]) else row["agrees"]


@pytest.mark.parametrize(
    ("it", "state"),
    [
        (ASKED, State.PROPOSED),
        (replace(ASKED, decision="declined"), State.DECLINED),
        (GIVEN, State.IN_FORCE),
        (replace(GIVEN, review_by=NOW), State.OVERDUE),
        (replace(GIVEN, ended_at=NOW), State.ENDED),
        (replace(ASKED, ended_at=NOW), State.ENDED),
        (replace(GIVEN, review_by=NOW, ended_at=NOW), State.ENDED),
    ],
)
def test_where_an_exemption_stands(it, state):
    assert it.state(NOW) is state


@pytest.mark.parametrize(
    ("accepts", "strength", "covered"),
    [
        (Strength.HIGH, 2, True),
        (Strength.HIGH, 3, True),
        (Strength.HIGH, 1, False),
        (Strength.HIGH, None, False),
        (Strength.OFF, None, True),
        (Strength.OFF, 0, True),
    ],
)
def test_it_covers_what_goes_no_further(accepts, strength, covered):
    assert replace(GIVEN, accepts=accepts).covers(strength) is covered


def test_of_several_the_one_that_accepts_most_counts():
    off = replace(GIVEN, accepts=Strength.OFF, id=8)
    for order in ([GIVEN, off], [off, GIVEN]):
        assert exemptions.standing(order, NOW) == {(CHAT, "hate", "prompt"): off}
    assert exemptions.standing([ASKED, WATCH], NOW) == {}


def test_it_is_kept_with_its_names_folded():
    asked = replace(ASKED, resource=CHAT.upper(), category="Self-Harm", direction="Prompt")
    found = checked(asked, NOW)
    assert (found.resource, found.category, found.direction) == (CHAT, "selfharm", "prompt")
    assert checked(WATCH, NOW) == WATCH
    mode = replace(ASKED, category="mode", direction="", accepts=Strength.OFF)
    assert checked(mode, NOW) == mode


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "favour"}, "deviation or of abuse monitoring"),
        ({"review_by": NOW}, "within a year"),
        ({"review_by": NOW + 367 * DAY}, "within a year"),
        ({"justification": ""}, "justification is missing"),
        ({"reviewer": " "}, "reviewer is missing"),
        ({"resource": "chat"}, "a deployment or an account"),
        ({"resource": ACCOUNT}, "one filter of one deployment"),
        ({"category": ""}, "one filter of one deployment"),
        ({"direction": ""}, "has a direction"),
        ({"category": "mode"}, "the mode has none"),
        ({"accepts": Strength.LOW}, "needs no exemption"),
        ({"category": "jailbreak"}, "without levels"),
        ({"direction": "completion", "accepts": Strength.ANNOTATES}, "Microsoft's approval"),
        ({"kind": "abuse monitoring", "category": "", "direction": ""}, "account as a whole"),
        (
            {
                "kind": "abuse monitoring",
                "resource": ACCOUNT,
                "category": "",
                "direction": "",
            },
            "Microsoft's approval",
        ),
    ],
)
def test_what_cannot_be_asked_for_is_refused_in_words(fields, says):
    with pytest.raises(OutOfRange, match=says):
        checked(replace(ASKED, **fields), NOW)


@pytest.mark.parametrize(
    ("fields", "agrees", "note"),
    [
        ({}, True, ""),
        ({"strength": 1, "words": "annotates only"}, False, "Accepted is blocks high only."),
        ({"strength": None, "way": "different"}, False, "Accepted is blocks high only."),
        ({"strength": 4, "way": ""}, False, "It is not needed: the filter does what is demanded."),
        ({"strength": 4, "way": "stricter"}, False, "It is not needed"),
        ({"category": "violence"}, False, "No baseline demands this filter."),
        ({"resource": "another"}, None, ""),
    ],
)
def test_an_entry_is_held_against_what_is_so(fields, agrees, note):
    (row,) = listed(GIVEN, cells=cells(**fields))
    assert told(row) is agrees
    assert row["note"].startswith(note)
    assert (row["id"], row["filter"], row["state"]) == (7, "Hate on prompts", "in force")


def test_only_what_is_in_force_or_overdue_can_agree():
    (row,) = listed(ASKED, cells=cells())
    assert told(row) is None
    (row,) = listed(GIVEN, cells=cells(), at=NOW + 31 * DAY)
    assert (row["state"], row["agrees"]) == ("overdue", True)


def test_accounts_that_nobody_watches_are_in_the_register_with_or_without_an_entry():
    (row,) = listed(said="False")
    assert (row["resource"], row["agrees"], row["live"]) == (
        ACCOUNT,
        False,
        "abuse monitoring is off",
    )
    (row,) = listed(WATCH, said="false")
    assert (row["id"], row["agrees"]) == (7, True)
    (row,) = listed(WATCH, said=None)
    assert (row["agrees"], row["note"]) == (False, "The entry is not used.")
    ended = replace(WATCH, ended_at=NOW)
    assert len(listed(ended, said="false")) == 2
    assert listed(said="true") == listed(said=None) == []
    (row,) = listed(replace(WATCH, resource="gone"))
    assert row["live"] == "can't be told"
