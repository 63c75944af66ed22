"""The local cloud: production addresses that end on this machine; all else stays Azure's own."""

from typing import Any
from urllib.parse import urlsplit

from azure.core.credentials import AccessToken, AccessTokenInfo
from requests import PreparedRequest, RequestException, Response, Session
from requests.adapters import BaseAdapter, HTTPAdapter

from domain.faults import Rejected, Unintelligible, Unreachable
from services.fields import Json

IDENTITY = "console@contoso.example"
"""Who the console is to the simulator."""
YEAR_2100 = 4_102_444_800
TIMEOUT_S = (2, 30)
"""To connect; to answer, which a reset of a whole world takes."""


class LocalCredential:
    """A credential for a cloud that believes every name."""

    def __init__(self, name: str = IDENTITY) -> None:
        self._name = name

    def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        return AccessToken(self._name, YEAR_2100)

    def get_token_info(self, *_scopes: str, **_options: Any) -> AccessTokenInfo:
        return AccessTokenInfo(self._name, YEAR_2100)


class Loopback(HTTPAdapter):
    """Carries each https:// request to the simulator, which reads in Host whom it was meant for.

    address: where the simulator listens, as http://127.0.0.1:8100.
    """

    def __init__(self, address: str) -> None:
        super().__init__(pool_maxsize=32)
        self.address = address.rstrip("/")

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        request.headers["Host"] = str(urlsplit(request.url).netloc)
        request.url = f"{self.address}{request.path_url}"
        return super().send(request, *args, **options)


def session(adapter: BaseAdapter) -> Session:
    """A session on which all of Azure is behind this adapter, and no proxy in between."""
    session = Session()
    session.trust_env = False
    session.mount("https://", adapter)
    return session


class Control:
    """What a test or a curious person may do to the simulator: its /_simulator, as methods.

    Every method raises Unreachable when the simulator is down, Rejected when it does not accept
    what was asked, and Unintelligible when something else listens there.
    """

    def __init__(self, address: str, session: Session | None = None) -> None:
        self._root = f"{address.rstrip('/')}/_simulator"
        self._session = session or Session()
        self._session.trust_env = False

    def state(self) -> Json:
        """What the simulator says of itself: scenario, seed, clock, faults."""
        return self._asked("GET", "")

    def reset(self, scenario: str | None = None, seed: int | None = None) -> Json:
        """Make the world anew, from the given scenario and seed or from its own."""
        return self._asked("POST", "reset", _told(scenario=scenario, seed=seed))

    def clock(self, advance_seconds: float) -> Json:
        """Move the simulated time on."""
        return self._asked("POST", "clock", {"advance_seconds": advance_seconds})

    def fault(self, **settings: Any) -> int | str:
        """Order a fault (kind=, method=, path=, host=, times=, status= ...); its id."""
        ordered: int | str = self._asked("POST", "faults", _told(**settings)).get("id", "")
        return ordered

    def clear(self) -> Json:
        """Take all faults back."""
        return self._asked("DELETE", "faults")

    def configure(self, **settings: Any) -> Json:
        """Change how this Azure behaves: latency_ms, throttling, honour_if_match, page_size ..."""
        return self._asked("POST", "settings", settings)

    def portal(
        self, method: str, path: str, body: Json | None = None, who: str | None = None
    ) -> Json:
        """Let somebody write behind the console's back, as in the portal; status and body of it."""
        return self._asked("POST", "portal", _told(method=method, path=path, body=body, who=who))

    def weaken(self, path: str = "") -> Json:
        """Let a portal user weaken a filter policy, or the strictest in use: policy and status."""
        return self._asked("POST", "weaken", {"path": path})

    def default(self, **change: Any) -> Json:
        """Let Microsoft change its default policy (name=, source=, word=); what it contains now."""
        return self._asked("POST", "default", change)

    def meddle(self, method: str, path: str, body: Json | None = None, **when: Any) -> int | str:
        """Let somebody write later: seconds=, before= or after= (part of a path), on= (a method);
        the order's id."""
        told = _told(method=method, path=path, body=body, **when)
        ordered: int | str = self._asked("POST", "meddling", told).get("id", "")
        return ordered

    def requests(self) -> list[Json]:
        """The requests that arrived of late, oldest first."""
        answer = self._asked("GET", "requests")
        found: list[Json] = answer.get("requests", [])
        return found

    def _asked(self, method: str, what: str, body: Json | None = None) -> Json:
        doing = "Asking the simulator"
        try:
            answer = self._session.request(
                method, f"{self._root}/{what}", json=body, timeout=TIMEOUT_S
            )
        except RequestException as error:
            raise Unreachable(f"{doing} at {self._root}.") from error
        if answer.status_code >= 400:
            raise Rejected(f"{doing} for {what or 'its state'}.")
        return _object(answer, doing)


def _told(**settings: Any) -> Json:
    """The settings that were given."""
    return {name: value for name, value in settings.items() if value is not None}


def _object(answer: Response, doing: str) -> Json:
    try:
        body = answer.json() if answer.content else {}
    except ValueError as error:
        raise Unintelligible(f"{doing}.") from error
    return body if isinstance(body, dict) else {"value": body}
