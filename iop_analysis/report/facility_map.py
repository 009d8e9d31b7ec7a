"""The interactive facility map: one HTML file that works offline, with the keyboard, and on a phone.

The map is SVG with a small script of its own. Whatever a publisher wrote stands in the page as escaped text and never
in the script, and the page forbids every other script and every request.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely
from markupsafe import Markup

from iop_analysis import catalog, places
from iop_analysis.errors import CallError
from iop_analysis.linking.websites import web_link
from iop_analysis.maps.ground import ground, on_page
from iop_analysis.maps.labels import SIZES, fitted
from iop_analysis.releases.listing import Listing
from iop_analysis.report import citation, entries, heard, html
from iop_analysis.report.model import today

LONG_SIDE = 1000.0  # units of the drawing along the longer side of the state
EDGE, FOOT = 12.0, 64.0  # room around the state, and below it for the scale
METRES_PER_MILE = 1609.344
CLOSEST_MILES = 2.0  # the narrowest view
# Points of a ZIP code are no places of programs: they are not drawn.
DRAWN = {
    "publisher": "",
    "address": "At the point that a locator list gives for the address.",
    "near_address": "At the point that a locator list gives for a nearly identical address.",
}
MARK_PIXELS = 8.0  # half the width of a mark on the screen
LABEL_PIXELS = 1.6  # of the screen for a point of a label
LABEL_WIDTHS = tuple(350.0 * 2**step for step in range(7))  # pixels along the longer side at which names are tried


def facility_map(listed: Listing, state: str, contact: str = "") -> bytes:
    """One HTML file with the programs of a state on a map and, beside it, in a list with a card for each.

    Everyone sees every facility that lists a substance-use IOP. Chosen for a person, map and list keep those that
    meet what the person needs and those of which it is not known, each with a mark of its own; the others are
    counted. A facility stands on the map where its publisher gives a point, or a locator list has one for its
    address; not by its ZIP code, and never where the address is withheld.

    Parameters
    ----------
    listed
        A built release.
    state
        Postal code.
    contact
        A mail address or a page for corrections.

    Returns
    -------
    bytes
        UTF-8 HTML without a date or an address of this machine; the same release gives the same bytes.

    Raises
    ------
    CallError
        There is no such state, or the release lists no IOP there.
    """
    places.check_state(state)
    rows = entries.programs(listed, state)
    if rows.empty:
        raise CallError(f"{listed.release.name} lists no intensive outpatient program in {state}, so there is no map.")
    pointed = _pointed(rows)
    drawing = _drawing(state, pointed) if pointed["drawn"].any() else None
    wanted = entries.wants(listed)
    answers = entries.fits(listed, rows)
    single = entries.fits(listed, rows, [need for group in wanted.values() for need in group])
    return _page(
        **_heading(listed.release, state, len(rows)),
        correction=citation.correction(contact),
        choices=[_choice(need, answers[need.key]) for need in entries.needs(listed)],
        wanted=wanted,
        dated=_dated(listed, rows),
        counties=_counties(_cards(listed, rows, pointed, answers.join(single))),
        counts=_counts(pointed),
        drawing=drawing,
    )


def _heading(release: catalog.Release, state: str, programs: int) -> dict[str, Any]:
    """What the page says of itself."""
    name = str(places.states().set_index("state")["name"][state])
    return {
        "state_name": name,
        "title": f"{'SYNTHETIC – ' * release.synthetic}Intensive outpatient programs in {name}",
        "synthetic": release.synthetic,
        "origin": origin(release),
        "as_of": as_of(release),
        "citation": catalog.source_of(release).citation,
        "programs": programs,
        "everyone": f"All {programs:,} listed programs." if programs > 1 else "The one listed program.",
        "caveat": entries.CAVEAT,
    }


def _dated(listed: Listing, rows: pd.DataFrame) -> str:
    """From when the newest hours are, for the label of the filter."""
    return entries.dated(max(heard.days(listed, rows), default=""), today())


def origin(release: catalog.Release) -> str:
    """The source and release that a page or a card rests on."""
    title = catalog.source_of(release).title
    return f"SYNTHETIC sample in the format of {title}" if release.synthetic else f"{title}, release {release.key}"


def as_of(release: catalog.Release) -> str:
    """When the information of a release holds."""
    return f"as of {release.reference_date}" if release.reference_date else f"survey year {release.survey_year}"


def _pointed(rows: pd.DataFrame) -> pd.DataFrame:
    """The programs with their point, its `point_quality`, and whether the mark is `drawn`."""
    drawn = rows["point_quality"].isin(DRAWN) & ~rows["address_hidden"]
    return rows[["name", "address_hidden", "latitude", "longitude", "point_quality"]].assign(drawn=drawn)


def _counts(pointed: pd.DataFrame) -> dict[str, int]:
    """Programs without a place of their own on the map, by the reason, and those at the point of a near address."""
    near = pointed["point_quality"] == "near_address"
    return {
        "withheld": int(pointed["address_hidden"].sum()),
        "no_point": int((~pointed["drawn"] & ~pointed["address_hidden"]).sum()),
        "near_address": int((pointed["drawn"] & near).sum()),
    }


# The drawing


def _drawing(state: str, pointed: pd.DataFrame) -> dict[str, Any]:
    """Lines, names of counties, points and scale of the map, in units of the drawing."""
    shapes = ground("county", state)
    west, south, east, north = shapes.total_bounds
    unit = max(east - west, north - south) / LONG_SIDE
    place = _Place(west - EDGE * unit, north + EDGE * unit, unit)
    drawn = shapes.geometry.to_numpy()
    found = pointed[pointed["drawn"]]
    degrees = shapely.points(found["longitude"].to_numpy(dtype=float), found["latitude"].to_numpy(dtype=float))
    metres = on_page(degrees, pd.Series(state, index=found.index), state)
    spots = place.units(shapely.get_coordinates(metres))
    names = found["name"].fillna("").tolist()
    return {
        "width": round((east - west) / unit + 2 * EDGE, 1),
        "height": round((north - south) / unit + 2 * EDGE + FOOT, 1),
        "units_per_mile": round(METRES_PER_MILE / unit, 4),
        "closest": round(CLOSEST_MILES * METRES_PER_MILE / unit, 2),
        "counties": place.path(shapely.boundary(drawn)),
        "border": place.path(shapely.boundary(np.array([shapely.union_all(drawn)]))),
        "names": _names(shapes, shapely.multipoints(shapely.get_coordinates(metres)), place),
        "points": [
            {"row": row, "x": x, "y": y, "name": name}
            for row, name, (x, y) in zip(found.index, names, spots.round(2).tolist(), strict=True)
        ],
    }


class _Place:
    """Metres of the ground to units of the drawing, which grow to the right and down."""

    def __init__(self, west: float, north: float, unit: float) -> None:
        self.west, self.north, self.unit = west, north, unit

    def units(self, metres: np.ndarray) -> np.ndarray:
        """Coordinates in units, shape (n, 2)."""
        return np.column_stack([metres[:, 0] - self.west, self.north - metres[:, 1]]) / self.unit

    def path(self, lines: np.ndarray) -> str:
        """Lines as the path of an SVG."""
        merged = shapely.line_merge(shapely.union_all(lines))
        return "".join(f"M{self._text(part)}" for part in shapely.get_parts(merged))

    def _text(self, line: shapely.Geometry) -> str:
        spots = self.units(shapely.get_coordinates(line)).round(1).tolist()
        return "L".join(f"{x:g} {y:g}" for x, y in spots)


def _names(shapes: geopandas.GeoDataFrame, marks: shapely.MultiPoint, place: _Place) -> list[dict[str, Any]]:
    """Names of counties where no mark stands on them, and how many units a pixel may be for them to fit."""
    found = []
    for shape, label in zip(shapes.geometry, shapes["label"], strict=True):
        mine = shapely.intersection(marks, shapely.envelope(shape))
        for pixels in LABEL_WIDTHS:
            metres = place.unit * LONG_SIDE / pixels
            free = shapely.difference(shape, shapely.buffer(mine, MARK_PIXELS * metres, quad_segs=2))
            name = fitted(free, label, "", metres * LABEL_PIXELS) if free.geom_type.endswith("Polygon") else None
            if name is not None and name[2] == SIZES[0]:
                x, y = place.units(np.array([[name[0].x, name[0].y]])).round(1)[0].tolist()
                found.append({"x": x, "y": y, "lines": name[1].split("\n"), "fits": LONG_SIDE / pixels})
                break
    return found


# The cards


def _choice(need: entries.Need, answer: pd.Series) -> dict[str, str]:
    """One person of the filter and the counts that are said when it is chosen."""
    met, unknown = int(answer.fillna(False).sum()), int(answer.isna().sum())
    rest = len(answer) - met - unknown
    said = f"Meets this: {met:,} of {len(answer):,} listed programs."
    said += f" Not known: {unknown:,}; call them and ask." if unknown else ""
    said += f" Not shown: the other {rest:,}." if rest else ""
    return {"key": need.key, "label": need.label, "words": need.words, "said": said}


def _cards(listed: Listing, rows: pd.DataFrame, pointed: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """What the card of each program says; a column is a part of it."""
    cards = pd.DataFrame({"row": rows.index, "county": rows["county"]}, index=rows.index)
    for name in ("name", "city", "phone", "website", "hours_text", "information_date"):
        cards[name] = rows[name].fillna("").astype(str).str.strip()
    where = rows[["street", "city", "state", "zip"]].to_numpy(dtype=object)
    cards["address"] = [entries.address(parts) for parts in where]
    cards["address"] = cards["address"].mask(rows["address_hidden"], "")
    cards["call"] = cards["phone"].map(entries.phone_link)
    cards["link"] = cards["website"].map(web_link)
    cards["weeks"] = entries.weeks(listed, rows)
    cards["only"] = entries.serves_only(rows)
    cards["dated"] = [entries.dated(day, today()) for day in heard.days(listed, rows)]
    cards["asks_hours"] = ~rows["hours_status"].eq("not_asked")
    cards["point"] = [_point_words(*pair) for pair in zip(pointed["point_quality"], pointed["drawn"], strict=True)]
    cards["answers"] = pd.Series(_answer_words(answers), index=rows.index, dtype=object)
    return cards.join(entries.payments(rows))


def _point_words(quality: str, drawn: bool) -> str:
    return DRAWN[quality] if drawn else "Not on the map."


def _answer_words(answers: pd.DataFrame) -> list[dict[str, str]]:
    """For each program the persons whose needs it meets (`yes`) or may meet (`unknown`); the others are left out."""
    words = answers.apply(lambda column: np.where(column.isna(), "unknown", np.where(column.fillna(False), "yes", "")))
    return [{str(key): word for key, word in row.items() if word} for row in words.to_dict("records")]


def _counties(cards: pd.DataFrame) -> list[dict[str, Any]]:
    """Counties in order, each with its cards."""
    return [{"name": name, "cards": group.to_dict("records")} for name, group in cards.groupby("county", sort=False)]


# The page


def _page(**said: Any) -> bytes:
    """The page, which allows its own style and script by their hashes and nothing else."""
    texts = {kind: html.page(f"facility_map.{kind}") for kind in ("css", "js")}
    policy = f"default-src 'none'; style-src {_hash(texts['css'])}; script-src {_hash(texts['js'])}; base-uri 'none'"
    parts = {"policy": policy, "style": Markup(texts["css"]), "script": Markup(texts["js"])}
    return html.page("facility_map.html", **parts, **said).encode()


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
