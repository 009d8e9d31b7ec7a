"""Tables in the shapes that people make them: any delimiter, encoding or workbook, as plain rectangles of text."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from iop_analysis.errors import DataError
from iop_analysis.raw import printable
from iop_analysis.raw.reading import open_workbook, said_of_encoding, written
from iop_analysis.raw.sniffing import decode, sniff

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
# The first line by which Excel is told the delimiter.
DECLARATION = "sep="
LOOKED_AT = 200


@dataclass(frozen=True)
class Grid:
    """One sheet (or the one table of a text) as text, row by row, blank rows too.

    `lines` holds the number of each row as a person sees it in the file; `notes` say how the file was read.
    """

    sheet: str
    rows: list[list[str]]
    lines: list[int]
    notes: tuple[str, ...] = ()


def grids(path: Path) -> list[Grid]:
    """Every sheet of a workbook, or the table of a text file, without any guess at its headings.

    Raises
    ------
    DataError
        The file is damaged, is no table, or a quotation mark in it is never closed.
    """
    kind = sniff(path)
    if kind in ("xlsx", "xls", "ods"):
        return _sheets(path)
    if kind != "csv":
        raise DataError(f"{path.name}: a table is needed, this is {kind}; save it as CSV or as a workbook.")
    return [_text_grid(path)]


def _sheets(path: Path) -> list[Grid]:
    found = []
    with open_workbook(path) as workbook:
        for name in workbook.sheet_names:
            cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            rows = [[written(cell) for cell in row] for row in cells]
            found.append(Grid(name, rows, list(range(1, len(rows) + 1))))
    return found


def _text_grid(path: Path) -> Grid:
    text, encoding = decode(path)
    text, hidden = printable.cleared(text)
    notes = said_of_encoding(encoding) + printable.said(hidden)
    first, _, rest = text.partition("\n")
    declared = first.strip().strip('"').lower()
    skipped = 0
    if declared.startswith(DECLARATION):
        delimiter = first.strip().strip('"')[len(DECLARATION) :] or "\t"
        text, skipped = rest, 1
    else:
        delimiter = _likeliest(text)
    lines, rows = _parsed(text, delimiter[:1], path.name)
    if delimiter[:1] != ",":
        notes.append(f"cells are separated by {DELIMITERS.get(delimiter[:1], repr(delimiter))}")
    return Grid("", rows, [line + skipped for line in lines], tuple(notes))


def _likeliest(text: str) -> str:
    """The delimiter by which most of the first lines have the same number of cells, more than one."""
    head = text[: 1 << 16].splitlines()[:LOOKED_AT]
    best, most = ",", (0, 0)
    for delimiter in DELIMITERS:
        widths = Counter(map(len, csv.reader(head, delimiter=delimiter)))
        widths.pop(1, None)
        widths.pop(0, None)
        if widths:
            width, lines = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
            if (lines, width) > most:
                best, most = delimiter, (lines, width)
    return best


def _parsed(text: str, delimiter: str, name: str) -> tuple[list[int], list[list[str]]]:
    """Number of the first line of each row, and its cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines, rows = [], []
    try:
        line = 1
        for row in reader:
            lines.append(line)
            rows.append([cell.strip() for cell in row])
            line = reader.line_num + 1
    except csv.Error as error:
        shown = DELIMITERS.get(delimiter, repr(delimiter))
        raise DataError(
            f"{name}: line {reader.line_num}: {error} (cells taken as separated by {shown}); "
            f"repair the quotes or save the table again."
        ) from error
    return lines, rows
