"""What is known of the places where people live: urban or rural, poverty, internet, income, race."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from iop_analysis import catalog
from iop_analysis.errors import DataError
from iop_analysis.places.spelled import FIRST_ROW, headings, numbers, read_text

# The file's heading for each column that is read, and what divides it (percent to share).
COUNTY_COLUMNS = {"poverty_share": ("PovP", 100), "no_internet_share": ("NoIntP", 100)}
TRACT_COLUMNS = {
    "white_non_hispanic": "pop_nonhispwhite",
    "black": "pop_black",
    "hispanic": "pop_hispanic",
    "income_median": "income_median",
}
URBAN_COLUMNS = {"county_fips": "FIPS code", "code": "2013 code"}


def urban_rural(path: Path) -> pd.Series:
    """Urban-rural class of each county: the six of the National Center for Health Statistics (2013).

    Parameters
    ----------
    path
        The publisher's workbook; its county codes have lost their zeros and get them back.

    Returns
    -------
    Series
        Ordered category, most urban first, indexed by `county_fips` (counties of 2013: Connecticut has eight).

    Raises
    ------
    DataError
        The workbook lacks a column, or holds a class that the catalog does not know.
    """
    rows = pd.read_excel(path, dtype=str, engine="calamine")
    _refuse_missing(list(map(str, rows.columns)), URBAN_COLUMNS.values(), path)
    labels = {row["code"]: row["label"] for row in catalog.read_rows("urban_rural.csv")}
    classes = rows[URBAN_COLUMNS["code"]].map(labels)
    if classes.isna().any():
        place, heading = int(classes.isna().to_numpy().argmax()), URBAN_COLUMNS["code"]
        raise DataError(
            f"{path.name}: row {place + FIRST_ROW}, column {heading!r}: {rows[heading].iloc[place]!r} "
            f"is none of the classes {', '.join(labels)}; check that this is the file of 2013."
        )
    index = pd.Index(rows[URBAN_COLUMNS["county_fips"]].str.zfill(5), name="county_fips")
    ordered = pd.CategoricalDtype(list(labels.values()), ordered=True)
    return pd.Series(classes.to_numpy(object), index=index, name="urban_rural").astype(ordered)


def county_context(path: Path) -> pd.DataFrame:
    """Share of people in poverty and of households without internet, by county; missing where not published.

    Returns
    -------
    DataFrame
        `poverty_share`, `no_internet_share` (0-1), indexed by `county_fips`.
    """
    columns = {"county_fips": "county_fips", **{name: heading for name, (heading, _) in COUNTY_COLUMNS.items()}}
    rows = _read(path, columns)
    values = {
        name: numbers(rows, name, heading, path, empty=True) / divisor
        for name, (heading, divisor) in COUNTY_COLUMNS.items()
    }
    return pd.DataFrame(values).set_index(pd.Index(rows["county_fips"].str.zfill(5), name="county_fips"))


def tract_groups(path: Path) -> pd.DataFrame:
    """Residents by race and median income of each tract; groups may overlap (Hispanic people of any race).

    Returns
    -------
    DataFrame
        `white_non_hispanic`, `black`, `hispanic` (residents) and `income_median` (dollars, missing where not
        published), indexed by `point_id` (11 digits).
    """
    rows = _read(path, {"point_id": "tract_geoid", **TRACT_COLUMNS})
    values = {name: numbers(rows, name, heading, path, empty=True) for name, heading in TRACT_COLUMNS.items()}
    return pd.DataFrame(values).set_index(pd.Index(rows["point_id"].str.zfill(11), name="point_id"))


def quantile_classes(values: pd.Series, population: pd.Series, count: int = 5, unit: str = "") -> pd.Series:
    """Classes of points that hold about the same number of residents, by rising value; missing values have none.

    Parameters
    ----------
    values, population
        A value and the residents of each point.
    count
        How many classes.
    unit
        What the values are, for the labels: `1 (lowest income)`.

    Returns
    -------
    Series
        Ordered category per point.

    Examples
    --------
    >>> quantile_classes(pd.Series([9.0, 1.0, 5.0]), pd.Series([1, 1, 1]), 3, "income").tolist()
    ['3 (highest income)', '1 (lowest income)', '2']
    """
    labels = [str(number) for number in range(1, count + 1)]
    labels[0], labels[-1] = f"{labels[0]} (lowest {unit})".strip(), f"{labels[-1]} (highest {unit})".strip()
    residents = population.where(values.notna(), 0.0)
    below = residents.groupby(values).sum().cumsum()
    middle = values.map(below - residents.groupby(values).sum() / 2) / max(residents.sum(), 1.0)
    place = np.minimum((middle.fillna(0.0) * count).astype(int), count - 1)
    classes = pd.Series(np.array(labels, dtype=object)[place], index=values.index).where(values.notna())
    return classes.astype(pd.CategoricalDtype(labels, ordered=True))


def _read(path: Path, columns: dict[str, str]) -> pd.DataFrame:
    _refuse_missing(headings(path), columns.values(), path)
    return read_text(path, columns)


def _refuse_missing(there: list[str], wanted: Iterable[str], path: Path) -> None:
    missing = [heading for heading in wanted if heading not in there]
    if missing:
        raise DataError(
            f"{path.name}: row 1 has no column {' and no '.join(map(repr, missing))}; is this the file meant?"
        )
