"""Answers of parse-opening-hours, in an environment of its own (its module has the name of another package):

    pip install parse-opening-hours 'pyparsing<3.1'
    python parse_opening_hours.py ../texts.csv > ../answers/parse_opening_hours.csv

It stops behind the first sentence, so it gets a text sentence by sentence.
"""

import csv
import re
import sys
from pathlib import Path

from opening_hours import OpeningHours

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def ask(text):
    """Status and week; where one sentence cannot be read, none is."""
    spans = {}
    try:
        for part in re.split(r";|\n|\|", text):
            for one in OpeningHours.parse(part).json() if part.strip(" .") else ():
                opens, closes = (time.zfill(5) for time in (one["opens"], one["closes"]))
                spans.setdefault(DAYS.index(one["day"]), set()).add(
                    f"{opens}-{'24:00' if closes == '00:00' else closes}"
                )
    except Exception:
        return "unknown", ""
    rules = [f"{DAYS[day][:2].title()} {','.join(sorted(found))}" for day, found in sorted(spans.items())]
    whole = len(rules) == 7 and all(found == {"00:00-24:00"} for found in spans.values())
    return ("always", "24/7") if whole else ("known" if rules else "unknown", "; ".join(rules))


answers = csv.writer(sys.stdout, lineterminator="\n")
answers.writerow(("id", "status", "week"))
with Path(sys.argv[1]).open(encoding="utf-8", newline="") as handle:
    for row in csv.DictReader(handle):
        answers.writerow((row["id"], *ask(row["text"])))
