"""VAST: sites of the Department of Veterans Affairs, with hours per weekday and coordinates; no fees, no programs."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.hours.week import DAYS, FULL, Interval
from iop_analysis.sources import HOURS_COLUMNS, Cleaned, Note, join_text, notes, rename
from iop_analysis.sources._weekdays import day_cells, forward_span, read_cell

CLOSED, ALL_DAY, MISSING = "-", "24/7", "null"
# The publisher closes a telephone number with the mark of an extension even where there is none.
NO_EXTENSION = r"\s*x\s*$"
OWNER = "federal government"


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """Rows of one extract as text under the catalog's names; the publisher's word for nothing, `null`, is empty."""
    rows = rename(raw.read_text_table(path), release, path)
    return rows.mask(rows == MISSING, "")


def clean(rows: pd.DataFrame, release: catalog.Release) -> Cleaned:
    """Canonical sites and hours of one extract."""
    cells = day_cells(rows, _minutes)
    other = _other_hours(rows["instructions"])
    silent = rows[list(DAYS)].isin([CLOSED, ""]).all(axis=1)
    hours = pd.concat([_spans(cells), _unknown_days(rows, cells, other & ~silent)])
    hours = hours.sort_values(["row", "number"], kind="stable")
    facilities = pd.DataFrame(_who_and_where(rows, release))
    facilities["hours_status"] = _status(rows, hours, silent)
    facilities["hours_text"] = _text(rows)
    return Cleaned(facilities, hours[~hours["row"].map(silent)][HOURS_COLUMNS], _notes(cells, other, silent))


def _who_and_where(rows: pd.DataFrame, release: catalog.Release) -> dict[str, object]:
    return {
        "facility_id": rows["facility_id"],
        "name": rows["name"],
        "street": join_text([rows["street"], rows["suite"]], ", "),
        "first_line": rows["street"],
        "city": rows["city"],
        "state": rows["state"],
        "zip": rows["zip"],
        "latitude": rows["latitude"],
        "longitude": rows["longitude"],
        "phone": rows["phone"].str.replace(NO_EXTENSION, "", regex=True),
        "ownership_type": OWNER,
        "facility_type": rows["kind"],
    }


def _minutes(text: str) -> Interval | None:
    """Sites with night hours are 24/7 here: a cell that closes before it opens is a slip of AM and PM."""
    return FULL[0] if text == ALL_DAY else forward_span(text)


def _spans(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells that carry hours, or a text that should and cannot be read; a blank cell is a day nobody wrote about."""
    return cells[cells["text"] != CLOSED]


def _other_hours(instructions: pd.Series) -> pd.Series:
    """Whether the special instructions tell of hours that stand in no cell; so does a sentence nobody has judged."""
    harmless = [rule["sentence"] for rule in catalog.read_rows("codes/va_facilities.csv") if rule["effect"] == "none"]
    sentences = {text: [one.strip() for one in re.split(r"\|", text)] for text in instructions.unique()}
    other = {
        text: any(one and not one.startswith(tuple(harmless)) for one in found) for text, found in sentences.items()
    }
    return instructions.map(other).astype(bool)


def _unknown_days(rows: pd.DataFrame, cells: pd.DataFrame, other: pd.Series) -> pd.DataFrame:
    """A row without minutes for each day on which a site with other hours may be open longer than its cell says."""
    whole = (cells["closes_minute"] - cells["opens_minute"]).eq(1440).fillna(False)
    unread = cells["opens_minute"].isna() & (cells["text"] != CLOSED)
    days = cells[cells["row"].map(other) & ~whole & ~unread]
    nothing = pd.Series(pd.NA, index=days.index, dtype="Int64")
    return days.assign(opens_minute=nothing, closes_minute=nothing, label=days["row"].map(rows["instructions"]))


def _status(rows: pd.DataFrame, hours: pd.DataFrame, silent: pd.Series) -> pd.Series:
    partial = hours["opens_minute"].isna().groupby(hours["row"]).any().reindex(rows.index, fill_value=False)
    status = pd.Series("known", index=rows.index).mask(partial, "partial")
    return status.mask((rows[list(DAYS)] == ALL_DAY).all(axis=1), "always").mask(silent, "unknown")


def _text(rows: pd.DataFrame) -> pd.Series:
    days = [(day + " " + rows[day]).where(rows[day] != "", "") for day in DAYS]
    return join_text([*days, rows["instructions"]], "; ")


def _notes(cells: pd.DataFrame, other: pd.Series, silent: pd.Series) -> tuple[Note, ...]:
    late = cells["text"].map(read_cell).notna() & cells["opens_minute"].isna()
    blank = cells["text"].eq("") & ~cells["row"].map(silent)
    junk = cells["opens_minute"].isna() & ~cells["text"].isin([CLOSED, ""]) & ~late
    written = ", ".join(map(repr, sorted(cells["text"][junk].unique())))
    return notes(
        (cells["text"].eq(ALL_DAY).sum(), "day cells say 24/7: a 24-hour day (unknown for evening)"),
        (junk.sum(), f"day cells cannot be read ({written}): that day is unknown"),
        (late.sum(), "day cells close before they open: not corrected, that day is unknown"),
        (blank.sum(), "blank day cells beside filled ones: that day is unknown, closed is written '-'"),
        (silent.sum(), "sites have no hours on any day (mostly mobile ones): unknown, never closed"),
        (
            (other & ~silent).sum(),
            "sites say that they have hours beyond their cells: partial, any day may be longer",
        ),
    )
