"""The last sections of a report: what is not known, help lines, methods, files and words."""

from __future__ import annotations

import pandas as pd

from iop_analysis import catalog
from iop_analysis.report.blocks import source_line
from iop_analysis.report.evidence import Evidence
from iop_analysis.report.model import Block, Box, Bullets, Section, Table

HELP = (
    "In a crisis, call or text 988, the Suicide and Crisis Lifeline, at any hour.",
    "To find treatment: FindTreatment.gov, or SAMHSA’s helpline 1-800-662-4357, free and confidential, at any hour.",
)


def unknown(evidence: Evidence) -> Section:
    """What can be said, what cannot, and how to find out."""
    can = (
        "We can say how many listed programs report each thing, and how many leave it open.",
        "We can say “at least” and “at most” for missing answers.",
    )
    cannot = (
        "We cannot say whether a listing is right today, or count programs that no file lists.",
        "We cannot say whether a program has a place, takes a plan’s card at intake, or runs its IOP in the evening.",
        "A bound covers missing answers only, not wrong ones.",
    )
    find = Bullets(
        (
            "Call: some tens of programs, asked when their groups meet and what they charge, settle most of it.",
            "Ask the state licensing office for hours and fees; Colorado publishes both.",
            "Ask the Medicaid agency which programs billed for IOP last year (procedure code H0015).",
        )
    )
    return Section(
        "unknown",
        "What is not known, and how to find out",
        (Box("What can be said", can), Box("What cannot be said", cannot), find),
    )


def helplines(_: Evidence) -> Section:
    """Help lines."""
    return Section("help", "If you or someone near you needs help now", (Bullets(HELP),))


def methods(evidence: Evidence) -> Section:
    """Method in a few sentences, the files with their hashes, what was set aside, the words."""
    blocks: list[Block] = [
        "A facility counts as an IOP where the publisher’s own code or list says so. Every answer is yes, no, "
        "not reported or not asked; a missing answer is never a no. “At least” counts the yes, “at most” adds the "
        "unknown. These files are lists or censuses, so there is no sampling error to show.",
    ]
    files, notes = [], []
    for table in (evidence.main, evidence.side):
        if table is None:
            continue
        facts, source = table.facts, catalog.source(table.release.source)
        files.append(
            {
                "Release": facts["release"],
                "File": facts["file"],
                "Rows": facts["rows"],
                "Licence": source.licence,
                "SHA-256": facts["sha256"],
            }
        )
        notes += [
            {"Release": facts["release"], "Rows": note["rows"], "What was done": note["text"]}
            for note in facts["notes"]
        ]
    line = source_line(evidence.main)
    blocks.append(Table("files", "Files behind this report", pd.DataFrame(files), line))
    if notes:
        blocks.append(Table("notes", "What was set aside or read in a special way", pd.DataFrame(notes), line))
    blocks.append(_dictionary(evidence))
    return Section("methods", "Methods, files and words", tuple(blocks))


def _dictionary(evidence: Evidence) -> Table:
    asked = evidence.main.facts["asked"]
    known = catalog.variables()
    rows = [
        {"Word": known[name].word, "Label": known[name].label, "Meaning": known[name].definition}
        for name in known
        if name in asked
    ]
    return Table("dictionary", "Words used in criteria", pd.DataFrame(rows), source_line(evidence.main))
