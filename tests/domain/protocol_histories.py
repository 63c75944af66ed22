"""Hostile histories by seed: what happens when, until all is calm and every plan has ended."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from domain.ordering import ordered
from domain.plans import Leg, Plan, State
from tests.domain.protocol_world import (
    Broken,
    Chance,
    Hand,
    Pool,
    Slot,
    World,
    moment,
    text,
    weighed,
)

CALM_S = 20 * 60
"""Within this time a plan ends once nothing goes wrong any more."""
EVENTS = weighed(
    round=40, other_round=12, step=18, other_step=16, kill=4, kill_all=1, heal=2, forbid=1, add=3,
    person=2, others=0,
)  # fmt: skip
HOSTILE = EVENTS + weighed(others=22, take=12, long_operation=2)
PAUSES = [5, 0, 1, 1, 2, 5, 10, 15, 15, 20, 30, 30, 45, 60, 90, 130, 400]


class Kind(NamedTuple):
    """A family of histories."""

    honours: bool
    """Whether Azure looks at If-Match."""
    alone: bool
    """Whether nobody but the console writes."""


KINDS = [Kind(honours, alone) for honours in (True, False) for alone in (True, False)]


def lived(chance: Chance, kind: Kind, trace: list[str] | None = None) -> World:
    """One history from its first plan to the end of the last; raises Broken."""
    world = estate(chance, kind)
    world.trace = trace
    hands = [Hand(world, "a"), Hand(world, "b")]
    for _ in range(4):
        if not world.journal.plans:
            add(world)
    events = EVENTS if kind.alone else HOSTILE
    for _ in range(4 + chance.pick(28)):
        if not (world.journal.open() or chance.pick(4)):
            break
        happen(world, hands, chance.one(events))
        world.wait(chance.one(PAUSES))
        world.journal.sound()
    settle(world, hands)
    return world


def settle(world: World, hands: Sequence[Hand]) -> None:
    """Nothing goes wrong from here on, and whatever is under way comes to its end in time."""
    world.calm()
    world.note("calm")
    began, rounds = world.now, 0
    while open_ := world.journal.open():
        for id in open_:
            world.journal.move(id, State.CONFIRMED)
        hands[rounds % len(hands)].round()
        world.journal.sound()
        rounds += 1
        world.wait(15 if rounds < 12 else 30)
        if world.now - began > CALM_S * len(world.journal.plans):
            raise Broken(f"I12: a plan is still {world.journal.plans[open_[0]].state}")
    world.wait(150)
    if world.journal.holds or world.journal.leases:
        raise Broken("I13: something is held by what has ended")


# --- what there is ----------------------------------------------------------------------------


def estate(chance: Chance, kind: Kind) -> World:
    """Two to four deployments in two accounts, in one pool or two."""
    lag = 1 + chance.pick(10) if chance.pick(8) == 7 else 0
    world = World(chance, honours=kind.honours, alone=kind.alone, lag=lag)
    world.deceives = not kind.alone and chance.pick(3) == 2
    pools = ["p", "q"][: 1 + (chance.pick(4) == 3)]
    for number in range(2 + chance.pick(3)):
        step = chance.one([1, 1, 5, 10])
        units = step * (2 + chance.pick(6))
        slot = Slot(number, f"/{'ab'[chance.pick(2)]}", chance.one(pools), units, step)
        if number > 1 and chance.pick(6) == 5:
            slot.units, slot.etag = 0, ""
        world.slots[slot.resource] = slot
    for name in pools:
        world.pools[name] = Pool(0, chance.pick(40))
        world.pools[name].limit = world.used(name) + chance.one([0, 10, 20, 60])
    return world


def add(world: World) -> None:
    """A plan of what is there now, as a person may have drafted it."""
    chance, slots = world.chance, list(world.slots.values())
    many = 1 + chance.pick(min(4, len(slots)))
    free = {name: pool.limit - world.used(name) for name, pool in world.pools.items()}
    legs = []
    if many == 2 and slots[0].pool == slots[1].pool and slots[0].units and slots[1].units:
        legs = _move(chance, slots[0], slots[1])
    for slot in [] if legs else slots[:many]:
        legs.append(_leg(slot, _target(chance, slot)))
    legs = _fitting([it for it in legs if it.before != it.target], free)
    if not legs:
        return
    state = State.PROPOSED if chance.pick(8) == 7 else State.CONFIRMED
    title = ", ".join(f"{it.resource} {it.amount:+}" for it in legs)
    world.said["added"] += 1
    world.journal.add(Plan(ordered(legs), "t/ada", "x", moment(world.now), title, state=state))


def _move(chance: Chance, a: Slot, b: Slot) -> list[Leg]:
    """From the fuller one to the other, as far as the steps allow."""
    giver, taker = (a, b) if a.units >= b.units else (b, a)
    units = max(a.step, b.step)
    given, taken = giver.units - units, taker.units + units
    if given < giver.least or units % giver.step or units % taker.step:
        return []
    if chance.pick(2) and given - units >= giver.least:
        given, taken = given - units, taken + units
    return [_leg(giver, given), _leg(taker, taken)]


def _target(chance: Chance, slot: Slot) -> int:
    if not slot.units:
        return slot.step * (1 + chance.pick(3))
    if chance.pick(16) == 15:
        return 0
    return max(slot.least, slot.units + slot.step * chance.one([1, 2, 5, -1, -2, -4]))


def _leg(slot: Slot, units: int) -> Leg:
    lever = "capacity" if units and slot.units else "deployment"
    return Leg(
        lever, slot.resource, slot.etag, text(slot.units), text(units), slot.pool,
        units - slot.units, "unit",
    )  # fmt: skip


def _fitting(legs: list[Leg], free: dict[str, int]) -> list[Leg]:
    """Those that fit the pools as the draft sees them: what gives first."""
    kept = []
    for leg in ordered(legs):
        if leg.amount <= 0 or leg.amount <= free[leg.pool]:
            free[leg.pool] -= leg.amount
            kept.append(leg)
    return kept


# --- what happens -----------------------------------------------------------------------------


def happen(world: World, hands: Sequence[Hand], event: str) -> None:
    first, second = hands
    match event:
        case "round":
            first.round()
        case "other_round":
            second.round()
        case "step":
            first.step()
        case "other_step":
            second.step()
        case "kill":
            hands[world.chance.pick(2)].kill()
        case "kill_all":
            first.kill()
            second.kill()
            world.wait(world.chance.one([5, 60, 200, 1_000]))
        case "heal":
            world.heal()
        case "forbid":
            world.refusing = world.chance.pick(2) == 1
            world.read_only = world.chance.pick(4) == 3
        case "add":
            if len(world.journal.plans) < 3:
                add(world)
        case "person":
            _person(world)
        case _:
            _others(world, event)


def _person(world: World) -> None:
    decision = world.chance.one([State.CONFIRMED, State.WITHDRAWN, State.RESOLVED])
    for id in list(world.journal.plans):
        world.journal.move(id, decision)


def _others(world: World, event: str) -> None:
    chance = world.chance
    if event == "take":
        world.others_take(chance.one(list(world.pools)), chance.one([10, 60, -10]))
        return
    slots = list(world.slots.values())
    slot = chance.one(slots)
    if world.last and chance.pick(2):
        slot = world.last
    if event == "long_operation":
        world.others_set(slot, slot.units, seconds=chance.one([60, 300, 800]))
        return
    aims = [
        leg.target if chance.pick(2) else leg.before
        for id in world.journal.open()
        for leg in world.journal.plans[id].legs
        if leg.resource == slot.resource
    ]
    match chance.one(["touch", "touch", "set", "ours", "ours", "away", "back"]):
        case "touch":
            world.others_touch(slot)
        case "set":
            world.others_set(slot, slot.step * (1 + chance.pick(12)))
        case "ours" if aims:
            units = next(it for it in range(1_001) if text(it) == aims[0])
            world.others_set(slot, units)
        case "away":
            world.others_set(slot, 0)
        case "back":
            was = slot.units
            world.others_set(slot, was + slot.step)
            world.others_set(slot, was)


# --- many of them -----------------------------------------------------------------------------


class Found(NamedTuple):
    """A history that broke a rule: its seed, its choices made as few and quiet as they get, what
    was broken, and what happened."""

    seed: int
    choices: list[int]
    broken: str
    trace: list[str]


def kind_of(seed: int) -> Kind:
    return KINDS[seed % len(KINDS)]


def run(seeds: Sequence[int], counted: Callable[[Kind, World], None]) -> Found | None:
    """Live these histories; the first that breaks a rule comes back."""
    for seed in seeds:
        kind = kind_of(seed)
        try:
            counted(kind, lived(Chance(seed), kind))
        except Broken:
            return shrunk(seed)
    return None


class Tally:
    """What became of the plans of many histories, and what happened in them."""

    def __init__(self) -> None:
        self.said: Counter[str] = Counter()
        self.plans, self.alone, self.called = 0, 0, 0
        """Plans; those among them that were begun where nobody else writes; those of them that
        needed a person."""

    def __call__(self, kind: Kind, world: World) -> None:
        self.said.update(world.said)
        self.plans += len(world.journal.plans)
        if kind.alone:
            ends = [it.state for it in world.journal.plans.values() if it.begun]
            self.alone += len(ends)
            self.called += sum(it in (State.NEEDS_PERSON, State.RESOLVED) for it in ends)


def shrunk(seed: int) -> Found:
    """The same violation with as little as possible happening."""
    kind = kind_of(seed)
    choices, broken = _broken(Chance(seed, keep=True), kind)
    size = len(choices) // 2
    while size:
        at = 0
        while at < len(choices):
            for put in ([], [0] * min(size, len(choices) - at)):
                fewer = choices[:at] + put + choices[at + size :]
                _, again = _broken(Chance(told=fewer), kind)
                if fewer != choices and again[:3] == broken[:3]:
                    choices, broken = fewer, again
                    break
            else:
                at += size
        size //= 2
    trace: list[str] = []
    _broken(Chance(told=choices), kind, trace)
    return Found(seed, choices, broken, trace)


def _broken(chance: Chance, kind: Kind, trace: list[str] | None = None) -> tuple[list[int], str]:
    try:
        lived(chance, kind, trace)
    except Broken as broken:
        return chance.taken, str(broken)
    return chance.taken, ""
