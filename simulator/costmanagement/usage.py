"""What a deployment used in the units of money: tokens by meter, pieces, hours of hosting."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from simulator import regions
from simulator.chance import drawn
from simulator.insights.state import Pick, Usage, spilled
from simulator.insights.traffic import Profile, cache_hits
from simulator.retail import tariff
from simulator.retail.tariff import Meter

PROMPT, GENERATED, OK = Pick("prompt"), Pick("generated"), Pick("ok")
LONGEST = 3.5  # minutes of speech in a request
TIERS = {"default": "standard"}


def number(day: datetime) -> int:
    """Days from 1970."""
    return int(day.timestamp() // 86400)


def of(usage: Usage, profile: Profile, day: datetime) -> Iterator[tuple[Meter, Decimal]]:
    """Meters and what was counted on them on a UTC day; provisioned tokens cost nothing."""
    if profile.sku in tariff.PTU:
        return
    name, version = profile.dimensions["modelname"], profile.dimensions["modelversion"]
    if (kept := tariff.hosting(name, version)) and profile.sku != "DeveloperTier":
        minutes = sum(usage.unit_minutes(profile, number(day)))
        yield kept, Decimal(24 if minutes else 0)
    if profile.shape == "none" and not profile.sources:
        return
    region = regions.plain(profile.dimensions["region"])
    if found := tariff.pieces(profile.format, name, version, region):
        yield found, _pieces(usage, profile, found, number(day))
    elif profile.tokens:
        yield from _by_meter(usage, profile, number(day), (profile.format, name, version))


def _pieces(usage: Usage, profile: Profile, meter: Meter, day: int) -> Decimal:
    (requests,) = usage.days(profile, day, day + 1, OK)
    if meter.bucket != "hour":
        return Decimal(requests)
    minutes = 0.5 + LONGEST * drawn(profile.key + 7, day)
    return Decimal(str(round(requests * minutes / 60, 4)))


def tokens(usage: Usage, profile: Profile, day: int) -> tuple[int, int]:
    """Prompt and generated tokens of a day, those included that spilled over to here."""
    both = []
    for pick in (PROMPT, GENERATED):
        own = usage.days(profile, day, day + 1, pick)[0] if profile.shape != "none" else 0
        for source in profile.sources:
            own += usage.days(source, day, day + 1, spilled(source, pick.field))[0]
        both.append(own)
    return both[0], both[1]


def cached_share(profile: Profile, day: int) -> float:
    """The share of the prompt that came from a cache: of OpenAI's models only the bill tells it."""
    if profile.format == "Anthropic":
        return cache_hits(profile)
    return cache_hits(profile) * (0.82 + 0.36 * drawn(profile.key + 6, day))


def _by_meter(
    usage: Usage, profile: Profile, day: int, model: tuple[str, str, str]
) -> Iterator[tuple[Meter, Decimal]]:
    prompt, generated = tokens(usage, profile, day)
    share = cached_share(profile, day)
    place = (*model, profile.sku, regions.plain(profile.dimensions["region"]))
    for tier, first, last in profile.tiers or (("standard", 0.0, 1.0),):
        named = TIERS.get(tier, tier)
        meters = {it: tariff.tokens(*place, named, it) for it in tariff.BUCKETS}
        part = int(prompt * last) - int(prompt * first)
        cached = int(part * share) if meters["cached"] else 0
        counts = {"input": part - cached, "cached": cached}
        counts["output"] = int(generated * last) - int(generated * first)
        for bucket, count in counts.items():
            if (meter := meters[bucket]) is not None:
                yield meter, Decimal(count)
