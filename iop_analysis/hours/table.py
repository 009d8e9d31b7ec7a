"""Many texts of opening hours as a table, and one text as a few lines for a person."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

import pandas as pd

from iop_analysis.hours.minutes import written
from iop_analysis.hours.placing import place
from iop_analysis.hours.text import Hours, parse
from iop_analysis.hours.week import DAYS, build, union

COLUMNS = ["text", "status", "osm", "unparsed", "evening_minutes", "weekend_minutes"]
EVENING = 18 * 60
# Hours of a telephone line or for intake open no door in the evening.
CLOSED_SCOPES = {"phone", "intake"}
SEPARATOR = " | "


def hours_table(texts: Iterable[str]) -> pd.DataFrame:
    """Read texts of opening hours, one row a text, in their order; equal texts are read once.

    Returns
    -------
    DataFrame
        `text` as given; `status` (known, partial, always, by_appointment, unknown); `osm`, the week in plain
        OpenStreetMap form, empty where unknown; `unparsed`, what could not be used; `evening_minutes`, minutes a week
        after 18:00 from Monday to Friday, and `weekend_minutes`, minutes on Saturday and Sunday, both missing where the
        week is unknown or rests on a telephone line or intake alone. Of a partial week they are what is sure.

    Examples
    --------
    >>> table = hours_table(["Mon-Fri 9am-7pm", "call us"])
    >>> table["osm"].tolist(), table["evening_minutes"].tolist()
    (['Mo-Fr 09:00-19:00', ''], [300, <NA>])
    """
    rows = [_row(parse(text)) for text in texts]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.astype({"evening_minutes": "Int64", "weekend_minutes": "Int64"})


def _row(hours: Hours) -> tuple[object, ...]:
    evening, weekend = minutes(hours)
    return (hours.text, hours.status, hours.week.to_osm(), SEPARATOR.join(hours.unparsed), evening, weekend)


def minutes(hours: Hours) -> tuple[int | None, int | None]:
    """Evening and weekend minutes a week of one text; None where nothing is known of an open door."""
    groups, _ = place(hours.clauses)
    weeks = [build("known", group.days()) for (scope, _), group in groups.items() if scope not in CLOSED_SCOPES]
    if not weeks:
        return None, None
    week = reduce(union, weeks)
    evening = sum(week.minutes(day, EVENING) for day in DAYS[:5])
    return evening, sum(week.minutes(day) for day in DAYS[5:])


def describe(text: str) -> str:
    """The week of one text as a small table, with what is sure in the evening and what could not be used.

    Examples
    --------
    >>> print(describe("Mon-Thu 8am-8pm, Fri 8-5; Sat by appt").splitlines()[0])
    Mo  08:00-20:00
    """
    hours = parse(text)
    lines = [f"{day}  {_day(hours, number)}" for number, day in enumerate(DAYS)]
    evening, weekend = minutes(hours)
    lines += ["", f"status            {hours.status}"]
    lines += [f"after 6 pm, Mo-Fr {_amount(evening)}", f"Saturday, Sunday  {_amount(weekend)}"]
    for clause in hours.clauses:
        if clause.scope != "site":
            lines.append(f"{clause.scope:<17} {clause.text}")
    return "\n".join(lines + [f"not used          {fragment}" for fragment in hours.unparsed])


def _day(hours: Hours, number: int) -> str:
    spans = hours.week.days[number]
    if spans:
        return " ".join(f"{written(opens)}-{written(closes)}" for opens, closes in spans)
    return "unknown" if hours.week.is_unknown(DAYS[number]) else "closed"


def _amount(found: int | None) -> str:
    return "unknown" if found is None else f"{found} minutes a week"
