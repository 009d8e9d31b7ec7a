"""Maps of distance: how far half of the residents of each county live from a site, in bands of miles."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from iop_analysis.maps import county, margin, sheet, static
from iop_analysis.maps.filling import fill, handles, present
from iop_analysis.maps.ground import INSETS, ground
from iop_analysis.maps.marks import Mark, shades
from iop_analysis.places.sphere import KM_PER_MILE

BANDS_MILES = (0, 2, 5, 10, 20, 40)
UNREACHED, NOT_MEASURED = "unreached", "not measured"
VALUE = "median_sure_km"
LABEL = "straight line within which half of the residents live"


def figure(
    table: pd.DataFrame,
    state: str | None = None,
    value: str = VALUE,
    label: str = LABEL,
    source: str = "",
    *,
    wide: float = margin.WIDTH_INCHES,
) -> Figure:
    """The map of `choropleth` as a figure of its own, as high as it needs.

    Parameters
    ----------
    table, state, value, label, source
        As for `choropleth`.
    wide
        Width in inches.
    """
    shapes = joined(table, state, value)
    if state is not None:
        return county.figure(shapes, marks(), state, label, _small_text(shapes, source), wide=wide)
    entries = len(present(shapes, marks()))
    drawn, ax = margin.figure_for(sheet.aspect(shapes), len(shapes), entries, _small_text(shapes, source), wide)
    choropleth(table, ax, state, value, label, source=source)
    return drawn


def choropleth(
    table: pd.DataFrame,
    ax: Axes,
    state: str | None = None,
    value: str = VALUE,
    label: str = LABEL,
    *,
    source: str = "",
) -> Axes:
    """Draw distances as a map of counties, in bands of miles; darker is farther, also in grey.

    Counties where more than half of the residents reach no site, and counties without points to measure from, have a
    hatching each. The legend names what occurs. On the map of a state each county says its miles where they fit.

    Parameters
    ----------
    table
        `place` (county FIPS code) and `value`; a county of the map that is not there was not measured.
    ax
        Axes to draw on, of their final size; the legend stands right of or below them, the small print below.
    state
        Postal code of the state that is drawn; without it the nation.
    value
        Column of kilometres that is drawn: infinite where too many reach no site, missing where nobody was measured.
    label
        Title of the legend.
    source
        Source and year, for the small print.

    Returns
    -------
    Axes
        The same axes.

    Examples
    --------
    >>> ax = choropleth(pd.DataFrame({"place": ["11001"], "median_sure_km": [1.2]}), Figure().subplots(), "DC")
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['under 2 miles']
    """
    shapes = joined(table, state, value)
    drawn = present(shapes, marks())
    sheet.fit(ax, shapes)
    fill(ax, shapes, drawn)
    sheet.draw_lines(ax, shapes)
    key = static.name_places(ax, shapes, drawn) if state is not None else []
    margin.legend(ax, handles(drawn), label)
    margin.small_print(ax, " ".join([*key, _small_text(shapes, source)]), len(drawn))
    return ax


def miles(km: float) -> float:
    """Kilometres as miles with the digits that are printed: tenths below ten miles.

    Examples
    --------
    >>> miles(4.298), miles(43.97)
    (2.7, 27.0)
    """
    found = km / KM_PER_MILE
    return round(found, 1 if round(found, 1) < 10 else 0)


def marks() -> list[Mark]:
    """Every mark in the order of the legend: the farthest (darkest) first, then what has no band."""
    words = [_band_words(*edges) for edges in zip(BANDS_MILES, [*BANDS_MILES[1:], None], strict=True)]
    bands = [Mark(f"band{i}", words[i], colour) for i, colour in enumerate(shades(len(words)))]
    return [
        *reversed(bands),
        Mark(UNREACHED, "more than half reach none", "#ffffff", "////"),
        Mark(NOT_MEASURED, "not measured", "#ffffff", "----"),
    ]


def _band_words(low: int, high: int | None) -> str:
    if high is None:
        return f"{low} miles or more"
    return f"under {high} miles" if low == 0 else f"{low} to under {high} miles"


def mark_of(kilometres: pd.Series) -> pd.Series:
    """Key of the mark of each distance, by the miles that are printed."""
    shown = [miles(km) if np.isfinite(km) else 0.0 for km in kilometres]
    bands = np.searchsorted(BANDS_MILES, shown, side="right") - 1
    keys = pd.Series([f"band{band}" for band in bands], index=kilometres.index)
    return keys.mask(np.isinf(kilometres), UNREACHED).mask(kilometres.isna(), NOT_MEASURED)


def joined(table: pd.DataFrame, state: str | None, value: str) -> geopandas.GeoDataFrame:
    """The ground of a map with the distance, the `mark` and the `caption` of each county."""
    weighed = table.assign(weight=table.get("population", 0))
    shapes = ground("county", state).merge(weighed[["place", value, "weight"]], on="place", how="left", validate="1:1")
    shapes["weight"] = shapes["weight"].fillna(0)
    shapes["mark"] = mark_of(shapes[value])
    captions = [f"{miles(km):g} mi" if np.isfinite(km) else "" for km in shapes[value]]
    return shapes.assign(caption=captions)


def _small_text(shapes: geopandas.GeoDataFrame, source: str) -> str:
    small = shapes["name"][shapes.is_empty].tolist()
    parts = [f"Too small to draw: {', '.join(small)}." if small else ""]
    parts += ["Alaska, Hawaii and Puerto Rico are not to scale." if set(INSETS) <= set(shapes["state"]) else ""]
    return " ".join(filter(None, [*parts, "Straight lines; roads are longer.", source]))
