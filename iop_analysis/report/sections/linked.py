"""The section on linked hours: what a state's directory says of the evenings of the IOPs of the national list."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from iop_analysis import catalog
from iop_analysis.carried import linked_hours
from iop_analysis.carried.linked_hours import NOT_LINKED
from iop_analysis.report import words
from iop_analysis.report.blocks import bars_figure, source_line
from iop_analysis.report.gathered import Gathered, state_name
from iop_analysis.report.model import Block, Figure, Section, Table

TITLE = "Hours for the national list, from the state’s own directory"
HEADLINE = "18:00"
CAUTION = (
    "Hours are those of the building, not of the IOP. A link rests on the same or nearly the same address and on a "
    "name or telephone number that agrees; it may be wrong, above all where its score is low. Addresses that are "
    "withheld are never linked. The two lists are linked here only: every other count in this report is of one list."
)


def linked(gathered: Gathered) -> Section:
    """How many IOPs of the national list the state's own directory has hours for; nothing where there is one list."""
    empty = Section("linked", TITLE, ())
    if gathered.beside is None or not gathered.main.asks(f"evening(after='{HEADLINE}')"):
        return empty
    table = linked_hours.found(gathered.beside.release.name, gathered.main.release.name, gathered.state)
    if table.empty:
        return empty
    evenings = table[table["part"] == "evening"].pivot_table("iops", "group", "answer", aggfunc="sum")
    six = evenings.T[HEADLINE]
    scores = table[table["part"] == "score"].set_index("group")["iops"]
    blocks: list[Block] = [
        _how_many(gathered, scores, six),
        _bounds(six),
        _scores(gathered, scores),
        _figure(gathered, evenings),
        _evenings(gathered, evenings),
        CAUTION,
    ]
    return Section("linked", TITLE, tuple(blocks))


def _how_many(gathered: Gathered, scores: pd.Series, row: pd.Series) -> str:
    programs, without = int(scores.sum()), int(scores[NOT_LINKED])
    return (
        f"The national directory lists {words.plural(programs, 'IOP')} in {state_name(gathered.state)} and no hours. "
        f"The state’s own directory has hours. {programs - without:,} of the {programs:,} could be linked to one of "
        f"its sites; the hours of {int(row['yes'] + row['no']):,} of these tell whether the site is open after 6 pm."
    )


def _bounds(row: pd.Series) -> str:
    counts = {"facilities": row.sum(), "yes": row["yes"], "unknown": row["unknown"] + row[NOT_LINKED]}
    return words.sentence(
        f"{words.bounds(pd.Series(counts))} IOPs of the national list are at a site open for an hour after 6 pm on "
        "some weekday; those that are not linked count as not known"
    )


def _figure(gathered: Gathered, evenings: pd.DataFrame) -> Figure:
    title = "IOPs of the national list at a site open for an hour or more on some weekday"
    parts = ("open", "not known or not linked", "closed")
    figure = bars_figure(gathered, "linked evening", title, _bars(evenings), parts, file=gathered.beside)
    return replace(figure, table=replace(figure.table, source=_sources(gathered)))


def _bars(evening: pd.DataFrame) -> pd.DataFrame:
    labels = [f"after {words.clock(time)}" for time in evening.index]
    unknown = evening["unknown"] + evening[NOT_LINKED]
    return pd.DataFrame({"label": labels, "yes": evening["yes"], "unknown": unknown, "no": evening["no"]})


def _scores(gathered: Gathered, scores: pd.Series) -> Table:
    frame = pd.DataFrame({"Score of the link (0 to 1)": scores.index, "IOPs": scores.to_numpy()})
    note = "Half of the score is the address, three tenths the name, two tenths the telephone number."
    title = "How sure the links are"
    return Table("linked_scores", title, frame, _sources(gathered), note)


def _evenings(gathered: Gathered, evening: pd.DataFrame) -> Table:
    frame = pd.DataFrame(
        {
            "Open for an hour or more": [f"After {words.clock(time)}" for time in evening.index],
            "Yes": evening["yes"].to_numpy(),
            "No": evening["no"].to_numpy(),
            "Linked, hours not known": evening["unknown"].to_numpy(),
            "Not linked": evening[NOT_LINKED].to_numpy(),
        }
    )
    return Table("linked_evenings", "What the linked hours say", frame, _sources(gathered))


def _sources(gathered: Gathered) -> str:
    assert gathered.beside is not None
    title = catalog.source_of(gathered.beside.release).title
    return f"{source_line(gathered.main)} Linked to {title}, release {gathered.beside.release.key}."
