"""The section on places: which counties have none listed, how rows were placed, and a map that names every county."""

from __future__ import annotations

from dataclasses import replace

from iop_analysis import places
from iop_analysis.report import words
from iop_analysis.report.blocks import counties_without, county_counts, county_map
from iop_analysis.report.front import page, people
from iop_analysis.report.gathered import Gathered
from iop_analysis.report.model import Block, Section
from iop_analysis.report.sections.counties import county_summary, placed_words

NAMED = 25  # counties without a listed program are named, if there are so many at most


def where(gathered: Gathered) -> Section:
    """Counties without a listed program in one line, how rows were placed, the map, and the table of counties."""
    blocks: list[Block] = [none_listed(gathered), placed_words(gathered)]
    one = len(places.counties().query("state == @gathered.state")) == 1
    return Section("where", "Where?", (*blocks, *([] if one else _map(gathered)), county_summary(gathered)))


def _map(gathered: Gathered) -> list[Block]:
    """Residents out of reach by county; where they were not measured, the programs that list Medicaid."""
    found = people.reach(gathered)
    if found is not None:
        return [page.reach_map(gathered, found, "reach_map", wide=True)]
    if not gathered.main.asks("medicaid"):
        return []
    wide, narrow = (county_map(gathered, "medicaid", "that list Medicaid", half=half) for half in (False, True))
    return [replace(wide, narrow=narrow.svg)]


def none_listed(gathered: Gathered) -> str:
    """How many counties have no listed program, by name where they are few enough for a line or two."""
    without, of, unplaced = counties_without(gathered)
    one, many = places.county_words(gathered.state)
    if not without:
        every = f"Each of the {of} {many}" if of > 1 else f"The one {one}"
        return f"{every} has an IOP that the file lists."
    counts = county_counts(gathered.main, gathered.state, "medicaid")
    labels = places.counties().set_index("county_fips")["label"]
    empty = [labels[code] for code in counts.loc[counts["facilities"] == 0, "place"] if code in labels.index]
    named = f"They are {words.listed(empty)}." if len(empty) <= NAMED else "The table of the appendix names them."
    could = f" Another {words.plural(unplaced, 'IOP')} could not be placed, so a {one} shown without one may have one."
    return f"{without} of {of} {many} have no IOP that the file lists and places there. {named}" + could * bool(
        unplaced
    )
