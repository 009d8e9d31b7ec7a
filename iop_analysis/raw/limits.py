"""What is checked before a library opens a file: how much it unpacks to, how far a sheet reaches, how deep JSON is."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any
from xml.etree import ElementTree

from iop_analysis.errors import DataError
from iop_analysis.raw.printable import printable

# The largest published file unpacks to a twentieth of this; a national export of FindTreatment has 33 million cells.
UNPACKED_BYTES = 2 << 30
CELLS = 40_000_000
DEPTH = 100
CHUNK_BYTES = 1 << 20
LONGEST_TAG = 256

ODS_SHEETS = "content.xml"
SHEET = re.compile(r"xl/worksheets/.*\.xml", re.IGNORECASE)
CELL = re.compile(rb'\sr="([A-Z]{1,3})(\d{1,9})"')
# A cell so far out that a sheet may be too large: without one it has at most 26 million cells. A pattern that starts
# with plain letters is searched for three times as fast as one that starts with a class.
FAR_CELL = re.compile(rb'r="(?:[A-Z]{3}|[A-Z]{2}\d{5}|[A-Z]\d{7})')
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
# What zipfile and its decompressors say of an archive that is cut off, spoiled or made in a way they do not know.
BROKEN_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


def refuse_bomb(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse an archive that unpacks to more than a table can be."""
    unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > UNPACKED_BYTES:
        raise DataError(
            f"{name}: it unpacks to {unpacked / 2**30:,.1f} GB, more than the {UNPACKED_BYTES >> 30} GB that are read; "
            f"check that this is the file, or cut it into parts."
        )


def refuse_unsound_members(archive: zipfile.ZipFile, name: str) -> None:
    """Read every member once, before anything is made of it: a byte that was changed is found by its checksum.

    A workbook one of whose sheets reaches further than any table is refused too: a stray cell makes it so.
    """
    for member in archive.namelist():
        try:
            rows, columns = _extent_of(archive, member, name)
        except BROKEN_ARCHIVE as error:
            raise DataError(f"{name}: {member!r} in it is cut off or damaged ({error}); download it again.") from error
        if rows * columns > CELLS:
            raise DataError(
                f"{name}: a sheet reaches to row {rows:,}, column {columns:,}, further than any table; "
                f"delete the stray cells at its end and save it again."
            )


def _extent_of(archive: zipfile.ZipFile, member: str, name: str) -> tuple[int, int]:
    """The last row and column of a sheet; 0 and 0 where a quick look finds no cell far out, and of what is no sheet."""
    with archive.open(member) as stream:
        sheet = SHEET.fullmatch(member)
        far = False
        for chunk in _chunks(stream):  # to the end, where the checksum is
            far = far or bool(sheet and FAR_CELL.search(chunk))
    if not far and member != ODS_SHEETS:
        return 0, 0
    with archive.open(member) as stream:
        return _xlsx_extent(stream) if far else _ods_extent(stream, name)


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    """The content in parts, each with the end of the one before, so that no tag is cut."""
    kept = b""
    while chunk := stream.read(CHUNK_BYTES):
        yield kept + chunk
        kept = chunk[-LONGEST_TAG:]


def _xlsx_extent(stream: IO[bytes]) -> tuple[int, int]:
    """The last row and column of a sheet that hold a cell."""
    rows = columns = 0
    for chunk in _chunks(stream):
        if found := CELL.findall(chunk):
            letters, digits = zip(*found, strict=True)
            rows = max(rows, *map(int, set(digits)))
            columns = max(columns, *map(_column_number, set(letters)))
    return rows, columns


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _ods_extent(stream: IO[bytes], name: str) -> tuple[int, int]:
    """The last row and column that hold a cell; repeats that hold nothing do not count."""
    rows = columns = last_row = 0
    try:
        for _, element in ElementTree.iterparse(stream):
            if element.tag == f"{TABLE}table":
                last_row = 0
            if element.tag == f"{TABLE}table-row":
                width = _width(element)
                last_row += int(element.get(f"{TABLE}number-rows-repeated", "1"))
                rows, columns = max(rows, last_row if width else 0), max(columns, width)
                element.clear()
    except (ElementTree.ParseError, ValueError) as error:
        raise DataError(f"{name}: the workbook is damaged ({error}); download it again.") from error
    return rows, columns


def _width(row: ElementTree.Element) -> int:
    """Cells of a row up to the last that holds anything."""
    width = reached = 0
    for cell in row:
        reached += int(cell.get(f"{TABLE}number-columns-repeated", "1"))
        width = reached if len(cell) or any("value" in key for key in cell.attrib) else width
    return width


def read_json(text: str, where: str) -> Any:
    """A JSON document whose texts are printable; damage, and nesting that no publisher writes, end in a sentence.

    Parameters
    ----------
    text
        The document.
    where
        The file, and the line or member, for the sentence.
    """
    try:
        document = json.loads(text)
    except RecursionError as error:
        raise DataError(f"{where}: the JSON is nested far deeper than anybody writes it; export it again.") from error
    except ValueError as error:
        raise DataError(f"{where}: the JSON is cut off or damaged ({error}); download or export it again.") from error
    return document if _is_plain(text) else _shallow(document, where, DEPTH)


def _is_plain(text: str) -> bool:
    """Whether every text of a document is printable and none of it deep, as its letters tell: most lines are so."""
    escaped = any(escape in text for escape in ("\\u", "\\b", "\\f"))
    return text.isprintable() and not escaped and text.count("{") + text.count("[") < DEPTH


def _shallow(value: Any, where: str, depth: int) -> Any:
    """The same value with printable texts; one nested deeper than `depth` is refused."""
    if depth == 0:
        raise DataError(
            f"{where}: the JSON is nested more than {DEPTH} deep, as no publisher writes it; export it again."
        )
    if isinstance(value, dict):
        return {printable(key): _shallow(one, where, depth - 1) for key, one in value.items()}
    if isinstance(value, list):
        return [_shallow(one, where, depth - 1) for one in value]
    return printable(value) if isinstance(value, str) else value


def unpacked(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file of an archive that passed the checks, in the order of their names."""
    for member in sorted(archive.infolist(), key=lambda one: one.filename):
        if not member.is_dir():
            try:
                yield member.filename, archive.read(member)
            except BROKEN_ARCHIVE as error:
                raise DataError(f"{name}: {member.filename!r} is damaged ({error}); download it again.") from error
