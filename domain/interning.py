"""Frames whose rows only point at their text, for arithmetic over many rows: ids of Azure are long,
and Arrow copies them with every row that is taken, joined or sorted.
"""

import numpy as np
import pandas as pd

from domain.frames import TEXT


def interned(frame: pd.DataFrame) -> pd.DataFrame:
    """The same rows, each text once in memory. Of the same dtype by name; spelled() makes of it
    what the rest of the house has."""
    texts = {str(name): it for name, it in frame.items() if it.dtype == pd.StringDtype()}
    return frame.assign(**{name: _interned(it) for name, it in texts.items()})


def spelled(frame: pd.DataFrame) -> pd.DataFrame:
    """Frames whose text lies row by row, as Arrow has it: what frame() and unpacked() make."""
    texts = [str(name) for name, it in frame.items() if str(it.dtype) == TEXT]
    return frame.astype(dict.fromkeys(texts, pd.StringDtype()))


def _interned(texts: "pd.Series[str]") -> pd.api.extensions.ExtensionArray:
    codes, known = texts.factorize()
    values = np.array([*known, pd.NA], dtype=object)  # the last: missing is -1
    return pd.Series(values[codes], dtype=pd.StringDtype("python")).array
