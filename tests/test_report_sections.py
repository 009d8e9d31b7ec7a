"""Sections of a report beyond the tables: change, calls, named states, background, citation, open questions."""

import dataclasses
import json
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from matplotlib.figure import Figure as Canvas
from test_changes import DAYTIME, EVENING, colorado

from iop_analysis import calls as telephone
from iop_analysis import catalog
from iop_analysis.calls.fields import fields
from iop_analysis.calls.sheet import HEADING_ROW
from iop_analysis.carried import changes as carried_changes
from iop_analysis.carried import listings
from iop_analysis.errors import CallError
from iop_analysis.metrics import changes as measure
from iop_analysis.releases import listing, many
from iop_analysis.report import citation, gathered, state
from iop_analysis.report.gathered import Gathered
from iop_analysis.report.model import Box, Bullets, Figure, Section, Table
from iop_analysis.report.sections import against, background, calls, changes, closing

DIRECTORY = "national_directory@su-2023"


def tables(section: Section) -> dict[str, Table]:
    found = [one.table if isinstance(one, Figure) else one for one in section.blocks]
    return {one.key: one for one in found if isinstance(one, Table)}


def spoken(section: Section) -> str:
    """Every sentence of a section, without its tables."""
    lines: list[str] = [section.title]
    for block in section.blocks:
        if isinstance(block, str):
            lines.append(block)
        elif isinstance(block, Box | Bullets):
            lines += block.lines
        elif isinstance(block, Figure):
            lines += [block.title, block.alt]
    return " ".join(lines)


# Change


def test_carried_changes_add_up_and_name_the_files_they_came_from():
    carried = pd.read_csv(listings.FOLDER / carried_changes.FILE)
    parts = ["known_both", "newly_reported", "no_longer_reported", "unknown_both"]
    assert carried["facilities"].eq(carried[parts].sum(axis=1)).all()
    assert carried["yes_after"].eq(carried["yes_before"] + carried["gained"] - carried["lost"]).all()
    facts = json.loads((listings.FOLDER / "changes.json").read_text())
    assert set(facts["files"]) == set(carried["before"]) | set(carried["after"])
    assert all(catalog.release(name).sha256 == one["sha256"] for name, one in facts["files"].items())
    pairs = {(row["before"], row["after"]) for row in catalog.read_rows("comparisons.csv")}
    assert set(zip(carried["before"], carried["after"], strict=True)) == pairs


def test_a_comparison_of_the_catalog_names_two_releases_of_one_source_the_older_first():
    for row in catalog.read_rows("comparisons.csv"):
        before, after = catalog.release(row["before"]), catalog.release(row["after"])
        assert (before.source, before.side) == (after.source, after.side)
        assert before.survey_year < after.survey_year


def test_a_fresh_machine_tells_the_carried_changes(fresh):
    section = changes.changes(gathered.gather("NJ"))
    row = carried_changes.load("national_directory@su-2022", DIRECTORY, "NJ").set_index("have").loc["medicaid"]
    frame = tables(section)["changes"].frame.set_index("Question").loc["Lists Medicaid"]
    for heading, name in (("Answered both times", "known_both"), ("Gained", "gained"), ("Lost", "lost")):
        assert frame[heading] == row[name]
    assert frame["Share after"] == pytest.approx(row["yes_after"] / row["known_both"])
    assert f"{row['appeared']} appeared in the list" in spoken(section)
    assert f"{row['gone']} are no longer listed" in spoken(section)


def test_nothing_is_gained_or_lost_where_a_file_is_silent_or_never_says_no(fresh):
    section = changes.changes(gathered.gather("NJ"))
    assert list(tables(section)["changes"].frame["Question"]) == ["Lists Medicaid"]
    assert "“Lists a sliding fee”: of the entries in both," in spoken(section)
    assert "“Lists hours after 6 pm on some weekday”: the file does not ask." in spoken(section)


@pytest.mark.parametrize("code", ["CO", "PR", "DC", "WY"])
def test_below_ten_that_answered_twice_there_are_counts_only(fresh, code):
    frame = tables(changes.changes(gathered.gather(code)))["changes"].frame
    few = frame["Answered both times"] < 10
    assert frame.loc[few, list(changes.SHARES)].isna().all(axis=None)
    assert frame.loc[~few, list(changes.SHARES)].notna().all(axis=None)
    assert few.all() == (code == "PR")


@pytest.mark.parametrize("code", ["CO", "NJ", "PR"])
def test_a_list_appears_and_is_left_while_doors_are_not_spoken_of(fresh, code):
    assert not re.search(r"\b(opened|closed|shut)\b", spoken(changes.changes(gathered.gather(code))))


def test_the_sample_has_one_release_and_no_change(sample):
    for section in (changes.changes, changes.changes_named, background.background):
        assert section(gathered.gather("CO", sample=True)).blocks == ()


@pytest.fixture
def two(monkeypatch):
    """Evidence of a built release with the one before it: a loses Medicaid, b appears, c is gone, d gets a name."""
    old, new = colorado(
        {
            "a": ("Ash", {"accepts_medicaid": "yes"}, EVENING),
            "c": ("Cedar", {}, None),
            "d": ("Dogwood Center", {}, None),
            "e": ("Elm", {"accepts_medicaid": "yes"}, None),
        },
        {
            "a": ("Ash", {"accepts_medicaid": "no"}, DAYTIME),
            "b": ("Beech", {}, None),
            "d": ("Fir House", {}, None),
            "e": ("Elm", {"accepts_medicaid": "yes"}, None),
        },
    )
    for one in (old, new):
        one.facilities[["street", "address_hidden"]] = ["7 Secret Way", True]
    older = "ladders@2022-07-01"
    monkeypatch.setattr(changes.store, "built", lambda: [older, new.release.name])
    monkeypatch.setattr(changes.listing, "load", {older: old, new.release.name: new}.__getitem__)
    monkeypatch.setattr(changes, "earlier", lambda _: older)
    return Gathered("CO", listings.standard(new), None, synthetic=False, carried=False, listed=new)


def test_two_built_releases_are_compared_by_name_and_say_what_the_list_says(two):
    frame = tables(changes.changes_named(two))["changes_named"].frame.set_index("Facility")
    assert frame["What changed"].to_dict() == {
        "Beech": "Appeared in the list",
        "Ash": "No longer lists Medicaid; no longer lists hours after 6 pm",
        "Fir House": "New name",
        "Cedar": "No longer listed",
    }
    assert list(frame.index) == ["Beech", "Ash", "Fir House", "Cedar"], "appearances first, departures last"
    assert frame.loc["Fir House", "Name before"] == "Dogwood Center"
    assert frame.loc["Fir House", "Match score"] == 1 and frame.loc["Fir House", "Names alike"] < 1
    assert pd.isna(frame.loc["Beech", "Match score"])


def test_no_address_stands_among_the_changes(two):
    section = changes.changes_named(two)
    assert "Secret" not in tables(section)["changes_named"].frame.to_csv() + spoken(section)


def test_counts_of_two_built_releases_are_those_of_the_rows(two):
    frame = tables(changes.changes(two))["changes"].frame.set_index("Question")
    assert frame.loc["Lists Medicaid", ["Answered both times", "Gained", "Lost"]].tolist() == [2, 0, 1]
    assert frame.loc["Lists Medicaid", list(changes.SHARES)].isna().all()


def test_another_state_has_no_part_in_the_changes(two):
    assert changes.changes(dataclasses.replace(two, state="WY")).blocks == ()
    assert changes.changes_named(dataclasses.replace(two, state="WY")).blocks == ()


def test_without_the_older_file_nobody_is_named(fresh):
    assert changes.changes_named(gathered.gather("CO")).blocks == ()


def test_a_release_is_compared_with_the_newest_built_one_of_an_earlier_year(monkeypatch):
    names = ["national_directory@mh-2023", "national_directory@su-2023", "national_directory@su-2024"]
    monkeypatch.setattr(changes.store, "built", lambda: names)
    assert changes.earlier(catalog.release("national_directory@su-2024")) == DIRECTORY
    assert changes.earlier(catalog.release("national_directory@su-2022")) == ""


def test_state_counts_are_the_counts_of_the_states_own_rows():
    table = measure.changes(*colorado({"a": ("A", {}, None)}, {"a": ("A", {}, None), "b": ("B", {}, None)}))
    table.loc[1, "state"] = "WY"
    counts = measure.state_counts(table).set_index(["state", "have"])
    for code in ("CO", "WY"):
        mine = measure.change_counts(table[table["state"] == code]).set_index("have")
        pd.testing.assert_frame_equal(counts.loc[code][list(mine)], mine)
    assert counts.loc[("WY", "iop"), "appeared"] == 1 and counts.loc[("CO", "iop"), "appeared"] == 0


def test_carried_changes_are_those_of_the_real_files(real_data):
    old, new = (
        listing.read_release(release, real_data / "ladders" / release.file)
        for release in map(catalog.release, ("ladders@2022-07-22", "ladders@2023-05-16"))
    )
    carried = carried_changes.load(old.release.name, new.release.name, "CO")
    counted = measure.state_counts(measure.changes(old.public, new.public))
    pd.testing.assert_frame_equal(counted, carried, check_dtype=False)


# Calls


def filled(path: Path, answered: int) -> Path:
    """Complete interviews in the first rows of a sheet: each runs an IOP, every other one takes Medicaid."""
    book = openpyxl.load_workbook(path)
    page = next(book[name] for name in book.sheetnames if name.endswith("Calls"))
    column = {field.key: place for place, field in enumerate(fields(), start=1)}
    for number in range(answered):
        cells = {"outcome": "complete", "iop_running": "yes", "medicaid": "no" if number % 2 else "yes"}
        for key, text in cells.items():
            page.cell(HEADING_ROW + 2 + number, column[key], text)
    book.save(path)
    return path


@pytest.fixture
def sheet(sample):
    """A drawn sheet of the sample for Colorado, and how many are on it."""
    drawn = telephone.draw(many.open_release("ladders@sample"), "CO")
    return telephone.write(drawn, sample / "calls.xlsx"), len(drawn.rows)


def test_without_a_sheet_there_is_no_section_of_calls(fresh):
    assert calls.calls(gathered.gather("CO")).blocks == ()


def test_the_sample_of_calls_stands_beside_the_bounds_of_the_file(sheet):
    path, drawn = sheet
    given = gathered.gather("CO", sample=True, calls=filled(path, drawn - 3))
    section = calls.calls(given)
    frame = tables(section)["calls"].frame.set_index("Question")
    estimates = telephone.ingest(path).estimates.set_index("question")
    row = given.main.row("medicaid", "iop", "state", "CO")
    for name in ("Medicaid accepted", "Evening session offered"):
        assert frame.loc[name, "Estimate"] == pytest.approx(estimates.loc[name, "share"], nan_ok=True)
    found = frame.loc["Medicaid accepted"]
    assert found["95% interval from"] < found["Estimate"] < found["to"]
    assert (found["In the file, at least"], found["In the file, at most"]) == (row["lower_share"], row["upper_share"])
    assert pd.isna(frame.loc["Evening session offered", "In the file, at least"]), "no file asks about groups"
    assert f"{drawn - 3} were called; {drawn - 3} answered to the end" in spoken(section)
    assert "The response rate is 100%" in spoken(section), "who was not called is no `no answer`"
    assert f"Of {drawn - 3} listings tried, " in spoken(section)
    figure = next(block for block in section.blocks if isinstance(block, Figure))
    assert "SYNTHETIC" in figure.svg and "SYNTHETIC" in figure.table.source
    assert "95% interval" in figure.alt


def test_fewer_than_ten_answers_give_counts_only(sheet):
    frame = tables(calls.calls(gathered.gather("CO", sample=True, calls=filled(sheet[0], 9))))["calls"].frame
    assert frame["Answered"].max() == 9
    assert frame[list(calls.SHARES[:5])].isna().all(axis=None)


def test_a_sheet_of_another_state_or_of_the_other_kind_is_refused(sheet):
    sample = gathered.gather("CO", sample=True, calls=sheet[0])
    with pytest.raises(CallError, match=r"call sheet for CO, and this report is for NJ\.$"):
        calls.calls(dataclasses.replace(sample, state="NJ"))
    with pytest.raises(CallError, match="a SYNTHETIC call sheet and this is a real report"):
        calls.calls(dataclasses.replace(sample, synthetic=False))


def test_a_sample_and_a_list_are_drawn_as_different_things():
    rows = pd.DataFrame(
        {
            "question": ["Both", "Calls only"],
            "share": [0.5, 0.4],
            "interval_low_share": [0.4, 0.2],
            "interval_high_share": [0.7, 0.6],
            "low": [0.1, float("nan")],
            "high": [0.9, float("nan")],
        }
    )
    ax = calls.interval_bars(Canvas().subplots(), rows)
    (bar,) = ax.patches
    assert bar.get_hatch() and (bar.get_x(), bar.get_x() + bar.get_width()) == pytest.approx((0.1, 0.9))
    (interval,) = ax.collections
    reach = [segment[:, 0].tolist() for segment in interval.get_segments()]
    assert reach == [pytest.approx([0.4, 0.7]), pytest.approx([0.2, 0.6])]
    assert "the list does not ask this" in [text.get_text() for text in ax.texts]


# States side by side


def test_nobody_is_set_beside_who_was_not_named(fresh):
    assert against.against(gathered.gather("NJ")).blocks == ()
    assert against.against(gathered.gather("NJ", against=("NJ",))).blocks == ()


def test_an_unknown_state_to_compare_with_is_an_error(fresh):
    with pytest.raises(CallError, match="no state 'ZZ'"):
        against.against(gathered.gather("NJ", against=("NY", "ZZ")))


def test_named_states_are_counted_in_one_file(fresh):
    section = against.against(gathered.gather("CO", against=("NY", "PR")))
    frame = tables(section)["against"].frame.set_index("Place")
    table = listings.load(DIRECTORY)
    assert list(frame.index) == ["Colorado", "New York", "Puerto Rico"]
    for code, name in (("CO", "Colorado"), ("NY", "New York"), ("PR", "Puerto Rico")):
        row = table.row("sliding_fee", "iop", "state", code)
        said = f"at least {row['yes']}" if row["yes"] else "none listed"
        assert frame.loc[name, "List a sliding fee"].startswith(said)
        assert ("%" in frame.loc[name, "List a sliding fee"]) == (row["facilities"] >= 10)
    text = spoken(section)
    assert "lists Colorado only, so all are compared in National Directory" in text
    assert "Opening hours are not compared" in text
    assert "Puerto Rico: 5 IOPs: counts only" in text


def test_where_all_are_small_there_is_a_table_and_no_figure(fresh, monkeypatch):
    monkeypatch.setattr(against.words, "FEW", 1000)
    section = against.against(gathered.gather("PR", against=("VT", "DC")))
    assert not [one for one in section.blocks if isinstance(one, Figure)]
    assert "%" not in tables(section)["against"].frame.to_csv()


def test_a_state_that_the_file_does_not_list_is_named_with_the_reason(sample):
    given = gathered.gather("NJ", sample=True, against=("AK", "PA"))
    table = given.beside or given.main
    silent = [code for code in ("AK", "PA") if not table.row("iop", "all", "state", code)["yes"]]
    text = spoken(against.against(given))
    assert silent, "the sample leaves a state out"
    assert all(f"Nothing is said of {gathered.state_name(code)}" in text for code in silent)


def test_an_own_directory_alone_is_compared_with_nobody(fresh):
    given = dataclasses.replace(gathered.gather("CO", against=("NY",)), beside=None)
    assert against.beside(given).blocks == ()
    assert "lists Colorado only" in spoken(against.against(given))


def test_the_drawn_span_runs_from_what_is_sure_to_what_is_possible(fresh):
    spans = pd.DataFrame(
        {
            "group": ["Q", "Q"],
            "label": ["A", "B"],
            "low": [0.2, float("nan")],
            "high": [0.7, float("nan")],
            "n": [20, 4],
        }
    )
    _, ax = against.span_canvas(spans)
    assert against.span_bars(ax, spans) is ax
    (bar,) = ax.patches
    assert (bar.get_x(), bar.get_x() + bar.get_width()) == pytest.approx((0.2, 0.7))
    assert "4 IOPs: counts only, see the table" in [text.get_text() for text in ax.texts]


# Background


def test_every_published_reason_has_its_years_base_and_source(fresh):
    rows = catalog.read_rows("reasons.csv")
    assert all(all(row.values()) and 0 < float(row["share"]) < 1 for row in rows)
    assert len({(row["years"], row["base"], row["source"]) for row in rows}) == 1, "one figure, one base"
    section = background.background(gathered.gather("NJ"))
    frame = tables(section)["reasons"].frame
    assert frame["Share"].tolist() == [float(row["share"]) for row in rows]
    text = spoken(section)
    assert rows[0]["years"] in text and rows[0]["base"] in text
    assert "hours were not among" not in text, "the question of that year did name hours"
    for row in catalog.read_rows("background.csv"):
        assert f"{row['text']} ({row['source']}, {row['year']}.)" in text


# Citation


def test_the_content_id_follows_the_tables_and_nothing_else(fresh):
    given = gathered.gather("NJ")
    held = state.state_report(given).tables()
    first = citation.content_id(held)
    assert re.fullmatch("[0-9a-f]{12}", first)
    assert citation.content_id(state.state_report(given).tables()) == first
    other = dataclasses.replace(held[0], frame=held[0].frame.assign(more=1))
    assert citation.content_id([other, *held[1:]]) != first
    assert citation.content_id(held[1:]) != first
    worded = dataclasses.replace(held[0], title="Other words", note="Other words", source="Other words")
    assert citation.content_id([worded, *held[1:]]) == first, "words are no numbers"


def test_report_and_publishers_are_cited(fresh):
    given = gathered.gather("CO")
    section = citation.cite(given, "0123456789ab")
    text = spoken(section)
    assert "0123456789ab" in citation.line(given, "0123456789ab")
    for table in (given.main, given.beside):
        assert catalog.source(table.release.source).citation in text
        assert table.release.name in text
        assert table.facts["sha256"] in spoken(citation.entries(given, "0123456789ab"))
    assert len(citation.bibtex(given, "0123456789ab")) == 3


@pytest.mark.parametrize("code", ["CO", "NJ"])
def test_bibtex_entries_are_balanced_and_escaped(fresh, code):
    for entry in citation.bibtex(gathered.gather(code), "0123456789ab"):
        assert entry.startswith("@misc{") and entry.endswith("}")
        plain = re.sub(r"\\[{}]", "", entry)
        assert plain.count("{") == plain.count("}")
        assert "\n" not in entry
        notes = re.sub(r"(^@misc\{[^,]*|url = \{[^}]*\})", "", entry)
        assert not re.search(r"(?<!\\)[&%$#_]", notes)


def test_the_sample_is_not_to_be_cited(sample):
    section = citation.cite(gathered.gather("CO", sample=True), "0123456789ab")
    assert section.blocks == ("Synthetic sample: not to be cited.",)


# Open questions


@pytest.mark.parametrize("code", ["CO", "NJ", "PR"])
def test_open_questions_are_counted_for_the_state(fresh, code):
    given = gathered.gather(code)
    section = closing.unknown(given)
    frame = tables(section)["open_questions"].frame.set_index("Question")
    n = given.main.row("iop", "all", "state", code)["yes"]
    assert frame["Of"].eq(n).all()
    assert frame.loc["Sliding fee", "Not known"] == given.main.row("sliding_fee", "iop", "state", code)["unknown"]
    hours = "evening(after='18:00')"
    open_hours = given.main.row(hours, "iop", "state", code)["unknown"] if given.main.asks(hours) else n
    assert frame.loc["Open after 6 pm", "Not known"] == open_hours
    assert f"iop-analysis calls draw --state {code} --source {given.main.release.name}" in spoken(section)
    assert "H0015" in spoken(section) and "211" in spoken(section)


def test_the_earlier_file_stands_among_the_files_with_its_hash(fresh):
    frame = tables(closing.methods(gathered.gather("NJ")))["files"].frame.set_index("Release")
    older = catalog.release("national_directory@su-2022")
    assert list(frame.index) == [DIRECTORY, older.name]
    assert frame.loc[older.name, "SHA-256"] == older.sha256
