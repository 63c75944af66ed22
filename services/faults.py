"""Azure's exceptions in our words: one map. What Azure wrote is for the log, never for a page."""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    DecodeError,
    HttpResponseError,
)

from domain.faults import (
    Barred,
    Busy,
    Fault,
    Forbidden,
    InUse,
    NoSupply,
    NotEntitled,
    NotFound,
    OverQuota,
    Rejected,
    Retired,
    SignInNeeded,
    SoftDeleted,
    Throttled,
    Unintelligible,
    Unreachable,
    Unsupported,
)
from services.pipeline import ForeignHost, pause_asked

log = logging.getLogger(__name__)

BY_CODE: dict[str, type[Fault]] = {
    "InsufficientQuota": OverQuota,
    "InsufficientResourcesAvailable": NoSupply,
    "ServiceModelDeprecated": Retired,
    "ServiceModelDeprecating": Retired,
    "DeploymentModelNotSupported": Unsupported,
    "InvalidResourceProperties": Unsupported,
    "InvalidCapacity": Unsupported,
    "Resource has invalid content filter": Unsupported,
    "SpecialFeatureOrQuotaIdRequired": NotEntitled,
    "FlagMustBeSetForRestore": SoftDeleted,
    "ResourceInUse": InUse,
    "RequestConflict": Busy,
    "AccountProvisioningStateInvalid": Busy,
    "IfMatchPreconditionFailed": Busy,
    "AuthorizationFailed": Forbidden,
    "LinkedAuthorizationFailed": Forbidden,
    "MissingSubscriptionRegistration": Barred,
    "ReadOnlyDisabledSubscription": Barred,
    "RequestDisallowedByPolicy": Barred,
    "ScopeLocked": Barred,
}
"""Where the status says too little: each code as docs of azure-apis 2.6 and 9 have it recorded, but
for InsufficientResourcesAvailable and ResourceInUse, which are assumed."""
BY_STATUS: dict[int, type[Fault]] = {
    401: SignInNeeded,
    403: Forbidden,
    404: NotFound,
    408: Unreachable,
    409: Busy,
    412: Busy,
    423: Busy,
    429: Throttled,
    529: Throttled,
}
NOT_AS_PROMISED = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    RecursionError,
)
"""What our reading of an answer raises when the answer has another shape."""


_AS_USUAL: Mapping[int, type[Fault]] = {}


@contextmanager
def translated(doing: str, meaning: Mapping[int, type[Fault]] = _AS_USUAL) -> Iterator[None]:
    """Raise a domain fault for whatever Azure raised while doing this.

    doing: the beginning of the fault's sentence, as "Listing the deployments of aoai-shop".
    meaning: what a status means here, where it is not the usual.
    """
    try:
        yield
    except AzureError as error:
        log.warning("%s: %s: %.1000r", doing, type(error).__name__, str(error))
        pause = pause_asked(error.response) if isinstance(error, HttpResponseError) else None
        fault = _kind(error, meaning)(_sentence(doing, pause))
        fault.pause_s = pause
        raise fault from error
    except NOT_AS_PROMISED as error:
        log.warning("%s: not as promised", doing, exc_info=True)
        raise Unintelligible(f"{doing}.") from error


def code(response: Any) -> str:
    """The error code in an answer's body, enveloped or flat; "" where there is none."""
    return next(iter(_codes(response)), "")


def _codes(response: Any) -> list[str]:
    """The code, and those of the details, which say more where the outer one is a wrapper's."""
    try:
        body = json.loads(response.text())
        error = body.get("error") or body
        details = error.get("details")
        inner = details if isinstance(details, list) else []
        return [str(it.get("code") or "") for it in (error, *inner) if isinstance(it, dict)]
    except (ValueError, AttributeError):
        return []


def _sentence(doing: str, pause: float | None) -> str:
    return f"{doing}: try again in {pause:.0f} seconds." if pause else f"{doing}."


def _kind(error: AzureError, meaning: Mapping[int, type[Fault]]) -> type[Fault]:
    """By code before status, since one status says many things; whatever is unknown may pass."""
    if isinstance(error, DecodeError | ForeignHost):
        return Unintelligible
    if isinstance(error, ClientAuthenticationError):
        return SignInNeeded
    if not isinstance(error, HttpResponseError) or error.response is None:
        return Unreachable
    status = error.status_code or 0
    if own := meaning.get(status):
        return own
    # Of an error of its own, Azure cannot say whether it was carried out, whatever the code is.
    codes = _codes(error.response) if 400 <= status < 500 else []
    return next((BY_CODE[it] for it in codes if it in BY_CODE), None) or _of_status(error)


def _of_status(error: HttpResponseError) -> type[Fault]:
    status = error.status_code or 0
    if status < 400 or (status < 429 and _is_page(error.response)):
        # A 404 that a proxy wrote does not mean that Azure does not know the thing.
        return Unintelligible
    return BY_STATUS.get(status, Rejected if status < 500 else Unreachable)


def _is_page(response: Any) -> bool:
    return bool(response.text().lstrip().startswith("<"))
