"""The section on distance: how far residents live from a program they can use, in miles and kilometres."""

from __future__ import annotations

import pandas as pd

from iop_analysis import catalog, distances
from iop_analysis.report import words
from iop_analysis.report.blocks import source_line
from iop_analysis.report.evidence import Evidence, state_name
from iop_analysis.report.model import Block, Section, Table

KM_PER_MILE = 1.609344
CAUTION = (
    "These are straight lines from where residents of each census tract live, on average, in 2017. Roads are longer. "
    "Buses and trains were not measured. "
)
NEXT_STATE = "A program in the next state counts, but not where Medicaid must pay."
OWN_STATE = "The file lists this state only, so a nearer program across the state line is not seen."


def distance(evidence: Evidence) -> Section:
    """How far people live from a program; nothing for the sample, one sentence where it was not measured."""
    title = "How far?"
    if evidence.synthetic:
        return Section("distance", title, ())
    table = distances.carried_distances(evidence.main.release.name, evidence.state)
    if table.empty:
        text = (
            f"Distances in {state_name(evidence.state)} were not measured for this release. "
            "`iop-analysis access` measures them from a file of census tracts."
        )
        return Section("distance", title, (text,))
    beyond = NEXT_STATE if catalog.source(evidence.main.release.source).area == "US" else OWN_STATE
    blocks: list[Block] = [*_sentences(table, state_name(evidence.state)), _table(evidence, table), CAUTION + beyond]
    return Section("distance", title, tuple(blocks))


def _sentences(table: pd.DataFrame, name: str) -> list[Block]:
    first, last = table.iloc[0], table.iloc[-1]
    said: list[Block] = [f"Half of the residents of {name} live {_reach(first)}"]
    return said + ([f"Half live {_reach(last)}"] if last["have"] != first["have"] else [])


def _reach(row: pd.Series) -> str:
    """The distance that is sure, and the one that is possible where they differ."""
    sure, possible = length(row["median_sure_km"]), length(row["median_possible_km"])
    more = f"; if every unknown answer were a yes, within {possible}" if sure != possible else ""
    return f"within {sure} of {row['words']}{more}."


def length(km: float) -> str:
    """Miles and kilometres as a person says them.

    Examples
    --------
    >>> length(4.298), length(43.97), length(float("inf"))
    ('2.7 miles (4.3 km)', '27 miles (44 km)', 'any distance (most live in reach of none)')
    """
    if km == float("inf"):
        return "any distance (most live in reach of none)"
    digits = 0 if km >= 16 else 1
    return f"{km / KM_PER_MILE:.{digits}f} miles ({km:.{digits}f} km)"


def _table(evidence: Evidence, table: pd.DataFrame) -> Table:
    frame = pd.DataFrame(
        {
            "Half of residents live near …": [words.sentence(text).rstrip(".") for text in table["words"]],
            "Within, surely": table["median_sure_km"].map(length),
            "Within, possibly": table["median_possible_km"].map(length),
            "Within a walk of 2 km, at least": table["within_2km_sure"],
            "Within 10 miles, at least": table["within_16km_sure"],
        }
    )
    note = (
        f"{int(table['population'].iloc[0]):,} residents in {int(table['points'].iloc[0]):,} census tracts (2017). "
        "“Surely” counts programs that say yes, “possibly” also those that do not say."
    )
    shares = ("Within a walk of 2 km, at least", "Within 10 miles, at least")
    title = "How far people live from a program that they can use"
    return Table("distance", title, frame, source_line(evidence.main), note, shares)
