"""Get the publishers' files: from their addresses, from a mirror, or from a folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import cache, partial
from pathlib import Path
from urllib.parse import quote

from iop_analysis import catalog
from iop_analysis.errors import CallError, DataError
from iop_analysis.raw.downloading import NotThereError, download
from iop_analysis.raw.keeping import keep
from iop_analysis.raw.printable import printable
from iop_analysis.raw.releases import find_release, known_releases, raw_path, sha256, verify

WEB = ("http://", "https://")
# Files of a folder, each with the release it was taken for, or "".
Files = dict[Path, str]
LINES = 40
NOT_KNOWN = "no release of the catalog has its name or SHA-256; take it with `iop-analysis add SOURCE@RELEASE FILE`"


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
    files = _files(from_)
    get = _way(from_, files, progress)
    paths, missing, wrong, had = [], [], [], []
    for release in _wanted(names, brought=from_ is not None):
        try:
            present = _present(release)
            had += [release.name] if present else []
            paths.append(present or get(release))
        except NotThereError as error:
            missing.append(str(error))
        except DataError as error:
            wrong.append(str(error))
    _say("\n".join(_told(files, had)), progress)
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


def _way(from_: str | Path | None, files: Files, progress: bool) -> Callable[[catalog.Release], Path]:
    if from_ is None:
        return partial(_from_publisher, progress=progress)
    if str(from_).startswith(WEB):
        return partial(_from_mirror, base=str(from_).rstrip("/"), progress=progress)
    return partial(_from_folder, files=files, hash_of=cache(sha256), progress=progress)


def _files(from_: str | Path | None) -> Files:
    """Files of a folder and its subfolders, none of them taken yet; no files where there is no folder to search."""
    if from_ is None or str(from_).startswith(WEB):
        return {}
    folder = Path(from_)
    if not folder.is_dir():
        raise CallError(f"There is no folder {folder}; --from takes a folder or an address that starts with https://.")
    return {path: "" for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".")}


def _told(files: Files, had: list[str]) -> list[str]:
    """A line for each file of a folder: the release it was taken for, or why it was left lying."""
    known = {**known_releases(), **catalog.geography_files()}
    by_hash = {release.sha256: name for name, release in known.items() if release.sha256}
    by_name = {release.file: name for name, release in known.items()}
    lines = [f"taken: {path.name} as {name}" for path, name in files.items() if name]
    left = [path for path, name in files.items() if not name]
    for path in left[:LINES]:
        name = by_hash.get(sha256(path)) or by_name.get(path.name, "")
        why = f"{name} is there already" if name in had else f"{name} was not asked for, or has another SHA-256"
        lines.append(f"left lying: {path.name}, " + (why if name else NOT_KNOWN))
    return lines + ([f"left lying: {len(left) - LINES} files more"] if len(left) > LINES else [])


def _say(text: str, progress: bool) -> None:
    if text and progress:
        print(printable(text), file=sys.stderr)


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
    return download(release, [release.url], _by_hand(release), progress)


def _from_mirror(release: catalog.Release, base: str, progress: bool) -> Path:
    file = quote(release.file)
    return download(release, [f"{base}/{release.source}/{file}", f"{base}/{file}"], _by_hand(release), progress)


def _from_folder(release: catalog.Release, files: Files, hash_of: Callable[[Path], str], progress: bool) -> Path:
    named = [path for path in files if path.name == release.file]
    alike = [path for path in files if path.suffix.lower() == Path(release.file).suffix.lower()]
    right = (path for path in [*named, *alike] if release.sha256 and hash_of(path) == release.sha256)
    found = next(right, named[0] if named else None)
    if found is None:
        raise NotThereError(f"{release.name}: the folder holds neither {release.file} nor a file with its SHA-256.")
    _say(verify(found, release), progress)
    files[found] = release.name
    return keep(found, raw_path(release))
