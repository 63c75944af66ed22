"""Answer: vouch for what has to be ready, with evidence that ends, or say that it is open."""

from collections.abc import Mapping
from datetime import datetime

from actions import rolling
from actions.visit import Visit
from domain import readiness
from domain.faults import OutOfRange
from domain.readiness import Answer, Item, Says
from domain.roles import Permission
from domain.rollouts import ENDS
from store import answers, people


def say(
    visit: Visit,
    id: int,
    item: str,
    *,
    known: Mapping[str, Item],
    met: bool,
    owner: str,
    evidence: str,
    until: datetime | None = None,
) -> None:
    """Keep it in place of what was said before. Raises Refused. known: the items of this rollout;
    until: how long the evidence holds, None for as long as it may."""
    with visit.attempt(Permission.TESTIFY, f"answer {item} of rollout {id}"[:500]) as session:
        it = rolling.visible(visit, session, id)
        now = visit.clock()
        if item not in known:
            raise OutOfRange("Choose an item of the list.")
        if it.state in ENDS:
            raise OutOfRange(f"{it.title} is {it.state}.")
        if owner not in {one.key for one in people.everyone(session)}:
            raise OutOfRange("The owner is somebody whom this console knows.")
        rolling.require_words(evidence)
        if met and not evidence.strip():
            raise OutOfRange("Show where it can be seen: a link or a sentence.")
        longest = readiness.longest(known[item], now)
        if until is not None and not now < until <= longest:
            raise OutOfRange(f"Its evidence holds until {longest:%d %b %Y} at the most.")
        status = Says.MET if met else Says.OPEN
        answers.say(
            session,
            Answer(
                id, item, status, owner, evidence.strip(), "", until or longest,
                visit.person.key, now,
            ),
        )  # fmt: skip
