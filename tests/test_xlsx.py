"""Workbooks: every sheet says what it is and where it comes from, reads well, prints well, and runs nothing."""

import io
import re
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from iop_analysis.report import gathered, sheet_names, state, xlsx
from iop_analysis.report.model import Box, Finding, Report, Section, Table

HOSTILE = ['=HYPERLINK("http://x","<script>alert(1)</script>")', "+1", "-2", "@x", "http://x.example", "mailto:a@b.c"]


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Report:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IOP_DATA", str(tmp_path_factory.mktemp("empty")))
        return state.state_report(gathered.gather("NJ"))


@pytest.fixture(scope="module")
def workbook(report) -> openpyxl.Workbook:
    return opened(report)


def opened(report: Report) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx.render(report)))


def one_table(table: Table, *blocks: object) -> Report:
    section = Section("names", "Names", (*blocks, table))
    return Report(
        "CO",
        "Colorado",
        "Title",
        "?",
        False,
        ("Date",),
        (Finding("1", "Finding"),),
        (section,),
        "Source: test.",
        "Cite.",
    )


def cells(workbook: openpyxl.Workbook) -> list:
    return [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]


def heading_row(sheet) -> list:
    return [cell.value for cell in sheet[xlsx.HEAD + 1] if cell.value]


def test_texts_are_never_formulas_nor_links():
    frame = pd.DataFrame({"Name": HOSTILE, "Count": range(len(HOSTILE))})
    report = one_table(Table("names", HOSTILE[0], frame, "Source: test."))
    workbook = opened(replace(report, title=HOSTILE[0], findings=(Finding("1", HOSTILE[0]),)))
    assert not [cell for cell in cells(workbook) if cell.data_type == "f"]
    links = [cell.hyperlink for cell in cells(workbook) if cell.hyperlink]
    assert links and all(link.location and not link.target for link in links), "links stay inside the workbook"
    assert set(HOSTILE) <= {cell.value for cell in cells(workbook)}, "texts are kept as they are"


def test_the_cover_names_and_links_every_sheet(report, workbook):
    links = {
        cell.value: cell.hyperlink.location for row in workbook["Cover"].iter_rows() for cell in row if cell.hyperlink
    }
    assert list(links) == workbook.sheetnames[1:]
    assert all(target == f"'{name}'!A1" for name, target in links.items())
    said = {cell.value for row in workbook["Cover"].iter_rows() for cell in row}
    assert {report.title, report.question, *report.dates, report.citation} <= said


def test_there_is_a_sheet_for_the_findings_the_words_and_each_table(report, workbook):
    assert workbook.sheetnames[:3] == ["Cover", "Findings", "In words"]
    assert len(workbook.sheetnames) == 3 + len(report.tables())
    assert [row[1].value for row in workbook["Findings"].iter_rows(min_row=xlsx.HEAD + 2)][: len(report.findings)] == [
        finding.text for finding in report.findings
    ]
    assert "Dictionary" in workbook.sheetnames and "Files" in workbook.sheetnames


def test_every_sheet_carries_source_n_and_citation(report, workbook):
    for sheet in workbook.worksheets[1:]:
        assert "Source:" in sheet["A2"].value
        assert re.search(r"\bn (= [\d,]+|stands in)", sheet["A3"].value), sheet.title
        assert any(report.citation in str(row[0].value) for row in sheet.iter_rows()), sheet.title
        assert "&P of &N" in sheet.oddFooter.right.text and "Source:" in sheet.oddFooter.left.text


def test_every_sheet_can_be_filtered_scrolled_and_printed_on_pages_of_one_width(workbook):
    for sheet in workbook.worksheets[1:]:
        assert sheet.freeze_panes == f"B{xlsx.HEAD + 2}"
        assert sheet.auto_filter.ref.startswith(f"A{xlsx.HEAD + 1}:")
        assert sheet.print_title_rows == f"${xlsx.HEAD + 1}:${xlsx.HEAD + 1}"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0


def test_numbers_are_numbers_with_a_format_and_what_is_not_given_is_empty(report, workbook):
    table = next(table for table in report.tables() if table.key == "counties_medicaid")
    sheet = workbook["Counties – Medicaid"]
    wide = len(table.frame.columns)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=xlsx.HEAD + 2, max_col=wide)]
    shown = pd.DataFrame(rows[: len(table.frame)], columns=table.frame.columns)
    pd.testing.assert_frame_equal(shown, table.frame, check_dtype=False)
    assert heading_row(sheet) == list(table.frame.columns)
    formats = {sheet.cell(xlsx.HEAD + 2, column).number_format for column in (2, 3)}
    assert formats == {"#,##0"}


@pytest.mark.parametrize(
    ("share", "look"), [(0.0, "0%"), (0.47, "0%"), (1.0, "0%"), (0.002, '"under 1%"'), (0.998, '"over 99%"')]
)
def test_a_share_never_looks_like_nothing_or_everything_unless_it_is(share, look):
    frame = pd.DataFrame({"Place": ["x"], "Share": [share]})
    sheet = opened(one_table(Table("t", "T", frame, "Source: test.", shares=("Share",)))).worksheets[-1]
    cell = sheet.cell(xlsx.HEAD + 2, 2)
    assert cell.value == share
    assert cell.number_format == look


def test_a_framed_note_stands_on_the_sheets_of_its_section():
    frame = pd.DataFrame({"Place": ["x"]})
    sheet = opened(one_table(Table("t", "T", frame, "Source: test."), Box("Careful", ("Mind this.",)))).worksheets[-1]
    assert "Mind this." in [row[0].value for row in sheet.iter_rows()]


def test_long_texts_get_rows_high_enough_and_columns_no_wider_than_a_page():
    frame = pd.DataFrame({"Word": ["a", "b"], "Meaning": ["word " * 100, "short"]})
    sheet = opened(one_table(Table("t", "T", frame, "Source: test."))).worksheets[-1]
    assert sheet.row_dimensions[xlsx.HEAD + 2].height >= 5 * xlsx.LINE_POINTS["text"]
    assert sheet.row_dimensions[xlsx.HEAD + 3].height is None, "one line is the height of a row anyway"
    assert sheet.cell(xlsx.HEAD + 2, 2).alignment.wrap_text
    assert all(column.width <= xlsx.PAGE for column in sheet.column_dimensions.values())


def test_a_very_long_text_stays_within_the_height_that_excel_takes():
    frame = pd.DataFrame({"Text": ["word " * 5000]})
    sheet = opened(one_table(Table("t", "T", frame, "Source: test."))).worksheets[-1]
    assert 400 < sheet.row_dimensions[xlsx.HEAD + 2].height <= xlsx.HIGHEST_POINTS


def test_sheet_names_are_readable_short_and_unique():
    frame = pd.DataFrame({"Place": ["x"]})
    keys = ["counties_medicaid", "counties_medicaid", "cover", "a[b]:c*d?e/f", "x" * 40, "x" * 40]
    names = sheet_names.names([Table(key, "T", frame, "S") for key in keys])
    assert names[:3] == ["Counties – Medicaid", "Counties – Medicaid 2", "Cover 2"]
    assert len({name.lower() for name in names}) == len(names)
    assert all(len(name) <= sheet_names.MOST and not re.search(r"[\[\]:*?/\\']", name) for name in names)


def test_the_same_report_gives_the_same_bytes(report):
    assert xlsx.render(report) == xlsx.render(report)
