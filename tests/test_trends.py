"""Trends say how many of how many in each survey year, and what stands between the years."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from respondents import real, respondents
from tables import facilities

from iop_analysis import catalog
from iop_analysis.catalog import answers
from iop_analysis.errors import CallError
from iop_analysis.metrics import coverage, trends

ANSWERS = st.sampled_from(answers.ANSWERS)


def survey(source: str, year: int, count: int = 2, **given_items: list[str]) -> trends.Survey:
    release = catalog.Release(source, str(year), survey_year=year)
    usual = {"outpatient": ["1"] * count, "iop": ["1"] * count} if source == "nssats" else {}
    if source == "nsumhss":
        usual = {"outpatient_su": ["1"] * count, "iop_su": ["1"] * count}
    return release, respondents(source, count, **usual | given_items)


def trend(surveys: list[trends.Survey], have: str, of: str = "iop", side: str = "su", **options) -> pd.DataFrame:
    tables = [(release, trends.at_places(release, table, have, of, side, **options)) for release, table in surveys]
    return trends.trends(tables, have, of, side)


def test_years_stand_in_order_with_n_in_every_point():
    table = trend(
        [survey("nssats", 2019, 3, medicaid=list("110")), survey("nssats", 2018, medicaid=list("10"))], "medicaid"
    )
    assert list(table) == trends.COLUMNS
    assert table["survey_year"].tolist() == [2018, 2019]
    assert table[["yes", "facilities"]].to_numpy().tolist() == [[1, 2], [2, 3]]
    assert table["lower_share"].tolist() == [1 / 2, 2 / 3]


def test_a_missing_year_is_a_gap_without_a_share():
    table = trend([survey("nssats", 2016), survey("nssats", 2019)], "medicaid")
    assert table["survey_year"].tolist() == [2016, 2017, 2018, 2019]
    assert table["gap"].tolist() == ["", "no file", "no file", ""]
    middle = table[table["gap"] == "no file"]
    assert middle[["facilities", "yes", "lower_share", "upper_share", "response_rate"]].isna().all(axis=None)


def test_every_place_has_every_year():
    first = survey("nssats", 2016, 2, state=["NJ", "NJ"])
    last = survey("nssats", 2018, 2, state=["NJ", "CO"])
    table = trend([first, last], "medicaid", by="state", places=["CO", "NJ"])
    assert table["place"].tolist() == ["CO"] * 3 + ["NJ"] * 3
    assert table["survey_year"].tolist() == [2016, 2017, 2018] * 2
    assert table["facilities"].tolist() == [0, pd.NA, 1, 2, pd.NA, 1]


def test_a_question_that_a_form_does_not_ask_has_no_share():
    release, table = survey("nssats", 2010, medicaid=["1", "1"])
    silent = table.assign(accepts_tribal_funds="not_asked")
    shown = trend([(release, silent), survey("nssats", 2011, tribal_funds=["1", "0"])], "tribal_funds")
    assert shown["gap"].tolist() == ["no answers", ""]
    assert shown[["known_share", "lower_share", "upper_share"]].isna().all(axis=1).tolist() == [True, False]


def test_the_change_of_surveys_is_a_break_for_every_question():
    table = trend([survey("nssats", 2020), survey("nsumhss", 2021), survey("nsumhss", 2022)], "sliding_fee")
    assert table["breaks"].str.contains("replaced N-SSATS and N-MHSS in 2021").tolist() == [False, True, False]


def test_a_break_that_falls_into_a_gap_is_told_at_the_next_point():
    table = trend([survey("nssats", 2019), survey("nsumhss", 2024)], "sliding_fee")
    assert table.loc[table["breaks"] != "", "survey_year"].tolist() == [2024]


def test_a_break_of_one_question_leaves_the_others_alone():
    surveys = [survey("nssats", 2017), survey("nssats", 2019)]
    assert "injected buprenorphine" in trend(surveys, "medication")["breaks"].iloc[-1]
    assert trend(surveys, "sliding_fee")["breaks"].eq("").all()
    assert trend(surveys, "medicaid & sliding_fee")["breaks"].str.contains("don’t know").tolist() == [
        False,
        False,
        True,
    ]


def test_a_break_of_one_side_leaves_the_other_alone():
    mental = [survey("nmhss", 2015), survey("nmhss", 2019)]
    assert "2015 and 2019" in trend(mental, "medicaid", "all", "mh")["breaks"].iloc[-1]
    assert not trend(mental, "sliding_fee", "all", "mh")["breaks"].any()


def test_the_response_rate_is_that_of_the_survey_its_year_and_side():
    rates = [trends.response_rate(catalog.Release("nsumhss", "2022", survey_year=2022), side) for side in ("su", "mh")]
    assert rates[0] == 0.868
    assert math.isnan(rates[1])
    assert trend([survey("nssats", 2019)], "medicaid")["response_rate"].tolist() == [0.92]


def test_two_files_of_one_year_are_refused():
    with pytest.raises(CallError, match="one survey a year"):
        trend([survey("nssats", 2019), survey("nssats", 2019)], "medicaid")


def test_a_release_without_a_year_is_no_point():
    release, table = survey("nssats", 2019)
    with pytest.raises(CallError, match="no survey year"):
        trend([(catalog.Release("nssats", "mine"), table)], "medicaid")


def test_a_survey_has_two_sides():
    release, table = survey("nssats", 2019)
    with pytest.raises(CallError, match="su and mh"):
        trends.universe(table, "both")


def test_each_side_counts_its_own_respondents():
    release, table = survey("nsumhss", 2024, 3, universe_mh=["1", "M", "M"], medicaid_mh=["1", "0", "0"])
    assert trend([(release, table)], "medicaid", "all", "su")["facilities"].tolist() == [3]
    assert trend([(release, table)], "medicaid", "all", "mh")[["yes", "facilities"]].to_numpy().tolist() == [[1, 1]]


def test_no_surveys_give_an_empty_trend():
    assert trends.trends([], "medicaid").empty
    assert list(trends.trends([], "medicaid")) == trends.COLUMNS


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(ANSWERS, ANSWERS), max_size=12))
def test_a_point_is_the_share_restated_row_by_row(rows):
    iop, sliding = ([row[place] for row in rows] for place in (0, 1))
    table = facilities(len(rows), source="nsumhss", offers_iop=iop, offers_sliding_fee=sliding)
    release = catalog.Release("nsumhss", "2024", survey_year=2024)
    point = trend([(release, table.assign(in_substance_use_universe=True))], "sliding_fee").iloc[0]
    inside = [fee for code, fee in rows if code == "yes"]
    assert point["facilities"] == len(inside)
    assert point["yes"] == inside.count("yes")
    assert point["universe_unknown"] == sum(code == "not_reported" for code, _ in rows)
    if {"yes", "no"} & set(inside):
        assert point["lower_share"] == inside.count("yes") / len(inside)
        assert point["upper_share"] == (len(inside) - inside.count("no")) / len(inside)
    else:
        assert math.isnan(point["lower_share"])
        assert point["gap"] == ("no answers" if inside else "")


def test_every_break_names_a_source_words_and_a_sentence():
    for row in catalog.read_rows("breaks.csv"):
        assert row["source"] in catalog.sources()
        assert row["side"] in ("su", "mh")
        assert row["sentence"].endswith(".")
        for word in row["words"].split():
            assert word == "*" or coverage.criteria.parse(word).atoms


# A listing beside the survey


def beside(sliding: str, agrees: str, state: str | None = "NJ") -> pd.DataFrame:
    count = len(sliding)
    items = {"sliding_fee": list(sliding), "agrees_sliding_fee": list(agrees)}
    release, table = survey("nsumhss", 2024, count, **items)
    listing = catalog.release("national_directory@su-2023")
    agreed = trends.said_and_agreed(table)
    return trends.listing_beside_survey({"yes": 7, "facilities": 20}, listing, agreed, release, state)


def test_a_listing_stands_beside_the_survey_in_three_numbers_with_their_years():
    table = beside("1" * 12 + "0" * 6, "1" * 6 + "0" * 6 + "L" * 6)
    assert table["count"].tolist() == [7, 12, 6]
    assert table["facilities"].tolist() == [20, 18, 18]
    assert table["survey_year"].tolist() == [2022, 2024, 2024]
    assert table["share"].tolist() == [7 / 20, 12 / 18, 6 / 18]


@pytest.mark.parametrize(
    ("sliding", "agrees"), [("111000000", "1" * 3 + "L" * 6), ("1" * 9 + "000000", "1" * 6 + "0" * 3 + "L" * 6)]
)
def test_small_cells_of_a_state_are_hidden_and_the_nations_are_not(sliding, agrees):
    assert beside(sliding, agrees)["count"].isna().tolist() == [False, True, True]
    assert beside(sliding, agrees)["share"].isna().tolist() == [False, True, True]
    assert beside(sliding, agrees, state=None)["count"].notna().all()


def test_one_hidden_state_takes_the_smallest_other_along_because_the_nation_is_shown():
    states = ["NJ"] * 7 + ["CO"] * 20 + ["NY"] * 30
    sliding, agrees = "1110000" + "1" * 10 + "0" * 10 + "1" * 30, "1110000" + "1" * 5 + "0" * 15 + "1" * 30
    items = {"sliding_fee": list(sliding), "agrees_sliding_fee": list(agrees)}
    _, table = survey("nsumhss", 2024, 57, state=states, **items)
    found = trends.said_and_agreed(table).set_index("place")
    assert found.loc["all"].tolist() == [57, 43, 38]
    assert found["said_yes"].isna().to_dict() == {"all": False, "CO": True, "NJ": True, "NY": False}


def test_a_state_without_a_responding_iop_is_no_row_of_zeros():
    with pytest.raises(CallError, match="no responding IOP in WY"):
        beside("1", "1", "WY")


@pytest.fixture(scope="module")
def joint(real_data) -> trends.Survey:
    release = catalog.release("nsumhss@2024")
    return release, real(release, real_data)


@pytest.mark.real
def test_new_jersey_lists_106_of_232_says_211_and_agrees_114_of_268(joint):
    listing = catalog.release("national_directory@su-2023")
    table = trends.listing_beside_survey(
        {"yes": 106, "facilities": 232}, listing, trends.said_and_agreed(joint[1]), joint[0], "NJ"
    )
    assert table[["count", "facilities"]].to_numpy().tolist() == [[106, 232], [211, 268], [114, 268]]


@pytest.mark.real
def test_the_nations_agreed_share_is_near_the_listed_one(joint):
    listing = catalog.release("national_directory@su-2023")
    table = trends.listing_beside_survey(
        {"yes": 2388, "facilities": 5736}, listing, trends.said_and_agreed(joint[1]), joint[0]
    )
    assert table["share"].round(3).tolist() == [0.416, 0.649, 0.4]


@pytest.mark.real
def test_the_sliding_fees_of_iops_from_2010_to_2024(real_data, joint):
    older = [catalog.release(f"nssats@{year}") for year in (2010, 2015, 2017, 2019)]
    table = trend([*((one, real(one, real_data)) for one in older), joint], "sliding_fee")
    points = table[table["gap"] == ""]
    assert points["survey_year"].tolist() == [2010, 2015, 2017, 2019, 2024]
    assert points["yes"].tolist() == [3964, 4098, 4001, 4589, 4454]
    assert points["facilities"].tolist() == [5990, 6261, 6241, 7325, 6863]
    assert len(table) == 15
