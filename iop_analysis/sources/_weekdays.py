"""Weeks of directories that write one cell a weekday, such as `8:00AM - 5:00PM`, and leave closed days blank."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from iop_analysis.hours.minutes import WHOLE_DAY, minute_of
from iop_analysis.hours.week import DAYS, NUMBERS, Interval
from iop_analysis.sources import HOURS_COLUMNS, MINUTES, Note, join_text, notes

CELL = re.compile(r"\s*(\d{1,2}:?\d{2}\s*[AP]M)\s*-\s*(\d{1,2}:?\d{2}\s*[AP]M)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Weekly:
    """Hours rows of the sites of a table, and for each site its status and its hours as written."""

    hours: pd.DataFrame
    status: pd.Series
    text: pd.Series
    notes: tuple[Note, ...]


def weekly(rows: pd.DataFrame) -> Weekly:
    """Weeks by the rule that a blank day beside filled ones is closed, and seven blanks are unknown.

    A cell that closes before it opens (a slip of AM and PM more often than a night) or that cannot be read is a day
    of which nothing is known; equal times are a 24-hour day.

    Parameters
    ----------
    rows
        `facility_id` and a column of text for each of `DAYS`.
    """
    cells = day_cells(rows, forward_span)
    hours = cells[cells["text"].str.strip() != ""]
    whole = (hours["closes_minute"] - hours["opens_minute"]) == WHOLE_DAY
    unread = hours["opens_minute"].isna()
    status = _status(rows, hours, unread, whole)
    said = notes(
        (whole.sum(), "day cells with equal opening and closing times, read as a 24-hour day (unknown for evening)"),
        (unread.sum(), "day cells that close before they open or cannot be read: not corrected, that day is unknown"),
        (status.eq("unknown").sum(), "sites without any hours: unknown, never closed"),
    )
    text = join_text([(day + " " + rows[day]).where(rows[day] != "", "") for day in DAYS], "; ").fillna("")
    return Weekly(hours[HOURS_COLUMNS], status, text, said)


def day_cells(rows: pd.DataFrame, read: Callable[[str], Interval | None]) -> pd.DataFrame:
    """A row a cell: site (`row`, `facility_id`), day and its `number`, `text`, and the minutes that a reader finds.

    The text of a cell without minutes is its `label`; the hours are those of the site.
    """
    cells = rows.reset_index(names="row").melt(["row", "facility_id"], list(DAYS), "day", "text")
    found = {str(text): read(str(text)) for text in cells["text"].unique()}
    for place, name in enumerate(MINUTES):
        cells[name] = cells["text"].map({text: span[place] for text, span in found.items() if span}).astype("Int64")
    label = cells["text"].where(cells["opens_minute"].isna(), "")
    return cells.assign(number=cells["day"].map(NUMBERS), scope="site", label=label)


def forward_span(text: str) -> Interval | None:
    """The span of a cell; None where it cannot be read or closes before it opens."""
    span = read_cell(text)
    return span if span and span[0] < span[1] else None


def read_cell(text: str) -> Interval | None:
    """Opening and closing minute of a cell such as `8:00AM - 5:00PM` or `730AM-430PM`; None where it is not one.

    A closing time of 12:00AM ends the day (1440). Equal times, whatever the hour, are a 24-hour day (0, 1440). A
    closing before the opening is returned as it stands: the source decides what it means.

    Examples
    --------
    >>> read_cell("8:00AM - 5:30PM"), read_cell("12:00AM - 12:00AM"), read_cell("8:00AM - 5:00AM"), read_cell("closed")
    ((480, 1050), (0, 1440), (480, 300), None)
    """
    match = CELL.fullmatch(text)
    opens, closes = (minute_of(match[1]), minute_of(match[2])) if match else (None, None)
    if opens is None or closes is None:
        return None
    return (0, WHOLE_DAY) if opens == closes else (opens, closes or WHOLE_DAY)


def _status(rows: pd.DataFrame, hours: pd.DataFrame, unread: pd.Series, whole: pd.Series) -> pd.Series:
    sites = hours["facility_id"]
    partial = unread.groupby(sites).any()
    always = whole.fillna(False).groupby(sites).sum() == len(DAYS)
    known = pd.Series("known", index=partial.index).mask(partial, "partial").mask(always, "always")
    return rows["facility_id"].map(known).fillna("unknown")
