"""What calls bring: appointments per listing, wrong listings, waits, and what if answering depends on the answer."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from tables import facilities, hours

from iop_analysis import catalog
from iop_analysis.calls import appointments, sampling, told
from iop_analysis.calls.estimate import counted, estimates, few_hidden, sensitivity, stratified
from iop_analysis.calls.fields import fields, outcomes, questions
from iop_analysis.releases import listing

DAY = dt.date(2026, 5, 4)


def sheet(outcome, offered=(), wait=5, frame=None):
    """A sheet of one stratum (SYNTHETIC): outcomes, and which rows were offered a day after `wait` days."""
    table = pd.DataFrame({"stratum": "yes", "outcome": list(outcome), "call_date": DAY.isoformat(), "next_date": ""})
    waits = np.broadcast_to(wait, len(table))
    for row in offered:
        table.loc[row, "next_date"] = (DAY + dt.timedelta(days=int(waits[row]))).isoformat()
    strata = pd.DataFrame({"stratum": ["yes"], "frame": [frame or len(table)], "called": [len(table)]})
    answers = pd.DataFrame({field.key: None for field in questions()}, index=table.index).astype("boolean")
    return strata, table, answers


@pytest.mark.parametrize(("offered", "listings", "percent"), [(56, 396, 14), (21, 120, 18), (75, 451, 17)])
def test_published_dispositions_give_the_published_appointment_rates(offered, listings, percent):
    """The attorney general of New York 2023, the Senate's finance committee 2023, and a study of 451 listings."""
    outcome = ["complete"] * offered + ["no answer"] * (listings - offered)
    strata, calls, answers = sheet(outcome, range(offered))
    found = estimates(strata, calls, answers).set_index("question").loc[appointments.PER_LISTING["appointment"]]
    assert (found["answered"], found["yes"]) == (listings, offered)
    assert round(100 * found["share"]) == percent


def test_the_unanswered_are_no_wrong_listing_and_the_untried_are_nothing():
    strata, calls, answers = sheet(["wrong number", "closed", "no answer", "portal only", "complete", ""])
    table = counted(strata, calls, answers)[appointments.PER_LISTING["wrong"]].iloc[0]
    assert (table["called"], table["answered"], table["yes"]) == (5, 5, 2)


def test_a_listing_is_right_where_number_address_network_and_new_patients_are():
    _, calls, answers = sheet(["complete", "complete", "complete", "wrong number", "no answer"])
    for name in appointments.FACTS:
        answers[name] = pd.array([True, True, True, None, None], dtype="boolean")
    answers.loc[1, "address_right"] = False
    answers.loc[2, "in_network"] = pd.NA
    assert appointments.listing_right(calls, answers).tolist() == [True, False, pd.NA, False, pd.NA]


def test_portals_and_pages_for_scheduling_are_outcomes_of_their_own():
    assert outcomes()["portal only"] == "NC"
    assert outcomes()["online scheduling"] == "P"
    assert {"address_right", "in_network"} <= {field.key for field in fields()}


def test_waits_are_days_with_an_interval_from_ordered_values():
    days = np.arange(1, 101)
    _, calls, _ = sheet(["complete"] * 100, range(100), days)
    found = appointments.waits(calls).set_index("quantile")
    assert found.loc["median", "days"] == 50
    assert found.loc["90th percentile", "days"] == 90
    assert (found.loc["median", "interval_low_days"], found.loc["median", "interval_high_days"]) == (40, 61)
    few = appointments.waits(calls.head(9))
    assert few["answered"].tolist() == [9, 9]
    assert few["days"].isna().all()


def test_the_interval_of_a_wait_covers_the_truth_as_often_as_it_says():
    random, truth, hits = np.random.default_rng(3), {"median": 20 * np.log(2), "90th percentile": 20 * np.log(10)}, 0
    for _ in range(400):
        drawn = np.sort(random.exponential(20, 40))
        for name, share in appointments.QUANTILES.items():
            found = appointments._quantile(drawn, share)
            hits += found["interval_low_days"] <= truth[name] <= found["interval_high_days"]
    assert hits / 800 >= 0.93


@pytest.mark.parametrize(("yes", "said"), [(100, "within"), (60, "not within"), (90, "cannot tell")])
def test_the_verdict_needs_the_whole_interval_on_one_side_of_90_percent(yes, said):
    strata, calls, answers = sheet(["complete"] * 100, frame=1000)
    answers["iop_running"] = True
    soon = next(field.estimate for field in questions() if field.key == "within_10_business_days")
    answers["within_10_business_days"] = pd.array([True] * yes + [False] * (100 - yes), dtype="boolean")
    assert appointments.verdict(estimates(strata, calls, answers), soon) == said


def test_sensitivity_recovers_the_share_from_answers_that_depend_on_it():
    """Of 1,000 programs 400 are a yes; of these 70 % answer, of the others 40 %."""
    said = [True] * 280 + [False] * 240
    strata, calls, answers = sheet(["complete"] * 520 + ["no answer"] * 480)
    answers["iop_running"] = pd.array(said + [None] * 480, dtype="boolean")
    row = sensitivity(strata, calls, answers).set_index("question").loc["Runs an IOP now"]
    assert row["share"] == pytest.approx(280 / 520)
    assert row["low_0.7_0.4"] == pytest.approx(0.4)
    assert row["low_0.7_0.4"] < row["low_0.65_0.55"] < row["share"] < row["high_0.65_0.55"] < row["high_0.7_0.4"]


def test_under_ten_answers_there_are_counts_only():
    strata, calls, answers = sheet(["complete"] * 9)
    answers["iop_running"] = True
    row = few_hidden(estimates(strata, calls, answers)).set_index("question").loc["Runs an IOP now"]
    assert (row["answered"], row["yes"]) == (9, 9)
    assert row[["share", "interval_low_share", "lower_share"]].isna().all()


def test_the_sentences_say_counts_waits_the_rule_and_what_could_tilt_it():
    outcome = ["complete"] * 40 + ["wrong number"] * 5 + ["no answer"] * 5
    strata, calls, answers = sheet(outcome, range(30), np.arange(50))
    answers["iop_running"] = pd.array([True] * 40 + [None] * 10, dtype="boolean")
    answers["evening_group"] = pd.array([True] * 20 + [False] * 20 + [None] * 10, dtype="boolean")
    found = few_hidden(estimates(strata, calls, answers))
    parts = found, appointments.waits(calls), "cannot tell", sensitivity(strata, calls, answers)
    said = " ".join(told.sentences(*parts))
    assert "Of 50 listings tried, 30 (60 %) led to an offer of a first day, and 5 had a wrong number" in said
    assert "half lie within 14 days" in said
    assert "cannot be told" in said
    assert "the 50 % with an evening group would be 46 % to 54 %" in said


def test_equal_telephone_numbers_are_one_call():
    table = facilities(
        4,
        state="NJ",
        offers_iop="yes",
        accepts_medicaid="yes",
        phone=["(201) 555-0101", "201-555-0101", "1-201-555-0101", "201-555-0102"],
    )
    built = listing.Listing(catalog.release("national_directory@su-2023"), table, hours([]), ())
    assert sampling.frame(built, "NJ", "medicaid")["facility_id"].tolist() == ["0", "3"]


@pytest.mark.slow
def test_ten_thousand_simulated_surveys_hold_the_truth_93_times_in_100():
    """Three strata of 120, 80 and 32; 60 % of the called answer, whatever their answer is."""
    random, frame, called = np.random.default_rng(11), np.array([120, 80, 32]), np.array([60, 40, 16])
    truth = np.array([80, 20, 16])
    yes_called = random.hypergeometric(truth, frame - truth, called, size=(10_000, 3))
    yes = random.binomial(yes_called, 0.6)
    answered = yes + random.binomial(called - yes_called, 0.6)
    share = truth.sum() / frame.sum()
    seen: dict[tuple[int, ...], bool] = {}
    hits = 0
    for one, other in zip(yes.tolist(), answered.tolist(), strict=True):
        key = (*one, *other)
        if key not in seen:
            columns = {"stratum": ["yes", "no", "unknown"], "frame": frame, "called": called}
            table = pd.DataFrame(columns | {"answered": other, "yes": one, "counted": np.array(other, float)})
            found = stratified(table)
            seen[key] = found["interval_low_share"] <= share <= found["interval_high_share"]
        hits += seen[key]
    assert hits / 10_000 >= 0.93
