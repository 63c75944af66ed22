"""Mail and webhooks: a message to one address in Apprise's notation. The address holds secrets, so
neither it nor anything that Apprise or the far end wrote goes further than this module."""

import logging
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from domain.faults import Untold

if TYPE_CHECKING:
    from apprise import AppriseAsset, NotifyBase
    from apprise.logger import NotifyLogEntry

TIMEOUT_S = 20.0
BY_STATUS = {
    400: "does not accept the message",
    401: "does not accept the credentials",
    403: "does not accept the credentials",
    404: "does not exist any more",
    410: "does not exist any more",
    413: "finds the message too long",
    422: "does not accept the message",
    429: "was told too much and wants a pause",
}
UNREACHABLE = "could not be reached, or did not take the message"

_quiet = logging.getLogger("apprise")
# It logs addresses, and parts of them, at several levels; what went wrong is said by Untold.
_quiet.propagate = False
_quiet.addHandler(logging.NullHandler())


def send(address: str, name: str, title: str, words: str) -> None:
    """Have plain words taken by the mail or web server of this address; raises Untold, which
    calls the address by this name. What takes longer than TIMEOUT_S counts as not taken, though
    it may arrive."""
    from apprise import Apprise, NotifyFormat

    target = _target(address)
    if target is None:
        raise Untold(f"{name} is none that messages can be sent to.")
    sender = Apprise(asset=target.asset)
    sender.add(target)
    result = sender.notify(words, title, body_format=NotifyFormat.TEXT, timeout=TIMEOUT_S)
    if not result:
        kind = str(target.service_name or "")
        raise Untold(f"{name} ({kind}) {_reason(result.logs())}.")


def _target(address: str) -> "NotifyBase | None":
    from apprise import Apprise

    return Apprise.instantiate(address, asset=_asset())


def _asset() -> "AppriseAsset":
    """Nothing is written to disk, loaded from elsewhere, or told of us but our name."""
    from apprise import AppriseAsset

    return AppriseAsset(
        app_id="Azure OpenAI console", app_desc="Azure OpenAI console", app_url="",
        image_url_mask="", image_url_logo="", html_notify_map={}, async_mode=False,
        pgp_autogen=False, pem_autogen=False, secure_logging=True, storage_mode="memory",
        allow_templates=False, language="en", service_timeout=TIMEOUT_S,
    )  # fmt: skip


def _reason(logs: "Iterable[NotifyLogEntry]") -> str:
    """Of what Apprise says only the status; its services all write it alike."""
    said = " ".join(it.message for it in logs)
    if not (found := re.search(r"\berror=(\d{3})\b", said)):
        return UNREACHABLE
    status = int(found[1])
    usual = "has a failure of its own" if status >= 500 else "did not take the message"
    return f"{BY_STATUS.get(status, usual)} (status {status})"
