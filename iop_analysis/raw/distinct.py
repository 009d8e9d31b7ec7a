"""Work that depends on a text alone, done once for each different text of a column."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pyarrow as pa


def in_one(texts: pd.Series) -> pa.LargeStringArray:
    """A column as one array of text, also where it was put together from several tables, or is empty."""
    column = pa.array(texts.astype("str"), pa.large_string())
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def each(texts: pd.Series, work: Callable[[str], str | None]) -> pd.Series:
    """What `work` makes of every text, as text; it is called once for each different one, a missing one is empty.

    Examples
    --------
    >>> each(pd.Series(["a", None, "a"]), lambda text: text.upper() or None).fillna("-").tolist()
    ['A', '-', 'A']
    """
    coded = in_one(texts.fillna("")).dictionary_encode()
    made = pa.array(map(work, coded.dictionary.to_pylist()), pa.large_string())
    return pd.Series(pd.array(made.take(coded.indices), dtype="str"), index=texts.index, name=texts.name)
