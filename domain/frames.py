"""The columns of every frame in the house, listed once, and their form on disk.

Ids of Azure are kept in lower case, since they differ in case from answer to answer. Times are
aware UTC. What Azure did not send is missing, never an empty string and never zero.
"""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

Row = Mapping[str, object]
Columns = Mapping[str, str]

TEXT, WHOLE, REAL, FLAG, TIME = "string", "Int64", "Float64", "boolean", "datetime64[us, UTC]"

SUBSCRIPTIONS: Columns = {
    "subscription": TEXT,
    "name": TEXT,
    "state": TEXT,  # Enabled, Warned, PastDue, Disabled, Deleted
    "tenant": TEXT,
}
POSTURE: Columns = {  # how an account is closed to the outside; source: docs of azure-apis, 11
    "keys_off": FLAG,  # disableLocalAuth
    "public_network": TEXT,  # publicNetworkAccess: Enabled or Disabled
    "network_default": TEXT,  # networkAcls.defaultAction: Allow or Deny
    "ip_rules": TEXT,  # JSON list: networkAcls.ipRules; missing where no rules were ever set
    "private_endpoints": WHOLE,  # those that are approved; missing where none was ever made
    "key_source": TEXT,  # encryption.keySource: Microsoft.KeyVault is a key of one's own
    "outbound_restricted": FLAG,  # restrictOutboundNetworkAccess
    "identity": TEXT,  # identity.type
    "account_made_at": TIME,
}
ACCOUNTS: Columns = {
    "account_id": TEXT,
    "subscription": TEXT,
    "group": TEXT,
    "account": TEXT,
    "kind": TEXT,  # OpenAI or AIServices, which alone hold model deployments
    "region": TEXT,  # westeurope: lower case, no blanks
    "account_state": TEXT,
    "endpoint": TEXT,
    "penalty": TEXT,  # abusePenalty.action: Throttle or Block
    "penalty_percent": REAL,
    "penalty_until": TIME,
    "content_logging": TEXT,  # "false" where Microsoft has agreed to watch no content for abuse
    "tags": TEXT,  # JSON object
    **POSTURE,
}
DEPLOYMENTS: Columns = {
    "resource": TEXT,  # the ARM id
    "account_id": TEXT,
    "deployment": TEXT,
    "sku": TEXT,
    "capacity": WHOLE,  # units of the SKU: rate units, PTU or thousands of enqueued tokens
    "format": TEXT,  # OpenAI, DeepSeek, Meta ...
    "model": TEXT,
    "version": TEXT,
    "state": TEXT,  # provisioningState as Azure writes it
    "running": TEXT,  # deploymentState: Running or Paused; missing at older api-versions
    "upgrade": TEXT,  # versionUpgradeOption
    "filter_policy": TEXT,  # raiPolicyName
    "spillover": TEXT,  # deployment of the same account that takes the overflow
    "service_tier": TEXT,
    "dynamic_throttling": FLAG,
    "limit_tpm": REAL,  # tokens per minute that Azure enforces, from rateLimits
    "limit_rpm": REAL,  # requests per minute
    "tags": TEXT,  # JSON object
    "created_at": TIME,
    "modified_at": TIME,
    "modified_by": TEXT,
    "etag": TEXT,
}
MODELS: Columns = {
    "subscription": TEXT,
    "region": TEXT,
    "kind": TEXT,  # OpenAI, AIServices or MaaS: the same model is listed under several
    "format": TEXT,
    "model": TEXT,
    "version": TEXT,
    "sku": TEXT,
    "usage_name": TEXT,  # the quota pool's name; the join key, never built from strings
    "lifecycle": TEXT,
    "model_retires_at": TIME,  # deprecation.inference
    "sku_retires_at": TIME,  # the SKU's own deprecationDate, which goes first
    "dates_are": TEXT,  # Planned or Tentative
    "replacement_model": TEXT,
    "replacement_version": TEXT,
    "upgrade_from": TIME,  # autoUpgradeStartDate
    "unit_tpm": REAL,  # tokens per minute of one unit of capacity
    "unit_rpm": REAL,
    "capacity_min": WHOLE,
    "capacity_max": WHOLE,
    "capacity_step": WHOLE,
    "capacity_default": WHOLE,
    "capacity_allowed": TEXT,  # the only values it may have, "50, 100"; missing where any step will
    "meters": TEXT,  # JSON: what Azure calls a cost, and the id of the meter that counts it
}
USAGES: Columns = {
    "subscription": TEXT,
    "region": TEXT,
    "usage_name": TEXT,
    "title": TEXT,  # localizedValue, which names the unit and may stand on several pools
    "used": REAL,
    "limit": REAL,
    "scope_type": TEXT,  # Regional, Global, DataZone, Classic; missing at older api-versions
    "scope_id": TEXT,
}
CAPACITIES: Columns = {  # where one model can still be deployed, and how much of it
    "subscription": TEXT,
    "region": TEXT,
    "format": TEXT,
    "model": TEXT,
    "version": TEXT,
    "sku": TEXT,
    "available": REAL,  # units; a pool of several regions is repeated for each, never to be summed
    "scope_type": TEXT,
    "scope_id": TEXT,
}
DELETED: Columns = {  # accounts that are deleted and can still be restored, for 48 hours
    "account_id": TEXT,  # as it was when it lived
    "subscription": TEXT,
    "group": TEXT,
    "account": TEXT,
    "kind": TEXT,
    "region": TEXT,
    "deleted_at": TIME,
    "purge_at": TIME,
    "deleted_resource": TEXT,  # the ARM id by which it is purged
}
TIERS: Columns = {  # one row per subscription
    "subscription": TEXT,
    "tier": TEXT,
    "policy": TEXT,  # tierUpgradePolicy: OnceUpgradeIsAvailable or NoAutoUpgrade
    "assigned_at": TIME,
    "next_tier": TEXT,
    "next_status": TEXT,  # upgradeAvailabilityStatus: Available or NotAvailable
    "next_at": TIME,
    "next_reason": TEXT,  # why it is not available, as Azure says
}
HOURS: Columns = {  # one deployment in one clock hour, rolled up from metrics
    "resource": TEXT,
    "hour": TIME,
    "grain": TEXT,  # minute: peaks are of minutes; hour: they are the hour's mean
    "requests": REAL,
    "throttled": REAL,  # status 429
    "failed": REAL,  # status 5xx
    "prompt_tokens": REAL,
    "generated_tokens": REAL,
    "tokens": REAL,
    "peak_tpm": REAL,
    "peak_rpm": REAL,
    "latency_ms": REAL,  # mean time to response
    "utilization": REAL,  # highest PTU utilisation in percent
}
MINUTES: Columns = {  # one deployment by the minute, asked for one person
    "minute": TIME,
    "requests": REAL,
    "throttled": REAL,
    "tokens": REAL,
    "latency_ms": REAL,
}
OBSERVED: Columns = {  # one deployment over one window, summed from HOURS
    "resource": TEXT,
    "region": TEXT,
    "window": TEXT,  # 24h, 7d, 30d
    "requests": REAL,
    "throttled": REAL,
    "failed": REAL,
    "prompt_tokens": REAL,
    "generated_tokens": REAL,
    "tokens": REAL,
    "peak_tpm": REAL,  # the busiest minute
    "p95_tpm": REAL,  # 95 of 100 hours had no busier minute than this
    "peak_rpm": REAL,
    "p95_rpm": REAL,
    "latency_ms": REAL,
    "utilization": REAL,
    "hours": WHOLE,  # hours with data
    "minute_hours": WHOLE,  # of these, hours whose peaks are of minutes
    "last_traffic": TIME,
    "covered": WHOLE,  # hours of the window that were asked for, with or without data
}
SERIES: Columns = {  # one deployment over time, summed from HOURS
    "resource": TEXT,
    "region": TEXT,
    "grain": TEXT,  # hour for the last day, day (UTC) for the last 30
    "at": TIME,
    "requests": REAL,
    "throttled": REAL,
    "tokens": REAL,
}
EDITS: Columns = {  # what changed between two looks at the inventory
    "at": TIME,
    "resource": TEXT,
    "subscription": TEXT,
    "deployment": TEXT,
    "account": TEXT,
    "what": TEXT,  # the field that differs; "deployment" for one that appeared or went
    "before": TEXT,
    "after": TEXT,
    "who": TEXT,  # lastModifiedBy, where it is known
}
FINDINGS: Columns = {
    "key": TEXT,  # kind and resource: the same finding keeps its age
    "kind": TEXT,
    "severity": TEXT,  # critical, warning, notice
    "what": TEXT,  # the sentence
    "resource": TEXT,
    "subscription": TEXT,
    "deployment": TEXT,
    "account": TEXT,
    "unit": TEXT,
    "owner": TEXT,
    "since": TIME,
}

_ARROW = {
    TEXT: pa.string(),
    WHOLE: pa.int64(),
    REAL: pa.float64(),
    FLAG: pa.bool_(),
    TIME: pa.timestamp("us", "UTC"),
}
_PANDAS = {
    pa.string(): pd.StringDtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}


def frame(columns: Columns, rows: Iterable[Row]) -> pd.DataFrame:
    """Rows as a frame with exactly these columns and dtypes, empty or not."""
    rows = list(rows)
    # By way of Arrow: a tenth of the time that pandas takes column by column.
    arrays = {
        name: _array([row.get(name) for row in rows], _ARROW[dtype])
        for name, dtype in columns.items()
    }
    return _in_pandas(pa.table(arrays))


def _array(values: list[object], kind: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, kind, from_pandas=True)
    except UnicodeEncodeError:
        # Half a character from outside must not keep the rest from being remembered.
        whole = [it and str(it).encode("utf-8", "replace").decode() for it in values]
        return pa.array(whole, kind, from_pandas=True)


def records(
    frame: pd.DataFrame, wanted: "pd.Series[bool] | None" = None, columns: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """Plain values of some rows, of some columns or of all; column by column, which is far cheaper
    than by way of a frame of few rows."""
    names = [str(it) for it in columns or frame]
    at = np.arange(len(frame))
    if wanted is not None:
        at = np.flatnonzero(wanted.to_numpy(dtype=bool, na_value=False))
    values = zip(*(frame[it].array.take(at).tolist() for it in names), strict=True)
    return [dict(zip(names, it, strict=True)) for it in values]


def packed(frame: pd.DataFrame) -> bytes:
    """A frame as compressed Arrow bytes."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    sink = BytesIO()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, table.schema, options=options) as stream:
        stream.write_table(table)
    return sink.getvalue()


def unpacked(data: bytes, columns: Columns) -> pd.DataFrame:
    """The frame that packed() made; a column that was not yet known then is missing throughout."""
    frame = _in_pandas(pa.ipc.open_stream(data).read_all())
    return frame if list(frame) == list(columns) else fitted(frame, columns)


def fitted(frame: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """The frame with exactly these columns and dtypes."""
    fits = frame if list(frame) == list(columns) else frame.reindex(columns=list(columns))
    wrong = {name: dtype for name, dtype in columns.items() if str(fits.dtypes[name]) != dtype}
    return fits.astype(wrong) if wrong else fits


def _in_pandas(table: pa.Table) -> pd.DataFrame:
    if any(pa.types.is_large_string(it) for it in table.schema.types):
        texts = [
            field.with_type(pa.string()) if pa.types.is_large_string(field.type) else field
            for field in table.schema
        ]
        table = table.cast(pa.schema(texts))
    frame: pd.DataFrame = table.to_pandas(types_mapper=_PANDAS.get)
    return frame
