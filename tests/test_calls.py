"""Calls: the sample can be drawn again, a filled sheet gives the textbook's estimate, and bad cells are all named."""

import math
from collections import Counter
from io import BytesIO, StringIO

import numpy as np
import openpyxl
import pandas as pd
import pytest
import vocabulary
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import facilities as rows
from tables import hours

from iop_analysis import calls, catalog, raw
from iop_analysis.calls import sampling
from iop_analysis.calls.answers import answers
from iop_analysis.calls.estimate import ESTIMATE_COLUMNS, estimates, stratified, wilson
from iop_analysis.calls.fields import fields, outcomes, questions
from iop_analysis.calls.rates import responses
from iop_analysis.calls.sheet import HEADING_ROW
from iop_analysis.cli import main
from iop_analysis.errors import CallError, DataError
from iop_analysis.releases import listing as gate

EVIL = '=HYPERLINK("http://x","<script>alert(1)</script>")'
HEADINGS = {field.key: field.heading for field in fields()}
COMPLETE = {"outcome": "complete", "iop_running": "yes"}


def release(medicaid, state="NJ", source="national_directory", key="su-2023", **columns):
    """A release with one listed IOP for each answer about Medicaid."""
    count = len(medicaid)
    given_columns = {
        "source": source,
        "release": key,
        "facility_id": [f"f{number:03}" for number in range(count)],
        "name": [f"Elm Program {number}" for number in range(count)],
        "phone": [f"555-0{number:03}" for number in range(count)],
        "street": "1 Elm St",
        "city": "Elmtown",
        "zip": "07102",
        "address_hidden": False,
        "state": state,
        "offers_iop": "yes",
        "accepts_medicaid": medicaid,
    }
    table = rows(count, **(given_columns | columns))
    return gate.Listing(catalog.release(f"{source}@{key}"), table, hours([]), ())


MIXED = ["yes"] * 120 + ["no"] * 80 + ["not_reported"] * 32


@pytest.fixture
def drawn(tmp_path):
    """A small sheet as it was drawn, and its path."""
    sheet = calls.draw(release(["yes"] * 4 + ["no"] * 3 + ["not_reported"]), "NJ")
    return sheet, calls.write(sheet, tmp_path / "sheet.xlsx")


def fill(path, filled, delete=()):
    """Write `{row number of the list: {key: value}}` into the sheet of calls, as a person would in Excel."""
    book = openpyxl.load_workbook(path)
    page = next(book[name] for name in book.sheetnames if name.endswith("Calls"))
    column = {cell.value: cell.column for cell in page[HEADING_ROW + 1]}
    for number, cells in filled.items():
        for key, value in cells.items():
            page.cell(HEADING_ROW + 1 + number, column[HEADINGS[key]], value)
    for number in delete:
        page.delete_rows(HEADING_ROW + 1 + number)
    book.save(path)
    return path


def table(strata):
    """Strata as `stratified` takes them, from `{stratum: (frame, called, answered, yes)}`."""
    counts = pd.DataFrame(
        [(name, *counts) for name, counts in strata.items()],
        columns=["stratum", "frame", "called", "answered", "yes"],
    )
    return counts.assign(counted=counts["answered"])


def said(**columns):
    """One row of a filled sheet as text."""
    return pd.DataFrame([{field.key: "" for field in fields()} | columns])


# Drawing


def test_the_same_list_and_seed_draw_the_same_facilities_whatever_the_order_of_the_rows():
    built = release(MIXED)
    shuffled = gate.Listing(built.release, built.facilities.sample(frac=1, random_state=3), built.hours, ())
    first, again, other = (calls.draw(one, "NJ") for one in (built, shuffled, built))
    assert first.rows["facility_id"].tolist() == again.rows["facility_id"].tolist()
    assert calls.render(first) == calls.render(again) == calls.render(other)
    assert set(calls.draw(built, "NJ", seed=2).rows["facility_id"]) != set(first.rows["facility_id"])


def test_every_facility_of_a_stratum_has_the_same_chance():
    built = release(MIXED)
    listed = sampling.frame(built, "NJ", "medicaid")
    sizes = listed["stratum"].value_counts().to_dict()
    plan = sampling.allocation(sizes, 60)
    drawn_how_often = pd.Series(0, index=listed["facility_id"])
    draws = 400
    for seed in range(draws):
        drawn_how_often[sampling.sample(listed, plan, seed)["facility_id"]] += 1
    expected = listed.set_index("facility_id")["stratum"].map(plan) / listed.set_index("facility_id")["stratum"].map(
        sizes
    )
    spread = np.sqrt(draws * expected * (1 - expected))
    assert ((drawn_how_often - draws * expected).abs() < 5 * spread).all()


@given(st.integers(1, 20_000))
def test_the_size_is_the_textbooks_and_never_more_than_the_list(frame):
    z = 1.959964
    endless = z * z * 0.5 * 0.5 / 0.1**2
    exact = endless / (1 + (endless - 1) / frame)
    assert sampling.answers_needed(frame) == min(frame, math.ceil(exact))
    assert sampling.answers_needed(frame) <= sampling.calls_needed(frame) <= frame


def test_a_small_state_is_called_as_a_whole():
    sheet = calls.draw(release(["yes"] * 20 + ["no"] * 10), "NJ")
    assert len(sheet.rows) == 30


@given(st.dictionaries(st.sampled_from(["yes", "no", "unknown"]), st.integers(1, 900), min_size=1), st.data())
def test_strata_are_called_in_proportion_rounded_up(sizes, data):
    frame = sum(sizes.values())
    number = data.draw(st.integers(1, frame))
    plan = sampling.allocation(sizes, number)
    for name, size in sizes.items():
        assert min(size, number * size / frame) <= plan[name] <= size
        assert plan[name] < number * size / frame + 1 or plan[name] <= 4
        assert plan[name] >= min(size, 2)


def test_strata_are_what_the_list_says_and_repeats_and_other_states_are_left_out():
    built = release(["yes", "no", "not_reported", "yes", "yes"])
    built.facilities.loc[3, "duplicate_of"] = "f000"
    built.facilities.loc[4, "state"] = "NY"
    sheet = calls.draw(built, "NJ")
    assert dict(zip(sheet.rows["facility_id"], sheet.rows["stratum"], strict=True)) == {
        "f000": "yes",
        "f001": "no",
        "f002": "unknown",
    }


def test_without_a_criterion_hours_are_asked_about_where_the_release_has_them():
    silent = release(["yes"], state="CO", source="ladders", key="2023-05-16", hours_status="unknown")
    assert calls.draw(silent, "CO").have == "evening & medicaid"
    assert calls.draw(release(["yes"]), "NJ").have == "medicaid"


def test_a_state_without_listed_programs_and_an_unknown_one_are_refused():
    with pytest.raises(CallError, match="nobody to call"):
        calls.draw(release(["yes"]), "WY")
    with pytest.raises(CallError, match="no state 'ZZ'"):
        calls.draw(release(["yes"]), "ZZ")


def test_respondents_of_a_survey_are_never_on_a_sheet():
    with pytest.raises(DataError, match="statistics only"):
        calls.draw(release(["yes"], source="nssats", key="2019"), "NJ")
    run = CliRunner().invoke(main, ["calls", "draw", "--state", "NJ", "--source", "nssats@2019"])
    assert run.exit_code == 2
    assert "names no facility" in run.stderr


def cells_of(content):
    book = openpyxl.load_workbook(BytesIO(content))
    return [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]


def test_hidden_addresses_stay_hidden_and_names_are_never_run_as_formulas():
    built = release(["yes", "no"], name=["+1-555", EVIL], street=["7 Secret Way", "1 Elm St"])
    built.facilities.loc[0, "address_hidden"] = True
    cells = cells_of(calls.render(calls.draw(built, "NJ")))
    texts = [str(cell.value) for cell in cells]
    assert EVIL in texts
    assert all(cell.data_type in ("s", "n") and cell.hyperlink is None for cell in cells)
    assert not any("Secret" in text for text in texts)
    assert sum(text == "Elmtown" for text in texts) == 1


def test_every_sheet_names_its_source_and_date(drawn):
    book = openpyxl.load_workbook(drawn[1])
    assert book.sheetnames == ["Instructions", "Script", "Calls", "Outcomes", "Design"]
    for page in book:
        assert "National Directory" in page["A2"].value
        assert "survey year 2022" in page["A2"].value


def test_a_sheet_of_the_sample_says_synthetic_in_every_title_and_in_its_name(tmp_path):
    built = release(["yes", "no"], key="sample")
    path = calls.write(calls.draw(built, "NJ"), tmp_path / "mine.xlsx")
    assert path.name == "SYNTHETIC_mine.xlsx"
    book = openpyxl.load_workbook(path)
    assert all(page.title.startswith("SYNTHETIC") and "SYNTHETIC" in page["A1"].value for page in book)
    assert calls.ingest(path).synthetic


def test_lists_of_the_sheet_hold_what_ingest_takes(drawn):
    page = openpyxl.load_workbook(drawn[1])["Calls"]
    lists = {
        page.cell(HEADING_ROW + 1, next(iter(rule.sqref.ranges)).min_col).value: rule.formula1.strip('"').split(",")
        for rule in page.data_validations.dataValidation
        if rule.type == "list"
    }
    assert lists == {field.heading: list(field.allowed) for field in fields() if field.allowed}


def test_words_of_the_sheet_are_respectful_and_the_script_is_truthful(drawn):
    text = vocabulary.of_workbook(drawn[1])
    assert vocabulary.found(text, vocabulary.ABOUT_PEOPLE | vocabulary.ABOUT_FACILITIES) == []
    assert "I am not a patient" in text
    assert "five minutes" in text
    assert "{" not in text


def test_a_sheet_that_may_hold_answers_is_never_written_over(drawn):
    sheet, path = drawn
    was = path.read_bytes()
    with pytest.raises(CallError, match="may hold answers"):
        calls.write(sheet, path)
    assert path.read_bytes() == was


# Reading a filled sheet


def test_a_filled_sheet_is_read_as_it_was_filled(drawn):
    sheet, path = drawn
    full = COMPLETE | {
        "call_date": "2026-05-04",
        "next_date": "2026-05-11",
        "group_1_days": "Mon, Wed",
        "group_1_time": "6:00 PM - 9:00 PM",
        "medicaid": "Yes",
        "sliding_fee": "don’t know",
        "new_patients": "no",
        "tries": 2,
    }
    fill(path, {1: full, 2: {"outcome": "complete", "iop_running": "no"}, 3: {"outcome": "closed"}})
    filled = calls.read(path)
    assert filled.calls["facility_id"].tolist() == sheet.rows["facility_id"].tolist()
    assert filled.facts["seed"] == "1"
    assert filled.strata["called"].tolist() == [4, 3, 1]
    first = filled.answers.iloc[0]
    assert {key for key in first.index if pd.notna(first[key]) and first[key]} == {
        "iop_running",
        "evening_group",
        "medicaid",
        "within_10_business_days",
    }
    assert pd.isna(first["sliding_fee"])
    assert not first["new_patients"]
    assert filled.answers.iloc[1].eq(False).all()
    assert filled.answers.iloc[2].eq(False).all(), "a closed facility is no to everything"
    assert filled.answers.iloc[3:].isna().all(axis=None)


def test_a_sheet_as_drawn_gives_no_share_no_rate_and_no_verdict(drawn):
    results = calls.ingest(drawn[1])
    assert results.estimates[["share", "lower_share", "upper_share"]].isna().all(axis=None)
    whole = results.responses.set_index("stratum").loc["all"]
    assert pd.isna(whole["response_rate"])
    assert (whole["unknown"], whole["not_called"]) == (0, 8), "who was not called is no `no answer`"
    assert results.verdict == "cannot tell"


def test_every_bad_cell_is_named_with_row_column_and_what_is_allowed(drawn):
    fill(
        drawn[1],
        {
            1: {"outcome": "done", "tries": "many"},
            2: COMPLETE | {"group_1_days": "someday", "group_2_time": "6-9", "medicaid": "maybe", "next_date": "soon"},
        },
    )
    with pytest.raises(DataError) as error:
        calls.ingest(drawn[1])
    sentence = str(error.value)
    assert sentence.startswith("sheet.xlsx: 6 cells are wrong: ")
    for row, heading, value in (
        (6, "Outcome", "done"),
        (6, "Times tried", "many"),
        (7, "Group 1: days", "someday"),
        (7, "Group 2: time", "6-9"),
        (7, "Medicaid?", "maybe"),
        (7, "Next date", "soon"),
    ):
        assert f"row {row}, column '{heading}' holds '{value}' (allowed: " in sentence
    assert "one of yes, no, don't know" in sentence
    assert all(outcome in sentence for outcome in outcomes())


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        ({"outcome": "complete"}, "'IOP running?' holds '' (allowed: an answer"),
        ({"medicaid": "yes"}, "'Outcome' holds '' (allowed: complete or partial"),
        ({"outcome": "no answer", "medicaid": "yes"}, "'Outcome' holds 'no answer' (allowed: complete or partial"),
        (
            COMPLETE | {"evening_group": "no", "group_1_days": "Tue", "group_1_time": "17:30-20:30"},
            "'Evening group?' holds 'no' (allowed: yes",
        ),
        (
            {"outcome": "complete", "iop_running": "no", "evening_group": "yes"},
            "'IOP running?' holds 'no' (allowed: yes",
        ),
        (
            COMPLETE | {"call_date": "2026-05-04", "next_date": "2026-05-01"},
            "'Next date' holds '2026-05-01' (allowed: a day from the call on, 2026-05-04",
        ),
        ({"facility_id": "f999x", "stratum": "maybe"}, "'Listed as' holds"),
        ({"facility_id": ""}, "'Facility id' holds ''"),
    ],
)
def test_cells_that_contradict_each_other_are_named(drawn, cells, named):
    with pytest.raises(DataError) as error:
        calls.ingest(fill(drawn[1], {1: cells}))
    assert named in str(error.value)


def test_a_row_that_was_deleted_is_missed(drawn):
    with pytest.raises(DataError, match=r"times \(allowed: \d times, as drawn\)"):
        calls.ingest(fill(drawn[1], {}, delete=[1]))


def test_a_heading_that_was_changed_and_a_file_that_is_no_sheet_are_named(drawn, tmp_path):
    book = openpyxl.load_workbook(drawn[1])
    book["Calls"].cell(HEADING_ROW + 1, 9, "Result")
    book.save(drawn[1])
    with pytest.raises(DataError, match="holds 'Result' where the heading 'Outcome' stood"):
        calls.ingest(drawn[1])
    text = tmp_path / "notes.csv"
    text.write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match="not an Excel workbook"):
        calls.ingest(text)
    other = openpyxl.Workbook()
    other.save(tmp_path / "other.xlsx")
    with pytest.raises(DataError, match="the sheet 'Calls' is missing"):
        calls.ingest(tmp_path / "other.xlsx")
    with pytest.raises(DataError, match="no such file"):
        calls.ingest(tmp_path / "absent.xlsx")


@pytest.mark.parametrize(
    ("days", "time", "evening"),
    [
        ("Mon, Wed", "6:00 PM - 9:00 PM", True),
        ("Mon-Thu", "17:30-19:00", True),
        ("Fri", "5:00 PM - 6:59 PM", False),
        ("Tue", "9 am - noon", False),
        ("Sat, Sun", "6 pm - 9 pm", False),
    ],
)
def test_an_evening_group_meets_on_a_weekday_for_an_hour_after_six(days, time, evening):
    call = said(outcome="complete", iop_running="yes", group_3_days=days, group_3_time=time)
    assert answers(call)["evening_group"].tolist() == [True if evening else pd.NA]


def test_an_evening_that_is_said_to_be_missing_is_a_no_and_one_that_nobody_asked_about_is_open():
    for text, answer in (("no", False), ("yes", True), ("don't know", pd.NA), ("", pd.NA)):
        call = said(outcome="complete", iop_running="yes", evening_group=text)
        assert answers(call)["evening_group"].tolist() == [answer]


def test_ten_business_days_follow_from_the_dates_where_nobody_said():
    monday = "2026-05-04"
    for offered, soon in (("2026-05-18", True), ("2026-05-19", False), ("", pd.NA)):
        call = said(outcome="complete", iop_running="yes", call_date=monday, next_date=offered)
        assert answers(call)["within_10_business_days"].tolist() == [soon]
    call = said(outcome="complete", iop_running="yes", call_date=monday, next_date="2026-05-05")
    assert answers(call.assign(within_10_business_days="no"))["within_10_business_days"].tolist() == [False]


# Estimates


def textbook(strata):
    """Cochran's stratified share and standard error, restated in plain Python."""
    whole = sum(size for size, _, _, _ in strata.values())
    share = variance = 0.0
    for size, _, answered, yes in strata.values():
        weight, part = size / whole, yes / answered
        share += weight * part
        if answered > 1:
            variance += weight**2 * (1 - answered / size) * part * (1 - part) / (answered - 1)
    return share, math.sqrt(variance)


def counts(largest=80):
    """One stratum with two answers or more: frame, called, answered, yes."""
    return st.integers(2, largest).flatmap(
        lambda size: st.integers(2, size).flatmap(
            lambda called: st.integers(2, called).flatmap(
                lambda answered: st.tuples(st.just(size), st.just(called), st.just(answered), st.integers(0, answered))
            )
        )
    )


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(["yes", "no", "unknown"]), counts(), min_size=1))
def test_the_estimate_is_the_textbooks_and_lies_within_its_interval_and_bounds(strata):
    found = stratified(table(strata))
    share, error = textbook(strata)
    assert found["share"] == pytest.approx(share)
    assert found["standard_error"] == pytest.approx(error)
    order = ["interval_low_share", "share", "interval_high_share"]
    assert all(found[a] <= found[b] + 1e-9 for a, b in zip(order, order[1:], strict=False))
    assert 0 <= found["lower_share"] <= found["share"] + 1e-9 <= found["upper_share"] + 2e-9 <= 1 + 3e-9
    size, called, answered, yes = (sum(values) for values in zip(*strata.values(), strict=True))
    assert (found["frame"], found["called"], found["answered"], found["yes"]) == (size, called, answered, yes)


def test_one_stratum_without_end_has_wilsons_interval():
    yes, answered, z = 3, 20, 1.959963984540054
    share = yes / answered
    middle = (share + z * z / (2 * answered)) / (1 + z * z / answered)
    half = z / (1 + z * z / answered) * math.sqrt(share * (1 - share) / answered + z * z / (4 * answered**2))
    low, high = wilson(np.array([3.0]), np.array([20.0]), np.array([1e12]))
    assert (low[0], high[0]) == pytest.approx((middle - half, middle + half))


def test_where_everybody_answered_nothing_is_left_to_chance():
    found = stratified(table({"yes": (12, 12, 12, 9), "no": (3, 3, 3, 0)}))
    for name in ("interval_low_share", "interval_high_share", "share"):
        assert found[name] == pytest.approx(9 / 15)
    assert found["standard_error"] == 0
    assert found["lower_share"] == found["upper_share"] == pytest.approx(9 / 15)


def test_bounds_take_those_not_reached_for_no_and_for_yes():
    found = stratified(table({"yes": (100, 50, 30, 20), "no": (50, 25, 10, 5)}))
    assert found["lower_share"] == pytest.approx((100 * 20 / 50 + 50 * 5 / 25) / 150)
    assert found["upper_share"] == pytest.approx((100 * 40 / 50 + 50 * 20 / 25) / 150)


def test_a_stratum_with_too_few_answers_is_joined_to_the_one_with_fewest():
    found = stratified(table({"yes": (60, 30, 20, 18), "no": (30, 15, 8, 2), "unknown": (10, 5, 0, 0)}))
    assert found["strata"] == "yes no+unknown"
    assert found["share"] == pytest.approx(0.6 * 18 / 20 + 0.4 * 2 / 8)


SITUATIONS = [
    ((120, 70, 40), (35, 20, 12), (0.8, 0.4, 0.5)),
    ((120, 70, 40), (35, 20, 12), (0.97, 0.03, 0.1)),
    ((30, 8, 3), (18, 5, 3), (0.5, 0.3, 0.7)),
    ((20, 6, 2), (12, 4, 2), (0.9, 0.2, 0.5)),
    ((15, 10, 8), (5, 4, 3), (0.6, 0.5, 0.5)),
    ((232,), (69,), (0.05,)),
]


def coverage(sizes, numbers, shares, samples=3000):
    """Shares of samples whose interval, and whose plain interval of 1.96 standard errors, holds the truth."""
    chance = np.random.default_rng(20260504)
    lists = [np.arange(size) < round(size * share) for size, share in zip(sizes, shares, strict=True)]
    truth = sum(one.sum() for one in lists) / sum(sizes)
    counted = Counter(
        tuple(int(chance.choice(one, number, replace=False).sum()) for one, number in zip(lists, numbers, strict=True))
        for _ in range(samples)
    )
    held = plain = 0
    for yes, times in counted.items():
        rows_of = zip(sizes, numbers, numbers, yes, strict=True)
        found = stratified(table(dict(zip(["yes", "no", "unknown"], rows_of, strict=False))))
        held += times * (found["interval_low_share"] - 1e-9 <= truth <= found["interval_high_share"] + 1e-9)
        plain += times * (abs(found["share"] - truth) <= 1.96 * found["standard_error"] + 1e-9)
    return held / samples, plain / samples


@pytest.mark.slow
def test_the_interval_holds_the_truth_in_about_95_of_100_samples_and_the_plain_one_does_not():
    found = {situation: coverage(*situation) for situation in SITUATIONS}
    assert all(held >= 0.925 for held, _ in found.values()), found
    assert np.mean([held for held, _ in found.values()]) >= 0.95
    assert min(plain for _, plain in found.values()) < 0.88


def test_response_rates_are_aapor_rr1():
    strata = pd.DataFrame({"stratum": ["yes", "no"], "frame": [80, 20], "called": [12, 8]})
    ended = ["complete"] * 6 + ["partial", "declined", "no contact", "no answer", "wrong number", "closed"]
    ended += ["complete"] * 2 + ["other"] + [""] * 5
    table_of = responses(strata, pd.DataFrame({"stratum": ["yes"] * 12 + ["no"] * 8, "outcome": ended}))
    found = table_of.set_index("stratum")
    assert found.loc["yes", "response_rate"] == pytest.approx(6 / (6 + 1 + 1 + 1 + 0 + 2))
    assert found.loc["no", "response_rate"] == pytest.approx(2 / 3), "five were not called yet"
    assert found.loc["all", "response_rate"] == pytest.approx(8 / 14)
    weighted = (6 * 80 / 12 + 2 * 20 / 3) / (11 * 80 / 12 + 3 * 20 / 3)
    assert found.loc["all", "weighted_response_rate"] == pytest.approx(weighted)
    eligible = 12 / 13  # of those of whom it is known
    others = {"rr2": 9 / 14, "rr3": 8 / (12 + 2 * eligible), "rr4": 9 / (12 + 2 * eligible)}
    others |= {"contact_rate": 11 / 14, "cooperation_rate": 8 / 11}
    for name, rate in others.items():
        assert found.loc["all", name] == pytest.approx(rate), name
    parts = ["complete", "partial", "declined", "no_contact", "other", "unknown", "not_eligible", "not_called"]
    assert (found[parts].sum(axis=1) == found["called"]).all()


def test_where_every_facility_is_closed_there_is_no_response_rate():
    strata = pd.DataFrame({"stratum": ["yes"], "frame": [2], "called": [2]})
    found = responses(strata, pd.DataFrame({"stratum": ["yes"] * 2, "outcome": ["closed"] * 2}))
    assert found["response_rate"].isna().all()
    assert found["weighted_response_rate"].isna().all()


def test_a_question_that_some_left_out_is_no_rarer_a_yes_for_that():
    """Six run an IOP and four do not; three of the six were asked about Medicaid, and two of them take it."""
    strata = pd.DataFrame({"stratum": ["yes"], "frame": [1000], "called": [10]})
    given_calls = pd.DataFrame({"stratum": ["yes"] * 10, "outcome": "complete", "call_date": "", "next_date": ""})
    values = pd.DataFrame({field.key: [True] * 6 + [False] * 4 for field in questions()}, dtype="boolean")
    values["medicaid"] = pd.array([True, True, False, None, None, None] + [False] * 4, dtype="boolean")
    found = estimates(strata, given_calls, values).set_index("question").loc["Medicaid accepted"]
    assert found["share"] == pytest.approx(6 / 10 * 2 / 3)
    assert (found["answered"], found["yes"]) == (7, 2)
    assert (found["lower_share"], found["upper_share"]) == pytest.approx((0.2, 0.5))
    values["medicaid"] = pd.array([None] * 6 + [False] * 4, dtype="boolean")
    nobody = estimates(strata, given_calls, values).set_index("question").loc["Medicaid accepted"]
    assert pd.isna(nobody["share"]), "those that run none say nothing of those that do"


def test_each_question_is_estimated_from_its_own_answers_and_marked_as_a_sample():
    strata = pd.DataFrame({"stratum": ["yes"], "frame": [4], "called": [4]})
    given_calls = pd.DataFrame({"stratum": ["yes"] * 4, "outcome": "complete", "call_date": "", "next_date": ""})
    values = pd.DataFrame({field.key: [True, False, None, None] for field in questions()}, dtype="boolean")
    values["medicaid"] = pd.array([True, True, True, False], dtype="boolean")
    found = estimates(strata, given_calls, values).set_index("question")
    assert list(found.reset_index()) == ESTIMATE_COLUMNS
    asked = {field.estimate: 4 if field.key == "medicaid" else 2 for field in questions()}
    assert found.loc[list(asked), "answered"].to_dict() == asked
    assert found.loc["Medicaid accepted", "share"] == 0.75
    assert set(found["interval_kind"]) == {"sample"}
    assert {source.interval_kind for source in catalog.sources().values()} == {"census"}, "kinds are never mixed"


# The catalog and the commands


def test_the_catalog_of_calls_is_whole():
    assert len({field.heading for field in fields()}) == len(fields())
    assert {"iop_running", "evening_group", "medicaid", "sliding_fee"} <= {field.key for field in questions()}
    assert set(outcomes().values()) == {"I", "P", "R", "NC", "O", "U", "NE"}
    for field in fields():
        assert field.kind in ("given", "outcome", "count", "date", "text", "choice", "days", "time")
        assert bool(field.question) != (field.kind == "given")
        assert len(",".join(field.allowed)) <= 255, "Excel takes no longer list"
        assert len(field.question) <= 255
        assert len(field.heading) <= 32


def test_a_sheet_is_drawn_filled_and_ingested_from_the_command_line(tmp_path, monkeypatch):
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))
    run = CliRunner().invoke(
        main, ["calls", "draw", "--state", "CO", "--source", "ladders@sample", "--out", str(tmp_path / "co.xlsx")]
    )
    assert run.exit_code == 0, run.stderr
    assert run.stdout == ""
    path = tmp_path / "SYNTHETIC_co.xlsx"
    listed = len(calls.read(path).calls)
    fill(path, {number: COMPLETE | {"medicaid": "yes" if number % 2 else "no"} for number in range(1, listed)})
    run = CliRunner().invoke(main, ["calls", "ingest", str(path), "--format", "csv"])
    assert run.exit_code == 0, run.stderr
    found = pd.read_csv(StringIO(run.stdout)).set_index("question")
    assert found.loc["Runs an IOP now", "answered"] == listed - 1
    assert 0.3 < found.loc["Medicaid accepted", "share"] < 0.7
    assert "SYNTHETIC" in run.stderr
    assert "response_rate" in run.stderr
    fill(path, {1: {"medicaid": "perhaps"}})
    run = CliRunner().invoke(main, ["calls", "ingest", str(path)])
    assert run.exit_code == 1
    assert "holds 'perhaps'" in run.stderr


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "state", "have", "frame"),
    [
        ("national_directory@su-2023", "NJ", "medicaid", 227),
        ("ladders@2023-05-16", "CO", "evening & medicaid", 193),
    ],
)
def test_sheets_of_the_real_lists_hold_each_telephone_number_of_their_public_iops_once_and_no_hidden_address(
    real_data, tmp_path, monkeypatch, name, state, have, frame
):
    monkeypatch.setenv("IOP_DATA", str(tmp_path))
    raw.fetch([name], from_=real_data, progress=False)
    built = gate.build(catalog.release(name))
    sheet = calls.draw(built, state)
    assert sheet.have == have
    assert sheet.strata["frame"].sum() == frame
    assert len(sheet.rows) == sheet.strata["called"].sum() < frame
    hidden = set(built.facilities.loc[built.facilities["address_hidden"], "facility_id"])
    shown = sheet.rows[sheet.rows["facility_id"].isin(hidden)]
    assert shown[["street", "city", "zip"]].isna().all(axis=None)
    results = calls.ingest(calls.write(sheet, tmp_path / "sheet.xlsx"))
    assert results.responses.set_index("stratum").loc["all", "called"] == len(sheet.rows)
