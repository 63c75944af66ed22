"""What Cost Management booked, sorted by who can be asked whose it is: tokens of an account,
provisioned throughput, services that are shared, and what only corrects the sum.
"""

import numpy as np
import pandas as pd

from domain import meters as dictionary
from domain.billing import Inputs
from domain.costs import FOUND, Line
from domain.frames import frame, records
from domain.interning import interned

TOKENS, PROVISIONED, SHARED, UNUSED, MARKETPLACE, CORRECTION = range(6)
LINES = {
    TOKENS: Line.USAGE,
    SHARED: Line.SHARED,
    UNUSED: Line.UNUSED,
    MARKETPLACE: Line.MARKETPLACE,
    CORRECTION: Line.ADJUSTMENT,
}
"""What a booked row is where nothing more is known of it."""
_ACCOUNT = r"^(.*/providers/microsoft\.cognitiveservices/accounts/[^/]+)(?:/.*)?$"
_GROUP = r"/resourcegroups/([^/]+)"
_ROW = ["day", "subscription", "resource", "meter_id", "view", "charge", "pricing", "reservation"]


def booked(inputs: Inputs) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The booked rows that count, and what was found wrong with the others.

    BOOKED_DAYS up to the cut-off of each subscription, amortised, with sort (see above),
    account_id ("" for what is no account of ours), group, model, version, tier, bucket, scope,
    mode and `mapped`, of their meter."""
    rows = inputs.booked
    rows = rows[rows["view"].eq("amortized").fillna(False)]
    own = rows["currency"].str.upper().eq(inputs.currency.upper()).fillna(False)
    found = [_odd(rows[~own], "currency")]
    rows = rows[own & rows["cost_e8"].notna() & days(rows, inputs)]
    twice = rows.duplicated(_ROW, keep="last")
    found.append(_odd(rows[twice], "duplicate"))
    rows = rows[~twice].reset_index(drop=True)
    told = interned(_sorted(_metered(_placed(rows), inputs)))
    return told, pd.concat(found, ignore_index=True)


def days(rows: pd.DataFrame, inputs: Inputs) -> "pd.Series[bool]":
    """Whether each row's day is booked for its subscription."""
    until = rows["subscription"].map(inputs.booked_until).astype("datetime64[us, UTC]")
    return rows["day"].le(until).astype(bool)


def _odd(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    words = {
        "currency": "Booked in {currency}, which this bill is not in: left out.",
        "duplicate": "Booked twice for one resource, meter and day: one row is left out.",
    }
    keys = ["resource", "meter_id", "currency"]
    sums = rows.groupby(keys, dropna=False)["cost_e8"].sum().reset_index()
    return frame(
        FOUND,
        [
            {
                "kind": kind,
                "severity": "critical",
                "what": words[kind].format(**it),
                "resource": it["resource"],
                "meter_id": it["meter_id"],
                "amount_e8": it["cost_e8"],
            }
            for it in records(sums)
        ],
    )


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    """With the account and the resource group that a row's resource lies in."""
    codes, known = rows["resource"].fillna("").factorize()
    texts = pd.Series(known, dtype="string").str.lower()
    named = {
        "resource": texts,
        "account_id": texts.str.extract(_ACCOUNT, expand=False).fillna(""),
        "group": texts.str.extract(_GROUP, expand=False).fillna(""),
    }
    told = interned(pd.DataFrame(named)).take(codes).set_axis(rows.index)
    return rows.assign(**{name: told[name] for name in named})


def _metered(rows: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """With what the meter counts; "" and not mapped where nobody has said."""
    keys = dictionary.Index(inputs.meters).keys
    names = ["model", "version", "scope", "mode", "tier", "bucket"]
    told = {
        name: rows["meter_id"]
        .map({meter: getattr(key, name) for meter, key in keys.items()})
        .astype("string")
        .fillna("")
        for name in names
    }
    match = rows["meter_id"].map({meter: str(key) for meter, key in keys.items()})
    return rows.assign(**told, match=match.astype("string"), mapped=match.notna())


def _sorted(rows: pd.DataFrame) -> pd.DataFrame:
    """With `sort`, the first of these that is so."""
    charge = rows["charge"].fillna("").str.lower()
    service = rows["service"].fillna("").str.lower()
    usage = charge.isin(["", "usage"])
    account = rows["account_id"].ne("")
    provisioned = rows["mode"].eq("ptu") | rows["reservation"].fillna("").ne("")
    market = service.str.contains("marketplace") | rows["resource"].str.contains("/microsoft.saas/")
    sorts = [
        (UNUSED, charge.eq("unusedreservation")),
        (MARKETPLACE, market & (usage | charge.eq("purchase"))),
        (CORRECTION, ~usage),
        (PROVISIONED, account & provisioned),
        (TOKENS, account),
    ]
    told = [it.to_numpy(dtype=bool, na_value=False) for _, it in sorts]
    sort = np.select(told, [it for it, _ in sorts], SHARED)
    return rows.assign(sort=sort, cause=charge.where(sort == CORRECTION))
