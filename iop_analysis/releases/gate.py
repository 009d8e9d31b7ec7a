"""What a source's cells must be: one that cannot be right is set to missing, counted by kind and kept as published."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from iop_analysis import catalog, places, raw, sources
from iop_analysis.errors import DataError
from iop_analysis.places.tables import state_codes
from iop_analysis.raw.distinct import each

TABLE = "set_aside"
COLUMNS = ["file", "row", "column", "value", "reason"]
# Rows with a cell set aside that a release may have: the larger of a share of its rows and a number.
MOST_SHARE, MOST_ROWS = 0.02, 20
# Areas without boundaries here: territories, freely associated states, military post, and the Philippines (VA sites).
OUTLYING = ("AA", "AE", "AP", "AS", "FM", "GU", "MH", "MP", "PH", "PW", "VI")
WHOLE_ZIP = re.compile(r"(\d{5})(?:[-\s]*\d{4})?-?")
CORRECTION = ("release", "column", "problem", "at_most", "action", "reason")
LIMITS = {"latitude": (-15, 72), "longitude": (-180, 180)}


@dataclass(frozen=True)
class Gate:
    """The cells of one release that were set aside, and the notes on what was repaired.

    `attrs` is what reading says of the file's rows (`first_row`, `blank_rows`), so that a row has the number that a
    person sees; and of rows that it left out (`left_out`), for which reasons as no facilities (`no_facilities`).
    """

    release: catalog.Release
    attrs: Mapping[str, Any]
    cells: list[sources.Aside] = field(default_factory=list)
    repairs: list[sources.Note] = field(default_factory=list)

    def set_aside(self, bad: pd.Series, column: str, values: pd.Series, problem: str) -> None:
        """Keep the cells that are bad as they were published."""
        for row in np.flatnonzero(bad.to_numpy(dtype=bool)).tolist():
            self.cells.append(sources.Aside(row, column, _text(values.iloc[row]), problem))

    def repaired(self, done: pd.Series, text: str) -> None:
        """Note a repair that loses nothing; it never counts against a release."""
        self.repairs.extend(sources.notes((done.sum(), text)))

    def table(self) -> pd.DataFrame:
        """Everything that was set aside, row by row: file, row, column, value, reason."""
        headings = self.attrs.get("headings") or catalog.columns(self.release)
        numbers = sources.row_numbers([cell.row for cell in self.cells], self.attrs)
        rows = [
            (self.release.file, number, headings.get(cell.column, cell.column), cell.value, _words(cell.problem))
            for number, cell in zip(numbers, self.cells, strict=True)
        ]
        rows += [(self.release.file, line, "", text, why) for line, text, why in self.left_out()]
        found = pd.DataFrame(rows, columns=COLUMNS).astype({name: "str" for name in COLUMNS if name != "row"})
        return found.astype({"row": "Int64"}).sort_values(["row", "column"], kind="stable", ignore_index=True)

    def left_out(self, lost: bool = False) -> list[tuple[int, str, str]]:
        """Rows that reading left out, with their text and why; `lost`: only those that may have been facilities."""
        rows = self.attrs.get("left_out", ())
        return [row for row in rows if row[2] not in self.attrs["no_facilities"]] if lost else list(rows)

    def notes(self, count: int) -> tuple[sources.Note, ...]:
        """What was set aside by kind, and the repairs; a release with too much of it stops.

        Parameters
        ----------
        count
            Rows of the release.

        Raises
        ------
        DataError
            More rows than `MOST_SHARE` or `MOST_ROWS` have a cell set aside that no correction covers.
        """
        kinds: dict[tuple[str, str], list[sources.Aside]] = {}
        for cell in self.cells:
            kinds.setdefault((cell.column, cell.problem), []).append(cell)
        told, open_cells = [], []
        for (column, problem), cells in kinds.items():
            rule = _correction(self.release, column, problem, len(cells))
            open_cells += [] if rule else cells
            why = f": {rule['reason']}" if rule else ""
            told.append(sources.Note(len(cells), f"{column}: {_words(problem)}, set aside{why}"))
        self._refuse_too_many(open_cells, count)
        return (*told, *self.repairs)

    def _refuse_too_many(self, cells: list[sources.Aside], count: int) -> None:
        # One point that a geocoder gives to every address it does not find is one fault, however often it stands.
        points = {(cell.problem, cell.value) for cell in cells if cell.column == "latitude"}
        rows = {cell.row for cell in cells if cell.column != "latitude"}
        wrong, most = len(points) + len(rows) + len(self.left_out(lost=True)), max(MOST_SHARE * count, MOST_ROWS)
        if wrong > most:
            first = self.table().iloc[0]
            raise DataError(
                f"{self.release.file}: {wrong:,} of {count:,} rows hold a value that cannot be right, more than "
                f"{int(most):,}; the first is row {first['row']}, column {first['column']!r}: {first['value']!r} "
                f"({first['reason']}). Mend the file, or state the correction with its reason in "
                f"{raw.data_folder() / 'corrections.csv'}."
            )


def _words(problem: str) -> str:
    return problem.replace("_", " ")


def _text(value: object) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value)


def mended(table: pd.DataFrame, gate: Gate) -> pd.DataFrame:
    """The facilities with a state, a ZIP code and a point that can be right, or none; what is wrong is set aside."""
    table = table.assign(zip=table["zip"].fillna("").astype("str").str.strip())
    table["state"] = _states(table, gate)
    table["zip"] = _zips(table, gate)
    if "latitude" in table:
        table[["latitude", "longitude"]] = _points(table, gate)
    return table


def _states(table: pd.DataFrame, gate: Gate) -> pd.Series:
    """Two letters for each state; where a text is none, or there is no text, the state of the row's ZIP code.

    Two letters that are no state may be those of another country: a ZIP code does not decide for them.
    """
    found = sources.state_codes(table["state"])
    known = found.isin([*state_codes().values(), *OUTLYING])
    gate.set_aside(~known & found.ne(""), "state", table["state"], "no_state")
    by_zip = places.state_of_zip(table["zip"].where(~known & found.str.len().ne(2), ""))
    gate.repaired(by_zip != "", "rows without a readable state take that of their ZIP code")
    return found.where(known, by_zip.mask(by_zip == ""))


def _zips(table: pd.DataFrame, gate: Gate) -> pd.Series:
    """Five digits: nine are cut, and a zero that a spreadsheet lost is put back where the state agrees."""
    texts = table["zip"].str.replace(r"\.0$", "", regex=True)
    whole = each(texts, lambda text: match[1] if (match := WHOLE_ZIP.fullmatch(text)) else None)
    short = texts.str.fullmatch(r"\d{3,4}|\d{7,8}") & whole.isna()
    padded = texts.where(short, "").str.zfill(5).where(texts.str.len() < 5, texts.str.zfill(9).str[:5])
    agrees = short & (places.state_of_zip(padded.where(short, "")) == table["state"].fillna(""))
    found = whole.where(~agrees, padded)
    gate.repaired(whole.notna() & texts.str.len().gt(5), "ZIP codes of nine digits: cut to five")
    gate.repaired(agrees, "ZIP codes that had lost their leading zeros: padded, as their state agrees")
    gate.set_aside(found.isna() & table["zip"].ne(""), "zip", table["zip"], "not_five_digits")
    return found


def _points(table: pd.DataFrame, gate: Gate) -> pd.DataFrame:
    """Latitude and longitude in degrees; both missing where the point cannot be that of the row."""
    found, wrong = {}, pd.Series(False, index=table.index)
    for name in LIMITS:
        found[name] = pd.to_numeric(table[name], errors="coerce").astype(float)
        blank = table[name].isna() | table[name].astype("str").str.strip().eq("")
        gate.set_aside(found[name].isna() & ~blank, name, table[name], "no_number")
        wrong |= found[name].isna() & ~blank
    points = table.assign(**found)
    shown = found["latitude"].astype("str") + ", " + found["longitude"].astype("str")
    problems = places.point_problems(points)
    _contradicted(points.assign(state=table["state"]), problems["point_out_of_state"], table, gate)
    problems["point_out_of_range"] = ~_within(points) & points[list(LIMITS)].notna().all(axis=1)
    for problem, bad in problems.items():
        gate.set_aside(bad & ~wrong, "latitude", shown, problem)
        wrong |= bad
    return points[list(LIMITS)].mask(wrong)


def _contradicted(points: pd.DataFrame, outside: pd.Series, table: pd.DataFrame, gate: Gate) -> None:
    """Where a ZIP code and a point agree on another state than the row's, the state is wrong and not the point."""
    other = places.state_of_zip(table["zip"].fillna("").where(outside, ""))
    rows = points[outside & other.ne("") & other.ne(table["state"].fillna(""))]
    agreed = places.county_of_points(rows["longitude"], rows["latitude"], other[rows.index]).notna()
    wrong = pd.Series(False, index=table.index)
    wrong[agreed.index[agreed]] = True
    gate.set_aside(wrong, "state", table["state"], "state_against_its_zip_and_point")
    table["state"] = table["state"].mask(wrong, other)
    outside[wrong] = False


def _within(points: pd.DataFrame) -> pd.Series:
    inside = pd.Series(True, index=points.index)
    for name, (low, high) in LIMITS.items():
        inside &= points[name].between(low, high)
    return inside


def hours_rows(hours: pd.DataFrame, facilities: pd.DataFrame, gate: Gate) -> pd.DataFrame:
    """Hours rows of whole minutes; an interval that is none becomes a day of which nothing is known."""
    opens, closes = (pd.to_numeric(hours[name], errors="coerce").astype("Int64") for name in sources.MINUTES)
    wrong = (opens.notna() ^ closes.notna()) | (closes <= opens).fillna(False)
    wrong |= (opens < 0).fillna(False) | (closes > 1440).fillna(False)
    row = pd.Series(np.arange(len(facilities)), index=facilities["facility_id"])
    shown = hours["day"].astype("str") + " " + opens.astype("str") + "-" + closes.astype("str")
    for place in np.flatnonzero(wrong.to_numpy(dtype=bool)).tolist():
        cell = sources.Aside(int(row[hours["facility_id"].iloc[place]]), "hours", shown.iloc[place], "no_interval")
        gate.cells.append(cell)
    texts = {name: hours[name].fillna("").astype("str") for name in ("facility_id", "day", "scope", "label")}
    minutes = {"opens_minute": opens.mask(wrong), "closes_minute": closes.mask(wrong)}
    return pd.DataFrame(texts | minutes)[sources.HOURS_COLUMNS].reset_index(drop=True)


def unique_ids(rows: pd.DataFrame, gate: Gate) -> pd.DataFrame:
    """Rows whose publisher's identifiers are there once each; an empty or a repeated one is set aside and replaced."""
    if "facility_id" not in rows:
        return rows
    ids = rows["facility_id"].fillna("").astype("str")
    empty, again = ids.eq(""), ids.duplicated() & ids.ne("")
    gate.set_aside(empty, "facility_id", ids, "empty_identifier")
    gate.set_aside(again, "facility_id", ids, "repeated_identifier")
    numbers = pd.Series(sources.row_numbers(range(len(rows)), gate.attrs), index=rows.index).astype("str")
    other = ("row-" + numbers).where(empty, ids + "-row-" + numbers)
    fixed = rows.assign(facility_id=ids.where(~(empty | again), other))
    fixed.attrs = dict(rows.attrs)
    return fixed


def _correction(release: catalog.Release, column: str, problem: str, count: int) -> dict[str, str] | None:
    """The listed correction that covers so many cells, of the catalog or of the user's data folder."""
    for rule in (*catalog.read_rows("corrections.csv"), *_own_corrections()):
        mine = re.fullmatch(rule["release"].replace("*", ".*"), release.name)
        if mine and (rule["column"], rule["problem"]) == (column, problem) and count <= int(rule["at_most"]):
            return rule
    return None


def _own_corrections() -> list[dict[str, str]]:
    path = raw.data_folder() / "corrections.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for number, row in enumerate(rows, 2):
        missing = [name for name in CORRECTION if not (row.get(name) or "").strip()]
        if missing or not row["at_most"].isdigit() or row["action"] != "missing":
            raise DataError(
                f"{path}: row {number} needs {', '.join(CORRECTION)}, at_most in digits and the action `missing`; "
                "see catalog/corrections.csv."
            )
    return rows
