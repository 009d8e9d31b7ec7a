"""The report as an Excel workbook: cover, findings, one sheet for the data behind every figure and table."""

from __future__ import annotations

import io
import re

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from iop_analysis.report.model import Report, Table
from iop_analysis.workbooks import new_workbook

SHEET_NAME_MOST = 31
WIDEST = 60


def render(report: Report) -> bytes:
    """The workbook's bytes; the same report gives the same bytes.

    Facility names and other texts are written as strings: nothing that Excel would run as a formula or a link.
    """
    buffer = io.BytesIO()
    workbook = new_workbook(buffer, report.title)
    styles = _styles(workbook)
    _cover(workbook.add_worksheet("Cover"), report, styles)
    used = {"cover"}
    for table in report.tables():
        _sheet(workbook.add_worksheet(_sheet_name(table, used)), report, table, styles)
    workbook.close()
    return buffer.getvalue()


def _styles(workbook: xlsxwriter.Workbook) -> dict[str, Format]:
    return {
        "title": workbook.add_format({"bold": True, "font_size": 15, "text_wrap": True, "valign": "top"}),
        "text": workbook.add_format({"text_wrap": True, "valign": "top"}),
        "small": workbook.add_format({"font_size": 9, "font_color": "#4A5464"}),
        "head": workbook.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom"}),
        "count": workbook.add_format({"num_format": "#,##0", "valign": "top"}),
        "share": workbook.add_format({"num_format": "0%", "valign": "top"}),
        "warning": workbook.add_format({"bold": True, "bg_color": "#FFD24A", "text_wrap": True}),
    }


def _cover(sheet: Worksheet, report: Report, styles: dict[str, Format]) -> None:
    sheet.set_column(0, 0, 100)
    lines = [(report.title, "title"), (report.question, "text"), *((line, "text") for line in report.dates)]
    if report.synthetic:
        lines.insert(0, ("SYNTHETIC sample: every facility and number is invented.", "warning"))
    lines += [("Findings", "head"), *((finding.text, "text") for finding in report.findings)]
    lines += [("How to cite", "head"), (report.citation, "text")]
    for row, (text, style) in enumerate(lines):
        sheet.write_string(row, 0, text, styles[style])


def _sheet(sheet: Worksheet, report: Report, table: Table, styles: dict[str, Format]) -> None:
    """Title, source and citation above; the table from row 5 on, with a frozen heading and filters."""
    mark = "SYNTHETIC – " if report.synthetic else ""
    sheet.write_string(0, 0, mark + table.title, styles["title"])
    sheet.write_string(1, 0, table.source, styles["small"])
    sheet.write_string(2, 0, f"{table.note} n = {len(table.frame)} rows. {report.citation}".strip(), styles["small"])
    top = 4
    for column, heading in enumerate(table.frame.columns):
        sheet.write_string(top, column, heading or "Group", styles["head"])
        values = table.frame[heading]
        for row, value in enumerate(values, start=top + 1):
            _write(sheet, row, column, value, heading in table.shares, styles)
        longest = max([len(heading), *(len(str(value)) for value in values)], default=10)
        sheet.set_column(column, column, min(max(9, longest + 2), WIDEST))
    sheet.set_row(0, 22)
    sheet.freeze_panes(top + 1, 1)
    if len(table.frame):
        sheet.autofilter(top, 0, top + len(table.frame), len(table.frame.columns) - 1)


def _write(sheet: Worksheet, row: int, column: int, value: object, share: bool, styles: dict[str, Format]) -> None:
    if isinstance(value, float) and pd.isna(value):
        sheet.write_blank(row, column, None, styles["text"])
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, styles["share" if share else "count"])
    else:
        sheet.write_string(row, column, str(value), styles["text"])


def _sheet_name(table: Table, used: set[str]) -> str:
    """A name that Excel takes: at most 31 letters, none of its reserved signs, unique without regard to case."""
    plain = re.sub(r"[\[\]:*?/\\']", " ", table.key.replace("_", " ")).strip()[: SHEET_NAME_MOST - 3] or "table"
    name, number = plain, 2
    while name.lower() in used:
        name, number = f"{plain} {number}", number + 1
    used.add(name.lower())
    return name
