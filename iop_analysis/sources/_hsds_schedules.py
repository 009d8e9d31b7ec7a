"""HSDS schedules, 1.x rows per weekday and 2.x and 3.x recurrence rules, as one regular week."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from iop_analysis.hours.minutes import span
from iop_analysis.hours.text import parse
from iop_analysis.hours.week import DAYS, Week, from_spans

Row = Mapping[str, str]
WEEKDAYS = {name.upper()[:2]: number for number, name in enumerate(DAYS)}
NAMED = re.compile(r"\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*")
BY_DAY = re.compile(r"(?P<nth>[+-]?\d+)?(?P<day>[A-Z]{2})")
EVERY_WEEK = ("", "WEEKLY", "DAILY")
# A rule with one of these picks dates, not weekdays.
DATES = ("bymonthday", "byyearday", "byweekno", "bymonth", "bysetpos")


def week_of(rows: Iterable[Row], reference_date: str) -> Week:
    """The regular week of schedule rows; what recurs otherwise than weekly makes its days unknown.

    A row that is out of force at the reference date counts for nothing; one with an end, where no reference date is
    known, and one that cannot be placed make their days unknown. A day in no row is closed.
    """
    spans: list[tuple[int, int, int]] = []
    unknown: set[str] = set()
    for row in rows:
        if not in_force(row, reference_date):
            continue
        days, sure = _days(row)
        times = span(row.get("opens_at", ""), row.get("closes_at", ""))
        if sure and times and (reference_date or not _ends(row)):
            spans += [(day, *times) for day in days]
        else:
            unknown |= {DAYS[day] for day in days}
    return from_spans(spans, "partial" if unknown else "known", unknown) if spans else Week("unknown")


def in_force(row: Row, reference_date: str) -> bool:
    """Whether a schedule row holds at a date (YYYY-MM-DD); where no date is known, it may."""
    first = row.get("valid_from", "") or row.get("dtstart", "")
    return not reference_date or (first[:10] <= reference_date and (_ends(row)[:10] or "9999") >= reference_date)


def _ends(row: Row) -> str:
    """The last day of a row in force; a rule with a number of repeats ends on a day that it does not say."""
    return row.get("valid_to", "") or row.get("until", "")


def _days(row: Row) -> tuple[list[int], bool]:
    """Weekday numbers of a row, and whether it is open on them every week."""
    if row.get("weekday"):
        return _weekdays(row["weekday"])
    frequency = row.get("freq", "").upper()
    matches = [BY_DAY.fullmatch(one.strip()) for one in row.get("byday", "").upper().split(",") if one.strip()]
    days = [WEEKDAYS[match["day"]] for match in matches if match and match["day"] in WEEKDAYS]
    if not days or len(days) < len(matches):
        return list(range(7)), frequency == "DAILY" and not matches and _weekly(row)
    return days, frequency in EVERY_WEEK and not any(match and match["nth"] for match in matches) and _weekly(row)


def _weekly(row: Row) -> bool:
    plain = row.get("interval", "") in ("", "1") and row.get("count", "") == ""
    return plain and not any(row.get(name) for name in DATES)


def _weekdays(text: str) -> tuple[list[int], bool]:
    """Numbers of the weekdays of a 1.x row, in any words that the reader of hours knows, or counted from Monday.

    What cannot be read in full is no weekday for sure: the days that it names, or all where it names none.

    Examples
    --------
    >>> _weekdays("Monday-Wednesday"), _weekdays("1, 3"), _weekdays("every other Friday")
    (([0, 1, 2], True), ([0, 2], True), ([4], False))
    """
    names = [name.strip() for name in re.split("[,;]", text) if name.strip()]
    if names and all(name in tuple("1234567") for name in names):
        return [int(name) - 1 for name in names], True
    read = parse(f"{', '.join(names)}: 9:00am-10:00am")
    days = [number for number, day in enumerate(read.week.days) if day]
    if read.status == "known" and days:
        return days, True
    named = {WEEKDAYS[name.upper()[:2]] for name in NAMED.findall(text.lower())}
    return sorted(named) or list(range(7)), False


def is_read(row: Row) -> bool:
    """Whether the weekdays of a row could be read in full."""
    return not row.get("weekday") or _weekdays(row["weekday"])[1]


def for_place(
    rows: Mapping[str, Sequence[Row]], service_at_location: str, service: str, location: str
) -> Sequence[Row]:
    """Schedule rows that hold for a service at a location: its own, else the service's, else the location's."""
    for key in (f"at:{service_at_location}", f"service:{service}@{location}", f"service:{service}@", f"at@{location}"):
        if rows.get(key):
            return rows[key]
    return []


def key_of(row: Row) -> str:
    """What a schedule row belongs to, as `for_place` looks it up."""
    if row.get("service_at_location_id"):
        return f"at:{row['service_at_location_id']}"
    if row.get("service_id"):
        return f"service:{row['service_id']}@{row.get('location_id', '')}"
    return f"at@{row.get('location_id', '')}"
