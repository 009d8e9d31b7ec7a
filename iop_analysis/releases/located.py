"""Where a facility is: the point that locates it, its county and how sure both are, as the build stores them."""

from __future__ import annotations

import pandas as pd

from iop_analysis import places, sources
from iop_analysis.linking import locating
from iop_analysis.releases import locators

POINT = ["latitude", "longitude", "point_quality"]
TEXTS = {
    "address": "rows have the point that a locator list has for the same address",
    "near_address": "rows have the point that a locator list has for a nearly identical address",
    "zip": "rows have only the point of their ZIP code, which places them in no district",
    "none": "rows have no point",
}


def located(
    facilities: pd.DataFrame, lists: pd.DataFrame = locators.NONE
) -> tuple[pd.DataFrame, tuple[sources.Note, ...]]:
    """The facilities with the best point that is known (`point_quality`), their county, and notes on both.

    Parameters
    ----------
    facilities
        `street`, `city`, `state`, `zip`, `address_hidden`; the publisher's point and county name where it has them.
    lists
        Rows of locator lists, as `locators.rows` gives them; addresses are looked up there.
    """
    found = locating.point(facilities, lists)[POINT]
    table = places.place(facilities.assign(**{name: found[name] for name in POINT}))
    counts = found["point_quality"].value_counts()
    said = [(int(counts.get(quality, 0)), text) for quality, text in TEXTS.items()]
    return table, sources.notes(*said, *places.counted(table))
