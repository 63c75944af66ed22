"""Whatever goes wrong on the way comes out as one of our faults, in our words."""

import logging

import pytest
import requests
from azure.core.exceptions import ClientAuthenticationError

from domain.faults import (
    Barred,
    Busy,
    Forbidden,
    NotFound,
    OverQuota,
    Rejected,
    SignInNeeded,
    Throttled,
    Unintelligible,
    Unreachable,
    Unsupported,
)
from services import deployments, local
from services.azure import CLOUDS, Azure
from services.faults import translated
from tests.services.recorded import ACCOUNT, DEPLOYMENTS, SECRET, deployment, error

DOING = "Listing the deployments of aoai-shop"
HTML = b"<!doctype html><title>Sign in to continue</title>"
PAGE = {"Content-Type": "text/html"}


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ((401, error("InvalidAuthenticationToken")), SignInNeeded),
        ((403, error("AuthorizationFailed")), Forbidden),
        ((404, error("ResourceGroupNotFound")), NotFound),
        ((400, error("InvalidResourceProperties")), Unsupported),
        ((400, error("InsufficientQuota")), OverQuota),
        ((400, error("InsufficientQuota", additionalInfo=None)), OverQuota),
        ((400, {"code": "InsufficientQuota", "message": SECRET}), OverQuota),
        ((409, error("RequestConflict")), Busy),
        ((400, error("AccountProvisioningStateInvalid")), Busy),
        ((409, error("ReadOnlyDisabledSubscription")), Barred),
        ((409, error("MissingSubscriptionRegistration")), Barred),
        ((412, error("IfMatchPreconditionFailed")), Busy),
        ((429, error("ResourceRequestsThrottled")), Throttled),
        ((529, error("TooManyRequests")), Throttled),
        ((500, error("InternalServerError")), Unreachable),
        ((502, PAGE, HTML), Unreachable),
        ((504, {}, b""), Unreachable),
        ((501, error("NotImplemented")), Unreachable),
        ((418, [SECRET]), Rejected),
        ((302, {"Location": "https://elsewhere.example/"}, b""), Unintelligible),
        ((200, PAGE, HTML), Unintelligible),
        ((404, PAGE, HTML), Unintelligible),
        ((403, PAGE, HTML), Unintelligible),
        ((200, {}, b""), Unintelligible),
        ((200, {}, b'{"value": [{"id": "/subscr'), Unintelligible),
        ({"value": None}, Unintelligible),
        ({}, Unintelligible),
        ([], Unintelligible),
        ({"value": ["text"]}, Unintelligible),
        ({"value": [{"name": "no id"}]}, Unintelligible),
        ({"value": [deployment() | {"properties": "text"}]}, Unintelligible),
        ({"value": [deployment(rateLimits=["text"])]}, Unintelligible),
        (requests.ConnectTimeout(SECRET), Unreachable),
        (requests.ReadTimeout(SECRET), Unreachable),
        (requests.ConnectionError(SECRET), Unreachable),
        (requests.exceptions.SSLError(SECRET), Unreachable),
    ],
)
def test_every_failure_has_a_fault(azure, wire, said, fault):
    wire.says(DEPLOYMENTS, said)
    with pytest.raises(fault) as raised:
        deployments.of_account(azure, ACCOUNT)
    assert type(raised.value) is fault
    assert raised.value.words.startswith(DOING)
    assert SECRET not in raised.value.words
    assert "4711" not in str(raised.value)


def test_what_azure_wrote_is_in_the_log_and_the_token_is_not(wire, slept, caplog):
    wire.says(DEPLOYMENTS, (403, error("AuthorizationFailed")))
    credential = local.LocalCredential("very-secret-token")
    azure = Azure(CLOUDS["local"], credential, "x", local.session(wire), slept)
    caplog.set_level(logging.DEBUG)
    with pytest.raises(Forbidden):
        deployments.of_account(azure, ACCOUNT)
    assert SECRET in caplog.text
    assert "very-secret-token" not in caplog.text


def test_a_body_of_two_pages_is_cut_in_the_log(azure, wire, caplog):
    wire.says(DEPLOYMENTS, (400, error("Bad", "x" * 100_000)))
    with pytest.raises(Rejected):
        deployments.of_account(azure, ACCOUNT)
    assert len(caplog.text) < 3000


def test_a_credential_without_a_token_needs_a_sign_in(wire, slept):
    class Nobody(local.LocalCredential):
        def get_token_info(self, *_scopes, **_options):
            raise ClientAuthenticationError(SECRET)

    azure = Azure(CLOUDS["local"], Nobody(), "x", local.session(wire), slept)
    with pytest.raises(SignInNeeded, match=DOING):
        deployments.of_account(azure, ACCOUNT)
    assert wire.requests == []


def test_a_pause_is_told_in_seconds(azure, wire, slept):
    wire.says(DEPLOYMENTS, (429, {"Retry-After": "86400"}, error("TooManyRequests")))
    with pytest.raises(Throttled, match="try again in 86400 seconds"):
        deployments.of_account(azure, ACCOUNT)
    assert len(wire.requests) == 1
    assert slept == []


def test_what_is_ours_passes_as_it_is():
    fault = NotFound("gone.")
    with pytest.raises(NotFound) as raised, translated("Looking"):
        raise fault
    assert raised.value is fault
