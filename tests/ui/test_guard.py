"""What stands before Streamlit: headers, origins, closed doors, a start-up profile."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
import streamlit as st
from starlette.responses import PlainTextResponse

from settings import Settings
from ui import guard
from ui.guard import Guard


async def cookied(scope, receive, send):
    answer = PlainTextResponse("inside", headers={"server": "uvicorn"})
    answer.set_cookie("_streamlit_xsrf", "x")
    await answer(scope, receive, send)


def sent(
    kind, path="/", method="GET", scheme="http", inside=cookied, hosts=(), told=None, **headers
):
    """The first message that leaves the guard for such a request."""
    messages = []

    async def receive():
        return {"type": f"{kind}.connect"}

    async def send(message):
        messages.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "path": path, "method": method, "scheme": scheme, "headers": raw}
    # On a thread of its own: the browser of the journeys keeps a loop on this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(
            asyncio.run, Guard(inside, hosts, **told or {})(scope, receive, send)
        ).result()
    return messages[0]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/deployments", 200),
        ("/_stcore/health", 200),
        ("/_stcore/metrics", 404),
        ("/_stcore/METRICS", 404),
        ("//_stcore/metrics", 404),
        ("/x/../_stcore/agent/interact", 404),
        ("/_stcore/upload_file/1/2", 404),
    ],
)
def test_headers_are_added_and_doors_stay_shut(path, status):
    answer = sent("http", path)
    headers = dict(answer["headers"])
    assert answer["status"] == status
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert b"frame-ancestors 'none'" in headers[b"content-security-policy"]
    assert b"server" not in headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_nothing_is_sent_in(method):
    assert sent("http", method=method)["status"] == 405


def test_cookies_are_secure_where_the_line_is():
    assert b"; Secure" not in dict(sent("http")["headers"])[b"set-cookie"]
    headers = dict(sent("http", scheme="https")["headers"])
    assert headers[b"set-cookie"].endswith(b"; Secure")
    assert b"strict-transport-security" in headers


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "https://elsewhere.example.org",
        "https://console.example.org.evil.example",
        "https://console.example.org:444",
    ],
)
def test_a_socket_of_another_origin_is_closed(origin):
    answer = sent("websocket", host="console.example.org", origin=origin)
    assert answer["type"] == "websocket.close"


def test_a_socket_of_our_own_origin_comes_in():
    async def inside(_scope, _receive, send):
        await send({"type": "websocket.accept"})

    told = {"host": "console.example.org", "origin": "https://console.example.org"}
    assert sent("websocket", inside=inside, **told)["type"] == "websocket.accept"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8501", 200),
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("rebound.example.org:8501", 421),
        ("127.0.0.1.example.org", 421),
        ("", 421),
    ],
)
def test_the_console_answers_to_its_own_names_only(host, status):
    hosts = ("127.0.0.1", "localhost")
    assert sent("http", hosts=hosts, host=host)["status"] == status
    if status == 421:
        answer = sent("websocket", hosts=hosts, host=host, origin=f"http://{host}")
        assert answer["type"] == "websocket.close"


@pytest.fixture
def options(monkeypatch):
    """The options of a start: our file, with these changed."""

    def start(**told):
        now = guard.PROFILE | {"server.address": "127.0.0.1"} | told
        monkeypatch.setattr(st, "get_option", now.get)

    return start


@pytest.mark.parametrize("option", guard.PROFILE)
def test_a_loosened_profile_does_not_start(options, option):
    options()
    guard.stop_unless_safe(Settings(_env_file=None))
    options(**{option: "loose"})
    with pytest.raises(SystemExit, match=option):
        guard.stop_unless_safe(Settings(_env_file=None))


SIGN_IN = {
    "tenant": "11111111-2222-3333-4444-555555555555",
    "client_id": "11111111-2222-3333-4444-555555555556",
    "client_secret": "secret",
    "cookie_secret": "c" * 32,
    "address": "https://console.example.org",
}


@pytest.mark.parametrize("address", ["", "0.0.0.0", "192.168.1.4", None])
@pytest.mark.parametrize("cloud", ["public", "local"])
def test_a_console_without_sign_in_stays_on_this_machine(options, address, cloud):
    told = {"_env_file": None, "azure": {"cloud": cloud}}
    options()
    guard.stop_unless_safe(Settings(**told))
    options(**{"server.address": address})
    with pytest.raises(SystemExit, match=r"server\.address must be"):
        guard.stop_unless_safe(Settings(**told))
    guard.stop_unless_safe(Settings(**told, sign_in=SIGN_IN))


MINE = {"origin": "https://console.example.org", "authority": "https://login.example.org"}


@pytest.mark.parametrize(
    ("path", "cookie", "status"),
    [
        ("/media/0123.csv", "", 401),
        ("//media/0123.csv", "user=mallory", 401),
        ("/x/../MEDIA/0123.csv", "user=mallory", 401),
        ("/media/0123.csv", "other=1; user=ada", 200),
        ("/media/0123.png", "", 401),
        ("/", "", 200),
        ("/_stcore/health", "", 200),
        ("/app/static/inter.woff2", "", 200),
        ("/_stcore/upload_file/1/2", "user=ada", 404),
    ],
)
def test_files_are_for_whoever_is_signed_in(path, cookie, status):
    def knows(cookies):
        return cookies.get("user") == "ada"

    assert sent("http", path, told={"knows": knows, **MINE}, cookie=cookie)["status"] == status


def test_with_sign_in_cookies_are_secure_and_forms_go_to_the_provider_alone():
    headers = dict(sent("http", told=MINE)["headers"])
    assert headers[b"set-cookie"].endswith(b"; Secure")
    assert b"form-action 'self' https://login.example.org;" in headers[b"content-security-policy"]


@pytest.mark.parametrize(
    "origin", ["", "null", "http://console.example.org", "https://console.example.org:444"]
)
def test_with_sign_in_the_origin_of_a_socket_is_exact(origin):
    told = {"told": MINE, "host": "console.example.org"}
    assert sent("websocket", origin=origin, **told)["type"] == "websocket.close"
    # What is let through is answered by the page inside.
    assert (
        sent("websocket", origin=MINE["origin"], **told)["type"] == "websocket.http.response.start"
    )


def test_the_file_says_what_the_guard_wants():
    for option, value in guard.PROFILE.items():
        assert st.get_option(option) == value, option


def test_static_files_are_fonts_and_their_licences():
    folder = guard.STATIC
    assert {it.suffix for it in folder.iterdir()} == {".woff2", ".txt"}
