"""Who we are to Azure: the identity of the machine, or that of the developer at the keyboard."""

import time
from threading import Lock
from typing import Any

from azure.core.credentials import AccessToken, AccessTokenInfo, TokenCredential
from azure.core.exceptions import ClientAuthenticationError

FRESH_S = 60.0
FAILED_S = 10.0
"""So long a failure is the answer for all who ask: each try may take as long."""


class Shared:
    """One credential for many threads and clients: who asks while a token is fresh gets that one.

    Every client asks for its own token, and a developer's credential starts a process for each:
    without this, a fan-out over 32 subscriptions starts 32 of them. How long a token is valid is
    the clients' business; they ask again before it ends.
    """

    def __init__(self, credential: TokenCredential) -> None:
        self._credential = credential
        self._tokens: dict[tuple[str, ...], tuple[float, AccessToken]] = {}
        self._failures: dict[tuple[str, ...], tuple[float, str]] = {}
        self._lock = Lock()

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """A token; raises ClientAuthenticationError, which translated() makes SignInNeeded."""
        if any(options.values()):  # a challenge to be met: a token from before would fail again
            return self._credential.get_token(*scopes, **options)
        with self._lock:
            at, token = self._tokens.get(scopes, (0.0, None))
            if token is not None and time.monotonic() - at < FRESH_S:
                return token
            at, words = self._failures.get(scopes, (0.0, ""))
            if words and time.monotonic() - at < FAILED_S:
                raise ClientAuthenticationError(words)
            return self._asked(scopes)

    def _asked(self, scopes: tuple[str, ...]) -> AccessToken:
        try:
            token = self._credential.get_token(*scopes)
        except ClientAuthenticationError as error:
            self._failures[scopes] = (time.monotonic(), str(error) or "no token")
            raise
        self._tokens[scopes] = (time.monotonic(), token)
        return token

    def get_token_info(self, *scopes: str, options: Any = None) -> AccessTokenInfo:
        token = self.get_token(*scopes, **(options or {}))
        return AccessTokenInfo(token.token, token.expires_on)


def managed(client_id: str | None, authority: str) -> Shared:
    """The managed identity of the host; with a client id the user-assigned one of that id.

    authority: host of Entra ID. Nothing is asked yet: where there is no identity, the first
    question to Azure raises SignInNeeded.
    """
    from azure.identity import ManagedIdentityCredential

    return Shared(ManagedIdentityCredential(client_id=client_id, authority=authority))


def developer(tenant: str | None, authority: str) -> Shared:
    """What a developer is signed in with: environment variables, Azure CLI, PowerShell or azd.

    Never for production: it starts processes, which take up to 10 s each.
    """
    from azure.identity import (
        AzureCliCredential,
        AzureDeveloperCliCredential,
        AzurePowerShellCredential,
        ChainedTokenCredential,
        EnvironmentCredential,
    )

    at = tenant or ""
    return Shared(
        ChainedTokenCredential(
            EnvironmentCredential(authority=authority),
            AzureCliCredential(tenant_id=at),
            AzurePowerShellCredential(tenant_id=at),
            AzureDeveloperCliCredential(tenant_id=at),
        )
    )
