"""The publishers' printed figures, recomputed from their public-use files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from iop_analysis import catalog, raw, sources
from iop_analysis.metrics import coverage, small_cells, trends
from iop_analysis.sources import _survey_codes
from iop_analysis.validate.table import ABSENT, COLUMNS, FIGURE, OFF, OK

# Floating-point dust of a subtraction of two percentages; nothing that is printed comes near it.
DUST = 1e-9
NO_ITEMS = pd.DataFrame()
NOT_BUILT = "this survey is not built here"
NO_FILE = "the publisher's own file is not at hand here"


def published(respondents: Mapping[str, pd.DataFrame], items: Mapping[str, pd.DataFrame] | None = None) -> pd.DataFrame:
    """Each row of `catalog/published.csv` beside our figure, or beside the reason why there is none.

    A printed percentage is of all facilities of its base, those that left the question out included; it must agree
    to half a unit of its last printed decimal, a count exactly.

    Parameters
    ----------
    respondents
        Canonical respondents of built surveys by `source@release`.
    items
        The publisher's own columns of the same rows, for figures that ask about what no criterion does.
    """
    rows = [_figure(row, respondents, items or {}) for row in catalog.read_rows("published.csv")]
    return pd.DataFrame(rows, columns=COLUMNS)


def items_of(names: list[str]) -> dict[str, pd.DataFrame]:
    """The publisher's columns of the surveys among `names` of which a printed figure needs them."""
    needed = {row["release"] for row in catalog.read_rows("published.csv") if row["item"]}
    releases = [raw.find_release(name) for name in names if name in needed]
    there = [one for one in releases if raw.raw_path(one).exists()]
    return {one.name: sources.module(one.source).read(raw.verified(one), one) for one in there}


def addresses() -> dict[tuple[str, str], dict[str, str]]:
    """Universe and address of each printed table by survey and table."""
    return {(row["survey"], row["table"]): row for row in catalog.read_rows("published_tables.csv")}


def _figure(
    row: dict[str, str], respondents: Mapping[str, pd.DataFrame], items: Mapping[str, pd.DataFrame]
) -> dict[str, Any]:
    name = row["release"]
    reason = row["missing"] or ("" if name in respondents else NOT_BUILT)
    reason = reason or (NO_FILE if row["item"] and name not in items else "")
    ours = float("nan") if reason else _ours(row, respondents[name], items.get(name, NO_ITEMS))
    printed = float(row["value"] or "nan")
    tolerance = 0.0 if row["measure"] == "count" else 0.5 * 10.0 ** -int(row["decimals"])
    # A figure that cannot be computed is not a number, compares false, and is off.
    verdict = ABSENT if reason else OK if abs(ours - printed) <= tolerance + DUST else OFF
    return {
        "kind": FIGURE,
        "check": f"{row['survey']}, Table {row['table']}",
        "release": name,
        "what": f"{row['measure']}: {row['row']} / {row['column']}",
        "published": printed,
        "ours": ours,
        "difference": ours - printed,
        "tolerance": tolerance,
        "verdict": verdict,
        "reason": reason,
        "source": addresses()[row["survey"], row["table"]]["address"],
    }


def _ours(row: dict[str, str], respondents: pd.DataFrame, items: pd.DataFrame) -> float:
    base = trends.universe(respondents, row["side"])
    here = base
    if row["ownership"]:
        here = here[here["ownership_type"].eq(row["ownership"])]
    if row["place"] != "all":
        here = here[here["state"].eq(row["place"])]
    for item in row["item"].split():
        column, _, value = item.partition(":")
        here = here[_survey_codes.values(items.loc[here.index, column]) == value]
    if row["measure"] == "row percent":
        return 100 * len(here) / len(base) if len(base) else float("nan")
    counts = coverage.coverage(here, small_cells.NO_HOURS, row["have"], row["of"]).iloc[0]
    return float(counts["yes"] if row["measure"] == "count" else 100 * counts["lower_share"])
