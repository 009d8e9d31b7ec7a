"""The report as an Excel workbook of few sheets: cover, page one with a chart, the words, and the tables by subject.

Numbers are numbers, at least and at most in columns of their own. Texts are written as strings, so nothing that a
publisher wrote is run as a formula; the only formulas are the totals, and the only links lead to the own sheets.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from iop_analysis import catalog
from iop_analysis.raw.workbooks import new_workbook
from iop_analysis.report import words
from iop_analysis.report.blocks import DAY_AND_NIGHT as ALWAYS
from iop_analysis.report.model import Box, Bullets, Report, Table

# In letters of the standard font, which is the unit of Excel's columns.
NARROWEST, WIDEST, PAGE, HEADING = 9, 72, 110, 18
SLACK = 1.08  # words do not fill a line to its end
LINE_POINTS = {"title": 21.0, "text": 15.0, "small": 12.5, "warning": 18.0}
HIGHEST_POINTS = 409.0  # that Excel takes
FOOTER_MOST = 150  # of the 255 letters that Excel takes
LETTER_PAPER = 1
TABLE_HEAD = 3  # the row of the first headings of a sheet: title, source, n and notes stand above
CHART_LOOKS = {"Yes": "#00336E", ALWAYS[:1].upper() + ALWAYS[1:]: "#8DBAE0", "Not known": "#FFFFFF", "No": "#DFE3E8"}
HEADING_LOOK = {"bold": True, "bottom": 2, "valign": "bottom", "bg_color": "#F3F5F8"}
NUMBER_LOOK = {"align": "right", "indent": 1, "text_wrap": False}
LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 15, "font_color": "#00336E"},
    "text": {},
    "small": {"font_size": 9, "font_color": "#4A5464"},
    "head": HEADING_LOOK,
    "head_number": HEADING_LOOK | {"align": "right", "indent": 1},
    "count": NUMBER_LOOK | {"num_format": "#,##0"},
    "measure": NUMBER_LOOK | {"num_format": "#,##0.0"},
    "year": NUMBER_LOOK | {"num_format": "0"},
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
    sheets = {"Page one": [_page_one(report)], "In words": [_sentences(report)]} | by_sheet(report)
    _cover(book, sheets)
    for name, tables in sheets.items():
        _sheet(book, name, tables)
    if report.front.chart is not None:
        _chart(book, report.front.chart.table)
    workbook.close()
    return buffer.getvalue()


def by_sheet(report: Report) -> dict[str, list[Table]]:
    """The tables of a report by the sheet that they stand on, from `catalog/sheets.csv`; each table once."""
    names = {row["section"]: row["sheet"] for row in catalog.read_rows("sheets.csv")}
    found: dict[str, dict[tuple[str, str], Table]] = {name: {} for name in dict.fromkeys(names.values())}
    for table in report.front.tables():
        found[names["front"]][table.key, table.title] = table
    for section in (*report.sections, *report.appendix):
        sheet = found[names[section.key.removesuffix("_tables")]]
        sheet |= {(table.key, table.title): table for table in section.tables()}
    return {name: list(tables.values()) for name, tables in found.items() if tables}


def _page_one(report: Report) -> Table:
    """Every sentence of page one, with its part and, for a tile, its figure."""
    front = report.front
    rows = [("Headline", "", front.headline), ("Sub-line", "", front.subline)]
    rows += [("Number", tile.figure, f"{tile.noun}. {tile.note}".strip()) for tile in front.tiles]
    rows += [("Residents", "", line) for line in front.people] + [("Lever", "", line) for line in front.levers]
    rows += [("The ask", "", front.ask), ("Who is counted", "", front.counted), ("How to read", "", front.read)]
    rows += [("Help", "", f"{front.finder} {front.help}")]
    frame = pd.DataFrame(rows, columns=["Part", "Figure", "Words"])
    return Table("page_one", f"Page one: {front.kicker}", frame, f"{report.source_line} Made on {front.made}.")


def _sentences(report: Report) -> Table:
    """Every sentence of the report that is no table: explanations, caveats, methods, help lines."""
    rows = []
    for section in (*report.sections, *report.appendix):
        for block in section.blocks:
            if isinstance(block, str):
                rows.append((section.title, block))
            elif isinstance(block, Box):
                rows += [(f"{section.title} – {block.title}", line) for line in block.lines]
            elif isinstance(block, Bullets):
                rows += [(section.title, line) for line in block.lines]
    frame = pd.DataFrame(rows, columns=["Section", "Text"])
    return Table("in_words", "What the report says in words, and its methods", frame, report.source_line)


def _cover(book: Book, sheets: dict[str, list[Table]]) -> None:
    """Title, headline, what each sheet holds with a link to it, and how to cite."""
    report = book.report
    sheet, widths = book.sheet("Cover", report.source_line), [32, 84, 9]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    row = 0
    warning = "SYNTHETIC sample: every facility and every number is invented."
    lines = [("warning", warning)] * report.synthetic + [("title", report.title), ("text", report.front.headline)]
    lines += [("text", report.front.what), ("small", f"{report.source_line} Made on {report.front.made}.")]
    for look, text in lines:
        row = _line(book, sheet, row, text, look, widths)
    for column, heading in enumerate(("Sheet", "What it holds", "Rows")):
        sheet.write_string(row + 1, column, heading, book.looks["head_number" if column == 2 else "head"])
    for line, (name, tables) in enumerate(sheets.items(), start=row + 2):
        sheet.write_url(line, 0, f"internal:'{name}'!A1", book.looks["link"], name)
        titles = "; ".join(table.title for table in tables)
        sheet.write_string(line, 1, titles, book.looks["text"])
        sheet.set_row(line, LINE_POINTS["text"] * _lines(titles, widths[1]))
        sheet.write_number(line, 2, sum(len(table.frame) for table in tables), book.looks["count"])
    row = _line(book, sheet, row + len(sheets) + 3, "How to cite", "head", widths)
    _line(book, sheet, row, report.citation, "text", widths)


def _sheet(book: Book, name: str, tables: list[Table]) -> None:
    """The tables of a sheet one below the other, each with title, source, n and notes; the citation below."""
    sheet = book.sheet(name, tables[0].source)
    frames = [shown(table) for table in tables]
    widths = [max(part) for part in zip_longest(*map(_widths, frames), fillvalue=NARROWEST)]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    row = 0
    for table, frame in zip(tables, frames, strict=True):
        mark = "SYNTHETIC – " if book.report.synthetic else ""
        about = " ".join(filter(None, [_counted(table), table.note]))
        for text, look in [(mark + table.title, "title"), (table.source, "small"), (about, "small")]:
            row = _line(book, sheet, row, text, look, widths)
        row = _cells(book, sheet, row, table, frame, widths) + 2
    row = _line(book, sheet, row, f"How to cite: {book.report.citation}", "small", widths)
    sheet.write_url(row + 1, 0, "internal:'Cover'!A1", book.looks["link"], "Back to the cover")


def shown(table: Table) -> pd.DataFrame:
    """What the workbook shows of a table: its numbers, where it has them apart from its words; years as numbers."""
    frame = table.frame if table.numbers is None else table.numbers
    frame = frame.rename(columns={name: str(name) or "Group" for name in frame})
    years = [
        name
        for name in map(str, frame)
        if "year" in name.lower() and frame[name].astype(str).str.fullmatch(r"\d{4}").all()
    ]
    return frame.astype(dict.fromkeys(years, "int64"))


def _counted(table: Table) -> str:
    """What was counted: n, or the column that holds it, or the rows of a list."""
    if table.base:
        return f"{table.base}."
    return "n stands in the column IOPs." if "IOPs" in table.frame else f"n = {words.plural(len(table.frame), 'row')}."


def _chart(book: Book, table: Table) -> None:
    """A chart of Excel's own on the sheet of page one, from the cells of the table behind the drawing."""
    name = next(row["sheet"] for row in catalog.read_rows("sheets.csv") if row["section"] == "front")
    frame = shown(table)
    head = TABLE_HEAD
    chart = book.workbook.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for column, heading in enumerate(list(map(str, frame))[1:], start=1):
        series = {"name": [name, head, column], "categories": [name, head + 1, 0, head + len(frame), 0]}
        values = [name, head + 1, column, head + len(frame), column]
        ink = "#FFFFFF" if heading == "Yes" else "#1C2430"
        labels = {"value": True, "num_format": "#,##0;;", "font": {"color": ink}}
        look = {"fill": {"color": CHART_LOOKS[heading]}, "border": {"color": "#4A5464"}, "data_labels": labels}
        chart.add_series(series | {"values": values} | look)
    chart.set_title({"name": table.title, "name_font": {"size": 12}})
    chart.set_y_axis({"reverse": True})
    chart.set_legend({"position": "bottom"})
    options = {"x_scale": 1.4, "y_scale": 1.1, "description": f"Stacked bars: {table.title}"}
    below = len(_page_one(book.report).frame) + 8
    book.workbook.get_worksheet_by_name("Page one").insert_chart(below, 0, chart, options)


def _widths(frame: pd.DataFrame) -> list[int]:
    """Widths of the columns by their longest text; the widest takes the room that is left on the page and needed.

    Empty columns behind the last one give the lines above and below the table a page's width.
    """
    longest = [max([0, *(len(str(value)) for value in frame[heading])]) for heading in frame]
    needs = [max(NARROWEST, math.ceil(letters * SLACK) + 2) for letters in longest]
    heads = [min(len(str(heading)) + 4, HEADING) for heading in frame]
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


def _cells(book: Book, sheet: Worksheet, head: int, table: Table, frame: pd.DataFrame, widths: list[int]) -> int:
    """The table with filters, and with totals where its counts add up; the row after it."""
    number = [pd.api.types.is_numeric_dtype(frame[heading]) for heading in frame]
    end = head + max(1, len(frame))
    totals = [_total(book, table, frame, str(heading)) for heading in frame]
    whole = table.total and len(frame) > 1
    columns = [
        {"header": heading, "header_format": book.looks["head_number" if counts else "head"], **total}
        for heading, counts, total in zip(frame, number, totals, strict=True)
    ]
    if whole:
        columns[0] |= {"total_string": "Total"}
    style = {"style": None, "total_row": whole, "columns": columns}
    sheet.add_table(head, 0, end + whole, len(columns) - 1, style)
    # The button of the filter covers the end of a heading.
    _height(sheet, head, [f"{heading}    " for heading in frame], widths)
    for row, values in enumerate(frame.itertuples(index=False, name=None), start=head + 1):
        for column, value in enumerate(values):
            _cell(book, sheet, row, column, value, str(frame.columns[column]), table)
        _height(sheet, row, ["" if number[column] else str(value) for column, value in enumerate(values)], widths)
    return end + whole + 1


def _total(book: Book, table: Table, frame: pd.DataFrame, heading: str) -> dict[str, Any]:
    """How the total of a column is made, with its value for readers that do not compute."""
    counts = pd.api.types.is_integer_dtype(frame[heading]) and "year" not in heading.lower()
    if not (table.total and counts):
        return {}
    return {"total_function": "sum", "total_value": int(frame[heading].sum()), "format": book.looks["count"]}


def _height(sheet: Worksheet, row: int, texts: list[str], widths: list[int]) -> None:
    lines = max(_lines(text, width) for text, width in zip(texts, widths, strict=False))
    sheet.set_row(row, min(HIGHEST_POINTS, LINE_POINTS["text"] * lines))


def _cell(book: Book, sheet: Worksheet, row: int, column: int, value: object, heading: str, table: Table) -> None:
    if pd.isna(value):  # type: ignore[call-overload]
        sheet.write_blank(row, column, None, book.looks["text"])
    elif isinstance(value, int | float):
        said = words.percent(value) if heading in table.shares else ""
        look = said if said in book.looks else "share" if said else _number_look(heading, value)
        sheet.write_number(row, column, value, book.looks[look])
    else:
        sheet.write_string(row, column, str(value), book.looks["text"])


def _number_look(heading: str, value: float) -> str:
    """The format of a number that is no share: years without separators, measures with a decimal, counts whole."""
    if "year" in heading.lower():
        return "year"
    return "count" if isinstance(value, int) or float(value).is_integer() else "measure"
