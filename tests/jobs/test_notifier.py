"""What people are told, through the store, by a real web server and a real mail server."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from actions import request, told
from domain import frames
from domain.faults import Untold
from domain.notices import NOBODY, PASSED
from domain.plans import Leg, Plan, State
from domain.readings import BILLS, TENANT, Snapshot, kept_columns
from domain.requests import Request, Status
from jobs.notifier import LEASE, Notifier
from reads.notices import outbox
from store import exemptions, plans, requests, snapshots
from tests.domain.test_today import EXEMPT
from tests.letterbox import SECRET, mailbox, webhook
from tests.world import CHAT, NOON

LINK = "https://console.example.com"
POOL = "s|westeurope|openai.standard.gpt-4o"
LEG = Leg("capacity", CHAT, "1", "10", "20", POOL, 10, "retail")


@pytest.fixture
def boxes():
    """A webhook and a mailbox."""
    with ExitStack() as stack:
        yield stack.enter_context(webhook()), stack.enter_context(mailbox())


@pytest.fixture
def notifier(console, boxes):
    return Notifier(console.store, console.clock, [it.address for it in boxes], LINK)


def keep(console, state=State.PROPOSED, **fields):
    asked = fields.pop("asked_at", NOON)
    plan = Plan((LEG,), "contoso/ada", "x", asked, "More for chat", state=state, **fields)
    with console.store.begin() as session:
        return plans.add(session, plan)


def ask(console, **fields):
    wanted = Request("retail-online", POOL, 20, "x", "contoso/maria", console.clock())
    with console.store.begin() as session:
        return requests.add(session, replace(wanted, **fields))


def titles(box):
    return [title for title, _ in box.letters]


def rows(console):
    return outbox(console.store).set_index("key")


def rounds(notifier, console, many, **by):
    for _ in range(many):
        console.clock.move(**by)
        notifier.run_once()


# --- what is told -----------------------------------------------------------------------------


def test_what_waits_today_is_told_once_with_its_page(notifier, console, boxes):
    with console.store.begin() as session:
        exemptions.add(session, EXEMPT)
    notifier.run_once()
    console.clock.move(hours=1)
    notifier.run_once()
    for box in boxes:
        assert titles(box) == ["Exemption 1 waits for approval"]
        assert f"{LINK}/filters" in box.letters[0][1]
    assert list(rows(console)["kind"]) == ["content filter"]


def test_what_waits_for_people_reaches_them_by_web_and_by_mail_once(notifier, console, boxes):
    plan = keep(console)
    ask(console)
    notifier.run_once()
    for box in boxes:
        assert titles(box) == [f"Plan {plan} waits for approval", "Request 1 for quota is new"]
        words = box.letters[0][1]
        assert "More for chat. It waits for the approval of a second person" in words
        assert "As of 2026-11-18 12:34 UTC." in words
        assert f"{LINK}/plan?plan={plan}" in words
        assert "Maria Merian asked for 20 units" in box.letters[1][1]
        assert f"{LINK}/requests" in box.letters[1][1]
    rounds(notifier, console, 3, hours=9)
    assert [len(box.letters) for box in boxes] == [2, 2]
    assert set(rows(console)["standing"]) == {"sent"}


def test_a_month_that_can_be_closed_is_told_once(notifier, console, boxes):
    row = {"bill": "2026-10 EUR", "month": "2026-10", "currency": "EUR", "ready": True}
    ready = Snapshot(frames.frame(kept_columns(BILLS), [row | {"seen_at": NOON}]), NOON)
    for it in (ready, Snapshot(ready.frame[:0], NOON), ready):
        with console.store.begin() as session:
            snapshots.keep(session, BILLS, TENANT, it)
        rounds(notifier, console, 1, hours=1)
    for box in boxes:
        assert titles(box) == ["2026-10 in EUR can be closed"]
        assert f"{LINK}/statements?month=2026-10&currency=EUR" in box.letters[0][1]


def test_every_step_of_a_request_is_told(notifier, console, boxes):
    ask(console)
    notifier.run_once()
    for status in (Status.SENT, Status.PARTLY):
        request.decide(console.visit("ada"), 1, status, "half of it")
        rounds(notifier, console, 1, minutes=5)
    assert titles(boxes[0]) == [
        "Request 1 for quota is new",
        "Request 1 for quota is sent to Microsoft",
        "Request 1 for quota is partly granted",
    ]


def test_a_plan_that_stops_halfway_or_takes_long_is_told(notifier, console, boxes):
    stopped = keep(console, State.NEEDS_PERSON, said="It cannot be told.")
    long = keep(console)
    with console.store.begin() as session:
        plan = plans.find(session, long)
        plans.move(session, plan, State.CONFIRMED, NOON)
        (claimed,) = plans.claim(session, NOON, "w", timedelta(minutes=2))
        plans.save(session, claimed.plan.writing(0, NOON), claimed.fence)
    notifier.run_once()
    assert titles(boxes[0]) == [f"Plan {stopped} needs a person"]
    rounds(notifier, console, 1, minutes=31)
    assert titles(boxes[0])[1:] == [f"Plan {long} is long under way"]


def test_a_change_that_was_not_taken_back_is_told(notifier, console, boxes):
    until = NOON + timedelta(minutes=1)
    due = keep(console, State.DONE, until=until)
    failed = keep(console, State.DONE, until=until)
    keep(console, State.ABORTED, asked_at=until, undoes=failed, said="Changed.", ended_at=NOON)
    notifier.run_once()
    assert titles(boxes[0]) == [f"Plan {failed} was not taken back"]
    assert "aborted. Changed." in boxes[0].letters[0][1]
    rounds(notifier, console, 1, minutes=15)
    assert len(boxes[0].letters) == 1, "the calendar has a quarter of an hour"
    rounds(notifier, console, 1, minutes=2)
    assert titles(boxes[0])[1:] == [f"Plan {due} was not taken back"]


def test_what_is_long_past_at_the_first_start_is_not_told(notifier, console, boxes):
    ask(console, status=Status.GRANTED)
    rounds(notifier, console, 1, days=3)
    assert boxes[0].letters == []


# --- what goes wrong --------------------------------------------------------------------------


def test_what_was_not_taken_is_tried_again_with_growing_pauses(notifier, console, boxes):
    web, mail = boxes
    web.status = 503
    keep(console)
    notifier.run_once()
    for pause in (1, 5, 30, 360):
        row = rows(console).iloc[0]
        assert row["standing"] == "failing"
        assert row["said"] == "Address 1 (JSON) has a failure of its own (status 503)."
        assert row["next_at"] - console.clock() == timedelta(minutes=pause)
        rounds(notifier, console, 1, minutes=pause, seconds=-1)
        assert rows(console).iloc[0]["tries"] == row["tries"]
        rounds(notifier, console, 1, seconds=1)
        assert rows(console).iloc[0]["tries"] == row["tries"] + 1
    web.status = 200
    rounds(notifier, console, 1, hours=6)
    assert len(web.letters) == 1
    assert len(mail.letters) == 1, "who has taken it is not told again"
    assert rows(console).iloc[0]["standing"] == "sent"


def test_after_two_days_it_is_given_up_and_said(notifier, console, boxes):
    for box in boxes:
        box.status = 550
    keep(console)
    rounds(notifier, console, 80, hours=1)
    row = rows(console).iloc[0]
    assert (row["standing"], row["tries"]) == ("not sent", 12)
    assert "Address 1" in row["said"]
    assert "Address 2" in row["said"]
    boxes[0].status = 200
    rounds(notifier, console, 5, hours=9)
    assert boxes[0].letters == []


def test_no_secret_is_kept_or_shown(notifier, console, boxes):
    boxes[0].status = 500
    keep(console)
    notifier.run_once()
    assert SECRET not in outbox(console.store).to_csv()
    assert SECRET not in f"{notifier!r}"


def test_what_has_passed_before_it_could_be_told_is_not_told(notifier, console, boxes):
    for box in boxes:
        box.status = 503
    id = keep(console)
    notifier.run_once()
    with console.store.begin() as session:
        plans.move(session, plans.find(session, id), State.WITHDRAWN, NOON)
    for box in boxes:
        box.status = 200
    rounds(notifier, console, 2, minutes=2)
    assert [box.letters for box in boxes] == [[], []]
    row = rows(console).iloc[0]
    assert (row["standing"], row["said"]) == ("not sent", PASSED)


def test_without_an_address_nobody_is_told_until_there_is_one(console, notifier, boxes):
    nobody = Notifier(console.store, console.clock, [], "")
    keep(console)
    told.test(console.visit("ada"))
    nobody.run_once()
    assert rows(console)["said"].to_dict() == {"test:contoso/ada": NOBODY}
    notifier.run_once()
    assert len(boxes[0].letters) == 1, "the approval still waits, and the test was over"


def test_what_was_in_hand_when_addresses_went_is_told_when_they_are_back(console, notifier, boxes):
    for box in boxes:
        box.status = 503
    keep(console)
    notifier.run_once()
    Notifier(console.store, console.clock, [], "").run_once()
    for box in boxes:
        box.status = 200
    notifier.run_once()
    assert [len(box.letters) for box in boxes] == [1, 1]


# --- replicas and crashes ---------------------------------------------------------------------


def test_two_replicas_tell_once(console, boxes):
    addresses = [it.address for it in boxes]
    pair = [Notifier(console.store, console.clock, addresses, LINK) for _ in range(2)]
    for _ in range(8):
        keep(console)
    start = Barrier(2)

    def work(one):
        start.wait()
        for _ in range(3):
            one.run_once()

    threads = [Thread(target=work, args=(it,)) for it in pair]
    for it in threads:
        it.start()
    for it in threads:
        it.join()
    for box in boxes:
        assert len(box.letters) == len(set(titles(box))) == 8
    assert len(outbox(console.store)) == 8


def test_whoever_dies_while_telling_is_followed_by_another(console, notifier, boxes):
    def dies(*_):
        raise KeyboardInterrupt

    keep(console)
    dying = Notifier(console.store, console.clock, ["x"], LINK, dies)
    with pytest.raises(KeyboardInterrupt):
        dying.run_once()
    notifier.run_once()
    assert boxes[0].letters == [], "it may still be on its way"
    console.clock.move(seconds=LEASE.total_seconds())
    notifier.run_once()
    assert len(boxes[0].letters) == 1


def test_one_that_hangs_keeps_no_round_for_ever(console, monkeypatch):
    sent = []

    def slow(*letter):
        sent.append(letter)
        raise Untold("Address 1 is slow.")

    for _ in range(5):
        keep(console)
    monkeypatch.setattr("jobs.notifier.BUSY_S", 0)
    one = Notifier(console.store, console.clock, ["x"], "", slow)
    one.run_once()
    assert len(sent) == 1
    one.run_once()
    assert len(sent) == 2


def test_an_idle_round_writes_nothing(notifier, console, monkeypatch):
    keep(console)
    notifier.run_once()
    monkeypatch.setattr(console.store, "begin", lambda: pytest.fail("it wrote"))
    rounds(notifier, console, 3, seconds=5)


# --- the test button's verb -------------------------------------------------------------------


def test_a_test_arrives_and_can_be_made_again(notifier, console, boxes):
    key = told.test(console.visit("ada"))
    notifier.run_once()
    for box in boxes:
        ((title, words),) = box.letters
        assert title == "A test of the console"
        assert "Ada Byron wanted to know" in words
    assert rows(console).loc[key, "standing"] == "sent"
    assert told.test(console.visit("ada")) == key
    notifier.run_once()
    assert len(boxes[0].letters) == 2


def test_a_test_that_fails_says_why_at_once_and_is_over(notifier, console, boxes):
    boxes[1].status = 550
    key = told.test(console.visit("ada"))
    notifier.run_once()
    row = rows(console).loc[key]
    assert row["standing"] == "not sent"
    assert row["said"].startswith("Address 2 (")
    told.test(console.visit("ada"))
    boxes[1].status = 200
    notifier.run_once()
    assert rows(console).loc[key, "standing"] == "sent"


def test_what_is_so_for_a_season_is_told_again(notifier, console, boxes):
    id = keep(console)
    notifier.run_once()
    console.clock.move(days=91)
    ask(console)
    rounds(notifier, console, 2, minutes=1)
    assert titles(boxes[0]).count(f"Plan {id} waits for approval") == 2
    assert len(outbox(console.store)) == 2
