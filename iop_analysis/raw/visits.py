"""A WARC that grows visit by visit, and goes on where it was stopped: pages, and what was refused and why."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from iop_analysis.raw.links import same_page

ARCHIVE, JOURNAL = "visits.warc.gz", "visits.jsonl"


class Visit(NamedTuple):
    """One address, whether its page was kept, and why it was refused where it was."""

    address: str
    refused: str = ""


class Visits:
    """The archive of a folder. The journal says how far the archive is whole: what comes behind is cut off.

    Parameters
    ----------
    folder
        Where the archive and its journal lie, or will lie.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.archive, self.journal = folder / ARCHIVE, folder / JOURNAL
        self.made, whole = read_journal(folder)
        self.seen = {same_page(visit.address) for visit in self.made}
        if self.archive.exists() and self.archive.stat().st_size > whole:
            with self.archive.open("r+b") as handle:
                handle.truncate(whole)

    def keep(self, address: str, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        """Write a page."""
        line = StatusAndHeaders(f"{status} OK", list(headers), protocol="HTTP/1.1")
        self._write(Visit(address), "response", body, http_headers=line)

    def refuse(self, address: str, why: str) -> None:
        """Write that an address was not visited, or its answer not kept, and why."""
        self._write(Visit(address, why), "metadata", f"refused: {why}\r\n".encode())

    def _write(self, visit: Visit, kind: str, body: bytes, **more: StatusAndHeaders) -> None:
        buffer = io.BytesIO()
        writer = WARCWriter(buffer, gzip=True)
        content = {} if more else {"warc_content_type": "application/warc-fields"}
        record = writer.create_warc_record(visit.address, kind, io.BytesIO(body), len(body), **more, **content)
        writer.write_record(record)
        with self.archive.open("ab") as handle:
            handle.write(buffer.getvalue())
            place = handle.tell()
        with self.journal.open("a", encoding="utf-8") as handle:
            handle.write(json.dumps({"address": visit.address, "refused": visit.refused, "whole": place}) + "\n")
        self.made.append(visit)
        self.seen.add(same_page(visit.address))


def read_journal(folder: Path) -> tuple[list[Visit], int]:
    """The visits of a folder, and up to which byte its archive is whole; a line that was cut off is no visit."""
    visits, whole = [], 0
    path = folder / JOURNAL
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            row = json.loads(line)
        except ValueError:
            break
        visits.append(Visit(row["address"], row["refused"]))
        whole = row["whole"]
    return visits, whole


def reasons(visits: Iterable[Visit]) -> dict[str, int]:
    """How often each reason stands for a refusal, the most frequent first."""
    return dict(Counter(visit.refused for visit in visits if visit.refused).most_common())
