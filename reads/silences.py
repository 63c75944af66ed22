"""Which sources of cost did not answer, about what, and what holds nevertheless."""

from dataclasses import dataclass

from domain.readings import TENANT, TOPICS
from store import snapshots
from store.engine import Store

HOLDS = {
    "booked": "Booked days stand; later ones are estimated from usage and prices.",
    "ledger": "Usage that was read stands; what is missing is in no figure until it is booked.",
    "retail": "Prices stay those that were read last.",
    "reservations": "What is reserved stays as it was read last.",
    "gateway": "Callers that were read stand; newer tokens go to the deployment's own unit.",
}
"""By topic, what a bill does without its answer."""
UNNAMED = {
    "booked": "Cost Management did not answer about some subscriptions.",
    "ledger": "Usage of some deployments did not answer.",
    "retail": "The price list did not answer.",
    "reservations": "Reservations did not answer.",
    "gateway": "A gateway's log did not answer.",
}
"""The same for who sees a part: without the scopes of others."""
NOTHING = "Nothing of it is in these figures."


@dataclass(frozen=True)
class Silence:
    topic: str
    subscription: str
    """"" where it is about no single one."""
    words: str


def known(store: Store) -> list[Silence]:
    """Each said once."""
    found: dict[str, Silence] = {}
    with store.reading() as session:
        for name in HOLDS:
            topic = TOPICS[name]
            told = snapshots.heads(session, topic, snapshots.scopes(session, topic))
            for scope, troubles in told.items():
                of = "" if scope == TENANT else scope
                found |= {it.words: Silence(name, of, it.words) for it in troubles}
    return list(found.values())
