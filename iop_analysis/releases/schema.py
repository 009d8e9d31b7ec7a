"""The canonical tables as pandera schemas, generated from the catalog's variables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from iop_analysis import catalog
from iop_analysis.catalog import answers
from iop_analysis.errors import DataError
from iop_analysis.hours.week import DAYS
from iop_analysis.linking.locating import POINT_QUALITIES

TYPES: dict[str, Any] = {
    "text": "str",
    "integer": "Int64",
    "number": "float64",
    "boolean": "bool",
    "answer": answers.ANSWER_TYPE,
}
HOURS_STATUSES = ("known", "partial", "always", "by_appointment", "unknown", "not_asked")
SCOPES = ("program", "site", "office", "intake", "phone")

CHECKS: dict[str, list[pa.Check]] = {
    "state": [pa.Check.str_matches(r"^[A-Z]{2}$")],
    "zip": [pa.Check.str_matches(r"^\d{5}$")],
    "county_fips": [pa.Check.str_matches(r"^\d{5}$")],
    "place_quality": [pa.Check.isin(["publisher", "address", "zip", "none"])],
    "point_quality": [pa.Check.isin(list(POINT_QUALITIES))],
    "latitude": [pa.Check.in_range(-15, 72)],
    "longitude": [pa.Check.in_range(-180, 180)],
    "hours_status": [pa.Check.isin(list(HOURS_STATUSES))],
}


def facilities_schema() -> pa.DataFrameSchema:
    """Schema of `facilities.parquet`: every variable of the catalog, in its order, and no other column."""
    columns = {name: _column(variable) for name, variable in catalog.variables().items()}
    columns["facility_id"].unique = True
    return pa.DataFrameSchema(columns, strict=True, ordered=True)


def hours_schema(witness: bool = False) -> pa.DataFrameSchema:
    """Schema of `facility_hours.parquet`; a row without minutes is a day whose hours could not be read.

    A combined release names the `witness` of each row too.
    """
    minutes = [pa.Check.in_range(0, 1440)]
    witnesses = {"witness": pa.Column("str")} if witness else {}
    return pa.DataFrameSchema(
        {
            "facility_id": pa.Column("str"),
            "day": pa.Column("str", pa.Check.isin(list(DAYS))),
            "opens_minute": pa.Column("Int64", minutes, nullable=True),
            "closes_minute": pa.Column("Int64", minutes, nullable=True),
            "scope": pa.Column("str", pa.Check.isin(list(SCOPES))),
            "label": pa.Column("str"),
            **witnesses,
        },
        checks=pa.Check(_closes_later, error="an interval closes before it opens"),
        strict=True,
        ordered=True,
    )


def _closes_later(hours: pd.DataFrame) -> pd.Series:
    return (hours["opens_minute"] < hours["closes_minute"]).fillna(True)


def _column(variable: catalog.Variable) -> pa.Column:
    return pa.Column(TYPES[variable.type], CHECKS.get(variable.name, []), nullable=variable.nullable)


def conform(table: pd.DataFrame, names: Iterable[str] | None = None) -> pd.DataFrame:
    """The table with exactly the catalog's columns, in order and of their types; nothing is checked yet.

    A column of answers that the source lacks is `not_asked`; any other that it lacks is missing. Blank text is missing.
    """
    names = list(names or catalog.variables())
    return pd.DataFrame({name: _typed(table, catalog.variables()[name]) for name in names}, index=table.index)


def _typed(table: pd.DataFrame, variable: catalog.Variable) -> Any:
    name, kind = variable.name, TYPES[variable.type]
    if name not in table:
        default = answers.NOT_ASKED if variable.type == "answer" else False if variable.type == "boolean" else None
        return pd.Series([default] * len(table), index=table.index, dtype=kind)
    column = table[name]
    if variable.type == "text":
        column = column.astype("str").str.strip()
        return column.mask(column == "") if variable.nullable else column
    return column.astype(kind)


def validate(table: pd.DataFrame, schema: pa.DataFrameSchema, what: str) -> pd.DataFrame:
    """The table, checked; every way in which it is wrong is named in one `DataError`.

    Parameters
    ----------
    table, schema
        The table and what it must be.
    what
        Name of the file or release, for the message.
    """
    try:
        return schema.validate(table, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases.drop_duplicates(["column", "check"])
        ways = "; ".join(
            f"column {case['column']!r}{_row(case['index'])}: {case['failure_case']!r} fails {case['check']}"
            for case in cases.to_dict("records")
        )
        raise DataError(f"{what} does not fit the canonical table: {ways}; mend the file.") from errors


def _row(index: object) -> str:
    """The row in the publisher's file, whose first row is the heading; empty where a whole column is wrong."""
    return f" row {int(index) + 2}" if isinstance(index, (int, float)) and index == index else ""
