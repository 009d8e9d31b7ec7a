"""The last sections of a report: what is not known, help lines, methods, files and words."""

from __future__ import annotations

import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.calls import sampling
from iop_analysis.carried.listings import Standard
from iop_analysis.report import words
from iop_analysis.report.blocks import programs, source_line
from iop_analysis.report.gathered import Gathered, blind, plain_name, state_name, state_row
from iop_analysis.report.model import Block, Box, Bullets, Section, Table
from iop_analysis.report.sections.changes import compared_with

WHOLE = "Rows are those of the whole file, other states included."
# Questions whose unknowns are counted, where the file asks them.
OPEN = (
    "evening(after='18:00')",
    "medicaid",
    "private_insurance",
    "medicare",
    "sliding_fee",
    "payment_assistance",
    "telehealth",
    "new_patients",
)
# What lists of facilities leave open for every program.
NEVER = ("When the IOP’s own groups meet", "Whether it has an open place", "What a session costs")


def unknown(gathered: Gathered) -> Section:
    """What can be said, what cannot, how many of the state's IOPs leave each question open, and how to find out."""
    n = programs(gathered)
    carry = (
        f"They say how many of the {words.plural(n, 'listed IOP')} report each thing, and how many leave it open.",
        "They cannot say whether a listing is right today, whether a program has a place, takes a plan’s card at "
        "intake, or runs its IOP in the evening. A bound covers missing answers, not wrong ones.",
    )
    return Section(
        "unknown",
        "What is not known, and how to find out",
        (
            Box("What these numbers carry, and what not", carry),
            _open_questions(gathered, n),
            "How to find out:",
            Bullets(_ways(gathered, n)),
        ),
    )


def _open_questions(gathered: Gathered, n: int) -> Table:
    """For how many of the IOPs each question is open; a question that nobody was asked is open for all."""
    labels = {row["have"]: row["label"] for row in catalog.read_rows("questions.csv")}
    rows = []
    for have in OPEN:
        asked = gathered.main.asks(have)
        count = int(state_row(gathered.main, have, gathered.state)["unknown"]) if asked else n
        never = blind(gathered.main, have) if asked else False
        why = "The file never says no" if never else "Not reported or not clear" if asked else "The file does not ask"
        label = f"Open {labels[have].lower()}" if have.startswith("evening") else labels[have]
        rows.append((label, count, n, why if count else "Every entry has an answer"))
    rows += [(text, n, n, "The file does not say") for text in NEVER]
    frame = pd.DataFrame(rows, columns=["Question", "Not known", "Of", "Why"])
    title = f"Open questions, {plain_name(gathered.state)}"
    return Table("open_questions", title, frame, source_line(gathered.main))


def _ways(gathered: Gathered, n: int) -> tuple[str, ...]:
    name = state_name(gathered.state)
    calls = sampling.calls_needed(n) if n else 0
    how_sure = (
        f"Call about {calls:,} of the {n:,}: that tells a share to within 10 points, if six in ten answer."
        if calls < n
        else f"Call all {n:,}: so few are best called as a whole. Bounds tell what is left open by those who do not "
        "answer."
    )
    command = f"iop-analysis calls draw --state {gathered.state} --source {gathered.main.release.name}"
    own = catalog.source_of(gathered.main.release).area == gathered.state
    office = " Its list holds hours of buildings; ask for the hours of the groups, and what a session costs."
    return (
        f"{how_sure} `{command}` picks them from a built list and writes the sheet with the script.",
        f"Ask {name}’s licensing office for hours and fees.{office if own else ''}",
        f"Ask {name}’s Medicaid agency which programs billed for intensive outpatient treatment last year (procedure "
        "code H0015).",
        "Call 211: many local directories keep hours, fees and languages.",
        *state_rules(gathered.state),
    )


def state_rules(state: str) -> tuple[str, ...]:
    """Rules of a state on when programs must be open, as context: what should be is counted nowhere."""
    return tuple(
        f"Hold the rule against the hours: {row['citation']} asks of {row['who']} {row['says']} (as read in a copy "
        f"current through {row['current_through']}, {row['address']}). A rule says what should be; nothing here counts "
        "it."
        for row in catalog.read_rows("state_rules.csv")
        if row["state"] == state
    )


def methods(gathered: Gathered) -> Section:
    """Method in a few sentences, the files with their hashes, what was set aside, the words."""
    blocks: list[Block] = [
        Box("What the lists are as of", dates(gathered)),
        "A facility counts as an IOP where the publisher’s own code or list says so. Every answer is yes, no, "
        "not reported or not asked; a missing answer is never a no. “At least” counts the yes, “at most” adds the "
        "unknown. These files are lists or censuses, so there is no sampling error to show.",
    ]
    read = [table for table in (gathered.main, gathered.beside) if table is not None]
    notes = [
        {"Release": table.release.name, "Rows": note["rows"], "What was done": note["text"]}
        for table in read
        for note in table.facts["notes"]
    ]
    line = " ".join(source_line(table) for table in read)
    blocks.append(Table("files", "Files behind this report", _files(gathered, read), line, appendix=True))
    if notes:
        title = "What was set aside or read in a special way"
        blocks.append(Table("notes", title, pd.DataFrame(notes), line, WHOLE, appendix=True))
    blocks.append(_dictionary(gathered))
    return Section("methods", "Methods, files and words", tuple(blocks))


def _files(gathered: Gathered, read: list[Standard]) -> pd.DataFrame:
    """Name, size, licence and hash of each file, and of the earlier one that the changes are counted from."""
    known = [(table.release, table.facts["rows"], table.facts["sha256"]) for table in read]
    if before := compared_with(gathered):
        earlier = raw.find_release(before)
        known.append((earlier, earlier.rows, earlier.sha256))
    return pd.DataFrame(
        {
            "Release": release.name,
            "File": release.file,
            "Rows": rows,
            "Licence": catalog.source_of(release).licence,
            "SHA-256": sha256,
        }
        for release, rows, sha256 in known
    )


def _dictionary(gathered: Gathered) -> Table:
    asked = gathered.main.facts["asked"]
    known = catalog.variables()
    rows = [
        {"Word": known[name].word, "Label": known[name].label, "Meaning": known[name].definition}
        for name in known
        if name in asked
    ]
    line = source_line(gathered.main)
    return Table("dictionary", "Words used in criteria", pd.DataFrame(rows), line, appendix=True)


def dates(gathered: Gathered) -> tuple[str, ...]:
    """The date box: what the numbers are as of, how old entries are, and whether a newer edition is known."""
    lines = []
    for table in (gathered.main, gathered.beside):
        if table is None:
            continue
        facts, source = table.facts, catalog.source_of(table.release)
        age = (
            f"; entries last changed {facts['information_from']} to {facts['information_to']}"
            if facts["information_to"]
            else ""
        )
        when = table.release.reference_date or f"survey year {table.release.survey_year}"
        lines.append(f"{source.title}, release {table.release.key}: information as of {when}{age}.")
        later = newer(table.release)
        if later:
            lines.append(f"Newer editions are known and not used here: {words.listed(later)}.")
    if gathered.carried:
        lines.append(
            "These tables come with the package, computed from the files named under Methods. No file was read on this "
            "computer, so there is no list of facilities and no map of points."
        )
    return tuple(lines)


def newer(release: catalog.Release) -> list[str]:
    """Keys of later releases of the same source and side in the catalog."""
    later = [
        one.key
        for one in catalog.source_of(release).releases
        if one.side == release.side and not one.synthetic and (one.survey_year or 0) > (release.survey_year or 0)
    ]
    return [] if release.synthetic else later
