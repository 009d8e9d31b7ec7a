"""Reports say what the tables carry, in every format, the same each time, and nothing that a name could inject."""

import hashlib
import os
import re
import shutil
import subprocess
from xml.etree import ElementTree

import fronts
import openpyxl
import pandas as pd
import pytest

from iop_analysis import raw
from iop_analysis.carried import listings
from iop_analysis.errors import CallError
from iop_analysis.releases import listing
from iop_analysis.report import blocks, gathered, html, state, words
from iop_analysis.report.model import Figure, Section, Table


def text_of(page: bytes) -> str:
    """Visible words of a page: no styles, no scripts, no tags."""
    plain = re.sub(r"<(style|script).*?</\1>", " ", page.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", plain))


@pytest.mark.parametrize("code", ["CO", "NJ"])
def test_a_fresh_machine_writes_the_real_report_from_the_carried_tables(fresh, code):
    paths = state.write_report(code, fresh / "reports")
    assert [path.name for path in paths] == [f"iop_{code}.html", f"iop_{code}.xlsx"]
    page = text_of(paths[0].read_bytes())
    assert "SYNTHETIC" not in page
    assert "No file was read on this computer" in page
    assert not re.search(r"\bnan\b|\binf\b|\bNone\b(?! of)", page)


def test_the_reports_say_the_counts_of_the_tables(carried_report):
    page = text_of(html.render(carried_report("CO")))
    row = listings.load("ladders@2023-05-16").row("evening(after='18:00')", "iop", "state", "CO")
    assert (
        f"{row['yes']} to {row['yes'] + row['unknown']} of {row['facilities']} at a site open an hour past 6 pm" in page
    )
    new_jersey = text_of(html.render(carried_report("NJ")))
    assert "None of the national files read here asks when New Jersey’s 232 listed IOPs are open" in new_jersey
    assert "106 of 232 list a fee that follows income Others may have one" in new_jersey


def test_nothing_is_drawn_of_what_nobody_was_asked(carried_report):
    evening = next(section for section in carried_report("NJ").sections if section.key == "evening")
    assert len(evening.blocks) == 1 and isinstance(evening.blocks[0], str)


@pytest.mark.parametrize("code", ["CO", "NJ"])
def test_the_same_tables_give_the_same_bytes(fresh, code):
    first = [path.read_bytes() for path in state.write_report(code, fresh / "one")]
    second = [path.read_bytes() for path in state.write_report(code, fresh / "two")]
    assert first == second


def test_built_and_carried_tables_give_the_same_numbers(real_data, fresh):
    shutil.copytree(real_data / "ladders", fresh / "data" / "raw" / "ladders")
    raw.fetch(["tract_points@2020", "connecticut_tracts@2022"], real_data, progress=False)
    built = listings.standard(listing.build(raw.find_release("ladders@2023-05-16")))
    carried = listings.load("ladders@2023-05-16")
    pd.testing.assert_frame_equal(built.cells.reset_index(drop=True), carried.cells, check_dtype=False)
    pd.testing.assert_frame_equal(built.placed, carried.placed)
    assert built.facts["sha256"] == carried.facts["sha256"]


def test_synthetic_stands_in_title_images_sheets_and_file_names_and_beside_no_real_figure(sample):
    paths = state.write_report("CO", sample / "reports", sample=True)
    assert all(path.name.startswith("SYNTHETIC_") for path in paths)
    report = state.state_report(gathered.gather("CO", sample=True))
    assert report.title.startswith("SYNTHETIC")
    assert all("SYNTHETIC" in figure.svg and "SYNTHETIC" in figure.table.source for figure in report.figures())
    workbook = openpyxl.load_workbook(paths[1])
    assert all("SYNTHETIC" in str(sheet["A1"].value) for sheet in workbook)
    releases = {
        row["Release"] for table in report.tables() if table.key == "files" for row in table.frame.to_dict("records")
    }
    assert all(name.endswith("@sample") for name in releases)


def test_a_page_makes_no_request_and_its_headings_are_in_order(carried_report):
    page = html.render(carried_report("CO")).decode()
    assert not re.search(r"""(src|href)\s*=\s*["'](https?:)?//""", page.replace("http://www.w3.org", ""))
    assert not re.search(r"url\((?!#)|@import", page)
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    identifiers = re.findall(r'\bid="([^"]+)"', page)
    assert len(identifiers) == len(set(identifiers)), "an id stands once"


def test_a_name_can_be_no_markup():
    hostile = '=HYPERLINK("http://x","<script>alert(1)</script>")'
    table = Table("names", hostile, pd.DataFrame({"Name": [hostile]}), "Source: test.")
    section = Section("names", "Names", (table,))
    report = fronts.report(section, title=hostile, front=fronts.front(headline=hostile, ask=hostile))
    assert "<script>alert" not in html.render(report).decode()


@pytest.mark.parametrize("code", ["CO", "NJ"])
def test_every_drawing_is_well_formed_and_can_stand_alone(carried_report, code):
    drawn = carried_report(code).figures()
    assert len(drawn) > 5
    assert all(ElementTree.fromstring(figure.svg).tag.endswith("svg") for figure in drawn)


def test_a_county_with_few_programs_gets_counts_and_no_percentage(fresh):
    found = gathered.gather("CO")
    table = blocks.county_table(found, "medicaid", "t")
    few = table.frame["IOPs"] < words.FEW
    assert few.any() and (~few).any()
    assert table.frame.loc[few, ["At least", "At most"]].isna().all(axis=None)
    assert table.frame.loc[~few, ["At least", "At most"]].notna().all(axis=None)


@pytest.mark.parametrize("code", ["CO", "NJ"])
def test_a_county_table_says_how_each_program_was_placed_and_of_no_county_that_it_surely_has_none(fresh, code):
    table = blocks.county_table(gathered.gather(code), "medicaid", "t")
    ways = table.frame[["Placed by address", "Placed by ZIP code", "Not placed"]]
    assert (ways.sum(axis=1) == table.frame["IOPs"]).all()
    placed = table.frame["County"] != "Not placed in a county"
    assert not ways.loc[placed, "Not placed"].any()
    adrift = int(table.frame.loc[~placed, "IOPs"].sum())
    assert ("could be in any county" in table.note) == (adrift > 0) == (code == "CO")


@pytest.mark.parametrize(
    ("state_code", "formats", "said"), [("XX", ["html"], "postal code"), ("CO", ["odt"], "format")]
)
def test_a_wrong_call_is_one_sentence(fresh, state_code, formats, said):
    with pytest.raises(CallError, match=said):
        state.write_report(state_code, fresh, formats)


def test_every_state_of_the_directory_has_a_report_that_says_its_name(carried_report):
    for code in ("WY", "DC", "PR", "CT", "AK"):
        report = carried_report(code)
        assert report.state_name in report.title
        assert report.front.headline and report.front.ask


@pytest.mark.browser
def test_the_page_opens_without_a_network(fresh):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("headless Chromium is not installed")
    page = state.write_report("CO", fresh / "reports", ["html"])[0]
    flags = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync"
    offline = ["--proxy-server=127.0.0.1:9", "--host-resolver-rules=MAP * ~NOTFOUND"]
    command = [
        chromium,
        *flags.split(),
        *offline,
        f"--user-data-dir={fresh / 'profile'}",
        "--dump-dom",
        page.as_uri(),
    ]
    shown = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=True, env=os.environ | {"HOME": str(fresh)}
    )
    assert "<h1" in shown.stdout
    assert "aria-sort" in page.read_text() and "<button" in shown.stdout, "long tables can be sorted"


def test_reports_of_two_states_share_no_figure_but_that_of_the_nation(carried_report):
    def hashes(code: str) -> set[str]:
        sections = carried_report(code).sections
        blocks = [block for section in sections if section.key != "background" for block in section.blocks]
        drawn = [block.svg for block in blocks if isinstance(block, Figure)]
        return {hashlib.sha256(svg.encode()).hexdigest() for svg in drawn}

    new_jersey, pennsylvania = hashes("NJ"), hashes("PA")
    assert len(new_jersey) > 5
    assert not new_jersey & pennsylvania


@pytest.mark.parametrize("name", listings.carried())
def test_every_program_of_a_carried_release_is_placed_in_one_way(name):
    table = listings.load(name)
    assert table.placed[listings.WAYS].to_numpy().sum() == table.row("iop", "all")["yes"]
    counties = table.table("iop", "all").set_index("place")["yes"]
    programs = table.placed.set_index("place")[listings.WAYS].sum(axis=1)
    assert programs.to_dict() == counties[counties > 0].to_dict()
