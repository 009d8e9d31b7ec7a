"""Reading and building the directory workbooks against calamine's bare parse, and a report; ratios in one run.

Run with the publishers' workbooks at hand:  python benchmarks/main_job.py FOLDER
(FOLDER holds national_directory/ and ladders/ as published).
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from python_calamine import CalamineWorkbook

from iop_analysis import raw
from iop_analysis.metrics import coverage
from iop_analysis.releases import listing, store
from iop_analysis.report import state
from iop_analysis.sources import national_directory as directory

NAMES = ["national_directory@su-2022", "national_directory@su-2023", "national_directory@mh-2023"]
ROUNDS = 3


def best(work: Callable[[], object]) -> float:
    """Seconds of the fastest of some rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def bare_parse(path: Path) -> None:
    """What the peer does: every sheet as lists."""
    workbook = CalamineWorkbook.from_path(path)
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python()


def link(folder: Path, source: Path) -> None:
    """Give the run a data folder of its own, with the publishers' files linked into it."""
    for name in ("national_directory", "ladders"):
        (folder / "raw" / name).mkdir(parents=True)
        for path in (source / name).iterdir():
            (folder / "raw" / name / path.name).symlink_to(path.resolve())


def main(source: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["IOP_DATA"] = scratch
        link(Path(scratch), source)
        releases = [raw.find_release(name) for name in NAMES]
        paths = [raw.raw_path(release) for release in releases]
        parse = best(lambda: [bare_parse(path) for path in paths])
        read = best(lambda: [directory.read(path, one) for path, one in zip(paths, releases, strict=True)])
        build = best(lambda: [listing.build(release) for release in releases])
        print(f"bare parse of three workbooks (calamine)  {parse:6.2f} s")
        print(f"read                                      {read:6.2f} s   {read / parse:4.1f} x the parse")
        print(f"build, verified and written as parquet    {build:6.2f} s   {build / parse:4.1f} x the parse")
        growth()
        report(Path(scratch))


def growth() -> None:
    """Time of the gate, the writing and one coverage table at 1, 2, 4 and 8 times the rows."""
    release = raw.find_release("national_directory@su-2023")
    rows = directory.read(raw.raw_path(release), release)
    first = 0.0
    for times in (1, 2, 4, 8):
        many = pd.concat([rows] * times, ignore_index=True)
        many["name1"] += [f" {number}" for number in range(len(many))]

        def work(many: pd.DataFrame = many) -> None:
            built = listing.standardize(directory.clean(many, release), release)
            store.write(release, {"facilities": built.facilities, "facility_hours": built.hours}, built.notes, "")
            coverage.coverage(built.facilities, built.hours, "medicaid & sliding_fee", by="state")

        seconds = best(work)
        first = first or seconds
        print(
            f"clean, gate, write and count {len(many):>7,} rows  {seconds:6.2f} s   {seconds / first:4.1f} x the first"
        )


def report(folder: Path) -> None:
    """A one-state report in process after import, and as a command."""
    for name in ("national_directory@su-2023", "ladders@2023-05-16"):
        listing.build(raw.find_release(name))
    inside = best(lambda: state.write_report("CO", folder / "reports"))
    program, out = str(Path(sys.executable).with_name("iop-analysis")), str(folder / "reports")
    command = [program, "report", "CO", "--out", out, "--formats", "html,xlsx"]
    outside = best(lambda: subprocess.run(command, check=True, capture_output=True))
    print(f"report of Colorado, HTML and Excel        {inside:6.2f} s in process, {outside:6.2f} s as a command")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
