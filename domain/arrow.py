"""Frames as Arrow, for those who want them whole and fast: the browser, and keys made of contents.

Arrow's buffers are taken as they are; nothing here looks at cell after cell.
"""

import zlib
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

MANY = 1_000
"""Rows from which on a text that repeats is written once."""
_ODD = (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError)


def table(cells: "Mapping[str, pd.Series[Any]]", lists: Collection[str] = ()) -> pa.Table:
    """These columns as an Arrow table; those in lists as lists of one text, or of none where it is
    missing. What Arrow has no type for becomes text."""
    return pa.table(
        {
            name: _singly(_array(it)) if name in lists else _short(_array(it))
            for name, it in cells.items()
        }
    )


def distinct(texts: "pd.Series[str]") -> list[str]:
    """The texts that occur, sorted, without what is missing."""
    found: list[str] = pc.unique(_array(texts)).drop_null().to_pylist()
    return sorted(found)


def digest(texts: "pd.Series[str]") -> str:
    """Eight characters that are others when the texts or their order are."""
    # Joined to nothing, a part of a longer array becomes an array of its own.
    whole = pa.concat_arrays([_array(texts), pa.array([], _array(texts).type)])
    _, offsets, letters = whole.buffers()
    return f"{zlib.crc32(letters or b'', zlib.crc32(offsets or b'')):08x}"


def _array(values: "pd.Series[Any]") -> pa.Array:
    try:
        made = pa.array(values, from_pandas=True)
    except _ODD:
        made = pa.array(values.astype("string"), from_pandas=True)
    return made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made


def _singly(texts: pa.Array) -> pa.Array:
    there = texts.is_valid().to_numpy(zero_copy_only=False)
    ends = np.concatenate([[0], np.cumsum(there)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(ends), texts.drop_null().cast(pa.string()))


def _short(values: pa.Array) -> pa.Array:
    texts = pa.types.is_string(values.type) or pa.types.is_large_string(values.type)
    if not texts or len(values) < MANY:
        return values
    found = values.dictionary_encode()
    if len(found.dictionary) > np.iinfo(np.int16).max:
        return values
    return pa.DictionaryArray.from_arrays(
        found.indices.cast(pa.int16()), found.dictionary.cast(pa.string())
    )
