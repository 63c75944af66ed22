"""What was blocked is kept by the day, once, and a stretch that is asked again is replaced."""

from datetime import UTC, datetime

from domain import frames
from domain.moderation import HARM_DAYS
from store import harm_days
from tests.store.conftest import NOW

ONE, TWO = "/subscriptions/s/a/one", "/subscriptions/s/a/one-2"


def day(number, month=1):
    return datetime(2026, month, number, tzinfo=UTC)


def row(at=5, account=ONE, requests=1.0, **told):
    return {
        "day": day(at),
        "resource": f"{account}/deployments/chat",
        "subscription": "s",
        "what": "blocked",
        "category": "hate",
        "direction": "prompt",
        "severity": "",
        "requests": requests,
        "seen_at": NOW,
        **told,
    }


def harms(*rows):
    return frames.frame(HARM_DAYS, rows)


TOTAL = {"what": "total", "category": "", "direction": ""}


def kept(read, subscriptions=("s", "t")):
    found = read(harm_days.between, day(1), day(1, 2), subscriptions)
    assert dict(found.dtypes.astype(str)) == dict(HARM_DAYS)
    names = ("day", "resource", "what", "requests")
    return [
        (at.day, resource.split("/")[4], what, requests)
        for at, resource, what, requests in found[list(names)].itertuples(index=False)
    ]


def test_days_asked_twice_are_there_once(begin, read):
    both = harms(row(), row(requests=9.0, **TOTAL), row(6))
    for _ in range(2):
        begin(harm_days.replace, both, [ONE], day(5), day(7))
    assert kept(read) == [
        (5, "one", "blocked", 1.0),
        (5, "one", "total", 9.0),
        (6, "one", "blocked", 1.0),
    ]
    assert read(harm_days.many, [ONE]) == 3


def test_a_stretch_is_replaced_whole_and_nothing_beside_it(begin, read):
    begin(harm_days.replace, harms(row(4), row(5), row(6), row(7)), [ONE], day(4), day(8))
    begin(harm_days.replace, harms(row(5, TWO)), [TWO], day(5), day(6))
    begin(harm_days.replace, harms(row(6, requests=2.0)), [ONE], day(5), day(7))
    assert kept(read) == [
        (4, "one", "blocked", 1.0),
        (5, "one-2", "blocked", 1.0),
        (6, "one", "blocked", 2.0),
        (7, "one", "blocked", 1.0),
    ]
    assert (read(harm_days.many, [ONE]), read(harm_days.many, [TWO])) == (3, 1)


def test_one_deployment_and_one_subscription(begin, read):
    other = row(subscription="t", account=TWO)
    begin(harm_days.replace, harms(row(), other), [ONE, TWO], day(1), day(31))
    assert kept(read, ["t"]) == [(5, "one-2", "blocked", 1.0)]
    found = read(harm_days.of_deployment, f"{ONE}/deployments/chat", day(5), day(6))
    assert found["subscription"].tolist() == ["s"]
    assert read(harm_days.of_deployment, f"{ONE}/deployments/chat", day(6), day(9)).empty


def test_nothing_is_nothing(begin, read):
    begin(harm_days.replace, harms(), [ONE], day(1), day(31))
    assert kept(read) == []
