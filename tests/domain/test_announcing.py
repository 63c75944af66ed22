"""What is worth a message, in which words, told once for each time that it is so."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.announcing import announced
from domain.pending import Ending, Facts, Unanswered, Waiver
from tests.domain.test_today import (
    ASKED,
    BASELINE,
    DAY,
    EXEMPT,
    FLIP,
    IN_FORCE,
    NOW,
    SHOP,
    TASK,
)

ASKING = replace(ASKED, since=NOW)
ENDING = Ending(SHOP, "dpia", False, "", NOW + 6 * DAY)
SEVERE = Unanswered(SHOP, 3, 1, NOW - DAY)


def told(now=NOW, **facts):
    return list(announced(Facts(**facts), now))


KINDS = [
    ({"asking": (ASKING,)}, "Shop chat waits for approval", "product and the security approval"),
    ({"turned": (FLIP,)}, "The gate of Shop chat has turned", "no longer passes"),
    ({"tasks": (TASK,)}, "A task of Shop chat waits", "due by 2026-11-19 12:00 UTC"),
    ({"feedback": (SEVERE,)}, "Severe feedback about Shop chat", "1 of 3 without an answer"),
    ({"ending": (ENDING,)}, "Evidence of Shop chat ends soon", "dpia ends on 2026-11-24"),
    (
        {"waivers": (Waiver(SHOP, "dpia", "contoso/ada"),)},
        "A waiver of Shop chat waits for approval",
        "until somebody else approves",
    ),
    ({"exemptions": (EXEMPT,)}, "Exemption 4 waits for approval", "Medical texts"),
    (
        {"exemptions": (replace(IN_FORCE, review_by=NOW + DAY),)},
        "Exemption 4 is due for review",
        "reviewed by 2026-11-19",
    ),
    (
        {"exemptions": (replace(IN_FORCE, review_by=NOW - DAY),)},
        "Exemption 4 is overdue for review",
        "excuses nothing any more",
    ),
    ({"baselines": (BASELINE,)}, "A baseline waits for approval", "Chat, version 2"),
]


@pytest.mark.parametrize(("facts", "title", "words"), KINDS, ids=[it[1] for it in KINDS])
def test_what_waits_is_told_in_words_with_its_page(facts, title, words):
    (it,) = told(**facts)
    assert it.title == title
    assert words in it.words
    assert it.page in ("filters", "rollout?rollout=7", "rollout?rollout=7&tab=Readiness")


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"asking": (replace(ASKING, lacking=()),)},
        {"turned": (replace(FLIP, before="active", after="awaiting approval"),)},
        {"feedback": (replace(SEVERE, severe=0),)},
        {"ending": (replace(ENDING, expires_at=NOW + 7 * DAY + timedelta(minutes=1)),)},
        {"exemptions": (IN_FORCE, replace(EXEMPT, decision="declined"))},
        {"baselines": (replace(BASELINE, ends=NOW),)},
    ],
)
def test_what_is_not_worth_a_message_is_not_told(facts):
    assert told(**facts) == []


def test_what_is_so_again_is_told_again_and_what_goes_on_is_not():
    def key(now=NOW, **facts):
        (it,) = told(now, **facts)
        return it.key

    again = replace(ASKING, since=NOW + DAY)
    assert key(asking=(ASKING,)) == key(NOW + DAY, asking=(ASKING,))
    assert key(asking=(ASKING,)) != key(asking=(again,))
    assert key(tasks=(TASK,)) != key(NOW + 2 * DAY, tasks=(TASK,))
    assert key(ending=(ENDING,)) != key(NOW + 9 * DAY, ending=(ENDING,))
    assert key(turned=(FLIP,)) == key(NOW + DAY, turned=(FLIP,))


def test_words_of_people_hold_nothing_that_a_medium_acts_on():
    of = replace(SHOP, title="<b>@all</b> http://evil.example [x](y)")
    (it,) = told(asking=(replace(ASKING, of=of),))
    assert not set("<>[]@") & set(it.title + it.words)
    assert "://" not in it.title
