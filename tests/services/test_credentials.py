"""Credentials: made without asking anybody, shared by threads, plain when there are none."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from domain.faults import SignInNeeded
from services import credentials, local, subscriptions
from services.azure import CLOUDS, Azure

AUTHORITY = CLOUDS["public"].authority


class Issuer:
    """A credential that counts how often it was asked."""

    def __init__(self, problem=None):
        self.asked = []
        self.problem = problem

    def get_token(self, *scopes, **options):
        self.asked.append((scopes, options))
        if self.problem:
            raise self.problem
        return AccessToken(f"token {len(self.asked)}", 4_000_000_000)


def test_threads_share_one_token_per_scope():
    issuer = Issuer()
    shared = credentials.Shared(issuer)
    with ThreadPoolExecutor(16) as pool:
        tokens = set(pool.map(lambda _: shared.get_token_info("arm").token, range(100)))
    assert tokens == {"token 1"}
    assert shared.get_token("metrics").token == "token 2"


def test_a_challenge_is_met_with_a_new_token():
    issuer = Issuer()
    shared = credentials.Shared(issuer)
    shared.get_token("arm")
    assert shared.get_token_info("arm", options={"claims": "c"}).token == "token 2"
    assert issuer.asked[-1] == (("arm",), {"claims": "c"})


def test_a_failure_is_not_tried_by_everybody_in_turn():
    issuer = Issuer(ClientAuthenticationError("nobody is signed in"))
    shared = credentials.Shared(issuer)
    for _ in range(5):
        with pytest.raises(ClientAuthenticationError, match="nobody"):
            shared.get_token("arm")
    assert len(issuer.asked) == 1


def test_nobody_signed_in_is_one_sentence(wire, monkeypatch):
    monkeypatch.setenv("PATH", "")
    for name in ("AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET", "AZURE_USERNAME"):
        monkeypatch.delenv(name, raising=False)
    azure = Azure(
        CLOUDS["public"], credentials.developer(None, AUTHORITY), "x", local.session(wire)
    )
    with pytest.raises(SignInNeeded) as raised:
        subscriptions.listed(azure)
    assert raised.value.words == (
        "Listing the subscriptions. Azure does not know who is asking: "
        "the console's credential gave no valid token."
    )
    assert wire.requests == []


@pytest.mark.parametrize("client_id", [None, "11111111-0000-0000-0000-000000000000"])
def test_making_one_asks_nobody(client_id):
    assert credentials.managed(client_id, AUTHORITY)
    assert credentials.developer("contoso.example", "login.microsoftonline.us")
