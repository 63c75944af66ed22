"""A small Azure for domain/protocol.py, and the journal and the hand that stand between the two.

Everything here is plain and quick, so that a hundred thousand hostile histories fit a test run, and
every rule of the docs of reliability, 5.9, is checked at the moment at which it could be broken.
The hand does what jobs/worker.py does, in the same order; it can be stopped between any two steps.
"""

import random
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, TypeVar

from domain import capacity, plans, protocol
from domain.plans import ENDS, GONE, Answer, Leg, Look, Plan, Seen, Standing, State

START = datetime(2026, 1, 5, tzinfo=UTC)
LEASE, FRESH, PROMPT = 50, 45, 10
"""Seconds, as in jobs/worker.py."""
SETTLE = int(plans.SETTLE.total_seconds())
BEFORE_FIRST = 60
"""The reconciliation looks for writes of others from this long before the first one of ours."""
NEVER = 10**9
T = TypeVar("T")
_MOMENTS = [START + timedelta(seconds=it) for it in range(12_000)]
_TEXTS = {units: capacity.sized("Standard", units) for units in range(1, 1_001)}
_UNITS = {text: units for units, text in _TEXTS.items()} | {GONE: 0}
NEXT = {  # docs of reliability, 5.2; written down again, so that a slip in domain/plans.py shows
    State.PROPOSED: {State.CONFIRMED, State.WITHDRAWN},
    State.CONFIRMED: {
        State.SOURCE_DOWN, State.COMPENSATING, State.DONE, State.REFUSED, State.ABORTED,
        State.NEEDS_PERSON, State.WITHDRAWN,
    },
    State.SOURCE_DOWN: {State.DONE, State.COMPENSATING, State.NEEDS_PERSON},
    State.COMPENSATING: {State.REVERTED, State.NEEDS_PERSON},
    State.NEEDS_PERSON: {State.RESOLVED},
}  # fmt: skip


class Broken(AssertionError):
    """A rule that did not hold; its name comes first."""


def moment(second: int) -> datetime:
    return _MOMENTS[second]


def text(units: int) -> str:
    """What a lever reads where there are so many units; 0 is nothing at all."""
    return _TEXTS[units] if units else GONE


class Chance:
    """Choices by a seed, written down if so wished; or told ones, and then nothing but calm."""

    def __init__(self, seed: int = 0, told: Sequence[int] | None = None, keep: bool = False):
        self.taken: list[int] = []
        self._random = random.Random(seed).random
        self._told = None if told is None else deque(told)
        self._keep = keep

    def pick(self, many: int) -> int:
        """A number under this one; 0 is always the quietest."""
        if self._told is None:
            chosen = int(self._random() * many)
        else:
            chosen = self._told.popleft() % many if self._told else 0
        if self._keep:
            self.taken.append(chosen)
        return chosen

    def one(self, table: Sequence[T]) -> T:
        return table[self.pick(len(table))]


def weighed(**weights: int) -> list[str]:
    """A table to choose from: each name as often as it says."""
    return [name for name, often in weights.items() for _ in range(often)]


WRITES = weighed(
    calm=70, lost=4, unheard=4, late=4, twice=2, twice_late=2, echo=1, busy=4, throttled=4,
    refused=3, no_quota=2,
)  # fmt: skip
RUNS = weighed(at_once=72, soon=16, long=4, fails=4, fails_long=1, stuck=2, stuck_fails=1)
LOOKS = weighed(calm=92, blind=8)
ASKED_FOR = [None, None, None, None, 5, 5, 5, 10, 20, 20, 60, 60, 60, 300, 300, 86_400]
"""Seconds of Retry-After."""
CALM = ["calm"]


class Slot:
    """A deployment, there or not; 0 units is not there."""

    __slots__ = (
        "account", "aim", "etag", "failed", "fails", "least", "most", "origin", "ours", "pool",
        "resource", "shown", "step", "taken_at", "units", "until",
    )  # fmt: skip

    def __init__(self, number: int, account: str, pool: str, units: int, step: int):
        self.resource = f"{account}/deployments/{number}"
        self.account, self.pool, self.units, self.step = account, pool, units, step
        self.least, self.most = step, 60 * step
        self.etag, self.ours, self.failed = (f"e{number}" if units else ""), False, False
        self.until, self.fails, self.origin, self.aim = 0, False, 0, 0
        """When the operation on it ends; 0 when none runs."""
        self.shown = units
        """What a look reads; after a failure that may be what was asked for and not what is so."""
        self.taken_at = -1
        """When others last set its units."""


class Pool:
    __slots__ = ("base", "limit", "read")

    def __init__(self, limit: int, base: int):
        self.limit, self.base = limit, base
        """base: what deployments use that no plan is about."""
        self.read: list[int] = []


class Request(NamedTuple):
    """One write as it goes over the wire."""

    plan: int
    slot: Slot
    aim: int
    etag: str
    looked_at: int


class World:
    """Azure, the clock and the journal, and what has happened to them."""

    def __init__(
        self,
        chance: Chance,
        *,
        honours: bool = True,
        lag: int = 0,
        alone: bool = True,
    ):
        self.chance, self.honours, self.lag, self.alone = chance, honours, lag, alone
        self.lagged = lag > 0
        """Whether a look may have seen more room than there was."""
        self.now, self.changes = 0, 0
        self.slots: dict[str, Slot] = {}
        self.pools: dict[str, Pool] = {}
        self.running: list[Slot] = []
        self.late: list[tuple[int, Request]] = []
        self.writes, self.runs, self.looks = WRITES, RUNS, LOOKS
        self.fates: deque[str] = deque()
        self.operations: deque[str] = deque()
        """What is to become of the next writes, and of what they begin, where a test says so."""
        self.refusing = False
        """Whether the proposer has lost the right."""
        self.read_only = False
        self.deceives = False
        """Whether a deployment shows what it was asked to be also when that has failed."""
        self.last: Slot | None = None
        """What was written to last."""
        self.said: Counter[str] = Counter()
        """What has happened, by name, how often."""
        self.journal = Journal(self)
        self.trace: list[str] | None = None

    def note(self, words: str) -> None:
        if self.trace is not None:
            self.trace.append(f"{self.now:5} {words}")

    # --- time ---------------------------------------------------------------------------------

    def wait(self, seconds: int) -> None:
        """Let time pass; whatever falls due happens in its order."""
        until = self.now + seconds
        while self.running or self.late:
            due = min(
                min((it.until for it in self.running), default=NEVER),
                min((at for at, _ in self.late), default=NEVER),
            )
            if due > until:
                break
            self.now = max(self.now, due)
            self._due()
        self.now = until

    def _due(self) -> None:
        for slot in [it for it in self.running if it.until <= self.now]:
            self._over(slot)
        for it in [it for it in self.late if it[0] <= self.now]:
            self.late.remove(it)
            self.note(f"lands late: {it[1].slot.resource} = {it[1].aim}")
            self._land(it[1])

    def _over(self, slot: Slot) -> None:
        self.running.remove(slot)
        slot.until, slot.failed = 0, slot.fails
        left = slot.origin if slot.fails else slot.aim
        if slot.fails or left != slot.units:
            slot.units = left
            self._renamed(slot)
        deceives = self.deceives and slot.fails and slot.units and slot.aim
        slot.shown = slot.aim if deceives else slot.units
        self.note(f"operation over: {slot.resource} = {slot.units}{' failed' * slot.fails}")

    def heal(self) -> None:
        """What is stuck ends now."""
        for slot in list(self.running):
            self._over(slot)

    def calm(self) -> None:
        """No fault comes from here on."""
        self.writes = self.runs = self.looks = CALM
        self.lag, self.refusing, self.read_only = 0, False, False
        self.fates.clear()
        self.operations.clear()
        self.heal()

    # --- what is so ---------------------------------------------------------------------------

    def used(self, name: str) -> int:
        """While an operation runs, a deployment takes what it had and what it is to have."""
        taken = self.pools[name].base
        for slot in self.slots.values():
            if slot.pool == name:
                taken += max(slot.units, slot.origin) if slot.until else slot.units
        return taken

    def busy(self, account: str) -> bool:
        return any(it.account == account for it in self.running)

    def _renamed(self, slot: Slot) -> None:
        self.changes += 1
        slot.etag = str(self.changes) if slot.units else ""

    # --- others -------------------------------------------------------------------------------

    def others_set(self, slot: Slot, units: int, seconds: int = 0) -> None:
        """Somebody sets the units in the portal, or takes the deployment away, or makes it."""
        if self.busy(slot.account) or self.used(slot.pool) + units - slot.units > (
            self.pools[slot.pool].limit
        ):
            return
        self.said["others"] += 1
        self.note(f"others: {slot.resource} {slot.units} -> {units}")
        self._begin(slot, units, ours=False, seconds=seconds, fails=False)
        slot.taken_at = self.now

    def others_touch(self, slot: Slot) -> None:
        """Somebody changes what no plan is about: its tags, say."""
        if slot.units and not self.busy(slot.account):
            self.said["others touch"] += 1
            self.note(f"others touch {slot.resource}")
            slot.ours, slot.failed = False, False
            self._renamed(slot)

    def others_take(self, name: str, units: int) -> None:
        """Deployments that no plan is about grow or shrink."""
        pool = self.pools[name]
        room = pool.limit - self.used(name)
        pool.base = max(0, pool.base + min(units, room))
        self.said["others take"] += 1
        self.note(f"others take {units} of {name}")

    # --- looks --------------------------------------------------------------------------------

    def look(self, leg: Leg, at: int) -> Seen | None:
        if self.chance.one(self.looks) == "blind":
            self.said["blind"] += 1
            return None
        slot = self.slots[leg.resource]
        if not slot.units and not slot.until:
            return Seen(_MOMENTS[at], GONE, "", False, True, False)
        return Seen(
            _MOMENTS[at], text(slot.shown), slot.etag, slot.ours, not slot.until, slot.failed
        )

    def usages(self, name: str) -> float | None:
        if self.chance.one(self.looks) == "blind":
            self.said["blind"] += 1
            return None
        pool = self.pools[name]
        pool.read.append(pool.limit - self.used(name))
        if self.lag:
            self.said["lag"] += 1
        return pool.read[max(0, len(pool.read) - 1 - self.lag)]

    # --- writes -------------------------------------------------------------------------------

    def send(self, it: Request) -> tuple[Answer, int | None]:
        """What is heard of a write, and the pause that Azure asks for."""
        fate = self.fates.popleft() if self.fates else self.chance.one(self.writes)
        self.said[fate] += 1
        self.last = it.slot
        self.note(f"plan {it.plan} writes {it.slot.resource} = {it.aim}: {fate}")
        match fate:
            case "lost":
                return Answer.NONE, None
            case "unheard":
                self._land(it)
                return Answer.NONE, None
            case "late":
                self._later(it)
                return Answer.NONE, None
            case "twice":
                self._land(it)
            case "twice_late":
                self._land(it)
                self._later(it)
                return Answer.NONE, None
            case "echo":
                return self._echoed(it), None
            case "busy":
                return Answer.LATER, None
            case "throttled":
                return Answer.LATER, self.chance.one(ASKED_FOR)
            case "refused" | "no_quota":
                return Answer.NO, None
        return self._land(it), None

    def _echoed(self, it: Request) -> Answer:
        """A box on the way sends what was answered once more; only an Azure that honours If-Match
        is asked to bear that."""
        answer = self._land(it)
        if answer is Answer.TAKEN and self.honours:
            self._later(it)
        return answer

    def _later(self, it: Request) -> None:
        after = self.chance.one([1, 20, 90, SETTLE - PROMPT - 1])
        self.late.append((self.now + after, it))

    def _land(self, it: Request) -> Answer:
        """Azure takes it, or says why not."""
        slot = it.slot
        if not slot.units and it.etag:
            return Answer.NO
        stale = it.etag != slot.etag
        if (self.honours and stale) or self.busy(slot.account):
            return Answer.LATER
        if it.aim > slot.units and (
            self.used(slot.pool) + it.aim - slot.units > self.pools[slot.pool].limit
        ):
            self.said["insufficient"] += 1
            if self.alone and not self.lagged:
                raise Broken("I1: a request that takes a pool over its limit")
            return Answer.NO
        if stale:
            self._overwritten(it)
        self._run(slot, it.aim)
        return Answer.TAKEN

    def _run(self, slot: Slot, units: int) -> None:
        same = slot.units == units
        told = self.operations.popleft() if self.operations and not same else ""
        run = told or ("at_once" if same else self.chance.one(self.runs))
        self.said[run] += 1
        seconds = {"soon": 25, "long": 400, "fails": 25, "fails_long": 700}.get(run, 0)
        if run.startswith("stuck"):
            seconds = NEVER
        self._begin(slot, units, ours=True, seconds=seconds, fails="fails" in run)

    def _begin(self, slot: Slot, units: int, *, ours: bool, seconds: int, fails: bool) -> None:
        slot.origin, slot.aim, slot.ours = slot.units, units, ours
        slot.failed, slot.fails = False, fails
        if units or not seconds:
            slot.units = units
        slot.shown = slot.units
        self._renamed(slot)
        if seconds:
            slot.until = self.now + seconds
            self.running.append(slot)

    def _overwritten(self, it: Request) -> None:
        """Where If-Match is not looked at, what others did in between is lost; then it has to lie
        where the reconciliation finds it."""
        if it.slot.taken_at >= it.looked_at:
            self.said["overwritten"] += 1
            first = self.journal.first_at[it.plan]
            if it.slot.taken_at < first - BEFORE_FIRST:
                raise Broken("I4: a value of others is replaced, and nobody will notice")


class Journal:
    """What store/plans.py keeps, and the rules that a committed row has to obey."""

    def __init__(self, world: World):
        self.world = world
        self.plans: dict[int, Plan] = {}
        self.things: dict[int, frozenset[str]] = {}
        self.fences: dict[int, int] = {}
        self.leases: dict[int, tuple[str, int]] = {}
        self.holds: dict[str, int] = {}
        self.intents: dict[tuple[int, int, int], tuple[str, str, str]] = {}
        """Of each attempt: from, to, and the state that the leg was based on before."""
        self.sent: set[tuple[int, int, int]] = set()
        self.first_at: dict[int, int] = {}
        self.counter = 0

    def add(self, plan: Plan) -> int:
        id = len(self.plans) + 1
        self.plans[id] = replace(plan, id=id)
        accounts = {self.world.slots[it].account for it in plan.resources}
        self.things[id] = frozenset(accounts | set(plan.pools))
        self.fences[id] = 0
        self.world.note(f"plan {id}: {plan.title}, {plan.state}")
        return id

    def open(self) -> list[int]:
        return [id for id, plan in self.plans.items() if plan.state not in ENDS]

    def sound(self) -> None:
        """What holds between any two steps."""
        for thing, id in self.holds.items():
            if self.plans[id].state in ENDS:
                raise Broken(f"I13: {thing} is held by what has ended")
        for id in self.open():
            if self.plans[id].begun and any(self.holds.get(it) != id for it in self.things[id]):
                raise Broken("I7: what has begun does not hold what it needs")

    def claim(self, owner: str) -> list[tuple[Plan, int]]:
        now, taken, blocked = self.world.now, [], set[str]()
        for id, plan in self.plans.items():
            if plan.state in ENDS or plan.state is State.PROPOSED:
                continue
            needed = self.things[id]
            whose, until = self.leases.get(id, (owner, 0))
            theirs = whose != owner and until > now
            waits = {it for it in needed if self.holds.get(it) != id}
            if not (theirs or waits & (blocked | self.holds.keys())):
                if self.leases.get(id, ("", 0))[0] != owner:
                    self.counter += 1
                    if self.counter <= self.fences[id]:
                        raise Broken("I7: a number that does not grow")
                    self.fences[id] = self.counter
                self.leases[id] = (owner, now + LEASE)
                for it in needed:
                    self.holds[it] = id
                taken.append((plan, self.fences[id]))
            blocked |= needed
        return taken

    def release(self, owner: str) -> None:
        for id in [id for id, (whose, _) in self.leases.items() if whose == owner]:
            del self.leases[id]

    def save(
        self, plan: Plan, fence: int, look: Look | None = None, until: int | None = None
    ) -> bool:
        """Whether it was kept: not from somebody who comes too late."""
        old = self.plans[plan.id]
        if old.state in ENDS or self.fences[plan.id] != fence:
            self.world.said["outdated"] += 1
            return False
        if plan.state is not old.state and plan.state not in NEXT.get(old.state, ()):
            raise Broken(f"I10: {old.state} became {plan.state}")
        for number, (was, leg) in enumerate(zip(old.legs, plan.legs, strict=True)):
            if leg.writes != was.writes:
                self._intended(plan, number, was)
            if leg.standing is not was.standing:
                self._verified(plan, number, look)
        self.plans[plan.id] = plan
        if until is not None and plan.id in self.leases:
            self.leases[plan.id] = (self.leases[plan.id][0], until)
        if plan.state is not old.state:
            self.world.note(f"plan {plan.id}: {plan.state} {plan.said}")
        if plan.state in ENDS:
            self._ended(plan, look, protocol.current(old))
        return True

    def move(self, id: int, state: State) -> None:
        """What a person decides: never about what a worker has begun."""
        plan = self.plans[id]
        if plan.begun and plan.state is not State.NEEDS_PERSON:
            return
        if state not in NEXT.get(plan.state, ()):
            return
        self.plans[id] = replace(plan, state=state, ended_at=moment(self.world.now))
        self.world.note(f"plan {id}: a person says {state}")
        if state in ENDS:
            self._freed(id)

    def _freed(self, id: int) -> None:
        self.leases.pop(id, None)
        self.holds = {thing: whose for thing, whose in self.holds.items() if whose != id}
        self.world.said[str(self.plans[id].state)] += 1

    def _intended(self, plan: Plan, number: int, was: Leg) -> None:
        leg = plan.legs[number]
        if leg.writes != was.writes + 1:
            raise Broken("I2: an attempt has no number of its own")
        origin, aim, _ = plan.aim(number)
        self.intents[plan.id, number, leg.writes] = (origin, aim, was.etag)
        self.first_at.setdefault(plan.id, self.world.now)

    def _verified(self, plan: Plan, number: int, look: Look | None) -> None:
        """A leg is said to be where it was to go: a look of this round has to show it so."""
        leg = plan.legs[number]
        aim = leg.before if leg.standing is Standing.BACK else leg.target
        seen = look.legs.get(number) if look else None
        if seen is None or not seen.settled or seen.failed or seen.value != aim:
            raise Broken("I6: a leg is said to be there, and no look shows it")
        if aim != GONE and not seen.by_us:
            raise Broken("I6: what others did is taken for ours")

    def _ended(self, plan: Plan, look: Look | None, last: int | None) -> None:
        """last: the leg that was next."""
        self._freed(plan.id)
        if not plan.begun:
            if plan.state not in (State.REFUSED, State.ABORTED):
                raise Broken(f"I6: {plan.state}, and nothing was ever written")
            return
        if plan.state is State.DONE:
            self._seen_done(plan, look)
        if plan.state is State.ABORTED and any(it.standing is Standing.THERE for it in plan.legs):
            raise Broken("I6: aborted with something in force")
        unsure = last if plan.said == protocol.UNSURE else None
        clear = [self._at_rest(plan, it, it == unsure) for it in range(len(plan.legs))]
        if plan.state is State.NEEDS_PERSON and all(clear):
            self._parked(plan)

    def _seen_done(self, plan: Plan, look: Look | None) -> None:
        for number, leg in enumerate(plan.legs):
            seen = look.legs.get(number) if look else None
            if seen is None or not seen.settled or seen.value != leg.target:
                raise Broken("I6: done, and the last look does not show it")

    def _at_rest(self, plan: Plan, number: int, unsure: bool) -> bool:
        """Whether the truth about a leg at the end is as said; False where that cannot be known:
        others set it, which the reconciliation finds, or the plan says that it is not sure."""
        world, leg = self.world, plan.legs[number]
        slot = world.slots[leg.resource]
        if slot.taken_at >= self.first_at[plan.id] - BEFORE_FIRST:
            world.said["flagged"] += 1
            return False
        for _, it in world.late:
            stale = world.honours and it.etag != slot.etag
            if it.plan == plan.id and it.slot is slot and not stale:
                raise Broken("I6: the end is said while a write may still land")
        if slot.until and slot.ours:
            raise Broken("I6: the end is said while Azure is at work on it")
        if plan.state is State.NEEDS_PERSON and unsure:
            return False
        there = plan.state is State.DONE or (
            plan.state is State.NEEDS_PERSON and leg.standing is Standing.THERE
        )
        if text(slot.units) != (leg.target if there else leg.before):
            raise Broken(f"I6: {plan.state}, and {leg.resource} has {slot.units} units")
        return True

    def _parked(self, plan: Plan) -> None:
        truth: Counter[str] = Counter()
        for leg in plan.legs:
            truth[leg.pool] += _UNITS[leg.before] - self.world.slots[leg.resource].units
        if {pool: units for pool, units in truth.items() if units} != plan.parked:
            raise Broken(f"I6: {plan.parked} is said to be parked, and it is {dict(truth)}")


class Hand:
    """jobs/worker.py, step by step; a kill is that nobody asks for the next one."""

    def __init__(self, world: World, owner: str):
        self.world, self.owner = world, owner
        self.steps: Iterator[None] | None = None
        self.lives = 0

    def step(self) -> None:
        """One step of a round that is under way, or the first of a new one."""
        if self.steps is None:
            self.steps = self._round()
        if next(self.steps, self) is self:
            self.steps = None

    def round(self) -> None:
        """What is left of a round, or a whole one."""
        for _ in self.steps or self._round():
            pass
        self.steps = None

    def kill(self) -> None:
        """Its memory is lost; whoever comes after bears another name."""
        if self.steps is not None:
            self.world.said["killed"] += 1
            self.world.note(f"{self.owner} is killed")
        self.steps = None
        self.lives += 1
        self.owner = f"{self.owner[0]}{self.lives}"

    def _round(self) -> Iterator[None]:
        claimed = self.world.journal.claim(self.owner)
        yield
        for plan, fence in claimed:
            yield from self._advance(plan, fence)
        self.world.journal.release(self.owner)

    def _advance(self, plan: Plan, fence: int) -> Iterator[None]:
        world, began = self.world, self.world.now
        legs, pools = protocol.wanted(plan)
        room = {it: world.usages(it) for it in pools}
        yield
        look = Look(moment(began), {it: world.look(plan.legs[it], began) for it in legs}, room)
        yield
        if world.now - began > FRESH:
            world.said["too slow"] += 1
            return
        decision = protocol.decide(plan, look)
        if decision.write is not None and (world.read_only or (world.refusing and not plan.back)):
            world.said["not allowed"] += 1
            if plan.back:
                return
            decision = protocol.Decision(protocol.stopped(plan, "No.", moment(world.now)))
        after = decision.plan
        if decision.write is not None:
            yield from self._write(after, decision.write, fence, look, began)
        elif after is not plan:
            yield
            world.journal.save(after, fence, look)

    def _write(self, plan: Plan, number: int, fence: int, look: Look, began: int) -> Iterator[None]:
        world = self.world
        yield
        if world.now - began > FRESH:
            world.said["too slow"] += 1
            return
        plan, meant = plan.sending(number, moment(world.now)), world.now
        if not world.journal.save(plan, fence, until=meant + LEASE):
            return
        yield
        if world.now - meant > PROMPT:
            world.said["too slow"] += 1
            return
        self._allowed(plan, number, fence, look)
        leg, (_, aim, _) = plan.legs[number], plan.aim(number)
        slot = world.slots[leg.resource]
        request = Request(plan.id, slot, _UNITS[aim], leg.etag, began)
        answer, pause = world.send(request)
        yield
        again = moment(min(world.now + pause, len(_MOMENTS) - 1)) if pause else None
        said = "Refused." if answer in (Answer.NO, Answer.LATER) else ""
        world.journal.save(plan.answered(number, answer, said, again), fence)

    def _allowed(self, plan: Plan, number: int, fence: int, look: Look) -> None:
        """All that must hold of a request at the moment at which it is sent."""
        journal, leg = self.world.journal, plan.legs[number]
        origin, aim, amount = plan.aim(number)
        slot, attempt = self.world.slots[leg.resource], (plan.id, number, leg.writes)
        seen = look.legs.get(number)
        intended = journal.intents.get(attempt, ("", "", ""))
        if intended[:2] != (origin, aim) or attempt in journal.sent:
            raise Broken("I2: a write without an intent of its own")
        journal.sent.add(attempt)
        if {origin, aim} != {leg.before, leg.target}:
            raise Broken("I3: a third value")
        if seen is None or not seen.settled or (seen.etag, seen.value) != (leg.etag, origin):
            raise Broken("I4: a value is to be replaced that was not read")
        if intended[2] != leg.etag and not (plan.back and seen.by_us and seen.failed):
            raise Broken("I4: a write is based on what others left")
        if journal.fences[plan.id] != fence:
            raise Broken("I7: a write under an old number")
        mine = journal.things[plan.id]
        for id, other in journal.plans.items():
            going_on = id != plan.id and other.begun and other.state not in ENDS
            if going_on and mine & journal.things[id]:
                raise Broken("I7: two plans at one thing")
        units = _UNITS[aim]
        if units and not (slot.least <= units <= slot.most and units % slot.step == 0):
            raise Broken("I9: a value that cannot be")
        if amount > 0:
            self._fits(plan, look, leg.pool, amount)

    def _fits(self, plan: Plan, look: Look, pool: str, amount: int) -> None:
        room = look.room.get(pool)
        if room is None or room < amount:
            raise Broken("I1: a request that takes a pool over what its usages say")
        gave = any(leg.amount < 0 for leg in plan.legs)
        if gave and not plan.back and plan.state is not State.SOURCE_DOWN:
            raise Broken("I5: something takes before all has been given")
        first = self.world.journal.first_at[plan.id] - BEFORE_FIRST
        for leg in plan.legs:
            slot = self.world.slots[leg.resource]
            given = leg.before if plan.back else leg.target
            gives = leg.amount > 0 if plan.back else leg.amount < 0
            if gives and slot.taken_at < first and text(slot.units) != given:
                raise Broken("I5: something takes, and what was to give has not")
