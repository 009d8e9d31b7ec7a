"""The five findings of a report: rules from standard tables to plain sentences, all in one place.

Each rule returns a finding or None; the first five that speak are said. A sentence says "at least" and "at most"
where the file leaves answers open, and never more than the file carries.
"""

from __future__ import annotations

from collections.abc import Callable

from iop_analysis import catalog, places
from iop_analysis.carried import distances
from iop_analysis.metrics import coverage
from iop_analysis.report import words
from iop_analysis.report.blocks import programs
from iop_analysis.report.gathered import Gathered, blind, state_name, state_row
from iop_analysis.report.model import Finding
from iop_analysis.report.sections.distance import length

EVENING = "evening(after='18:00')"
SESSIONS = "sessions(n=3, minutes=180, after='17:30')"
MOST = 5


def findings(gathered: Gathered) -> tuple[Finding, ...]:
    """At most five findings for a state, the ones that matter most to a person first."""
    rules: list[Callable[[Gathered], Finding | None]] = [
        _how_many,
        _evening,
        _evening_and_medicaid,
        _medicaid_alone,
        _sliding_fee,
        _sessions,
        _distance,
        _counties_without,
        _private_plan,
    ]
    found = [finding for rule in rules if (finding := rule(gathered))]
    return tuple(found[:MOST])


def _how_many(gathered: Gathered) -> Finding:
    row = state_row(gathered.main, "iop", gathered.state, "all")
    unknown = f"; {row['unknown']:,} more do not say" if row["unknown"] else ""
    text = (
        f"{row['yes']:,} of the {words.plural(row['facilities'], 'facility', 'facilities')} that the file lists in "
        f"{state_name(gathered.state)} say that they run an intensive outpatient program (IOP) for substance "
        f"use{unknown}"
    )
    return Finding(f"{row['yes']:,}", words.sentence(text))


def _of_programs(gathered: Gathered, have: str, said: str) -> Finding | None:
    """How many of the listed IOPs meet a criterion; nothing where the file does not ask or lists none."""
    if not gathered.main.asks(have):
        return None
    row = state_row(gathered.main, have, gathered.state)
    if not row["facilities"]:
        return None
    unseen = blind(gathered.main, have)
    return Finding(words.headline(row, unseen), words.sentence(f"{words.bounds(row, unseen)} {said}"))


def _evening(gathered: Gathered) -> Finding | None:
    if gathered.main.asks(EVENING):
        return _of_programs(gathered, EVENING, "are at a site open for an hour after 6 pm on some weekday")
    listed = words.plural(programs(gathered), "listed IOP")
    return Finding("unknown", f"No public file says when {state_name(gathered.state)}’s {listed} meet.")


def _evening_and_medicaid(gathered: Gathered) -> Finding | None:
    together = coverage.funnel_criteria(catalog.personas()["has_medicaid"].steps)["in_order"].iloc[-1]
    return _of_programs(gathered, together, "are both at a site open after 6 pm and list Medicaid")


def _medicaid_alone(gathered: Gathered) -> Finding | None:
    """Medicaid by itself, where no evening can be put beside it."""
    if gathered.main.asks(EVENING):
        return None
    return _of_programs(gathered, "medicaid", "list Medicaid among the payments that they accept")


def _sliding_fee(gathered: Gathered) -> Finding | None:
    none = "; the file cannot show who has none" if blind(gathered.main, "sliding_fee") else ""
    return _of_programs(gathered, "sliding_fee", f"list a sliding fee, one that follows income{none}")


def _sessions(gathered: Gathered) -> Finding | None:
    return _of_programs(
        gathered,
        SESSIONS,
        "are at a site whose hours have room for three 3-hour sessions a week after 5:30 pm or on weekends, which is "
        "what someone who works days needs",
    )


def _distance(gathered: Gathered) -> Finding | None:
    """How far half of the residents live from a program with Medicaid, where that was measured and is sure."""
    if gathered.synthetic:
        return None
    table = distances.carried_distances(gathered.main.release.list_name, gathered.state)
    table = table[(table["have"] == "iop & medicaid") & (table["median_sure_km"] < float("inf"))]
    if table.empty:
        return None
    far = length(table["median_sure_km"].iloc[0])
    text = f"Half of the residents live within {far} of an IOP that lists Medicaid, in a straight line"
    return Finding(f"{far.split(' (')[0]}", words.sentence(text))


def _counties_without(gathered: Gathered) -> Finding | None:
    without, of, unplaced = counties_without(gathered)
    if not without or unplaced:
        return None
    text = f"{without} of {of} {places.county_words(gathered.state)[1]} have no listed IOP"
    return Finding(f"{without} of {of}", words.sentence(text))


def _private_plan(gathered: Gathered) -> Finding | None:
    return _of_programs(gathered, "private_insurance", "list private health plans")


def counties_without(gathered: Gathered) -> tuple[int, int, int]:
    """Counties without a listed IOP, counties in all, and IOPs that could not be placed in any."""
    table = gathered.main.table("medicaid", level="county")
    counties = places.counties()
    codes = set(counties.loc[counties["state"] == gathered.state, "county_fips"])
    with_program = set(table.loc[table["facilities"] > 0, "place"]) & codes
    unplaced = table.loc[table["place"] == f"{gathered.state} not placed", "facilities"].sum()
    return len(codes) - len(with_program), len(codes), int(unplaced)
