"""What a file really is, by its bytes: a damaged, protected or mistaken file is refused in one sentence."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import zipfile
import zlib
from pathlib import Path

from iop_analysis.errors import CallError, DataError

HEAD_BYTES = 4096
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # container of Excel 97-2003 and of every password-protected workbook
ZIP = b"PK\x03\x04"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
R_DATA = (b"RDX2", b"RDX3")
COMPRESSED = {b"\x1f\x8b": gzip, b"BZh": bz2, b"\xfd7zXZ\x00": lzma}
BROKEN_STREAM = (EOFError, OSError, zlib.error, lzma.LZMAError)

# Kinds that a file may hold under each ending; an ending that is not listed may hold anything.
ENDINGS = {
    ".xlsx": "xlsx",
    ".zip": "zip",
    ".csv": "csv",
    ".txt": "csv",
    ".json": "json",
    ".geojson": "json",
    ".ndjson": "ndjson",
    ".rda": "rda",
    ".rdata": "rda",
    ".gz": "gz",
}


def sniff(path: Path) -> str:
    """Kind of a file by its bytes: `xlsx`, `zip`, `csv` (any plain text), `json`, `ndjson`, `rda` or `gz`.

    Raises
    ------
    DataError
        The file is empty, cut off, protected by a password, a web page under another name, text in an encoding
        that is neither UTF-8 nor Windows-1252, or not what its ending says.
    """
    if not path.is_file():
        raise CallError(f"There is no file {path}.")
    kind = _kind(path)
    expected = ENDINGS.get(path.suffix.lower(), kind)
    if kind != expected:
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
        raise DataError(f"{path.name}: {_ole(path)}")
    if head.startswith(R_DATA):
        return "rda"
    for magic, opener in COMPRESSED.items():
        if head.startswith(magic):
            return _compressed(path, opener)
    return _text(path, head)


def _archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise DataError(f"{path.name}: the file is cut off or damaged ({error}); download it again.") from error
    if any(member.flag_bits & 1 for member in members):
        raise DataError(f"{path.name}: the archive is protected by a password; unpack it and pack it without one.")
    return "xlsx" if any(member.filename == "xl/workbook.xml" for member in members) else "zip"


def _ole(path: Path) -> str:
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        return "the workbook is protected by a password; open it with the password and save it without one."
    return "the workbook is in the old Excel 97-2003 format; open it and save it as .xlsx."


def _compressed(path: Path, opener: object) -> str:
    try:
        with opener.open(path) as stream:  # type: ignore[attr-defined]
            head = stream.read(4)
            while stream.read(1 << 20):
                pass
    except BROKEN_STREAM as error:
        raise DataError(f"{path.name}: the file is cut off or damaged ({error}); download it again.") from error
    return "rda" if head in R_DATA else "gz"


def _text(path: Path, head: bytes) -> str:
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if plain.startswith(b"<") and b"<html" in plain:
        raise DataError(
            f"{path.name}: this is a web page under another name, as sites send when a file has moved; "
            f"open the address in a browser and download the file itself."
        )
    text, _ = decode(path)
    if plain[:1] not in (b"{", b"["):
        return "csv"
    if path.suffix.lower() == ".ndjson":  # one document a line; its reader names the line that is damaged
        return "ndjson"
    try:
        json.loads(text)
    except ValueError as error:
        raise DataError(f"{path.name}: the JSON is cut off or damaged ({error}); download it again.") from error
    return "json"


def decode(path: Path) -> tuple[str, str]:
    """Text of a file and its encoding, `utf-8` (a byte-order mark is dropped) or else `cp1252`.

    Raises
    ------
    DataError
        The bytes are text in neither encoding; the line is named.
    """
    content = path.read_bytes()
    if content.startswith(UTF_16) or b"\0" in content:
        line = content[: content.find(b"\0")].count(b"\n") + 1
        raise DataError(
            f"{path.name}: line {line} holds zero bytes, so this is no UTF-8 text; save the file as CSV in UTF-8."
        )
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return _decode_cp1252(content, path.name), "cp1252"


def _decode_cp1252(content: bytes, name: str) -> str:
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{name}: line {line} holds the byte 0x{content[error.start]:02X}, which is text in neither UTF-8 nor "
            f"Windows-1252; save the file as CSV in UTF-8."
        ) from error
