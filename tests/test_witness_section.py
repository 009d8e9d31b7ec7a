"""A report says which list it rests on, who else was heard, of what day, and both counts (SYNTHETIC rows)."""

import re

import pandas as pd
import pytest
from test_combined import EARLY, LATE, built, the_list

from iop_analysis import catalog
from iop_analysis.carried import evenings, listings
from iop_analysis.releases import combined, listing, store
from iop_analysis.releases.listing import Listing
from iop_analysis.report import entries, gathered, heard
from iop_analysis.report.model import Bullets, Table
from iop_analysis.report.sections.closing import state_rules, unknown
from iop_analysis.report.sections.witnesses import witnesses

NATIONAL, OWN = "national_directory@su-2023", "ladders@2023-05-16"


def on_disk(name: str, one: Listing) -> None:
    """The rows of an invented release under the name of a known one."""
    release = catalog.releases().get(name, catalog.Release(*name.split("@"), file="x.csv", sha256="x"))
    if name not in catalog.releases():
        path = combined.raw.record_path(release.source, release.key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(combined.raw.record_text(release))
    table = one.facilities.assign(source=release.source, release=release.key)
    listing.write(Listing(release, table, one.hours, ()), "hash")


def text_of(section) -> str:
    return " ".join(block for block in section.blocks if isinstance(block, str))


def table_of(section, key: str) -> pd.DataFrame:
    return next(block.frame for block in section.blocks if isinstance(block, Table) and block.key == key)


@pytest.fixture
def ohio(fresh):
    """Twelve listed IOPs in Ohio and a county's own table that knows three of them, one of them to have no IOP."""
    there = {"state": "OH", "city": "Akron", "zip": "44301"}
    on_disk(NATIONAL, the_list(count=12, **there))
    mine = built("table", 3, [(0, *LATE), (1, *EARLY)], offers_iop=["yes", "yes", "no"], date="2026-02-03", **there)
    on_disk("table@summit", mine)


def test_a_report_makes_and_uses_the_combination_and_says_what_it_rests_on(ohio):
    known = gathered.gather("OH")
    assert known.main.release.name == "combined@national_directory-su-2023"
    assert known.main.release.name in store.built()
    section = witnesses(known)
    text = text_of(section)
    assert "The programs are those of the National Directory" in text
    assert "Program hours known for 0, site hours only for 2, says evening without a time for 0" in text
    assert "nothing for the other 10" in text
    assert "a linked list confirms the IOP of 2 (1 yes, 1 no, 0 unknown) and says that 1 have none" in text
    heard = table_of(section, "witness_list")
    assert heard[["Release", "Programs linked", "Hours from it", "Said from"]].values.tolist() == [
        ["summit", 3, 2, "2026-02-03"]
    ]
    counts = table_of(section, "witness_evenings").set_index(["For an hour or more", "Counted", "Links"])
    listed = counts.loc[("After 6 pm", "All that are listed", "all (0.65 and better)"), ["Yes", "No", "Not known"]]
    assert listed.values.tolist() == [[1, 1, 10]] or listed.tolist() == [1, 1, 10]


def test_two_programs_of_an_own_list_never_displace_the_national_ones(ohio):
    assert int(gathered.gather("OH").main.row("iop", "all", "state", "OH")["yes"]) == 12


def test_a_combination_for_the_state_comes_before_that_of_the_nation(ohio):
    combined.combine(NATIONAL, ["table@summit"], "OH")
    assert gathered.gather("OH").main.release.name == "combined@national_directory-su-2023-oh"


def test_a_state_of_which_no_witness_knows_anything_keeps_its_plain_list(ohio):
    table = the_list(count=2, state="NJ", city="Trenton", zip="08608").facilities.assign(
        facility_id=["nj-0", "nj-1"], name=["Birch", "Oak"]
    )
    both = pd.concat([the_list(count=12, state="OH", city="Akron", zip="44301").facilities, table], ignore_index=True)
    on_disk(NATIONAL, Listing(catalog.release(NATIONAL), both, the_list().hours, ()))
    assert gathered.gather("OH").combined is not None
    known = gathered.gather("NJ")
    assert known.combined is None
    assert not known.main.asks("evening(after='18:00')")
    assert not witnesses(known).blocks


def test_on_a_fresh_machine_colorado_shows_the_carried_evening_of_the_national_list(fresh):
    known = gathered.gather("CO")
    assert known.carried
    assert known.combined is None
    table = table_of(witnesses(known), "national_evenings")
    six = table[table["For an hour or more"] == "After 6 pm"]
    assert six["Programs"].tolist()[:2] == [132, 84]
    assert six[["Yes", "No", "Not known"]].values.tolist()[:2] == [[56, 40, 36], [49, 25, 10]]
    assert "At least 56 and at most 92 of 132" in text_of(witnesses(known))


def test_the_carried_table_is_of_releases_whose_tables_are_carried():
    table = pd.read_csv(listings.FOLDER / evenings.FILE)
    assert set(table["list"]) | set(table["witness"]) <= set(listings.carried())
    assert (table["yes"] + table["no"] + table["unknown"] == table["facilities"]).all()


@pytest.mark.parametrize("state", ["NJ", "PR"])
def test_a_state_with_one_list_has_no_such_section(fresh, state):
    assert not witnesses(gathered.gather(state)).blocks


def test_a_named_list_tells_the_day_of_the_witness_and_names_sources_that_differ(ohio, monkeypatch):
    there = {"state": "OH", "city": "Akron", "zip": "44301"}
    on_disk("osm@oh-2026-01-15", built("osm", 2, [(0, *LATE), (1, *LATE)], date="2026-01-15", **there))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1777000000")  # 24 April 2026
    known = gathered.gather("OH", named=True)
    rows = entries.programs(known.listed, "OH").set_index("facility_id", drop=False)
    weeks = dict(zip(rows["facility_id"], entries.weeks(known.listed, rows), strict=True))
    assert weeks["national_directory-0"] == {"Building": "Mon 9 am–9 pm; Tue–Sun closed"}
    differ = weeks["national_directory-1"]["Building"]
    assert differ.startswith("not known, sources differ (")
    assert "Mon 9 am–5 pm" in differ
    assert "Mon 9 am–9 pm" in differ
    days = heard.days(known.listed, rows)
    assert [days[one] for one in ("national_directory-0", "national_directory-5")] == ["2026-02-03", ""]


def test_a_rule_of_a_state_stands_as_context_with_its_citation_and_day_and_counts_nothing(fresh):
    assert state_rules("NJ") == ()
    known = [row["state"] for row in catalog.read_rows("state_rules.csv")]
    assert known == sorted(known)
    for state in set(known):
        for line in state_rules(state):
            assert re.search(r"current through \d{4}-\d{2}-\d{2}, https?://", line)
            assert line.endswith("nothing here counts it.")
    bullets = [
        line for block in unknown(gathered.gather("OK")).blocks if isinstance(block, Bullets) for line in block.lines
    ]
    assert any("450:18-13-21" in line for line in bullets)
