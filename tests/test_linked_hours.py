"""Hours linked from a state's directory are counted apart, with the score of each link and what is not linked."""

import pandas as pd
import pytest
from tables import facilities as made
from tables import hours as hours_rows

from iop_analysis import catalog
from iop_analysis.carried import linked_hours, listings
from iop_analysis.releases.listing import Listing
from iop_analysis.report import gathered
from iop_analysis.report.model import Figure, Table
from iop_analysis.report.sections.linked import linked

NATIONAL, OWN = "national_directory@su-2023", "ladders@2023-05-16"


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """An empty data folder: only what the package carries is at hand."""
    monkeypatch.setenv("IOP_DATA", str(tmp_path))


def release(name: str, table: pd.DataFrame, hours: pd.DataFrame) -> Listing:
    return Listing(catalog.release(name), table, hours, ())


def pair() -> tuple[Listing, Listing]:
    """Five listed IOPs: open late, closed at five, linked without hours, of another name, with a hidden address."""
    names = ["Cedar Recovery", "Birch House", "Elm Center", "Oak Place", "Safe Harbor"]
    places = {"street": [f"{n} Invented Street" for n in range(1, 6)], "city": "Denver", "zip": "80218"}
    own = places | {"name": [*names[:3], "Dental Group", names[4]], "state": "CO"}
    mine = made(
        5, **(places | {"name": names, "state": "CO", "offers_iop": "yes"}), address_hidden=[False] * 4 + [True]
    )
    theirs = made(5, **own, hours_status=["known", "known", "not_reported", "known", "known"])
    hours = hours_rows([(0, "Mo", 480, 1260), (1, "Mo", 480, 1020), (3, "Mo", 480, 1260)])
    return release(NATIONAL, mine, hours.head(0)), release(OWN, theirs, hours)


def test_every_program_of_the_list_is_counted_once_in_each_part():
    table = linked_hours.linked_hours(*pair(), "CO")
    assert table[table["part"] == "score"]["iops"].sum() == 5
    assert (table[table["part"] == "evening"].groupby("group")["iops"].sum() == 5).all()


def test_yes_no_unknown_and_not_linked_are_kept_apart():
    table = linked_hours.linked_hours(*pair(), "CO")
    mine = table[(table["part"] == "evening") & (table["group"] == "18:00")].set_index("answer")["iops"]
    assert mine.to_dict() == {"yes": 1, "no": 1, "unknown": 1, "not linked": 2}
    scores = table[table["part"] == "score"].set_index("group")["iops"]
    assert scores["not linked"] == 2


def test_programs_of_other_states_take_no_part():
    assert linked_hours.linked_hours(*pair(), "WY")["iops"].sum() == 0


def test_the_carried_table_is_of_releases_whose_tables_are_carried():
    table = pd.read_csv(listings.FOLDER / linked_hours.FILE)
    assert set(table["release"]) | set(table["hours_release"]) <= set(listings.carried())
    sums = table.groupby(["release", "state", "part", "group"])["iops"].sum().xs("evening", level="part")
    for (name, state, _), programs in sums.items():
        assert programs == listings.load(name).row("iop", "all", "state", state)["yes"]


def test_colorado_says_how_many_are_linked_and_what_evenings_follow(fresh):
    section = linked(gathered.gather("CO"))
    text = " ".join(block for block in section.blocks if isinstance(block, str))
    table = linked_hours.found(NATIONAL, OWN, "CO")
    missing = table.loc[(table["part"] == "score") & (table["group"] == "not linked"), "iops"].item()
    programs = table.loc[table["part"] == "score", "iops"].sum()
    assert f"{programs - missing} of the {programs} could be linked" in text
    mine = table[(table["part"] == "evening") & (table["group"] == "18:00")].set_index("answer")["iops"]
    assert f"At least {mine['yes']} and at most {programs - mine['no']} of {programs}" in text
    assert "linked here only" in text
    keys = [block.key for block in section.blocks if isinstance(block, Table | Figure)]
    assert keys == ["linked_scores", "linked_evening", "linked_evenings"]


@pytest.mark.parametrize("state", ["NJ", "PR"])
def test_a_state_with_one_list_has_no_such_section(fresh, state):
    assert not linked(gathered.gather(state)).blocks


@pytest.mark.real
def test_the_carried_links_are_those_of_the_publishers_files(real_data):
    from iop_analysis.releases import listing

    built = []
    for name in (NATIONAL, OWN):
        one = catalog.release(name)
        built.append(listing.read_release(one, real_data / one.source / one.file))
    carried = pd.read_csv(listings.FOLDER / linked_hours.FILE, dtype={"group": "str"}, keep_default_na=False)
    found = linked_hours.linked_hours(*built, "CO")
    pd.testing.assert_frame_equal(found, carried[list(found)], check_dtype=False)
