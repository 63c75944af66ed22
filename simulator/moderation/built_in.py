"""Microsoft's own policies, which every account lists and nobody can change, and the catalogue."""

from typing import NamedTuple

from simulator.cognitiveservices.records import Account
from simulator.faults import Json
from simulator.moderation.records import POLICIES, Record

BOTH = ("Prompt", "Completion")
GRADED = ("Hate", "Sexual", "Violence", "Selfharm")
DEFAULT, DEFAULT_V2 = "Microsoft.Default", "Microsoft.DefaultV2"
HOSTS = ("OpenAI", "AIServices")
SINCE = "2024-03-01T00:00:00.0000001Z"
WHO = "Microsoft"


class Entry(NamedTuple):
    """One filter of the catalogue: without a source it works in both directions."""

    slug: str
    name: str
    graded: bool
    source: str | None = None


CATALOGUE = (
    *(Entry(it, it, True) for it in GRADED),
    Entry("Jailbreak", "Jailbreak", False, "Prompt"),
    Entry("ProtectedMaterialText", "Protected Material Text", False, "Completion"),
    Entry("ProtectedMaterialCode", "Protected Material Code", False, "Completion"),
    Entry("Profanity", "Profanity", False),
    Entry("IndirectAttack", "Indirect Attack", False, "Prompt"),
)


def folded(name: str) -> str:
    """A name as it is compared: people write 'hate', 'SelfHarm' and 'Protected Material Text'."""
    return name.lower().replace(" ", "").replace("-", "").replace("_", "")


KNOWN = {folded(it.name): it for it in CATALOGUE}


def entry(name: str, source: str, word: str) -> Json:
    """A filter as a policy states it; `word` is off, annotate, block, or the lowest severity that
    is blocked."""
    found: Json = {"name": name, "enabled": word != "off"}
    found["blocking"] = word not in ("off", "annotate")
    if folded(name) in {folded(it) for it in GRADED}:
        found["severityThreshold"] = word if word in ("Low", "Medium", "High") else "Medium"
    return found | {"source": source}


def _graded() -> list[Json]:
    return [entry(name, source, "Medium") for name in GRADED for source in BOTH]


def bodies() -> dict[str, Json]:
    """What Microsoft's policies contain when the world is made, by name."""
    binary = [
        entry("Jailbreak", "Prompt", "block"),
        entry("Protected Material Text", "Completion", "block"),
        entry("Protected Material Code", "Completion", "annotate"),
    ]
    return {
        DEFAULT: {"mode": "Blocking", "contentFilters": _graded()},
        DEFAULT_V2: {"mode": "Blocking", "contentFilters": [*_graded(), *binary]},
    }


def record(account: Account, name: str, body: Json, at: str, etag: str) -> Record:
    """Microsoft's policy as this account lists it."""
    path = f"{account.path}/{POLICIES}/{name}"
    return Record(account.key, path, body, etag, SINCE, WHO, at, WHO, system=True)
