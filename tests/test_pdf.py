"""The report on paper: pages with numbers and a source, fonts embedded, tags for screen readers, the same bytes."""

import re
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest

from iop_analysis.errors import CallError
from iop_analysis.report import pdf


def poppler(tool: str, file: Path, *options: str) -> str:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} (poppler-utils) is not installed")
    command = [tool, *options, str(file)] if tool != "pdftotext" else [tool, *options, str(file), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def reports(carried_report):
    return {code: carried_report(code) for code in ("CO", "NJ", "WY", "AK", "CA")}


@pytest.fixture(scope="module")
def printed(reports, tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("printed")
    files = {"report": folder / "CO.pdf"} | {code: folder / f"{code}_brief.pdf" for code in reports}
    files["report"].write_bytes(pdf.render(reports["CO"]))
    for code, report in reports.items():
        files[code].write_bytes(pdf.render_brief(report))
    return files


def test_every_page_has_its_number_and_the_source(printed):
    pages = poppler("pdftotext", printed["report"], "-layout").rstrip("\f").split("\f")
    assert len(pages) > 5
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Source: LADDERS" in page


def test_fonts_are_embedded(printed):
    rows = poppler("pdffonts", printed["report"]).splitlines()[2:]
    assert len(rows) >= 3
    assert all(re.search(r"\byes\s+yes\s+yes\b", row) for row in rows), "embedded, subset, with its letters named"
    assert all("Source-S" in row for row in rows), "no font of this machine"


def test_the_file_is_tagged_for_screen_readers_and_says_its_title(printed):
    about = poppler("pdfinfo", printed["report"])
    assert re.search(r"Tagged:\s+yes", about)
    assert "Who can use an intensive outpatient program in Colorado?" in about
    assert re.search(r"CreationDate:.*2020", about), "a fixed date, not the clock"


def test_every_figure_has_its_alternative_text(printed, reports):
    content = printed["report"].read_bytes()
    parts = [content, *map(inflated, re.findall(rb"stream\r?\n(.*?)endstream", content, flags=re.S))]
    assert sum(part.count(b"/Alt") for part in parts) == len(reports["CO"].figures())


def inflated(stream: bytes) -> bytes:
    """What a compressed part of a PDF holds; nothing for pictures and fonts of other kinds."""
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def test_no_heading_is_the_last_line_of_a_page(printed, reports):
    headings = {section.title for section in reports["CO"].sections}
    for page in poppler("pdftotext", printed["report"]).rstrip("\f").split("\f"):
        lines = [line for line in page.splitlines() if line and not re.match(r"Source: LADDERS|Page \d", line)]
        assert lines[-1] not in headings


@pytest.mark.parametrize("code", ["CO", "NJ", "WY", "AK", "CA"])
def test_the_brief_is_page_one_and_the_page_behind_it(printed, reports, code):
    pages = poppler("pdftotext", printed[code]).rstrip("\f").split("\f")
    assert len(pages) == pdf.BRIEF_PAGES
    first = re.sub(r"\s+", " ", pages[0])
    page = reports[code].front
    said = [page.headline, page.ask, *page.levers, *(tile.figure for tile in page.tiles), "988", page.made]
    assert all(text in first for text in said), "all of page one is on it"
    assert reports[code].identifier in first


@pytest.mark.parametrize("code", ["CO", "NJ"])
def test_a_report_has_at_most_eight_pages_behind_page_one_and_then_an_appendix(reports, code, tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf.render(reports[code]))
    pages = poppler("pdftotext", file).rstrip("\f").split("\f")
    start = next(number for number, page in enumerate(pages) if page.startswith("Appendix"))
    assert start <= 9


def test_the_same_report_gives_the_same_bytes(reports):
    assert pdf.render_brief(reports["NJ"]) == pdf.render_brief(reports["NJ"])


@pytest.mark.parametrize(
    ("error", "said"), [(OSError("cannot load library"), "apt-get"), (ModuleNotFoundError(), "pip")]
)
def test_what_is_missing_is_named_with_the_command_that_installs_it(monkeypatch, error, said):
    def missing(name: str):
        raise error

    monkeypatch.setattr(pdf, "import_module", missing)
    with pytest.raises(CallError, match=said):
        pdf.check()
