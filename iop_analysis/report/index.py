"""The index page of many reports: a map, a row a state, and links to the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd

from iop_analysis import catalog, places
from iop_analysis.carried import package, surveys
from iop_analysis.carried.listings import Standard
from iop_analysis.maps import static
from iop_analysis.metrics import coverage
from iop_analysis.releases import croissant
from iop_analysis.report import citation, figures, html, nation_evening, words
from iop_analysis.report.blocks import counts_at, drawn, source_line
from iop_analysis.report.gathered import EVENING, Gathered, plain_name, state_row
from iop_analysis.report.model import Figure, Table

PAGE = "page"
DISTRICTS = "districts"
KINDS = {".html": PAGE, ".xlsx": "Excel", ".pdf": "PDF", ".docx": "Word", ".json": "JSON", ".csv": "CSV"}


TITLE = "Who can use an intensive outpatient program? Reports by state"
ABOUT = (
    "For each state: how many listed intensive outpatient programs list Medicaid, a sliding fee and evening hours, "
    "from at least to at most, and how many residents live within reach of one."
)
MEDICAID = "share of listed IOPs that list Medicaid, at least"
HIDDEN = "States where a small count would tell respondents apart are hidden."
FEE = "share of responding IOPs that told the survey they have a sliding fee"


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
        figures=national_maps(national),
        address=address,
        data=described(national, address),
        rows=rows,
        others=any(row["links"] or row["problem"] for row in rows),
        source=source_line(national),
        citation=catalog.source_of(national.release).citation,
        correction=citation.correction(contact),
    ).encode()


def national_maps(national: Standard) -> list[Figure]:
    """The nation by state, a map for each measure that may be compared: two lists of at-least counts never are."""
    maps = [_map("states", counts_of(national, "medicaid"), MEDICAID, source_line(national), national)]
    told = None if national.release.synthetic else told_fee()
    if told is not None:
        release, table = told
        maps.append(
            _map("fees", table, FEE, f"{catalog.source(release.source).title}, {release.key}. {HIDDEN}", national)
        )
    evenings = nation_evening.counts(national)
    if (evenings["known"] >= nation_evening.LEAST_KNOWN_SHARE).any():
        table, source = nation_evening.drawn_table(evenings), f"{source_line(national)} Hours are of linked sources."
        maps.append(_map("evenings", table, nation_evening.LABEL, source, national))
    return maps


def counts_of(national: Standard, have: str) -> pd.DataFrame:
    """Counts of one question for every state, and for other places of the list."""
    states = list(places.states()["state"])
    others = sorted(set(national.table(have, level="state")["place"]) - set(states))
    return counts_at(national, have, "state", states + others)


def told_fee() -> tuple[catalog.Release, pd.DataFrame] | None:
    """By state, how many of the programs that answered the newest survey told it that they have a sliding fee."""
    names = [name for name in surveys.carried() if "su" in catalog.source(name.split("@")[0]).sides]
    if not names:
        return None
    newest = max(names, key=lambda name: catalog.release(name).survey_year or 0)
    table = surveys.load(newest).table("sliding_fee", "iop", "su", "state")
    states = table.set_index("place").reindex(places.states()["state"]).rename_axis("place").reset_index()
    hidden = states["yes"].isna()
    # What a survey hides is drawn as nothing known.
    counts = [name for name in states if name in coverage.COUNTS]
    states[counts] = states[counts].fillna(0).astype("int64")
    states["unknown"] = states["unknown"].mask(hidden, states["facilities"])
    return catalog.release(newest), states.fillna({"lower_share": 0.0, "upper_share": 1.0})


def _map(key: str, table: pd.DataFrame, label: str, source: str, national: Standard) -> Figure:
    behind = Table(key, f"{label[0].upper()}{label[1:]}, by state", table, source)
    with mpl.rc_context(figures.STYLE):
        picture = static.figure(table, label=label)
        said = static.alt_text(table, label=label)
        return drawn(f"map_{key}", picture, said, behind, national.release.synthetic)


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
    links = _links(entry.paths, folder)
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


def _links(paths: Sequence[Path], folder: Path) -> list[tuple[str, str]]:
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
