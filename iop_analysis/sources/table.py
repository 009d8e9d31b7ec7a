"""A table of facilities that a user brings, CSV or Excel: names, hours in words, and any other canonical column."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.catalog import answers
from iop_analysis.errors import DataError
from iop_analysis.sources import Cleaned, notes, numbers, refuse_first, row_number
from iop_analysis.sources._states import state_codes
from iop_analysis.sources._written import read_written

NEEDED = ("name", "hours_text")
# What the gate looks at in every source.
EXPECTED = ("street", "city", "state", "zip", "facility_type")


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """Rows of a user's table as text under the canonical names; columns that have none are left out and said.

    A heading counts in any of the spellings of `catalog/spellings.csv`; answers go by their column, its short word
    or its label. Case, blanks and punctuation do not count.

    Raises
    ------
    DataError
        There is no column of names or none of hours: it is said which headings would do, and which there are.
    """
    table = raw.read_workbook(path) if raw.sniff(path) == "xlsx" else raw.read_text_table(path)
    found = _named(list(map(str, table.columns)))
    _refuse_missing(found, table, path)
    rows = table[list(found.values())].set_axis(list(found), axis=1).fillna("")
    rows.attrs["headings"] = found
    unread = [str(heading) for heading in table.columns if heading not in found.values()]
    more = [f"columns that are not read: {', '.join(map(repr, unread))}"] if unread else []
    rows.attrs["notes"] = [*table.attrs.get("notes", []), *more]
    return rows


def spellings() -> dict[str, list[str]]:
    """Headings that are taken for each canonical column, the preferred one first."""
    found: dict[str, list[str]] = {}
    for row in catalog.read_rows("spellings.csv"):
        if row["table"] == "facilities":
            found.setdefault(row["name"], []).append(row["spelling"])
    for name in catalog.answer_variables():
        variable = catalog.variables()[name]
        found[name] = [name, variable.word, variable.label]
    return found


def _named(headings: list[str]) -> dict[str, str]:
    """The table's own heading for each canonical column that it has."""
    own = {_plain(heading): heading for heading in reversed(headings)}
    accepted = {name: [_plain(one) for one in listed] for name, listed in spellings().items()}
    found = {name: [own[one] for one in listed if one in own] for name, listed in accepted.items()}
    return {name: places[0] for name, places in found.items() if places}


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", heading.lower()).strip()


def _refuse_missing(found: dict[str, str], table: pd.DataFrame, path: Path) -> None:
    missing = [name for name in NEEDED if name not in found]
    if missing:
        ways = "; ".join(f"for {name} it looked for {', '.join(spellings()[name])}" for name in missing)
        there = ", ".join(repr(str(heading)) for heading in table.columns)
        raise DataError(f"{path.name}: row 1 has no column for {' and '.join(missing)}: {ways}; it found {there}.")


def clean(rows: pd.DataFrame, release: catalog.Release) -> Cleaned:
    """Canonical facilities of a user's table and their hours in words."""
    refuse_first(rows["name"].str.strip() == "", rows, "name", release, "so the row has no name; give it one")
    plain = [name for name in rows if name not in catalog.answer_variables()]
    facilities = rows[plain].copy()
    for name in EXPECTED:
        facilities[name] = rows.get(name, "")
    facilities["state"] = state_codes(facilities["state"])
    for name in ("latitude", "longitude"):
        if name in rows:
            facilities[name] = numbers(rows, name, release)
    for name in catalog.answer_variables():
        if name in rows:
            facilities[name] = _answer(rows, name, release)
    # Without identifiers of the user's own the gate makes some; until then a facility is its position.
    ids = rows["facility_id"] if "facility_id" in rows else pd.Series(rows.index, index=rows.index)
    written = read_written(ids, rows["hours_text"])
    facilities["hours_status"] = written.status
    silent = rows["hours_text"].str.strip() == ""
    said = notes((silent.sum(), "rows without any hours: unknown, never closed"))
    return Cleaned(facilities, written.hours, said + written.notes)


def _answer(rows: pd.DataFrame, name: str, release: catalog.Release) -> pd.Series:
    meaning = {row["word"]: row["answer"] for row in catalog.read_rows("codes/table.csv")}
    words = rows[name].str.strip().str.lower()
    found = words.map(meaning)
    if found.isna().any():
        row = int(found.isna().to_numpy().argmax())
        heading = rows.attrs.get("headings", {}).get(name, name)
        raise DataError(
            f"{release.file}: row {row_number(row)}, column {heading!r} holds {rows[name].iloc[row]!r}, which is no "
            f"answer; write yes, no, not reported or not asked."
        )
    return found.astype(answers.ANSWER_TYPE)
