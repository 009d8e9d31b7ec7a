"""Work on many releases at once: build what is fetched, choose and load the one that a question needs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from iop_analysis import catalog, places, raw
from iop_analysis.errors import CallError, DataError
from iop_analysis.releases import listing, locators, respondents, store, swapping
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
            yield respondents.build(release) if catalog.for_statistics(release.source) else listing.build(release)
        except CallError:
            raise
        except Exception as error:  # one file never stops a build, whatever is wrong with it
            yield Failed(release, _said(error, release.file))


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
    return sorted(chosen, key=lambda release: release.source not in locators.SOURCES)


def open_release(name: str) -> listing.Listing:
    """A release to work with: `SOURCE@RELEASE`, or for a plain `SOURCE` its newest built release, else its sample.

    The synthetic sample is built when it is asked for and not there yet; its `release.synthetic` says what it is.
    """
    if "@" not in name:
        found = [one for one in store.built() if one.startswith(f"{name}@") and not raw.find_release(one).synthetic]
        asked = [one for one in found if raw.find_release(one).side in ("", "su")]
        name = asked[-1] if asked else f"{name}@sample"
    release = raw.find_release(name)
    if release.synthetic and name not in store.built():
        listing.build(release)
    return listing.load(name)


def the_only_one() -> str:
    """The one built release that may be meant without `--source`; with more than one, an error lists them."""
    names = [name for name in store.built() if catalog.source(name.split("@")[0]).finest_place != "state"]
    if len(names) == 1:
        return names[0]
    if not names:
        raise CallError("Nothing is built; run `iop-analysis fetch` and `iop-analysis build`, or `build --sample`.")
    raise CallError(f"Sources are never mixed: say --source with one of {', '.join(names)}.")


def load(name: str) -> Built:
    """A built release by `source@release`: a listing, or a survey's respondents."""
    survey = catalog.for_statistics(raw.find_release(name).source)
    return respondents.load(name) if survey else listing.load(name)
