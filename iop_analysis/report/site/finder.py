"""The district finder: for each state a page that lists its districts, and how many residents are out of reach."""

from __future__ import annotations

from typing import Any

import pandas as pd

from iop_analysis.carried import districts, residents
from iop_analysis.report import citation, html
from iop_analysis.report.blocks import source_line
from iop_analysis.report.gathered import Gathered, plain_name
from iop_analysis.report.model import Block, Section, Table

HAVE, WHAT = "medicaid", "lists Medicaid"
MILES = (5, 10)
NAMES = {"congress": "Congress", "upper": "State senate", "lower": "State house"}
HOW = (
    "Residents are those of the 2020 census, all ages, not patients. A resident is out of reach who lives farther, in "
    f"a straight line, than 5 or 10 miles from any program that {WHAT}. Programs are counted in the district of their "
    "own address; one that is placed by ZIP code alone is in no district for certain. A list may miss programs."
)


def render(gathered: Gathered, report: str) -> str:
    """The page of a state's districts as HTML; `report` is the address of the state's own page, from this one."""
    name = plain_name(gathered.state)
    back: list[Block] = [HOW]
    sections = [Section("how", "How to read this", tuple(back)), *sections_of(gathered)]
    return html.document(
        "plain.html",
        title=f"Districts of {name}",
        sections=sections,
        links=[(report, f"The report on {name}")],
        correction=citation.correction(gathered.contact),
    )


def sections_of(gathered: Gathered) -> list[Section]:
    """A section for each house that a state elects."""
    table = gathered.beside or gathered.main
    found = []
    for level, name in NAMES.items():
        rows = districts.load(table.release.name, HAVE, level, gathered.state)
        if len(rows):
            source = f"{source_line(table)} Lines: {districts.VINTAGES[level]}."
            block = Table(level, f"{name}: residents out of reach of a program that {WHAT}", frame_of(rows), source)
            found.append(Section(level, name, (block,)))
    return found


def frame_of(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of `districts.load` as people read them; a district without residents has none out of reach."""
    return pd.DataFrame([_row(row) for _, row in rows.iterrows()])


def _row(row: pd.Series) -> dict[str, Any]:
    certain = row["place"] != districts.NOT_CERTAIN
    said: dict[str, Any] = {"District": row["name"], "Residents": f"{int(row['population']):,}" if certain else "–"}
    for miles in MILES:
        least, most = residents.out_of_reach(row, miles) if certain else (None, None)
        said[f"Beyond {miles} miles"] = "–" if least is None or most is None else span(least, most)
    return said | {"Programs": int(row["facilities"]), f"That {WHAT.replace('lists', 'list')}": int(row["yes"])}


def span(least: int, most: int) -> str:
    """A count, or the two counts between which it lies.

    Examples
    --------
    >>> span(1200, 1200), span(0, 5)
    ('1,200', '0 to 5')
    """
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"
