"""Static maps: axes in, axes out: shares of a coverage table by county or state."""

from __future__ import annotations

from dataclasses import replace

import geopandas
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from iop_analysis import places
from iop_analysis.errors import CallError
from iop_analysis.maps import county, margin, naming, nation, sheet
from iop_analysis.maps.filling import fill, handles, present
from iop_analysis.maps.ground import INSETS, NOT_TO_SCALE, ground
from iop_analysis.maps.marks import COUNTED, FEW, NONE, UNKNOWN, Mark, captions, mark_of, marks
from iop_analysis.maps.save import to_png, to_svg

__all__ = ["alt_text", "choropleth", "figure", "to_png", "to_svg"]

LABEL = "share that meets the criterion, at least"
SAID = {COUNTED: "with fewer", UNKNOWN: "with nothing known", NONE: "with none listed"}


def figure(
    table: pd.DataFrame,
    state: str | None = None,
    value: str = "lower_share",
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
        Width in inches; labels stand only where they fit at that width.
    """
    shapes = joined(table, state, value)
    text = _small_text(table, shapes, source)
    if state is not None:
        return county.figure(shapes, _known(table, shapes), state, label, text, wide=wide)
    entries = len(present(shapes, _known(table, shapes)))
    aspect = sheet.aspect(shapes, column=sheet.by_state(shapes))
    drawn, ax = margin.figure_for(aspect, len(shapes), entries, text, wide)
    choropleth(table, ax, state, value, label, source=source)
    return drawn


def choropleth(
    table: pd.DataFrame,
    ax: Axes,
    state: str | None = None,
    value: str = "lower_share",
    label: str = LABEL,
    *,
    source: str = "",
) -> Axes:
    """Draw a coverage table as a map: the counties of a state, or the nation by state or county.

    Places with at least 10 facilities are shaded (darker is more, also in grey). Fewer get their counts, printed
    where they fit; places without a listed facility and places of which nothing is known have a hatching each.
    The legend names what occurs. Labels stand only where they fit into their shape; on the nation's map by state
    the small states stand in a column beside it, and on the one by county nothing is labelled.

    Parameters
    ----------
    table
        A coverage table with a row for every place that is drawn (`places=` of `coverage`). Facilities of other rows,
        such as `not placed`, are counted in the small print.
    ax
        Axes to draw on, of their final size; the legend stands right of or below them, the small print below.
    state
        Postal code of the state that is drawn, by county; without it the nation, by what `table` has.
    value
        Column of shares (0-1) that is drawn.
    label
        Title of the legend.
    source
        Source and year, for the small print.

    Returns
    -------
    Axes
        The same axes.

    Raises
    ------
    CallError
        The table lacks places of the map.

    Examples
    --------
    >>> table = pd.DataFrame({"place": ["11001"], "facilities": [20], "yes": [8], "unknown": [2], "lower_share": [0.4]})
    >>> ax = choropleth(table, Figure().subplots(), "DC")
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['40% to under 60%']
    """
    shapes = joined(table, state, value)
    drawn = present(shapes, _known(table, shapes))
    sheet.fit(ax, shapes, column=sheet.by_state(shapes))
    fill(ax, shapes, drawn)
    sheet.draw_lines(ax, shapes)
    key = []
    if state is not None:
        key = name_places(ax, shapes, drawn)
    elif sheet.by_state(shapes):
        nation.label(ax, shapes, marks())
    margin.legend(ax, handles(drawn), label)
    margin.small_print(ax, " ".join(filter(None, [*key, _small_text(table, shapes, source)])), len(drawn))
    return ax


def alt_text(table: pd.DataFrame, state: str | None = None, value: str = "lower_share", label: str = LABEL) -> str:
    """What the map of `choropleth` shows, in two sentences, for readers who cannot see it.

    Parameters
    ----------
    table, state, value, label
        As for `choropleth`.

    Examples
    --------
    >>> table = pd.DataFrame({"place": ["11001"], "facilities": [4], "yes": [1], "unknown": [2], "lower_share": [0.25]})
    >>> alt_text(table, "DC", label="share open late")
    'Map of District of Columbia: share open late. 1 district: 0 with at least 10 listed facilities, 1 with fewer.'
    """
    shapes = joined(table, state, value)
    where, what = area(shapes, state)
    shaded = shapes[shapes["mark"].str.startswith("band")].sort_values([value, "place"])
    named = shaded["name"] if state or sheet.by_state(shapes) else shaded["name"] + ", " + shaded["state"]
    ends = [f"{share} in {name}" for share, name in zip(shaded["caption"], named, strict=True)]
    span = f" (from {ends[0]} to {ends[-1]})" if len(ends) > 1 else f" ({ends[0]})" if ends else ""
    count = shapes["mark"].value_counts()
    said = SAID | ({NONE: "with none placed there"} if _adrift(table, shapes) else {})
    rest = [f"{count[key]:,} {words}" for key, words in said.items() if key in count]
    whole = ", ".join([f"{len(shaded):,} with at least {FEW} listed facilities{span}", *rest])
    return f"Map of {where}: {label}. {len(shapes):,} {what}: {whole}."


def area(shapes: geopandas.GeoDataFrame, state: str | None) -> tuple[str, str]:
    """The area of a map and the kind of its places, in words."""
    if state is None:
        kind = "state" if sheet.by_state(shapes) else "county"
        return f"the United States by {kind}", "states" if kind == "state" else "counties"
    name = places.states().set_index("state").loc[state, "name"]
    return str(name), places.county_words(state)[1] if len(shapes) > 1 else places.county_words(state)[0]


def joined(table: pd.DataFrame, state: str | None, value: str) -> geopandas.GeoDataFrame:
    """The ground of a map with the `mark`, the `caption` and the drawn value of each place."""
    by_county = state is not None or table["place"].astype(str).str.fullmatch(r"\d{5}").any()
    shapes = ground("county" if by_county else "state", state)
    missing = shapes["name"][~shapes["place"].isin(table["place"])]
    if len(missing):
        raise CallError(
            f"The table lacks {len(missing)} of the {len(shapes)} places of the map, such as {missing.iloc[0]}; "
            "give coverage() the list of all places."
        )
    marked = table.assign(mark=mark_of(table, value))
    marked["caption"] = captions(marked, value)
    marked["weight"] = table["population"] if "population" in table else table["facilities"]
    columns = ["place", "mark", "caption", "weight", *([value] if value != "weight" else [])]
    return shapes.merge(marked[columns], on="place", how="left", validate="1:1")


def _adrift(table: pd.DataFrame, shapes: geopandas.GeoDataFrame) -> int:
    """Facilities of the table that are in no place of the ground, and so could be in any."""
    return int(table.loc[~table["place"].isin(shapes["place"]), "facilities"].sum())


def _known(table: pd.DataFrame, shapes: geopandas.GeoDataFrame) -> list[Mark]:
    """Every mark; of a place without facilities it is said that none is listed only where none is adrift."""
    adrift = _adrift(table, shapes)
    words = f"none placed ({adrift:,} unplaced)"
    return [replace(mark, legend=words) if mark.key == NONE and adrift else mark for mark in marks()]


def name_places(ax: Axes, shapes: geopandas.GeoDataFrame, drawn: list[Mark]) -> list[str]:
    """Write the name of each county, or a number, on axes of their final size; the key as a sentence, or nothing."""
    names = naming.names(shapes, sheet.metres_per_point(ax))
    naming.write(ax, shapes, names.main, drawn)
    return [f"{'; '.join(names.key)}."] if names.key else []


def _small_text(table: pd.DataFrame, shapes: geopandas.GeoDataFrame, source: str) -> str:
    """What the map does not show, how the insets are drawn, and the source."""
    drawn = shapes["place"][~shapes.is_empty]
    off = int(table.loc[~table["place"].isin(drawn), "facilities"].sum())
    why = "in territories that are not drawn" if sheet.by_state(shapes) else "county not known, or not drawn"
    parts = [f"Not on the map: {off:,} listed ({why})." if off else ""]
    if _adrift(table, shapes) and (shapes["mark"] == NONE).any():
        parts.append("A county with none placed there may have one of them.")
    parts += [NOT_TO_SCALE if set(INSETS) <= set(shapes["state"]) else "", source]
    return " ".join(filter(None, parts))
