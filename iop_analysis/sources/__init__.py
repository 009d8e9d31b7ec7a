"""One file per source: `read(path, release)` gives the publisher's rows, `clean(rows, release)` the canonical ones.

`read` renames the publisher's headings to the catalog's names and refuses a file that lacks one; nothing else.
What either leaves out stands in `rows.attrs`: `notes` about the file, `counts` of rows or entries by sentence.
`clean` returns `Cleaned`: canonical columns as far as the source has them (the gate in `facilities.py` adds the
rest), hours rows, and notes on everything that was set aside or read in a special way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

from iop_analysis import catalog
from iop_analysis.errors import DataError

HOURS_COLUMNS = ["facility_id", "day", "opens_minute", "closes_minute", "scope", "label"]


@dataclass(frozen=True)
class Note:
    """One thing that reading did which a reader must know: how many rows, and what was done, in a sentence."""

    rows: int
    text: str


@dataclass(frozen=True)
class Cleaned:
    """What a source gives: one row per facility, one row per opening interval, and the notes.

    A source that reads words also gives `facts`: a row for each, with its address, date and quote.

    Hours name a facility by its `facility_id`, or where the source has none by its position among the facilities.
    """

    facilities: pd.DataFrame
    hours: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=HOURS_COLUMNS))
    notes: tuple[Note, ...] = ()
    facts: pd.DataFrame | None = None


def module(source: str) -> ModuleType:
    """The module that reads a source."""
    return import_module(f"iop_analysis.sources.{source}")


def rename(table: pd.DataFrame, release: catalog.Release, path: Path) -> pd.DataFrame:
    """The columns that the catalog names, under the catalog's names; a missing heading is an error.

    Headings are compared without the blanks around them. Columns that the catalog does not name are dropped.

    Raises
    ------
    DataError
        A heading is missing: all that are missing are named at once.
    """
    table = table.rename(columns=lambda heading: str(heading).strip())
    wanted = catalog.columns(release)
    missing = [heading for heading in wanted.values() if heading not in table.columns]
    if missing:
        raise DataError(
            f"{path.name}: the column{'s' if len(missing) > 1 else ''} {', '.join(map(repr, missing))} "
            f"of {release.name} {'are' if len(missing) > 1 else 'is'} missing; check that this is the file of that "
            f"release, or add a column for it to catalog/columns/{release.source}.csv."
        )
    named = table[list(wanted.values())].set_axis(list(wanted), axis=1)
    named.attrs = dict(table.attrs)
    return named


def row_number(position: int) -> int:
    """Line of a table row in the publisher's file, counting the heading as line 1."""
    return position + 2


def refuse_first(bad: pd.Series, rows: pd.DataFrame, name: str, release: catalog.Release, why: str) -> None:
    """Stop at the first row that is bad, in a sentence with file, row, column, its text and `why`."""
    if bad.any():
        row = int(bad.to_numpy().argmax())
        heading = catalog.columns(release).get(name, name)
        raise DataError(
            f"{release.file}: row {row_number(row)}, column {heading!r} holds {rows[name].iloc[row]!r}, {why}."
        )


def numbers(rows: pd.DataFrame, name: str, release: catalog.Release) -> pd.Series:
    """A column of numbers, missing where it is blank; a text that is no number is an error."""
    found = pd.to_numeric(rows[name], errors="coerce")
    blank = rows[name].fillna("").astype(str).str.strip() == ""
    refuse_first(found.isna() & ~blank, rows, name, release, "which is no number; mend the file")
    return found


def notes(*pairs: tuple[Any, str]) -> tuple[Note, ...]:
    """Notes for the pairs of rows and text that concern at least one row."""
    return tuple(Note(int(rows), text) for rows, text in pairs if rows)


def join_text(parts: Iterable[pd.Series], separator: str) -> pd.Series:
    """Text columns joined row by row, blanks trimmed and empty parts left out; missing where all are empty."""
    columns = [part.fillna("").astype(str).str.strip() for part in parts]
    joined = columns[0]
    for column in columns[1:]:
        both = (joined != "") & (column != "")
        joined = joined + pd.Series(separator, index=joined.index).where(both, "") + column
    return joined.where(joined != "")
