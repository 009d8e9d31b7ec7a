"""Work on many releases at once: build what is fetched, choose the one that a question needs, rebuild references."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from iop_analysis import (
    catalog,
    criteria,
    disclosure,
    facilities,
    locators,
    opening,
    places,
    processed,
    raw,
    reference,
    respondents,
    survey_tables,
    surveys,
)
from iop_analysis.errors import CallError
from iop_analysis.metrics import coverage, trends

Built = facilities.Facilities | respondents.Respondents


def build_all(names: list[str], sample: bool = False) -> Iterator[Built]:
    """Build each named release in turn; a source stands for all its fetched releases, nothing for all sources."""
    for release in _wanted(names, sample):
        yield respondents.build(release) if disclosure.for_statistics(release.source) else facilities.build(release)


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


def open_release(name: str) -> facilities.Facilities:
    """A release to work with: `SOURCE@RELEASE`, or for a plain `SOURCE` its newest built release, else its sample.

    The synthetic sample is built when it is asked for and not there yet; its `release.synthetic` says what it is.
    """
    if "@" not in name:
        found = [one for one in processed.built() if one.startswith(f"{name}@") and not raw.find_release(one).synthetic]
        asked = [one for one in found if raw.find_release(one).side in ("", "su")]
        name = asked[-1] if asked else f"{name}@sample"
    release = raw.find_release(name)
    if release.synthetic and name not in processed.built():
        facilities.build(release)
    return facilities.load(name)


def status() -> pd.DataFrame:
    """Every known release: `release`, `rows`, and whether it is `fetched`, `built`, or `carried` by the package."""
    fetched = {release.name for release in raw.available()}
    built, carried = set(processed.built()), {*reference.carried(), *survey_tables.carried()}
    known = {**catalog.releases(), **raw.added_releases()}
    rows = [
        {
            "release": name,
            "rows": release.rows,
            "fetched": "yes" if name in fetched else "",
            "built": "yes" if name in built else "",
            "carried": "yes" if name in carried else "",
        }
        for name, release in known.items()
    ]
    return pd.DataFrame(rows)


def coverage_of(
    name: str | None, have: str, of: str, by: str | None = None, state: str | None = None, side: str = ""
) -> tuple[pd.DataFrame, str]:
    """Coverage of a built release, and a sentence where its known share is empty.

    Places without a facility get a row: states of the source's area, counties of the state (or of the area). Of a
    survey one universe is counted (`side`: su or mh), small cells are hidden, and what would tell respondents apart
    is refused.
    """
    name = name or the_only_one()
    if disclosure.for_statistics(raw.find_release(name).source):
        return _survey_coverage(name, have, of, by, state, side), ""
    loaded = facilities.load(name)
    tables = loaded.facilities, loaded.hours
    if state:
        places.check_state(state)
        here = tables[0]["state"].eq(state)
        tables = tables[0][here], tables[1]
    area = catalog.source(loaded.release.source).area
    table = coverage.coverage(*tables, have, of, by, _places(by, state, area))
    said = coverage.why_no_known_share(have, loaded.release.source)
    if any(("scope", "program") in atom.arguments for atom in criteria.parse(have).atoms):
        inside = criteria.evaluate(of, *tables).result.fillna(False).to_numpy(dtype=bool)
        said = f"{said} {opening.program_sentence(tables[0][inside], tables[1])}".strip()
    return table, said


def _survey_coverage(name: str, have: str, of: str, by: str | None, state: str | None, side: str) -> pd.DataFrame:
    loaded = respondents.load(name)
    disclosure.check(loaded.release.source, have, of, by, state)
    table = trends.universe(loaded.respondents, side or ("mh" if loaded.release.source == "nmhss" else "su"))
    if state:
        places.check_state(state)
        table = table[table["state"].eq(state)]
    counts = coverage.coverage(table, trends.NO_HOURS, have, of, by, _places(by, state, "US"))
    return disclosure.hide_small(counts, have, of) if by or state else counts


def _places(by: str | None, state: str | None, area: str) -> list[str]:
    states = [state] if state else list(places.states()["state"]) if area == "US" else [area] if area else []
    if by == "state":
        return states
    if by == "county":
        counties = places.counties()
        return list(counties.loc[counties["state"].isin(states), "county_fips"])
    return []


def the_only_one() -> str:
    """The one built release that may be meant without `--source`; with more than one, an error lists them."""
    names = [name for name in processed.built() if catalog.source(name.split("@")[0]).finest_place != "state"]
    if len(names) == 1:
        return names[0]
    if not names:
        raise CallError("Nothing is built; run `iop-analysis fetch` and `iop-analysis build`, or `build --sample`.")
    raise CallError(f"Sources are never mixed: say --source with one of {', '.join(names)}.")


def rebuild_reference(folder: Path | None = None) -> list[Path]:
    """Write the standard tables of every built release that covers a whole state or the nation and asks about IOP.

    With them go the changes between the pairs of releases of `catalog/comparisons.csv`. Those of the surveys go to
    the folder `surveys` within.
    """
    folder = folder or reference.FOLDER
    tables = []
    for name in processed.built():
        release = raw.find_release(name)
        source = catalog.source(release.source)
        if not release.synthetic and source.area and source.finest_place != "state":
            loaded = facilities.load(name)
            if "offers_iop" in reference.asked_words(loaded.facilities):
                tables.append(reference.standard(loaded))
    paths = reference.write(tables, folder) + reference.write_changes(_comparisons(), folder)
    return paths + surveys.rebuild(folder / survey_tables.FOLDER.name)


def _comparisons() -> list[tuple[facilities.Facilities, facilities.Facilities]]:
    """The pairs of releases of `catalog/comparisons.csv` of which both are built."""
    pairs = [(row["before"], row["after"]) for row in catalog.read_rows("comparisons.csv")]
    built = processed.built()
    return [(facilities.load(one), facilities.load(two)) for one, two in pairs if one in built and two in built]
