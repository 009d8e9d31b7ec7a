"""The nation by state: its numbers and its maps, a map for each measure in which states may be compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure as Canvas

from iop_analysis import catalog, places
from iop_analysis.carried import residents, surveys, trends
from iop_analysis.carried.listings import Standard
from iop_analysis.maps import reach, static
from iop_analysis.maps.margin import WIDTH_INCHES
from iop_analysis.metrics import coverage
from iop_analysis.report import figures, nation_evening, words
from iop_analysis.report.blocks import counts_at, drawn, source_line
from iop_analysis.report.front import people
from iop_analysis.report.gathered import read_as_no
from iop_analysis.report.model import Figure, Table, Tile

MEDICAID = "share of listed IOPs that list Medicaid, at least"
HIDDEN = "States where a small count would tell respondents apart are hidden."
FEE = "share of responding IOPs that told the survey they have a sliding fee"
READ_AS_NO = " Not listed is read as no."
MILES = 10
NARROW_INCHES = 4.0  # the drawing for a telephone, as small as every state has its label
FAR = f"share of residents more than {MILES} miles from an IOP that lists Medicaid, at least"


def tiles(national: Standard) -> list[Tile]:
    """Four numbers at most: residents out of reach, Medicaid, fees told and not listed, evenings known."""
    return [*_beyond(national), _medicaid(national), *_unlisted(national), _known(national)]


def _beyond(national: Standard) -> list[Tile]:
    far = out_of_reach(national)
    if far.empty:
        return []
    low, of = int(far["low"].sum()), int(far["population"].sum())
    noun = f"people live more than {MILES} miles from a program that lists Medicaid"
    share = words.percent(low / of)
    return [Tile(f"{low:,}", noun, f"At least; {share} of {of:,} residents of {people.YEAR}, in a straight line.")]


def _medicaid(national: Standard) -> Tile:
    row = national.row("medicaid")
    low, high = words.percent(row["lower_share"]), words.percent(row["upper_share"])
    share = low if low == high else f"{low} to {high}"
    note = f"{share}.{READ_AS_NO * read_as_no(national, 'medicaid')}"
    return Tile(f"{words.span(row)} of {int(row['facilities']):,}", "listed programs list Medicaid", note)


def _unlisted(national: Standard) -> list[Tile]:
    """Fees that programs have and do not list; nothing beside the sample, and where no survey asks."""
    told = None if national.release.synthetic else trends.agreed()
    if told is None:
        return []
    survey, table = told
    whole = table[table["place"] == "all"].iloc[0]
    said, agreed = int(whole["said_yes"]), int(whole["agreed"])
    noun = "programs had a fee that follows income and did not agree to have it listed"
    note = f"Of {said:,} that told the {survey.survey_year} survey they have one, {agreed:,} agreed."
    return [Tile(f"{said - agreed:,}", noun, note)]


def _known(national: Standard) -> Tile:
    """Of how many programs it is known whether their building is open after 6 pm."""
    counts = nation_evening.counts(national)
    known, of = int((counts["yes"] + counts["no"]).sum()), int(national.row("iop", "all")["yes"])
    note = "None of the national files read here asks for hours."
    return Tile(f"{known:,} of {of:,}", "have hours on file that tell whether the building is open after 6 pm", note)


def maps(national: Standard) -> list[Figure]:
    """The nation by state, a map for each measure that may be compared: two lists of at-least counts never are."""
    found = [
        *_far(national),
        _map("states", counts_of(national, "medicaid"), MEDICAID, source_line(national), national),
    ]
    told = None if national.release.synthetic else told_fee()
    if told is not None:
        release, table = told
        found.append(
            _map("fees", table, FEE, f"{catalog.source(release.source).title}, {release.key}. {HIDDEN}", national)
        )
    evenings = nation_evening.counts(national)
    if (evenings["known"] >= nation_evening.LEAST_KNOWN_SHARE).any():
        table = nation_evening.drawn_table(evenings)
        source = f"{nation_evening.NOTE} {source_line(national)} Hours are of linked sources."
        found.append(_map("evenings", table, nation_evening.LABEL, source, national))
    return found


def counts_of(national: Standard, have: str) -> pd.DataFrame:
    """Counts of one question for every state, and for other places of the list."""
    states = list(places.states()["state"])
    others = sorted(set(national.table(have, level="state")["place"]) - set(states))
    return counts_at(national, have, "state", states + others)


def told_fee() -> tuple[catalog.Release, pd.DataFrame] | None:
    """By state, how many of the programs that answered the newest survey told it that they have a sliding fee."""
    names = [name for name in surveys.carried() if "su" in catalog.source(name.split("@")[0]).sides]
    if not names:
        return None
    newest = max(names, key=lambda name: catalog.release(name).survey_year or 0)
    table = surveys.load(newest).table("sliding_fee", "iop", "su", "state")
    states = table.set_index("place").reindex(places.states()["state"]).rename_axis("place").reset_index()
    hidden = states["yes"].isna()
    # What a survey hides is drawn as nothing known.
    counts = [name for name in states if name in coverage.COUNTS]
    states[counts] = states[counts].fillna(0).astype("int64")
    states["unknown"] = states["unknown"].mask(hidden, states["facilities"])
    return catalog.release(newest), states.fillna({"lower_share": 0.0, "upper_share": 1.0})


def _map(key: str, table: pd.DataFrame, label: str, source: str, national: Standard) -> Figure:
    behind = Table(key, f"{label[0].upper()}{label[1:]}, by state", table, source)
    said = static.alt_text(table, label=label)
    return _drawn(behind, said, national, lambda wide: static.figure(table, label=label, wide=wide))


def _drawn(behind: Table, said: str, national: Standard, draw: Callable[[float], Canvas]) -> Figure:
    """A map for a page, and for a telephone."""
    synthetic = national.release.synthetic
    with mpl.rc_context(figures.STYLE):
        small = drawn("", draw(NARROW_INCHES), said, behind, synthetic)
        return replace(drawn(f"map_{behind.key}", draw(WIDTH_INCHES), said, behind, synthetic), narrow=small.svg)


def out_of_reach(national: Standard) -> pd.DataFrame:
    """Residents of each state far from a program that lists Medicaid, as `people.beyond`; empty for the sample."""
    table = residents.load(national.release.list_name, "medicaid")
    return people.beyond(table, MILES)


def _far(national: Standard) -> list[Figure]:
    table = out_of_reach(national)
    if table.empty:
        return []
    table = table.assign(beyond_share=table["low"] / table["population"])
    table = table[["place", "name", "population", "low", "most", "beyond_share"]]
    source = f"{source_line(national)} {people.RESIDENTS}"
    behind = Table("far", f"{FAR[0].upper()}{FAR[1:]}, by state", table, source)
    said = reach.alt_text(table, None, FAR)
    return [_drawn(behind, said, national, lambda wide: reach.national(table, FAR, wide=wide))]
