"""Every state's report in one run: several processes, an index page, and an account of states that have no report."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tqdm import tqdm

from iop_analysis import places, raw
from iop_analysis.errors import CallError, DataError
from iop_analysis.raw.keeping import replacing
from iop_analysis.report import index, state
from iop_analysis.report.gathered import gather, national
from iop_analysis.report.index import Entry

# A process takes 300 to 500 MB: three and the one that started them stay under 2 GB.
MOST_WORKERS = 3
# Drawing makes and drops very many small objects: looking for lost ones less often saves a sixth of the time.
COLLECT_AFTER = (50_000, 20, 20)


@dataclass(frozen=True)
class Outcome:
    """What a run wrote: an entry for each state in the order asked for, and the index page."""

    entries: tuple[Entry, ...]
    index: Path

    @property
    def failed(self) -> dict[str, str]:
        """Why a state has no report, in one sentence, by postal code."""
        return {entry.state: entry.problem for entry in self.entries if entry.problem}

    @property
    def paths(self) -> list[Path]:
        """Every file that was written, the index page last."""
        return [*(path for entry in self.entries for path in entry.paths), self.index]


def write_all(
    states: Sequence[str],
    folder: Path | None = None,
    formats: Sequence[str] = ("html", "xlsx"),
    sample: bool = False,
    workers: int | None = None,
    *,
    against: Sequence[str] = (),
    named: bool = False,
    extras: Mapping[str, Sequence[Path]] | None = None,
    address: str = "",
    contact: str = "",
) -> Outcome:
    """Write the reports of many states and an index page; a state that cannot be written does not stop the rest.

    The bytes do not depend on the number of processes. Each is started afresh, on every system alike, and reads what
    all states share once. A bar on stderr shows how far the run is.

    Parameters
    ----------
    states
        Postal codes.
    folder, formats, sample
        As for `state.write_report`.
    against, named
        As for `gathered.gather`.
    workers
        Number of processes; as many as there are processors, at most three, if None.
    extras
        Files that the index names beside the reports of a state.
    address
        Where the index will be served; empty where that is not known.
    contact
        A mail address or a page for corrections, which every page names.

    Raises
    ------
    CallError
        An unknown state.
    CallError, DataError
        What stopped the first state, where not one could be written.
    """
    state.check_formats(formats)
    for code in states:
        places.check_state(code)
    folder = folder or raw.reports_folder()
    folder.mkdir(parents=True, exist_ok=True)
    count = min(len(states), workers or min(os.cpu_count() or 1, MOST_WORKERS))
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, spawn, gc.set_threshold, COLLECT_AFTER) as pool:
        write_it = partial(
            write_one,
            folder=folder,
            formats=formats,
            sample=sample,
            against=against,
            named=named,
            contact=contact,
            address=address,
        )
        futures = {pool.submit(write_it, code, tuple((extras or {}).get(code, ()))): code for code in states}
        done = {futures[future]: future for future in _counted(futures)}
    if all(future.exception() for future in done.values()):
        done[states[0]].result()
    entries = tuple(_entry(code, done[code]) for code in states)
    page = folder / index_name(sample)
    with replacing(page) as path:
        path.write_bytes(index.render(entries, national(sample), folder, address, contact))
    return Outcome(entries, page)


def index_name(sample: bool) -> str:
    """The file of the index page."""
    return f"{'SYNTHETIC_' if sample else ''}index.html"


def write_one(
    code: str,
    extras: Sequence[Path],
    *,
    folder: Path,
    formats: Sequence[str],
    sample: bool,
    against: Sequence[str],
    named: bool,
    contact: str,
    address: str,
) -> Entry:
    """Write one state's report, with links to the index and the files beside it; what a process of the run does."""
    known = gather(code, sample, against, named=named, contact=contact, address=address)
    beside = index.links_to([*state.files(known, folder, formats), *extras], folder)
    links = [(index_name(sample), "All states"), *(link for link in beside if link[1] != index.PAGE)]
    return Entry(code, (*state.write(known, folder, formats, links), *extras), index.evening(known))


def _counted(futures: dict[Future[Entry], str]) -> Iterator[Future[Entry]]:
    with tqdm(total=len(futures), desc="reports", unit="state") as bar:
        for future in as_completed(futures):
            bar.update()
            yield future


def _entry(code: str, future: Future[Entry]) -> Entry:
    error = future.exception()
    return Entry(code, problem=_sentence(error)) if error else future.result()


def _sentence(error: BaseException) -> str:
    """Why a state was not written; an error that nobody foresaw is named with its kind."""
    expected = isinstance(error, CallError | DataError)
    return str(error) if expected else f"An unexpected error stopped it ({type(error).__name__}: {error})."
