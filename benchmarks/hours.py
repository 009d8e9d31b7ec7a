"""Reading US hours texts against parse-opening-hours: exact, wrong, refused and texts a second, in one run.

Run:  python benchmarks/hours.py LABELLED.json [PEER]
PEER is a folder into which the package parse-opening-hours alone was installed (`pip install --target PEER
parse-opening-hours`): it takes the same import name as another package that this one uses.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

from iop_analysis.hours import text
from iop_analysis.hours.week import DAYS

LONG_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PEER = """
import json, sys, time
from opening_hours import OpeningHours
texts = json.load(sys.stdin)
start, found = time.perf_counter(), []
for one in texts:
    try:
        found.append([[row["day"], row["opens"], row["closes"]] for row in OpeningHours.parse(one).json()])
    except Exception:
        found.append(None)
json.dump([found, time.perf_counter() - start], sys.stdout)
"""


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def ours(found: text.Hours) -> dict[str, list[list[str]]] | None:
    """The week as the labels write it; None where it is refused."""
    if found.status not in ("known", "always"):
        return None
    days = zip(DAYS, found.week.days, strict=True)
    return {day: [[clock(opens), clock(closes)] for opens, closes in spans] for day, spans in days if spans}


def theirs(rows: list[list[str]] | None) -> dict[str, list[list[str]]] | None:
    if rows is None:
        return None
    week: dict[str, list[list[str]]] = {}
    for day, opens, closes in rows:
        week.setdefault(DAYS[LONG_NAMES.index(day)], []).append([opens.zfill(5), closes.zfill(5)])
    return {day: sorted(week[day]) for day in DAYS if day in week}


def score(name: str, weeks: list[dict | None], gold: list[dict], seconds: float, texts: int) -> None:
    whole = [item["status"] in ("known", "always") for item in gold]
    pairs = list(zip(weeks, gold, whole, strict=True))
    exact = sum(week == item["week"] for week, item, known in pairs if known and week is not None)
    wrong = sum(week is not None and week != item["week"] for week, item, _ in pairs)
    refused = sum(week is None for week in weeks)
    counts = f"exact {exact:>4} of {sum(whole)}  wrong {wrong:>3}  refused {refused:>3}"
    print(f"{name:<22} {counts}  {texts / seconds:>9,.0f} texts/s")


def main(labels: Path, peer: Path | None) -> None:
    gold = json.loads(labels.read_text(encoding="utf-8"))
    # Distinct texts: every one gets a harmless blank of its own, so that nothing is read from memory.
    many = [item["text"] + " " * place for place in range(40) for item in gold]
    text.parse(many[0])
    start = time.perf_counter()
    for one in many:
        text.parse(one)
    score(
        "iop_analysis", [ours(text.parse(item["text"])) for item in gold], gold, time.perf_counter() - start, len(many)
    )
    if peer:
        texts = json.dumps([item["text"] for item in gold])
        command = [sys.executable, "-S", "-c", f"import sys; sys.path.insert(0, {str(peer)!r})\n{PEER}"]
        rows, seconds = json.loads(
            subprocess.run(command, input=texts, capture_output=True, text=True, check=True).stdout
        )
        score("parse-opening-hours", [theirs(one) for one in rows], gold, seconds, len(gold))
    for count in (1, 10, 100):
        long = "; ".join([many[0]] * count)
        start = time.perf_counter()
        text.parse(long + " ")
        print(f"one text of {len(long):>6,} letters  {(time.perf_counter() - start) * 1000:7.2f} ms")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
