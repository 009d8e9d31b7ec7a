"""Validation: the publishers' printed figures recomputed, and what must hold for every table that we build."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from iop_analysis import raw
from iop_analysis.carried import listings, surveys, trends
from iop_analysis.releases import listing, respondents, store
from iop_analysis.validate.printed import items_of, published
from iop_analysis.validate.rules import absent_states, invariants
from iop_analysis.validate.table import ABSENT, COLUMNS, FIGURE, INVARIANT, OFF, OK, SAID

__all__ = [
    "ABSENT",
    "COLUMNS",
    "FIGURE",
    "INVARIANT",
    "OFF",
    "OK",
    "SAID",
    "absent_states",
    "at_hand",
    "invariants",
    "published",
    "validate",
    "validation",
]


def validate(
    answers: Mapping[str, pd.DataFrame],
    cells: Mapping[str, pd.DataFrame],
    items: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Everything that can be checked with the data at hand, one row per figure and per invariant.

    Parameters
    ----------
    answers
        Canonical respondents of the built surveys by `source@release`.
    cells
        Standard tables by `source@release`, with more words after it: `of`, `have`, `level` (nation, state, county),
        `place` and the counts of `coverage.COUNTS`.
    items
        The publisher's own columns of the surveys of `answers`, row by row, where a printed figure needs them.

    Returns
    -------
    DataFrame
        The columns of `COLUMNS`. `kind` is `figure` (a publisher printed it) or `invariant`; `verdict` is `ok`, `off`,
        `absent` (`reason` says why no file here can give the figure), or `said` for a state's absence that is told in
        `what`. With one row `off`, the data or the code are wrong.
    """
    return pd.concat(
        [published(answers, items), *(invariants(name, table) for name, table in cells.items())], ignore_index=True
    )


def validation() -> pd.DataFrame:
    """`validate` of all that is at hand: built releases, and the tables that the package carries."""
    return validate(*at_hand())


def at_hand() -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """What `validate` can check here: respondents of built surveys, standard tables built and carried, and items.

    A survey that is on both sides gives a table for each. The synthetic sample is left aside.
    """
    loaded = {name: respondents.load(name) for name in trends.built()}
    named = [name for name in store.built() if name not in loaded and not raw.find_release(name).synthetic]
    cells = {name: listings.standard(listing.load(name)).cells for name in named}
    cells |= {f"{name} (carried)": listings.load(name).cells for name in listings.carried()}
    for name, built in loaded.items():
        cells |= _by_side(name, surveys.standard(built).cells)
    for name in surveys.carried():
        cells |= _by_side(f"{name} (carried)", surveys.load(name).cells)
    tables = {name: table for name, table in cells.items() if len(table)}
    return {name: built.respondents for name, built in loaded.items()}, tables, items_of(list(loaded))


def _by_side(name: str, cells: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {f"{name}, {side}": table for side, table in cells.groupby("side")}
