"""What Streamlit lacks: headers, an exact origin for its socket, doors that stay shut, a start-up
profile that nobody loosens by accident."""

import posixpath
from collections.abc import Callable, Collection
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from settings import Settings
from ui import entrance, health
from wiring import Wiring

STATIC = Path(__file__).parent / "static"
"""What anybody may fetch: fonts and their licences."""
CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/upload_file")
KEPT = "/media"
"""Files that pages offer: for those who are signed in, where there is a sign-in."""
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
    "server.trustedUserHeaders": {},
    "server.maxUploadSize": 5,
    "runner.magicEnabled": False,
    "runner.postScriptGC": False,
    "global.developmentMode": False,
}
"""What .streamlit/config.toml says and a start-up option must not undo."""
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class Guard:
    """hosts: the names under which the console may be asked for, since a page elsewhere can have
    its own name lead to this machine; any where there are none. origin: the one address that
    browsers know, where there is a sign-in. knows: whether these cookies are of somebody here."""

    def __init__(
        self,
        app: ASGIApp,
        hosts: Collection[str] = (),
        origin: str = "",
        authority: str = "",
        knows: Callable[[dict[str, str]], bool] | None = None,
    ) -> None:
        self.app, self.hosts, self.origin, self.knows = app, frozenset(hosts), origin, knows
        policy = HEADERS["Content-Security-Policy"]
        policy = policy.replace("form-action 'self'", f"form-action 'self' {authority}".strip())
        self.headers = HEADERS | {"Content-Security-Policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        secure = scope.get("scheme") in {"https", "wss"} or self.origin.startswith("https:")

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                _dress(MutableHeaders(scope=message), self.headers, secure)
            await send(message)

        known = scope["type"] == "lifespan" or self._known(Headers(scope=scope))
        # A platform asks for the health of a replica by its address, whatever that is.
        known = known or (scope["type"] == "http" and scope["path"] in health.PATHS)
        if scope["type"] == "websocket" and not (known and self._ours(Headers(scope=scope))):
            await WebSocketClose(1008)(scope, receive, send)
        elif not known:
            await PlainTextResponse("Not known under this name", 421)(scope, receive, headed)
        elif scope["type"] == "http" and _under(scope["path"], CLOSED):
            await PlainTextResponse("Not found", 404)(scope, receive, headed)
        elif scope["type"] == "http" and scope["method"] not in METHODS:
            await PlainTextResponse("Not allowed", 405)(scope, receive, headed)
        elif scope["type"] == "http" and not await self._may_have(scope):
            await PlainTextResponse("Sign in first", 401)(scope, receive, headed)
        else:
            await self.app(scope, receive, headed)

    async def _may_have(self, scope: Scope) -> bool:
        """Asks the store, so beside the loop that all share; and only for what is kept."""
        if self.knows is None or not _under(scope["path"], (KEPT,)):
            return True
        cookies = cookie_parser("; ".join(Headers(scope=scope).getlist("cookie")))
        return await run_in_threadpool(self.knows, cookies)

    def _ours(self, headers: Headers) -> bool:
        told = headers.get("origin", "")
        if self.origin:
            return told == self.origin
        name = urlsplit(told).netloc
        return bool(name) and name == headers.get("host")

    def _known(self, headers: Headers) -> bool:
        name = urlsplit("//" + headers.get("host", "")).hostname
        return not self.hosts or name in self.hosts


def stop_unless_safe(settings: Settings) -> None:
    """Raise SystemExit, in one sentence, when this start would open what must stay shut."""
    for option, value in PROFILE.items():
        if st.get_option(option) != value:
            raise SystemExit(f"The console does not start: {option} must be {value!r}.")
    here = st.get_option("server.address") in LOOPBACK
    if not here and not settings.sign_in.told:
        what = "simulated data is for this machine" if settings.local else "it has no sign-in"
        raise SystemExit(
            f"The console does not start: {what}, so server.address must be 127.0.0.1 until "
            "CONSOLE_SIGN_IN__TENANT and what belongs to it are told."
        )


def _dress(headers: MutableHeaders, told: dict[str, str], secure: bool) -> None:
    headers.update(told | LASTING if secure else told)
    if "server" in headers:
        del headers["server"]
    if secure and (cookies := headers.getlist("set-cookie")):
        del headers["set-cookie"]
        for cookie in cookies:
            marked = cookie if "; secure" in cookie.lower() else f"{cookie}; Secure"
            headers.append("set-cookie", marked)


def _under(path: str, doors: tuple[str, ...]) -> bool:
    plain = posixpath.normpath("/" + path.lstrip("/")).lower()
    return plain.startswith(doors)


def before(console: Wiring) -> Middleware:
    """The guard of this console."""
    told, hosts = console.settings.sign_in, tuple(st.get_option("server.allowedHosts"))
    if not told.told:
        return Middleware(Guard, hosts=hosts)
    return Middleware(
        Guard,
        hosts=hosts,
        origin=told.address,
        authority=entrance.authority(console),
        knows=entrance.knows(console),
    )
