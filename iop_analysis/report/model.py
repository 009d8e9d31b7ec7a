"""The parts of a report: sections of paragraphs, figures and tables, the same for every format."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pandas as pd
from matplotlib.figure import Figure as Canvas


@dataclass(frozen=True)
class Table:
    """A table with its heading, its columns named for people, and the source line below it.

    Shares are 0-1 and stand in columns that `shares` names; everything else is a count or a text. `base` says what
    was counted and how many; it is empty where a column of the table does. `numbers` is what the workbook shows in its
    place, every value a number in a column of its own; there the counts of a table with a `total` are added up. A long
    table is for the `appendix`.
    """

    key: str
    title: str
    frame: pd.DataFrame
    source: str
    note: str = ""
    shares: tuple[str, ...] = ()
    base: str = ""
    numbers: pd.DataFrame | None = None
    appendix: bool = False
    total: bool = False


@dataclass(frozen=True)
class Figure:
    """A drawing with the sentence it shows, its alternative text, and the table behind it.

    `svg` is how pages show it; `canvas` is the drawing itself, for other kinds of pictures. A figure is half a page
    wide, which a telephone shows whole; a wide one has a `narrow` drawing for that.
    """

    key: str
    title: str
    svg: str
    alt: str
    table: Table
    canvas: Canvas = field(compare=False, repr=False)
    narrow: str = ""


@dataclass(frozen=True)
class Box:
    """A framed note: a heading and a few sentences."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Bullets:
    """Sentences that stand side by side."""

    lines: tuple[str, ...]


Block = str | Table | Figure | Box | Bullets


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it; `key` is its anchor. Some belong to the `appendix`, behind the report."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    appendix: bool = False

    def tables(self) -> list[Table]:
        """Every table in order, those behind figures included."""
        shown = [block for block in self.blocks if isinstance(block, Table | Figure)]
        return [block if isinstance(block, Table) else block.table for block in shown]


@dataclass(frozen=True)
class Tile:
    """A number of page one with its noun, and what must be said with it."""

    figure: str
    noun: str
    note: str


@dataclass(frozen=True)
class Front:
    """Page one: the same content in every format.

    `kicker` names the state and the years of list, survey and residents; `headline` and `subline` the news; `tiles`
    four numbers; `map`, `chart` and `far` show where; `people`, `levers` and `ask` are sentences; `counted` and `read`
    say who is in the numbers and how to read them; `finder` that it is none, `help` whom to call; `sources` where the
    residents come from; `made` is the day of making.
    """

    kicker: str
    headline: str
    subline: str
    what: str
    tiles: tuple[Tile, ...]
    map: Figure | None
    chart: Figure | None
    far: Table | None
    people: tuple[str, ...]
    levers: tuple[str, ...]
    ask: str
    counted: str
    read: str
    made: str
    finder: str
    help: str
    sources: str
    correction: str = ""

    def figures(self) -> list[Figure]:
        """The map and the chart, as far as there are."""
        return [figure for figure in (self.map, self.chart) if figure is not None]

    def tables(self) -> list[Table]:
        """The table behind the chart and that of the farthest places; what lies behind the map stands in the report."""
        behind = [self.chart.table] if self.chart is not None else []
        return [*behind, *([self.far] if self.far is not None else [])]


def made_on() -> str:
    """The day on which a page is made: today, or that of SOURCE_DATE_EPOCH where it is set, for equal bytes."""
    day = today()
    return f"{day.day} {day:%B %Y}"


def today() -> date:
    """The day that ages are counted to: that of SOURCE_DATE_EPOCH where it is set."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH", "")
    return (datetime.fromtimestamp(int(seconds), UTC) if seconds.isdigit() else datetime.now(UTC)).date()


@dataclass(frozen=True, eq=False)
class Report:
    """Everything that one state's report says; each format renders this and nothing else."""

    state: str
    state_name: str
    title: str
    synthetic: bool
    front: Front
    sections: tuple[Section, ...]
    appendix: tuple[Section, ...]
    source_line: str
    citation: str
    identifier: str
    address: str = ""
    links: tuple[tuple[str, str], ...] = ()

    @property
    def preview(self) -> str:
        """Where the picture for previews of links lies, beside the page; empty where no address is known."""
        return f"previews/{self.state}.png" if self.address else ""

    def tables(self) -> list[Table]:
        """Every table of the report in order, those behind figures included; what stands behind two stands once."""
        parts = (*self.sections, *self.appendix)
        found = [*self.front.tables(), *(table for section in parts for table in section.tables())]
        return list({(table.key, table.title): table for table in reversed(found)}.values())[::-1]

    def figures(self) -> list[Figure]:
        """Every figure of the report in order."""
        parts = (*self.sections, *self.appendix)
        shown = [block for section in parts for block in section.blocks if isinstance(block, Figure)]
        return [*self.front.figures(), *shown]
