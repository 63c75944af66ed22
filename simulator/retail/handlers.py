"""What the price list is asked and answers."""

from simulator.arm import Answer, Call
from simulator.faults import Json
from simulator.retail import filters, state, tariff
from simulator.retail.faults import VERSIONS, invalid_filter, unknown_currency, unknown_version

PAGE = 1000


def prices(call: Call) -> Answer:
    """One page of the list; a link leads to the next, on the same host."""
    args = {key.lower().lstrip("$"): it for key, it in call.args.items()}
    version = args.get("api-version", VERSIONS[0])
    if version not in VERSIONS:
        raise unknown_version(version)
    currency = args.get("currencycode", "USD").strip("'")
    if tariff.rate(currency) is None:
        raise unknown_currency(currency)
    test = filters.parsed(args.get("filter", ""), exact=version >= "2023")
    primary = args.get("meterregion", "").strip("'").lower() == "primary"
    world = call.world
    found = [
        it
        for it in state.items(world.anchor, world.now, currency.upper())
        if test(it) and (it["isPrimaryMeterRegion"] or not primary)
    ]
    return Answer(200, _page(call, found, currency.upper(), args.get("skip", "0")))


def _page(call: Call, found: list[Json], currency: str, skip: str) -> Json:
    if not skip.isdigit():
        raise invalid_filter(f"$skip={skip}")
    first = int(skip)
    here = found[first : first + PAGE]
    more = None
    if first + PAGE < len(found):
        asked = {key: it for key, it in call.args.items() if key.lower() != "$skip"}
        more = call.url(call.path, **asked, **{"$skip": str(first + PAGE)})
    return {
        "BillingCurrency": currency,
        "CustomerEntityId": "Default",
        "CustomerEntityType": "Retail",
        "Items": here,
        "NextPageLink": more,
        "Count": len(here),
    }
