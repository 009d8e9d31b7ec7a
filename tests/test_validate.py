"""Validation reproduces what publishers printed and finds every table that cannot be right."""

import pandas as pd
import pytest
from respondents import real, respondents
from tables import facilities, hours

from iop_analysis import catalog, criteria, sources, validate
from iop_analysis.carried import listings
from iop_analysis.metrics import coverage
from iop_analysis.releases.listing import Listing
from iop_analysis.validate import rules
from iop_analysis.validate.page import write

HAVES = ["medicaid", "sliding_fee", "medicaid & sliding_fee", "medicaid | sliding_fee"]


def good() -> pd.DataFrame:
    """Cells of a tiny directory in two states, three counties and the nation, which agree in everything."""
    counts = {
        "34001": [(3, 1, 0), (1, 1, 2), (1, 2, 1), (3, 0, 1)],
        "NJ not placed": [(1, 0, 0), (1, 0, 0), (1, 0, 0), (1, 0, 0)],
        "08001": [(0, 2, 0), (0, 1, 1), (0, 2, 0), (0, 1, 1)],
    }
    rows = [
        {"of": "iop", "have": have, "level": "county", "place": place, "yes": yes, "no": no, "unknown": unknown}
        for place, cells in counts.items()
        for have, (yes, no, unknown) in zip(HAVES, cells, strict=True)
    ]
    counties = pd.DataFrame(rows)
    states = counties.assign(level="state", place=counties["place"].map(lambda one: "CO" if one < "1" else "NJ"))
    nation = counties.assign(level="nation", place="all")
    keys = ["of", "have", "level", "place"]
    table = pd.concat([counties, states, nation]).groupby(keys, as_index=False, sort=False).sum()
    table["facilities"] = table[["yes", "no", "unknown"]].sum(axis=1)
    table["complete"] = table["yes"] + table["no"]
    return table.assign(
        complete_yes=table["yes"], **dict.fromkeys([*coverage.OUTSIDE, *coverage.KIND_COUNTS], 0)
    ).assign(unknown_not_reported=table["unknown"])


def broken(have: str, place: str, **changes: object) -> pd.DataFrame:
    table = good()
    table.loc[(table["have"] == have) & (table["place"] == place), list(changes)] = list(changes.values())
    return table


def off(cells: pd.DataFrame, name: str = "ladders@2023-05-16") -> list[str]:
    checked = validate.invariants(name, cells)
    return checked.loc[checked["verdict"] == "off", "check"].tolist()


def test_a_good_table_breaks_no_rule():
    assert off(good()) == []


@pytest.mark.parametrize(
    ("rule", "cells"),
    [
        ("counts agree", broken("medicaid", "all", unknown=9)),
        ("counts agree", broken("medicaid", "all", complete=9)),
        ("counts agree", broken("medicaid", "all", unknown_not_reported=9)),
        ("counts agree", broken("medicaid", "all", yes=-1, no=7)),
        ("shares lie between 0 and 1", broken("medicaid", "all", yes=9)),
        ("a universe has one size", broken("medicaid", "34001", no=2, facilities=5, complete=5)),
        ("totals agree", broken("medicaid", "CO", yes=1, no=1)),
        ("totals agree", broken("medicaid", "34001", yes=2, no=2)),
        ("a subset is no larger than its superset", broken("medicaid & sliding_fee", "34001", yes=2, no=1)),
        ("a subset is no larger than its superset", broken("medicaid | sliding_fee", "08001", yes=0, no=2, unknown=0)),
        ("places are known", good().replace({"place": {"CO": "QQ"}})),
    ],
)
def test_a_table_that_cannot_be_right_is_off(rule, cells):
    assert rule in off(cells)


def test_a_broken_rule_names_the_places():
    checked = validate.invariants("ladders@2023-05-16", broken("medicaid", "all", unknown=9))
    assert "medicaid of iop in all" in checked.loc[checked["check"] == "counts agree", "what"].item()


def test_hidden_cells_break_no_rule():
    table = good().astype({"yes": "Int64", "no": "Int64"})
    table.loc[table["place"] == "34001", ["yes", "no"]] = pd.NA
    assert "counts agree" not in off(table)


def test_a_states_absence_is_said_and_not_an_error():
    row = validate.invariants("national_directory@su-2023", good()).iloc[-1]
    assert row["verdict"] == "said"
    assert row["what"].startswith("no facility in AL AK AZ")
    assert "NJ" not in row["what"].split()
    assert "CO" not in row["what"].split()


def test_a_source_of_one_state_misses_no_other():
    assert validate.absent_states("ladders@2023-05-16", good()) == []


@pytest.mark.parametrize(
    ("part", "whole", "nested"),
    [
        ("medicaid & evening & sliding_fee", "sliding_fee & medicaid", True),
        ("medicaid", "medicaid | sliding_fee", True),
        ("medicaid | medicare", "medicaid | sliding_fee | medicare", True),
        ("medicaid", "medicaid & evening", False),
        ("medicaid | sliding_fee", "medicaid", False),
        ("evening & ~medicaid", "evening & medicaid", False),
        ("evening(after='19:00')", "evening(after='18:00')", False),
    ],
)
def test_a_criterion_lies_inside_another_by_its_form(part, whole, nested):
    assert ((part, whole) in rules._nested([part, whole])) == nested


# Printed figures


def test_every_printed_figure_is_recomputed_or_says_why_not():
    rows = catalog.read_rows("published.csv")
    assert len(rows) == 1102
    known = {(row["survey"], row["table"]) for row in catalog.read_rows("published_tables.csv")}
    for row in rows:
        assert (row["survey"], row["table"]) in known
        assert criteria.parse(row["have"])
        assert criteria.parse(row["of"])
        assert bool(row["missing"]) or row["release"] in catalog.releases()
        if row["value"]:
            assert float(row["value"]) == round(float(row["value"]), int(row["decimals"]))
        else:
            assert row["missing"]


def figures(respondents_of, items=None) -> pd.DataFrame:
    checked = validate.published(respondents_of, items)
    return checked[checked["verdict"] != "absent"]


def test_a_release_that_is_not_at_hand_gives_a_reason_and_no_figure():
    checked = validate.published({"nssats@2019": respondents("nssats", 1)})
    away = checked[checked["release"] == "nssats@2010"]
    assert set(away["verdict"]) == {"absent"}
    assert away["reason"].ne("").all()
    assert away["ours"].isna().all()
    assert list(validate.validate({}, {})) == validate.COLUMNS


def test_a_figure_off_by_more_than_half_its_last_decimal_is_off():
    # One free facility of two non-profit ones: 50.0 % where 4.5 % is printed, and two where 7,683 are.
    table = respondents("nssats", 2, owner=["2", "2"], free_for_all=["1", "0"])
    checked = figures({"nssats@2010": table})
    here = checked["check"].eq("N-SSATS 2010, Table 4.18b")
    row = checked[here & checked["what"].eq("percent: Private non-profit / No payment accepted")].iloc[0]
    assert (row["published"], row["ours"], row["difference"], row["tolerance"]) == (4.5, 50.0, 45.5, 0.05)
    assert (row["kind"], row["verdict"]) == ("figure", "off")


def test_a_figure_that_asks_for_a_column_of_the_publisher_counts_its_rows():
    table = respondents("nssats", 3, owner=["6", "6", "6"])
    items = pd.DataFrame({"federal_owner": ["1.0", "1.0", "2.0"], "detox": ["1.0", "0.0", "1.0"]}, index=table.index)
    checked = figures({"nssats@2010": table}, {"nssats@2010": items}).set_index(["check", "what"])["ours"]
    assert checked["N-SSATS 2010, Table 4.1", "row percent: All facilities / Dept. of Defense"] == pytest.approx(
        100 / 3
    )
    assert checked["N-SSATS 2010, Table 4.13", "count: Dept. of Veterans Affairs / Total"] == 1
    assert checked["N-SSATS 2010, Table 4.13", "count: Total / Total"] == 2


def test_a_figure_that_asks_for_a_column_that_is_not_at_hand_says_so():
    checked = validate.published({"nssats@2010": respondents("nssats", 3, owner=["6", "6", "6"])})
    row = checked[checked["what"].eq("count: Dept. of Veterans Affairs / Total")].iloc[0]
    assert (row["verdict"], row["reason"]) == ("absent", "the publisher's own file is not at hand here")


def test_a_figure_without_any_facility_is_off():
    checked = figures({"nssats@2010": respondents("nssats", 1, state=["NJ"])})
    alaska = checked[checked["what"].str.contains("Alaska") & checked["published"].gt(0)]
    assert len(alaska) > 3
    assert alaska["verdict"].eq("off").all()


@pytest.mark.real
@pytest.mark.parametrize(("year", "count"), [(2010, 296), (2015, 2), (2017, 2), (2019, 2)])
def test_every_printed_figure_that_a_public_use_file_can_give_comes_out_to_the_printed_decimal(year, count, real_data):
    release = catalog.release(f"nssats@{year}")
    items = {release.name: sources.module("nssats").read(real_data / "nssats" / release.file, release)}
    checked = figures({release.name: real(release, real_data)}, items)
    assert len(checked) == count
    assert checked["verdict"].eq("ok").all()


def test_the_page_shows_tables_reasons_peers_limits_and_our_own_past_numbers(tmp_path):
    table = respondents("nssats", 2, owner=["2", "2"], free_for_all=["1", "0"])
    text = write(
        validate.validate({"nssats@2010": table}, {"ladders@2023-05-16": good()}), tmp_path / "v.html"
    ).read_text()
    for said in (
        "primary focus of a facility",
        "Web-Mercator",
        "an appointment",
        "Rules that every table keeps",
        "numbers that moved",
    ):
        assert said.lower() in text.lower(), said
    assert "default-src 'none'" in text
    assert " src=" not in text


@pytest.mark.parametrize("name", listings.carried())
def test_the_tables_that_the_package_carries_break_no_rule(name):
    assert off(listings.load(name).cells, name) == []


def test_a_row_without_a_state_is_counted_and_stops_nothing():
    table = facilities(3, offers_iop="yes", accepts_medicaid="yes", state=["CO", None, "CO"])
    standard = listings.standard(Listing(catalog.release("ladders@sample"), table, hours([]), ()))
    counties = standard.table("medicaid", level="county").set_index("place")["facilities"]
    assert counties.to_dict() == {"CO not placed": 2, "not placed": 1}
