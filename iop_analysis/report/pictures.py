"""A report's figures as files: one PNG and one CSV each, with a README that says where they come from."""

from __future__ import annotations

import io
import textwrap
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.transforms import Bbox

from iop_analysis.maps.save import PNG_DPI
from iop_analysis.raw.keeping import replacing
from iop_analysis.raw.workbooks import harmless
from iop_analysis.report import figures, social
from iop_analysis.report.model import Figure, Report

TITLE_POINTS, SOURCE_POINTS, LINE, GAP_INCHES, EDGE_INCHES = 11.0, 7.5, 1.3, 0.14, 0.12
LETTER = {"normal": 0.54, "bold": 0.65}  # mean width of a letter by the font size


def write(report: Report, folder: Path) -> list[Path]:
    """Write every figure of a report into a folder of its own beside the report, and return the files.

    The folder is `iop_STATE_figures`. A picture carries its title, its source and its alternative text, so that it
    still says what it shows when it is passed on alone; `STATE_social.png` is the headline for a post. A table is
    plain CSV in UTF-8 with one line of headings: shares are 0-1, an empty cell is not known, and a text that a
    spreadsheet would run as a formula starts with an apostrophe.

    Parameters
    ----------
    report
        The report.
    folder
        Where the report lies.
    """
    mark = "SYNTHETIC_" if report.synthetic else ""
    place = folder / f"{mark}iop_{report.state}_figures"
    files = {f"{mark}README.txt": readme(report).encode(), f"{mark}{report.state}_social.png": social.picture(report)}
    for figure in report.figures():
        name = f"{mark}{report.state}_{figure.key}"
        files |= {f"{name}.png": png(figure), f"{name}.csv": csv(figure.table.frame)}
    for name, content in files.items():
        with replacing(place / name) as path:
            path.write_bytes(content)
    return [place / name for name in files]


def png(figure: Figure) -> bytes:
    """A figure with its title above and its source below, 200 dots per inch; `Description` is its alternative text."""
    buffer = io.BytesIO()
    with mpl.rc_context(figures.STYLE):
        page, added = _page(figure)
        about = {"Software": None, "Title": figure.title, "Description": figure.alt, "Source": figure.table.source}
        figure.canvas.savefig(buffer, format="png", dpi=PNG_DPI, bbox_inches=page, metadata=about)
    for text in added:
        text.remove()
    return buffer.getvalue()


def _page(figure: Figure) -> tuple[Bbox, list[mpl.text.Text]]:
    """Write title and source outside of the drawing; the page in inches that holds all, and the texts."""
    width, height = figure.canvas.get_size_inches()
    said = ". ".join(filter(None, [figure.table.base, figure.table.source]))
    parts = [
        (figure.title, TITLE_POINTS, "bold", height + GAP_INCHES, "bottom"),
        (said, SOURCE_POINTS, "normal", -GAP_INCHES, "top"),
    ]
    texts, ends = [], []
    for words, points, weight, y, side in parts:
        lines = textwrap.wrap(words, int((width - 2 * EDGE_INCHES) * 72 / (points * LETTER[weight])))
        style: dict[str, Any] = {"fontsize": points, "weight": weight, "va": side, "linespacing": LINE}
        texts.append(figure.canvas.text(EDGE_INCHES / width, y / height, "\n".join(lines), **style))
        tall = len(lines) * points * LINE / 72 + EDGE_INCHES
        ends.append(y + tall if side == "bottom" else y - tall)
    return Bbox([[0, ends[1]], [width, ends[0]]]), texts


def csv(table: pd.DataFrame) -> bytes:
    r"""A table as UTF-8 CSV in which no text is a formula.

    Examples
    --------
    >>> csv(pd.DataFrame({"Name": ["=1+1", "plain"], "At least": [0.5, None]})).decode()
    "Name,At least\n'=1+1,0.5\nplain,\n"
    """
    safe = table.map(harmless).rename(columns=harmless)
    return safe.to_csv(index=False, lineterminator="\n").encode()


def readme(report: Report) -> str:
    """What the files of the folder are: for each figure its title, what it shows, its source and its notes."""
    lines = [report.title, report.front.kicker, f"Made on {report.front.made}.", ""]
    for figure in report.figures():
        table = figure.table
        name = f"{'SYNTHETIC_' if report.synthetic else ''}{report.state}_{figure.key}"
        said = [table.base, table.note, table.source]
        lines += [f"{name}.png, {name}.csv", f"  {figure.title}", *(f"  {text}" for text in said if text)]
        lines += [f"  What the picture shows: {figure.alt}", ""]
    post = f"  {report.front.headline} {report.front.subline}"
    lines += [f"{'SYNTHETIC_' if report.synthetic else ''}{report.state}_social.png", post, ""]
    lines += ["In the CSV files shares are 0-1 and an empty cell is a number that is not given.", ""]
    return "\n".join([*lines, f"How to cite: {report.citation}", ""])
