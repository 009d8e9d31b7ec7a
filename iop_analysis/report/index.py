"""The index page of many reports: a map, a row a state, and links to the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iop_analysis import catalog
from iop_analysis.carried import package
from iop_analysis.carried.listings import Standard
from iop_analysis.releases import croissant
from iop_analysis.report import citation, html, nation, nation_evening, words
from iop_analysis.report.blocks import source_line
from iop_analysis.report.gathered import EVENING, Gathered, plain_name, state_row

PAGE = "page"
DISTRICTS = "districts"
KINDS = {".html": PAGE, ".xlsx": "Excel", ".pdf": "PDF", ".docx": "Word", ".json": "JSON", ".csv": "CSV"}


TITLE = "Who can use an intensive outpatient program? Reports by state"
ABOUT = (
    "For each state: how many listed intensive outpatient programs list Medicaid, a sliding fee and evening hours, "
    "from at least to at most, and how many residents live within reach of one."
)


@dataclass(frozen=True)
class Entry:
    """What became of a state: the files of its report and what is known of its evenings, or why there is no report."""

    state: str
    paths: tuple[Path, ...] = ()
    evening: str = ""
    problem: str = ""


def evening(gathered: Gathered) -> str:
    """How many IOPs of a state's own list are at a site open after 6 pm; empty where it has none."""
    if gathered.beside is None or not gathered.main.asks(EVENING):
        return ""
    release = gathered.main.release
    said = words.bounds(state_row(gathered.main, EVENING, gathered.state))
    return f"{said} in {catalog.source_of(release).title}, release {release.key}"


def render(entries: Sequence[Entry], national: Standard, folder: Path, address: str = "", contact: str = "") -> bytes:
    """The page as UTF-8 HTML.

    Parameters
    ----------
    entries
        One for each state, in the order of the rows.
    national
        Standard tables of one national list: the counts of all states come from it, so they may share a column.
    folder
        Where the page will lie; links are relative to it.
    address
        Where it will be served, which previews of links need; empty where that is not known.
    contact
        A mail address or a page for corrections.
    """
    mark = "SYNTHETIC – " if national.release.synthetic else ""
    evenings = nation_evening.counts(national)
    said = {str(row["place"]): nation_evening.said(row) for _, row in evenings.iterrows()}
    rows = [_row(entry, national, folder, said[entry.state]) for entry in entries]
    return html.document(
        "index.html",
        title=f"{mark}{TITLE}",
        about=ABOUT,
        synthetic=national.release.synthetic,
        tiles=nation.tiles(national),
        figures=nation.maps(national),
        address=address,
        data=described(national, address),
        rows=rows,
        others=any(row["links"] or row["problem"] for row in rows),
        source=source_line(national),
        citation=catalog.source_of(national.release).citation,
        correction=citation.correction(contact),
    ).encode()


def described(national: Standard, address: str) -> dict[str, Any]:
    """The page as a data set, in the terms of schema.org, for search engines of data."""
    source = catalog.source_of(national.release)
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": TITLE,
        "description": ABOUT,
        "isBasedOn": {"@type": "Dataset", "name": source.title, "url": source.homepage},
        "spatialCoverage": "United States",
        "temporalCoverage": str(national.release.survey_year or ""),
        "license": croissant.licence(package.LICENCE),
        "creator": {"@type": "Organization", "name": package.AUTHOR},
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "text/csv",
                "contentUrl": _whole("api/v1/national.csv", address),
            }
        ],
    } | ({"url": f"{address}/"} if address else {})


def _whole(path: str, address: str) -> str:
    return f"{address}/{path}" if address else path


def _row(entry: Entry, national: Standard, folder: Path, evening_said: str) -> dict[str, Any]:
    medicaid, fee = (state_row(national, have, entry.state) for have in ("medicaid", "sliding_fee"))
    possible = medicaid["yes"] + medicaid["unknown"]
    links = links_to(entry.paths, folder)
    return {
        "name": plain_name(entry.state),
        "programs": int(medicaid["facilities"]),
        "counts": [
            _counted(medicaid["yes"], medicaid["facilities"]),
            _counted(possible, medicaid["facilities"]),
            _counted(fee["yes"], fee["facilities"]) if fee["yes"] else ("none listed", float("nan")),
        ],
        "evening": f"{entry.evening}; national list: {evening_said}" if entry.evening else evening_said,
        "page": next((address for address, kind in links if kind == PAGE), ""),
        "links": [(address, kind) for address, kind in links if kind != PAGE],
        "problem": entry.problem,
    }


def _counted(count: int, of: int) -> tuple[str, float]:
    """A count with its share of enough programs, and the number by which a column is sorted (0-1, or missing)."""
    share = count / of if of >= words.FEW else float("nan")
    return (f"{count:,} ({words.percent(share)})" if of >= words.FEW else f"{count:,}"), share


def links_to(paths: Sequence[Path], folder: Path) -> list[tuple[str, str]]:
    """Address and name of each file, relative to the page, and of a folder of figures once."""
    inside = [path.relative_to(folder) for path in paths]
    found = [(f"{one.parts[0]}/", "figures") if _is_figure(one) else (one.as_posix(), _kind(one)) for one in inside]
    return list(dict.fromkeys(found))


def _is_figure(path: Path) -> bool:
    return path.parts[0].endswith("_figures")


def _kind(path: Path) -> str:
    """What a file is called: its kind, and what stands in its name behind the state.

    Examples
    --------
    >>> _kind(Path("iop_NJ.html")), _kind(Path("iop_NJ_brief.pdf")), _kind(Path("districts/NJ.html"))
    ('page', 'brief PDF', 'districts')
    """
    if path.parts[0] == DISTRICTS:
        return DISTRICTS
    extra = path.stem.partition("iop_")[2].split("_")[1:]
    return " ".join([*extra, KINDS.get(path.suffix, path.suffix.lstrip(".").upper())])
