"""A message arrives as plain words by web and by mail; what goes wrong is said without a secret."""

import logging
import socket
import time
from io import StringIO

import pytest

from domain.faults import Untold
from services import notices
from tests.letterbox import SECRET, mailbox, webhook

TITLE, WORDS = "Plan 12 waits", "More for shop-chat: 10 to 20.\n\nAs of 2026-11-18 12:34 UTC."
HOSTILE = "<script>alert(1)</script> **bold** {{secret}} $HOME @all"


@pytest.fixture(params=[webhook, mailbox], ids=["web", "mail"])
def box(request):
    with request.param() as box:
        yield box


def send(address, title=TITLE, words=WORDS):
    notices.send(address, "Address 1", title, words)


def refused(address):
    with pytest.raises(Untold) as fault:
        send(address)
    assert fault.value.words.startswith("Address 1 ")
    assert SECRET not in f"{fault.value!r} {fault.value.words}"
    return fault.value.words


def test_words_arrive_as_they_are(box):
    send(box.address)
    ((title, words),) = box.letters
    assert title == TITLE
    for line in WORDS.split("\n"):
        assert line in words


def test_a_letter_is_from_and_to_whom_the_address_says():
    with mailbox() as box:
        send(box.address)
        (letter,) = box.raw
    assert "console@example.com" in letter["From"]
    assert letter["To"] == "ada@example.com"


def test_what_looks_like_markup_stays_text():
    with mailbox() as box:
        send(box.address, HOSTILE, HOSTILE)
        (letter,) = box.raw
    for part in letter.walk():
        if part.get_content_type() == "text/html":
            assert "<script>" not in part.get_content()
            assert "<b>" not in part.get_content()
    with webhook() as box:
        send(box.address, HOSTILE, HOSTILE)
        assert box.letters == [(HOSTILE, HOSTILE)]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (301, "did not take the message (status 301)"),
        (400, "does not accept the message (status 400)"),
        (401, "does not accept the credentials (status 401)"),
        (403, "does not accept the credentials (status 403)"),
        (404, "does not exist any more (status 404)"),
        (410, "does not exist any more (status 410)"),
        (418, "did not take the message (status 418)"),
        (429, "was told too much and wants a pause (status 429)"),
        (500, "has a failure of its own (status 500)"),
        (503, "has a failure of its own (status 503)"),
    ],
)
def test_a_web_server_that_says_no_is_told_in_our_words(status, words):
    with webhook() as box:
        box.status = status
        assert refused(box.address) == f"Address 1 (JSON) {words}."


@pytest.mark.parametrize("status", [421, 450, 550])
def test_a_mail_server_that_says_no_is_told_in_our_words(status):
    with mailbox() as box:
        box.status = status
        assert "could not be reached, or did not take the message" in refused(box.address)


@pytest.mark.parametrize("make", [webhook, mailbox])
def test_a_server_that_is_gone_is_told_in_our_words(make):
    with make() as box:
        gone = box.address
    assert "could not be reached" in refused(gone)


def test_a_server_that_says_nothing_is_not_waited_for_for_ever():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        port = silent.getsockname()[1]
        assert "could not be reached" in refused(f"json://127.0.0.1:{port}/{SECRET}?rto=0.3")
    assert time.monotonic() - began < notices.TIMEOUT_S


@pytest.mark.parametrize(
    "address", ["", SECRET, f"{SECRET}://x", f"slack://{SECRET}", f"mailto://{SECRET}", "json://"]
)
def test_an_address_that_is_none_is_told_without_it(address):
    assert "none that messages can be sent to" in refused(address)


@pytest.fixture
def written():
    """What the console's log takes up meanwhile, however much Apprise talks."""
    text, talkative = StringIO(), logging.getLogger("apprise")
    handler, before = logging.StreamHandler(text), talkative.level
    logging.getLogger().addHandler(handler)
    talkative.setLevel(logging.DEBUG)
    yield text
    talkative.setLevel(before)
    logging.getLogger().removeHandler(handler)


def test_no_log_holds_a_secret(written, capfd):
    with webhook() as box:
        send(box.address)
        box.status = 500
        refused(box.address)
    refused(box.address)
    refused(f"slack://{SECRET}")
    out = capfd.readouterr()
    assert SECRET not in written.getvalue() + out.out + out.err
