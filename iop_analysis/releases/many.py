"""Work on many releases at once: build what is fetched, choose and load the one that a question needs."""

from __future__ import annotations

from collections.abc import Iterator

from iop_analysis import catalog, raw
from iop_analysis.errors import CallError
from iop_analysis.releases import listing, locators, respondents, store

Built = listing.Listing | respondents.Respondents


def build_all(names: list[str], sample: bool = False) -> Iterator[Built]:
    """Build each named release in turn; a source stands for all its fetched releases, nothing for all sources."""
    for release in _wanted(names, sample):
        yield respondents.build(release) if catalog.for_statistics(release.source) else listing.build(release)


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
