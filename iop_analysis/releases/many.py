"""Work on many releases at once: build what is fetched, choose and load the one that a question needs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from iop_analysis import catalog, places, raw
from iop_analysis.errors import CallError, DataError
from iop_analysis.releases import combined, listing, respondents, store, swapping
from iop_analysis.sources._states import state_codes

Built = listing.Listing | respondents.Respondents


@dataclass(frozen=True)
class Failed:
    """A release that could not be built, and why."""

    release: catalog.Release
    why: str


def build_all(names: list[str], sample: bool = False) -> Iterator[Built | Failed]:
    """Build each named release in turn; a source stands for all its fetched releases, nothing for all sources.

    A release that cannot be built leaves what was built of it as it was, and the others are built all the same.
    """
    for release in _wanted(names, sample):
        try:
            yield _built(release)
        except CallError:
            raise
        except Exception as error:  # one file never stops a build, whatever is wrong with it
            yield Failed(release, _said(error, release.file))


def _built(release: catalog.Release) -> Built:
    """One release, made of its file; a combined one of its list and witnesses."""
    if release.source == combined.SOURCE:
        names = [name for name in release.facts["inputs"] if "@" in name and name != release.list_name]
        return combined.combine(release.list_name, names, str(release.facts["state"]), release.key).listing
    return respondents.build(release) if catalog.for_statistics(release.source) else listing.build(release)


def build(name: str) -> Built:
    """Build one fetched release by `source@release`, and return it.

    Raises
    ------
    CallError
        There is no such release, or it is not fetched.
    DataError
        Its file cannot be what the catalog says: one sentence with file, row and column. What was built stays.
    """
    for built in build_all([name if "@" in str(name) else f"{name}@"]):
        if isinstance(built, Failed):
            raise DataError(built.why)
        return built
    raise CallError(f"{name} is not fetched; run `iop-analysis fetch` or `iop-analysis add`.")


def add(name: str, file: Path, state: str = "") -> raw.Added:
    """Keep a file as `source@release`, after reading it whole as `build` will; see `raw.add`."""
    if state:
        state = state_codes(pd.Series([state])).item()
        places.check_state(state)
    return raw.add(name, file, state, read_whole)


def read_whole(release: catalog.Release, file: Path) -> Built:
    """A publisher's file read and standardised; nothing is written."""
    read = respondents.read_release if catalog.for_statistics(release.source) else listing.read_release
    try:
        return read(release, file)
    except (DataError, CallError):
        raise
    except Exception as error:
        raise DataError(_said(error, file.name)) from error


def _said(error: Exception, file: str) -> str:
    """What is wrong with a file; a fault that no reader foresaw is named as one."""
    if isinstance(error, DataError):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename or file} cannot be read or written: {error.strerror or error}; make room, or mend it."
    what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    return f"{file}: its reader met what it does not foresee ({what}); check the file, and please report this."


def remove(name: str) -> list[Path]:
    """Undo `add` and `build`: delete a release's file, its record and its built tables; what was deleted."""
    folder = raw.processed_folder(raw.find_release(name))
    deleted = raw.remove(name)
    if folder.is_dir():
        with swapping.alone(folder):
            shutil.rmtree(folder)
        deleted.append(folder)
    return deleted


def _wanted(names: list[str], sample: bool) -> list[catalog.Release]:
    if sample:
        return [release for release in catalog.releases().values() if release.synthetic]
    if not names:
        return _lists_first([release for release in raw.available() if not release.synthetic])
    chosen: list[catalog.Release] = []
    for name in names:
        if "@" in name:
            chosen.append(raw.find_release(name))
        else:
            chosen += [release for release in raw.available(catalog.source(name).key) if not release.synthetic]
    return _lists_first(chosen)


def _lists_first(chosen: list[catalog.Release]) -> list[catalog.Release]:
    """Lists with points come first: the others find their counties by them."""
    return sorted(chosen, key=lambda release: not catalog.source(release.source).locates)


def open_release(name: str) -> listing.Listing:
    """A list of facilities to work with: `load`, but a survey, whose rows are respondents, is refused.

    Raises
    ------
    CallError
        There is no such release, it is not built, or it is a survey.
    """
    loaded = load(name)
    if isinstance(loaded, respondents.Respondents):
        raise CallError(
            f"{loaded.release.name} is a survey: its rows are respondents with a state and no place or hours. "
            "Ask it with trends, or with coverage by state; name a directory here."
        )
    return loaded


def the_only_one() -> str:
    """The one built release that may be meant without `--source`; with more than one, an error lists them."""
    names = [name for name in store.built() if catalog.source(name.split("@")[0]).finest_place != "state"]
    if len(names) == 1:
        return names[0]
    if not names:
        raise CallError("Nothing is built; run `iop-analysis fetch` and `iop-analysis build`, or `build --sample`.")
    raise CallError(f"Sources are never mixed: say --source with one of {', '.join(names)}.")


def load(name: str) -> Built:
    """A built release, a listing or a survey's respondents.

    Parameters
    ----------
    name
        `SOURCE@RELEASE`, or a plain `SOURCE` for its newest built release, else its sample. The synthetic sample is
        built when it is asked for and not there yet; its `release.synthetic` says what it is.
    """
    release = raw.find_release(name if "@" in name else _newest(name))
    try:
        return _load(release)
    except CallError:  # not built yet, or by an earlier version
        if not release.synthetic:
            raise
        return build(release.name)


def _load(release: catalog.Release) -> Built:
    survey = catalog.for_statistics(release.source)
    return respondents.load(release.name) if survey else listing.load(release.name)


def _newest(source: str) -> str:
    found = [one for one in store.built() if one.startswith(f"{source}@") and not raw.find_release(one).synthetic]
    asked = [one for one in found if raw.find_release(one).side in ("", "su")]
    return asked[-1] if asked else f"{catalog.source(source).key}@sample"
