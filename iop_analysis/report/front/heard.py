"""What page one says of the witnesses of a list: who was heard, and how many programs are known."""

from __future__ import annotations

from iop_analysis import catalog, raw
from iop_analysis.catalog import answers
from iop_analysis.metrics.witnesses import of_witnesses
from iop_analysis.report import words
from iop_analysis.report.front.rules import Fact
from iop_analysis.report.gathered import EVENING, Gathered, state_row
from iop_analysis.report.nation_evening import LEAST_KNOWN_SHARE


def told_facts(gathered: Gathered) -> dict[str, Fact]:
    """`heard`, a sentence on the linked sources, and `evening_known` where too few hours are known to give a range."""
    if gathered.combined is None:
        return {}
    made = gathered.combined
    rows = made.listing.public.facilities
    rows = rows[(rows["state"] == gathered.state) & (rows["offers_iop"] == answers.YES)]
    table = of_witnesses(rows, made.links, made.evidence)
    sources = [
        f"{catalog.source(raw.find_release(name).source).title} ({linked:,} linked{f', to {newest}' if newest else ''})"
        for name, linked, newest in zip(table["witness"], table["linked"], table["newest"], strict=True)
    ]
    found: dict[str, Fact] = {"heard": f"Heard beside the list: {words.listed(sources)}."} if sources else {}
    return found | _few_known(gathered)


def _few_known(gathered: Gathered) -> dict[str, Fact]:
    if not gathered.main.asks(EVENING):
        return {}
    row = state_row(gathered.main, EVENING, gathered.state)
    known, of = int(row["yes"] + row["no"]), int(row["facilities"])
    return {"evening_known": f"{known:,} of {of:,}"} if of and known < LEAST_KNOWN_SHARE * of else {}
