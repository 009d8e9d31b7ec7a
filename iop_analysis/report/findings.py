"""The five findings of a report: rules from standard tables to plain sentences, all in one place.

Each rule returns a sentence or nothing; the first five that speak are the findings. A sentence says "at least" and
"at most" where the file leaves answers open, and never more than the file carries.
"""

from __future__ import annotations

from collections.abc import Callable

from iop_analysis import catalog, places
from iop_analysis.metrics import coverage
from iop_analysis.report import words
from iop_analysis.report.blocks import programs
from iop_analysis.report.evidence import Evidence, blind, state_name, state_row

EVENING = "evening(after='18:00')"
SESSIONS = "sessions(n=3, minutes=180, after='17:30')"
MOST = 5


def findings(evidence: Evidence) -> tuple[str, ...]:
    """At most five sentences for a state, the ones that matter most to a person first."""
    rules: list[Callable[[Evidence], str]] = [
        _how_many,
        _evening,
        _sessions,
        _medicaid,
        _sliding_fee,
        _works_and_medicaid,
        _counties_without,
    ]
    found = [sentence for rule in rules if (sentence := rule(evidence))]
    return tuple(found[:MOST])


def _how_many(evidence: Evidence) -> str:
    row = state_row(evidence.main, "iop", evidence.state, "all")
    unknown = f"; {row['unknown']:,} more do not say" if row["unknown"] else ""
    return words.sentence(
        f"{row['yes']:,} of the {row['facilities']:,} facilities that the file lists in {state_name(evidence.state)} "
        f"say that they run an intensive outpatient program (IOP) for substance use{unknown}"
    )


def _evening(evidence: Evidence) -> str:
    name, n = state_name(evidence.state), programs(evidence)
    if not evidence.main.asks(EVENING):
        return f"No public file says when {name}’s {n:,} listed IOPs are open."
    row = state_row(evidence.main, EVENING, evidence.state)
    return words.sentence(f"{words.bounds(row)} are at a site open for an hour after 6 pm on some weekday")


def _sessions(evidence: Evidence) -> str:
    if not evidence.main.asks(SESSIONS):
        return ""
    row = state_row(evidence.main, SESSIONS, evidence.state)
    return words.sentence(
        f"{words.bounds(row)} are at a site whose hours have room for three 3-hour sessions a week after 5:30 pm or on "
        "weekends, which is what someone who works days needs"
    )


def _medicaid(evidence: Evidence) -> str:
    row = state_row(evidence.main, "medicaid", evidence.state)
    return (
        words.sentence(f"{words.bounds(row)} list Medicaid among the payments they accept") if row["facilities"] else ""
    )


def _sliding_fee(evidence: Evidence) -> str:
    row = state_row(evidence.main, "sliding_fee", evidence.state)
    if not row["facilities"]:
        return ""
    if blind(evidence.main, "sliding_fee"):
        return words.sentence(
            f"{words.bounds(row, blind=True)} list a sliding fee, one that follows income; "
            "the file cannot show who has none"
        )
    return words.sentence(f"{words.bounds(row)} list a sliding fee, one that follows income")


def _works_and_medicaid(evidence: Evidence) -> str:
    together = coverage.funnel_criteria(catalog.personas()["has_medicaid"].steps)["in_order"].iloc[-1]
    if not evidence.main.asks(together):
        return ""
    row = state_row(evidence.main, together, evidence.state)
    return words.sentence(f"{words.bounds(row)} are both open after 6 pm and list Medicaid")


def _counties_without(evidence: Evidence) -> str:
    without, of, unplaced = counties_without(evidence)
    if not without or unplaced:
        return ""
    return words.sentence(f"{without} of {words.plural(of, 'county', 'counties')} have no listed IOP")


def counties_without(evidence: Evidence) -> tuple[int, int, int]:
    """Counties without a listed IOP, counties in all, and IOPs that could not be placed in any."""
    table = evidence.main.table("medicaid", level="county")
    counties = places.counties()
    codes = set(counties.loc[counties["state"] == evidence.state, "county_fips"])
    with_program = set(table.loc[table["facilities"] > 0, "place"]) & codes
    unplaced = table.loc[table["place"] == f"{evidence.state} not placed", "facilities"].sum()
    return len(codes) - len(with_program), len(codes), int(unplaced)
