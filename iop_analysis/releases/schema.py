"""What the canonical tables must be, generated from the catalog's variables, and the check of a table against it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow.compute as pc

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


@dataclass(frozen=True)
class Check:
    """What a value that is there may not be, in words, and where a column of the table is that."""

    words: str
    fails: Callable[[pd.DataFrame, str], pd.Series]


@dataclass(frozen=True)
class Column:
    """What one column must be."""

    type: Any
    checks: tuple[Check, ...] = ()
    nullable: bool = False
    unique: bool = False


Schema = dict[str, Column]
REPEATED = Check("stands there twice", lambda table, name: table[name].duplicated(keep=False))


def _other_than(pattern: str, words: str) -> tuple[Check]:
    return (Check(words, lambda table, name: ~table[name].str.fullmatch(pattern)),)


def _none_of(values: Collection[str]) -> tuple[Check]:
    return (Check(f"is none of {', '.join(values)}", lambda table, name: ~table[name].isin(values)),)


def _outside(low: int, high: int) -> tuple[Check]:
    return (Check(f"is not within {low} and {high}", lambda table, name: ~table[name].between(low, high)),)


CHECKS: dict[str, tuple[Check, ...]] = {
    "state": _other_than("[A-Z]{2}", "is no postal code of two capital letters"),
    "zip": _other_than("[0-9]{5}", "is no ZIP code of five digits"),
    "county_fips": _other_than("[0-9]{5}", "is no county code of five digits"),
    "place_quality": _none_of(("publisher", "address", "zip", "none")),
    "point_quality": _none_of(POINT_QUALITIES),
    "latitude": _outside(-15, 72),
    "longitude": _outside(-180, 180),
    "hours_status": _none_of(HOURS_STATUSES),
}
NO_INTERVAL = Check("closes before it opens", lambda table, name: table[name] <= table["opens_minute"])


def facilities_schema() -> Schema:
    """Schema of `facilities.parquet`: every variable of the catalog, in its order, and no other column."""
    return {name: _column(variable) for name, variable in catalog.variables().items()}


def _column(variable: catalog.Variable) -> Column:
    unique = variable.name == "facility_id"
    return Column(TYPES[variable.type], CHECKS.get(variable.name, ()), variable.nullable, unique)


def hours_schema(witness: bool = False) -> Schema:
    """Schema of `facility_hours.parquet`; a row without minutes is a day whose hours could not be read.

    A combined release names the `witness` of each row too.
    """
    minutes = _outside(0, 1440)
    columns = {
        "facility_id": Column("str"),
        "day": Column("str", _none_of(DAYS)),
        "opens_minute": Column("Int64", minutes, nullable=True),
        "closes_minute": Column("Int64", (*minutes, NO_INTERVAL), nullable=True),
        "scope": Column("str", _none_of(SCOPES)),
        "label": Column("str"),
    }
    return columns | ({"witness": Column("str")} if witness else {})


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


def validate(table: pd.DataFrame, schema: Schema, what: str) -> pd.DataFrame:
    """The table, checked; every way in which it is wrong is named in one `DataError`.

    Parameters
    ----------
    table, schema
        The table and what it must be.
    what
        Name of the file or release, for the message.
    """
    ways = [*_misfits(list(table.columns), list(schema))]
    ways += [way for name, column in schema.items() if name in table for way in _wrong(table, name, column)]
    if ways:
        raise DataError(f"{what} does not fit the canonical table: {'; '.join(ways)}; mend the file.")
    return table


def _misfits(there: list[str], known: list[str]) -> Iterator[str]:
    yield from (f"column {name!r} is missing" for name in known if name not in there)
    yield from (f"column {name!r} is none of it" for name in there if name not in known)
    if sorted(there) == sorted(known) and there != known:
        yield "its columns stand in another order"


def _wrong(table: pd.DataFrame, name: str, column: Column) -> Iterator[str]:
    """Each way in which a column is wrong, with the first row where it is; the file's first row is the heading."""
    values = table[name]
    if values.dtype != column.type:
        yield f"column {name!r} is of the type {values.dtype}"
        return
    there = values.notna().to_numpy()
    if not column.nullable and not there.all():
        yield f"column {name!r} row {int(there.argmin()) + 2} is missing"
    for check in (*column.checks, *((REPEATED,) if column.unique else ())):
        bad = check.fails(table, name).fillna(False).to_numpy(dtype=bool) & there
        if bad.any():
            first = int(bad.argmax())
            yield f"column {name!r} row {first + 2}: {values.iloc[first : first + 1].tolist()[0]!r} {check.words}"
