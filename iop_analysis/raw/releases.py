"""Where files lie and which releases there are: the catalog's, and those that a user added to the data folder."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from platformdirs import user_data_path

from iop_analysis import catalog
from iop_analysis.errors import CallError, DataError
from iop_analysis.raw.sniffing import sniff

RECORD = ".release.json"
MARK = ".iop_analysis"
CHECKOUT = Path(__file__).parents[2]
# The wheel carries the sample beside this module.
PACKED_SAMPLE = Path(__file__).parent / "sample"


def data_folder() -> Path:
    """Folder of all data: the environment's `IOP_DATA`, else the marked `data` of a project, else the user's own.

    A project is the folder at hand or one above it, so that a notebook in `notebooks/` finds the data of its project,
    or the checkout that the package runs from. Its `data` counts where the file `.iop_analysis` lies in it: folders of
    that name are common, and those of others are nobody's business.
    """
    if os.environ.get("IOP_DATA"):
        return Path(os.environ["IOP_DATA"])
    marked = (folder / "data" for folder in (Path(), *Path.cwd().parents, CHECKOUT))
    return next((folder for folder in marked if (folder / MARK).is_file()), user_data_path("iop_analysis"))


def reports_folder() -> Path:
    """Folder of the reports: `reports` beside the data folder, or here where that is the user's own."""
    folder = data_folder()
    return Path("reports") if folder == user_data_path("iop_analysis") else folder.parent / "reports"


def raw_path(release: catalog.Release) -> Path:
    """Where the publisher's file of a release is kept; the synthetic sample lies in `sample` for all sources.

    The sample travels with the code, so it is found there when the data folder is elsewhere.
    """
    if not release.synthetic:
        return data_folder() / "raw" / release.source / release.file
    folders = (data_folder() / "raw" / "sample", CHECKOUT / "data" / "raw" / "sample", PACKED_SAMPLE)
    return next((path for folder in folders if (path := folder / release.file).exists()), folders[-1] / release.file)


def processed_folder(release: catalog.Release) -> Path:
    """Where the built tables of a release are kept."""
    return data_folder() / "processed" / release.source / release.key


def record_path(source: str, key: str) -> Path:
    """Where a release that the catalog does not know is recorded, beside its file."""
    return data_folder() / "raw" / source / f"{key}{RECORD}"


def added_releases() -> dict[str, catalog.Release]:
    """Releases recorded in the data folder by `add`, by `source@release`, sorted by name; damaged records are not."""
    found = [read for _, read in _records() if isinstance(read, catalog.Release)]
    return {release.name: release for release in found}


def damaged_records() -> list[str]:
    """A sentence for each record of the data folder that cannot be read: its release is known to nothing else."""
    return [str(read) for _, read in _records() if isinstance(read, DataError)]


def _records() -> Iterator[tuple[Path, catalog.Release | DataError]]:
    known = {**catalog.sources(), **catalog.made()}
    for path in sorted((data_folder() / "raw").glob(f"*/*{RECORD}")):
        if path.parent.name in known:
            try:
                yield path, read_record(path)
            except DataError as error:
                yield path, error


def read_record(path: Path) -> catalog.Release:
    """One recorded release."""
    try:
        release = catalog.Release(**json.loads(path.read_text(encoding="utf-8")))
        if record_path(release.source, release.key).name != path.name or release.source != path.parent.name:
            raise ValueError(f"it is of {release.name}")
        if not isinstance(release.facts, dict) or not isinstance(release.survey_year, int | None):
            raise TypeError("a value is of another kind")
    except (ValueError, TypeError, RecursionError) as error:
        raise DataError(f"{path}: the record is damaged ({error}); delete it and add the file again.") from error
    return release


def record_text(release: catalog.Release) -> str:
    """What is recorded of a release: the same bytes for the same release, no folders in it."""
    said = {name: value for name, value in asdict(release).items() if value not in ("", None, False, {})}
    return json.dumps(said, indent=1, sort_keys=True) + "\n"


def known_releases() -> dict[str, catalog.Release]:
    """Every release by `source@release`: the catalog's, then those that were added and that the catalog lacks.

    An added file also stands for a release of the catalog of which no hash is known.
    """
    known = catalog.releases()
    added = added_releases()
    return known | {name: release for name, release in added.items() if name not in known or not known[name].sha256}


def find_release(name: str) -> catalog.Release:
    """A release by `source@release`, of the catalog or added to the data folder; an error lists what there is."""
    known = known_releases() | catalog.geography_files()
    if name in known:
        return known[name]
    source = catalog.source(name.split("@")[0])
    for path, read in _records():
        if isinstance(read, DataError) and path == record_path(source.key, name.partition("@")[2]):
            raise read
    listed = ", ".join(one.name for one in known.values() if one.source == source.key)
    raise CallError(
        f"There is no release {name!r}; known are {listed}. "
        f"A file of another release is taken with `iop-analysis add {source.key}@RELEASE FILE`."
    )


def available(source: str | None = None) -> list[catalog.Release]:
    """Releases whose file is in the data folder, source by source, the newest survey year last."""
    there = [one for one in known_releases().values() if raw_path(one).is_file()]
    sources = [catalog.source(source).key] if source else list(catalog.sources())
    return [one for key in sources for one in _oldest_first(one for one in there if one.source == key)]


def newest(releases: Iterable[catalog.Release], synthetic: bool = False) -> catalog.Release | None:
    """The newest of some releases; the synthetic sample is never it, unless that is asked for."""
    published = [one for one in releases if synthetic or not one.synthetic]
    return _oldest_first(published)[-1] if published else None


def _oldest_first(releases: Iterable[catalog.Release]) -> list[catalog.Release]:
    # A release without a year is one that a user added: newer than what the catalog knows.
    return sorted(releases, key=lambda one: (one.survey_year or 9999, one.reference_date))


def geography(name: str) -> Path:
    """Path of a file of geography, `source@key`, as the catalog names it; a `CallError` says how to get it."""
    path = raw_path(catalog.geography_files()[name])
    if not path.is_file():
        raise CallError(
            f"{name} is not fetched: {path} is missing; get it with `iop-analysis fetch {name} --from FOLDER`."
        )
    return path


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def verified(release: catalog.Release) -> Path:
    """Path of a release's file that is there and is what the catalog says; else a `DataError` says what to do."""
    path = raw_path(release)
    if not path.exists():
        raise DataError(
            f"{release.name} is not there: {path} is missing; fetch it with `iop-analysis fetch {release.name}`, "
            f"or add a file you have with `iop-analysis add {release.name} FILE`."
        )
    verify(path, release)
    return path


def verify(path: Path, release: catalog.Release) -> str:
    """Refuse a file that is not the release's; the sentence that comes back says what could not be checked, or "".

    Raises
    ------
    DataError
        The file is damaged or mistaken (see `sniff`), or its SHA-256 differs from the known one.
    """
    found = sha256(path) if release.sha256 and path.is_file() else ""
    if found and found == release.sha256:
        return ""  # a file that is known byte by byte is not damaged
    sniff(path)
    if not release.sha256:
        return f"{path.name}: no SHA-256 is known for {release.name}; the file was not compared with one."
    raise DataError(
        f"{path.name}: its SHA-256 is {found}, that of {release.name} is {release.sha256}; get the file again, "
        f"or if it is another edition use `iop-analysis add {release.source}@RELEASE FILE` with a new name."
    )
