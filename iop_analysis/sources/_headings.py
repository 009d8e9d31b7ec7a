"""Headings of tables that people make: which canonical column each one is, and in which row of a sheet they stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from iop_analysis import catalog
from iop_analysis.errors import DataError
from iop_analysis.raw.grids import Grid
from iop_analysis.sources._day_columns import DayColumn, day_columns

NEEDED = "name"
# Headings may stand under a title, a date and a line of thanks; further down they are rows.
LOOKED_AT = 40
FEW_CELLS = 2
# Words about a question that do not change it: "Accepts Medicaid? (Y/N)" asks what "Medicaid" asks.
FILLING = re.compile(
    r"\b(?:accept(?:s|ed|ing)?|takes?|offer(?:s|ed)?|provide[sd]?|has|have|is|are|does|available|availability"
    r"|y n|yes no|yn|services?|programs?|the|a|an|of|for|at|and|patients?|clients?|payments?)\b"
)
# Why a row under the headings is no facility; a row may be left out for other reasons, and then something is lost.
NO_FACILITIES = (AGAIN, FOOT) = ("the headings again", "a title or footer")
FOOTER = re.compile(r"\W*(?:source|notes?|grand total|total|updated|last updated|prepared|disclaimer|page \d|\*)", re.I)


@dataclass(frozen=True)
class Headed:
    """A sheet whose headings were found: what each column is, its rows below, and what was left out and why."""

    grid: Grid
    line: int
    headings: list[str]
    columns: dict[str, int]
    days: list[DayColumn]
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    left_out: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def read(self) -> set[int]:
        """Places of the columns that are read."""
        return {*self.columns.values(), *(place for day in self.days for place in day.places)}


@cache
def spellings() -> dict[str, list[str]]:
    """Headings that are taken for each canonical column, the preferred one first."""
    found: dict[str, list[str]] = {}
    for row in catalog.read_rows("spellings.csv"):
        if row["table"] == "facilities":
            found.setdefault(row["name"], []).append(row["spelling"])
    for name in catalog.answer_variables():
        variable = catalog.variables()[name]
        found[name] = [name, variable.word, variable.label, *found.get(name, [])]
    return found


def named(headings: Sequence[str]) -> dict[str, int]:
    """Place of each canonical column among some headings, in any accepted spelling; the preferred spelling wins."""
    own = {_plain(heading): place for place, heading in reversed(list(enumerate(headings))) if heading}
    found = {name: [own[one] for one in listed if one in own] for name, listed in _accepted().items()}
    columns = {name: places[0] for name, places in found.items() if places}
    taken = set(columns.values())
    asked = {_bare(one): place for one, place in reversed(own.items()) if place not in taken and _bare(one)}
    for name in catalog.answer_variables():
        places = [asked[one] for one in map(_bare, _accepted()[name]) if one in asked]
        if name not in columns and places:
            columns[name] = places[0]
    return columns


@cache
def _accepted() -> dict[str, list[str]]:
    return {name: [_plain(one) for one in listed] for name, listed in spellings().items()}


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", heading.lower()).strip()


def _bare(plain: str) -> str:
    """A plain heading without the words that do not change its question."""
    return " ".join(FILLING.sub(" ", plain).split())


def headed(grid: Grid) -> Headed | None:
    """The sheet under the row that names most columns, alone or with the row above it; None where no row does."""
    best: Headed | None = None
    for place in range(min(LOOKED_AT, len(grid.rows))):
        row = grid.rows[place]
        ways = [row, _under(grid.rows[place - 1], row)] if place else [row]
        for headings in ways:
            found = Headed(grid, grid.lines[place], headings, named(headings), day_columns(headings))
            if found.read and (best is None or len(found.read) > len(best.read)):
                best = found
    return best


def _under(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """Headings of two rows of which the upper one is merged: `Monday` over `Open`, `Close`."""
    known = set(named(below).values())
    merged, joined = "", []
    for place, text in enumerate(below):
        over = above[place] if place < len(above) else ""
        merged = over or (merged if text else "")
        joined.append(text if place in known else f"{merged} {text}".strip())
    return joined


def body(found: Headed, name: str) -> Headed:
    """The rows under the headings; repeated headings, footers and rows of another length are left out and listed."""
    _refuse_repeats(found, name)
    width = len(found.headings)
    rows, lines, left_out = [], [], []
    gap = False
    for row, line in zip(found.grid.rows, found.grid.lines, strict=True):
        filled = sum(cell != "" for cell in row)
        if line <= found.line or not filled:
            gap = gap or line > found.line
            continue
        why = _why_not(found, row, filled, gap)
        if why:
            left_out.append((line, " ".join(filter(None, row)), why))
        else:
            rows.append([*row, *[""] * (width - len(row))][:width])
            lines.append(line)
            gap = False
    return Headed(found.grid, found.line, found.headings, found.columns, found.days, rows, lines, left_out)


def _why_not(found: Headed, row: list[str], filled: int, gap: bool) -> str:
    """Why a row under the headings is no facility; empty where it is one."""
    first = row[found.columns[NEEDED]] if found.columns.get(NEEDED, len(row)) < len(row) else ""
    if any(row[len(found.headings) :]):
        return f"more cells than the {len(found.headings)} headings"
    if row == found.headings[: len(row)]:
        return AGAIN
    few = filled <= FEW_CELLS < len(found.headings)
    alone = filled == 1 and len(found.columns) > FEW_CELLS + 1
    if few and (alone or gap or FOOTER.match(first) or not first):
        return FOOT
    return "" if first else "no name"


def _refuse_repeats(found: Headed, name: str) -> None:
    counts = Counter(found.headings)
    repeated = [found.headings[place] for place in sorted(found.read) if counts[found.headings[place]] > 1]
    if repeated:
        raise DataError(
            f"{name}: row {found.line} holds the heading {repeated[0]!r} more than once; give each column its own."
        )
