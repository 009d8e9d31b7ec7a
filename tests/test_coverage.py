"""Coverage counts what its definition counts, and its bounds hold whatever is unknown."""

import math
from itertools import product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import facilities, hours

from iop_analysis import criteria
from iop_analysis.catalog import answers
from iop_analysis.metrics import coverage, several

SAID = {"yes": True, "no": False, "not_reported": None, "not_asked": None}
answer = st.sampled_from(answers.ANSWERS)
row_of = st.tuples(answer, answer, answer, st.sampled_from(["CO", "NJ", None]))
rows = st.lists(row_of, max_size=25)


def table_of(some_rows, source: str = "ladders") -> pd.DataFrame:
    columns = list(zip(*some_rows, strict=True)) or [()] * 4
    names = ["offers_iop", "accepts_medicaid", "offers_sliding_fee", "state"]
    return facilities(len(some_rows), source=source, **{n: list(c) for n, c in zip(names, columns, strict=True)})


def restated(some_rows) -> dict[str, float]:
    """Coverage of `medicaid & sliding_fee` of `iop`, one row after the other."""
    counts = dict.fromkeys(["facilities", "yes", "no", "unknown", "complete", "complete_yes", "universe_unknown"], 0)
    for iop, medicaid, sliding, _ in some_rows:
        if iop == "not_reported":
            counts["universe_unknown"] += 1
        if SAID[iop] is not True:
            continue
        counts["facilities"] += 1
        both = [SAID[medicaid], SAID[sliding]]
        key = "no" if False in both else "unknown" if None in both else "yes"
        counts[key] += 1
        if None not in both:
            counts["complete"] += 1
            counts["complete_yes"] += key == "yes"
    whole, complete, complete_yes = counts["facilities"], counts["complete"], counts.pop("complete_yes")
    lower = counts["yes"] / whole if whole else math.nan
    upper = (counts["yes"] + counts["unknown"]) / whole if whole else math.nan
    known = min(max(complete_yes / complete, lower), upper) if complete else math.nan
    return counts | {"known_share": known, "lower_share": lower, "upper_share": upper}


def possible_shares(some_rows) -> set[float]:
    """The share of yes under every way in which what is not reported could be, one after the other."""
    ways = []
    for iop, medicaid, _, _ in some_rows:
        if iop == "not_asked":
            continue
        inside = [True, False] if iop == "not_reported" else [SAID[iop]]
        met = [True, False] if SAID[medicaid] is None else [SAID[medicaid]]
        ways.append([(one, two) for one in inside for two in met])
    found = set()
    for way in product(*ways):
        asked = [met for inside, met in way if inside]
        if asked:
            found.add(sum(asked) / len(asked))
    return found


@settings(deadline=None, max_examples=60)
@given(st.lists(row_of, max_size=6))
def test_the_widest_bounds_are_the_least_and_the_most_that_missing_answers_allow(some_rows):
    found = coverage.coverage(table_of(some_rows), hours([]), "medicaid").iloc[0]
    shares = possible_shares(some_rows)
    if found["facilities"]:
        assert found["widest_lower_share"] == pytest.approx(min(shares))
        assert found["widest_upper_share"] == pytest.approx(max(shares))
        assert (
            found["widest_lower_share"] <= found["lower_share"] <= found["upper_share"] <= found["widest_upper_share"]
        )


@settings(deadline=None, max_examples=60)
@given(rows)
def test_the_known_share_lies_within_the_bounds(some_rows):
    found = coverage.coverage(table_of(some_rows), hours([]), "medicaid & sliding_fee").iloc[0]
    if not math.isnan(found["known_share"]):
        assert found["lower_share"] <= found["known_share"] <= found["upper_share"]


@settings(deadline=None, max_examples=60)
@given(rows)
def test_coverage_equals_its_definition_row_by_row(some_rows):
    found = coverage.coverage(table_of(some_rows), hours([]), "medicaid & sliding_fee")
    assert list(found.columns) == coverage.COLUMNS
    assert found["place"].tolist() == ["all"]
    for name, expected in restated(some_rows).items():
        assert found[name].iloc[0] == pytest.approx(expected, nan_ok=True), name


@settings(deadline=None, max_examples=60)
@given(rows, st.sampled_from(["medicaid", "medicaid & sliding_fee", "medicaid | sliding_fee", "~medicaid"]))
def test_counts_add_up_and_the_known_share_lies_between_the_bounds(some_rows, have):
    table = table_of(some_rows)
    counts = coverage.count(table, hours([]), have, by="state")
    found = coverage.coverage(table, hours([]), have, by="state")
    assert (found["yes"] + found["no"] + found["unknown"] == found["facilities"]).all()
    assert (counts[coverage.KIND_COUNTS].sum(axis=1) == counts["unknown"]).all()
    assert (found["complete"] <= found["facilities"]).all()
    assert ((found["lower_share"] <= found["upper_share"]) | (found["facilities"] == 0)).all()
    somewhere = found[found["facilities"] > 0]
    assert (somewhere["lower_share"] >= 0).all()
    assert (somewhere["upper_share"] <= 1).all()
    plain = "&" not in have and "|" not in have
    if plain:  # With one word the complete rows are the known ones, so their share cannot leave the bounds.
        known = found[found["complete"] > 0]
        assert (known["lower_share"] <= known["known_share"] + 1e-12).all()
        assert (known["known_share"] <= known["upper_share"] + 1e-12).all()


@settings(deadline=None, max_examples=60)
@given(rows)
def test_a_subset_is_never_larger_than_its_superset(some_rows):
    table = table_of(some_rows)

    def lower_and_upper(have: str, of: str = "iop") -> tuple[int, int]:
        row = coverage.coverage(table, hours([]), have, of).iloc[0]
        return row["yes"], row["yes"] + row["unknown"]

    both, one, either = map(lower_and_upper, ("medicaid & sliding_fee", "medicaid", "medicaid | sliding_fee"))
    assert both <= one <= either
    assert both[1] <= one[1] <= either[1]
    assert lower_and_upper("medicaid", "iop & sliding_fee")[0] <= lower_and_upper("medicaid", "iop")[0]


@settings(deadline=None, max_examples=40)
@given(rows)
def test_places_add_up_to_the_whole_and_the_order_of_rows_does_not_matter(some_rows):
    table = table_of(some_rows)
    whole = coverage.coverage(table, hours([]), "medicaid").iloc[0]
    parts = coverage.coverage(table, hours([]), "medicaid", by="state", places=["CO", "NJ", "WY"])
    counts = ["facilities", "yes", "no", "unknown", "complete", "universe_unknown"]
    assert parts[counts].sum().tolist() == whole[counts].tolist()
    turned = coverage.coverage(table.iloc[::-1], hours([]), "medicaid", by="state", places=["CO", "NJ", "WY"])
    pd.testing.assert_frame_equal(parts, turned)


@settings(deadline=None, max_examples=40)
@given(rows, st.integers(0, 24))
def test_learning_an_answer_narrows_the_bounds(some_rows, place):
    if place >= len(some_rows) or SAID[some_rows[place][1]] is not None:
        return
    before = coverage.coverage(table_of(some_rows), hours([]), "medicaid").iloc[0]
    for said in ("yes", "no"):
        row = some_rows[place]
        learned = [*some_rows[:place], (row[0], said, *row[2:]), *some_rows[place + 1 :]]
        after = coverage.coverage(table_of(learned), hours([]), "medicaid").iloc[0]
        assert after["yes"] >= before["yes"]
        assert after["yes"] + after["unknown"] <= before["yes"] + before["unknown"]


def test_zero_facilities_give_zero_counts_and_empty_shares():
    for table in (table_of([]), table_of([("no", "yes", "yes", "CO")])):
        row = coverage.coverage(table, hours([]), "medicaid").iloc[0]
        assert row["facilities"] == row["yes"] == row["no"] == row["unknown"] == 0
        assert row[["known_share", "lower_share", "upper_share"]].isna().all()


def test_all_missing_is_bounded_by_nothing_and_everything():
    row = coverage.coverage(table_of([("yes", "not_reported", "no", "CO")] * 3), hours([]), "medicaid").iloc[0]
    assert (row["lower_share"], row["upper_share"], row["unknown"], row["complete"]) == (0, 1, 3, 0)
    assert pd.isna(row["known_share"])


def test_a_place_without_facilities_gets_zeros_and_empty_shares():
    table = table_of([("yes", "yes", "no", "CO")])
    found = coverage.coverage(table, hours([]), "medicaid", by="state", places=["WY", "CO"]).set_index("place")
    assert found.index.tolist() == ["CO", "WY"]
    assert found.loc["WY", "facilities"] == 0
    assert pd.isna(found.loc["WY", "lower_share"])


def test_facilities_without_a_place_are_counted_as_not_placed_and_come_last():
    table = table_of([("yes", "yes", "no", None), ("yes", "no", "no", "CO")])
    found = coverage.coverage(table, hours([]), "medicaid", by="state")
    assert found["place"].tolist() == ["CO", "not placed"]
    assert found["facilities"].tolist() == [1, 1]


def test_facilities_without_an_ownership_are_not_called_not_placed():
    table = table_of([("yes", "yes", "no", "CO")] * 2).assign(ownership_type=pd.Series([None, "tribal"], dtype="str"))
    found = coverage.coverage(table, hours([]), "medicaid", by="ownership")
    assert sorted(found["place"]) == ["not reported", "tribal"]


def test_rows_whose_universe_is_unknown_are_counted_there_and_nowhere_else():
    row = coverage.coverage(table_of([("not_reported", "yes", "yes", "CO")]), hours([]), "medicaid").iloc[0]
    assert (row["universe_unknown"], row["facilities"], row["yes"], row["complete"]) == (1, 0, 0, 0)


def test_a_source_that_cannot_say_no_has_no_known_share_and_says_why():
    table = table_of([("yes", "yes", "yes", "CO"), ("yes", "yes", "not_reported", "CO")], "national_directory")
    row = coverage.coverage(table, hours([]), "sliding_fee").iloc[0]
    assert pd.isna(row["known_share"])
    assert (row["lower_share"], row["upper_share"]) == (0.5, 1)
    assert "cannot show who has none" in coverage.why_no_known_share("sliding_fee", "national_directory")
    assert coverage.why_no_known_share("medicaid", "national_directory") == ""
    assert coverage.coverage(table, hours([]), "medicaid")["known_share"].iloc[0] == 1


@settings(deadline=None, max_examples=20)
@given(rows)
def test_a_funnel_narrows_step_by_step_and_lost_only_is_every_other_step_without_this_one(some_rows):
    table = table_of(some_rows)
    found = coverage.funnel(table, hours([]), ["medicaid", "sliding_fee"])
    assert found["in_order_yes"].is_monotonic_decreasing
    assert found["in_order_yes"].iloc[0] == found["alone_yes"].iloc[0]
    inside = [row for row in some_rows if row[0] == "yes"]
    assert found["facilities"].tolist() == [len(inside)] * 2
    assert found["alone_yes"].tolist() == [sum(row[place] == "yes" for row in inside) for place in (1, 2)]
    assert found["lost_only_yes"].tolist() == [
        sum(row[1] == "no" and row[2] == "yes" for row in inside),
        sum(row[1] == "yes" and row[2] == "no" for row in inside),
    ]
    for part in ("in_order", "alone", "lost_only"):
        assert (found[[f"{part}_{name}" for name in ("yes", "no", "unknown")]].sum(axis=1) == len(inside)).all()


def test_one_step_alone_is_a_funnel_and_what_it_loses_is_its_no():
    found = coverage.funnel(table_of([("yes", "no", "no", "CO"), ("yes", "yes", "no", "CO")]), hours([]), ["medicaid"])
    assert found[["in_order_yes", "alone_yes", "lost_only_yes"]].values.tolist() == [[1, 1, 1]]


def test_sensitivity_asks_the_same_question_at_each_hour_and_never_rises():
    table = facilities(3, offers_iop="yes", hours_status=["known", "known", "unknown"])
    rows = hours([(0, "Mo", 540, 1200), (1, "Tu", 540, 1080)])
    found = several.sensitivity(table, rows)
    assert found["after"].tolist() == ["17:00", "18:00", "19:00", "20:00"]
    assert found["yes"].tolist() == [2, 1, 1, 0]
    assert found["unknown"].tolist() == [1, 1, 1, 1]
    assert list(found.columns) == ["after", *coverage.COLUMNS[1:]]


def test_the_kinds_of_unknown_are_those_of_the_criteria():
    assert [f"unknown_{kind}" for kind in criteria.UNKNOWN_KINDS] == coverage.KIND_COUNTS


def test_a_program_whose_point_is_that_of_its_zip_code_is_counted_in_no_district():
    rows = facilities(3, state="CO", offers_iop="yes", district_upper=["08012", None, "08012"])
    table = coverage.coverage(rows, hours([]), "medicaid", by="upper").set_index("place")
    assert table["facilities"].to_dict() == {"08012": 2, "not placed": 1}
