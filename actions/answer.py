"""Answer: vouch for what has to be ready, with evidence that ends, say that it is open, or ask that
it be waived or not required, which counts as soon as a second person agrees."""

from datetime import datetime

from actions import rolling
from actions.visit import Visit
from domain import excuses, readiness
from domain.faults import NotAllowed, Outdated, OutOfRange
from domain.readiness import EXCUSES, Answer, Item, Says
from domain.roles import Permission
from domain.rollouts import ENDS, Rollout
from store import answers, people, reference
from store.engine import Session


def say(
    visit: Visit,
    id: int,
    item: str,
    *,
    met: bool,
    owner: str,
    evidence: str,
    until: datetime | None = None,
) -> None:
    """Keep it in place of what was said before. Raises Refused. until: how long the evidence
    holds, None for as long as it may."""
    with visit.attempt(Permission.TESTIFY, f"answer {item} of rollout {id}"[:500]) as session:
        it, now = _going(visit, session, id), visit.clock()
        longest = readiness.longest(_item(it, item), now)
        if owner not in {one.key for one in people.everyone(session)}:
            raise OutOfRange("The owner is somebody whom this console knows.")
        rolling.require_words(evidence)
        if met and not evidence.strip():
            raise OutOfRange("Show where it can be seen: a link or a sentence.")
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


def excuse(
    visit: Visit, id: int, item: str, *, says: Says, reason: str, until: datetime | None = None
) -> None:
    """Ask that an item be waived until then, or be not required; it counts for nothing until a
    second person agrees. Raises Refused."""
    with visit.attempt(Permission.TESTIFY, f"excuse {item} of rollout {id}"[:500]) as session:
        it, now = _going(visit, session, id), visit.clock()
        _item(it, item)
        rolling.require_reason(reason)
        rolling.require_words(reason)
        excuses.require(says, until, now)
        before = answers.find(session, id, item)
        if excuses.vouched(before, now):
            raise OutOfRange("It is vouched for as it is: there is nothing to excuse.")
        owner = before.owner if before else it.owner
        answers.say(
            session,
            Answer(id, item, says, owner, "", reason.strip(), until, visit.person.key, now),
        )


def decide(
    visit: Visit, id: int, item: str, *, asked_at: datetime, approves: bool, comment: str = ""
) -> None:
    """Agree that an item is waived or not required, or decline, which leaves it open. Raises
    Refused, and Outdated where it is not what was shown. asked_at: of the excuse that the person
    saw."""
    what = f"{'agree to' if approves else 'decline'} an excuse for {item} of rollout {id}"
    with visit.attempt(Permission.APPROVE, what[:500]) as session:
        it, now = _going(visit, session, id), visit.clock()
        seen = _waiting(session, id, item, asked_at)
        if words := excuses.barred(visit.person, seen, it):
            raise NotAllowed(words)
        if approves:
            if excuses.over(seen, now):
                raise OutOfRange("The time that was asked for is over: it has to be asked anew.")
            answers.approve(session, seen, visit.person.key, now)
            return
        rolling.require_reason(comment)
        rolling.require_words(comment)
        answers.say(session, excuses.declined(seen, visit.person.key, comment.strip(), now))


def _going(visit: Visit, session: Session, id: int) -> Rollout:
    """The rollout, locked; raises OutOfRange where it has ended."""
    it = rolling.visible(visit, session, id)
    if it.state in ENDS:
        raise OutOfRange(f"{it.title} is {it.state}.")
    return it


def _item(it: Rollout, key: str) -> Item:
    known = {one.key: one for one in readiness.items_for(reference.items(), it)}
    if key not in known:
        raise OutOfRange("Choose an item of the list.")
    return known[key]


def _waiting(session: Session, id: int, item: str, asked_at: datetime) -> Answer:
    seen = answers.find(session, id, item)
    if seen is None or seen.status not in EXCUSES or seen.at != asked_at:
        raise Outdated("This has changed since it was shown.")
    if not seen.waits:
        raise OutOfRange("Somebody has agreed to this already.")
    return seen
