"""Weeks written down in the ways that people write them, for tests and benchmarks: a seed gives a text and its week."""

from __future__ import annotations

import random

from iop_analysis.hours.week import Week, from_spans

LONG = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY_FORMS = (
    LONG,
    tuple(f"{day}s" for day in LONG),
    ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    ("Mon.", "Tues.", "Wed.", "Thurs.", "Fri.", "Sat.", "Sun."),
    ("MON", "TUES", "WED", "THUR", "FRI", "SAT", "SUN"),
    ("mon", "tues", "wed", "thurs", "fri", "sat", "sun"),
    ("M", "T", "W", "Th", "F", "Sat", "Sun"),
    ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
)
LETTERS = 6  # the form of which a list is written with commas or slashes only
CLOCKS = ("8:00am", "8am", "8:00 AM", "8a", "8 a.m.", "08:00", "0800", "8")
# Without am or pm only hours of a working day are plain.
BARE = ((540, 1020), (510, 990), (480, 720), (600, 1080), (780, 1020), (540, 1080), (630, 1140), (450, 930))
Spans = list[tuple[int, int]]


def written(seed: int) -> tuple[str, Week]:
    """One week and one way of writing it."""
    rng = random.Random(seed)
    clock = rng.choice(CLOCKS)
    groups = [(days, _spans(rng, clock)) for days in _groups(rng)]
    form, dash = (
        rng.randrange(len(DAY_FORMS)),
        rng.choice((" - ", "-") if clock == "0800" else ("-", " - ", " to ", "–")),
    )
    days_first, between = rng.random() < 0.5, rng.choice((", ", " and ", " & "))
    parts = []
    for days, spans in groups:
        times = between.join(_time(opens, clock, rng) + dash + _time(closes, clock, rng) for opens, closes in spans)
        names = _days(days, form, rng)
        parts.append(
            f"{names}{rng.choice((' ', ', ', ': '))}{times}"
            if days_first
            else f"{times}{rng.choice((' ', ', '))}{names}"
        )
    before = rng.choice(("", "", "Hours: ", "Office Hours: ", "Open "))
    after = rng.choice(("", "", ".", "; closed holidays", " (except holidays)"))
    text = before + rng.choice(("; ", ";\n", "\n", " | ", ", ", "\\n")).join(parts) + after
    return text, from_spans([(day, *span) for days, spans in groups for day in days for span in spans])


def _groups(rng: random.Random) -> list[list[int]]:
    """Days with the same hours, Monday to Sunday, in up to three runs."""
    days = [day for day in range(7) if rng.random() < (0.9 if day < 5 else 0.35)] or [0]
    cuts = sorted(rng.sample(range(1, len(days)), min(len(days) - 1, rng.randint(0, 2)))) if len(days) > 1 else []
    return [days[first:last] for first, last in zip([0, *cuts], [*cuts, len(days)], strict=True)]


def _spans(rng: random.Random, clock: str) -> Spans:
    if clock == "8":
        return [rng.choice(BARE)]
    opens = rng.randrange(300, 1080, 15)
    closes = min(1440, opens + rng.randrange(60, 660, 15))
    again = closes + rng.choice((30, 60, 90))
    return [(opens, closes)] + ([(again, again + 60)] if rng.random() < 0.2 and again < 1380 else [])


def _time(minute: int, clock: str, rng: random.Random) -> str:
    hour, rest = divmod(minute, 60)
    if clock in ("08:00", "0800"):
        return f"{hour:02}{':' if ':' in clock else ''}{rest:02}"
    if minute in (720, 1440) and clock != "8" and rng.random() < 0.5:
        return "noon" if minute == 720 else "midnight"
    figures = f"{hour % 12 or 12}:{rest:02}" if rest or ":" in clock else f"{hour % 12 or 12}"
    half = "a" if hour < 12 or hour == 24 else "p"
    return figures + clock.lstrip("8:0").replace("a", half).replace("A", half.upper())


def _days(days: list[int], form: int, rng: random.Random) -> str:
    if len(days) == 7 and rng.random() < 0.5:
        return rng.choice(("daily", "every day", "7 days a week"))
    if days == [0, 1, 2, 3, 4] and rng.random() < 0.2:
        return "weekdays"
    names, runs = DAY_FORMS[form], [[days[0]]]
    for day in days[1:]:
        if day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    dash = rng.choice(("-", " - ", " through ", " thru ", " to ", "–"))
    items = []
    for run in runs:
        items += [names[run[0]] + dash + names[run[-1]]] if len(run) > 2 else [names[day] for day in run]
    comma = rng.choice(("/", ", ")) if form == LETTERS else rng.choice((", ", "/", ","))
    last = comma if form == LETTERS else rng.choice((comma, " and ", " & "))
    return comma.join(items[:-1]) + (last if items[1:] else "") + items[-1]
