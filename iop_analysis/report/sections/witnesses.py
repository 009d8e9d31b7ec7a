"""The section on witnesses: which sources say something of the listed programs, of what day, and what follows."""

from __future__ import annotations

import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.criteria import hours_tests
from iop_analysis.metrics import witnesses as measure
from iop_analysis.releases import evidence
from iop_analysis.releases.together import Combination
from iop_analysis.report import words
from iop_analysis.report.blocks import source_line
from iop_analysis.report.gathered import Gathered, state_name
from iop_analysis.report.model import Block, Section, Table

TITLE = "What other sources know of these programs"
HEADLINE = "18:00"
CAUTION = (
    "A link rests on the same or nearly the same address, or on a website of the program’s own, and on a name or "
    "telephone number that agrees; it may be wrong, above all where its score is low. Withheld addresses are never "
    "linked. A building that is open late may hold no evening group; one that is closed holds none."
)
UNIVERSES = {measure.LISTED: "All that are listed", measure.AGREED: "Those that a linked list also calls an IOP"}


def witnesses(gathered: Gathered) -> Section:
    """Who speaks of the listed programs besides the list; nothing where nobody does."""
    blocks: list[Block] = []
    if gathered.combined is not None:
        blocks += _of_main(gathered, gathered.combined)
    if gathered.beside is not None and gathered.beside_evening is not None and len(gathered.beside_evening):
        blocks += _of_beside(gathered, gathered.beside_evening)
    return Section("witnesses", TITLE, (*blocks, CAUTION) if blocks else ())


def _of_main(gathered: Gathered, made: Combination) -> list[Block]:
    rows = made.listing.public.facilities
    rows = rows[(rows["state"] == gathered.state) & (rows["offers_iop"] == "yes")]
    known = hours_tests.hours_known(rows, made.listing.hours)
    table = measure.of_witnesses(rows, made.links, made.evidence)
    if table.empty:
        return []
    listed = catalog.source(made.listing.release.list_source).title
    said = (
        f"The programs are those of the {listed}, {made.listing.release.list_name.split('@')[1]}. "
        f"{words.plural(len(table), 'other source')} could be linked to some of them. {known.sentence}"
    )
    blocks: list[Block] = [said, _witness_table(gathered, table)]
    agreed = measure.agreed_sentence(rows, made.listing.hours, f"evening(after='{HEADLINE}')")
    blocks += [f"At a site open for an hour after 6 pm: {agreed[0].lower()}{agreed[1:]}"] if agreed else []
    if known.program or known.evening_said:
        blocks.append(_own_words(gathered, made, rows))
    if known.program or known.site_only:
        shown = measure.link_sensitivity(rows, made.listing.hours, made.links)
        blocks.append(_open_sites(shown, source_line(gathered.main), "witness_evenings"))
    return blocks


def _witness_table(gathered: Gathered, table: pd.DataFrame) -> Table:
    releases = [raw.find_release(name) for name in table["witness"]]
    frame = pd.DataFrame(
        {
            "Source": [catalog.source(one.source).title for one in releases],
            "Release": [one.key for one in releases],
            "Programs linked": table["linked"],
            "Hours from it": table["hours"],
            "Answers from it": table["answers"],
            "Said from": table["oldest"].replace("", "not dated"),
            "to": table["newest"].replace("", "not dated"),
        }
    )
    return Table("witness_list", "Who was heard", frame, source_line(gathered.main), appendix=True)


def _own_words(gathered: Gathered, made: Combination, rows: pd.DataFrame) -> Table:
    clocks = evidence.clocks(made.evidence)
    table = measure.evening_by_clock(rows, made.listing.hours, clocks=clocks)
    note = "By a program’s own hours or words. One that says evening without a clock counts at 5 and 6 pm, not later."
    title = "Programs that meet for an hour in the evening"
    return Table("program_evenings", title, _counts(table), source_line(gathered.main), note)


def _counts(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "For an hour or more": [f"After {words.clock(time)}" for time in table["after"]],
            "Programs": table["facilities"].to_numpy(),
            "Yes": table["yes"].to_numpy(),
            "No": table["no"].to_numpy(),
            "Not known": table["unknown"].to_numpy(),
        }
    )


def _open_sites(table: pd.DataFrame, source: str, key: str) -> Table:
    """Both universes, and how much rests on weaker links."""
    table = table[table["facilities"] > 0]
    frame = _counts(table)
    frame.insert(1, "Counted", table["universe"].map(UNIVERSES).to_numpy())
    frame.insert(2, "Links", table["links"].replace("all", "all (0.65 and better)").to_numpy())
    note = "The score of a link: half is the place, three tenths the name, two tenths the telephone number."
    return Table(
        key, "Programs at a site open in the evening, by what is counted and linked", frame, source, note, appendix=True
    )


def _of_beside(gathered: Gathered, table: pd.DataFrame) -> list[Block]:
    assert gathered.beside is not None
    row = table[(table["links"] == "all") & (table["universe"] == measure.LISTED) & (table["after"] == HEADLINE)].iloc[
        0
    ]
    said = words.sentence(
        f"{words.bounds(row)} IOPs of the national directory in {state_name(gathered.state)} are at a site open for an "
        "hour after 6 pm on some weekday, by the hours of the linked sources"
    )
    said += " Those that are not linked count as not known."
    return [said, _open_sites(table, source_line(gathered.beside), "national_evenings")]
