"""The section on linked hours: what a state's directory says of the evenings of the IOPs of the national list."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from iop_analysis import catalog, linked_hours
from iop_analysis.linked_hours import NOT_LINKED
from iop_analysis.report import words
from iop_analysis.report.blocks import bars_figure, source_line
from iop_analysis.report.evidence import Evidence, state_name
from iop_analysis.report.model import Block, Figure, Section, Table

TITLE = "Hours for the national list, from the state’s own directory"
HEADLINE = "18:00"
CAUTION = (
    "Hours are those of the building, not of the IOP. A link rests on the same or nearly the same address and on a "
    "name or telephone number that agrees; it may be wrong, above all where its score is low. Addresses that are "
    "withheld are never linked. The two lists are linked here only: every other count in this report is of one list."
)


def linked(evidence: Evidence) -> Section:
    """How many IOPs of the national list the state's own directory has hours for; nothing where there is one list."""
    empty = Section("linked", TITLE, ())
    if evidence.side is None or not evidence.main.asks(f"evening(after='{HEADLINE}')"):
        return empty
    table = linked_hours.found(evidence.side.release.name, evidence.main.release.name, evidence.state)
    if table.empty:
        return empty
    evenings = table[table["part"] == "evening"].pivot_table("iops", "group", "answer", aggfunc="sum")
    six = evenings.T[HEADLINE]
    scores = table[table["part"] == "score"].set_index("group")["iops"]
    blocks: list[Block] = [
        _how_many(evidence, scores, six),
        _bounds(six),
        _scores(evidence, scores),
        _figure(evidence, evenings),
        _evenings(evidence, evenings),
        CAUTION,
    ]
    return Section("linked", TITLE, tuple(blocks))


def _how_many(evidence: Evidence, scores: pd.Series, row: pd.Series) -> str:
    programs, without = int(scores.sum()), int(scores[NOT_LINKED])
    return (
        f"The national directory lists {words.plural(programs, 'IOP')} in {state_name(evidence.state)} and no hours. "
        f"The state’s own directory has hours. {programs - without:,} of the {programs:,} could be linked to one of "
        f"its sites; the hours of {int(row['yes'] + row['no']):,} of these tell whether the site is open after 6 pm."
    )


def _bounds(row: pd.Series) -> str:
    counts = {"facilities": row.sum(), "yes": row["yes"], "unknown": row["unknown"] + row[NOT_LINKED]}
    return words.sentence(
        f"{words.bounds(pd.Series(counts))} IOPs of the national list are at a site open for an hour after 6 pm on "
        "some weekday; those that are not linked count as not known"
    )


def _figure(evidence: Evidence, evenings: pd.DataFrame) -> Figure:
    title = "IOPs of the national list at a site open for an hour or more on some weekday"
    parts = ("open", "not known or not linked", "closed")
    figure = bars_figure(evidence, "linked evening", title, _bars(evenings), parts, file=evidence.side)
    return replace(figure, table=replace(figure.table, source=_sources(evidence)))


def _bars(evening: pd.DataFrame) -> pd.DataFrame:
    labels = [f"after {words.clock(time)}" for time in evening.index]
    unknown = evening["unknown"] + evening[NOT_LINKED]
    return pd.DataFrame({"label": labels, "yes": evening["yes"], "unknown": unknown, "no": evening["no"]})


def _scores(evidence: Evidence, scores: pd.Series) -> Table:
    frame = pd.DataFrame({"Score of the link (0 to 1)": scores.index, "IOPs": scores.to_numpy()})
    note = "Half of the score is the address, three tenths the name, two tenths the telephone number."
    title = "How sure the links are"
    return Table("linked_scores", title, frame, _sources(evidence), note)


def _evenings(evidence: Evidence, evening: pd.DataFrame) -> Table:
    frame = pd.DataFrame(
        {
            "Open for an hour or more": [f"After {words.clock(time)}" for time in evening.index],
            "Yes": evening["yes"].to_numpy(),
            "No": evening["no"].to_numpy(),
            "Linked, hours not known": evening["unknown"].to_numpy(),
            "Not linked": evening[NOT_LINKED].to_numpy(),
        }
    )
    return Table("linked_evenings", "What the linked hours say", frame, _sources(evidence))


def _sources(evidence: Evidence) -> str:
    assert evidence.side is not None
    title = catalog.source(evidence.side.release.source).title
    return f"{source_line(evidence.main)} Linked to {title}, release {evidence.side.release.key}."
