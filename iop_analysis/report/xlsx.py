"""The report as an Excel workbook: cover, findings, a sheet for the data behind each figure and table, and the words.

Texts are written as strings, so nothing is run as a formula; the only links lead to the workbook's own sheets.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from iop_analysis.raw.workbooks import new_workbook
from iop_analysis.report import sheet_names, words
from iop_analysis.report.model import Box, Bullets, Report, Table

# In letters of the standard font, which is the unit of Excel's columns.
NARROWEST, WIDEST, PAGE, HEADING = 9, 72, 110, 18
SLACK = 1.08  # words do not fill a line to its end
LINE_POINTS = {"title": 21.0, "text": 15.0, "small": 12.5, "warning": 18.0}
HIGHEST_POINTS = 409.0  # that Excel takes
HEAD = 4  # the row of the headings: title, source, n and notes stand above
FOOTER_MOST = 150  # of the 255 letters that Excel takes
LETTER_PAPER = 1
HEADING_LOOK = {"bold": True, "bottom": 2, "valign": "bottom", "bg_color": "#F3F5F8"}
NUMBER_LOOK = {"align": "right", "indent": 1, "text_wrap": False}
LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 15, "font_color": "#00336E"},
    "text": {},
    "small": {"font_size": 9, "font_color": "#4A5464"},
    "head": HEADING_LOOK,
    "head_number": HEADING_LOOK | {"align": "right", "indent": 1},
    "count": NUMBER_LOOK | {"num_format": "#,##0"},
    "share": NUMBER_LOOK | {"num_format": "0%"},
    # What is not quite nothing or everything never looks like it.
    "under 1%": NUMBER_LOOK | {"num_format": '"under 1%"'},
    "over 99%": NUMBER_LOOK | {"num_format": '"over 99%"'},
    "link": {"font_color": "#00336E", "underline": 1, "text_wrap": False},
    "warning": {"bold": True, "bg_color": "#FFD24A"},
}


@dataclass(frozen=True)
class Book:
    """The open workbook with its looks and the report that it renders."""

    report: Report
    workbook: xlsxwriter.Workbook
    looks: dict[str, Format]

    def sheet(self, name: str, source: str) -> Worksheet:
        """A new sheet that prints on letter paper, one page wide, with its source and page in the footer."""
        sheet = self.workbook.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(LETTER_PAPER)
        sheet.set_margins(0.5, 0.5, 0.6, 0.8)
        sheet.fit_to_pages(1, 0)
        line = source if len(source) <= FOOTER_MOST else source[: FOOTER_MOST - 1] + "…"
        sheet.set_footer(f"&L&8{line.replace('&', '&&')}&R&8Page &P of &N")
        sheet.hide_gridlines(2)
        return sheet


def render(report: Report) -> bytes:
    """The workbook's bytes; the same report gives the same bytes."""
    buffer = io.BytesIO()
    workbook = new_workbook(buffer, report.title)
    looks = {name: workbook.add_format({"valign": "top", "text_wrap": True} | look) for name, look in LOOKS.items()}
    book = Book(report, workbook, looks)
    base = next((table.base for table in report.tables() if table.base), "")
    tables = [_findings(report, base), _sentences(report, base), *report.tables()]
    names = sheet_names.names(tables)
    _cover(book, dict(zip(names, tables, strict=True)))
    caveats = _caveats(report)
    for name, table in zip(names, tables, strict=True):
        _sheet(book, name, table, caveats.get(table.key, ()))
    workbook.close()
    return buffer.getvalue()


def _findings(report: Report, base: str) -> Table:
    texts = [finding.text for finding in report.findings]
    frame = pd.DataFrame({"Number": range(1, len(texts) + 1), "Finding": texts})
    return Table("findings", "Findings", frame, report.source_line, " ".join(report.dates), base=base)


def _sentences(report: Report, base: str) -> Table:
    """Every sentence of the report that is no table: explanations, caveats, methods, help lines."""
    rows = []
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, str):
                rows.append((section.title, block))
            elif isinstance(block, Box):
                rows += [(f"{section.title} – {block.title}", line) for line in block.lines]
            elif isinstance(block, Bullets):
                rows += [(section.title, line) for line in block.lines]
    frame = pd.DataFrame(rows, columns=["Section", "Text"])
    return Table("in_words", "What the report says in words, and its methods", frame, report.source_line, base=base)


def _caveats(report: Report) -> dict[str, tuple[str, ...]]:
    """For each table the framed notes of its section: what holds for a figure holds for its numbers."""
    found: dict[str, tuple[str, ...]] = {}
    for section in report.sections:
        lines = tuple(line for block in section.blocks if isinstance(block, Box) for line in block.lines)
        own = [block if isinstance(block, Table) else getattr(block, "table", None) for block in section.blocks]
        found |= {table.key: lines for table in own if table is not None}
    return found


def _cover(book: Book, tables: dict[str, Table]) -> None:
    """Title, question, dates, what each sheet holds with a link to it, and how to cite."""
    report = book.report
    sheet, widths = book.sheet("Cover", report.source_line), [32, 84, 9]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    row = 0
    warning = "SYNTHETIC sample: every facility and every number is invented."
    lines = [("warning", warning)] * report.synthetic + [("title", report.title), ("text", report.question)]
    for look, text in [*lines, *(("text", line) for line in report.dates), ("small", report.source_line)]:
        row = _line(book, sheet, row, text, look, widths)
    for column, heading in enumerate(("Sheet", "What it holds", "Rows")):
        sheet.write_string(row + 1, column, heading, book.looks["head_number" if column == 2 else "head"])
    for line, (name, table) in enumerate(tables.items(), start=row + 2):
        sheet.write_url(line, 0, f"internal:'{name}'!A1", book.looks["link"], name)
        sheet.write_string(line, 1, table.title, book.looks["text"])
        sheet.write_number(line, 2, len(table.frame), book.looks["count"])
    row = _line(book, sheet, row + len(tables) + 3, "How to cite", "head", widths)
    _line(book, sheet, row, report.citation, "text", widths)


def _sheet(book: Book, name: str, table: Table, caveats: tuple[str, ...]) -> None:
    """Title, source, n and notes above; the table with a frozen heading and filters; caveats and citation below."""
    mark = "SYNTHETIC – " if book.report.synthetic else ""
    sheet, widths = book.sheet(name, table.source), _widths(table)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    about = " ".join(filter(None, [_counted(table), table.note]))
    for row, (text, look) in enumerate([(mark + table.title, "title"), (table.source, "small"), (about, "small")]):
        _line(book, sheet, row, text, look, widths)
    _cells(book, sheet, table, widths)
    sheet.freeze_panes(HEAD + 1, 1)
    sheet.repeat_rows(HEAD)
    end = HEAD + len(table.frame)
    if len(table.frame):
        sheet.autofilter(HEAD, 0, end, len(table.frame.columns) - 1)
    end += 1
    for text in (*caveats, f"How to cite: {book.report.citation}"):
        end = _line(book, sheet, end + 1, text, "small", widths)
    sheet.write_url(end + 1, 0, "internal:'Cover'!A1", book.looks["link"], "Back to the cover")


def _counted(table: Table) -> str:
    """What was counted: n, or the column that holds it, or the rows of a list."""
    if table.base:
        return f"{table.base}."
    return "n stands in the column IOPs." if "IOPs" in table.frame else f"n = {words.plural(len(table.frame), 'row')}."


def _widths(table: Table) -> list[int]:
    """Widths of the columns by their longest text; the widest takes the room that is left on the page and needed.

    Empty columns behind the last one give the lines above and below the table a page's width.
    """
    longest = [max([0, *(len(str(value)) for value in table.frame[heading])]) for heading in table.frame]
    needs = [max(NARROWEST, math.ceil(letters * SLACK) + 2) for letters in longest]
    heads = [min(len(str(heading)) + 4, HEADING) for heading in table.frame]
    widths = [max(min(need, WIDEST), head) for need, head in zip(needs, heads, strict=True)]
    left = max(0, PAGE - sum(widths))
    widest = needs.index(max(needs))
    widths[widest] += min(left, max(0, needs[widest] - widths[widest]))
    return widths + [NARROWEST] * math.ceil(max(0, PAGE - sum(widths)) / NARROWEST)


def _lines(text: str, width: float) -> int:
    """Lines that a text takes in a column."""
    return max(1, math.ceil(len(text) * SLACK / width))


def _line(book: Book, sheet: Worksheet, row: int, text: str, look: str, widths: list[int]) -> int:
    """A text across the page, in a row as high as it needs; the row after it."""
    points = LINE_POINTS.get(look, LINE_POINTS["text"])
    letters = sum(widths) * 15.0 / points
    sheet.set_row(row, min(HIGHEST_POINTS, points * _lines(text, letters)))
    if len(widths) > 1:
        sheet.merge_range(row, 0, row, len(widths) - 1, "", book.looks[look])
    sheet.write_string(row, 0, text, book.looks[look])
    return row + 1


def _cells(book: Book, sheet: Worksheet, table: Table, widths: list[int]) -> None:
    """The table itself; rows get the height that their texts need, since not every program finds it out."""
    number = [pd.api.types.is_numeric_dtype(table.frame[heading]) for heading in table.frame]
    headings = [str(heading) or "Group" for heading in table.frame]
    for column, heading in enumerate(headings):
        sheet.write_string(HEAD, column, heading, book.looks["head_number" if number[column] else "head"])
    # The button of the filter covers the end of a heading.
    _height(sheet, HEAD, [f"{heading}    " for heading in headings], widths)
    for row, values in enumerate(table.frame.itertuples(index=False, name=None), start=HEAD + 1):
        for column, value in enumerate(values):
            _cell(book, sheet, row, column, value, table.frame.columns[column] in table.shares)
        _height(sheet, row, ["" if number[column] else str(value) for column, value in enumerate(values)], widths)
    # Years and codes are texts on purpose.
    sheet.ignore_errors({"number_stored_as_text": f"A{HEAD + 2}:ZZ{HEAD + 2 + len(table.frame)}"})


def _height(sheet: Worksheet, row: int, texts: list[str], widths: list[int]) -> None:
    lines = max(_lines(text, width) for text, width in zip(texts, widths, strict=False))
    sheet.set_row(row, min(HIGHEST_POINTS, LINE_POINTS["text"] * lines))


def _cell(book: Book, sheet: Worksheet, row: int, column: int, value: object, share: bool) -> None:
    if pd.isna(value):  # type: ignore[call-overload]
        sheet.write_blank(row, column, None, book.looks["text"])
    elif isinstance(value, int | float):
        said = words.percent(value) if share else ""
        look = said if said in book.looks else "share" if share else "count"
        sheet.write_number(row, column, value, book.looks[look])
    else:
        sheet.write_string(row, column, str(value), book.looks["text"])
