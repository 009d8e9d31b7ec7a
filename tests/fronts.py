"""Reports of one section with an invented page one, for tests of the formats."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from iop_analysis.report.model import Front, Report, Section, Tile

PLAIN = Front(
    kicker="Colorado · invented list",
    headline="Headline",
    subline="Sub-line",
    what="What it is.",
    tiles=(Tile("3 of 5", "list a payer", "Invented."),),
    map=None,
    chart=None,
    far=None,
    people=("People.",),
    levers=("Lever.",),
    ask="Ask.",
    counted="Counted.",
    read="Read.",
    made="1 January 2026",
    finder="No finder.",
    help="Call 988.",
    sources="",
)


def front(**said: Any) -> Front:
    """An invented page one with some parts replaced."""
    return replace(PLAIN, **said)


def report(*sections: Section, **said: Any) -> Report:
    """A report of these sections."""
    parts = {"state": "CO", "state_name": "Colorado", "title": "Title", "synthetic": False, "front": PLAIN}
    parts |= {"sections": sections, "appendix": (), "source_line": "Source: test.", "citation": "Cite."}
    return Report(**(parts | {"identifier": "0123456789ab"} | said))
