"""Page one as a Word document that can be edited: real styles, alternative texts, slots, the same bytes each time."""

import io

import docx as word
import fronts
import pytest

from iop_analysis.errors import CallError
from iop_analysis.report import docx
from iop_analysis.report.model import Report


@pytest.fixture(scope="module")
def report(carried_report) -> Report:
    return carried_report("NJ")


@pytest.fixture(scope="module")
def document(report):
    return word.Document(io.BytesIO(docx.render(report)))


def paragraphs(document) -> list:
    """Every paragraph, those in cells included."""
    inside = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return [*document.paragraphs, *(paragraph for cell in inside for paragraph in paragraphs(cell))]


def test_the_document_says_all_of_page_one(report, document):
    said = {paragraph.text for paragraph in paragraphs(document)}
    page = report.front
    assert {page.kicker, page.headline, page.subline, page.ask, *page.people, *page.levers} <= said
    assert all({tile.figure, tile.noun, tile.note} <= said for tile in page.tiles)
    assert any(report.identifier in text and page.made in text for text in said)


def test_headline_headings_and_lists_have_the_styles_of_word(report, document):
    style = {paragraph.text: paragraph.style.name for paragraph in paragraphs(document)}
    assert style[report.front.headline] == "Title"
    assert style["The ask"] == style["Who lives where"] == "Heading 2"
    assert {style[line] for line in report.front.people} == {"List Bullet"}
    assert {style[line] for line in report.front.levers} == {"List Number"}


def test_there_are_slots_for_logo_and_contact(document):
    said = {paragraph.text for paragraph in paragraphs(document)}
    assert {docx.LOGO, docx.CONTACT} <= said


def test_every_picture_has_its_alternative_text(report, document):
    found = [one.get("descr") for one in document.element.iter() if one.tag.endswith("}docPr")]
    assert found == [figure.alt for figure in report.front.figures()]


def test_the_same_report_gives_the_same_bytes(report):
    assert docx.render(report) == docx.render(report)


def test_a_page_without_numbers_and_pictures_is_a_document_too():
    empty = fronts.report(front=fronts.front(tiles=(), people=()))
    said = {paragraph.text for paragraph in paragraphs(word.Document(io.BytesIO(docx.render(empty))))}
    assert {"Headline", "Ask."} <= said and "Who lives where" not in said


def test_synthetic_stands_in_the_headline():
    made_up = fronts.report(synthetic=True)
    assert "SYNTHETIC – Headline" in {one.text for one in word.Document(io.BytesIO(docx.render(made_up))).paragraphs}


def test_a_missing_package_is_named_with_the_command_that_installs_it(monkeypatch):
    def missing(name: str):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(docx, "import_module", missing)
    with pytest.raises(CallError, match="pip install"):
        docx.check()
