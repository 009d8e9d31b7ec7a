"""Maps draw on the axes they are given, say what they leave out, and give the same bytes each time."""

import hashlib
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import matplotlib
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from iop_analysis import catalog, places
from iop_analysis.errors import CallError
from iop_analysis.maps import ground, labels, marks, naming, reach, sheet, static

SOURCE = "Source: invented numbers, 2023."


def coverage(names: list[str], seed: int = 1, mean: float = 12.0) -> pd.DataFrame:
    """A coverage table of invented counts in which every mark occurs."""
    random = np.random.default_rng(seed)
    facilities = random.poisson(random.gamma(0.7, mean / 0.7, len(names)))
    unknown = random.binomial(facilities, np.where(random.random(len(names)) < 0.1, 1.0, 0.2))
    yes = random.binomial(facilities - unknown, random.random(len(names)))
    return filled(pd.DataFrame({"place": names, "facilities": facilities, "yes": yes, "unknown": unknown}))


def filled(counts: pd.DataFrame) -> pd.DataFrame:
    """The other columns of a coverage table."""
    table = counts.assign(no=counts["facilities"] - counts["yes"] - counts["unknown"], universe_unknown=0)
    table["complete"] = table["yes"] + table["no"]
    whole, known = (table[name].where(table[name] > 0) for name in ("facilities", "complete"))
    table["known_share"], table["lower_share"] = table["yes"] / known, table["yes"] / whole
    table["upper_share"] = (table["yes"] + table["unknown"]) / whole
    return table


def county_names(state: str) -> list[str]:
    table = places.counties()
    return table.loc[table["state"] == state, "county_fips"].tolist()


def equal(names: list[str], facilities: int, yes: int, unknown: int = 0) -> pd.DataFrame:
    """A coverage table that is the same in every place."""
    return filled(pd.DataFrame({"place": names, "facilities": facilities, "yes": yes, "unknown": unknown}))


def axes_of(figure: Figure) -> matplotlib.axes.Axes:
    return figure.axes[0]


def words(figure: Figure) -> list[str]:
    """Every text on the map, its inset and below it, but those of the legend; the small print comes last."""
    return [text.get_text() for ax in reversed(figure.axes) for text in ax.texts]


def key_lines(figure: Figure) -> list[str]:
    """Lines of the key below a map: a number, a name, and what is known."""
    return [line for text in words(figure) for line in text.split("\n") if re.match(r"\d+ \D", line)]


def entries(figure: Figure) -> list[str]:
    return [text.get_text() for text in axes_of(figure).get_legend().get_texts()]


# --- axes in, axes out ----------------------------------------------------------------------------------------------


def test_a_map_is_drawn_on_the_given_axes_and_on_no_other():
    figure = Figure((8, 4))
    left, right = figure.subplots(1, 2)
    assert static.choropleth(coverage(county_names("NJ")), left, "NJ", source=SOURCE) is left
    assert left.patches or left.artists
    assert not right.patches
    assert figure.axes == [left, right]


def test_a_table_without_some_places_of_the_map_is_refused_with_one_of_them():
    table = coverage(county_names("NJ")).iloc[1:]
    with pytest.raises(CallError, match="lacks 1 of the 21 places of the map, such as Atlantic County"):
        static.figure(table, "NJ")


@pytest.mark.parametrize("state", ["DC", "HI", "CT", "PR", "DE", "AK"])
def test_states_of_every_kind_can_be_drawn(state):
    names = county_names(state)
    figure = static.figure(equal(names, 20, 8), state, source=SOURCE)
    assert entries(figure) == ["40% to under 60%"]
    assert SOURCE in words(figure)[-1].replace("\n", " ")


# --- marks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facilities", "yes", "unknown", "mark", "caption"),
    [
        (0, 0, 0, marks.NONE, ""),
        (3, 0, 3, marks.UNKNOWN, ""),
        (30, 0, 30, marks.UNKNOWN, ""),
        (9, 9, 0, marks.COUNTED, "9 of 9"),
        (1, 0, 0, marks.COUNTED, "0 of 1"),
        (10, 10, 0, "band4", "100%"),
        (10, 0, 0, "band0", "0%"),
        (1000, 596, 0, "band3", "60%"),
        (1000, 594, 0, "band2", "59%"),
    ],
)
def test_none_unknown_few_and_shaded_places_have_a_mark_each(facilities, yes, unknown, mark, caption):
    table = equal(["34001"], facilities, yes, unknown)
    table["mark"] = marks.mark_of(table, "lower_share")
    assert table["mark"].item() == mark
    assert marks.captions(table, "lower_share") == [caption]


def test_an_empty_share_is_unknown_however_many_facilities_there_are():
    table = equal(["34001"], 50, 20, 5).assign(known_share=np.nan)
    assert marks.mark_of(table, "known_share").item() == marks.UNKNOWN


@given(st.integers(10, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_printed_share_lies_in_the_band_that_the_legend_names(counts):
    yes, facilities = counts
    table = equal(["34001"], facilities, yes)
    table["mark"] = marks.mark_of(table, "lower_share")
    printed = int(marks.captions(table, "lower_share")[0].removesuffix("%"))
    said = next(mark.legend for mark in marks.marks() if mark.key == table["mark"].item())
    low, high = {
        "under 20%": (0, 20),
        "20% to under 40%": (20, 40),
        "40% to under 60%": (40, 60),
        "60% to under 80%": (60, 80),
        "80% or more": (80, 101),
    }[said]
    assert low <= printed < high


def test_places_with_fewer_than_ten_facilities_have_counts_and_no_percentage():
    figure = static.figure(equal(county_names("NJ"), 9, 4), "NJ")
    assert entries(figure) == ["1 to 9 listed: not shaded"]
    assert sum(line.endswith("4 of 9") for text in words(figure) for line in text.split("\n")) > 15
    assert not any("%" in text for text in words(figure))


@pytest.mark.parametrize(
    ("counts", "legend"),
    [
        ([(0, 0, 0)], ["none listed"]),
        ([(12, 0, 12), (0, 0, 0)], ["listed, but nothing known", "none listed"]),
        ([(5, 1, 0), (20, 19, 0), (20, 1, 0)], ["under 20%", "80% or more", "1 to 9 listed: not shaded"]),
    ],
)
def test_the_legend_names_what_occurs_and_nothing_else(counts, legend):
    names = county_names("NJ")
    rows = [counts[i % len(counts)] for i in range(len(names))]
    facilities, yes, unknown = zip(*rows, strict=True)
    table = pd.DataFrame({"place": names, "facilities": facilities, "yes": yes, "unknown": unknown})
    assert entries(static.figure(filled(table), "NJ")) == legend


def test_shades_stay_apart_and_in_order_in_a_grey_print():
    shades = [marks.grey(mark.face) for mark in marks.marks() if mark.key.startswith("band")]
    assert all(lighter - darker > 0.1 for darker, lighter in pairwise(shades))
    assert 1 - shades[-1] > 0.15  # the palest band is not taken for white paper
    assert shades[0] > 0.1


def test_shades_are_of_one_hue():
    for mark in marks.marks():
        if mark.key.startswith("band"):
            red, green, blue = (int(mark.face[i : i + 2], 16) for i in (1, 3, 5))
            assert red < green < blue


def test_letters_stand_out_from_what_they_stand_on():
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05

    for mark in marks.marks():
        contrast = light(mark.face) / light(mark.ink)
        assert max(contrast, 1 / contrast) > 4  # letters of a map, in WCAG's measure


def test_marks_without_shading_differ_in_their_hatching():
    unshaded = [mark for mark in marks.marks() if not mark.key.startswith("band")]
    assert {mark.face for mark in unshaded} == {"#ffffff"}
    assert len({mark.hatch[:1] for mark in unshaded}) == 3


# --- labels ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["NJ", "CO", "GA"])
def test_names_lie_inside_their_county_and_never_on_each_other(state):
    shapes = static.joined(coverage(county_names(state)), state, "lower_share")
    metres = 1000.0
    placed = naming.names(shapes, metres).main
    assert len(placed) == len(shapes)
    geometry = shapes.set_index("place").geometry
    boxes = []
    for label in placed:
        wide, high = (points * metres / 2 for points in labels.text_size(label.text, label.size))
        box = shapely.box(label.spot.x - wide, label.spot.y - high, label.spot.x + wide, label.spot.y + high)
        assert label.beside or geometry[label.place].intersection(box).area / box.area > 0.97, label.text
        boxes.append(box)
    one, other = shapely.STRtree(boxes).query(boxes, predicate="overlaps")
    assert len(one) == len(other) == 0


@pytest.mark.parametrize(("state", "wide"), [("NJ", 7.2), ("TX", 7.2), ("VA", 7.2), ("PR", 3.6), ("AK", 3.6)])
def test_every_county_is_named_on_the_map_or_numbered_with_a_key(state, wide):
    figure = static.figure(equal(county_names(state), 20, 5), state, wide=wide)
    text = " ".join(" ".join(words(figure)).replace("-\n", "-").split())
    table = places.counties()
    for label in table.loc[table["state"] == state, "label"]:
        assert label in text
    numbers = [int(line.split()[0]) for line in key_lines(figure)]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    shown = [text for text in words(figure) if re.fullmatch(r"\d+", text)]
    assert sorted(map(int, shown)) == sorted(numbers)


def test_the_most_populous_county_gets_the_first_number_and_only_so_many_get_one():
    names = county_names("TX")
    table = pd.DataFrame({"place": names, "population": range(len(names)), "beyond_share": 0.5})
    shapes = reach.joined(table, "TX")
    found = naming.names(shapes, 5000.0, most=7)
    assert len(found.key) == 7 and found.rest
    weights = shapes.set_index("label")["weight"]
    order = [weights[line.split(" ", 1)[1].rsplit(" ", 1)[0]] for line in found.key]
    assert order == sorted(order, reverse=True)


def test_every_county_of_an_enlarged_area_is_one_of_its_state():
    table = places.counties()
    for row in catalog.read_rows("places/metros.csv"):
        known = set(table.loc[table["state"] == row["state"], "label"])
        assert set(row["counties"].split(";")) <= known, row["state"]


def test_an_enlarged_area_is_framed_on_the_map_and_named():
    figure = static.figure(equal(county_names("NJ"), 20, 5), "NJ")
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["", "Northeast, enlarged"]
    assert len(static.figure(equal(county_names("WY"), 20, 5), "WY").axes) == 1


@pytest.mark.parametrize(
    ("share", "legend"),
    [
        (0.0, "under 5%"),
        (0.044, "under 5%"),
        (0.0451, "5% to under 20%"),
        (0.7, "70% or more"),
        (np.nan, "not measured"),
    ],
)
def test_people_out_of_reach_are_in_the_band_that_is_printed(share, legend):
    table = pd.DataFrame({"place": ["11001"], "population": [1], "beyond_share": [share]})
    assert entries(reach.figure(table, "DC", "share of residents")) == [legend]


def test_dark_is_worse_on_every_map():
    fewest, most = (next(mark for mark in marks.marks() if mark.key == key) for key in ("band0", "band4"))
    assert marks.grey(fewest.face) < marks.grey(most.face)
    near, far = reach.marks()[-2], reach.marks()[0]
    assert far.legend == "70% or more" and marks.grey(far.face) < marks.grey(near.face)


def test_a_label_holds_the_numbers_of_the_county_it_stands_in():
    table = coverage(county_names("CO"), mean=20.0)
    figure = static.figure(table, "CO")
    shapes = ground.ground("county", "CO").merge(table, on="place")
    seen = 0
    for text in axes_of(figure).texts[:-1]:
        if (
            text.get_transform() != axes_of(figure).transData
            or not shapes.contains(shapely.Point(text.get_position())).any()
        ):
            continue  # the key and the small print
        x, y = text.get_position()
        row = shapes[shapes.contains(shapely.Point(x, y))].iloc[0]
        last = text.get_text().split("\n")[-1]
        if last.endswith("%"):
            assert last == f"{round(100 * row['lower_share'])}%"
            assert row["facilities"] >= 10
            seen += 1
        elif " of " in last:
            assert last == f"{row['yes']} of {row['facilities']}"
            seen += 1
    assert seen > 20


def test_every_state_is_named_once_on_the_nations_map_by_state():
    codes = places.states()["state"].tolist()
    figure = static.figure(equal(codes, 40, 20))
    named = [re.split(r"\s+", text)[0] for text in words(figure)[:-1]]
    assert sorted(named) == sorted(codes)
    assert all(text.endswith("50%") for text in words(figure)[:-1])


def test_the_nations_map_by_county_has_no_labels_but_its_small_print():
    table = coverage(places.counties()["county_fips"].tolist())
    figure = static.figure(table, source=SOURCE)
    assert len(words(figure)) == 1
    assert "not to scale" in words(figure)[0]


# --- small print and alternative text -------------------------------------------------------------------------------


def test_facilities_without_a_county_or_a_shape_are_counted_in_the_small_print():
    names = [*county_names("VA"), "VA not placed"]
    table = equal(names, 0, 0)
    table.loc[table["place"].isin(["51610", "VA not placed"]), "facilities"] = [3, 4]
    figure = static.figure(table, "VA", source=SOURCE)
    said = words(figure)[-1].replace("\n", " ")
    assert said.startswith("Not on the map: 7 listed (county not known, or not drawn).") and said.endswith(SOURCE)


def test_none_is_listed_in_a_county_only_where_no_facility_without_a_place_could_be_there():
    names = county_names("WY")
    sure = static.figure(equal(names, 0, 0), "WY")
    assert entries(sure) == ["none listed"]
    adrift = equal([*names, "WY not placed"], 0, 0)
    adrift.loc[adrift["place"] == "WY not placed", "facilities"] = 2
    figure = static.figure(adrift, "WY")
    assert entries(figure) == ["none placed (2 unplaced)"]
    assert "may have one of them" in words(figure)[-1].replace("\n", " ")
    assert "with none placed there" in static.alt_text(adrift, "WY")


def test_the_alternative_text_says_how_many_counties_have_what():
    names = county_names("NJ")
    table = equal(names, 0, 0)
    table.loc[:3, ["facilities", "yes", "unknown"]] = [[40, 10, 5], [20, 15, 0], [5, 1, 0], [2, 0, 2]]
    text = static.alt_text(
        filled(table[["place", "facilities", "yes", "unknown"]]), "NJ", label="share with an evening"
    )
    assert text == (
        "Map of New Jersey: share with an evening. 21 counties: 2 with at least 10 listed facilities (from 25% in "
        "Atlantic County to 75% in Bergen County), 1 with fewer, 1 with nothing known, 17 with none listed."
    )


@pytest.mark.parametrize(
    ("facilities", "end"),
    [
        (20, "1 with at least 10 listed facilities (50% in District of Columbia)."),
        (0, "facilities, 1 with none listed."),
    ],
)
def test_the_alternative_text_of_one_county_is_a_sentence(facilities, end):
    text = static.alt_text(equal(county_names("DC"), facilities, facilities // 2), "DC")
    assert text.endswith(end)
    assert "1 district: " in text


# --- ground ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["CO", "NJ", "TX", "AK", "HI", "PR"])
def test_areas_on_a_states_map_are_true(state):
    drawn = ground.ground("county", state).geometry.area.sum()
    degrees = places.boundaries("county", state).geometry
    degrees = degrees.intersection(ground.HAWAII) if state == "HI" else degrees
    true = sum(abs(pyproj.Geod(ellps="GRS80").geometry_area_perimeter(shape)[0]) for shape in degrees)
    assert drawn == pytest.approx(true, rel=0.005)


def test_alaska_is_in_one_piece_across_the_date_line():
    west, _, east, _ = ground.ground("county", "AK").total_bounds
    assert 3_000_000 < east - west < 4_000_000  # metres; torn at the date line it would be wider


def test_insets_lie_on_the_page_and_on_no_other_state():
    shapes = ground.ground("state")
    page = shapely.box(*sheet.page(shapes, column=True))
    inset = shapes["place"].isin(list(ground.INSETS))
    assert shapes.within(page).all()
    for shape in shapes.geometry[inset]:
        apart = shapes.geometry[~shapes.geometry.eq(shape)]
        assert not apart.intersects(shape.convex_hull).any()


# --- files ----------------------------------------------------------------------------------------------------------


def test_a_map_drawn_twice_is_the_same_to_the_byte():
    def files():
        table = coverage(county_names("NJ"))
        figure = static.figure(table, "NJ", source=SOURCE)
        return static.to_svg(figure, "alt"), static.to_png(figure, "alt")

    assert files() == files()


def test_a_map_drawn_in_another_process_is_the_same_to_the_byte():
    script = (
        "import hashlib, sys; sys.path.insert(0, 'tests'); import test_maps as t; "
        "figure = t.static.figure(t.coverage(t.county_names('CO')), 'CO', source=t.SOURCE); "
        "print(hashlib.sha256(t.static.to_svg(figure, 'alt').encode()).hexdigest())"
    )
    figure = static.figure(coverage(county_names("CO")), "CO", source=SOURCE)
    here = hashlib.sha256(static.to_svg(figure, "alt").encode()).hexdigest()
    settings = os.environ | {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "SOURCE_DATE_EPOCH": "1"}
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=settings)
    assert run.stdout.strip() == here


def test_an_svg_is_one_labelled_element_without_date_or_ids_of_groups():
    alt = 'Share of "evening" <programs> & more \\1'
    text = static.to_svg(static.figure(equal(county_names("NJ"), 20, 5), "NJ"), alt)
    root = ElementTree.fromstring(text)
    assert root.tag.endswith("svg")
    assert root.get("aria-label") == alt
    assert root.get("role") == "img"
    assert not re.search(r"<g id|<metadata|<style|\d{4}-\d\d-\d\dT|atplotlib", text)


def test_numbers_in_words_are_not_rounded_and_coordinates_are():
    figure = Figure((2, 1))
    figure.text(0.123456789, 0.5, "3.14159 km")
    text = static.to_svg(figure, "")
    assert ">3.14159 km<" in text
    assert not re.search(r'[ "]-?\d+\.\d{3,}[ "]', re.sub(r">[^<]*<", "><", text))


def test_a_png_carries_its_alternative_text_and_no_date():
    picture = static.to_png(static.figure(equal(county_names("NJ"), 20, 5), "NJ"), "Eine Karte")
    assert picture.startswith(b"\x89PNG")
    assert b"Description\x00Eine Karte" in picture
    assert b"tIME" not in picture
    assert b"Software" not in picture
