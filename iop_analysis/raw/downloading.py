"""Downloads: completed where they broke off, patient where a server asks for it, never for ever."""

from __future__ import annotations

import re
import shutil
import sys
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any

from filelock import FileLock

from iop_analysis import catalog
from iop_analysis.errors import DataError
from iop_analysis.raw.releases import raw_path, verify

# requests, pooch and tqdm are imported where they are used: most commands never download, and they take long to load.

RETRIES = 3
TIMEOUT_SECONDS = 60
# A server that drips may not hold a command for ever, and one that says when to come again is asked again then.
TOTAL_SECONDS = 3600
LONGEST_WAIT_SECONDS = 300
REDIRECTS = 5
CHUNK_BYTES = 1 << 16
PARTIAL = ".partial"
TRY_AGAIN = (408, 429)
BUSY = (429, 503)
RANGE_REFUSED = 416
# A name and a password in an address, and what stands behind its question mark, may be secret.
SECRET = re.compile(r"(?<=//)[^/\s@]*@|(?<=\?)[^\s'\")]+")


class NotThereError(DataError):
    """The place that was asked does not have the file; it may be elsewhere."""


def redacted(text: str) -> str:
    """A text whose addresses carry no name, password or query.

    Examples
    --------
    >>> redacted("https://me:secret@example.org/list.csv?token=abc cannot be read")
    'https://example.org/list.csv?… cannot be read'
    """
    return SECRET.sub(lambda found: "" if found.group().endswith("@") else "…", text)


def download(release: catalog.Release, addresses: list[str], otherwise: str, progress: bool) -> Path:
    """The file of a release from the first address that has it, verified, in its place under `data/raw`.

    Parameters
    ----------
    release
        What is downloaded; a part that is there already is completed where its SHA-256 is known.
    addresses
        Where to ask, in turn.
    otherwise
        What a person can do where no address has it.
    progress
        Whether to draw a bar.
    """
    target = raw_path(release)
    folder = target.parent / PARTIAL
    folder.mkdir(parents=True, exist_ok=True)
    lock = folder / f".{release.file}.lock"
    with FileLock(lock, timeout=TOTAL_SECONDS):
        # Another process may have got it while this one waited.
        if not _is_right(target, release):
            _complete(release, addresses, _Terms(otherwise, progress, time.monotonic() + TOTAL_SECONDS), folder)
    if list(folder.iterdir()) == [lock]:
        shutil.rmtree(folder, ignore_errors=True)
    return target


def _is_right(target: Path, release: catalog.Release) -> bool:
    try:
        return target.is_file() and bool(release.sha256) and not verify(target, release)
    except DataError:
        return False


def _complete(release: catalog.Release, addresses: list[str], terms: _Terms, folder: Path) -> None:
    import pooch
    from requests import RequestException

    if not release.sha256:
        # Nothing would show that a part is not the whole, or that two editions were joined: start afresh.
        (folder / release.file).unlink(missing_ok=True)
    pooch.get_logger().setLevel("WARNING")
    shelf = pooch.create(
        path=folder,
        base_url="",
        registry={release.file: release.sha256 or None},
        urls={release.file: addresses[0]},
        retry_if_failed=RETRIES,
    )
    try:
        shelf.fetch(release.file, downloader=partial(_receive, release, addresses, terms))
    except (RequestException, ValueError) as error:
        raise DataError(
            f"{release.file}: {redacted(f'{addresses[0]} cannot be read ({error})')}; run the command again, "
            f"it goes on where it stopped, or {terms.otherwise}"
        ) from error
    (folder / release.file).replace(raw_path(release))


@dataclass(frozen=True)
class _Terms:
    """What a person can do otherwise, whether to draw a bar, and the moment at which patience ends."""

    otherwise: str
    progress: bool
    until: float

    def left(self, name: str) -> float:
        """Seconds of patience left; with none left a `DataError`."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise DataError(
                f"{name}: it was not complete after {TOTAL_SECONDS // 60} minutes; run the command again, it goes on "
                f"where it stopped, or {self.otherwise}"
            )
        return left


def _receive(
    release: catalog.Release, addresses: list[str], terms: _Terms, _url: str, output: str, _shelf: Any
) -> None:
    """Downloader for pooch: complete the part that is in its folder, check it, and hand it over."""
    partial_file = Path(output).parent / release.file
    resumed = _first_answer(release, addresses, partial_file, terms)
    try:
        said = verify(partial_file, release)
    except DataError as error:
        partial_file.unlink()
        if resumed:
            raise ValueError(str(error)) from error  # pooch tries again, now from the first byte
        raise
    if said and terms.progress:
        print(said, file=sys.stderr)
    partial_file.replace(output)


def _first_answer(release: catalog.Release, addresses: list[str], target: Path, terms: _Terms) -> bool:
    for address in addresses[:-1]:
        try:
            return _stream(release, address, target, terms)
        except NotThereError:
            continue
    return _stream(release, addresses[-1], target, terms)


def _stream(release: catalog.Release, address: str, target: Path, terms: _Terms) -> bool:
    """Append to what is there already what the address still has; whether anything was there."""
    import requests
    from tqdm import tqdm

    have = target.stat().st_size if release.sha256 and target.exists() else 0
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with requests.Session() as session, _answer(session, address, headers, release, terms) as answer:
        start = _start(answer, release, address, have, target, terms)
        length = _whole_number(answer.headers.get("Content-Length", ""))
        bar = tqdm(
            total=start + length or None,
            initial=start,
            desc=release.file,
            unit="B",
            unit_scale=True,
            disable=not terms.progress,
        )
        with bar, target.open("ab" if start else "wb") as out:
            for chunk in answer.iter_content(CHUNK_BYTES):
                terms.left(release.file)
                out.write(chunk)
                bar.update(len(chunk))
    return start > 0


def _answer(session: Any, address: str, headers: dict[str, str], release: catalog.Release, terms: _Terms) -> Any:
    """What an address answers, after the waits that it asks for and at most five redirections."""
    from requests import TooManyRedirects

    session.max_redirects = REDIRECTS
    while True:
        patience = min(TIMEOUT_SECONDS, terms.left(release.file))
        try:
            answer = session.get(address, headers=headers, stream=True, timeout=patience)
        except TooManyRedirects as error:
            raise DataError(
                f"{release.file}: {redacted(address)} sends on more than {REDIRECTS} times; {terms.otherwise}"
            ) from error
        wait = _wait_seconds(answer.headers.get("Retry-After", "")) if answer.status_code in BUSY else 0
        if not wait:
            return answer
        answer.close()
        if wait > min(LONGEST_WAIT_SECONDS, terms.left(release.file)):
            raise DataError(f"{release.file}: {redacted(address)} asks to come again in {wait:.0f} seconds; do so.")
        time.sleep(wait)


def _wait_seconds(text: str) -> float:
    """Seconds that a server asks to wait, as a number or a date; 0 where it does not say."""
    if text.strip().isdigit():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _whole_number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _start(answer: Any, release: catalog.Release, address: str, have: int, target: Path, terms: _Terms) -> int:
    """Byte at which the answer begins; a refusal is final, a range that does not fit starts afresh."""
    from requests import RequestException

    status = answer.status_code
    if 400 <= status < 500 and status not in (*TRY_AGAIN, RANGE_REFUSED):
        raise NotThereError(f"{release.name}: {redacted(address)} answers {status}; {terms.otherwise}")
    if status == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
        return have
    if status in (206, RANGE_REFUSED):
        target.unlink(missing_ok=True)
        raise RequestException(f"the server cannot go on at byte {have}")
    answer.raise_for_status()
    return 0
