"""Months that nobody thought of: every day of one is a case of its own, since each day is split,
attributed and shared by its own numbers."""

from datetime import UTC, datetime, timedelta

import numpy as np

from domain import costs
from domain.billing import Invoice
from domain.frames import frame
from domain.units import Unit, tree
from tests.domain.bills import (
    ACCOUNT,
    E8,
    EVER,
    GATEWAY,
    METERS,
    PRICES,
    PTU_METER,
    PTU_PRICE,
    TAGGED,
    booked,
    idle,
    inputs,
    mapping,
    sharing,
    stood,
    used,
)

FIRST = datetime(2026, 10, 1, tzinfo=UTC)
METHODS = ("even", "proportional", "driver", "weighted", "subsidy", "entitlement")
BUCKETS = ("prompt", "input", "cached", "output", "cache_write", "requests", "spilled")
CHARGES = ("Usage", "Usage", "Usage", "UnusedReservation", "Refund", "Tax")


def month(seed, days=31):
    """Inputs of a whole month, from a seed."""
    rng = np.random.default_rng(seed)
    units = [f"u{it}" for it in range(int(rng.choice([1, 2, 5, 50])))]
    rules = _rules(rng, units)
    usage, estate, rows = [], [], []
    for it in range(days):
        day = FIRST + timedelta(days=it)
        _estate(rng, day, units, usage, estate)
        _booked(rng, day, rows)
    until = FIRST + timedelta(days=int(rng.integers(-1, days)))
    invoices = tuple(Invoice(f"{it}", _money(rng), 19, -7) for it in range(rng.integers(0, 3)))
    return inputs(
        usage,
        estate,
        rows,
        rules=rules,
        until=until,
        now=FIRST + timedelta(days=int(rng.integers(1, 40)), hours=5),
        tree=tree(Unit(it, it) for it in units),
        meters=frame(costs.METERS, [*METERS, PTU_METER]),
        prices=frame(costs.PRICED, [*PRICES, PTU_PRICE][: int(rng.integers(0, 5))]),
        invoices=invoices,
    )


def _estate(rng, day, units, usage, estate):
    for name in "abcp"[: int(rng.integers(0, 5))]:
        unit = rng.choice([*units, "strange", ""])
        ptu = {"sku": "ProvisionedManaged", "capacity": 9.0} if name == "p" else {}
        if rng.random() < 0.9:
            estate.append(stood(name, str(unit), day=day, **ptu))
        kinds = ("ptu_hours", "ptu_used_hours", "input") if ptu else BUCKETS
        for bucket in rng.permutation(kinds)[: int(rng.integers(0, 7))]:
            usage.append(used(_quantity(rng), str(bucket), name, day=day))
        for product in rng.permutation(["p0", "p1", "odd", ""])[: int(rng.integers(0, 4))]:
            seen = {"source": "gateway", "product": str(product), "day": day}
            usage.append(used(_quantity(rng), str(rng.choice(["prompt", "output"])), name, **seen))


def _booked(rng, day, rows):
    for meter_id in ("in", "cached", "out", "ptu", "zz"):
        if rng.random() < 0.6:
            fields = {"charge": str(rng.choice(CHARGES)), "quantity": float(_quantity(rng))}
            rows.append(booked(_money(rng) / E8, meter_id, day=day, resource=ACCOUNT, **fields))
    if rng.random() < 0.7:
        rows.append(booked(_money(rng) / E8, "apim", day=day, resource=GATEWAY, service="APIM"))
    if rng.random() < 0.3:
        rows.append(
            booked(_money(rng) / E8, "ptu", day=day, pricing="Reservation", reservation="r")
        )


def _rules(rng, units):
    to = str(rng.choice(units))
    start = FIRST + timedelta(days=int(rng.integers(0, 31)))
    method = str(rng.choice(METHODS))
    body = {"cap_e8": int(rng.integers(0, 10**9)), "sponsor": to, "fallback": "even"}
    body["shares"] = {it: str(rng.integers(0, 9)) for it in units} if rng.random() < 0.5 else {}
    kind = str(rng.choice(["platform", "use", "entitlement", "even"]))
    source = {"line": str(rng.choice(["unused_reservation", "usage", "ptu_idle"]))}
    return (
        *TAGGED,
        mapping("product", "p0", to, 3),
        mapping("product", "p1", str(rng.choice(units)), 4, starts=start),
        sharing(method, {"service": "apim"}, 10, start if rng.random() < 0.5 else EVER, **body),
        sharing("fixed", source, 11, start, shares={to: "100"}),
        idle(kind, **{it: int(rng.integers(0, 5)) for it in units[:3]}),
    )


def _quantity(rng):
    return int(rng.choice([0, 1, 3, 1000, rng.integers(1, 10**9)]))


def _money(rng):
    return int(
        rng.choice([0, 1, -1, 10**6, rng.integers(-(10**6), 10**9), rng.integers(0, 10**13)])
    )
