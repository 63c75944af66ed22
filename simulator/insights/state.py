"""Who uses which deployment, and which capacity it had when: what all metrics are derived from."""

from collections.abc import Iterable
from datetime import datetime

from simulator.insights import harm
from simulator.insights.harm import Leaf
from simulator.insights.traffic import MINUTES, Hour, Profile, day, dealt, traffic
from simulator.moderation.history import History

WHOLE = (0.0, 1.0)


class Usage:
    """Profiles by account, and the changes of capacity that clients made."""

    def __init__(self, profiles: Iterable[Profile], filters: History) -> None:
        self._accounts: dict[str, list[Profile]] = {}
        self._changes: dict[str, list[tuple[int, int]]] = {}
        self.filters = filters
        for profile in profiles:
            self._accounts.setdefault(profile.account, []).append(profile)

    def of(self, account: str) -> list[Profile]:
        """The profiles below an account, deleted deployments included."""
        return self._accounts.get(account, [])

    def add(self, profile: Profile) -> None:
        """A deployment that the seed did not know."""
        known = self._accounts.setdefault(profile.account, [])
        if all(it.name.lower() != profile.name.lower() for it in known):
            known.append(profile)

    def units(self, account: str, name: str) -> int:
        """The units that a deployment has as of the last change; 0 where it is not known."""
        changes = self._changes.get(f"{account}/deployments/{name.lower()}")
        if changes:
            return changes[-1][1]
        known = (it for it in self.of(account) if it.name.lower() == name.lower())
        return next((it.units for it in known), 0)

    def scaled(self, path: str, minute: int, units: int) -> None:
        """From this minute on, a deployment has these units."""
        self._changes.setdefault(path, []).append((minute, units))

    def pieces(self, profile: Profile, hour: int) -> list[tuple[int, int, float]]:
        """The parts of an hour with their limits: first minute, end, tokens a minute."""
        changes = self._changes.get(self.path(profile))
        if not changes:
            return [(0, MINUTES, profile.units * profile.per_unit)]
        return _pieces(profile, changes, hour * MINUTES)

    def totals(self, profile: Profile, first: int, last: int, pick: "Pick") -> list[int]:
        """One figure over each of these hours."""
        if self.path(profile) in self._changes:
            return [self.total(profile, hour, pick) for hour in range(first, last)]
        limit, of = profile.units * profile.per_unit, pick.of
        found = (traffic(profile, hour, limit) for hour in range(first, last))
        return [of(it) if it else 0 for it in found]

    def days(self, profile: Profile, first: int, last: int, pick: "Pick") -> list[int]:
        """One figure over each of these days; from the days' own sums where nothing changed."""
        limit = profile.units * profile.per_unit
        kept = self.path(profile) not in self._changes
        if kept and pick.leaf is not None and (slot := pick.leaf.slot) is not None:
            return [harm.day(profile, number, limit)[slot] for number in range(first, last)]
        if not kept or not pick.plain:
            hours = self.totals(profile, first * 24, last * 24, pick)
            return [sum(hours[it : it + 24]) for it in range(0, len(hours), 24)]
        return [day(profile, number, limit)[pick.index] for number in range(first, last)]

    def total(self, profile: Profile, hour: int, pick: "Pick") -> int:
        """One figure over an hour."""
        pieces = self.pieces(profile, hour)
        if len(pieces) > 1:
            return sum(self.minutes(profile, hour, pick))
        found = traffic(profile, hour, pieces[0][2])
        return pick.of(found) if found else 0

    def minutes(self, profile: Profile, hour: int, pick: "Pick") -> list[int]:
        """The same figure minute by minute."""
        figures: list[int] = []
        for first, last, limit in self.pieces(profile, hour):
            found = traffic(profile, hour, limit)
            if found is None:
                figures += [0] * (last - first)
            else:
                total = pick.of(found)
                figures += dealt(total, found, throttled=pick.throttled)[first:last]
        return figures

    def accounts(self) -> list[str]:
        """The accounts that have or had deployments."""
        return list(self._accounts)

    def unit_minutes(self, profile: Profile, day: int) -> list[int]:
        """Units deployed times minutes, hour by hour of a day."""
        changes = self._changes.get(self.path(profile))
        if not changes:
            return [profile.units * MINUTES] * 24
        hours = (self.pieces(profile, hour) for hour in range(day * 24, day * 24 + 24))
        per = profile.per_unit
        return [sum(round((last - first) * it / per) for first, last, it in one) for one in hours]

    @staticmethod
    def path(profile: Profile) -> str:
        return f"{profile.account}/deployments/{profile.name.lower()}"

    def hours(self, profile: Profile, hour: int) -> list[tuple[int, int, Hour | None]]:
        """The parts of an hour with what happened: for averages."""
        return [
            (first, last, traffic(profile, hour, limit))
            for first, last, limit in self.pieces(profile, hour)
        ]


def _pieces(
    profile: Profile, changes: list[tuple[int, int]], start: int
) -> list[tuple[int, int, float]]:
    units, marks = profile.units, list[tuple[int, int]]()
    for minute, after in changes:
        if minute <= start:
            units = after
        elif minute < start + MINUTES:
            marks.append((minute - start, after))
    pieces, first = list[tuple[int, int, float]](), 0
    for minute, after in marks:
        if minute > first:
            pieces.append((first, minute, units * profile.per_unit))
        first, units = minute, after
    return [*pieces, (first, MINUTES, units * profile.per_unit)]


class Pick:
    """Which figure of an hour is counted, and on which curve it falls on its minutes."""

    __slots__ = ("field", "index", "leaf", "part", "throttled", "times")

    def __init__(
        self,
        field: str,
        part: tuple[float, float] = WHOLE,
        times: float = 1.0,
        leaf: Leaf | None = None,
    ) -> None:
        self.field = field
        self.index = Hour._fields.index(field)
        self.throttled = field == "throttled"
        self.part = part
        self.times = times
        self.leaf = leaf

    @property
    def plain(self) -> bool:
        """Whether a day's figure is its hours' own sum."""
        return self.part == WHOLE and self.times == 1.0

    def of(self, hour: Hour) -> int:
        """The figure; a part takes its slice of the total, so that slices add up to it."""
        total: int = hour[self.index]  # type: ignore[assignment]  # only counts are picked
        if self.plain:
            return total
        total = int(total * self.times)
        if self.part == WHOLE:
            return total
        first, last = self.part
        return int(total * last + hour.phase) - int(total * first + hour.phase)


def spilled(source: Profile, field: str) -> Pick:
    """The tokens of what a provisioned deployment could not take, where they are served instead."""
    part = min(1.0, source.prompt)
    return Pick("throttled", times=source.per_request * (part if field == "prompt" else 1 - part))


def minute_of(moment: datetime) -> int:
    """The minute after a moment, counted from 1970: changes never touch a minute that began."""
    return int(moment.timestamp() // 60) + 1
