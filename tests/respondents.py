"""Survey respondents for tests: rows as the publishers write them, and canonical tables made from them."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadr
from tables import facilities

from iop_analysis import catalog, sources

AGREES = catalog.AGREES
UNIVERSES = {side: row["universe"] for side, row in catalog.survey_sides().items()}

# What a respondent of each survey says where a test does not care, under the newest known headings.
USUAL = {
    "nssats": {"state": "NJ", "owner": "1"},
    "nmhss": {"state": "NJ", "owner": "1", "public_agency": "-2", "facility_type": "9"},
    "nsumhss": {"state": "NJ", "owner": "1", "universe_su": "1", "universe_mh": "1", "frame_su": "1", "frame_mh": "1"},
}
NEWEST = {"nssats": "2019", "nmhss": "2019", "nsumhss": "2024"}


def release_of(source: str, key: str | None = None) -> catalog.Release:
    """A release of a survey as a user adds it, by default of the newest known layout."""
    return catalog.Release(source, key or NEWEST[source], file=f"{source}.csv")


def rows_of(source: str, count: int, **given: list[str]) -> pd.DataFrame:
    """`count` rows as `read` gives them: what is not given is the usual, and 0 where nothing is usual."""
    columns = {name: [USUAL[source].get(name, "0")] * count for name in headings(source)}
    return pd.DataFrame(columns | given, dtype="str")


def headings(source: str, key: str | None = None) -> dict[str, str]:
    """Heading of each item of a survey in one known layout."""
    rows = catalog.read_rows(f"columns/{source}.csv")
    return {row["name"]: row[key or NEWEST[source]] for row in rows if row[key or NEWEST[source]]}


def published(source: str, rows: pd.DataFrame, key: str | None = None) -> pd.DataFrame:
    """Rows under the publisher's headings."""
    known = headings(source, key)
    return rows[[name for name in rows if name in known]].rename(columns=known)


def write(table: pd.DataFrame, path: Path) -> Path:
    """Write rows as the publishers do: CSV, tab-separated text, R data, or a zip that holds a CSV."""
    suffix = path.suffix.lower()
    if suffix in (".rda", ".rdata"):
        pyreadr.write_rdata(str(path), table, df_name="PUF")
    elif suffix == ".zip":
        text = io.StringIO()
        table.to_csv(text, index=False)
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("PUF.csv", text.getvalue())
    else:
        table.to_csv(path, index=False, sep="\t" if suffix == ".tsv" else ",")
    return path


def clean(source: str, rows: pd.DataFrame, key: str | None = None) -> pd.DataFrame:
    """Respondents of a survey from rows as `read` gives them."""
    cleaned: sources.Cleaned = sources.module(source).clean(rows, release_of(source, key))
    return cleaned.facilities


def canonical(table: pd.DataFrame, release: catalog.Release) -> pd.DataFrame:
    """Respondents with every canonical column, and what surveys have besides."""
    names = [name for name in table if name in catalog.variables() and name != "survey_year"]
    given: dict[str, Any] = {name: table[name].to_numpy(dtype=object) for name in names}
    whole = facilities(len(table), **given | {"source": release.source, "release": release.key})
    extra = [name for name in (*UNIVERSES.values(), AGREES) if name in table]
    return whole.assign(**{name: table[name].to_numpy() for name in extra})


def respondents(source: str, count: int, **given: list[str]) -> pd.DataFrame:
    """Canonical respondents of a survey, made from items in the publisher's codes."""
    return canonical(clean(source, rows_of(source, count, **given)), release_of(source))


def real(release: catalog.Release, folder: Path) -> pd.DataFrame:
    """Canonical respondents of a publisher's file."""
    module = sources.module(release.source)
    rows = module.read(folder / release.source / release.file, release)
    return canonical(module.clean(rows, release).facilities, release)
