"""The named list shows what meets a need and what is not known, counts the rest, and hides what is withheld."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import vocabulary

from iop_analysis import catalog, criteria, raw
from iop_analysis.carried import listings
from iop_analysis.metrics import coverage
from iop_analysis.releases import listing
from iop_analysis.report import entries, gathered
from iop_analysis.report.gathered import Gathered, state_row
from iop_analysis.report.model import Section, Table
from iop_analysis.report.sections.named import named


@pytest.fixture
def data(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def sample(data, built_samples) -> None:
    shutil.copytree(built_samples, data)


def table(section: Section, key: str = "named") -> Table:
    return next(block for block in section.blocks if isinstance(block, Table) and block.key == key)


def sentence(section: Section) -> str:
    return str(section.blocks[0])


def changed(found: Gathered, row: object, **values: object) -> Gathered:
    assert found.listed is not None
    facts = found.listed.facilities.copy()
    for name, value in values.items():
        facts.loc[row, name] = value
    return replace(found, listed=replace(found.listed, facilities=facts))


def test_without_a_built_release_there_is_no_list(data):
    assert named(gathered.gather("CO")).blocks == ()


@pytest.mark.parametrize("state", ["CO", "NJ"])
def test_the_list_holds_whatever_may_fit_someone_and_counts_the_rest(sample, state):
    found = gathered.gather(state, sample=True)
    rows = entries.programs(found.listed, state)
    results = [
        criteria.evaluate(need.have, rows, found.listed.hours).result.fillna(True)
        for need in entries.needs(found.listed)
    ]
    may_fit = int(sum(result.astype(int) for result in results).gt(0).sum())
    section = named(found)
    assert len(table(section).frame) == may_fit == len(table(section, "named_details").frame)
    assert f"Of {len(rows)} listed IOPs, {may_fit} are named here." in sentence(section)
    assert ("left out" in sentence(section)) == (may_fit < len(rows))


def test_a_column_of_a_persona_says_yes_or_not_known_and_never_no(sample):
    found = gathered.gather("CO", sample=True)
    frame = table(named(found)).frame
    for need in entries.needs(found.listed):
        assert set(frame[need.label]) <= {"yes", "not known", ""}
        assert "not known" in set(frame[need.label])


@pytest.mark.parametrize("state", ["CO", "NJ"])
def test_the_list_and_the_report_count_the_same_programs(sample, state):
    found = gathered.gather(state, sample=True)
    frame = table(named(found)).frame
    for persona in listings.people():
        steps = listings.funnel_steps(persona, set(found.main.facts["asked"]))
        if not steps:
            assert persona.label not in frame
            continue
        row = state_row(found.main, coverage.funnel_criteria(steps)["in_order"].iloc[-1], state, persona.of)
        assert (frame[persona.label] == "yes").sum() == row["yes"]
        assert (frame[persona.label] == "not known").sum() == row["unknown"]


def test_a_program_that_is_known_to_fit_nobody_is_counted_and_not_named(sample):
    found = gathered.gather("NJ", sample=True)
    row = entries.programs(found.listed, "NJ").index[0]
    fitting = {"name": "Fitting House (synthetic)", "accepts_medicaid": "yes"}
    assert "Fitting House (synthetic)" in set(table(named(changed(found, row, **fitting))).frame["Program"])
    columns = ["accepts_medicaid", "accepts_medicare", "accepts_private_insurance", "offers_sliding_fee"]
    silent = dict.fromkeys([*columns, "offers_payment_assistance", "is_free_for_all"], "no")
    section = named(changed(found, row, **(fitting | silent)))
    assert "Fitting House (synthetic)" not in set(table(section).frame["Program"])
    assert "left out" in sentence(section)


def test_a_withheld_address_shows_no_city_and_no_county(sample):
    found = gathered.gather("CO", sample=True)
    row = entries.programs(found.listed, "CO").index[0]
    shown = {"name": "Quiet House (synthetic)", "city": "Hiddenville", "accepts_medicaid": "not_reported"}
    shown |= {"hours_status": "unknown"}
    before = named(changed(found, row, **shown))
    after = named(changed(found, row, **(shown | {"address_hidden": True})))
    assert "Hiddenville" in set(table(before).frame["City"])
    for key in ("named", "named_details"):
        frame = table(after, key).frame
        assert not frame.astype(str).apply(lambda column: column.str.contains("Hiddenville")).any(axis=None)
    place = table(after).frame.set_index("Program").loc["Quiet House (synthetic)", ["City", "County"]]
    assert set(place) == {"withheld"}
    assert "withheld: no place is shown" in sentence(after)


def test_the_list_goes_by_county_and_city(sample):
    frame = table(named(gathered.gather("CO", sample=True))).frame
    placed = frame[~frame["County"].isin(["withheld", entries.NO_COUNTY])]
    pairs = list(zip(placed["County"].str.casefold(), placed["City"].str.casefold(), strict=True))
    assert pairs == sorted(pairs)
    assert set(frame["County"].iloc[len(placed) :]) <= {"withheld", entries.NO_COUNTY}


def test_hours_have_a_column_only_where_the_file_asks_for_them(sample):
    assert "Hours" in table(named(gathered.gather("CO", sample=True)), "named_details").frame
    assert "Hours" not in table(named(gathered.gather("NJ", sample=True)), "named_details").frame


def test_what_is_not_reported_is_never_nothing(sample):
    found = gathered.gather("NJ", sample=True)
    row = entries.programs(found.listed, "NJ").index[0]
    columns = [name for name in found.listed.facilities if name.startswith("accepts_")]
    columns += ["offers_sliding_fee", "offers_payment_assistance", "is_free_for_all"]
    silent = changed(found, row, name="Silent House (synthetic)", **dict.fromkeys(columns, "not_reported"))
    details = table(named(silent), "named_details").frame.set_index("Program")
    assert details.loc["Silent House (synthetic)", "Takes"] == "not known"


def test_the_list_uses_respectful_words_and_says_that_it_is_synthetic(sample):
    section = named(gathered.gather("CO", sample=True))
    blocks = [block for block in section.blocks if isinstance(block, str)]
    text = "\n".join([*blocks, *(table(section, key).note for key in ("named", "named_details"))])
    assert vocabulary.found(text, vocabulary.ABOUT_PEOPLE | vocabulary.ABOUT_FACILITIES) == []
    assert "SYNTHETIC" in table(section).source


@pytest.mark.real
def test_the_real_list_of_colorado_agrees_with_the_carried_tables(real_data, data):
    shutil.copytree(real_data / "ladders", data / "raw" / "ladders")
    listing.build(raw.find_release("ladders@2023-05-16"))
    frame = table(named(gathered.gather("CO"))).frame
    carried = listings.load("ladders@2023-05-16")
    steps = listings.funnel_steps(catalog.personas()["has_medicaid"], set(carried.facts["asked"]))
    row = carried.row(coverage.funnel_criteria(steps)["in_order"].iloc[-1], "iop", "state", "CO")
    assert (frame["Has Medicaid"] == "yes").sum() == row["yes"]
    assert (frame["Has Medicaid"] == "not known").sum() == row["unknown"]
