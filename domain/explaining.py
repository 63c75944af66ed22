"""From a figure down to the lines that it is the sum of: quantity times price, the rule that gave
them to their unit, the exact amount, and what rounding to cents did.
"""

from collections.abc import Mapping

import pandas as pd

from domain.costs import CHARGES, E8, TOKENS
from domain.frames import REAL, TEXT, WHOLE, Columns, fitted

LINEAGE: Columns = {
    **CHARGES,
    "counted": TEXT,  # what the price is for: million tokens, PTU-hour, hour, piece
    "units": REAL,  # the quantity in these
    "product_e8": WHOLE,  # units times price
    "discount": REAL,  # of the list price, as a share
    "rounding_e8": WHOLE,  # cents less the exact amount
}
_PER = {"ptu_hours": "PTU-hour", "hour": "hour", "image": "image", "page": "page"}


def lineage(charges: pd.DataFrame, filters: Mapping[str, object]) -> pd.DataFrame:
    """LINEAGE of the CHARGES behind a cell. filters is a value, or several, by column; the cents
    of the rows are the cents of the cell."""
    wanted = pd.Series(True, index=charges.index)
    for name, value in filters.items():
        several = isinstance(value, list | tuple | set | frozenset)
        wanted &= charges[name].isin([*value] if several else [value])  # type: ignore[misc]
    rows = charges[wanted.to_numpy(bool)]
    tokens = rows["bucket"].isin(TOKENS)
    units = rows["quantity"].where(~tokens, rows["quantity"] / 1_000_000)
    counted = rows["bucket"].map(_PER).mask(tokens, "million tokens")
    told = rows.assign(
        counted=counted.where(rows["quantity"].notna()).astype("string"),
        units=units,
        product_e8=(units * rows["price"] * E8).round(),
        discount=1 - rows["price"] / rows["list_price"].where(rows["list_price"].gt(0)),
        rounding_e8=rows["cents"] * (E8 // 100) - rows["amount_e8"],
    )
    return fitted(told, LINEAGE).reset_index(drop=True)
