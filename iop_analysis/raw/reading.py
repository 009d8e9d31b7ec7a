"""A publisher's table as text: every cell a string, a missing one empty, nothing guessed."""

from __future__ import annotations

import csv
import io
import os
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from python_calamine import CalamineError, CalamineWorkbook

from iop_analysis.errors import DataError
from iop_analysis.raw import printable
from iop_analysis.raw.old_workbooks import OldWorkbook, read_old_workbook
from iop_analysis.raw.sniffing import decode, sniff

WORKBOOKS = ("xlsx", "xls", "ods")
STDERR = 2
# Characters above which a CSV is read at once, and bytes of it that are read together.
LARGE, BLOCK = 5_000_000, 64_000_000
BLANK_LINE = re.compile(r"\n\r?\n")
BROKEN_WORKBOOK = (CalamineError, ValueError, OSError, OverflowError, MemoryError, zipfile.BadZipFile)


def read_text_table(path: Path) -> pd.DataFrame:
    """Rows of a CSV file as text under its headings, in UTF-8, UTF-16 with a mark, or else in Windows-1252.

    Rows without any text are left out. What was done in reading stands in `table.attrs["notes"]`, a list of
    sentences (absent where there is nothing to say).

    Raises
    ------
    DataError
        The file is not a text table, a line has more or fewer cells than the heading, or a heading stands twice.
    """
    _expect(path, ("csv",))
    text, encoding = decode(path)
    text, hidden = printable.cleared(text)
    notes = said_of_encoding(encoding) + printable.said(hidden)
    if (quick := _quick_table(text, path.name)) is not None:
        quick.attrs |= {"notes": notes} if notes else {}
        return quick
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [(lines.line_num, row) for row in lines]
    except csv.Error as error:
        raise DataError(f"{path.name}: line {lines.line_num}: {error}; repair the quotes or download again.") from error
    width = len(_headings(rows[0][1], path.name))
    for line, row in rows:
        if len(row) != width and any(row):
            raise DataError(
                f"{path.name}: line {line} has {len(row)} cells where the heading has {width}; "
                f"repair the line or download the file again."
            )
    return _table([row for _, row in rows], path.name, notes)


def _quick_table(text: str, name: str) -> pd.DataFrame | None:
    """A large CSV read at once; None where it is small, or anything about it needs the reader that names the line."""
    if len(text) < LARGE or BLANK_LINE.search(text):
        return None
    names = next(csv.reader(io.StringIO(text[: text.find("\n") + 1], newline="")))
    headings = _headings(list(names), name)
    types = {heading: pa.large_string() for heading in headings}
    if len(types) < len(headings) or not all(headings):
        return None
    try:
        table = pa.csv.read_csv(
            io.BytesIO(text.encode()),
            pa.csv.ReadOptions(column_names=headings, skip_rows=1, block_size=BLOCK),
            pa.csv.ParseOptions(newlines_in_values=True),
            pa.csv.ConvertOptions(column_types=types, strings_can_be_null=False),
        ).combine_chunks()
    except (pa.ArrowInvalid, UnicodeEncodeError):
        return None
    blank = pc.equal(table[0], "")
    if pc.any(blank).as_py() and _any_blank(table.filter(blank)):
        return None
    read: pd.DataFrame = table.to_pandas(types_mapper=lambda _: pd.StringDtype(na_value=float("nan")))
    read.attrs |= {"first_row": 2, "blank_rows": ()}
    return read


def _any_blank(rows: pa.Table) -> bool:
    """Whether any row has no text at all."""
    filled = [pc.not_equal(column.combine_chunks(), "").to_numpy(zero_copy_only=False) for column in rows.columns]
    return not bool(np.logical_or.reduce(filled).all())


def said_of_encoding(encoding: str) -> list[str]:
    """The note on a text that is not UTF-8."""
    shown = {"cp1252": "Windows-1252", "utf-16": "UTF-16"}.get(encoding)
    return [f"the text is not UTF-8 and was read as {shown}"] if shown else []


def read_workbook(path: Path, sheet: str | None = None) -> pd.DataFrame:
    """Rows of one sheet (the first, or the one that is named) of an Excel workbook as text under its headings.

    Whole numbers come without ".0", dates as YYYY-MM-DD, missing cells as "". Rows without any text are left out
    and counted in `table.attrs["notes"]`.

    Raises
    ------
    DataError
        The file is no readable workbook, lacks the sheet, or has a heading twice.
    """
    return read_sheets(path, [sheet])[0]


def read_sheets(path: Path, sheets: Sequence[str | None]) -> list[pd.DataFrame]:
    """Several sheets of a workbook that is opened once; see `read_workbook`."""
    with open_workbook(path) as workbook:
        return [_read_sheet(workbook, sheet, path.name) for sheet in sheets]


@contextmanager
def open_workbook(path: Path) -> Iterator[CalamineWorkbook | OldWorkbook]:
    """A workbook (.xlsx, .xls, .ods) that is safe to open; damage that shows while it is read is a `DataError`."""
    if _expect(path, WORKBOOKS) == "xls":
        yield read_old_workbook(path)
        return
    try:
        with _hushed(), CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes())) as workbook:
            yield workbook
    except DataError:
        raise
    except BaseException as error:
        # A damaged workbook can make the library panic, which is no Exception: it carries that name.
        if not isinstance(error, BROKEN_WORKBOOK) and type(error).__name__ != "PanicException":
            raise
        raise DataError(f"{path.name}: the workbook is damaged ({error}); download it again.") from error


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep what the library itself writes to stderr off the terminal: it tells of a damaged file for pages."""
    try:
        kept = os.dup(STDERR)
    except OSError:  # a process without stderr
        yield
        return
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
        try:
            os.dup2(nowhere.fileno(), STDERR)
            yield
        finally:
            os.dup2(kept, STDERR)
            os.close(kept)


def _read_sheet(workbook: CalamineWorkbook | OldWorkbook, sheet: str | None, name: str) -> pd.DataFrame:
    if sheet is not None:
        sheet = next((one for one in workbook.sheet_names if _alike(one, sheet)), sheet)
    if sheet is not None and sheet not in workbook.sheet_names:
        there = ", ".join(map(repr, workbook.sheet_names))
        raise DataError(f"{name}: the sheet {sheet!r} is missing; there are {there}. Check that this is the file.")
    # Empty rows at the top are kept, so that a row's number is the one that Excel shows.
    rows = workbook.get_sheet_by_name(sheet or workbook.sheet_names[0]).to_python(skip_empty_area=False)
    if not rows:
        raise DataError(f"{name}: the sheet {sheet or workbook.sheet_names[0]!r} is empty; download the file again.")
    return _table(rows, name, [])


def _alike(one: str, other: str) -> bool:
    """Whether two names of sheets differ in case and blanks alone."""
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()


def _expect(path: Path, kinds: Sequence[str]) -> str:
    found = sniff(path)
    if found not in kinds:
        raise DataError(
            f"{path.name}: a {kinds[0]} file is needed, this is {found}; check that this is the right file."
        )
    return found


def _table(rows: list[list[Any]], name: str, notes: list[str]) -> pd.DataFrame:
    """Text columns of a rectangle of cells whose first row holds the headings."""
    # The first test is the quick one; a row of zeros passes only the second.
    full = [row for row in rows[1:] if any(row) or any(cell != "" for cell in row)]
    blank: tuple[int, ...] = ()
    if len(full) < len(rows) - 1:
        notes = [*notes, f"{len(rows) - 1 - len(full)} rows without any text are left out"]
        blank = tuple(number for number, row in enumerate(rows[1:], 2) if all(cell == "" for cell in row))
    columns = dict(enumerate(zip(*full, strict=True))) if full else {}
    headings = _headings(rows[0], name)
    filled = [place for place, heading in enumerate(headings) if heading or any(columns.get(place, ()))]
    _refuse_repeats([headings[place] for place in filled], name)
    table = pd.DataFrame({headings[place]: _column(columns.get(place, ())) for place in filled}, copy=False)
    table.attrs |= {"first_row": 2, "blank_rows": blank} | ({"notes": notes} if notes else {})
    return table


def _headings(row: list[Any], name: str) -> list[str]:
    headings = [_text(cell).strip() for cell in row]
    if not any(headings):
        raise DataError(f"{name}: row 1 holds no headings; check that this is the file, or download it again.")
    return headings


def _refuse_repeats(headings: list[str], name: str) -> None:
    repeated = [heading for heading, count in Counter(headings).items() if count > 1]
    if repeated:
        raise DataError(
            f"{name}: row 1 holds the heading {repeated[0]!r} more than once; give each column its own heading."
        )


def _column(cells: Sequence[Any]) -> Any:
    try:
        texts = pa.array(cells, pa.large_string())
    except TypeError:  # a cell that is no text; asking every cell first would take longer than the rest
        texts = pa.array([_text(cell) for cell in cells], pa.large_string())
    if _hides(texts):
        texts = pa.array(map(printable.printable, texts.to_pylist()), pa.large_string())
    return pd.array(texts, dtype="str")


def _hides(texts: pa.LargeStringArray) -> bool:
    """Whether any text holds a character that is not shown; letters of plain English are told by their bytes."""
    letters = np.frombuffer(texts.buffers()[2] or b"", np.uint8)
    if letters.size == 0 or (letters.min() >= ord(" ") and letters.max() <= ord("~")):
        return False
    return bool(pc.any(pc.match_substring_regex(texts, printable.HIDDEN)).as_py())


def _text(cell: Any) -> str:
    write = WRITTEN.get(type(cell))
    return write(cell) if write else str(cell)


def written(cell: Any) -> str:
    """A cell as text: whole numbers without ".0", dates as YYYY-MM-DD, nothing that steers a terminal."""
    return printable.printable(_text(cell)).strip()


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


WRITTEN: dict[type, Callable[[Any], str]] = {
    bool: lambda value: str(value).upper(),
    float: _number,
    date: date.isoformat,
    datetime: lambda value: value.isoformat(sep=" "),
}
