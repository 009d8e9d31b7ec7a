"""JSON as publishers send it: one document or one a line, loose, in .gz, or many files packed as .zip."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from iop_analysis.errors import DataError
from iop_analysis.raw import limits
from iop_analysis.raw.sniffing import BROKEN_STREAM, sniff

ENDINGS = (".json", ".ndjson", ".jsonl", ".geojson", ".geojsonl", ".geojsons")
PACKED = ".gz"
# Of many lines a few may be damaged, as in tables; a damaged last line is a file that was cut off.
SPOILED_LINES, SPOILED_SHARE = 20, 0.02


@dataclass
class Documents:
    """JSON documents of a file, each with where it stands, and how many things reading left out, by sentence."""

    found: list[tuple[str, Any]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def documents(path: Path) -> Documents:
    """Every JSON document of a file, in the order of its members and lines.

    Raises
    ------
    DataError
        The file is damaged, is no JSON, or more than a few of its lines are damaged.
    """
    read = Documents()
    for name, content in _contents(path):
        _add(name, _decoded(content, name), read)
    if not read.found:
        raise DataError(f"{path.name}: there is no JSON in it; check that this is the file.")
    return read


def _contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name and content of each JSON file, unpacked."""
    kind = sniff(path)
    if kind == "zip":
        with zipfile.ZipFile(path) as archive:
            for name, content in limits.unpacked(archive, path.name):
                shown = PurePosixPath(name.lower().removesuffix(PACKED))
                if shown.suffix in ENDINGS and not shown.name.startswith("."):
                    where = f"{path.name}: {name}"
                    yield where, _unzipped(content, where) if name.lower().endswith(PACKED) else content
    elif kind in ("json", "ndjson"):
        yield path.name, path.read_bytes()
    elif kind == "gz":
        yield path.name, _unzipped(path.read_bytes(), path.name)
    else:
        raise DataError(f"{path.name}: this is no JSON but {kind}; export it as JSON, or as .zip of JSON files.")


def _unzipped(content: bytes, where: str) -> bytes:
    try:
        with gzip.open(io.BytesIO(content)) as stream:
            plain = stream.read(limits.UNPACKED_BYTES + 1)
    except BROKEN_STREAM as error:
        raise DataError(f"{where}: the file is cut off or damaged ({error}); download it again.") from error
    if len(plain) > limits.UNPACKED_BYTES:
        raise DataError(f"{where}: it unpacks to more than {limits.UNPACKED_BYTES >> 30} GB; cut it into parts.")
    return plain


def _decoded(content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8-sig").strip(" \t\r\n\x1e")
    except UnicodeDecodeError as error:
        raise DataError(f"{where}: the text is not UTF-8, as JSON must be; export it again.") from error


def _add(name: str, text: str, read: Documents) -> None:
    """The documents of one text: one a line where the first line is one and more follow, else the text itself."""
    lines = text.split("\n")
    if len(lines) == 1 or not _is_document(lines[0]):
        read.found.append((name, limits.read_json(text, name)))
        return
    spoiled: list[DataError] = []
    last = None
    for number, line in enumerate(lines, start=1):
        if line.strip(" \t\r\x1e"):
            where, last = f"{name}: line {number}", None
            try:
                read.found.append((where, limits.read_json(line.strip(" \t\r\x1e"), where)))
            except DataError as error:
                spoiled.append(error)
                last = error
    if last is not None or len(spoiled) > max(SPOILED_LINES, SPOILED_SHARE * len(lines)):
        raise last or spoiled[0]
    if spoiled:
        read.counts[f"lines are damaged and left out, the first: {spoiled[0]}"] += len(spoiled)


def _is_document(line: str) -> bool:
    try:
        document = limits.read_json(line.strip(" \t\r\x1e"), "")
    except DataError:
        return False
    return isinstance(document, dict | list)
