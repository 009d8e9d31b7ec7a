"""Hours that people wrote in words, as rows of the hours table with the scope of what each clause is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from iop_analysis.hours.clauses import Clause
from iop_analysis.hours.minutes import WHOLE_DAY
from iop_analysis.hours.text import Hours, parse
from iop_analysis.hours.week import DAYS, Day, Week, clip, merge, subtract
from iop_analysis.sources import HOURS_COLUMNS, Note, notes

# Clauses that say when somebody is there; the others say when nobody is.
OPENING = ("open", "instead")


@dataclass(frozen=True)
class Written:
    """Hours rows of many texts; status by the index of the texts, weeks by facility, and notes."""

    hours: pd.DataFrame
    status: pd.Series
    weeks: dict[Any, Week]
    notes: tuple[Note, ...]


def read_written(ids: pd.Series, texts: pd.Series, read: Callable[[str], Hours] = parse) -> Written:
    """Read hours texts of facilities; equal texts are read once.

    Parameters
    ----------
    ids, texts
        One identifier and one text per facility, on the same index.
    read
        What reads a text: of free US text, or of another language for hours.
    """
    known = {text: read(text) for text in texts.unique()}
    found = pd.Series([known[text] for text in texts], index=texts.index, dtype=object)
    rows = [row for identifier, hours in zip(ids, found, strict=True) for row in rows_of(hours, identifier)]
    status = pd.Series([hours.status for hours in found], index=texts.index, dtype="str")
    weeks = dict(zip(ids, (hours.week for hours in found), strict=True))
    return Written(pd.DataFrame(rows, columns=HOURS_COLUMNS), status, weeks, _notes(texts, found, rows))


def rows_of(hours: Hours, identifier: Any) -> list[dict[str, Any]]:
    """Rows of one text: each part of its week under the scope and label of the clause that says it.

    The week decides what is open, since a later clause may refine an earlier one; the clauses say whose hours those
    are. What a telephone clause says is kept under its scope and opens nothing; an unknown day is a row without
    minutes.
    """
    rows = []
    for number, day in enumerate(DAYS):
        left = hours.week.days[number]
        for clause in hours.clauses:
            spans = _spans_on(number, clause)
            if spans:
                own = spans if clause.scope == "phone" else _common(hours.week.days[number], spans)
                rows += [_row(identifier, day, span, clause.scope, clause.label) for span in own]
                for opens, closes in spans:
                    left = subtract(left, opens, closes)
        rows += [_row(identifier, day, span, "site", "") for span in left]
        if day in hours.week.unknown_days:
            rows.append(_row(identifier, day, (None, None), "site", "; ".join(hours.unparsed)))
    return rows


def _spans_on(number: int, clause: Clause) -> Day:
    """What a clause opens on a day, with the night that the day before runs into it."""
    if clause.does not in OPENING:
        return ()
    here = clip(clause.spans, 0, WHOLE_DAY) if number in clause.days else ()
    before = clip(clause.spans, WHOLE_DAY, 2 * WHOLE_DAY) if (number - 1) % 7 in clause.days else ()
    return merge([*here, *((opens - WHOLE_DAY, closes - WHOLE_DAY) for opens, closes in before)])


def _common(day: Day, spans: Day) -> Day:
    return merge(piece for opens, closes in spans for piece in clip(day, opens, closes))


def _row(
    identifier: Any, day: str, span: tuple[int, int] | tuple[None, None], scope: str, label: str
) -> dict[str, Any]:
    return dict(zip(HOURS_COLUMNS, (identifier, day, *span, scope, label), strict=True))


def _notes(texts: pd.Series, found: pd.Series, rows: list[dict[str, Any]]) -> tuple[Note, ...]:
    written = texts.str.strip() != ""
    unread = found.map(lambda hours: bool(hours.unparsed)) & written
    silent = found.map(lambda hours: hours.status == "unknown") & written
    appointment = found.map(lambda hours: hours.status == "by_appointment")
    partial = found.map(lambda hours: hours.status == "partial")
    programs = len({row["facility_id"] for row in rows if row["scope"] == "program"})
    return notes(
        (silent.sum(), "hours texts that cannot be placed on a week: unknown, never closed"),
        (partial.sum(), "hours texts of which a part cannot be placed: partial, the days it may concern are unknown"),
        (unread.sum(), "hours texts with a part that was not used; it stands in the hours text"),
        (appointment.sum(), "hours texts that say by appointment only: unknown for every hours criterion"),
        (programs, "rows whose hours text names the hours of a program"),
    )
