"""Score answers to the texts of this benchmark; needs nothing but Python.

    python benchmarks/hours/score.py [ANSWERS.csv ...]

An answers file has the columns `id`, `status` and `week`, a row a text, and is named after its tool; without any, all
of `answers/` are scored. A tool without words for `partial` and `by_appointment` answers `known`, `always` or
`unknown`.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
SURE = ("known", "always")
STATUSES = (*SURE, "partial", "by_appointment", "unknown")
GROUPS = {"all": "", "English": "en", "Spanish": "es"}

Minutes = frozenset[int]


def minutes(week: str) -> Minutes:
    """Minutes of the week, from Monday 00:00, that `Mo-Fr 09:00-17:00; Sa 09:00-12:00` or `24/7` opens."""
    if week in ("", "off", "24/7"):
        return frozenset(range(7 * 1440) if week == "24/7" else ())
    found: set[int] = set()
    for rule in week.split("; "):
        names, _, times = rule.partition(" ")
        for day in _days(names):
            for span in times.split(","):
                opens, closes = (int(one[:2]) * 60 + int(one[3:]) for one in span.split("-"))
                found.update(range(day * 1440 + opens, day * 1440 + closes))
    return frozenset(found)


def _days(names: str) -> list[int]:
    days = []
    for part in names.split(","):
        first, _, last = part.partition("-")
        days += range(DAYS.index(first), DAYS.index(last or first) + 1)
    return days


def verdict(answer: dict[str, str], label: dict[str, str]) -> str:
    """`exact` (status and week as labelled), `wrong` (another week claimed as certain) or `refused` (all others)."""
    week, meant = minutes(answer["week"]), minutes(label["week"])
    if answer["status"] == label["status"] and week == meant:
        return "exact"
    return "wrong" if answer["status"] in SURE and week != meant else "refused"


def rows(path: Path) -> dict[str, dict[str, str]]:
    """Rows of a table by their id."""
    with path.open(encoding="utf-8", newline="") as handle:
        return {row["id"]: row for row in csv.DictReader(handle)}


def scores(answers: dict[str, dict[str, str]], labels: dict[str, dict[str, str]], language: str) -> dict[str, int]:
    """How many texts of a language (all where it is empty) are exact, wrong and refused."""
    counted = {"texts": 0, "exact": 0, "wrong": 0, "refused": 0}
    for name, label in labels.items():
        if label["language"].startswith(language):
            counted["texts"] += 1
            counted[verdict(answers.get(name, {"status": "unknown", "week": ""}), label)] += 1
    return counted


def main() -> None:
    """Print a line for each tool and language."""
    labels = rows(HERE / "texts.csv")
    paths = [Path(one) for one in sys.argv[1:]] or sorted((HERE / "answers").glob("*.csv"))
    print(f"{'tool':<22} {'language':<9} {'texts':>6} {'exact':>6} {'wrong':>6} {'refused':>8}")
    for path in paths:
        answers = rows(path)
        for name, language in GROUPS.items():
            got = scores(answers, labels, language)
            line = f"{got['texts']:>6} {got['exact']:>6} {got['wrong']:>6} {got['refused']:>8}"
            print(f"{path.stem:<22} {name:<9} {line}")


if __name__ == "__main__":
    main()
