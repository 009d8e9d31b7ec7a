"""Texts of opening hours a second on one core, and milliseconds against length.

    python benchmarks/hours/speed.py [--peer PYTHON]

Every text is distinct and read once, in seconds of the processor, the best of some rounds. `cold` begins each round
with empty memories: a time, a list of days, a label or an order of tokens is worked out where it first comes and
remembered for the texts behind it, but no text comes twice. `warm` has met all of these in a round before. PYTHON is an
interpreter of an environment with parse-opening-hours (see `tools/parse_opening_hours.py`); it reads the texts of the
benchmark in the same run.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tests"))

from hours_writing import written  # noqa: E402

from iop_analysis.hours import clauses, clock, days, meaning, text  # noqa: E402
from iop_analysis.hours.text import parse  # noqa: E402

ROUNDS, WRITTEN = 7, 5_000
LENGTHS = (2_500, 5_000, 10_000)
MEMORIES = (parse, clock.read_span, clock.read_time, days.read_days, clauses.scope_of, meaning.shape, text.units)
LONG = {
    "clauses": "Mon-Thu 8am-8pm, Fri 8-5; Sat by appt\n",
    "prose": "We see people of all ages and their families, please call our friendly staff. ",
    "lists": "Mon, Tue 9-5, ",
    "days": "M/T/W/Th/F, ",
    "brackets": "((Mon 9-5) ",
}


def labelled() -> list[str]:
    """The texts of the benchmark."""
    with (HERE / "texts.csv").open(encoding="utf-8", newline="") as handle:
        return [row["text"] for row in csv.DictReader(handle)]


def plain() -> list[str]:
    """Weeks written down in many ways, most of them one or two sentences."""
    return list(dict.fromkeys(written(seed)[0] for seed in range(WRITTEN)))


def seconds(texts: list[str], cold: bool) -> float:
    """Processor seconds of the fastest of some rounds through distinct texts."""
    best = float("inf")
    for _ in range(ROUNDS):
        for memory in MEMORIES if cold else MEMORIES[:1]:
            memory.cache_clear()
        start = time.process_time()
        for one in texts:
            parse(one)
        best = min(best, time.process_time() - start)
    return best


def peer_seconds(python: str) -> float:
    """Seconds in which parse-opening-hours reads the texts of the benchmark, with the start of its interpreter."""
    start = time.perf_counter()
    tool = HERE / "tools" / "parse_opening_hours.py"
    subprocess.run([python, str(tool), str(HERE / "texts.csv")], capture_output=True, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--peer", help="python of an environment with parse-opening-hours")
    given = arguments.parse_args()
    for name, texts in {"labelled": labelled(), "written": plain()}.items():
        for cold in (True, False):
            rate = len(texts) / seconds(texts, cold)
            print(f"{name}, {'cold' if cold else 'warm'}  {rate:>9,.0f} texts/s of {len(texts):,} distinct")
    if given.peer:
        print(f"parse-opening-hours  {len(labelled()) / peer_seconds(given.peer):>9,.0f} texts/s of the labelled ones")
    for name, unit in LONG.items():
        times = [1000 * seconds([(unit * length)[:length]], cold=True) for length in LENGTHS]
        row = ", ".join(f"{length:,}: {took:.1f} ms" for length, took in zip(LENGTHS, times, strict=True))
        print(f"characters of {name:<9} {row}")


if __name__ == "__main__":
    main()
