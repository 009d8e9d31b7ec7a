"""The parts of a report: sections of paragraphs, figures and tables, the same for every format."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
from matplotlib.figure import Figure as Canvas


@dataclass(frozen=True)
class Table:
    """A table with its heading, its columns named for people, and the source line below it.

    Shares are 0-1 and stand in columns that `shares` names; everything else is a count or a text. `base` says what
    was counted and how many; it is empty where a column of the table does.
    """

    key: str
    title: str
    frame: pd.DataFrame
    source: str
    note: str = ""
    shares: tuple[str, ...] = ()
    base: str = ""


@dataclass(frozen=True)
class Figure:
    """A drawing with the sentence it shows, its alternative text, and the table behind it.

    `svg` is how pages show it; `canvas` is the drawing itself, for other kinds of pictures.
    """

    key: str
    title: str
    svg: str
    alt: str
    table: Table
    canvas: Canvas = field(compare=False, repr=False)


@dataclass(frozen=True)
class Finding:
    """A finding: the figure that stands out, and the sentence that carries it with its n and its unknown."""

    figure: str
    text: str


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
    """A heading and what stands under it; `key` is its anchor."""

    key: str
    title: str
    blocks: tuple[Block, ...]

    def tables(self) -> list[Table]:
        """Every table in order, those behind figures included."""
        shown = [block for block in self.blocks if isinstance(block, Table | Figure)]
        return [block if isinstance(block, Table) else block.table for block in shown]


@dataclass(frozen=True)
class Report:
    """Everything that one state's report says; each format renders this and nothing else."""

    state: str
    state_name: str
    title: str
    question: str
    synthetic: bool
    dates: tuple[str, ...]
    findings: tuple[Finding, ...]
    sections: tuple[Section, ...]
    source_line: str
    citation: str

    def tables(self) -> list[Table]:
        """Every table of the report in order, those behind figures included; what stands behind two stands once."""
        found = [table for section in self.sections for table in section.tables()]
        return list({(table.key, table.title): table for table in reversed(found)}.values())[::-1]

    def figures(self) -> list[Figure]:
        """Every figure of the report in order."""
        return [block for section in self.sections for block in section.blocks if isinstance(block, Figure)]
