"""Programs' own web pages that somebody saved: what each says of its IOP, its payers and its sliding fee."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from iop_analysis.hours.prose import Page, day_names
from iop_analysis.raw.saved_pages import saved_pages
from iop_analysis.sources._page import read_saved

Row = dict[str, Any]


def page_rows(path: Path) -> Iterator[list[Row]]:
    """For each page of a file the rows that `iop-analysis pages` prints: one a session, one where it tells none."""
    for saved in saved_pages(path):
        read = read_saved(saved)
        yield [{"page": read.address or saved.name} | row for row in said_rows(read.page)]


def said_rows(page: Page) -> list[Row]:
    """Rows of one page without its address."""
    said = {"iop_evening": page.iop_evening, "iop_weekend": page.iop_weekend}
    empty = dict.fromkeys(("track", "days", "opens", "closes", "population", "mode", "quote"), "")
    rows = [
        {
            "track": one.track,
            "days": day_names(one.days),
            "opens": clock(one.opens),
            "closes": clock(one.closes),
            "population": one.population,
            "mode": one.mode,
            "quote": one.quote,
        }
        for one in page.sessions
    ]
    return [said | row for row in rows or [empty | {"quote": page.evening_quote}]]


def clock(minute: int | None) -> str:
    """`18:00` for minute 1080; empty where no clock is told."""
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"
