"""Postal codes of states that people write out."""

from __future__ import annotations

from functools import cache

import pandas as pd

from iop_analysis import catalog
from iop_analysis.raw.distinct import each


@cache
def _codes() -> dict[str, str]:
    return {row["name"].lower(): row["state"] for row in catalog.read_rows("places/states.csv")}


def state_codes(states: pd.Series) -> pd.Series:
    """Two capital letters for each state; a text that is neither a name nor two letters stays as it is.

    Examples
    --------
    >>> state_codes(pd.Series(["Colorado", " nj ", ""])).tolist()
    ['CO', 'NJ', '']
    """
    return each(states, _code)


def _code(text: str) -> str:
    plain = text.strip()
    return _codes().get(plain.lower()) or (plain.upper() if len(plain) == 2 else plain)
