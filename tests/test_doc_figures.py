"""Figures that the pages print are those of the tables that the package carries: a new release moves both."""

from functools import cache
from pathlib import Path

import pytest

from iop_analysis import catalog
from iop_analysis.carried import listings, residents, trends
from iop_analysis.report import words

ROOT = Path(__file__).parents[1]
NATION, COLORADO = "national_directory@su-2023", "ladders@2023-05-16"


@cache
def said(page: str) -> str:
    """A page with its lines joined."""
    return " ".join((ROOT / page).read_text("utf-8").split())


@cache
def counts(release: str, have: str, state: str = "") -> dict[str, float]:
    table = listings.load(release)
    row = table.row(have, "iop", "state", state) if state else table.row(have)
    return {name: row[name] for name in ("facilities", "yes", "no", "unknown", "lower_share", "upper_share")}


def percents(row: dict[str, float]) -> tuple[str, str]:
    return tuple(words.percent(row[name]).replace("%", " %") for name in ("lower_share", "upper_share"))


def test_the_readme_counts_medicaid_in_the_nation():
    row = counts(NATION, "medicaid")
    sentence = (
        "{facilities:,} listed substance-use IOPs, of which {yes:,} list Medicaid, {no:,} do not, and {unknown:,} name"
    )
    assert sentence.format(**row) in said("README.md")


@pytest.mark.parametrize("hour", [17, 18, 19, 20])
def test_the_page_on_hours_has_colorados_evenings(hour):
    row = counts(COLORADO, f"evening(after='{hour}:00')")
    low, high = percents(row)
    assert f"| after {hour - 12} pm | {row['yes']} | {low} | {high} |" in said("docs/hours.md")
    assert f"lists {row['facilities']} intensive outpatient programs that are open to the public" in said(
        "docs/hours.md"
    )


def test_the_sentences_that_advocates_learn_to_read_are_true():
    fee, medicaid = (counts(NATION, have, "NJ") for have in ("sliding_fee", "medicaid"))
    evening = counts(COLORADO, "evening(after='18:00')")
    most = evening["yes"] + evening["unknown"]
    low, high = (text.removesuffix(" %") for text in percents(evening))
    page, first = said("docs/advocates.md"), said("docs/quick_start.md")
    assert (
        f"{medicaid['yes']} of {medicaid['facilities']} ({percents(medicaid)[0].replace(' ', '')}) list Medicaid"
        in page
    )
    assert f"{medicaid['no']} name other payments" in page
    assert f"{fee['yes']} of {fee['facilities']} list a fee that follows income" in page and page.count("106") > 1
    assert f"{evening['yes']} to {most} of {evening['facilities']} at a site open" in page
    assert f"between {low} and {high} percent" in page
    assert f'"At least {evening["yes"]} and at most {most} of {evening["facilities"]}" means' in first
    assert f'"{fee["yes"]} of {fee["facilities"]} list a fee' in first


def test_new_jerseys_residents_out_of_reach_stand_in_the_page_on_access():
    row = residents.load(NATION, "medicaid", "state", "NJ").iloc[0]
    five, ten = (residents.out_of_reach(row, miles)[0] for miles in (5, 10))
    sentence = (
        f"{five:,} of {int(row['population']):,} live more than 5 miles from a program that lists Medicaid, {ten:,}"
    )
    assert sentence in said("docs/access.md")


def test_what_the_survey_says_of_listed_fees_stands_in_the_page_of_limits():
    _, table = trends.agreed()
    whole = table.set_index("place").loc["all"]
    share = words.percent(whole["agreed"] / whole["said_yes"]).replace("%", " %")
    assert f"survey {share} of those that have one agreed" in said("docs/cannot_tell.md")


def test_the_printed_figures_are_counted_as_the_catalog_has_them():
    rows = catalog.read_rows("published.csv")
    known = [row for row in rows if not row["missing"]]
    for page in ("docs/surveys.md", "README.md"):
        assert f"{len(rows):,} printed figures" in said(page) and f"{len(known)}" in said(page)
    assert f"The other {len(rows) - len(known)} are listed" in said("docs/surveys.md")
