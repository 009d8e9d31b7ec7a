"""The county table of a report: for each county how many programs are listed and how many meet each need."""

from __future__ import annotations

import pandas as pd

from iop_analysis import places
from iop_analysis.report import words
from iop_analysis.report.blocks import county_counts, source_line
from iop_analysis.report.evidence import Evidence
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


def county_summary(evidence: Evidence) -> Table:
    """One row a county, those without a listed IOP included; rows of no county last."""
    names = places.counties().set_index("county_fips")["name"]
    columns: dict[str, object] = {}
    for heading, have in NEEDS.items():
        if not evidence.main.asks(have):
            continue
        counts = county_counts(evidence.main, evidence.state, have)
        columns.setdefault("County", [names.get(code, "Not placed in a county") for code in counts["place"]])
        columns.setdefault("IOPs", counts["facilities"])
        columns[heading] = [words.span(row) for _, row in counts.iterrows()]
    title = "Listed IOPs by county, and how many meet each need"
    return Table("counties", title, pd.DataFrame(columns), source_line(evidence.main), NOTE)
