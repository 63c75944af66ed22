"""Policies, blocklists and terms as they stand, and what of their past the metrics need."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from simulator import chance, clock
from simulator.archive import Archive
from simulator.cognitiveservices.records import Account, Deployment
from simulator.faults import ArmError, Json
from simulator.insights.state import minute_of
from simulator.moderation import built_in
from simulator.moderation.built_in import HOSTS, KNOWN, folded
from simulator.moderation.history import EVER, History
from simulator.moderation.records import ITEMS, LISTS, POLICIES, Record

FIXED = "gpt-image-1"
"""Models whose names begin so are under the default, whatever their deployment names."""


class Seeds(NamedTuple):
    """What a scenario says of filters: as it is, and since which minute it was how."""

    records: list[Record]
    contents: list[tuple[str, int, Json | None]]
    assigned: list[tuple[str, int, str]]
    told: list[Json]


class Moderation:
    """Everything about filters; whoever reads or writes holds the world's lock."""

    def __init__(self, archive: Archive, seed: int, seeds: Seeds) -> None:
        self._archive = archive
        self._seed = seed
        self._shelves: dict[str, dict[str, Record]] = {}
        self._changes = 0
        self._built_in = built_in.bodies()
        self._changed_at = built_in.SINCE
        self.touched: dict[str, float] = {}
        """When, on the stopwatch, the terms of a blocklist were last written."""
        self.history = History()
        for name, body in self._built_in.items():
            self.history.contains(name.lower(), EVER, body)
        for record in seeds.records:
            self._place(record)
        for path, minute, contents in seeds.contents:
            self.history.contains(path, minute, contents)
        for path, minute, policy in seeds.assigned:
            self.history.assigned(path, minute, policy)

    def restore(self) -> list[Record]:
        """Lay over the seed what clients changed; the records on which a write still runs."""
        for path, body in self._archive.documents("filter"):
            self._drop(path)
            if body is not None:
                self._place(Record(**body))
        for name, body in self._archive.documents("builtin"):
            self._built_in[name], self._changed_at = (body or {})["body"], (body or {})["at"]
        for _, body in sorted(self._archive.documents("filtering")):
            self._changes += 1
            told = body or {}
            note = self.history.assigned if told["what"] == "policy" else self.history.contains
            note(told["path"], told["minute"], told["value"])
        return [it for shelf in self._shelves.values() for it in shelf.values() if it.settles]

    def of(self, above: str, kind: str) -> list[Record]:
        """The policies or lists of an account, or the terms of a list, by name."""
        shelf = self._shelves.get(f"{above}/{kind}".lower(), {})
        return [shelf[name] for name in sorted(shelf)]

    def policies(self, account: Account) -> list[Record]:
        """Those of an account, Microsoft's own first; a kind without models has none."""
        own = self.of(account.path, POLICIES)
        hosts = account.kind in HOSTS
        return [*(self._own(account, it) for it in self._built_in if hosts), *own]

    def _own(self, account: Account, name: str) -> Record:
        words = (self._seed, "etag", account.key, name, self._changed_at)
        body = self._built_in[name]
        etag = f'"{chance.guid(*words)}"'
        return built_in.record(account, name, body, self._changed_at, etag)

    def names(self, account: Account, kind: str) -> set[str]:
        """The policies or blocklists of an account by lower-case name."""
        found = self.policies(account) if kind == POLICIES else self.of(account.path, kind)
        return {it.name.lower() for it in found}

    def find(self, path: str) -> Record | None:
        """One of a client's own."""
        shelf, _, name = path.lower().rpartition("/")
        return self._shelves.get(shelf, {}).get(name)

    def policy(self, account: Account, name: str) -> Record | None:
        """One policy, Microsoft's own too."""
        found = (it for it in self.policies(account) if it.name.lower() == name.lower())
        return next(found, None)

    def put(self, record: Record, now: datetime) -> None:
        """A new or changed one."""
        self._place(record)
        self.keep(record)
        if record.kind == POLICIES:
            self._note("contents", record.key, now, record.properties)

    def enter(self, record: Record) -> None:
        """One on which a write runs, or ran in vain."""
        self._place(record)
        self.keep(record)

    def ended(self, record: Record, ends: datetime, *, well: bool) -> None:
        """A deletion has run its time."""
        record.settles, record.operation = None, ""
        if well:
            self.remove(record, ends)
        else:
            self.enter(record)

    def keep(self, record: Record) -> None:
        body = {name: getattr(record, name) for name in Record.__slots__}
        self._archive.keep("filter", record.key, body)

    def remove(self, record: Record, now: datetime) -> None:
        """One is gone, and a list with its terms."""
        below = self.of(record.path, ITEMS) if record.kind == LISTS else []
        for it in (record, *below):
            self._drop(it.key)
            self._archive.keep("filter", it.key, None)
        if record.kind == POLICIES:
            self._note("contents", record.key, now, None)

    def clear(self, account: str, now: datetime) -> None:
        """An account begins anew: what one of the same name had is gone."""
        for shelf in [it for it in self._shelves if it.startswith(f"{account}/")]:
            for record in list(self._shelves.get(shelf, {}).values()):
                self.remove(record, now)

    def assign(self, deployment: Deployment, now: datetime) -> None:
        """A deployment is under the policy that it names from now on, if it was not before."""
        named = policy_of(deployment)
        if self.history.policy(deployment.key) != named.lower():
            self._note("policy", deployment.key, now, named)

    def change_default(self, policy: str, change: Json, now: datetime) -> Json:
        """Microsoft changes a policy of its own: a filter is another, or new. Raises 400."""
        name = next((it for it in self._built_in if it.lower() == policy.lower()), None)
        kind = KNOWN.get(folded(str(change.get("name", ""))))
        if name is None or kind is None or change.get("source") not in built_in.BOTH:
            words = "Say a policy of Microsoft's, and a filter of the catalogue with its source."
            raise ArmError(400, "BadOrder", words)
        one = built_in.entry(kind.name, str(change["source"]), str(change.get("word", "block")))
        told = (kind.name, one["source"])
        filters = self._built_in[name]["contentFilters"]
        after = [one if (it["name"], it["source"]) == told else it for it in filters]
        body = self._built_in[name] | {"contentFilters": after if one in after else [*filters, one]}
        self._built_in[name], self._changed_at = body, clock.stamp(now)
        self._archive.keep("builtin", name, {"body": body, "at": self._changed_at})
        self._note("contents", name.lower(), now, body)
        return body

    def _note(self, what: str, path: str, now: datetime, value: Json | str | None) -> None:
        """Keep since when; the order of the changes is in their names."""
        self._changes += 1
        minute = minute_of(now)
        told = {"what": what, "path": path, "minute": minute, "value": value}
        self._archive.keep("filtering", f"{self._changes:08}", told)
        if what == "policy":
            self.history.assigned(path, minute, str(value))
        elif not isinstance(value, str):
            self.history.contains(path, minute, value)

    def _place(self, record: Record) -> None:
        self._shelves.setdefault(record.shelf, {})[record.name.lower()] = record

    def _drop(self, path: str) -> None:
        shelf, _, name = path.rpartition("/")
        self._shelves.get(shelf, {}).pop(name, None)


def policy_of(deployment: Deployment) -> str:
    """The policy that a deployment names; empty for the default, also where none else is taken."""
    fixed = str(deployment.model.get("name", "")).startswith(FIXED)
    return "" if fixed else str(deployment.properties.get("raiPolicyName") or "")


def holders(deployments: Iterable[Deployment], policy: str) -> list[Deployment]:
    """The deployments that name a policy."""
    named = (it for it in deployments if it.properties.get("raiPolicyName") is not None)
    return [it for it in named if str(it.properties["raiPolicyName"]).lower() == policy.lower()]
