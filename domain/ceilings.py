"""How much more can be deployed where: deployments per account, accounts per region.

Source: Azure's quotas and limits of Foundry models; accounts per region are counted and limited by
rows of the usages, since what Azure answers differs from what it documents.
"""

import pandas as pd

from domain import frames, skus
from domain.frames import REAL, TEXT, WHOLE, Columns

CEILINGS: Columns = {
    "what": TEXT,  # Deployments, Accounts
    "name": TEXT,  # the account; the region with the kind of account
    "subscription": TEXT,
    "region": TEXT,
    "account_id": TEXT,
    "used": WHOLE,
    "most": WHOLE,
    "left": WHOLE,
    "share": REAL,  # 0 to 1
}
DEPLOYMENTS, ACCOUNTS = "Deployments", "Accounts"
STANDARD_PER_ACCOUNT = 32
"""Standard deployments that one account takes."""
_COUNTS = ".s0.accountcount"


def ceilings(rows: pd.DataFrame, usages: pd.DataFrame | None = None) -> pd.DataFrame:
    """Frame CEILINGS, the nearest to its ceiling first, from all of frame INVENTORY and USAGES.

    Provisioned deployments do not count against the 32 of their account. A region's accounts are
    one row per kind; a count or limit that Azure did not send leaves it out.
    """
    parts = [_accounts(rows)]
    if usages is not None:
        parts.append(_regions(usages))
    found = pd.concat([it for it in parts if len(it)] or parts[:1], ignore_index=True)
    found = found.assign(left=found["most"] - found["used"], share=found["used"] / found["most"])
    order = ["share", "what", "name"]
    found = found.sort_values(order, ascending=[False, True, True], ignore_index=True)
    return frames.fitted(found, CEILINGS)


def _accounts(rows: pd.DataFrame) -> pd.DataFrame:
    provisioned = rows["sku"].fillna("").map(lambda sku: skus.family(sku).provisioned).astype(bool)
    standard = rows[~provisioned]
    of = standard.groupby(["account_id", "account", "subscription", "region"], dropna=False)
    found = of.size().rename("used").reset_index().rename(columns={"account": "name"})
    return found.assign(what=DEPLOYMENTS, most=STANDARD_PER_ACCOUNT)


def _regions(usages: pd.DataFrame) -> pd.DataFrame:
    counts = usages[usages["usage_name"].str.lower().str.endswith(_COUNTS)]
    counts = counts.dropna(subset=["used", "limit"])
    counts = counts[counts["limit"] > 0]
    kind = counts["usage_name"].str.partition(".")[0] if len(counts) else counts["usage_name"]
    return pd.DataFrame(
        {
            "what": ACCOUNTS,
            "name": counts["region"] + ", " + kind,
            "subscription": counts["subscription"],
            "region": counts["region"],
            "used": counts["used"],
            "most": counts["limit"],
        },
        index=counts.index,
    )
