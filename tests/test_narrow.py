"""Tables on a terminal fit 80 columns, name places, and print whole counts."""

import pandas as pd
import pytest
from click.testing import CliRunner
from tables import facilities, hours

from iop_analysis import catalog
from iop_analysis.carried import reach
from iop_analysis.cli import main, narrow
from iop_analysis.metrics import coverage
from iop_analysis.releases import store


@pytest.fixture
def built(tmp_path, monkeypatch):
    """Three Colorado programs (SYNTHETIC), one of which does not say whether it runs an IOP."""
    monkeypatch.setenv("IOP_DATA", str(tmp_path))
    release = catalog.release("ladders@2023-05-16")
    rows = facilities(
        3,
        state="CO",
        county_fips=["08031", "08031", None],
        offers_iop=["yes", "yes", "not_reported"],
        accepts_medicaid=["yes", "not_reported", "yes"],
        address_hidden=False,
    )
    tables = {"facilities": rows, "facility_hours": hours([])}
    store.write(release, tables | {"set_aside": pd.DataFrame({"file": pd.Series([], dtype="str")})}, (), "")
    return release.name


def test_a_coverage_table_names_its_places_and_fits_80_columns(built):
    found = CliRunner().invoke(main, ["coverage", "--source", built, "--have", "medicaid", "--by", "county"])
    assert found.exit_code == 0, found.output
    lines = found.stdout.splitlines()
    assert max(map(len, lines)) <= narrow.WIDTH
    assert any("08031 Denver" in line and "50.0-100.0" in line for line in lines)


def test_a_state_may_be_written_out(built):
    words = ["coverage", "--source", built, "--have", "medicaid", "--format", "csv", "--state"]
    assert CliRunner().invoke(main, [*words, "colorado"]).stdout == CliRunner().invoke(main, [*words, "CO"]).stdout


def test_the_widest_bounds_are_said_in_a_sentence(built):
    found = CliRunner().invoke(main, ["coverage", "--source", built, "--have", "medicaid"])
    assert "1 more does not say whether it is such a program: counted either way, 50.0 to 100.0 %" in found.stderr


def test_one_wide_row_stands_upright_and_a_large_number_has_no_decimals():
    row = pd.DataFrame([{f"a_long_heading_number_{number}": 1234.5 + number for number in range(9)}])
    lines = narrow.text(row).splitlines()
    assert len(lines) == 9
    assert lines[0].split() == ["a_long_heading_number_0", "1,234"]
    assert max(map(len, narrow.text(pd.concat([row, row])).splitlines())) <= narrow.WIDTH


def test_hidden_counts_of_a_survey_are_not_shown_as_nothing():
    table = coverage.coverage(facilities(1, offers_iop="yes"), hours([]), "medicaid").astype({"yes": "Int64"})
    table.loc[0, "yes"] = pd.NA
    assert narrow.coverage(table)["yes"].tolist() == ["hidden"]


def test_distances_of_a_states_own_list_are_measured_in_that_state():
    assert reach.area_of("ladders@2023-05-16") == "CO"
    assert reach.area_of("national_directory@su-2023") is None
