"""A state's report: what is gathered becomes sections of sentences, figures and tables; formats only render them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib as mpl

from iop_analysis import catalog, places, raw
from iop_analysis.errors import CallError
from iop_analysis.raw.keeping import replacing
from iop_analysis.report import citation, facility_map, figures, html, pdf, pictures, words, xlsx
from iop_analysis.report.blocks import source_line
from iop_analysis.report.findings import findings
from iop_analysis.report.gathered import Gathered, gather, plain_name
from iop_analysis.report.model import Report
from iop_analysis.report.sections import order, surveys

PICTURES = "figures"
# What is written for each format: the end of a file's name, and how its bytes are made; pictures fill a folder.
FORMATS: dict[str, dict[str, Callable[[Report], bytes]]] = {
    "html": {".html": html.render},
    "pdf": {".pdf": pdf.render, "_brief.pdf": pdf.render_brief},
    "xlsx": {".xlsx": xlsx.render},
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
        Any of `html`, `pdf` (with a brief of two pages), `xlsx` and `figures` (a PNG and a CSV of each).
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


def write(gathered: Gathered, folder: Path | None, formats: Sequence[str]) -> list[Path]:
    """Write the report of what was gathered; see `write_report`."""
    report = state_report(gathered)
    folder = folder or raw.reports_folder()
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{'SYNTHETIC_' if gathered.synthetic else ''}iop_{gathered.state}"
    paths = []
    for end, render in [part for one in formats for part in FORMATS[one].items()]:
        paths.append(_put(folder / f"{name}{end}", render(report)))
    if PICTURES in formats:
        paths += pictures.write(report, folder)
    if gathered.named and gathered.listed is not None:
        paths.append(_put(folder / f"{name}_map.html", facility_map.facility_map(gathered.listed, gathered.state)))
    return paths


def _put(path: Path, content: bytes) -> Path:
    with replacing(path) as partial:
        partial.write_bytes(content)
    return path


def check_formats(formats: Sequence[str]) -> None:
    """Stop at a format that there is not, or that cannot be made on this machine."""
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise CallError(f"There is no report format {unknown[0]!r}; there are {', '.join(FORMATS)}.")
    if "pdf" in formats:
        pdf.check()


def state_report(gathered: Gathered) -> Report:
    """Everything that a state's report says, from what was gathered."""
    title = citation.title(gathered)
    with mpl.rc_context(figures.STYLE):
        built = [section for build in order.ALL if (section := build(gathered)).blocks]
        names = [section for build in order.NAMED if gathered.named and (section := build(gathered)).blocks]
    tables = [table for section in (*built, *names) for table in section.tables()]
    identifier = citation.content_id(gathered, tables)
    return Report(
        state=gathered.state,
        state_name=plain_name(gathered.state),
        title=f"{'SYNTHETIC – ' if gathered.synthetic else ''}{title}",
        question="An intensive outpatient program gives nine hours of treatment a week or more, often in three "
        "sessions, so that people can keep their job and family. This report asks who can get in: near enough, open "
        "after work, and payable. It shows what public files say, and what they leave open.",
        synthetic=gathered.synthetic,
        dates=dates(gathered),
        findings=findings(gathered),
        sections=(*built, citation.cite(gathered, identifier, surveys.used(gathered)), *names),
        source_line=source_line(gathered.main),
        citation=citation.line(gathered, identifier),
    )


def dates(gathered: Gathered) -> tuple[str, ...]:
    """The date box: what the numbers are as of, how old entries are, and whether a newer edition is known."""
    lines = []
    for table in (gathered.main, gathered.beside):
        if table is None:
            continue
        facts, source = table.facts, catalog.source_of(table.release)
        age = (
            f"; entries last changed {facts['information_from']} to {facts['information_to']}"
            if facts["information_to"]
            else ""
        )
        when = table.release.reference_date or f"survey year {table.release.survey_year}"
        lines.append(f"{source.title}, release {table.release.key}: information as of {when}{age}.")
        later = newer(table.release)
        if later:
            lines.append(f"Newer editions are known and not used here: {words.listed(later)}.")
    if gathered.carried:
        lines.append(
            "These tables come with the package, computed from the files named under Methods. No file was read on this "
            "computer, so there is no list of facilities and no map of points."
        )
    return tuple(lines)


def newer(release: catalog.Release) -> list[str]:
    """Keys of later releases of the same source and side in the catalog."""
    later = [
        one.key
        for one in catalog.source_of(release).releases
        if one.side == release.side and not one.synthetic and (one.survey_year or 0) > (release.survey_year or 0)
    ]
    return [] if release.synthetic else later
