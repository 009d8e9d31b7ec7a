"""Quality: what a release says and leaves open, variable by variable, before anything is measured from it."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from iop_analysis import catalog
from iop_analysis.catalog import answers


def answer_counts(facilities: pd.DataFrame, names: Iterable[str] | None = None) -> pd.DataFrame:
    """Count yes, no, not_reported and not_asked of every answer.

    Parameters
    ----------
    facilities
        Canonical facilities.
    names
        Columns of answers; all of them where None.

    Returns
    -------
    DataFrame
        One row per column: `label`, `yes`, `no`, `not_reported`, `not_asked` (facilities), in the catalog's order.
    """
    rows = []
    for name in names or catalog.answer_variables():
        counts = facilities[name].value_counts()
        rows.append(
            {"label": catalog.variables()[name].label} | {one: int(counts.get(one, 0)) for one in answers.ANSWERS}
        )
    return pd.DataFrame(rows)


def status_counts(facilities: pd.DataFrame, name: str) -> pd.DataFrame:
    """Count the values of a text column such as `hours_status` or `place_quality`.

    Returns
    -------
    DataFrame
        `name`'s values and `facilities`, most frequent first; missing is shown as an empty text.
    """
    counts = facilities[name].astype(object).fillna("").value_counts()
    return counts.rename_axis(name).rename("facilities").reset_index()
