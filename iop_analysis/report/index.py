"""The index page of many reports: a map, a row a state, and links to the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl

from iop_analysis import catalog, places
from iop_analysis.carried.listings import Standard
from iop_analysis.maps import static
from iop_analysis.report import figures, html, words
from iop_analysis.report.blocks import counts_at, drawn, source_line
from iop_analysis.report.gathered import EVENING, Gathered, plain_name, state_row
from iop_analysis.report.model import Figure, Table

PAGE = "page"
KINDS = {".html": PAGE, ".xlsx": "Excel", ".pdf": "PDF"}


@dataclass(frozen=True)
class Entry:
    """What became of a state: the files of its report and what is known of its evenings, or why there is no report."""

    state: str
    paths: tuple[Path, ...] = ()
    evening: str = ""
    problem: str = ""


def evening(gathered: Gathered) -> str:
    """How many IOPs of a state are at a site open after 6 pm, with the file that says so."""
    if not gathered.main.asks(EVENING):
        return "no public file says"
    release = gathered.main.release
    said = words.bounds(state_row(gathered.main, EVENING, gathered.state))
    return f"{said} in {catalog.source_of(release).title}, release {release.key}"


def render(entries: Sequence[Entry], national: Standard, folder: Path) -> bytes:
    """The page as UTF-8 HTML.

    Parameters
    ----------
    entries
        One for each state, in the order of the rows.
    national
        Standard tables of one national list: the counts of all states come from it, so they may share a column.
    folder
        Where the page will lie; links are relative to it.
    """
    mark = "SYNTHETIC – " if national.release.synthetic else ""
    rows = [_row(entry, national, folder) for entry in entries]
    return html.page(
        "index.html",
        title=f"{mark}Who can use an intensive outpatient program? Reports by state",
        synthetic=national.release.synthetic,
        figure=national_map(national),
        rows=rows,
        others=any(row["links"] or row["problem"] for row in rows),
        source=source_line(national),
        citation=catalog.source_of(national.release).citation,
    ).encode()


def national_map(national: Standard) -> Figure:
    """The nation by state: the share of listed IOPs that list Medicaid, at least."""
    states = list(places.states()["state"])
    others = sorted(set(national.table("medicaid", level="state")["place"]) - set(states))
    table = counts_at(national, "medicaid", "state", states + others)
    label = "share of listed IOPs that list Medicaid, at least"
    behind = Table("states", "Listed IOPs that list Medicaid, by state", table, source_line(national))
    with mpl.rc_context(figures.STYLE):
        picture = static.figure(table, label=label)
        return drawn("map_states", picture, static.alt_text(table, label=label), behind, national.release.synthetic)


def _row(entry: Entry, national: Standard, folder: Path) -> dict[str, Any]:
    medicaid, fee = (state_row(national, have, entry.state) for have in ("medicaid", "sliding_fee"))
    possible = medicaid["yes"] + medicaid["unknown"]
    links = _links(entry.paths, folder)
    return {
        "name": plain_name(entry.state),
        "programs": int(medicaid["facilities"]),
        "counts": [
            _counted(medicaid["yes"], medicaid["facilities"]),
            _counted(possible, medicaid["facilities"]),
            _counted(fee["yes"], fee["facilities"]) if fee["yes"] else ("none listed", float("nan")),
        ],
        "evening": entry.evening,
        "page": next((address for address, kind in links if kind == PAGE), ""),
        "links": [(address, kind) for address, kind in links if kind != PAGE],
        "problem": entry.problem,
    }


def _counted(count: int, of: int) -> tuple[str, float]:
    """A count with its share of enough programs, and the number by which a column is sorted (0-1, or missing)."""
    share = count / of if of >= words.FEW else float("nan")
    return (f"{count:,} ({words.percent(share)})" if of >= words.FEW else f"{count:,}"), share


def _links(paths: Sequence[Path], folder: Path) -> list[tuple[str, str]]:
    """Address and name of each file beside the page, and of each folder of files once."""
    parts = [path.relative_to(folder).parts for path in paths]
    files = {part[0]: len(part) > 1 for part in parts}
    return [(f"{name}/", "figures") if inside else (name, _kind(Path(name))) for name, inside in files.items()]


def _kind(path: Path) -> str:
    """What a file is called: its kind, and what stands in its name behind the state.

    Examples
    --------
    >>> _kind(Path("iop_NJ.html")), _kind(Path("iop_NJ_brief.pdf"))
    ('page', 'brief PDF')
    """
    extra = path.stem.partition("iop_")[2].split("_")[1:]
    return " ".join([*extra, KINDS.get(path.suffix, path.suffix.lstrip(".").upper())])
