"""Workbooks: every sheet says what it is and where it comes from, reads well, prints well, and runs nothing."""

import io
import re
from dataclasses import replace

import fronts
import openpyxl
import pandas as pd
import pytest

from iop_analysis import catalog
from iop_analysis.report import xlsx
from iop_analysis.report.model import Report, Section, Table

HOSTILE = ['=HYPERLINK("http://x","<script>alert(1)</script>")', "+1", "-2", "@x", "http://x.example", "mailto:a@b.c"]


@pytest.fixture(scope="module")
def report(carried_report) -> Report:
    return carried_report("NJ")


@pytest.fixture(scope="module")
def workbook(report) -> openpyxl.Workbook:
    return opened(report)


def opened(report: Report) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx.render(report)))


def one_table(table: Table, *blocks: object) -> Report:
    return fronts.report(Section("people", "Names", (*blocks, table)))


def cells(workbook: openpyxl.Workbook) -> list:
    return [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]


def rows_of(sheet, name: str) -> list[list]:
    """Cells of one of a sheet's tables, its headings first."""
    return [[cell.value for cell in row] for row in sheet[sheet.tables[name].ref]]


def table_under(sheet, title: str) -> list[list]:
    """Cells of the table whose title stands above it."""
    row = next(cell.row for cell in sheet["A"] if cell.value == title)
    name = next(
        name for name, one in ((one.name, one) for one in sheet.tables.values()) if one.ref.startswith(f"A{row + 3}:")
    )
    return rows_of(sheet, name)


def test_texts_are_never_formulas_nor_links():
    frame = pd.DataFrame({"Name": HOSTILE, "Count": range(len(HOSTILE))})
    report = one_table(Table("names", HOSTILE[0], frame, "Source: test."))
    workbook = opened(replace(report, title=HOSTILE[0], front=fronts.front(headline=HOSTILE[0])))
    assert not [cell for cell in cells(workbook) if cell.data_type == "f"]
    links = [cell.hyperlink for cell in cells(workbook) if cell.hyperlink]
    assert links and all(link.location and not link.target for link in links), "links stay inside the workbook"
    assert set(HOSTILE) <= {cell.value for cell in cells(workbook)}, "texts are kept as they are"


def test_the_only_formulas_are_totals_of_the_counts_above_them(workbook):
    formulas = [cell for cell in cells(workbook) if cell.data_type == "f"]
    assert formulas
    assert all(re.fullmatch(r"=SUBTOTAL\(109,\[.*\]\)", str(cell.value)) for cell in formulas)
    rows = table_under(workbook["Counties"], "Listed IOPs by county, and how many meet each need")
    assert rows[-1][0] == "Total"


def test_a_workbook_has_at_most_fifteen_sheets_and_its_cover_links_each(report, workbook):
    assert len(workbook.sheetnames) <= 15
    links = {
        cell.value: cell.hyperlink.location for row in workbook["Cover"].iter_rows() for cell in row if cell.hyperlink
    }
    assert list(links) == workbook.sheetnames[1:]
    assert all(target == f"'{name}'!A1" for name, target in links.items())
    said = {cell.value for row in workbook["Cover"].iter_rows() for cell in row}
    assert {report.title, report.front.headline, report.citation} <= said


def test_every_section_of_a_report_has_a_sheet_for_its_tables(report):
    names = {row["section"] for row in catalog.read_rows("sheets.csv")}
    assert {section.key.removesuffix("_tables") for section in (*report.sections, *report.appendix)} <= names
    assert len({row["sheet"] for row in catalog.read_rows("sheets.csv")}) + 3 <= 15
    counted = sum(len(tables) for tables in xlsx.by_sheet(report).values())
    assert counted == len(report.tables())


def test_page_one_stands_in_the_workbook_with_a_chart_of_excels_own(report, workbook):
    sheet = workbook["Page one"]
    said = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {report.front.headline, report.front.ask, *report.front.people, *report.front.levers} <= said
    (chart,) = sheet._charts
    frame = report.front.chart.table.frame
    assert len(chart.series) == len(frame.columns) - 1
    reference = chart.series[0].val.numRef.f
    name, cells = reference.replace("$", "").split("!")
    values = [row[0].value for row in workbook[name.strip("'")][cells]]
    assert values == frame.iloc[:, 1].tolist(), "the bars are drawn from the numbers of the table"


def test_every_sheet_carries_source_n_and_citation(report, workbook):
    for sheet in workbook.worksheets[1:]:
        assert "Source:" in sheet["A2"].value
        assert re.search(r"\bn (= [\d,]+|stands in)", sheet["A3"].value), sheet.title
        assert any(report.citation in str(row[0].value) for row in sheet.iter_rows()), sheet.title
        assert "&P of &N" in sheet.oddFooter.right.text and "Source:" in sheet.oddFooter.left.text


def test_every_table_can_be_filtered_and_printed_on_pages_of_one_width(workbook):
    for sheet in workbook.worksheets[1:]:
        assert sheet.tables
        assert all(table.autoFilter is not None for table in sheet.tables.values())
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0


def test_at_least_and_at_most_are_numbers_in_columns_of_their_own(workbook):
    rows = table_under(workbook["Counties"], "Listed IOPs by county, and how many meet each need")
    heads = rows[0]
    assert {"List Medicaid, at least", "List Medicaid, at most"} <= set(heads)
    assert all(isinstance(value, int) for row in rows[1:-1] for value in row[1:])
    spans = [str(cell.value) for cell in cells(workbook) if re.fullmatch(r"[\d,]+ to [\d,]+", str(cell.value))]
    assert not spans, "no range stands in a cell as a text"


def test_years_are_numbers_without_separators(workbook):
    rows = table_under(workbook["Survey years"], next(c.value for c in workbook["Survey years"]["A"] if c.value))
    column = rows[0].index("Survey year")
    assert all(isinstance(row[column], int) for row in rows[1:])


@pytest.mark.parametrize(
    ("share", "look"), [(0.0, "0%"), (0.47, "0%"), (1.0, "0%"), (0.002, '"under 1%"'), (0.998, '"over 99%"')]
)
def test_a_share_never_looks_like_nothing_or_everything_unless_it_is(share, look):
    frame = pd.DataFrame({"Place": ["x"], "Share": [share]})
    sheet = opened(one_table(Table("t", "T", frame, "Source: test.", shares=("Share",)))).worksheets[-1]
    cell = sheet.cell(xlsx.TABLE_HEAD + 2, 2)
    assert cell.value == share
    assert cell.number_format == look


def test_long_texts_get_rows_high_enough_and_columns_no_wider_than_a_page():
    frame = pd.DataFrame({"Word": ["a", "b"], "Meaning": ["word " * 100, "short"]})
    sheet = opened(one_table(Table("t", "T", frame, "Source: test."))).worksheets[-1]
    assert sheet.row_dimensions[xlsx.TABLE_HEAD + 2].height >= 5 * xlsx.LINE_POINTS["text"]
    assert sheet.row_dimensions[xlsx.TABLE_HEAD + 3].height is None, "one line is the height of a row anyway"
    assert sheet.cell(xlsx.TABLE_HEAD + 2, 2).alignment.wrap_text
    assert all(column.width <= xlsx.PAGE for column in sheet.column_dimensions.values())


def test_a_very_long_text_stays_within_the_height_that_excel_takes():
    frame = pd.DataFrame({"Text": ["word " * 5000]})
    sheet = opened(one_table(Table("t", "T", frame, "Source: test."))).worksheets[-1]
    assert 400 < sheet.row_dimensions[xlsx.TABLE_HEAD + 2].height <= xlsx.HIGHEST_POINTS


def test_the_same_report_gives_the_same_bytes(report):
    assert xlsx.render(report) == xlsx.render(report)
