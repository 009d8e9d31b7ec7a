"""Carried: every county held to a published distance rule, for every question asked."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from iop_analysis import catalog, places
from iop_analysis.carried import listings, programs
from iop_analysis.carried.files import FOLDER, read_table, write_table
from iop_analysis.errors import CallError
from iop_analysis.metrics import adequacy
from iop_analysis.metrics.adequacy import CANNOT_TELL, NONE_LISTED, VERDICTS, WITHIN
from iop_analysis.places.tables import state_codes
from iop_analysis.releases import listing

__all__ = ["CANNOT_TELL", "NONE_LISTED", "VERDICTS", "WITHIN", "load", "standard", "standards", "write"]

TABLE = "adequacy.csv.gz"
COLUMNS = ["release", "of", "have", "standard", "place", *adequacy.COLUMNS[1:], "unplaced"]
DEFAULT = "medicare_advantage"
CAUTION = (
    "Straight lines are never longer than roads, so within proves nothing about roads; a list may miss programs. A "
    "study found such standards not associated with better access (AJMC, January 2025)."
)
NO_CUSTOM = (
    "CMS lengthens the distances for some counties; its 2020 workbook has no row for outpatient behavioral health, so "
    "these are not applied."
)


@cache
def standards() -> pd.DataFrame:
    """Every rule of `catalog/standards.csv`: whom it binds, its distances by county type, how it was read."""
    return pd.DataFrame(catalog.read_rows("standards.csv"))


def standard(key: str = DEFAULT) -> pd.DataFrame:
    """The rows of one rule, one for each county type; a `CallError` names the known ones."""
    rows = standards()
    mine = rows[rows["standard"] == key]
    if mine.empty:
        raise CallError(f"There is no standard {key!r}; there are {', '.join(rows['standard'].unique())}.")
    return mine.reset_index(drop=True)


def load(release: str, have: str, state: str | None = None, rule: str = DEFAULT, of: str = "iop") -> pd.DataFrame:
    """Counties of a state held to a rule, as the package carries them.

    Parameters
    ----------
    release, have, of
        A list of programs and a question of `catalog/residents.csv`.
    state
        Postal code; all states where None.
    rule
        Key of `catalog/standards.csv`; `standard(rule)` says whom it binds.

    Returns
    -------
    DataFrame
        `place` (county FIPS), `name`, `state`, `county_type`, `residents`, `limit` (miles), `share_required`,
        `lower_share`, `upper_share` (0-1, of residents: surely, and even if every unknown is a yes), `verdict`
        (`WITHIN`, `NONE_LISTED`, `CANNOT_TELL`) and `unplaced` (programs of the state that may meet the question and
        have no usable address: each could turn the counties around one place).
    """
    table = read_table(FOLDER / TABLE)
    programs.check_question(of, have, table)
    mine = table[(table["release"] == release) & (table["have"] == have) & (table["of"] == of)]
    mine = mine[mine["standard"] == rule].drop(columns=["release", "of", "have", "standard"])
    counties = places.counties().rename(columns={"county_fips": "place"})
    joined = counties[["place", "name", "state"]].merge(mine, on="place")
    return joined[(joined["state"] == state) | (state is None)].reset_index(drop=True)


def write(folder: Path) -> list[Path]:
    """Write the verdicts on all counties, for each question of the newest release of each list."""
    parts = [table for name in listings.newest() for table in tables_of(name)]
    return [write_table(pd.concat(parts, ignore_index=True), folder / TABLE)]


def tables_of(name: str) -> list[pd.DataFrame]:
    """Verdicts for every question of a release and every rule that binds in its area."""
    points, types, parts = programs.area_points(name), programs.types(), []
    county = programs.homes("county").set_index("point_id")["place"].reindex(points["point_id"])
    for of, have, _ in programs.questions(listing.load(name).facilities):
        asked = programs.programs(name, of, have)
        near = asked.distances(points)
        for key, area in standards()[["standard", "area"]].drop_duplicates().itertuples(index=False):
            inside = points["state"].eq(area).to_numpy() | (area == "US")
            if inside.any():
                table = adequacy.adequacy(near[inside], county[inside], types, standard(key))
                table = with_unplaced(table, asked)
                parts.append(table.assign(release=name, of=of, have=have, standard=key))
    return [one.rename(columns={"county_fips": "place"}).round(4)[COLUMNS] for one in parts]


def with_unplaced(table: pd.DataFrame, asked: programs.Programs) -> pd.DataFrame:
    """The verdicts with `unplaced`: possible programs of the county's state that have no point."""
    counts = asked.unplaced()["state"].value_counts()
    home = table["county_fips"].str[:2].map(state_codes())
    return table.assign(unplaced=home.map(counts).fillna(0).astype("int64"))
