"""What is demanded, excused, other than demanded, and how far from it on each day, is kept."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain import frames
from domain.baselines import DEVIATIONS, Baseline
from domain.exemptions import Exemption
from domain.faults import Outdated
from domain.filters import Strength
from domain.moderation import FILTER_DAYS
from store import baselines, deviations, exemptions, filter_days
from tests.store.conftest import NOW

DAY = timedelta(days=1)
FIRST = Baseline(
    key="external",
    version=1,
    title="External",
    audience="external",
    environment="",
    least={("hate", "prompt"): Strength.LOW, ("jailbreak", "prompt"): Strength.BLOCKS},
    mode="buffered",
    starts=NOW,
    proposer="t/a",
    at=NOW,
)
ASKED = Exemption(
    kind="deviation",
    resource="/r/chat",
    category="hate",
    direction="prompt",
    accepts=Strength.HIGH,
    justification="a study",
    reference="",
    reviewer="Ada",
    review_by=NOW + DAY,
    unit="retail",
    proposer="t/a",
    at=NOW,
)


def test_every_version_of_a_baseline_is_kept_and_waits_until_it_is_approved(begin, read):
    begin(baselines.add, FIRST)
    assert read(baselines.known) == [FIRST]
    begin(baselines.approve, "external", 1, "t/b", NOW)
    approved = replace(FIRST, approver="t/b", approved_at=NOW)
    assert read(baselines.find, "external", 1) == approved
    with pytest.raises(Outdated, match="version 1, has changed since"):
        begin(baselines.approve, "external", 1, "t/c", NOW)
    second = replace(FIRST, version=2, mode="")
    begin(baselines.add, second)
    assert read(baselines.known) == [approved, second]
    assert read(baselines.find, "external", 3) is None


def test_two_people_do_not_make_the_same_version(begin):
    begin(baselines.add, FIRST)
    for version in (1, 3):
        with pytest.raises(Outdated, match="another version since"):
            begin(baselines.add, replace(FIRST, version=version))


def test_a_baseline_ends_only_as_it_was_seen(begin, read):
    begin(baselines.add, FIRST)
    begin(baselines.end, "external", 1, None, NOW + DAY)
    with pytest.raises(Outdated):
        begin(baselines.end, "external", 1, None, NOW)
    assert read(baselines.find, "external", 1).ends == NOW + DAY


def test_what_a_console_starts_with_is_kept_once(begin, read):
    begin(baselines.enrol, [FIRST])
    begin(baselines.enrol, [FIRST, replace(FIRST, key="internal")])
    assert [it.key for it in read(baselines.known)] == ["external"]


def test_an_exemption_is_decided_once_and_ended_once(begin, read):
    id = begin(exemptions.add, ASKED)
    assert read(exemptions.known) == [replace(ASKED, id=id)]
    begin(exemptions.decide, id, "approved", "t/b", NOW, "as agreed")
    with pytest.raises(Outdated):
        begin(exemptions.decide, id, "declined", "t/c", NOW)
    begin(exemptions.end, id, "t/a", NOW + DAY)
    with pytest.raises(Outdated):
        begin(exemptions.end, id, "t/a", NOW)
    assert read(exemptions.find, id) == replace(
        ASKED,
        id=id,
        decision="approved",
        approver="t/b",
        decided_at=NOW,
        note="as agreed",
        ended_at=NOW + DAY,
        ended_by="t/a",
    )
    assert read(exemptions.find, id + 1) is None


def test_what_has_ended_is_not_decided(begin):
    id = begin(exemptions.add, ASKED)
    begin(exemptions.end, id, "t/a", NOW)
    with pytest.raises(Outdated):
        begin(exemptions.decide, id, "approved", "t/b", NOW)


def deviating(*told, at=NOW):
    rows = [
        {
            "resource": resource,
            "category": "hate",
            "direction": "prompt",
            "way": way,
            "subscription": "s",
            "since": at,
        }
        for resource, way in told
    ]
    return frames.frame(DEVIATIONS, rows)


def since(found):
    return {(it.resource, it.way): it.since for it in found.itertuples()}


def test_a_deviation_keeps_its_age_ends_and_comes_back_young(begin, read):
    begin(deviations.keep, deviating(("/a", "looser"), ("/b", "looser")), ["s"])
    later = deviating(("/a", "looser"), ("/b", "different"), at=NOW + DAY)
    begin(deviations.keep, later, ["s"])
    found = {("/a", "looser"): NOW, ("/b", "different"): NOW + DAY}
    assert since(read(deviations.of, ["s"])) == found
    begin(deviations.keep, deviating(), ["another"])
    assert since(read(deviations.of, ["s"])) == found
    begin(deviations.keep, deviating(), ["s"], {"/a"})
    assert since(read(deviations.of, ["s"])) == {("/a", "looser"): NOW}
    begin(deviations.keep, deviating(), ["s"])
    begin(deviations.keep, deviating(("/a", "looser"), at=NOW + 2 * DAY), ["s"])
    assert since(read(deviations.of, ["s"])) == {("/a", "looser"): NOW + 2 * DAY}
    assert read(deviations.of, ["another"]).empty


def days(distance, day=NOW, resource="/a"):
    told = {"day": day, "resource": resource, "subscription": "s", "policy": "p", "baseline": "b"}
    return frames.frame(FILTER_DAYS, [{**told, "distance": distance}])


def test_the_last_look_at_a_day_wins(begin, read):
    begin(filter_days.keep, days(3))
    begin(filter_days.keep, days(5))
    begin(filter_days.keep, days(1, NOW + DAY))
    begin(filter_days.keep, days(2, NOW - DAY))
    found = read(filter_days.since, NOW, ["s"])
    assert dict(found.dtypes.astype(str)) == dict(FILTER_DAYS)
    assert found[["day", "distance"]].values.tolist() == [[NOW, 5], [NOW + DAY, 1]]
    assert found["looser"].isna().all()
    assert read(filter_days.since, NOW, ["another"]).empty
