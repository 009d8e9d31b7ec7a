"""Web pages that somebody saved: a WARC, a folder or zip of HTML with addresses, one page, or lines of JSON."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from iop_analysis.errors import CallError, DataError
from iop_analysis.raw.limits import read_json, unpacked
from iop_analysis.raw.printable import printable
from iop_analysis.raw.sniffing import sniff

LARGEST_PAGE = 5 << 20
PAGE_ENDINGS = (".html", ".htm", ".xhtml", "")
INDEX = "addresses.csv"
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
_CHARSET = re.compile(rb"charset=[\"']?([A-Za-z0-9_:.-]+)")
_HTML = re.compile(rb"<(?:!doctype html|html|head|body|title|div|p|h1)\b", re.IGNORECASE)


class Saved(NamedTuple):
    """A saved page: its address (empty where nobody says it), the date of the visit, its content, and whether HTML."""

    address: str
    date: str
    text: str
    is_html: bool
    name: str


def saved_pages(path: Path) -> Iterator[Saved]:
    """Pages of a file or folder, in its order; what is no page is left out.

    A folder or zip says its addresses in `addresses.csv` (columns `file`, `address`, and `date` where it is known),
    by folders named as hosts, or each page says its own (canonical link).

    Raises
    ------
    CallError
        There is no such file.
    DataError
        The file is damaged, or it is none of the kinds that hold pages.
    """
    if path.is_dir():
        files = sorted(one for one in path.rglob("*") if one.is_file())
        return _members(path.name, ((one.relative_to(path).as_posix(), one.read_bytes()) for one in files))
    if not path.is_file():
        raise CallError(f"There is no file {path}.")
    ending = path.suffix.lower()
    if ending in (".html", ".htm", ".xhtml"):
        return iter([Saved("", "", decoded(path.read_bytes()), True, path.name)])
    if ending in (".jsonl", ".ndjson", ".json"):
        return _lines(path)
    if ending == ".zip":
        sniff(path)
        return _zipped(path)
    if ending == ".warc" or path.name.lower().endswith(".warc.gz"):
        sniff(path)
        return _archived(path)
    raise DataError(
        f"{path.name}: pages come as .warc, .warc.gz, .html, .zip, .jsonl or a folder; this is none of them."
    )


def decoded(content: bytes, charset: str = "") -> str:
    """Text of a page in the encoding that it names, else UTF-8, else Windows-1252.

    Examples
    --------
    >>> decoded("6–9 pm".encode()), decoded("6–9 pm".encode("cp1252"))
    ('6–9 pm', '6–9 pm')
    """
    named = _CHARSET.search(content[:2048])
    for encoding in (charset, named[1].decode() if named else "", "utf-8-sig", "cp1252"):
        try:
            if encoding:
                return printable(content.decode(encoding))
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return printable(content.decode("cp1252", errors="replace"))


def _zipped(path: Path) -> Iterator[Saved]:
    with zipfile.ZipFile(path) as archive:
        yield from _members(path.name, list(unpacked(archive, path.name)))


def _members(name: str, files: Iterable[tuple[str, bytes]]) -> Iterator[Saved]:
    files = [(place, content) for place, content in files if len(content) <= LARGEST_PAGE]
    index: dict[str, dict[str, str]] = {}
    for place, content in files:
        if PurePosixPath(place).name == INDEX:
            index |= _index(place, decoded(content), name)
    for place, content in files:
        if PurePosixPath(place).suffix.lower() in PAGE_ENDINGS and _HTML.search(content[:4096]):
            told = index.get(place, {})
            yield Saved(told.get("address") or _by_folder(place), told.get("date", ""), decoded(content), True, place)


def _index(place: str, text: str, name: str) -> dict[str, dict[str, str]]:
    rows = list(csv.DictReader(io.StringIO(text)))
    if rows and not {"file", "address"} <= set(rows[0]):
        raise DataError(
            f"{name}: {INDEX} has no columns 'file' and 'address' in row 1; name the page's file and its address."
        )
    folder = PurePosixPath(place).parent
    return {
        (folder / (row["file"] or "")).as_posix(): {key: value or "" for key, value in row.items() if key}
        for row in rows
    }


def _by_folder(place: str) -> str:
    """Address of a page in a mirror whose folders are a host and its paths; empty where no folder is a host."""
    parts = PurePosixPath(place).parts
    at = next((number for number, part in enumerate(parts[:-1]) if _HOST.fullmatch(part)), None)
    if at is None:
        return ""
    rest = re.sub(r"(?:^|/)index\.html?$", "", "/".join(parts[at + 1 :]))
    return f"https://{parts[at]}/{rest}"


def _lines(path: Path) -> Iterator[Saved]:
    with path.open(encoding="utf-8-sig", errors="replace") as handle:
        for number, line in enumerate(handle, start=1):
            if not line.strip():
                continue
            row = read_json(line, f"{path.name}: line {number}")
            if not isinstance(row, dict) or not isinstance(row.get("text"), str):
                raise DataError(
                    f"{path.name}: line {number} has no 'text'; write one object with 'id' and 'text' a line."
                )
            address = str(row.get("url") or row.get("address") or "")
            yield Saved(
                address, str(row.get("date") or ""), row["text"], False, str(row.get("id") or address or number)
            )


def _archived(path: Path) -> Iterator[Saved]:
    """Responses of a WARC that are pages, each with the day of its visit."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    try:
        with path.open("rb") as handle:
            for record in ArchiveIterator(handle):
                if record.rec_type in ("response", "resource"):
                    yield from _response(record)
    except (ArchiveLoadFailed, EOFError, OSError) as error:
        raise DataError(
            f"{path.name}: this is no WARC, or it is cut off ({error}); collect or download it again."
        ) from error


def _response(record: object) -> Iterator[Saved]:
    from warcio.recordloader import ArcWarcRecord

    assert isinstance(record, ArcWarcRecord)
    http = record.http_headers
    kind = (http.get_header("Content-Type") if http else record.rec_headers.get_header("Content-Type")) or ""
    if http and http.get_statuscode() != "200" or "html" not in kind.lower():
        return
    content = record.content_stream().read(LARGEST_PAGE + 1)
    if len(content) > LARGEST_PAGE or not content.strip():
        return
    charset = re.search(r"charset=\"?([\w:.-]+)", kind)
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    date = (record.rec_headers.get_header("WARC-Date") or "")[:10]
    yield Saved(address, date, decoded(content, charset[1] if charset else ""), True, address)


def host(address: str) -> str:
    """Host of an address in small letters, without `www.`; empty where it has none.

    Examples
    --------
    >>> host("https://WWW.Elm-House.example/iop?a=1"), host("Elm House")
    ('elm-house.example', '')
    """
    named = address.strip() if "//" in address else f"//{address.strip()}"
    try:
        found = (urlsplit(named).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return ""
    return unquote(found) if "." in found and " " not in found else ""
