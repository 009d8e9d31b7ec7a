"""The report as one HTML file: no network request, printable, a table behind each figure."""

from __future__ import annotations

import re
from functools import cache

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from iop_analysis import __version__
from iop_analysis.report import words
from iop_analysis.report.model import Block, Figure, Report, Table


def render(report: Report) -> bytes:
    """The report as UTF-8 HTML; every text is escaped, figures are inline SVG."""
    return page("report.html", report=report)


def page(template: str, **content: object) -> bytes:
    """A page from one of the templates, in UTF-8, every text escaped."""
    return _environment().get_template(template).render(version=__version__, **content).encode()


@cache
def _environment() -> Environment:
    """The templates with the filters they use, compiled once in a process."""
    environment = Environment(
        loader=PackageLoader("iop_analysis.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"kind": kind, "cell": cell, "numeric": numeric, "svg": svg}
    return environment


def kind(block: Block) -> str:
    """Name of a block's type, by which the template chooses its look."""
    return type(block).__name__.lower()


def cell(value: object, column: str, table: Table) -> str:
    """One value as a person reads it: shares as percentages, counts with separators, missing as a dash."""
    if isinstance(value, float) and pd.isna(value):
        return "–"
    if column in table.shares:
        return words.percent(float(value))  # type: ignore[arg-type]
    return f"{value:,}" if isinstance(value, int) else str(value)


def numeric(table: Table, column: str) -> bool:
    """Whether a column holds numbers and is set to the right."""
    return column in table.shares or pd.api.types.is_numeric_dtype(table.frame[column])


def svg(figure: Figure) -> Markup:
    """A figure's SVG for the page: the XML heading removed, ids made its own, hidden behind its alternative text."""
    text = figure.svg[figure.svg.index("<svg") :]
    text = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{figure.key}-", text)
    return Markup(text)
