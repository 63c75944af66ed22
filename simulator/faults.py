"""How this Azure says no, and how it says nothing at all."""

from typing import Any

Json = dict[str, Any]


class ArmError(Exception):
    """A refusal in ARM's own envelope."""

    def __init__(
        self, status: int, code: str, message: str, *, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = headers or {}

    @property
    def body(self) -> Json:
        return {"error": {"code": self.code, "message": str(self)}}


class FlatError(ArmError):
    """The same without the envelope, as ARM metrics and some gateways answer."""

    @property
    def body(self) -> Json:
        return {"code": self.code, "message": str(self)}


class Dropped(ConnectionError):
    """The connection dies without an answer; a test adapter maps it to its transport's error."""


def unsigned() -> ArmError:
    return ArmError(
        401,
        "AuthenticationFailed",
        "Authentication failed. The 'Authorization' header is missing.",
        headers={"WWW-Authenticate": 'Bearer authorization_uri="https://login.windows.net/"'},
    )


def no_version() -> ArmError:
    return ArmError(
        400,
        "MissingApiVersionParameter",
        "The api-version query parameter (?api-version=) is required for all requests.",
    )


def unknown_version(version: str, supported: tuple[str, ...]) -> ArmError:
    return ArmError(
        400,
        "InvalidApiVersionParameter",
        f"The api-version '{version}' is invalid. "
        f"The supported versions are '{','.join(supported)}'.",
    )


def not_simulated(words: str) -> ArmError:
    return ArmError(501, "NotImplemented", f"Not simulated: {words}")


def forbidden(who: str, object_id: str, action: str, scope: str) -> ArmError:
    return ArmError(
        403,
        "AuthorizationFailed",
        f"The client '{who}' with object id '{object_id}' does not have authorization to perform "
        f"action '{action}' over scope '{scope}' or the scope is invalid. If access was recently "
        "granted, please refresh your credentials.",
    )


def no_subscription(name: str) -> ArmError:
    return ArmError(404, "SubscriptionNotFound", f"The subscription '{name}' could not be found.")


def read_only(subscription: str) -> ArmError:
    return ArmError(
        409,
        "ReadOnlyDisabledSubscription",
        f"The subscription '{subscription}' is disabled and therefore marked as read only. You "
        "cannot perform any write actions on this subscription until it is re-enabled.",
    )


def bad_body(words: str) -> ArmError:
    return ArmError(400, "InvalidRequestContent", f"The request content was invalid: {words}")
