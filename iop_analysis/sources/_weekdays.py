"""Weeks of directories that write one cell a weekday, such as `8:00AM - 5:00PM`, and leave closed days blank."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from iop_analysis.hours.minutes import WHOLE_DAY
from iop_analysis.hours.week import DAYS, read_cell
from iop_analysis.sources import HOURS_COLUMNS, MINUTES, Note, join_text, notes


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
    hours = _cells(rows)
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


def _cells(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per filled cell, minutes missing where it cannot be read."""
    cells = rows.melt("facility_id", list(DAYS), "day", "text")
    cells = cells[cells["text"].str.strip() != ""]
    read = {str(text): read_cell(str(text)) for text in cells["text"].unique()}
    spans = {text: span for text, span in read.items() if span and span[0] < span[1]}
    for place, name in enumerate(MINUTES):
        cells[name] = cells["text"].map({text: span[place] for text, span in spans.items()}).astype("Int64")
    return cells.assign(scope="site", label=cells["text"].where(cells["opens_minute"].isna(), ""))


def _status(rows: pd.DataFrame, hours: pd.DataFrame, unread: pd.Series, whole: pd.Series) -> pd.Series:
    sites = hours["facility_id"]
    partial = unread.groupby(sites).any()
    always = whole.fillna(False).groupby(sites).sum() == len(DAYS)
    known = pd.Series("known", index=partial.index).mask(partial, "partial").mask(always, "always")
    return rows["facility_id"].map(known).fillna("unknown")
