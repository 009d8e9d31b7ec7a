"""The report as one HTML file: no network request, printable, a table behind each figure."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from itertools import groupby

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from iop_analysis import __version__
from iop_analysis.report import words
from iop_analysis.report.model import Block, Bullets, Figure, Report, Table

MOST_ROWS, WIDEST_LETTERS = 70, 46  # of a table and of a column on paper
HASH = re.compile(r"[0-9a-f]{64}")  # may break, where no other word does
SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
CHARSET = '<meta charset="utf-8">'
# Drawings carry styles of their own; nothing is loaded, sent or framed.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
RANGE = re.compile(r"[\d,]+( to [\d,]+)?")


def render(report: Report) -> bytes:
    """The report as UTF-8 HTML; every text is escaped, figures are inline SVG."""
    return document("report.html", report=report, printed=False).encode()


def page(template: str, **content: object) -> str:
    """A page from one of the templates, every text escaped."""
    usual = {"printed": False, "most_rows": MOST_ROWS, "version": __version__, "correction": ""}
    return _environment().get_template(template).render(usual | content)


def document(template: str, **content: object) -> str:
    """A page for browsers: it asks nothing of any other host and runs its own scripts alone, by their hashes."""
    text = page(template, **content)
    hashes = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in SCRIPT.findall(text)]
    scripts = " ".join(f"'sha256-{one}'" for one in hashes) or "'none'"
    policy = f"{POLICY}; script-src {scripts}"
    return text.replace(CHARSET, f'{CHARSET}\n<meta http-equiv="Content-Security-Policy" content="{policy}">', 1)


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
    environment.filters |= {one.__name__: one for one in FILTERS}
    return environment


def kind(block: Block) -> str:
    """Name of a block's type, by which the template chooses its look."""
    return type(block).__name__.lower()


def prose(text: str) -> Markup:
    """A sentence, escaped; what stands between backticks is set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def anchor(key: str) -> str:
    """A key as an id that no section has."""
    return f"figure-{key}"


def cell(value: object, column: str, table: Table) -> str:
    """One value as a person reads it: shares as percentages, counts with separators, missing as a dash."""
    if isinstance(value, float) and pd.isna(value):
        return "–"
    if column in table.shares:
        return words.percent(float(value))  # type: ignore[arg-type]
    if isinstance(value, str) and HASH.fullmatch(value):
        return Markup("<wbr>").join(value[at : at + 16] for at in range(0, len(value), 16))
    return f"{value:,}" if isinstance(value, int) else str(value)


def numeric(table: Table, column: str) -> bool:
    """Whether a column holds numbers, or ranges of them, and is set to the right."""
    values = table.frame[column]
    if column in table.shares or pd.api.types.is_numeric_dtype(values):
        return True
    return len(values) > 0 and all(isinstance(value, str) and RANGE.fullmatch(value) for value in values)


def widths(table: Table) -> list[float]:
    """Widths of the columns of a printed table, in percent, by their longest cell and the words of their heading.

    A layout that need not measure every cell takes a fraction of the time.
    """
    needs = []
    for name in table.frame:
        cells = [len(str(cell(value, str(name), table))) for value in table.frame[name]]
        word = max((len(part) for part in str(name).split()), default=0)
        needs.append(min(max([*cells, word, len(str(name)) / 3, 4]) + 2, WIDEST_LETTERS))
    return [round(100 * need / sum(needs), 1) for need in needs]


def order(value: object) -> str:
    """What a script sorts a number by, for a range where it begins; empty for a missing one."""
    return "" if isinstance(value, float) and pd.isna(value) else str(value).replace(",", "").split(" ")[0]


def arranged(blocks: Sequence[Block]) -> list[list[list[Block]]]:
    """The blocks of a section in rows of one or two columns: half-page figures by two, one alone beside its text."""
    halves: list[Block] = [block for block in blocks if _is_half(block)]
    beside: list[Block] = [block for block in blocks if isinstance(block, str | Bullets)]
    if len(halves) == 1 and beside:
        return [[beside, halves], *([[block]] for block in blocks if block not in halves and block not in beside)]
    rows: list[list[list[Block]]] = []
    for half, group in groupby(blocks, key=_is_half):
        mine = list(group)
        rows += [[[one] for one in mine[at : at + 2]] for at in range(0, len(mine), 2)] if half else [[mine]]
    return rows


def _is_half(block: Block) -> bool:
    return isinstance(block, Figure) and not block.narrow


def svg(figure: Figure) -> Markup:
    """A figure's SVG for the page, ids made its own."""
    return _own(figure.svg, figure.key)


def narrow_svg(figure: Figure) -> Markup:
    """The drawing of a wide figure for a telephone."""
    return _own(figure.narrow, f"{figure.key}-narrow")


def _own(drawing: str, key: str) -> Markup:
    return Markup(re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{key}-", drawing[drawing.index("<svg") :]))


FILTERS = (anchor, arranged, cell, kind, narrow_svg, numeric, order, prose, svg, widths)
