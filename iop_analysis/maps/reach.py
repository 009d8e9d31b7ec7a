"""Maps of people out of reach: the share of residents, by county or state, who live too far from a site."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from iop_analysis import places
from iop_analysis.maps import county, margin, nation, sheet
from iop_analysis.maps.filling import fill, handles, present
from iop_analysis.maps.ground import NOT_TO_SCALE, ground
from iop_analysis.maps.marks import Mark, percent, shades

BANDS = (0.05, 0.2, 0.4, 0.7)  # the least share of each band above the first
NOT_MEASURED = "not measured"


def figure(
    table: pd.DataFrame,
    state: str,
    label: str,
    source: str = "",
    wide: float = margin.WIDTH_INCHES,
    *,
    most: int | None = None,
) -> Figure:
    """A state's counties by the share of their residents out of reach; darker is worse, also in grey.

    Parameters
    ----------
    table
        `place` (county FIPS code), `population` (residents) and `beyond_share` (0-1, missing where nobody was
        measured).
    state
        Postal code.
    label
        Title of the legend.
    source
        Source and year, for the small print.
    wide
        Width in inches.
    most
        So many counties without room for their name get a number.
    """
    return county.figure(joined(table, state), marks(), state, label, source, wide=wide, most=most)


def national(table: pd.DataFrame, label: str, source: str = "", wide: float = margin.WIDTH_INCHES) -> Figure:
    """The states by the share of their residents out of reach; as `figure`, with postal codes as `place`."""
    shapes = joined(table, None)
    entries, text = present(shapes, marks()), " ".join(filter(None, [NOT_TO_SCALE, source]))
    drawn, ax = margin.figure_for(sheet.aspect(shapes, column=True), len(shapes), len(entries), text, wide)
    sheet.fit(ax, shapes, column=True)
    fill(ax, shapes, entries)
    sheet.draw_lines(ax, shapes)
    nation.label(ax, shapes, marks())
    margin.legend(ax, handles(entries), label)
    margin.small_print(ax, text, len(entries))
    return drawn


def marks() -> list[Mark]:
    """Every mark in the order of the legend: the worst (darkest) first."""
    edges = [0.0, *BANDS]
    words = ["under 5%", *(f"{low:.0%} to under {high:.0%}" for low, high in zip(BANDS, BANDS[1:], strict=False))]
    words.append(f"{BANDS[-1]:.0%} or more")
    bands = [Mark(f"band{i}", words[i], colour) for i, colour in enumerate(shades(len(edges)))]
    return [*reversed(bands), Mark(NOT_MEASURED, "not measured", "#ffffff", "----")]


def joined(table: pd.DataFrame, state: str | None) -> geopandas.GeoDataFrame:
    """The ground of a map with the `mark`, `caption` and `weight` of each county of a state, or of each state."""
    columns = ["place", "population", "beyond_share"]
    shapes = ground("county" if state else "state", state).merge(table[columns], on="place", how="left", validate="1:1")
    shown = [percent(share) / 100 if pd.notna(share) else np.nan for share in shapes["beyond_share"]]
    bands = np.searchsorted(BANDS, np.nan_to_num(shown), side="right")
    marked = pd.Series([f"band{band}" for band in bands], index=shapes.index)
    captions = ["" if pd.isna(share) else f"{percent(share)}%" for share in shapes["beyond_share"]]
    return shapes.assign(
        mark=marked.mask(shapes["beyond_share"].isna(), NOT_MEASURED),
        caption=captions,
        weight=shapes["population"].fillna(0),
    )


def alt_text(table: pd.DataFrame, state: str | None, label: str) -> str:
    """What the map shows, for readers who cannot see it.

    Examples
    --------
    >>> table = pd.DataFrame({"place": ["11001"], "population": [689545], "beyond_share": [0.021]})
    >>> alt_text(table, "DC", "share of residents more than 5 miles away")
    'Map of District of Columbia: share of residents more than 5 miles away. District of Columbia 2%.'
    """
    shapes = joined(table, state).sort_values(["beyond_share", "weight"], ascending=False, kind="stable")
    measured = shapes[shapes["beyond_share"].notna()]
    said = [f"{row.label} {row.caption}" for row in measured.itertuples()]
    rest = len(shapes) - len(measured)
    name = places.states().set_index("state")["name"][state] if state else "the United States by state"
    ends = f" {rest:,} not measured." if rest else ""
    return f"Map of {name}: {label}. {', '.join(said)}.{ends}"
