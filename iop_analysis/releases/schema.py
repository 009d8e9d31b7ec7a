"""The canonical tables as pandera schemas, generated from the catalog's variables."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pandas as pd
import pandera.pandas as pa
import pyarrow.compute as pc
from pandera.errors import SchemaErrors

from iop_analysis import catalog
from iop_analysis.catalog import answers
from iop_analysis.errors import DataError
from iop_analysis.hours.week import DAYS
from iop_analysis.linking.locating import POINT_QUALITIES
from iop_analysis.raw.distinct import in_one

TYPES: dict[str, Any] = {
    "text": "str",
    "integer": "Int64",
    "number": "float64",
    "boolean": "bool",
    "answer": answers.ANSWER_TYPE,
}
HOURS_STATUSES = ("known", "partial", "always", "by_appointment", "unknown", "not_asked")
SCOPES = ("program", "site", "office", "intake", "phone")


def _one_of(values: Collection[str]) -> pa.Check:
    return pa.Check.isin(list(values), error=f"is none of {', '.join(values)}")


def _within(low: int, high: int) -> pa.Check:
    return pa.Check.in_range(low, high, error=f"is not within {low} and {high}")


CHECKS: dict[str, pa.Check] = {
    "state": pa.Check.str_matches(r"^[A-Z]{2}$", error="is no postal code of two capital letters"),
    "zip": pa.Check.str_matches(r"^[0-9]{5}$", error="is no ZIP code of five digits"),
    "county_fips": pa.Check.str_matches(r"^[0-9]{5}$", error="is no county code of five digits"),
    "place_quality": _one_of(("publisher", "address", "zip", "none")),
    "point_quality": _one_of(POINT_QUALITIES),
    "latitude": _within(-15, 72),
    "longitude": _within(-180, 180),
    "hours_status": _one_of(HOURS_STATUSES),
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
    minutes = _within(0, 1440)
    witnesses = {"witness": pa.Column("str")} if witness else {}
    return pa.DataFrameSchema(
        {
            "facility_id": pa.Column("str"),
            "day": pa.Column("str", _one_of(DAYS)),
            "opens_minute": pa.Column("Int64", minutes, nullable=True),
            "closes_minute": pa.Column("Int64", minutes, nullable=True),
            "scope": pa.Column("str", _one_of(SCOPES)),
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
    return pa.Column(TYPES[variable.type], CHECKS.get(variable.name), nullable=variable.nullable)


def conform(table: pd.DataFrame, names: Iterable[str] | None = None) -> pd.DataFrame:
    """The table with exactly the catalog's columns, in order and of their types; nothing is checked yet.

    A column of answers that the source lacks is `not_asked`; any other that it lacks is missing. Blank text is missing.
    """
    wanted = {name: catalog.variables()[name] for name in names or catalog.variables()}
    lacking = {variable.type for name, variable in wanted.items() if name not in table}
    empty = {kind: _empty(kind, table.index) for kind in lacking}
    columns = {
        name: _typed(table[name], variable) if name in table else empty[variable.type]
        for name, variable in wanted.items()
    }
    return pd.DataFrame(columns, index=table.index)


def _empty(kind: str, index: pd.Index) -> pd.Series:
    """A column that a source lacks."""
    default = answers.NOT_ASKED if kind == "answer" else False if kind == "boolean" else None
    return pd.Series(default, index=index, dtype=TYPES[kind])


def _typed(column: pd.Series, variable: catalog.Variable) -> Any:
    if variable.type == "text":
        texts = pc.utf8_trim_whitespace(in_one(column))
        return pd.array(pc.if_else(pc.equal(texts, ""), None, texts) if variable.nullable else texts, dtype="str")
    return column.astype(TYPES[variable.type])


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
            f"column {case['column']!r}{_row(case['index'])}: {case['failure_case']!r} {_said(case['check'])}"
            for case in cases.to_dict("records")
        )
        raise DataError(f"{what} does not fit the canonical table: {ways}; mend the file.") from errors


def _row(index: object) -> str:
    """The row in the publisher's file, whose first row is the heading; empty where a whole column is wrong."""
    return f" row {int(index) + 2}" if isinstance(index, (int, float)) and index == index else ""


def _said(check: str) -> str:
    """What a check says: in our words, or by the name that pandera gives it."""
    return check if " " in check else f"fails {check}"
