"""Answers of oh-sanitizer, which turns texts into OpenStreetMap's form, evaluated by opening-hours-py.

pip install oh-sanitizer 'lark-parser==0.6.6' opening-hours-py
python oh_sanitizer_then_osm.py ../texts.csv > ../answers/oh_sanitizer.csv
"""

import csv
import sys
from datetime import datetime, timedelta
from pathlib import Path

from oh_sanitizer import sanitize_field
from opening_hours import OpeningHours

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONDAY = datetime(2024, 3, 4)


def ask(text):
    """Status and week of a text; `unknown` where either of the two cannot read it."""
    try:
        found = list(OpeningHours(sanitize_field(text)).intervals(MONDAY, MONDAY + timedelta(days=7)))
    except Exception:
        return "unknown", ""
    days = [[] for _ in DAYS]
    for start, end, state, _ in found:
        first, last = (
            int(((one or MONDAY + timedelta(days=7)) - MONDAY).total_seconds() // 60) for one in (start, end)
        )
        while str(state).lower().endswith("open") and first < last:
            day, until = first // 1440, min(last, (first // 1440 + 1) * 1440)
            days[day].append(f"{clock(first - day * 1440)}-{clock(until - day * 1440)}")
            first = until
    rules = [f"{name} {','.join(spans)}" for name, spans in zip(DAYS, days, strict=True) if spans]
    whole = all(spans == ["00:00-24:00"] for spans in days)
    return ("always", "24/7") if whole else ("known" if rules else "unknown", "; ".join(rules))


def clock(minute):
    """`09:00` for minute 540."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


answers = csv.writer(sys.stdout, lineterminator="\n")
answers.writerow(("id", "status", "week"))
with Path(sys.argv[1]).open(encoding="utf-8", newline="") as handle:
    for row in csv.DictReader(handle):
        answers.writerow((row["id"], *ask(row["text"])))
