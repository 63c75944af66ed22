"""What metrics are answered: the batch of a region, and one resource by ARM."""

from dataclasses import dataclass

from simulator import regions
from simulator.arm import Answer, Call
from simulator.cognitiveservices.records import Account
from simulator.faults import Json
from simulator.insights import faults, filters, windows
from simulator.insights.definitions import METRICS, Metric
from simulator.insights.filters import Conditions
from simulator.insights.series import Figures, series
from simulator.insights.windows import Window

NAMESPACE = "microsoft.cognitiveservices/accounts"
AGGREGATIONS = ("total", "average", "minimum", "maximum", "count")
MOST = 50
LARGEST = 2**31 - 1


def batch(call: Call) -> Answer:
    """metrics:getBatch: up to 50 resources of one subscription, region and type."""
    subscription = call.world.subscriptions.get(call.names["subscription"])
    if not subscription.readable:
        raise faults.not_monitoring(subscription.id)
    args = {key.lower(): it for key, it in call.args.items()}
    ids = call.json().get("resourceids")
    if not isinstance(ids, list) or not ids:
        raise faults.bad("The request body must contain 'resourceids'.")
    if len(ids) > MOST:
        raise faults.bad(f"The number of resources must not exceed {MOST}.")
    found = [_owned(call, str(it), subscription.id) for it in ids]
    window = windows.asked(args, call.world.now)
    question = _question(args, window, flat=False)
    values = [_resource(call, it, asked, question) for it, asked in zip(found, ids, strict=True)]
    return Answer(200, {"values": values})


def _owned(call: Call, path: str, subscription: str) -> Account:
    """The account behind an id, when this batch may ask for it. Raises 400 or 404."""
    if not path.lower().startswith(f"/subscriptions/{subscription.lower()}/"):
        raise faults.bad("All resources must belong to the same subscription.")
    if f"/providers/{NAMESPACE}/" not in path.lower():
        raise faults.bad("All resources must be of the same resource type.")
    found = call.world.accounts.account(path)
    host = call.root.split("//")[1]
    region = host.split(".")[0] if ".metrics.monitor." in host else None
    if region is not None and regions.plain(found.location) != region.lower():
        raise faults.bad(
            f"Resource {path} is not in the region '{region}' of the endpoint; all resources must "
            "belong to the same region."
        )
    return found


def metrics(call: Call) -> Answer:
    """The same by ARM for one resource; errors come without an envelope."""
    args = {key.lower().lstrip("$"): it for key, it in call.args.items()}
    found = call.world.accounts.account(call.path.lower().split("/providers/microsoft.insights")[0])
    window = windows.asked(args, call.world.now, flat=True)
    body = _resource(call, found, found.path, _question(args, window, flat=True))
    body["timespan"] = f"{window.starts}/{window.ends}"
    for key in ("starttime", "endtime", "resourceid"):
        del body[key]
    return Answer(200, body)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of each resource."""

    metrics: list[Metric]
    aggregations: list[str]
    conditions: Conditions
    order: str
    top: int
    window: Window


def _question(args: dict[str, str], window: Window, *, flat: bool) -> Question:
    names = [it.strip() for it in args.get("metricnames", "").split(",") if it.strip()]
    unknown = [it for it in names if it.lower() not in METRICS]
    if not names or unknown:
        known = ",".join(it.name for it in METRICS.values())
        raise faults.unknown_metric(",".join(unknown), known, flat=flat)
    space = args.get("metricnamespace", NAMESPACE)
    if space.lower() != NAMESPACE:
        raise faults.bad(f"Cannot find the metric namespace '{space}'.", flat=flat)
    found = [METRICS[it.lower()] for it in names]
    text = args.get("filter", "")
    conditions = filters.parsed(text, args.get("rollupby", ""), flat=flat)
    for metric in found:
        conditions.of(metric, flat=flat)
    return Question(
        metrics=found,
        aggregations=_aggregations(args, flat),
        conditions=conditions,
        order=args.get("orderby", ""),
        top=_top(args, bool(text), flat),
        window=window,
    )


def _aggregations(args: dict[str, str], flat: bool) -> list[str]:
    text = args.get("aggregation", "")
    names = [it.strip().lower() for it in text.split(",") if it.strip()]
    if unknown := [it for it in names if it not in AGGREGATIONS]:
        raise faults.bad(f"Invalid aggregation: {','.join(unknown)}.", flat=flat)
    return names


def _top(args: dict[str, str], filtered: bool, flat: bool) -> int:
    """Ten when a filter is given and nothing is said: the trap is Azure's own."""
    if "top" not in args:
        return 10 if filtered else LARGEST
    text = args["top"]
    if not text.isdigit() or not 0 < int(text) <= LARGEST:
        raise faults.bad(f"Invalid value for top: {text}.", flat=flat)
    return int(text)


def _resource(call: Call, account: Account, spelled: str, question: Question) -> Json:
    window = question.window
    stamps = window.stamps
    return {
        "cost": max(0, (window.last - window.first) * len(question.metrics) - 1),
        "starttime": window.starts,
        "endtime": window.ends,
        "interval": window.interval,
        "namespace": "Microsoft.CognitiveServices/accounts",
        "resourceregion": regions.plain(account.location),
        "resourceid": spelled,
        "value": [_metric(call, account, it, question, stamps) for it in question.metrics],
    }


def _metric(
    call: Call, account: Account, metric: Metric, question: Question, stamps: list[str]
) -> Json:
    found = series(call.world.usage, metric, account.key, question.window, question.conditions)
    found.sort(key=lambda it: it[2], reverse=not question.order.lower().endswith("asc"))
    names = question.aggregations or ["total" if metric.gauge is None else "average"]
    return {
        "id": f"{account.path}/providers/Microsoft.Insights/metrics/{metric.name}",
        "type": "Microsoft.Insights/metrics",
        "name": {"value": metric.name, "localizedValue": metric.text},
        "displayDescription": f"{metric.text} of the resource.",
        "unit": metric.unit,
        "timeseries": [
            {
                "metadatavalues": _named(question.conditions, values),
                "data": _data(figures, names, stamps),
            }
            for values, figures, _ in found[: question.top]
        ],
        "errorCode": "Success",
    }


def _named(conditions: Conditions, values: list[str]) -> list[Json]:
    return [
        {"name": {"value": name, "localizedValue": name}, "value": value}
        for name, value in zip(conditions.split, values, strict=True)
    ]


def _data(figures: Figures, names: list[str], stamps: list[str]) -> list[Json]:
    """One object for each bucket; an empty one has its time alone."""
    there = [name for name in names if name in figures]
    if len(there) == 1:
        (name,) = there
        return [
            {"timeStamp": at} if it is None else {"timeStamp": at, name: it}
            for at, it in zip(stamps, figures[name], strict=True)
        ]
    rows = zip(*(figures[name] for name in there), strict=True) if there else [()] * len(stamps)
    return [
        {
            "timeStamp": at,
            **{name: it for name, it in zip(there, row, strict=True) if it is not None},
        }
        for at, row in zip(stamps, rows, strict=True)
    ]
