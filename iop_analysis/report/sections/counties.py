"""The county table of a report: for each county how many programs are listed and how many meet each need."""

from __future__ import annotations

import pandas as pd

from iop_analysis import places
from iop_analysis.report import words
from iop_analysis.report.blocks import county_counts, source_line
from iop_analysis.report.gathered import Gathered
from iop_analysis.report.model import Table

NEEDS = {
    "Open after 6 pm": "evening(after='18:00')",
    "List Medicaid": "medicaid",
    "List a sliding fee": "sliding_fee",
    "List private plans": "private_insurance",
}
NOTE = (
    "Counts of IOPs. A range runs from what is sure to what is possible: 5 to 7 means that 5 say yes and 2 do not say."
)
PLACED = {"by_address": "Placed by address", "by_zip": "Placed by ZIP code"}


def county_summary(gathered: Gathered) -> Table:
    """One row a county, those without a listed IOP included; rows of no county last."""
    names = places.counties().set_index("county_fips")["label"]
    columns: dict[str, object] = {}
    numbers: dict[str, object] = {}
    for heading, have in NEEDS.items():
        if not gathered.main.asks(have):
            continue
        counts = county_counts(gathered.main, gathered.state, have)
        if not columns:
            columns[places.county_heading(gathered.state)] = [
                names.get(code, "Not placed in a county") for code in counts["place"]
            ]
            columns |= {"IOPs": counts["facilities"]} | {title: counts[way] for way, title in PLACED.items()}
            numbers = dict(columns)
        known = not counts["unknown"].any()
        columns[heading] = counts["yes"] if known else [words.span(row) for _, row in counts.iterrows()]
        numbers |= {f"{heading}, at least": counts["yes"], f"{heading}, at most": counts["yes"] + counts["unknown"]}
    title = f"Listed IOPs by {places.county_words(gathered.state)[0]}, and how many meet each need"
    frame, values = pd.DataFrame(columns), pd.DataFrame(numbers)
    return Table("counties", title, frame, source_line(gathered.main), NOTE, numbers=values, appendix=True, total=True)


def placed_words(gathered: Gathered) -> str:
    """How many of the state's IOPs are in a county by their address, by their ZIP code, or in none."""
    counts = county_counts(gathered.main, gathered.state, "medicaid").sum(numeric_only=True)
    said = {
        "by_address": "by address (the publisher’s county, or a point)",
        "by_zip": "by ZIP code, which may reach into a neighboring county",
        "not_placed": "in no county",
    }
    ways = [f"{int(counts[way]):,} {text}" for way, text in said.items() if counts[way]]
    return f"How the {words.plural(int(counts['facilities']), 'listed IOP')} are placed: {words.listed(ways)}."
