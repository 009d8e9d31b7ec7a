"""Maps of distance say miles, keep unreached and unmeasured apart, and draw on the axes they are given."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from iop_analysis import places
from iop_analysis.maps import distance, marks, static

VALUE = "median_sure_km"
KM = distance.KM_PER_MILE


def counties(state: str) -> list[str]:
    table = places.counties()
    return table.loc[table["state"] == state, "county_fips"].tolist()


def far(names: list[str], kilometres) -> pd.DataFrame:
    return pd.DataFrame({"place": names, VALUE: kilometres})


def entries(ax) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_a_map_is_drawn_on_the_given_axes_and_on_no_other():
    left, right = Figure((8, 4)).subplots(1, 2)
    names = counties("NJ")
    assert distance.choropleth(far(names, np.arange(len(names)) * 4.0), left, "NJ") is left
    assert left.patches or left.artists
    assert not right.patches


@pytest.mark.parametrize(
    ("miles", "words"),
    [
        (0.0, "under 2 miles"),
        (1.949, "under 2 miles"),
        (1.951, "2 to under 5 miles"),
        (9.94, "5 to under 10 miles"),
        (9.96, "10 to under 20 miles"),
        (39.4, "20 to under 40 miles"),
        (39.6, "40 miles or more"),
        (500.0, "40 miles or more"),
        (float("inf"), "more than half reach none"),
        (float("nan"), "not measured"),
    ],
)
def test_a_county_is_in_the_band_of_the_miles_that_are_printed_in_it(miles, words):
    ax = distance.choropleth(far(["11001"], [miles * KM]), Figure((7, 5)).subplots(), "DC")
    assert entries(ax) == [words]
    said = " ".join(text.get_text() for text in ax.texts)
    assert (f"{distance.miles(miles * KM):g} mi" in said) == np.isfinite(miles)


def test_zero_unreached_and_not_measured_never_share_a_mark():
    keys = distance.mark_of(pd.Series([0.0, np.inf, np.nan]))
    looks = {mark.key: (mark.face, mark.hatch) for mark in distance.marks()}
    assert len({looks[key] for key in keys}) == 3


def test_darker_is_farther_in_grey_too():
    bands = [mark for mark in distance.marks() if mark.key.startswith("band")]
    shades = [marks.grey(mark.face) for mark in bands]
    assert shades == sorted(shades)
    assert len(set(shades)) == len(distance.BANDS_MILES)


@pytest.mark.parametrize("state", ["CO", "CT", "AK", "DC", "PR", "VA", None])
def test_a_county_that_the_table_lacks_is_not_measured(state):
    ax = distance.figure(far(["99999"], [1.0]), state).axes[0]
    assert entries(ax) == ["not measured"]


def test_what_is_too_small_to_draw_is_said_by_name():
    ax = distance.figure(far(["51610"], [1.0]), "VA", source="Source: invented.").axes[0]
    said = ax.texts[-1].get_text().replace("\n", " ")
    assert "Too small to draw: Falls Church city." in said
    assert "Straight lines" in said and said.endswith("Source: invented.")


def test_the_same_table_gives_the_same_bytes():
    table = far(counties("WY"), np.linspace(1, 90, 23))
    assert len({static.to_svg(distance.figure(table, "WY"), "x") for _ in range(2)}) == 1
