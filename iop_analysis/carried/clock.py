"""Carried: residents near a program that lists Medicaid at a site still open, hour by hour of the evening."""

from __future__ import annotations

import pandas as pd

from iop_analysis import catalog
from iop_analysis.carried import residents


def hours() -> dict[str, str]:
    """The question of each clock time, `12:00` to `20:00` (`catalog/residents.csv`); sites open an hour after it."""
    rows = [row for row in catalog.read_rows("residents.csv") if row["after"]]
    return {row["after"]: row["have"] for row in sorted(rows, key=lambda row: row["after"])}


def load(release: str, state: str) -> pd.DataFrame:
    """Residents of a state within reach of a program that lists Medicaid at a site open an hour after each clock time.

    Returns
    -------
    DataFrame
        A row for noon, 17, 18, 19 and 20 o'clock: `after` and the columns of `residents.load` (`population`,
        `within_5mi_lower`, `within_5mi_upper`, `within_5mi_widest`, `within_10mi_…`). No number rises with a later
        hour. Empty where the list says nothing about hours, as for every state but those with a list of their own.
    """
    tables = [residents.load(release, have, "state", state).assign(after=after) for after, have in hours().items()]
    joined = pd.concat(tables, ignore_index=True)
    return joined[["after", *[name for name in joined if name != "after"]]]
