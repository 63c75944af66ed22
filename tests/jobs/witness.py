"""Who watches a schedule: every request before it goes out and every write as it takes effect,
against the invariants I1 to I13 of docs of reliability, section 5.9. What is found is told in
words and never hidden behind a flag: each write is judged by itself, not only the sums."""

from dataclasses import dataclass

from sqlalchemy import select, text

from domain import capacity, chain, names, protocol
from domain.plans import ENDS, NEXT, Answer, Standing, State
from services import local
from store import audit, plans
from store.tables import AuditRow, PlanRow

POOL_USAGE = "openai.standard.gpt-4o"
STANDING = text("SELECT id, state, fence, owner, since FROM plans WHERE id >= :first")
HOLDERS = text("SELECT DISTINCT plan FROM holds")
UNTOUCHED = {State.REFUSED, State.ABORTED, State.WITHDRAWN}


@dataclass(frozen=True)
class Effect:
    """A write that was carried out, by us or by somebody else."""

    turn: int
    resource: str
    ours: bool
    old: int | None
    new: int | None
    plan: int = 0
    leg: int = 0
    back: bool = False


@dataclass
class Known:
    """A deployment as the last write has left it."""

    units: int | None
    etag: str
    rest: object
    undone: bool = False
    """Whether an operation on it will fail: then Azure itself gives it another etag."""


class Witness:
    def __init__(self, site, resources):
        self.site, self.turn = site, 0
        self.known = {it: self._there(it) for it in resources}
        self.effects, self.wrong = [], []
        self.sent = {}  # by request id: plan, leg, way back, who sent it, when that last looked
        self.attempts, self.fences, self.states = set(), {}, {}
        self.began, self.ended = {}, {}
        self.looked, self.stands = {}, []
        with site.store.reading() as session:
            self.trail = audit.head(session)

    # --- what goes over the wire ------------------------------------------------------------

    def tick(self):
        self.turn += 1
        return self.turn

    def asks(self, asked, owner):
        if asked.method == "GET" and "/deployments/" in asked.path:
            self.looked[owner, asked.path] = self.tick()
        if asked.method in {"PATCH", "PUT", "DELETE"}:
            self._sends(asked, owner)

    def _sends(self, asked, owner):
        """I1, I2, I3, I5, I7 of a write on its way out."""
        with self.site.store.reading() as session:
            here = {it.id: it for it in plans.unfinished(session, asked.path)}
            rows = session.execute(select(PlanRow).where(PlanRow.id.in_(here))).scalars()
            held = {it.thing for it in plans.holds(session) if it.plan in here}
            mine = [
                (here[it.id], it.lease_until) for it in rows if it.owner == owner and it.lease_until
            ]
        if len(mine) != 1:
            self.say(f"I7: {owner} writes to {asked.path} without a plan in hand")
            return
        plan, until = mine[0]
        number = protocol.current(plan)
        if number is None or plan.legs[number].resource != asked.path:
            self.say(f"I2: plan {plan.id} writes to what is not its turn")
            return
        leg, (_, aim, amount) = plan.legs[number], plan.aim(number)
        attempt = (plan.id, number, leg.writes)
        told = capacity.parsed(aim)
        gives = [it for it in plan.legs if it.amount < 0]
        wanting = [it for it in gives if it.standing is not Standing.THERE]
        room, seen = self._room(), self.looked.get((owner, asked.path), 0)
        # The last one of each counts: where If-Match is ignored, ours may have landed on others'.
        last = {it.resource: it for it in self.effects if self.began[plan.id] < it.turn < seen}
        since = [it for it in last.values() if not it.ours]
        checks = {
            "I2: no intent": leg.writes > 0 and leg.answer is Answer.NONE,
            "I2: one attempt twice": attempt not in self.attempts,
            "I3: another value": asked.body == {"sku": {"name": told["sku"], **_units(told)}},
            "I4: another etag than was seen": asked.headers.get("If-Match") == leg.etag,
            "I4: others have written": asked.path not in {it.resource for it in since},
            "I5: takes before all is given": amount <= 0 or plan.back or not wanting,
            "I5: takes outside halfway": amount <= 0
            or plan.back
            or not gives
            or plan.state is State.SOURCE_DOWN,
            "I7: a lease that is over": until > self.site.clock(),
            "I7: not all is held": plans.things(plan) <= held,
            "I1: over the limit": self.site.rough or amount <= 0 or amount <= room,
            "I9: no capacity": told["capacity"] > 0,
        }
        for words, true in checks.items():
            if not true:
                self.say(f"{words} (plan {plan.id}, leg {number}, {plan.state}, {asked.body})")
        self.attempts.add(attempt)
        request = asked.headers["x-ms-client-request-id"]
        self.sent[request] = (plan.id, number, plan.back, asked.headers.get("If-Match"), seen)

    def _room(self):
        pools = self.site.small.world.accounts.quota
        pool = next(it for it in pools._used if it.usage.lower() == POOL_USAGE)
        return pools.limit(pool, None, "Standard") - pools.used(pool)

    # --- what takes effect ------------------------------------------------------------------

    def took(self, call, _answer):
        """The simulator has carried out a write, now or late."""
        resource, ours = call.path.lower(), call.who == local.IDENTITY
        before = self.known.setdefault(resource, Known(None, "", None))
        now = self._there(resource)
        fate = call.fate.kind if call.fate else ""
        plan, leg, back = self._judged(call, before, now) if ours else (0, 0, False)
        if fate == "fails":
            before.undone = True
            return
        told = Effect(self.tick(), resource, ours, before.units, now.units, plan, leg, back)
        self.effects.append(told)
        self.known[resource] = now

    def refused(self, *_):
        """A write that the simulator did not carry out."""

    def _judged(self, call, before, now):
        """I2, I4, I8 of our own write as it lands."""
        request = call.headers.get("x-ms-client-request-id", "")
        if request not in self.sent:
            self.say(f"I2: {call.path} was written to, and nobody sent it")
            return 0, 0, False
        plan, leg, back, etag, seen = self.sent[request]
        if plan in self.ended:
            self.say(f"I6: a write of plan {plan} landed after its end")
        if before.etag != etag and not before.undone:
            here = [it for it in self.effects if it.resource == call.path.lower()]
            last = here[-1] if here else None
            if last is None or self.site.honours or last.ours or last.turn < seen:
                by = "us" if last and last.ours else "others"
                self.say(f"I4: plan {plan} replaced what {by} wrote, unseen")
        if before.rest != now.rest and before.rest is not None:
            self.say(f"I8: plan {plan} changed {before.rest} to {now.rest}")
        return plan, leg, back

    def _there(self, resource):
        account, _, name = resource.rpartition("/deployments/")
        found = self.site.small.world.accounts.deployments.get(account, {}).get(name)
        if found is None:
            return Known(None, "", None)
        return Known(found.capacity, found.etag, (found.tags, found.properties, found.running))

    # --- after every step -------------------------------------------------------------------

    def step(self):
        """I7, I10, I13 of what the store says now."""
        with self.site.store.reading() as session:
            rows = session.execute(STANDING, {"first": min(self.began, default=0)}).all()
            holds = {it for (it,) in session.execute(HOLDERS)}
        for id, state, fence, owner, _ in rows:
            state = State(state)
            before = self.states.get(id, state)
            if state is not before and not _may_follow(before, state):
                self.say(f"I10: plan {id} went from {before} to {state}")
            last, whose = self.fences.get(id, (fence, owner))
            if fence < last or (fence == last and owner and whose and owner != whose):
                self.say(f"I7: plan {id} has number {fence} after {last}")
            self.states[id], self.fences[id] = state, (fence, owner or whose)
            if state in ENDS and id not in self.ended:
                self._over(id, state)
        self.stands = [(it.id, it.state, it.since) for it in rows]
        if any(self.states.get(it) in ENDS for it in holds):
            self.say("I13: a plan that has ended holds something")

    def _over(self, id, state):
        self.ended[id] = self.tick()
        if state is not State.DONE:
            return
        for leg in self.site.plan(id).legs:
            units = capacity.parsed(leg.target).get("capacity")
            there = self.known[leg.resource].units
            seen = max(at for (_, it), at in self.looked.items() if it == leg.resource)
            foreign = [it for it in self.effects if it.resource == leg.resource and not it.ours]
            if there != units and not any(it.turn > seen for it in foreign):
                self.say(f"I6: plan {id} is done, and {there} units are there, not {units}")

    # --- at rest ----------------------------------------------------------------------------

    def rested(self):
        """I6, I11, I12 of a world in which nothing moves any more."""
        with self.site.store.reading() as session:
            if plans.holds(session):
                self.say("I13: something is held at rest")
        for id in self.began:
            plan = self.site.plan(id)
            if plan.state not in ENDS:
                self.say(f"I12: plan {id} is {plan.state} for ever")
            else:
                self._net(plan)
        self._audited()

    def _net(self, plan):
        """What our own writes did, leg by leg; where nobody else wrote, the sums too."""
        for number, leg in enumerate(plan.legs):
            ours = [it for it in self.effects if it.plan == plan.id and it.leg == number]
            before, after = (capacity.parsed(it)["capacity"] for it in (leg.before, leg.target))
            last = ours[-1].new if ours else before
            if plan.state in UNTOUCHED and ours:
                self.say(f"I6: plan {plan.id} is {plan.state}, and leg {number} was written")
            if plan.state is State.DONE and last != after:
                self.say(f"I6: plan {plan.id} is done, and leg {number} was left at {last}")
            if plan.state is State.REVERTED and last != before:
                self.say(f"I6: plan {plan.id} is put back, and leg {number} was left at {last}")
        if plan.state is not State.NEEDS_PERSON or self.foreign(plan):
            return
        mine = [it for it in self.effects if it.plan == plan.id]
        net = sum(it.old - it.new for it in mine)
        if sum(plan.parked.values()) != net:
            self.say(f"I6: plan {plan.id} says that {plan.parked} are parked, not {net}")

    def foreign(self, plan):
        """Whether somebody else wrote to what the plan is about, between its making and its end:
        the activity log has that, so people are told."""
        window = range(self.began[plan.id], self.ended.get(plan.id, self.turn) + 1)
        return any(
            not it.ours and it.resource in plan.resources and it.turn in window
            for it in self.effects
        )

    def _audited(self):
        first, seal = self.trail
        with self.site.store.reading() as session:
            wanted = select(AuditRow).where(AuditRow.number > first).order_by(AuditRow.number)
            rows = [it for (it,) in session.execute(wanted)]
            end = audit.head(session)
        for number, row in enumerate(rows, first + 1):
            entry = chain.Entry(row.number, row.at, row.who, row.what, row.came, row.detail)
            if row.number != number or chain.seal(seal, entry) != row.seal or not row.who:
                self.say(f"I11: line {row.number} of the trail does not fit")
            seal = row.seal
        if end != (first + len(rows), seal):
            self.say("I11: the trail ends elsewhere")
        self._outcomes([(it.what, it.came) for it in rows if it.who == "worker"])

    def _outcomes(self, lines):
        for plan, number, attempt in self.attempts:
            leg = self.site.plan(plan).legs[number]
            about = (f"plan {plan}: capacity of {names.short(leg.resource)}", f", write {attempt}")
            mine = [came for what, came in lines if _is(what, *about)]
            if mine.count("asked") != 1 or sum(it in ("refused", "unknown") for it in mine) > 1:
                self.say(f"I11: attempt {attempt} of plan {plan}, leg {number} has {mine}")
        for plan in {it for it, _, _ in self.attempts}:
            ends = [came for what, came in lines if what.startswith(f"plan {plan}:")]
            if sum(it in ("done", "failed") for it in ends) != 1:
                self.say(f"I11: plan {plan} has the outcomes {ends}")

    def say(self, words):
        self.wrong.append(words)


def _units(told):
    return {"capacity": told["capacity"]}


def _is(what, begins, ends):
    return what in (begins + ends, f"{begins} back{ends}")


def _may_follow(before, after):
    """In one or two steps: two workers may have had a turn each."""
    ways = NEXT.get(before, frozenset())
    return after in ways or any(after in NEXT.get(it, frozenset()) for it in ways)
