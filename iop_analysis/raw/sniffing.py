"""What a file really is, by its bytes: a damaged, protected or mistaken file is refused in one sentence."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
import zlib
from pathlib import Path
from typing import IO

from iop_analysis.errors import CallError, DataError
from iop_analysis.raw import limits

HEAD_BYTES = 4096
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # container of Excel 97-2003 and of every password-protected workbook
ZIP = b"PK\x03\x04"
OLD_EXCEL = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
RECORD_SEPARATOR = b"\x1e"  # before each document of a GeoJSON text sequence
WEB_ARCHIVE = b"WARC/"
R_DATA = (b"RDX2", b"RDX3")
COMPRESSED = {b"\x1f\x8b": gzip, b"BZh": bz2, b"\xfd7zXZ\x00": lzma}
BROKEN_STREAM = (EOFError, OSError, zlib.error, lzma.LZMAError)

# Kinds that a file may hold under each ending; an ending that is not listed may hold anything.
ENDINGS = {
    ".xlsx": "xlsx",
    ".zip": "zip",
    ".ods": "ods",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".json": "json",
    ".geojson": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".geojsonl": "ndjson",
    ".geojsons": "ndjson",
    ".warc": "warc",
    ".rda": "rda",
    ".rdata": "rda",
    ".gz": "gz",
}


def sniff(path: Path) -> str:
    """Kind of a file by its bytes: `xlsx xls ods zip csv` (any plain text) `json ndjson rda warc` or `gz`.

    Raises
    ------
    DataError
        The file is empty, cut off, protected by a password, a web page under another name, text in an encoding
        that is none of UTF-8, UTF-16 with a mark, and Windows-1252, or not what its ending says; or it unpacks to
        more than any table.
    """
    if not path.is_file():
        raise CallError(f"There is no file {path}.")
    kind = _kind(path)
    expected = ENDINGS.get(path.suffix.lower(), kind)
    if kind != expected and {kind, expected} != {"json", "ndjson"}:
        raise DataError(f"{path.name}: the name says {expected} but the file holds {kind}; download the right file.")
    return kind


def _kind(path: Path) -> str:
    with path.open("rb") as handle:
        head = handle.read(HEAD_BYTES)
    if not head.strip():
        raise DataError(f"{path.name}: the file is empty; download it again.")
    if head.startswith(ZIP):
        return _archive(path)
    if head.startswith(OLE):
        return _old_workbook(path)
    if head.startswith(R_DATA):
        return "rda"
    if head.startswith(WEB_ARCHIVE):
        return "warc"
    for magic, opener in COMPRESSED.items():
        if head.startswith(magic):
            return _compressed(path, opener)
    return _text(path, head)


def _archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            if any(member.flag_bits & 1 for member in archive.infolist()):
                raise DataError(
                    f"{path.name}: the archive is protected by a password; unpack it and pack it without one."
                )
            limits.refuse_bomb(archive, path.name)
            limits.refuse_unsound_members(archive, path.name)
            return _workbook_kind(archive)
    except limits.BROKEN_ARCHIVE as error:
        raise DataError(f"{path.name}: the file is cut off or damaged ({error}); download it again.") from error


def _workbook_kind(archive: zipfile.ZipFile) -> str:
    members = set(archive.namelist())
    if "xl/workbook.xml" in members:
        return "xlsx"
    return "ods" if {"content.xml", "META-INF/manifest.xml"} <= members else "zip"


def _old_workbook(path: Path) -> str:
    """`xls` for a workbook of Excel 97-2003; any other container of that kind is refused."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        why = "the workbook is protected by a password; open it with the password and save it without one."
    elif any(name in content for name in OLD_EXCEL):
        return "xls"
    else:
        why = "this is no workbook but some other old Excel or Office file; open it and save it as .xlsx."
    raise DataError(f"{path.name}: {why}")


def _compressed(path: Path, opener: object) -> str:
    try:
        with opener.open(path) as stream:  # type: ignore[attr-defined]
            head = stream.read(4)
            _refuse_long(stream, path)
    except BROKEN_STREAM as error:
        raise DataError(f"{path.name}: the file is cut off or damaged ({error}); download it again.") from error
    return "rda" if head in R_DATA else "gz"


def _refuse_long(stream: IO[bytes], path: Path) -> None:
    """Read a stream to its end, where its checksum is; one that has no end in reason is refused."""
    length = 0
    while chunk := stream.read(limits.CHUNK_BYTES):
        length += len(chunk)
        if length > limits.UNPACKED_BYTES:
            most = limits.UNPACKED_BYTES >> 30
            raise DataError(f"{path.name}: it unpacks to more than the {most} GB that are read; cut it into parts.")


def _text(path: Path, head: bytes) -> str:
    text, _ = decode(path)
    plain = text[:HEAD_BYTES].lstrip().lower()
    if plain.startswith("<") and "<html" in plain:
        raise DataError(
            f"{path.name}: this is a web page under another name, as sites send when a file has moved; "
            f"open the address in a browser and download the file itself."
        )
    if head.startswith(RECORD_SEPARATOR) or (plain[:1] == "{" and ENDINGS.get(path.suffix.lower()) == "ndjson"):
        return "ndjson"  # one document a line; its reader names the line that is damaged
    if plain[:1] not in ("{", "["):
        return "csv"
    if "\n{" in text.strip() and _is_json(text.lstrip().partition("\n")[0]):
        return "ndjson"
    limits.read_json(text, path.name)
    return "json"


def _is_json(line: str) -> bool:
    try:
        limits.read_json(line, "")
    except DataError:
        return False
    return True


def decode(path: Path) -> tuple[str, str]:
    """Text of a file and its encoding: `utf-8` (a byte-order mark is dropped), `utf-16` with a mark, else `cp1252`.

    Raises
    ------
    DataError
        The bytes are text in no such encoding; the line is named.
    """
    return decode_bytes(path.read_bytes(), path.name)


def decode_bytes(content: bytes, name: str) -> tuple[str, str]:
    """Text of some bytes and its encoding, as `decode` gives them."""
    if content.startswith(UTF_16):
        try:
            return content.decode("utf-16"), "utf-16"
        except UnicodeDecodeError as error:
            raise DataError(f"{name}: the UTF-16 text is cut off or damaged ({error}); save it in UTF-8.") from error
    if b"\0" in content:
        line = content[: content.find(b"\0")].count(b"\n") + 1
        raise DataError(
            f"{name}: line {line} holds zero bytes, so this is no UTF-8 text; save the file as CSV in UTF-8."
        )
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return _decode_cp1252(content, name), "cp1252"


def _decode_cp1252(content: bytes, name: str) -> str:
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{name}: line {line} holds the byte 0x{content[error.start]:02X}, which is text in neither UTF-8 nor "
            f"Windows-1252; save the file as CSV in UTF-8."
        ) from error
