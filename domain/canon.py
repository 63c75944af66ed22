"""The inputs of a bill in the one order that they have, and their hash: the order in which rows
came, and when they were seen, makes no other bill.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from domain.billing import Inputs
from domain.costs import BOOKED_DAYS, CHARGES, ESTATE_DAYS, USAGE_DAYS
from domain.frames import TEXT, fitted
from domain.interning import interned

VERSION = 2
"""Of the arithmetic: another one makes another hash."""
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Until when a subscription is booked of which nothing is."""
_KEYS = {
    "usage": ["day", "resource", "bucket", "tier", "source", "product", "quantity"],
    "estate": ["day", "resource"],
    "booked": [
        *("day", "subscription", "resource", "meter_id", "view", "charge", "pricing"),
        *("reservation", "cost_e8"),
    ],
}
_UNSEEN = ("seen_at",)


def ordered(inputs: Inputs) -> Inputs:
    """The inputs narrowed to the month and its subscriptions, every frame in canonical order."""
    first, end = span(inputs.month)
    kept: dict[str, Any] = {}
    columns = {"usage": USAGE_DAYS, "estate": ESTATE_DAYS, "booked": BOOKED_DAYS}
    for name, wanted in columns.items():
        rows = fitted(getattr(inputs, name), wanted)
        ours = rows["subscription"].isin(inputs.subscriptions)
        kept[name] = interned(rows[ours & rows["day"].ge(first) & rows["day"].lt(end)])
    kept |= {it: getattr(inputs, it) for it in ("meters", "prices", "agreed")}
    kept["late"] = fitted(inputs.late, CHARGES)
    kept = {name: in_order(rows, _KEYS.get(name, [*rows])) for name, rows in kept.items()}
    rules = tuple(sorted(inputs.rules, key=lambda it: (it.kind, it.id)))
    invoices = tuple(sorted(inputs.invoices, key=lambda it: it.number))
    until = {it: inputs.booked_until.get(it, NEVER) for it in inputs.subscriptions}
    return replace(inputs, **kept, rules=rules, invoices=invoices, booked_until=until)


def hashed(inputs: Inputs) -> str:
    """SHA-256 of ordered inputs."""
    told = hashlib.sha256(json.dumps(_plain(inputs), sort_keys=True, default=str).encode())
    for name in ("booked", "usage", "estate", "meters", "prices", "agreed", "late"):
        told.update(name.encode())
        for part in _bytes(getattr(inputs, name)):
            told.update(part)
    return told.hexdigest()


def span(month: str) -> tuple[datetime, datetime]:
    """The first day of a month such as "2026-10", and the first after it."""
    first = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    return first, (first + timedelta(days=31)).replace(day=1)


def in_order(rows: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Rows by these columns, missing values first; far quicker by codes than by texts."""
    codes = [pd.factorize(rows[it], sort=True)[0] for it in reversed(by)]
    if not codes or rows.empty:
        return rows.reset_index(drop=True)
    return rows.take(np.lexsort(codes)).reset_index(drop=True)


def _bytes(rows: pd.DataFrame) -> Iterator[bytes]:
    """Names and values column by column, in a form that no library decides."""
    for name, column in rows.drop(columns=list(_UNSEEN), errors="ignore").items():
        yield f"{name}:{len(column)}:".encode()
        yield from _texts(column) if str(column.dtype) == TEXT else _values(column)


def _texts(column: "pd.Series[str]") -> Iterator[bytes]:
    codes, known = column.factorize()
    yield (codes >= 0).tobytes()
    yield json.dumps(list(known)).encode()
    yield np.maximum(codes, 0).astype(np.int32).tobytes()


def _values(column: "pd.Series[float]") -> Iterator[bytes]:
    (chunks,) = pa.Table.from_pandas(column.to_frame("it"), preserve_index=False).columns
    whole = pa.concat_arrays(chunks.chunks) if chunks.num_chunks else pa.array([], chunks.type)
    yield np.asarray(whole.is_valid()).tobytes()
    if pa.types.is_string(whole.type) or pa.types.is_large_string(whole.type):
        codes = whole.dictionary_encode()
        yield json.dumps(codes.dictionary.to_pylist()).encode()
        whole = codes.indices
    elif pa.types.is_timestamp(whole.type):
        whole = whole.cast(pa.int64())
    elif pa.types.is_boolean(whole.type) or pa.types.is_null(whole.type):
        whole = whole.cast(pa.int8())
    yield np.asarray(whole.fill_null(0).to_numpy(zero_copy_only=False)).tobytes()


def _plain(inputs: Inputs) -> dict[str, object]:
    """What is no frame, as text that can be compared; of now only the day matters."""
    return {
        "version": VERSION,
        "month": [inputs.month, inputs.currency, f"{inputs.now:%Y-%m-%d}", inputs.tag],
        "subscriptions": sorted(set(inputs.subscriptions)),
        "until": inputs.booked_until,
        "rules": [[it.kind, it.id, it.body, it.starts, it.ends] for it in inputs.rules],
        "units": {it.id: [it.name, it.parent] for it in inputs.tree.units.values()},
        "invoices": [[it.number, it.amount_e8, it.tax_e8, it.credit_e8] for it in inputs.invoices],
        "begins": {it: [reach.usage, reach.booked] for it, reach in inputs.begins.items()},
        "months": inputs.months,
    }
