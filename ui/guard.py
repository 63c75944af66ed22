"""What Streamlit lacks: headers, an exact origin for its socket, doors that stay shut, a start-up
profile that nobody loosens by accident."""

import posixpath
from collections.abc import Collection
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from settings import Settings
from ui import health

STATIC = Path(__file__).parent / "static"
"""What anybody may fetch: fonts and their licences."""
CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/upload_file")
METHODS = {"GET", "HEAD", "OPTIONS"}
INLINE = "'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA='"
"""The one script that Streamlit 1.67 writes into its page."""
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'self'; script-src 'self' {INLINE}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
        "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
LASTING = {"Strict-Transport-Security": "max-age=31536000"}
PROFILE: dict[str, object] = {
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "viewer",
    "client.disableDataExport": True,
    "browser.gatherUsageStats": False,
    "server.fileWatcherType": "none",
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.enableAgentApi": False,
    "server.maxUploadSize": 5,
    "runner.magicEnabled": False,
    "runner.postScriptGC": False,
    "global.developmentMode": False,
}
"""What .streamlit/config.toml says and a start-up option must not undo."""
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class Guard:
    """hosts: the names under which the console may be asked for, since a page elsewhere can have
    its own name lead to this machine; any where there are none."""

    def __init__(self, app: ASGIApp, hosts: Collection[str] = ()) -> None:
        self.app, self.hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        secure = scope.get("scheme") in {"https", "wss"}

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                _dress(MutableHeaders(scope=message), secure)
            await send(message)

        known = scope["type"] == "lifespan" or self._known(Headers(scope=scope))
        # A platform asks for the health of a replica by its address, whatever that is.
        known = known or (scope["type"] == "http" and scope["path"] in health.PATHS)
        if scope["type"] == "websocket" and not (known and _ours(Headers(scope=scope))):
            await WebSocketClose(1008)(scope, receive, send)
        elif not known:
            await PlainTextResponse("Not known under this name", 421)(scope, receive, headed)
        elif scope["type"] == "http" and _closed(scope["path"]):
            await PlainTextResponse("Not found", 404)(scope, receive, headed)
        elif scope["type"] == "http" and scope["method"] not in METHODS:
            await PlainTextResponse("Not allowed", 405)(scope, receive, headed)
        else:
            await self.app(scope, receive, headed)

    def _known(self, headers: Headers) -> bool:
        name = urlsplit("//" + headers.get("host", "")).hostname
        return not self.hosts or name in self.hosts


def stop_unless_safe(settings: Settings) -> None:
    """Raise SystemExit, in one sentence, when this start would open what must stay shut."""
    for option, value in PROFILE.items():
        if st.get_option(option) != value:
            raise SystemExit(f"The console does not start: {option} must be {value!r}.")
    if not settings.local and st.get_option("server.address") not in LOOPBACK:
        raise SystemExit(
            "The console does not start: it has no sign-in yet, so on a live cloud "
            "server.address must be 127.0.0.1."
        )


def _dress(headers: MutableHeaders, secure: bool) -> None:
    headers.update(HEADERS | LASTING if secure else HEADERS)
    if "server" in headers:
        del headers["server"]
    if secure and (cookies := headers.getlist("set-cookie")):
        del headers["set-cookie"]
        for cookie in cookies:
            marked = cookie if "; secure" in cookie.lower() else f"{cookie}; Secure"
            headers.append("set-cookie", marked)


def _closed(path: str) -> bool:
    plain = posixpath.normpath("/" + path.lstrip("/")).lower()
    return plain.startswith(CLOSED)


def _ours(headers: Headers) -> bool:
    origin = urlsplit(headers.get("origin", ""))
    return bool(origin.netloc) and origin.netloc == headers.get("host")


GUARD = Middleware(Guard, hosts=tuple(st.get_option("server.allowedHosts")))
