"""Reports of every state in one run, and beside them one run of a notebook by the usual runner of notebooks.

Run:  python benchmarks/reports.py            from the tables that the package carries
      IOP_DATA=FOLDER python benchmarks/reports.py   from the releases that are built in FOLDER
Processor time stands beside the clock: on a busy machine it is the steadier of the two.
"""

import importlib.util
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from iop_analysis.releases import store
from iop_analysis.report import every, state

NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks" / "state_report.ipynb"
WORKERS = 2


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of all processors, children included."""
    clock, before = time.perf_counter(), sum(os.times()[:4])
    work()
    return time.perf_counter() - clock, sum(os.times()[:4]) - before


def peak_mb() -> float:
    """At most so many MB at once: this process at its highest and each worker at that of the highest."""
    own, child = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return (own + WORKERS * child) / (1024 if sys.platform == "linux" else 1024**2)


def run(folder: Path, formats: tuple[str, ...]) -> float:
    """Write every state in some formats, print what it took, and return the seconds a state."""
    done: list[every.Outcome] = []
    codes = state.every_state()
    clock, cpu = measured(lambda: done.append(every.write_all(codes, folder, formats, workers=WORKERS)))
    written = sum(bool(entry.paths) for entry in done[0].entries)
    size = sum(path.stat().st_size for path in done[0].paths) / 1024**2
    print(
        f"{written} of {len(codes)} states, {' + '.join(formats):16} {clock:6.1f} s  {cpu:6.1f} s of processors  "
        f"{cpu / len(codes):5.2f} s a state  at most {peak_mb():5.0f} MB at once  {size:5.1f} MB written"
    )
    for code, reason in done[0].failed.items():
        print(f"  {code}: {reason}")
    return cpu / len(codes)


def notebook(folder: Path) -> tuple[str, list[str]]:
    """The runner that is at hand and its command for one state's notebook."""
    if importlib.util.find_spec("papermill"):
        return "papermill", [sys.executable, "-m", "papermill", str(NOTEBOOK), str(folder / "peer.ipynb")]
    command = ["nbconvert", "--execute", "--to", "html", "--output-dir", str(folder), str(NOTEBOOK)]
    return "nbconvert", [sys.executable, "-m", *command]


def main() -> None:
    print(f"{len(store.built())} built releases, {WORKERS} processes, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        ours = run(folder, ("html", "xlsx"))
        for extra in [name for name in ("pdf", "figures") if name in state.FORMATS]:
            run(folder, (extra,))
        name, command = notebook(folder)
        clock, cpu = measured(lambda: subprocess.run(command, check=True, capture_output=True))
        print(
            f"one notebook by {name}, HTML only    {clock:6.1f} s  {cpu:6.1f} s of processors  {cpu / ours:5.1f} x ours"
        )


if __name__ == "__main__":
    main()
