"""Usage over time, summed for a chart."""

import pandas as pd

ALONG = ["subscription", "unit", "environment", "region", "format", "model"]
"""What a point of a chart can be narrowed and split by."""
SUMS = ["tokens", "requests", "throttled"]


def grouped(series: pd.DataFrame, inventory: pd.DataFrame, grain: str) -> pd.DataFrame:
    """Columns at, ALONG, tokens, requests, throttled, from frame SERIES; a deployment that is no
    longer in the inventory counts under missing values, so that the sum stays the sum."""
    of = inventory[["resource", *ALONG]]
    rows = (
        series[series["grain"] == grain].drop(columns="region").merge(of, on="resource", how="left")
    )
    return rows.groupby(["at", *ALONG], dropna=False)[SUMS].sum(min_count=1).reset_index()


def totals(points: pd.DataFrame, by: str | None = None, most: int = 8) -> pd.DataFrame:
    """Columns at, SUMS and, when split, by: its largest values, the rest as "others (n)"."""
    if by is None:
        return points.groupby("at")[SUMS].sum(min_count=1).reset_index()
    ranks = points.groupby(by, dropna=False)["tokens"].sum().sort_values(ascending=False)
    rest = ranks.index[most:]
    label = points[by].astype("string").fillna("not known")
    if len(rest) > 1:
        label = label.mask(points[by].isin(rest), f"others ({len(rest)})")
    return points.assign(**{by: label}).groupby(["at", by])[SUMS].sum(min_count=1).reset_index()
