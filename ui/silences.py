"""Which sources of a bill did not answer, for who looks at it, and what holds nevertheless."""

from reads import silences
from ui import session
from ui.costs import View
from ui.data import bills


def said(view: View) -> list[str]:
    """In words: about the subscriptions in view, and about what is of no single one."""
    known = silences.known(session.wiring().store)
    if view.head is None:
        return list(dict.fromkeys(_named(it, view) for it in known))
    here = bills.book(view.head).cutoff
    others = {it for head in bills.heads() for it in bills.book(head).cutoff} - set(here)
    mine = None if view.whole else set(view.now["subscription"].dropna())
    found = []
    for it in known:
        of = it.subscription
        if of and (of in others or (mine is not None and of not in mine)):
            continue  # of a bill in another currency, or of what is not looked at
        holds = silences.HOLDS[it.topic] if not of or of in here else silences.NOTHING
        found.append(f"{_named(it, view)} {holds}")
    return list(dict.fromkeys(found))


def _named(it: silences.Silence, view: View) -> str:
    """Managers are told of their own scopes by name, of what is everybody's without one."""
    if view.estate or (it.subscription and it.subscription in set(view.now["subscription"])):
        return it.words
    return silences.UNNAMED[it.topic]
