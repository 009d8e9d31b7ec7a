"""One file per source: `read(path, release)` gives the publisher's rows, `clean(rows, release)` the canonical ones.

`read` renames the publisher's headings to the catalog's names and refuses a file that lacks one; nothing else.
What either leaves out stands in `rows.attrs`: `notes` about the file, `counts` of rows or entries by sentence.
`clean` returns `Cleaned`: canonical columns as far as the source has them (the gate in `facilities.py` adds the
rest), hours rows, and notes on everything that was set aside or read in a special way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from iop_analysis import catalog
from iop_analysis.errors import DataError
from iop_analysis.raw import layouts
from iop_analysis.sources._states import state_codes

__all__ = [
    "HOURS_COLUMNS",
    "MINUTES",
    "Aside",
    "Cleaned",
    "Note",
    "aside",
    "join_text",
    "module",
    "notes",
    "rename",
    "row_numbers",
    "state_codes",
]

MINUTES = ["opens_minute", "closes_minute"]
HOURS_COLUMNS = ["facility_id", "day", "opens_minute", "closes_minute", "scope", "label"]


@dataclass(frozen=True)
class Note:
    """One thing that reading did which a reader must know: how many rows, and what was done, in a sentence."""

    rows: int
    text: str


@dataclass(frozen=True)
class Aside:
    """A cell that cannot be right: its row (position), its canonical column, the published text, what is wrong."""

    row: int
    column: str
    value: str
    problem: str

    def __deepcopy__(self, memo: dict[int, Any]) -> Aside:
        """The cell itself: pandas copies what reading tells of a table with every column."""
        return self


@dataclass(frozen=True)
class Cleaned:
    """What a source gives: one row per facility, one row per opening interval, notes, and cells to set aside.

    A source that reads words also gives `facts`: a row for each, with its address, date and quote.

    Hours name a facility by its `facility_id`, or where the source has none by its position among the facilities.
    """

    facilities: pd.DataFrame
    hours: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=HOURS_COLUMNS))
    notes: tuple[Note, ...] = ()
    facts: pd.DataFrame | None = None
    aside: tuple[Aside, ...] = ()


def module(source: str) -> ModuleType:
    """The module that reads a source."""
    return import_module(f"iop_analysis.sources.{source}")


def rename(table: pd.DataFrame, release: catalog.Release, path: Path) -> pd.DataFrame:
    """The columns that the catalog names, under the catalog's names; a missing heading is an error.

    The file is matched against every layout that the catalog knows for its source, the release's own first and then
    the newest; case and blanks of headings do not count. Columns that the catalog does not name are dropped. Which
    heading stands for which name is kept in `table.attrs["headings"]`.

    Raises
    ------
    DataError
        No layout fits: what the nearest one lacks is named at once.
    """
    found = layouts.matched(map(str, table.columns), release)
    if found.missing:
        several = len(found.missing) > 1
        raise DataError(
            f"{path.name}: the column{'s' if several else ''} {', '.join(map(repr, found.missing))} of {release.name} "
            f"{'are' if several else 'is'} missing; check that this is the file of that release, or add a column for "
            f"it to catalog/columns/{release.source}.csv."
        )
    named = table[list(found.headings.values())].set_axis(list(found.headings), axis=1)
    named.attrs = dict(table.attrs) | {"headings": found.headings}
    return named


def row_numbers(positions: Iterable[int], attrs: Mapping[str, Any]) -> list[int]:
    """The number that a person sees at each row of a publisher's file, also after blank rows.

    Parameters
    ----------
    attrs
        What reading says of the file: `lines`, the number of each row; or `first_row`, that of the first row below the
        headings (1 where the file has no headings), and `blank_rows`, the numbers of the rows that were left out.

    Examples
    --------
    >>> row_numbers([0, 1, 2], {"first_row": 2, "blank_rows": (3,)})
    [2, 4, 5]
    """
    if "lines" in attrs:
        return [attrs["lines"][position] for position in positions]
    numbers = np.array(list(positions), dtype=int) + attrs.get("first_row", 1)
    for blank in sorted(attrs.get("blank_rows", ())):
        numbers[numbers >= blank] += 1
    return [int(number) for number in numbers]


def aside(bad: pd.Series, values: pd.Series, column: str, problem: str) -> tuple[Aside, ...]:
    """Cells of a column that cannot be right, for the gate to keep as they were published."""
    rows = np.flatnonzero(bad.to_numpy(dtype=bool)).tolist()
    return tuple(Aside(row, column, str(values.iloc[row]), problem) for row in rows)


def notes(*pairs: tuple[Any, str]) -> tuple[Note, ...]:
    """Notes for the pairs of rows and text that concern at least one row."""
    return tuple(Note(int(rows), text) for rows, text in pairs if rows)


def join_text(parts: Iterable[pd.Series], separator: str) -> pd.Series:
    """Text columns joined row by row, blanks trimmed and empty parts left out; missing where all are empty."""
    listed = list(parts)
    columns = [[str(cell).strip() for cell in part.fillna("").tolist()] for part in listed]
    joined = [separator.join(filter(None, cells)) or None for cells in zip(*columns, strict=True)]
    return pd.Series(joined, index=listed[0].index, dtype="str")
