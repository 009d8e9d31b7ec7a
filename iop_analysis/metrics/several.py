"""Several criteria over one universe: clock times of the evening, comparisons."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from iop_analysis.metrics.coverage import COLUMNS, coverage


def sensitivity(
    facilities: pd.DataFrame,
    hours: pd.DataFrame,
    of: str = "iop",
    times: Sequence[str] = ("17:00", "18:00", "19:00", "20:00"),
    minutes: int = 60,
    *,
    days: int = 1,
) -> pd.DataFrame:
    """Coverage of `evening` for several clock times, since no published time defines the evening.

    Returns
    -------
    DataFrame
        One row for each of `times`: `after` and the columns of `coverage` but `place`.
    """
    tables = [
        coverage(facilities, hours, f"evening(after='{time}', minutes={minutes}, days={days})", of).assign(after=time)
        for time in times
    ]
    return pd.concat(tables, ignore_index=True)[["after", *COLUMNS[1:]]]


def compare(
    facilities: pd.DataFrame,
    hours: pd.DataFrame,
    haves: Sequence[str],
    of: str = "iop",
    labels: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Coverage of several criteria over one universe, one row a criterion.

    Parameters
    ----------
    facilities, hours
        Canonical tables of one release.
    haves, of
        The criteria, and the universe that they share.
    labels
        What each is called; the criterion itself where None.

    Returns
    -------
    DataFrame
        `label` and the columns of `coverage` but `place`, in the order of `haves`.
    """
    tables = [coverage(facilities, hours, have, of) for have in haves]
    return pd.concat(tables, ignore_index=True).assign(label=list(labels or haves))[["label", *COLUMNS[1:]]]
