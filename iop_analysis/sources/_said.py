"""Facts that pages state, each with its address, date and words, and the program hours that they make."""

from __future__ import annotations

from typing import Any

import pandas as pd

from iop_analysis.catalog.answers import NO, YES
from iop_analysis.hours.prose import day_names
from iop_analysis.hours.prose_sessions import Session
from iop_analysis.hours.week import DAYS
from iop_analysis.sources import HOURS_COLUMNS
from iop_analysis.sources._page import ReadPage

FACT_COLUMNS = ["facility_id", "variable", "value", "days", "opens_minute", "closes_minute", "address", "date", "quote"]
FACT_TYPES = {name: "Int64" if name.endswith("_minute") else "str" for name in FACT_COLUMNS}
EVENING_ANSWER = {"yes": YES, "said_without_clock": YES, "no": NO}


def facts_of(name: str, page: ReadPage) -> list[dict[str, Any]]:
    """Every fact that a page states: sessions, the answer on evenings, payers and help with the fee."""
    where: dict[str, Any] = {"facility_id": name, "address": page.address, "date": page.saved.date}
    none: dict[str, Any] = {"days": "", "opens_minute": None, "closes_minute": None}
    found = []
    for one in page.said.sessions:
        times = {"days": day_names(one.days), "opens_minute": one.opens, "closes_minute": one.closes}
        found.append(where | times | {"variable": "session", "value": one.track, "quote": one.quote})
    answer = EVENING_ANSWER.get(page.said.iop_evening)
    if answer:
        quote = page.said.evening_quote or page.said.sessions[0].quote
        found.append(where | none | {"variable": "offers_evening_iop", "value": answer, "quote": quote})
    return found + [
        where | none | {"variable": paid.variable, "value": paid.answer, "quote": paid.quote} for paid in page.payers
    ]


def hours_of(groups: list[tuple[Any, list[ReadPage]]]) -> tuple[pd.DataFrame, dict[str, str]]:
    """Program hours of each host and the status of its week.

    A week is `known` where every session of every page has its days and its clock and nothing else was said of other
    times; else it is `partial`, and the days that what is missing may concern are unknown.
    """
    rows: list[dict[str, Any]] = []
    status = {}
    for name, pages in groups:
        told = [(one, page) for page in pages for one in page.said.sessions]
        placed = [(one, page) for one, page in told if one.days and one.closes is not None]
        whole = len(placed) == len(told) and all(page.said.iop_evening != "not_stated" for _, page in told)
        status[str(name)] = "unknown" if not placed else "known" if whole else "partial"
        rows += [_row(str(name), day, one) for one, _ in placed for day in one.days]
        if placed and not whole:
            rows += [_unknown(str(name), day, told[0][0].quote) for day in DAYS]
    hours = pd.DataFrame(rows, columns=HOURS_COLUMNS).drop_duplicates(ignore_index=True)
    return hours, status


def _row(name: str, day: int, one: Session) -> dict[str, Any]:
    assert one.opens is not None and one.closes is not None
    return dict(
        zip(HOURS_COLUMNS, (name, DAYS[day], one.opens, min(one.closes, 1440), "program", one.quote), strict=True)
    )


def _unknown(name: str, day: str, quote: str) -> dict[str, Any]:
    return dict(zip(HOURS_COLUMNS, (name, day, None, None, "program", quote), strict=True))
