"""How a deployment of the seed is used when its scenario says little: load, shape and habits."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from simulator import chance, regions
from simulator.cognitiveservices import catalogue
from simulator.cognitiveservices.catalogue import BATCH, PROVISIONED, Entry
from simulator.cognitiveservices.records import Account, Deployment
from simulator.faults import Json
from simulator.insights.traffic import Profile

TIMELESS = 10**9
SIZES = {"embeddings": 640.0, "audio": 820.0}
SIZE = 1900.0
PRIORITY = 0.84
ALL = 1.05  # traffic varies it by 4 %, and nothing is left for an answer
SPEEDS = {"reasoning": 6200.0, "one": 7400.0, "six": 9800.0, "ten": 5200.0, "thousand": 4300.0}
CALLS = {
    "chat": ("ChatCompletions_Create", "Chat Completions"),
    "embeddings": ("Embeddings_Create", "Embeddings"),
}


def profile(
    account: Account, deployment: Deployment, row: Json, usual: Json, seed: int, anchor: datetime
) -> Profile:
    """The traffic on a deployment of the seed."""
    entry = catalogue.entry(deployment.model)
    sku = str(deployment.sku["name"])
    asked = usual | row.get("traffic", {})
    key = chance.number(seed, "traffic", deployment.key)
    unit = _per_unit(entry, sku)
    load = float(asked.get("load", 0.18 + 0.4 * chance.share(key, "load")))
    quiet = deployment.state in ("Creating", "Failed", "Disabled") or deployment.running == "Paused"
    kind = entry.kind if entry else "chat"
    return Profile(
        account=account.key,
        name=deployment.name,
        key=key,
        peak=load * float(asked.get("factor", 1.0)) * deployment.capacity * unit,
        units=deployment.capacity,
        per_unit=unit,
        per_request=_size(entry, key),
        prompt=ALL if kind == "embeddings" else 0.6 + 0.3 * chance.share(key, "prompt"),
        shape="none" if quiet else str(asked.get("shape", "night" if sku in BATCH else "office")),
        offset=regions.REGIONS[regions.plain(account.location)].hours,
        anchor=hour_of(anchor),
        growth=float(asked.get("growth", 0.004 + 0.012 * chance.share(key, "growth"))),
        bursts=bool(asked.get("bursts", False)),
        tokens=entry is None or entry.tokens_per_minute("Standard") > 0,
        provisioned=sku in PROVISIONED,
        latency=_latency(entry, key, asked),
        failing=float(asked.get("failing", 0.002)),
        harm=float(asked.get("harm", 0.012)),
        spills=deployment.properties.get("spilloverDeploymentName") is not None,
        events=_events(asked, anchor),
        attacks=_daily(asked.get("attacks", []), anchor),
        # AIServices with models of others emits only the Foundry family, with OpenAI's both.
        foundry=account.kind == "AIServices",
        openai=deployment.model["format"] == "OpenAI",
        dimensions=_dimensions(account, deployment, kind),
        format=deployment.model["format"],
        kind=kind,
        sku=sku,
        tiers=_tiers(deployment, asked),
    )


def _tiers(deployment: Deployment, asked: Json) -> tuple[tuple[str, float, float], ...]:
    """A priority deployment is served by default where priority has no room; flex is asked for
    request by request."""
    flex = float(asked.get("flex", 0.0))
    if deployment.properties.get("serviceTier") == "Priority":
        return (("priority", 0.0, PRIORITY), ("default", PRIORITY, 1.0))
    return (("flex", 0.0, flex), ("default", flex, 1.0)) if flex else ()


def _per_unit(entry: Entry | None, sku: str) -> float:
    if entry is None:
        return 1000.0 if sku not in PROVISIONED else 2500.0
    return entry.tokens_per_minute(sku) or 1.0


def _size(entry: Entry | None, key: int) -> float:
    """Tokens in a request; where only requests are limited, a request is the unit."""
    if entry is not None and not entry.tokens_per_minute("Standard"):
        return 1.0
    return SIZES.get(entry.kind if entry else "", SIZE) * (0.5 + chance.share(key, "size"))


def _latency(entry: Entry | None, key: int, asked: Json) -> float:
    usual = SPEEDS.get(entry.unit if entry else "", 950.0)
    usual = 120.0 if entry and entry.kind == "embeddings" else usual
    return float(asked.get("latency", usual * (0.7 + 0.6 * chance.share(key, "latency"))))


def _events(asked: Json, anchor: datetime) -> tuple[tuple[int, int, float], ...]:
    found, now = list[tuple[int, int, float]](), hour_of(anchor)
    if "idle_days" in asked:
        found.append((now - int(asked["idle_days"]) * 24, TIMELESS, 0.0))
    if "began_days" in asked:
        found.append((-TIMELESS, now - int(asked["began_days"]) * 24, 0.0))
    return (*found, *_daily(asked.get("spikes", []), anchor))


def _daily(
    rows: Iterable[tuple[float, float]], anchor: datetime
) -> tuple[tuple[int, int, float], ...]:
    """What was so on single days, counted from the anchor."""
    starts = ((hour_of(anchor) + int(day) * 24, float(factor)) for day, factor in rows)
    return tuple((start, start + 24, factor) for start, factor in starts)


def _dimensions(account: Account, deployment: Deployment, kind: str) -> dict[str, str]:
    operation, words = CALLS.get(kind, ("Other", "Other"))
    where = regions.REGIONS[regions.plain(account.location)].display
    model = deployment.model
    return _named(where, operation, words, model["name"], model["version"]) | {
        "modeldeploymentname": deployment.name
    }


@cache
def _named(where: str, operation: str, words: str, model: str, version: str) -> dict[str, str]:
    return {
        "apiname": words,
        "operationname": operation,
        "region": where,
        "streamtype": "NonStreaming",
        "modelname": model,
        "modelversion": version,
        "servicetierrequest": "default",
        "servicetierresponse": "default",
        "featurename": "",
        "usagechannel": "",
    }


def hour_of(moment: datetime) -> int:
    """Hours from 1970."""
    return int(moment.timestamp() // 3600)
