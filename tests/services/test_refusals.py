"""What Azure says to a write, as it was recorded, and what the worker makes of it: a plain no, a
not now, or an outcome that is not known."""

import pytest
import requests

from domain import capacity
from domain.faults import (
    Barred,
    Busy,
    Fault,
    Forbidden,
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
from services import deployments
from tests.services.recorded import ACCOUNT, CHAT, error

NO, NOT_NOW, UNKNOWN = Rejected, (Busy, Throttled), (Unreachable, Unintelligible)
TITLE = "Tokens Per Minute (thousands) - gpt-4o - GlobalStandard"
MODEL = "Format:OpenAI,Name:gpt-4o,Version:2024-08-06"
HTML = (403, {"Content-Type": "text/html"}, "<html><body>Blocked by the proxy</body></html>")
DAY = {"Retry-After": "86400"}
SAID = [
    (
        "over quota, the newer words",
        (
            400,
            error(
                "InsufficientQuota",
                f"This operation require 30 new capacity in quota {TITLE}, which is bigger than the"
                f" current available capacity 10. The current quota usage is 90 and the quota limit"
                f" is 100 for quota {TITLE}.",
            ),
        ),
        OverQuota,
        NO,
    ),
    (
        "over quota, the older words",
        (
            400,
            error(
                "InsufficientQuota",
                "The specified capacity '1' of account deployment is bigger than available capacity"
                " '0' for UsageName 'Tokens Per Minute (thousands) - GPT-35-Turbo'.",
            ),
        ),
        OverQuota,
        NO,
    ),
    (
        "over quota inside a wrapper",
        (400, error("DeploymentFailed", details=[error("InsufficientQuota")["error"]])),
        OverQuota,
        NO,
    ),
    (
        "SKU not in this region",
        (
            400,
            error(
                "InvalidResourceProperties",
                "The specified SKU 'Standard' for model 'gpt-4o 2024-05-13' is not supported in"
                " this region 'francecentral'.",
            ),
        ),
        Unsupported,
        NO,
    ),
    (
        "SKU not of this model",
        (
            400,
            error(
                "InvalidResourceProperties",
                "The specified SKU 'X' of account deployment is not supported by the model 'm'"
                " version: 'v'.",
            ),
        ),
        Unsupported,
        NO,
    ),
    (
        "no such filter policy",
        (
            400,
            error(
                "InvalidResourceProperties",
                "RaiPolicyName 'x' is not found, please update it to a valid value.",
            ),
        ),
        Unsupported,
        NO,
    ),
    (
        "old scale settings",
        (
            400,
            error(
                "InvalidResourceProperties",
                "The scale settings of account deployment is deprecated since API version"
                " '2023-05-01', please use 'sku' instead.",
            ),
        ),
        Unsupported,
        NO,
    ),
    (
        "capacity where none may be",
        (400, error("InvalidCapacity", "The capacity should be null for standard deployment.")),
        Unsupported,
        NO,
    ),
    (
        "model not offered",
        (400, error("DeploymentModelNotSupported", f"The model '{MODEL}' is not supported.")),
        Unsupported,
        NO,
    ),
    (
        "filters that cannot be",
        (400, error("Resource has invalid content filter")),
        Unsupported,
        NO,
    ),
    (
        "model retired",
        (400, error("ServiceModelDeprecated", f"The model '{MODEL}' has been deprecated")),
        Retired,
        NO,
    ),
    ("model retiring", (400, error("ServiceModelDeprecating")), Retired, NO),
    (
        "no access to the model",
        (
            400,
            error(
                "SpecialFeatureOrQuotaIdRequired",
                "The subscription does not have QuotaId/Feature required by SKU 'S0' from kind"
                " 'AIServices'.",
            ),
        ),
        NotEntitled,
        NO,
    ),
    ("no PTU in the region", (400, error("InsufficientResourcesAvailable")), NoSupply, NO),
    (
        "name held by a deleted account",
        (
            409,
            error(
                "FlagMustBeSetForRestore",
                "An existing resource with ID 'x' has been soft-deleted.",
            ),
        ),
        SoftDeleted,
        NO,
    ),
    (
        "the same inside a template",
        (
            400,
            error("InvalidTemplateDeployment", details=[error("FlagMustBeSetForRestore")["error"]]),
        ),
        SoftDeleted,
        NO,
    ),
    ("no right", (403, error("AuthorizationFailed")), Forbidden, NO),
    ("no right on what it refers to", (403, error("LinkedAuthorizationFailed")), Forbidden, NO),
    ("a policy", (403, error("RequestDisallowedByPolicy")), Barred, NO),
    ("a lock", (409, error("ScopeLocked")), Barred, NO),
    ("a disabled subscription", (409, error("ReadOnlyDisabledSubscription")), Barred, NO),
    ("no provider", (409, error("MissingSubscriptionRegistration")), Barred, NO),
    ("a token that is over", (401, error("ExpiredAuthenticationToken")), SignInNeeded, NO),
    ("the group is gone", (404, error("ResourceGroupNotFound")), NotFound, NO),
    ("it is gone", (404, error("DeploymentNotFound")), NotFound, NO),
    ("something else", (400, error("SomethingNew", "capacity \u2603")), Rejected, NO),
    ("a no without a body", (400, {}, b""), Rejected, NO),
    (
        "another operation",
        (
            409,
            error(
                "RequestConflict",
                f"Another operation is being performed on the parent resource '{ACCOUNT}'. Please"
                " try again later.",
            ),
        ),
        Busy,
        NOT_NOW,
    ),
    ("an account that changes", (409, error("AccountProvisioningStateInvalid")), Busy, NOT_NOW),
    ("the same as 400", (400, error("AccountProvisioningStateInvalid")), Busy, NOT_NOW),
    (
        "an etag of others",
        (
            412,
            error(
                "IfMatchPreconditionFailed", "The specified precondition 'If-Match = \"x\"' failed."
            ),
        ),
        Busy,
        NOT_NOW,
    ),
    ("a conflict without a code", (409, {}), Busy, NOT_NOW),
    (
        "too many of the provider",
        (
            429,
            {"Retry-After": "17"},
            error(
                "ResourceRequestsThrottled",
                "Number of requests for action 'x' exceeded the limit of '30' for time interval"
                " '00:05:00'. Please try again after '17' seconds.",
            ),
        ),
        Throttled,
        NOT_NOW,
    ),
    (
        "too many of the subscription",
        (429, error("SubscriptionRequestsThrottled")),
        Throttled,
        NOT_NOW,
    ),
    ("a pause of a day", (429, DAY, error("TooManyRequests")), Throttled, NOT_NOW),
    ("Azure's own mistake", (500, error("InternalServerError")), Unreachable, UNKNOWN),
    ("a no that is Azure's mistake", (500, error("InsufficientQuota")), Unreachable, UNKNOWN),
    ("a gateway", (502, {}, b""), Unreachable, UNKNOWN),
    ("down with a pause", (503, DAY, error("ServiceUnavailable")), Unreachable, UNKNOWN),
    ("too slow for a gateway", (504, error("GatewayTimeout")), Unreachable, UNKNOWN),
    ("too slow for Azure", (408, error("RequestTimeout")), Unreachable, UNKNOWN),
    ("a page of a proxy", HTML, Unintelligible, UNKNOWN),
    ("sent elsewhere", (307, {"Location": "https://evil.example/"}, b""), Unintelligible, UNKNOWN),
    ("a torn connection", requests.ConnectionError("reset by 4711"), Unreachable, UNKNOWN),
    ("no answer in time", requests.ReadTimeout("4711"), Unreachable, UNKNOWN),
]
WRITES = {
    "capacity": (
        "PATCH",
        lambda azure: deployments.set_capacity(azure, CHAT, "Standard", 3, '"e"'),
    ),
    "creation": (
        "PUT",
        lambda azure: deployments.create(
            azure,
            CHAT,
            capacity.parsed(
                capacity.made(
                    {"sku": "Standard", "capacity": 3, "format": "OpenAI", "model": "gpt-4o"}
                )
            ),
        ),
    ),
    "deletion": ("DELETE", lambda azure: deployments.delete(azure, CHAT, '"e"')),
}


def test_enough_is_recorded():
    assert len(SAID) >= 25


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize(
    ("said", "fault", "kind"), [it[1:] for it in SAID], ids=[it[0] for it in SAID]
)
def test_what_is_said_to_a_write(azure, wire, slept, write, said, fault, kind):
    method, do = WRITES[write]
    wire.says((method, CHAT), said)
    with pytest.raises(Fault) as raised:
        do(azure)
    assert type(raised.value) is fault
    assert isinstance(raised.value, kind)
    assert isinstance(raised.value, NO) or kind is not NO
    assert len(wire.requests) == 1, "a write is sent once"
    assert slept == []
    words = raised.value.words
    assert words.startswith(("Changing the capacity of", "Creating", "Deleting"))
    assert words.endswith(fault.hint)
    for theirs in (
        "4711",
        "new capacity in quota",
        "Format:",
        "QuotaId",
        "precondition",
        "proxy</",
    ):
        assert theirs not in words


@pytest.mark.parametrize(
    ("said", "pause"), [(it[1], 86_400) for it in SAID if it[0].endswith("a day")]
)
def test_a_pause_is_kept_for_the_worker(azure, wire, said, pause):
    wire.says(("PATCH", CHAT), said)
    with pytest.raises(Throttled) as raised:
        deployments.set_capacity(azure, CHAT, "Standard", 3, '"e"')
    assert raised.value.pause_s == pause


def test_each_class_tells_a_person_something_else():
    hints = {it[2].hint for it in SAID}
    assert len(hints) == len({it[2] for it in SAID})
    assert "" not in hints
