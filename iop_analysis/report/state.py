"""A state's report: what is gathered becomes sections of sentences, figures and tables; formats only render them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl

from iop_analysis import places, raw
from iop_analysis.errors import CallError
from iop_analysis.raw.keeping import replacing
from iop_analysis.report import citation, docx, facility_map, figures, html, pdf, pictures, social, xlsx
from iop_analysis.report.blocks import source_line
from iop_analysis.report.front import district as page_of_district
from iop_analysis.report.front import page
from iop_analysis.report.gathered import Gathered, gather, plain_name
from iop_analysis.report.model import Report, Section, Table
from iop_analysis.report.sections import order, surveys

PICTURES = "figures"
# What is written for each format: the end of a file's name, and how its bytes are made; pictures fill a folder.
FORMATS: dict[str, dict[str, Callable[[Report], bytes]]] = {
    "html": {".html": html.render},
    "pdf": {".pdf": pdf.render, "_brief.pdf": pdf.render_brief},
    "xlsx": {".xlsx": xlsx.render},
    "docx": {".docx": docx.render},
    PICTURES: {},
}


def every_state() -> list[str]:
    """Postal codes of the 50 states, DC and Puerto Rico."""
    return list(places.states()["state"])


def write_report(
    state: str, folder: Path | None = None, formats: Sequence[str] = ("html", "xlsx"), sample: bool = False
) -> list[Path]:
    """Write a state's report and return the files.

    Parameters
    ----------
    state
        Postal code.
    folder
        Where the files go, `reports` beside the data folder if None; it is made if it is not there.
    formats
        Any of `html`, `pdf` (with a brief of two pages), `xlsx`, `docx` (page one, to be edited) and `figures` (a PNG
        and a CSV of each, and a picture for a post).
    sample
        Report on the synthetic sample; SYNTHETIC stands in every title, sheet, image and file name.

    Raises
    ------
    CallError
        An unknown state or format, no release that speaks of the state, or PDF where the library that it needs is not
        installed.
    """
    check_formats(formats)
    places.check_state(state)
    return write(gather(state, sample), folder, formats)


def write(
    gathered: Gathered, folder: Path | None, formats: Sequence[str], links: Sequence[tuple[str, str]] = ()
) -> list[Path]:
    """Write the report of what was gathered; see `write_report`.

    `links` are addresses and names of pages and files that lie beside it, such as an index.
    """
    report = replace(state_report(gathered), links=tuple(links))
    folder = folder or raw.reports_folder()
    folder.mkdir(parents=True, exist_ok=True)
    paths = [_put(path, render(report)) for path, render in files(gathered, folder, formats).items()]
    if PICTURES in formats:
        paths += pictures.write(report, folder)
    if report.preview:
        (folder / report.preview).parent.mkdir(exist_ok=True)
        _put(folder / report.preview, social.picture(report))
    if gathered.named and gathered.listed is not None:
        page = facility_map.facility_map(gathered.listed, gathered.state, gathered.contact)
        paths.append(_put(folder / f"{_name(gathered)}_map.html", page))
    return paths


def files(gathered: Gathered, folder: Path, formats: Sequence[str]) -> dict[Path, Callable[[Report], bytes]]:
    """Where each file of a report lies, the pictures left out, and how its bytes are made."""
    parts = [part for one in formats for part in FORMATS[one].items()]
    return {folder / f"{_name(gathered)}{end}": render for end, render in parts}


def _name(gathered: Gathered) -> str:
    return f"{'SYNTHETIC_' if gathered.synthetic else ''}iop_{gathered.state}"


def write_district(gathered: Gathered, district: str, folder: Path | None, formats: Sequence[str]) -> list[Path]:
    """Write page one of a district, as `iop_CO_upper_12.pdf` and in the other formats of a page."""
    report = district_report(gathered, district)
    folder = folder or raw.reports_folder()
    folder.mkdir(parents=True, exist_ok=True)
    name = f"iop_{gathered.state}_{district.replace(':', '_')}"
    makers = {"pdf": pdf.render_page, "html": html.render, "docx": docx.render}
    unknown = [one for one in formats if one not in makers]
    if unknown:
        raise CallError(f"A district's page has no format {unknown[0]!r}; there are {', '.join(makers)}.")
    return [_put(folder / f"{name}.{one}", makers[one](report)) for one in formats]


def district_report(gathered: Gathered, district: str) -> Report:
    """A report of page one alone, about one district."""
    with mpl.rc_context(figures.STYLE):
        first = page_of_district.front(gathered, district)
    identifier = citation.content_id(first.tables())
    return Report(
        state=gathered.state,
        state_name=plain_name(gathered.state),
        title=f"{citation.title(gathered)} {first.kicker.partition(' · ')[0]}",
        synthetic=gathered.synthetic,
        front=first,
        sections=(),
        appendix=(),
        source_line=source_line(gathered.main),
        citation=citation.line(gathered, identifier),
        identifier=identifier,
    )


def _put(path: Path, content: bytes) -> Path:
    with replacing(path) as partial:
        partial.write_bytes(content)
    return path


def check_formats(formats: Sequence[str]) -> None:
    """Stop at a format that there is not, or that cannot be made on this machine."""
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise CallError(f"There is no report format {unknown[0]!r}; there are {', '.join(FORMATS)}.")
    for name, make in (("pdf", pdf), ("docx", docx)):
        if name in formats:
            make.check()


def state_report(gathered: Gathered) -> Report:
    """Everything that a state's report says, from what was gathered."""
    title = citation.title(gathered)
    with mpl.rc_context(figures.STYLE):
        first = page.front(gathered)
        built = [section for build in order.ALL if (section := build(gathered)).blocks]
        names = [section for build in order.NAMED if gathered.named and (section := build(gathered)).blocks]
    tables = [*first.tables(), *(table for section in (*built, *names) for table in section.tables())]
    identifier = citation.content_id(tables)
    used = surveys.used(gathered)
    cited = [make(gathered, identifier, used) for make in (citation.cite, citation.entries)]
    body, behind = parted((*built, *names, *cited))
    return Report(
        state=gathered.state,
        state_name=plain_name(gathered.state),
        title=f"{'SYNTHETIC – ' if gathered.synthetic else ''}{title}",
        synthetic=gathered.synthetic,
        front=first,
        sections=body,
        appendix=behind,
        source_line=source_line(gathered.main),
        citation=citation.line(gathered, identifier),
        identifier=identifier,
        address=gathered.address,
    )


def parted(built: Sequence[Section]) -> tuple[tuple[Section, ...], tuple[Section, ...]]:
    """The sections of the report, and behind them an appendix of the long tables and of what belongs there whole."""
    body, behind = [], []
    for section in built:
        long = tuple(block for block in section.blocks if isinstance(block, Table) and block.appendix)
        if section.appendix:
            behind.append(section)
            continue
        if long:
            behind.append(Section(f"{section.key}_tables", f"{section.title.rstrip('?')}: tables", long, appendix=True))
        body.append(replace(section, blocks=tuple(block for block in section.blocks if block not in long)))
    return tuple(section for section in body if section.blocks), tuple(behind)
