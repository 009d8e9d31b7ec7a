"""Distances are told as residents within reach, at least and at most, and the sums of districts are the state's."""

import pandas as pd
import pytest

from iop_analysis.carried import clock, levers, residents
from iop_analysis.errors import CallError
from iop_analysis.report import clock_figure, gathered
from iop_analysis.report.front import district, people
from iop_analysis.report.model import Figure, Section, Table
from iop_analysis.report.sections import distance


@pytest.fixture(scope="module")
def states(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IOP_DATA", str(tmp_path_factory.mktemp("empty")))
        yield {code: gathered.gather(code) for code in ("CO", "NJ", "PR", "DC")}


def tables(section: Section) -> dict[str, Table]:
    found = [one.table if isinstance(one, Figure) else one for one in section.blocks]
    return {one.key: one for one in found if isinstance(one, Table)}


def said(section: Section) -> str:
    return " ".join(block for block in section.blocks if isinstance(block, str))


def test_a_state_with_hours_is_asked_for_the_evening_and_one_without_for_medicaid(states):
    assert people.reach(states["CO"]).have == "evening & medicaid"
    assert people.reach(states["NJ"]).have == "medicaid"


def test_the_counties_out_of_reach_add_up_to_the_state(states):
    for code in ("CO", "NJ", "PR"):
        found = people.reach(states[code])
        low, most = residents.out_of_reach(found.state, found.miles)
        assert (found.counties["low"].sum(), found.counties["most"].sum()) == (low, most)


def test_the_table_of_needs_gives_shares_of_all_residents(states):
    frame = tables(distance.distance(states["NJ"]))["distance"].frame.set_index("Near …")
    row = residents.load("national_directory@su-2023", "medicaid", "state", "NJ").iloc[0]
    shown = frame.loc["A program that lists Medicaid", "Within 5 miles, at least"]
    assert shown == pytest.approx(row["within_5mi_lower"] / row["population"])
    assert (frame["Within 5 miles, at least"] <= frame["Within 5 miles, at most"]).all()
    assert (frame["Within 5 miles, at least"] <= frame["Within 10 miles, at least"]).all()


def test_access_by_the_clock_is_drawn_where_hours_are_known_and_never_rises(states):
    (figure,) = [block for block in distance.distance(states["CO"]).blocks if isinstance(block, Figure)]
    for name in figure.table.frame.columns[1:]:
        assert figure.table.frame[name].is_monotonic_decreasing
    assert "noon: within 10 miles at least 89%" in figure.alt
    assert not [block for block in distance.distance(states["NJ"]).blocks if isinstance(block, Figure)]


def test_the_bars_of_the_clock_are_as_high_as_the_shares():
    table = clock.load("ladders@2023-05-16", "CO")
    _, ax = clock_figure.clock_canvas()
    assert clock_figure.clock_bands(ax, table) is ax
    heights = [bar.get_height() for bar in ax.containers[0]]
    assert heights == pytest.approx((table["within_10mi_lower"] / table["population"]).tolist())


@pytest.mark.parametrize(("code", "counts"), [("CO", (8, 35, 65)), ("NJ", (12, 40, 40)), ("PR", ()), ("DC", ())])
def test_districts_are_all_there_and_their_residents_add_up(states, code, counts):
    found = tables(distance.by_district(states[code]))
    lengths = [len(table.frame[table.frame["District"] != "District not certain"]) for table in found.values()]
    assert lengths == [count for count in counts if count] or code in ("PR", "DC")
    whole = int(people.reach(states[code]).state["population"])
    assert all(table.frame["Residents"].sum() == whole for table in found.values())


def test_a_rule_is_told_with_what_it_does_not_show(states):
    text = said(distance.by_rule(states["NJ"]))
    assert "do not bind Medicaid plans" in text and "not associated with better access" in text
    assert "pass" not in text.split() and "fail" not in text.split()
    frame = tables(distance.by_rule(states["NJ"]))["adequacy"].frame
    assert f"{int((frame['Verdict'] == 'within').sum())} counties within" in text


def test_levers_name_towns_and_no_program(states):
    table = tables(distance.distance(states["NJ"]))["levers"]
    assert "Succasunna" in table.frame["In"].iloc[0]
    assert set(table.numbers["Town"]) <= {*levers.load("national_directory@su-2023", "NJ")["town"], "withheld"}


@pytest.mark.parametrize(("share", "words"), [(0.1128, "nine"), (0.05, "20"), (0.36, "three"), (1.0, "one")])
def test_a_share_of_households_is_one_in_so_many(share, words):
    assert people.one_in(share) == words


def test_a_place_without_any_program_has_no_farthest_home():
    assert people.miles_of(pd.Series([float("inf"), 16.0934])).isna().tolist() == [True, False]


def test_a_district_has_a_page_of_its_own_with_its_numbers_beside_the_state(states):
    front = district.front(states["CO"], "upper:35")
    assert front.headline.startswith("At least 105,748 of 179,456 residents of State Senate District 35")
    assert [tile.noun for tile in front.tiles][0] == "residents of all ages"
    assert front.far.frame["Place"].tolist() == ["State Senate District 35", "Colorado"]


def test_a_district_that_is_not_there_is_a_sentence_with_those_that_are(states):
    with pytest.raises(CallError, match="no district 'upper:99'"):
        district.front(states["CO"], "upper:99")
    with pytest.raises(CallError, match="is written"):
        district.front(states["CO"], "12")
