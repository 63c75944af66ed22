"""All accounts and deployments that are known, for finding one by what a gateway's log says."""

import pandas as pd

from domain import gateways
from domain.gateways import Places
from domain.readings import ACCOUNTS, DEPLOYMENTS, nothing
from store import snapshots
from store.engine import Session


def known(session: Session) -> Places:
    """Of every subscription that was ever collected."""
    whole = {}
    for topic in (ACCOUNTS, DEPLOYMENTS):
        kept = snapshots.kept(session, topic, snapshots.scopes(session, topic))
        parts = [it.frame for it in kept.values() if it] or [nothing(topic).frame]
        whole[topic] = pd.concat(parts, ignore_index=True)
    return gateways.places(whole[ACCOUNTS], whole[DEPLOYMENTS])
