"""What Streamlit needs to sign people in, and whose cookies are worth something."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from streamlit import config
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.runtime.secrets import SecretsValue
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

from actions import sign_in
from wiring import Wiring

USER = "_streamlit_user"


def secrets(console: Wiring) -> dict[str, SecretsValue] | None:
    """For st.App: nothing but who somebody is, since both tokens lie readable in a cookie."""
    told = console.settings.sign_in
    if not told.told:
        return None
    return {
        "auth": {
            "redirect_uri": f"{told.address}/oauth2callback",
            "cookie_secret": told.cookie_secret.get_secret_value(),
            "client_id": told.client_id or "",
            "client_secret": told.client_secret.get_secret_value(),
            "server_metadata_url": metadata(console),
            "client_kwargs": {"scope": "openid profile", "prompt": "select_account"},
        }
    }


def prepare(console: Wiring) -> None:
    """Options that follow from the settings. Streamlit signs the cookie of a sign-in under way with
    a secret that it reads before it is told ours, so that one replica would not know another's."""
    told = console.settings.sign_in
    if told.told:
        secret = told.cookie_secret.get_secret_value().encode()
        own = hmac.new(secret, b"server.cookieSecret", hashlib.sha256).hexdigest()
        config.set_option("server.cookieSecret", own)
        name = urlsplit(told.address).hostname
        hosts = config.get_option("server.allowedHosts")
        config.set_option("server.allowedHosts", list(dict.fromkeys([*hosts, name])))


def metadata(console: Wiring) -> str:
    """Where the provider describes itself."""
    told, host = console.settings.sign_in, console.azure.cloud.authority
    return told.metadata or f"https://{host}/{told.tenant}/v2.0/.well-known/openid-configuration"


def authority(console: Wiring) -> str:
    """The origin of the provider's own pages."""
    parts = urlsplit(metadata(console))
    return f"{parts.scheme}://{parts.netloc}"


def knows(console: Wiring) -> Callable[[Mapping[str, str]], bool]:
    """Whether cookies are of somebody whose session holds; asking keeps nobody in."""
    secret = console.settings.sign_in.cookie_secret.get_secret_value()

    def known(cookies: Mapping[str, str]) -> bool:
        claims, rules = _claims(cookies, secret), console.admits
        if claims is None or rules is None:
            return False
        clock, today = console.clock(), console.wall()
        here = sign_in.present(console.store, rules, claims, clock, today, acting=False)
        return here.over is None

    return known


def _claims(cookies: Mapping[str, str], secret: str) -> dict[str, object] | None:
    """What a cookie says that we signed; None for any other."""

    def one(name: str) -> bytes | None:
        return decode_signed_value(secret, name, cookies.get(name, "").encode("latin-1", "ignore"))

    told = get_cookie_with_chunks(one, USER)
    if not told:
        return None
    try:
        claims = json.loads(told)
    except ValueError:
        return None
    return claims if isinstance(claims, dict) else None
