"""Get the publishers' files: from their addresses, from a mirror, or from a folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from iop_analysis import catalog
from iop_analysis.errors import CallError, DataError
from iop_analysis.raw.keeping import keep
from iop_analysis.raw.releases import find_release, raw_path, sha256, verify

# requests, pooch and tqdm are imported where they are used: most commands never download, and they take long to load.

RETRIES = 3
TIMEOUT_SECONDS = 60
CHUNK_BYTES = 1 << 16
PARTIAL = ".partial"
TRY_AGAIN = (408, 429)
RANGE_REFUSED = 416


class NotThereError(DataError):
    """The place that was asked does not have the file; it may be elsewhere."""


def fetch(names: Iterable[str] = (), from_: str | Path | None = None, progress: bool = True) -> list[Path]:
    """Paths of the publishers' files under `data/raw`, downloaded or copied where they were not there yet.

    Every file is sniffed and compared with its SHA-256 before it takes its place; a download that broke off goes on
    where it stopped.

    Parameters
    ----------
    names
        SOURCE (all its releases in the catalog) or SOURCE@RELEASE; none means everything that is known.
    from_
        A folder, searched with its subfolders for every file that is recognised by name or SHA-256; or the address
        of a mirror, asked for `SOURCE/FILE`, then for `FILE`. Without it the publishers are asked.
    progress
        Whether to draw a bar and to say on stderr what was not found.

    Raises
    ------
    DataError
        A file is damaged or another one than the catalog knows; files that were right are kept.
    CallError
        A file that was named, or every file, has to be got by hand; each sentence says from where.
    """
    names = list(names)
    get = _way(from_, progress)
    paths, missing, wrong = [], [], []
    for release in _wanted(names, brought=from_ is not None):
        try:
            paths.append(_present(release) or get(release))
        except NotThereError as error:
            missing.append(str(error))
        except DataError as error:
            wrong.append(str(error))
    if wrong:
        raise DataError("\n".join(wrong + missing if names else wrong))
    if missing and (names or not paths):
        raise CallError("\n".join(missing))
    _say("\n".join(missing), progress)
    return paths


def _wanted(names: list[str], brought: bool) -> list[catalog.Release]:
    published = [release for release in catalog.releases().values() if not release.synthetic]
    geography = list(catalog.geography_files().values())
    if not names:  # no publisher gives the files of geography as they are read here: they come from a folder
        return published + geography * brought
    published += geography
    wanted: list[catalog.Release] = []
    for name in names:
        one = [find_release(name)] if "@" in name else []
        wanted += one or [release for release in published if release.source == _source_key(name)]
    return list(dict.fromkeys(wanted))


def _source_key(name: str) -> str:
    return name if name in catalog.geography() else catalog.source(name).key


def _way(from_: str | Path | None, progress: bool) -> Callable[[catalog.Release], Path]:
    if from_ is None:
        return partial(_from_publisher, progress=progress)
    if str(from_).startswith(("http://", "https://")):
        return partial(_from_mirror, base=str(from_).rstrip("/"), progress=progress)
    folder = Path(from_)
    if not folder.is_dir():
        raise CallError(f"There is no folder {folder}; --from takes a folder or an address that starts with https://.")
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return partial(_from_folder, files=files, hash_of=cache(sha256), progress=progress)


def _say(text: str, progress: bool) -> None:
    if text and progress:
        print(text, file=sys.stderr)


def _present(release: catalog.Release) -> Path | None:
    path = raw_path(release)
    try:
        if path.is_file():
            verify(path, release)
            return path
    except DataError:
        # A damaged copy stays until a right one takes its place.
        return None
    return None


def _by_hand(release: catalog.Release) -> str:
    publisher = catalog.geography().get(release.source) or catalog.source_of(release)
    page = release.page or publisher.homepage
    added = "" if release.source in catalog.geography() else f"`iop-analysis add {release.name} FILE` or "
    return f"download {release.file} from {page} by hand, then run {added}`iop-analysis fetch --from FOLDER`."


def _from_publisher(release: catalog.Release, progress: bool) -> Path:
    if not release.url:
        raise NotThereError(f"{release.name} has no address of its own: {_by_hand(release)}")
    return _download(release, [release.url], progress)


def _from_mirror(release: catalog.Release, base: str, progress: bool) -> Path:
    file = quote(release.file)
    return _download(release, [f"{base}/{release.source}/{file}", f"{base}/{file}"], progress)


def _from_folder(release: catalog.Release, files: list[Path], hash_of: Callable[[Path], str], progress: bool) -> Path:
    named = [path for path in files if path.name == release.file]
    alike = [path for path in files if path.suffix.lower() == Path(release.file).suffix.lower()]
    right = (path for path in [*named, *alike] if release.sha256 and hash_of(path) == release.sha256)
    found = next(right, named[0] if named else None)
    if found is None:
        raise NotThereError(f"{release.name}: the folder holds neither {release.file} nor a file with its SHA-256.")
    _say(verify(found, release), progress)
    return keep(found, raw_path(release))


def _download(release: catalog.Release, addresses: list[str], progress: bool) -> Path:
    import pooch
    from requests import RequestException

    target = raw_path(release)
    folder = target.parent / PARTIAL
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
        shelf.fetch(release.file, downloader=partial(_receive, release, addresses, progress))
    except (RequestException, ValueError) as error:
        raise DataError(
            f"{release.file}: {addresses[0]} cannot be read ({error}); run the command again, it goes on where it "
            f"stopped, or {_by_hand(release)}"
        ) from error
    (folder / release.file).replace(target)
    if not any(folder.iterdir()):
        folder.rmdir()
    return target


def _receive(
    release: catalog.Release, addresses: list[str], progress: bool, _url: str, output: str, _shelf: Any
) -> None:
    """Downloader for pooch: complete the part that is in its folder, check it, and hand it over."""
    partial_file = Path(output).parent / release.file
    resumed = _first_answer(release, addresses, partial_file, progress)
    try:
        _say(verify(partial_file, release), progress)
    except DataError as error:
        partial_file.unlink()
        if resumed:
            raise ValueError(str(error)) from error  # pooch tries again, now from the first byte
        raise
    partial_file.replace(output)


def _first_answer(release: catalog.Release, addresses: list[str], target: Path, progress: bool) -> bool:
    for address in addresses[:-1]:
        try:
            return _stream(release, address, target, progress)
        except NotThereError:
            continue
    return _stream(release, addresses[-1], target, progress)


def _stream(release: catalog.Release, address: str, target: Path, progress: bool) -> bool:
    """Append to what is there already what the address still has; whether anything was there."""
    import requests
    from tqdm import tqdm

    have = target.stat().st_size if release.sha256 and target.exists() else 0
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with requests.get(address, headers=headers, stream=True, timeout=TIMEOUT_SECONDS) as answer:
        start = _start(answer, release, address, have, target)
        length = int(answer.headers.get("Content-Length", 0))
        bar = tqdm(
            total=start + length or None,
            initial=start,
            desc=release.file,
            unit="B",
            unit_scale=True,
            disable=not progress,
        )
        with bar, target.open("ab" if start else "wb") as out:
            for chunk in answer.iter_content(CHUNK_BYTES):
                out.write(chunk)
                bar.update(len(chunk))
    return start > 0


def _start(answer: Any, release: catalog.Release, address: str, have: int, target: Path) -> int:
    """Byte at which the answer begins; a refusal is final, a range that does not fit starts afresh."""
    from requests import RequestException

    status = answer.status_code
    if 400 <= status < 500 and status not in (*TRY_AGAIN, RANGE_REFUSED):
        raise NotThereError(f"{release.name}: {address} answers {status}; {_by_hand(release)}")
    if status == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
        return have
    if status in (206, RANGE_REFUSED):
        target.unlink(missing_ok=True)
        raise RequestException(f"the server cannot go on at byte {have}")
    answer.raise_for_status()
    return 0
