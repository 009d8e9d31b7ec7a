"""Reading opening hours against parse-opening-hours: exact, wrong, refused and texts a second in one run.

    python benchmarks/hours.py [LABELLED.json] [--peer PYTHON]

LABELLED.json holds texts with `text`, `status` and `week` as {"Mo": [["09:00", "17:00"]]}; without it the texts of
the tests are taken. PYTHON is an interpreter of an environment of its own with parse-opening-hours and pyparsing < 3.1
(its package has the name of another one that this project uses, so the two cannot share an environment). Every text is
distinct and read once; `cold` begins with empty memories, `warm` has met the spans and days of the texts before. The
peer gets each text sentence by sentence, since it stops behind the first.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from hours_writing import written  # noqa: E402

from iop_analysis.hours import clauses, clock, days, meaning  # noqa: E402
from iop_analysis.hours.text import parse  # noqa: E402
from iop_analysis.hours.week import DAYS, Week, build, from_osm_plain  # noqa: E402

ROUNDS, WRITTEN = 5, 5_000
LENGTHS = (2_500, 5_000, 10_000)
SURE = ("known", "always")
MEMORIES = (parse, clock.read_span, clock.read_time, days.read_days, clauses.scope_of, meaning.shape)
LONG = {
    "clauses": "Mon-Thu 8am-8pm, Fri 8-5; Sat by appt\n",
    "prose": "We see people of all ages and their families, please call our friendly staff. ",
    "days": "M/T/W/Th/F, ",
    "brackets": "((Mon 9-5) ",
}
PEER = r"""
import json, re, sys, time
from opening_hours import OpeningHours
texts = json.load(sys.stdin)
answers = []
start = time.process_time()
for text in texts:
    try:
        parts = [part for part in re.split(r";|\n|\\n", text) if part.strip(" .")]
        answers.append([one for part in parts for one in OpeningHours.parse(part).json()])
    except Exception:
        answers.append(None)
print(json.dumps([time.process_time() - start, answers]))
"""


def labelled(path: Path | None) -> list[tuple[str, Week]]:
    """Distinct texts, each with the week that a person gave it."""
    if path is None:
        with (ROOT / "tests" / "hours_texts.csv").open(encoding="utf-8", newline="") as handle:
            rows = [(row["text"], row["status"], from_osm_plain(row["week"]).days) for row in csv.DictReader(handle)]
    else:
        items = json.loads(path.read_text(encoding="utf-8"))
        rows = [(item["text"], item["status"], _days(item["week"])) for item in items]
    return list({text: (text, Week(status, week)) for text, status, week in rows}.values())


def _days(week: dict[str, list[list[str]]]) -> tuple[tuple[tuple[int, int], ...], ...]:
    return tuple(tuple((_minute(a), _minute(b)) for a, b in week.get(day, ())) for day in DAYS)


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def scores(found: list[tuple[str, tuple]], meant: list[Week]) -> dict[str, int]:
    """Texts read exactly (status and week), claimed as another week, and all others."""
    exact = sum(
        status == week.status and spans == week.days for (status, spans), week in zip(found, meant, strict=True)
    )
    wrong = sum(status in SURE and spans != week.days for (status, spans), week in zip(found, meant, strict=True))
    return {"texts": len(meant), "exact": exact, "wrong": wrong, "refused": len(meant) - exact - wrong}


def seconds(texts: list[str], cold: bool) -> float:
    """Processor seconds of the fastest of some rounds through distinct texts."""
    best = float("inf")
    for _ in range(ROUNDS):
        for memory in MEMORIES if cold else MEMORIES[:1]:
            memory.cache_clear()
        start = time.process_time()
        for text in texts:
            parse(text)
        best = min(best, time.process_time() - start)
    return best


def ask_peer(python: str, texts: list[str]) -> tuple[float, list[tuple[str, tuple]]]:
    """Processor seconds of the peer and its weeks; it has no word for partial, so a week of its own is `known`."""
    done = subprocess.run([python, "-c", PEER], input=json.dumps(texts), capture_output=True, text=True, check=True)
    took, answers = json.loads(done.stdout)
    return took, [_peer_week(answer) for answer in answers]


def _peer_week(answer: list[dict[str, str]] | None) -> tuple[str, tuple]:
    if not answer:
        return "unknown", ((),) * 7
    spans: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    for one in answer:
        day = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday").index(one["day"])
        opens, closes = _minute(one["opens"]), _minute(one["closes"])
        spans[day].append((opens, closes or 1440))
    week = build("known", tuple(tuple(sorted(day)) for day in spans))
    return week.status, week.days


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("labelled", nargs="?", type=Path)
    arguments.add_argument("--peer", help="python of an environment with parse-opening-hours")
    given = arguments.parse_args()
    pairs = labelled(given.labelled)
    texts, meant = [text for text, _ in pairs], [week for _, week in pairs]
    read = [(hours.status, hours.week.days) for hours in map(parse, texts)]
    ours = seconds(texts, cold=True)
    print(f"ours                 {scores(read, meant)}")
    print(f"  labelled, cold     {len(texts) / ours:>9,.0f} texts/s")
    print(f"  labelled, warm     {len(texts) / seconds(texts, cold=False):>9,.0f} texts/s")
    many = list(dict.fromkeys(written(seed)[0] for seed in range(WRITTEN)))
    print(f"  written, cold      {len(many) / seconds(many, cold=True):>9,.0f} texts/s of {len(many):,} distinct")
    print(f"  written, warm      {len(many) / seconds(many, cold=False):>9,.0f} texts/s")
    if given.peer:
        took, answers = ask_peer(given.peer, texts)
        print(f"parse-opening-hours  {scores(answers, meant)}")
        print(f"  labelled           {len(texts) / took:>9,.0f} texts/s; ours is {took / ours:,.0f} x as fast, cold")
    for name, unit in LONG.items():
        times = [1000 * seconds([(unit * length)[:length]], cold=True) for length in LENGTHS]
        row = ", ".join(f"{length:,}: {took:.1f} ms" for length, took in zip(LENGTHS, times, strict=True))
        print(f"  characters of {name:<9} {row}")


if __name__ == "__main__":
    main()
