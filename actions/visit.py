"""Who is here, and by what ways they may act: the first argument of every verb."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from domain.faults import Refused
from domain.roles import Permission, Person, require
from domain.tags import TagNames
from store import audit
from store.engine import Session, Store


class Simulator(Protocol):
    """What the local cloud lets a person do to it."""

    def state(self) -> dict[str, Any]: ...
    def reset(self, scenario: str | None = None) -> object: ...
    def clock(self, advance_seconds: float) -> object: ...
    def fault(self, **told: Any) -> object: ...
    def clear(self) -> object: ...
    def portal(self, method: str, path: str, body: dict[str, Any] | None = None) -> object: ...
    def weaken(self, path: str = "") -> object: ...
    def default(self, **change: Any) -> object: ...
    def meddle(
        self, method: str, path: str, body: dict[str, Any] | None = None, **when: Any
    ) -> object: ...


@dataclass(frozen=True)
class Visit:
    person: Person
    store: Store
    clock: Callable[[], datetime]
    tags: TagNames
    writes: bool
    """Whether this console may change Azure at all."""
    simulator: Simulator | None = None
    """The Azure of the local cloud; None on every other."""
    still: Callable[[], None] | None = None
    """Raises NotAllowed once the session is over by which this person is here."""

    def may(self, permission: Permission) -> bool:
        """For courtesy: whether to offer something. The law is attempt()."""
        return self.person.may(permission)

    @contextmanager
    def attempt(self, permission: Permission, what: str) -> Iterator[Session]:
        """One transaction: allowed first, the verb's rows, its audit row; or a refusal, audited."""
        try:
            if self.still:
                self.still()
            with self.store.begin() as session:
                require(self.person, permission)
                yield session
                audit.add(session, self.clock(), self.person.key, what, "asked")
        except Refused as refusal:
            with self.store.begin() as session:
                audit.add(session, self.clock(), self.person.key, what, "refused", refusal.words)
            raise
