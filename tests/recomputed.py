"""Who pays what in a month, reckoned a second time and in another way: for audits of the bill.

Nothing of the console is used here. Everything is asked of the simulator as it answers on the
wire, and reckoned line by line with fractions that are never rounded, by the rules of cost and
what the company agreed on. Only the month's total is rounded, and dealt to who pays what for.

It holds for a month whose days are all booked and of which no reviewed meter says anything.
"""

import json
from calendar import monthrange
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from operator import add, mul
from pathlib import Path
from types import SimpleNamespace as Known
from urllib.parse import urlencode, urlsplit

from werkzeug.test import Client

ARM, LOGS = "management.azure.com", "api.loganalytics.io"
WORKSPACE = "5c0f0ae2-7c1d-4d0e-9a43-6f2b8f1d3e77"
AGREED = json.loads((Path(__file__).parents[1] / "reference/local_agreements.json").read_text())
UNITS = {
    *("retail", "retail-stores", "retail-online", "finance", "finance-banking", "finance-risk"),
    *("operations", "operations-supply", "operations-service", "research", "research-lab"),
}
NOBODY, PLATFORM, TAG = "unassigned", "platform", "businessunit"
SKUS = {  # scope, and how it is paid
    "standard": ("regional", "tokens"),
    "datazonestandard": ("datazone", "tokens"),
    "globalstandard": ("global", "tokens"),
    "developertier": ("regional", "tokens"),
    "globalbatch": ("global", "batch"),
    "datazonebatch": ("datazone", "batch"),
    "provisioned": ("regional", "ptu"),
    "provisionedmanaged": ("regional", "ptu"),
    "datazoneprovisionedmanaged": ("datazone", "ptu"),
    "globalprovisionedmanaged": ("global", "ptu"),
}
COSTS = {"ContextToken": "input", "NoCachedContextToken": "input", "TotalToken": "input",
         "CachedContextToken": "cached", "GeneratedToken": "output"}  # fmt: skip
COUNTED = {  # metric: family, bucket
    "processedprompttokens": ("openai", "prompt"),
    "generatedtokens": ("openai", "output"),
    "audioprompttokens": ("openai", "audio_input"),
    "audiocompletiontokens": ("openai", "audio_output"),
    "inputtokens": ("foundry", "prompt"),
    "outputtokens": ("foundry", "output"),
    "audioinputtokens": ("foundry", "audio_input"),
    "audiooutputtokens": ("foundry", "audio_output"),
    "cachereadinputtokens": ("foundry", "cached"),
    "ephemeral5minputtokens": ("foundry", "cache_write"),
    "ephemeral1hinputtokens": ("foundry", "cache_write"),
    "finetunedtraininghours": ("", "hour"),
    "generatedimages": ("", "image"),
    "totalpages": ("", "page"),
}
SERVED = {"azureopenairequests": "openai", "modelrequests": "foundry"}
BUSY = {"azureopenaiprovisionedmanagedutilizationv2": "openai", "provisionedutilization": "foundry"}
IN = {"prompt", "input", "cached", "cache_write"}
TOKENS = {*IN, "output", "audio_input", "audio_output"}
OUTPUT_WEIGHT = 4
LOGGED = """ApiManagementGatewayLlmLog
| where DeploymentName != ''
| where TimeGenerated >= datetime({first}) and TimeGenerated < datetime({end})
| join kind=leftouter (
    ApiManagementGatewayLogs
    | summarize Who = take_any(ProductId), Backend = take_any(BackendId), Url = take_any(BackendUrl)
        by CorrelationId
    ) on CorrelationId
| extend Host = tostring(parse_url(Url).Host)
| summarize Prompt = sum(PromptTokens), Output = sum(CompletionTokens), Requests = count()
    by Day = bin(TimeGenerated, 1d), Host, Backend, DeploymentName, Who"""


class Asking:
    """The simulator's raw answers, with numbers as they are written."""

    def __init__(self, simulator):
        self.client = Client(simulator, use_cookies=False)

    def one(self, method, url, body=None):
        """None where it is refused, or where there is nothing."""
        parts = urlsplit(url)
        answer = self.client.open(
            parts.path, base_url=f"https://{parts.netloc}", query_string=parts.query,
            method=method, json=body, headers={"Authorization": "Bearer console@contoso.example"},
        )  # fmt: skip
        if answer.status_code in (204, 403, 404):
            return None
        assert answer.status_code == 200, answer.text
        return json.loads(answer.data, parse_float=Decimal)

    def listed(self, path, version="2025-09-01", host=ARM, **more):
        url = f"https://{host}{path}?{urlencode({'api-version': version, **more})}"
        while url and (page := self.one("GET", url)):
            yield from page["value"] if "value" in page else page["Items"]
            url = page.get("nextLink") or page.get("NextPageLink")

    def costs(self, subscription, span, by, grain="None", view="AmortizedCost", **only):
        """Rows of Cost Management by the names of their columns."""
        terms = [
            {"dimensions": {"name": name, "operator": "In", "values": [it]}}
            for name, it in only.items()
        ]
        sums = {it: {"name": it, "function": "Sum"} for it in ("Cost", "UsageQuantity")}
        dataset = {"aggregation": sums, "granularity": grain}
        dataset["grouping"] = [{"type": "Dimension", "name": it} for it in by]
        if terms:
            dataset["filter"] = terms[0] if len(terms) == 1 else {"and": terms}
        body = {"type": view, "timeframe": "Custom", "dataset": dataset}
        body["timePeriod"] = dict(zip(("from", "to"), span, strict=True))
        path = f"/subscriptions/{subscription}/providers/Microsoft.CostManagement/query"
        url = f"https://{ARM}{path}?api-version=2025-03-01"
        while url and (page := self.one("POST", url, body)):
            names = [it["name"] for it in page["properties"]["columns"]]
            yield from (dict(zip(names, it, strict=True)) for it in page["properties"]["rows"])
            url = page["properties"]["nextLink"]

    def series(self, subscription, region, accounts, span, metrics, dims, what="total"):
        """Deployment, metric, dimensions and values by day."""
        asked = {"api-version": "2024-02-01", "starttime": span[0], "endtime": span[1],
                 "interval": "P1D", "metricnamespace": "Microsoft.CognitiveServices/accounts",
                 "metricnames": ",".join(metrics), "aggregation": what, "top": "100000",
                 "filter": " and ".join(f"{it} eq '*'" for it in dims)}  # fmt: skip
        host = f"{region}.metrics.monitor.azure.com"
        url = f"https://{host}/subscriptions/{subscription}/metrics:getBatch?{urlencode(asked)}"
        ids = sorted(accounts)
        for some in (ids[at : at + 50] for at in range(0, len(ids), 50)):
            for value in self.one("POST", url, {"resourceids": some})["values"]:
                for metric in value["value"]:
                    for it in metric["timeseries"]:
                        told = {
                            x["name"]["value"].lower(): x["value"] for x in it["metadatavalues"]
                        }
                        name = told["modeldeploymentname"].lower()
                        points = {x["timeStamp"][:10]: Fraction(x[what]) for x in it["data"]
                                  if x.get(what) is not None}  # fmt: skip
                        deployment = f"{value['resourceid'].lower()}/deployments/{name}"
                        yield deployment, metric["name"]["value"].lower(), told, points


def asked(simulator, month):
    """Everything that the simulator says about a month, in all currencies."""
    asking, days = Asking(simulator), _days(month)
    world = _world(asking)
    lines = [it for sub in world.subscriptions for it in _booked(asking, sub, days)]
    return Known(
        days=days, world=world, lines=lines, meters=_meters(asking, world),
        usage=_usage(asking, world, days), callers=_callers(asking, world, days),
        units={it: _units(asking, it) for it in {line.currency for line in lines}},
    )  # fmt: skip


def recomputed(told, currency):
    """By unit and kind of line what is paid in one currency: exactly, in 1e-8, and in cents."""
    lines = [it for it in told.lines if it.currency == currency]
    own = {it.subscription for it in lines}
    for sub in own:  # a day that is not booked would have to be estimated
        assert max(it.day for it in told.lines if it.subscription == sub) == told.days[-1]
    usage = {at: it for at, it in told.usage.items() if at.split("/")[2] in own}
    usage = _split(usage, told.world, lines, told.meters, told.units[currency])
    paid = _paid(lines, told.world, told.meters, usage, told.callers)
    return Known(exact=paid, cents=dealt(paid), lines=len(lines))


def _days(month):
    year, number = map(int, month.split("-"))
    return [f"{month}-{day:02}" for day in range(1, monthrange(year, number)[1] + 1)]


def _world(asking):
    """Subscriptions, accounts and deployments as they are now."""
    subs = [it["subscriptionId"].lower() for it in asking.listed("/subscriptions", "2022-12-01")]
    accounts, deployments = {}, {}
    for sub in subs:
        above = f"/subscriptions/{sub}/providers/Microsoft.CognitiveServices/accounts"
        for it in asking.listed(above):
            key = it["id"].lower()
            accounts[key] = Known(
                subscription=sub, region=it["location"].lower().replace(" ", ""),
                tags=it.get("tags") or {}, name=it["name"].lower(),
                host=urlsplit(it["properties"].get("endpoint") or "").hostname or "",
            )  # fmt: skip
            for one in asking.listed(f"{it['id']}/deployments"):
                deployments[one["id"].lower()] = _deployment(one, key)
    return Known(subscriptions=subs, accounts=accounts, deployments=deployments)


def _deployment(it, account):
    scope, paid = SKUS.get(it["sku"]["name"].lower(), ("", ""))
    model = it["properties"]["model"]
    return Known(
        account=account, scope=scope, paid=paid, model=model["name"], version=model["version"],
        capacity=it["sku"]["capacity"], tags=it.get("tags") or {},
        made=(it.get("systemData") or {}).get("createdAt", "")[:10],
    )  # fmt: skip


def _booked(asking, sub, days):
    """The amortised lines of a subscription, by day, resource (or reservation) and meter."""
    span = f"{days[0]}T00:00:00Z", f"{days[-1]}T23:59:59Z"
    kinds = {(it["ChargeType"], it["PricingModel"])
             for it in asking.costs(sub, span, ("ChargeType", "PricingModel"))}  # fmt: skip
    service = {it["MeterId"].lower(): it["ServiceName"]
               for it in asking.costs(sub, span, ("MeterId", "ServiceName"))}  # fmt: skip
    for charge, pricing in sorted(kinds):
        by = "ReservationId" if charge == "UnusedReservation" else "ResourceId"
        only = {"ChargeType": charge} | ({"PricingModel": pricing} if pricing else {})
        for it in asking.costs(sub, span, (by, "MeterId"), "Daily", **only):
            text, meter = str(it["UsageDate"]), it["MeterId"].lower()
            yield Known(
                day=f"{text[:4]}-{text[4:6]}-{text[6:]}", subscription=sub, charge=charge,
                resource=it.get("ResourceId", "").lower(), meter=meter,
                reserved=pricing == "Reservation", service=service.get(meter, ""),
                cost=Fraction(it["Cost"]) * 10**8, quantity=Fraction(it["UsageQuantity"]),
                currency=it["Currency"],
            )  # fmt: skip


def _meters(asking, world):
    """By meter what it counts, as the model list says; what it says in two ways is not known."""
    said = defaultdict(set)
    for sub, region in {(it.subscription, it.region) for it in world.accounts.values()}:
        above = f"/subscriptions/{sub}/providers/Microsoft.CognitiveServices/locations/{region}"
        for it in asking.listed(f"{above}/models"):
            for sku in it["model"].get("skus") or ():
                scope, paid = SKUS.get(sku["name"].lower(), ("", ""))
                place = region if scope == "regional" else ""
                for cost in sku.get("costs") or ():
                    name, meter = cost.get("name"), (cost.get("meterId") or "").lower()
                    if meter and paid == "ptu" and name == "Hosting":
                        said[meter].add(("ptu", scope))
                    elif meter and paid in ("tokens", "batch") and name in COSTS:
                        tier = "batch" if paid == "batch" else "standard"
                        key = (it["model"]["name"], it["model"]["version"], scope, place, tier)
                        said[meter].add((*key, COSTS[name]))
    return {meter: next(iter(keys)) for meter, keys in said.items() if len(keys) == 1}


def _units(asking, currency):
    """By meter how many pieces one booked unit is."""
    sizes = {"1K": 1_000, "1M": 1_000_000}
    told = asking.listed("/api/retail/prices", "2023-01-01-preview", "prices.azure.com",
                         currencyCode=f"'{currency}'")  # fmt: skip
    return {it["meterId"].lower(): sizes.get(it["unitOfMeasure"].split()[0], 1) for it in told
            if it["type"] == "Consumption"}  # fmt: skip


def _usage(asking, world, days):
    """By deployment and day the quantities by bucket and tier, and how busy it was in percent."""
    span = f"{days[0]}T00:00:00Z", _after(days)
    counts = defaultdict(lambda: defaultdict(Fraction))  # deployment: family, bucket, tier, day
    busy = defaultdict(dict)
    by_region = defaultdict(list)
    for key, it in world.accounts.items():
        by_region[it.subscription, it.region].append(key)
    for (sub, region), ids in sorted(by_region.items()):
        where = (sub, region, ids, span)
        for at, metric, _, points in asking.series(*where, COUNTED, ["ModelDeploymentName"]):
            family, bucket = COUNTED[metric]
            for day, value in points.items():
                counts[at][family, bucket, "", day] += value
        dims = ["ModelDeploymentName", "ServiceTierResponse", "IsSpillover"]
        for at, metric, told, points in asking.series(*where, SERVED, dims):
            tier = {"default": "standard"}.get(
                it := told.get("servicetierresponse", "").lower(), it
            )
            for day, value in points.items():
                counts[at][SERVED[metric], "requests", tier, day] += value
                if told.get("isspillover", "").lower() == "true":
                    counts[at][SERVED[metric], "spilled", tier, day] += value
        for at, metric, _, points in asking.series(*where, BUSY, dims[:1], "average"):
            busy[at][BUSY[metric]] = points
    return {
        at: _taken(counts.get(at, {}), busy.get(at, {}), world.deployments.get(at))
        for at in {*counts, *busy}
    }


def _after(days):
    return f"{date.fromisoformat(days[-1]) + timedelta(days=1)}T00:00:00Z"


def _taken(counts, busy, deployment):
    """What one deployment did by day: quantities by bucket and tier, and how busy it was. Of the
    two families in which Azure counts, the one that counted more."""
    weight = defaultdict(Fraction)
    for (family, *_), value in counts.items():
        weight[family] += value
    taken = "foundry" if weight["foundry"] > weight["openai"] else "openai"
    ours = {key[1:]: it for key, it in counts.items() if key[0] in (taken, "") and it}
    whole = any(bucket == "cached" for bucket, *_ in ours)  # then the prompt holds no cache
    told = defaultdict(lambda: defaultdict(Fraction))
    for (bucket, tier, day), value in ours.items():
        served = {it[1]: n for it, n in ours.items() if it[::2] == ("requests", day) and it[1]}
        usual = next(iter(served)) if len(served) == 1 else "standard"
        name = "input" if whole and bucket == "prompt" else bucket
        parts = {tier or usual: value}
        if not tier and len(served) > 1 and bucket not in ("requests", "spilled"):
            parts = _whole_parts(value, served)
        for it, part in parts.items():
            batch = deployment is not None and deployment.paid == "batch"
            told[day][name, "batch" if batch else it] += part
    return Known(days=told, busy=busy.get(taken) or next(iter(busy.values()), {}))


def _whole_parts(amount, weights):
    """Largest remainder."""
    total = sum(weights.values())
    ideal = {key: amount * it / total for key, it in weights.items()}
    parts = {key: it // 1 for key, it in ideal.items()}
    left = int(amount - sum(parts.values()))
    for key in sorted(parts, key=lambda it: (parts[it] - ideal[it], it))[:left]:
        parts[key] += 1
    return parts


def _callers(asking, world, days):
    """By day and deployment what each product called: tokens in, tokens out, requests."""
    seen = defaultdict(lambda: defaultdict(lambda: [Fraction(0)] * 3))
    for first in days:
        end = _after([first])
        body = {"query": LOGGED.format(first=f"{first}T00:00:00Z", end=end),
                "timespan": f"{first}T00:00:00Z/{end}"}  # fmt: skip
        answer = asking.one("POST", f"https://{LOGS}/v1/workspaces/{WORKSPACE}/query", body)
        (table,) = answer["tables"]
        names = [it["name"] for it in table["columns"]]
        for row in table["rows"]:
            it = dict(zip(names, row, strict=True))
            if at := _called(world, it["Host"], it["Backend"] or "", it["DeploymentName"].lower()):
                counts = (Fraction(it[name] or 0) for name in ("Prompt", "Output", "Requests"))
                product = (it["Who"] or "").lower()
                sums = seen[it["Day"][:10], at][product]
                seen[it["Day"][:10], at][product] = list(map(add, sums, counts))
    return seen


def _called(world, host, backend, name):
    """The deployment that a row of the log is about; None where it does not say so."""
    if host or "." in backend:
        label = (host or backend).lower().split(".")[0]
        found = {key for key, it in world.accounts.items() if it.host.split(".")[0] == label}
    elif not (found := {key for key, it in world.accounts.items() if it.name == backend.lower()}):
        found = {it.account for at, it in world.deployments.items()
                 if at.split("/")[-1] == name}  # fmt: skip
    return f"{found.pop()}/deployments/{name}" if len(found) == 1 else None


def _key(world, at, tier, bucket):
    """What a meter has to count to be for this bucket of a deployment."""
    it = world.deployments.get(at)
    if it is None or it.paid not in ("tokens", "batch"):
        return None
    region = world.accounts[it.account].region if it.scope == "regional" else ""
    name = "input" if bucket == "prompt" else bucket
    return it.model, it.version, it.scope, region, tier, name


def _split(usage, world, lines, meters, units):
    """Usage with prompts as fresh and cached input, in whole tokens, as both were booked that day;
    where that is not known of both, as they are."""
    known, booked, made = set(meters.values()), defaultdict(Fraction), {}
    for it in lines:
        if it.meter in meters:
            booked[it.day, it.resource, meters[it.meter]] += it.quantity * units.get(it.meter, 1)
    for at, it in usage.items():
        days = {day: dict(cells) for day, cells in it.days.items()}
        for day, cells in days.items():
            for _, tier in [key for key in cells if key[0] == "prompt"]:
                keys = [_key(world, at, tier, name) for name in ("input", "cached")]
                told = [max(0, booked[day, at.split("/deployments/")[0], key]) for key in keys]
                if set(keys) <= known and sum(told):
                    prompt = cells.pop(("prompt", tier))
                    cells["cached", tier] = Fraction(round(prompt * told[1] / sum(told)))
                    cells["input", tier] = prompt - cells["cached", tier]
        made[at] = Known(days=days, busy=it.busy)
    return made


def _owner(*tags):
    """The unit that the first of these tags names, each from the deployment out."""
    for told in tags:
        for name, value in told.items():
            folded = "".join(it for it in name.lower() if it.isalnum())
            if folded == TAG and value.strip().lower() in UNITS:
                return value.strip().lower()
    return NOBODY


def _shares(world, usage, callers, day, at, kind):
    """By unit its part of one kind of use of a deployment; what no product is named for is its
    own unit's. A product that nobody has mapped is nobody's."""
    it = world.deployments.get(at)
    own = _owner(it.tags, world.accounts[it.account].tags) if it else NOBODY
    cells, seen = usage[at].days.get(day, {}), callers.get((day, at), {})
    fresh = sum(v for (name, _), v in cells.items() if name in IN)
    cached = sum(v for (name, _), v in cells.items() if name == "cached")
    out = sum(v for (name, _), v in cells.items() if name == "output")
    tokens = sum(v for (name, _), v in cells.items() if name in TOKENS)
    asked = sum(v for (name, _), v in cells.items() if name == "requests")
    part = 1 - cached / fresh if fresh else 1
    whole, by = {  # the platform's count, and what tokens in, tokens out and requests weigh in it
        "in": (fresh, (1, 0, 0)),
        "out": (out, (0, 1, 0)),
        "asked": (asked, (0, 0, 1)),
        "any": (tokens, (1, 1, 0)),
        "normal": (fresh - cached + OUTPUT_WEIGHT * out, (part, OUTPUT_WEIGHT, 0)),
    }[kind]
    told = {product: sum(map(mul, counts, by)) for product, counts in seen.items()}
    whole = max(whole, sum(told.values()))
    if not whole:
        return {own: Fraction(1)}
    mapped = {it["value"]: it["unit"] for it in AGREED["mapping"] if it["by"] == "product"}
    shares = defaultdict(Fraction, {own: 1 - sum(told.values()) / whole})
    for product, amount in told.items():
        shares[mapped.get(product, NOBODY) if product else own] += amount / whole
    return shares


def _kind(bucket):
    kinds = {**dict.fromkeys(IN, "in"), "output": "out", "requests": "asked"}
    return kinds.get(bucket, "any")


def _paid(lines, world, meters, usage, callers):
    """By unit and kind of line."""
    own = {it.subscription for it in lines}
    paid = defaultdict(Fraction)
    direct = defaultdict(lambda: defaultdict(Fraction))
    cells, asked = _cells(world, usage, callers)
    pools = _pools(world, usage, callers, own, {it.day for it in lines})

    def pay(day, unit, line, amount, is_own=False):
        paid[unit, line] += amount
        if is_own and unit in UNITS:
            direct[day][unit] += amount

    shared = []
    for it in lines:
        account = it.resource.split("/deployments/")[0]
        ours = "/providers/microsoft.cognitiveservices/accounts/" in account
        key = meters.get(it.meter)
        provisioned = it.reserved or (key is not None and key[0] == "ptu")
        if it.charge == "UnusedReservation":
            pay(it.day, PLATFORM, "unused_reservation", it.cost)
        elif "/microsoft.saas/" in it.resource and it.charge == "Usage":
            pay(it.day, NOBODY, "marketplace", it.cost)
        elif it.charge != "Usage":
            pay(it.day, PLATFORM, "adjustment", it.cost)
        elif not ours:
            shared.append(it)
        elif provisioned and (pool := pools.get((it.day, _pool_of(world, account, key)))):
            for (unit, idle), part in pool.items():
                line = "ptu_reserved" if it.reserved else "ptu_hourly"
                pay(it.day, unit, "ptu_idle" if idle else line, it.cost * part, not idle)
        elif not provisioned and (found := cells.get((it.day, account, key))):
            whole = sum(found.values())
            for (unit, line), weight in found.items():
                pay(it.day, unit, line, it.cost * weight / whole, True)
        else:
            tags = world.accounts[account].tags if account in world.accounts else {}
            line = "ptu_reserved" if it.reserved else "ptu_hourly" if provisioned else "usage"
            pay(it.day, _owner(tags), line, it.cost, True)
    for it in shared:
        weights = _agreed(it, asked[it.day], direct[it.day])
        for unit, weight in weights.items():
            paid[unit, "shared"] += it.cost * weight / sum(weights.values())
    return dict(paid)


def _cells(world, usage, callers):
    """By day, account and what a meter counts, the weights by unit and kind of line; and by day
    the requests of each unit."""
    cells = defaultdict(lambda: defaultdict(Fraction))
    asked = defaultdict(lambda: defaultdict(Fraction))
    for at, of in usage.items():
        for day, counts in of.days.items():
            requests = sum(v for (name, _), v in counts.items() if name == "requests")
            over = sum(v for (name, _), v in counts.items() if name == "spilled")
            spill = min(Fraction(1), over / requests) if requests else Fraction(0)
            for (bucket, tier), value in counts.items():
                shares = _shares(world, usage, callers, day, at, _kind(bucket))
                if bucket == "requests":
                    for unit, share in shares.items():
                        asked[day][unit] += value * share
                elif bucket != "spilled" and (key := _key(world, at, tier, bucket)):
                    found = cells[day, at.split("/deployments/")[0], key]
                    for unit, share in shares.items():
                        found[unit, "usage"] += value * share * (1 - spill)
                        found[unit, "spillover"] += value * share * spill
    return cells, asked


def _pool_of(world, account, key):
    it = world.accounts.get(account)
    scopes = {d.scope for d in world.deployments.values()
              if d.account == account and d.paid == "ptu"}  # fmt: skip
    scope = key[1] if key else scopes.pop() if len(scopes) == 1 else ""
    return f"{scope}:{'' if scope == 'global' or it is None else it.region}"


def _pools(world, usage, callers, own, days):
    """By day and pool the part of its money that each unit pays for used hours, and for idle
    ones (cost rules, 3.4)."""
    stood = defaultdict(list)
    for at, it in world.deployments.items():
        account = world.accounts[it.account]
        if it.paid == "ptu" and account.subscription in own:
            pool = f"{it.scope}:{'' if it.scope == 'global' else account.region}"
            for day in days:
                if it.made <= day:
                    stood[day, pool].append((at, it.capacity * 24))
    return {key: _parts(world, usage, callers, *key, those) for key, those in stood.items()}


def _parts(world, usage, callers, day, pool, stood):
    used, blind = defaultdict(Fraction), Fraction(0)
    deployed = sum(hours for _, hours in stood)
    for at, hours in stood:
        busy = usage[at].busy.get(day) if at in usage else None
        if busy is None:
            blind += hours
            continue
        work = min(Fraction(hours), hours * busy / 100)
        for unit, share in _shares(world, usage, callers, day, at, "normal").items():
            used[unit] += work * share
    idle = deployed - blind - sum(used.values())
    payers = _idle(pool, used, deployed)
    parts = defaultdict(Fraction, {(unit, False): it / deployed for unit, it in used.items()})
    parts[NOBODY, False] += blind / deployed
    for unit, weight in payers.items():
        parts[unit, True] += idle * weight / sum(payers.values()) / deployed
    return {key: it for key, it in parts.items() if it}


def _idle(pool, used, deployed):
    """Who pays for what stood idle, in what proportion."""
    rule = next((it for it in AGREED["idle"] if it["pool"] == pool), {"rule": "platform"})
    if rule["rule"] == "use":
        return {unit: it for unit, it in used.items() if it} or {PLATFORM: Fraction(1)}
    if rule["rule"] == "even":
        return {unit: Fraction(1) for unit, it in used.items() if it and unit in UNITS}
    if rule["rule"] == "entitlement":
        owned = {unit: Fraction(ptu * 24) for unit, ptu in rule["entitlements"].items()}
        owned[PLATFORM] = max(Fraction(0), deployed - sum(owned.values()))
        unused = {unit: it - used.get(unit, 0) for unit, it in owned.items()}
        return {unit: it for unit, it in unused.items() if it > 0} or owned
    return {PLATFORM: Fraction(1)}


def _agreed(line, asked, direct):
    """Who pays for a shared line, in what proportion, by the rule about its service."""
    for rule in AGREED["sharing"]:
        if rule["source"].get("service", "").lower() == line.service.lower():
            if rule["method"] == "driver" and rule["driver"] == "requests":
                return {unit: it for unit, it in asked.items() if it} or {NOBODY: 1}
            assert rule["method"] == "proportional", rule
            return {unit: it for unit, it in direct.items() if it > 0} or {NOBODY: 1}
    return {NOBODY: 1}


def dealt(paid):
    """Whole cents of what is paid: the total rounded, and dealt by largest remainder."""
    exact = {key: it / 10**6 for key, it in paid.items()}
    whole = sum(exact.values())
    cents = int(abs(whole) + Fraction(1, 2)) * (1 if whole >= 0 else -1)
    parts = {key: it // 1 for key, it in exact.items()}
    left = cents - sum(parts.values())
    for key in sorted(exact, key=lambda it: (parts[it] - exact[it], it))[:left]:
        parts[key] += 1
    return parts
