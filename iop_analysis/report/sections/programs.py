"""The sections on programs: who could use one, when they are open, what they take, what they offer."""

from __future__ import annotations

import pandas as pd

from iop_analysis import catalog
from iop_analysis.carried import listings, owners
from iop_analysis.metrics import coverage
from iop_analysis.report import words
from iop_analysis.report.blocks import (
    bar,
    bars_figure,
    programs,
    question_bars,
    source_line,
    step_words,
    steps_table,
)
from iop_analysis.report.gathered import EVENING, Gathered, blind, read_as_no, state_name, state_row
from iop_analysis.report.model import Block, Section, Table

LISTED = ("listed", "not known", "not listed")
# Sums of several answers; they say nothing new beside one or two of them, or beside those of another file.
SUMS = ("Any public payer", "Any help with the fee")
READ_AS_NO = "A payer that is not listed is read as no: the file has no other sign for it."


def people(gathered: Gathered) -> Section:
    """How many programs list what each persona needs, and at which step most are lost."""
    asked = set(gathered.main.facts["asked"])
    rows, silent = [], []
    several: list[tuple[catalog.Persona, list[str]]] = []
    for persona in listings.people():
        steps = listings.funnel_steps(persona, asked)
        if not steps:
            silent += [persona.sentence] * (not listings.hours_only(persona))
            continue
        needs = coverage.funnel_criteria(steps)["in_order"].iloc[-1]
        row = state_row(gathered.main, needs, gathered.state, persona.of)
        rows.append(bar(f"{persona.label}: {words.listed([step_words(step) for step in steps])}", row))
        if len(steps) > 1:
            several.append((persona, steps))
    title, parts = "Programs that list what each person needs", ("list it", "not known", "do not list it")
    blocks: list[Block] = [
        "Each person below needs a different set of things; nobody needs all of them. The bars count programs.",
        bars_figure(gathered, "people", title, pd.DataFrame(rows), parts),
    ]
    if several:
        blocks.append(steps_table(gathered, several))
    if silent:
        blocks.append(f"The file does not ask what someone needs who {words.listed(silent, 'or')}.")
    if "evening" not in asked:
        blocks.append("The evening is left out here: none of the national files read here asks when groups meet.")
    return Section("people", "Who could use one?", tuple(blocks))


def evening(gathered: Gathered) -> Section:
    """Open after work: by clock time, room for sessions, and why hours are not known; or one sentence."""
    name, n = state_name(gathered.state), programs(gathered)
    title = "Open after work?"
    clock = question_bars(gathered.main, gathered.state, "evening")
    if clock.empty:  # no file at hand asks, or none knows of any program here
        text = (
            f"None of the national files read here asks when {name}’s {words.plural(n, 'listed IOP')} are open. "
            "State licensing lists, 211 directories, payer directories or a short phone survey may "
            "tell."
        )
        return Section("evening", title, (text,))
    parts = ("open", "not known", "not open that late")
    room = question_bars(gathered.main, gathered.state, "sessions", "weekend")
    blocks: list[Block] = [
        "Hours are those of the building, not of the IOP: a site open after 6 pm may still hold its IOP in the "
        "morning. No published clock time defines the evening, so four are shown. A site listed as open day and night "
        "says nothing about its groups and has a part of its own.",
        bars_figure(gathered, "evening", "At a site open for an hour or more on some weekday", clock, parts),
    ]
    if not room.empty:
        heading = "At a site with room for sessions, or open on the weekend"
        blocks.append(bars_figure(gathered, "room", heading, room, ("yes", "not known", "no")))
    return Section("evening", title, (*blocks, _kinds(gathered)))


KIND_WORDS = {
    "not_reported": "The site lists no hours",
    "not_asked": "The file does not ask",
    "by_appointment": "By appointment only",
    "24_hour_site": "The site is listed as open day and night, which says nothing about its program",
    "unreadable": "The hours cannot be read, such as a closing before the opening",
    "site_hours_only": "Only the hours of the building are known",
    "program_hours_only": "Only the hours of the program are known, not of the building",
    "witnesses_disagree": "Two sources contradict each other",
}


def _kinds(gathered: Gathered) -> Table:
    row = state_row(gathered.main, EVENING, gathered.state)
    kinds = [(text, int(row[f"unknown_{kind}"])) for kind, text in KIND_WORDS.items() if row[f"unknown_{kind}"]]
    frame = pd.DataFrame(kinds, columns=["Why it is not known whether a site is open after 6 pm", "IOPs"])
    return Table("unknown_hours", "Why hours are not known", frame, source_line(gathered.main), appendix=True)


def money(gathered: Gathered) -> Section:
    """Payers and help with the fee, with the caveat that belongs to every payer, said here once."""
    blocks: list[Block] = [
        words.CAVEAT_PAYER + f" {READ_AS_NO}" * read_as_no(gathered.main, "medicaid"),
        *lists(gathered, "payers", "Listed payments", ("payer",), LISTED),
        *lists(gathered, "fees", "Listed help with the fee", ("fee",), LISTED),
    ]
    if blind(gathered.main, "sliding_fee"):
        blocks.append(
            "The directory shows a sliding fee only where a facility agreed to have it listed. "
            "A missing entry is not a no: the hatched part may hold programs that scale their fee."
        )
    return Section("money", "Payable?", (*blocks, *_by_owner(gathered)))


def _by_owner(gathered: Gathered) -> list[Table]:
    """Who runs the programs that list Medicaid and those that do not, from the first file that names owners."""
    files = [(gathered.main, gathered.listed), *([(gathered.beside, None)] if gathered.beside else [])]
    for table, listed in files:
        counts = owners.of_state(table.release.name, listed, "medicaid", gathered.state)
        if len(counts) > 1:
            headings = ["Owner", "IOPs", "List Medicaid", "Do not list it", "Not known"]
            frame = counts.assign(ownership=counts["ownership"].str.capitalize()).set_axis(headings, axis=1)
            note = "Counts only: an owner with few programs gets no share."
            title = "Who runs the programs that list Medicaid, and those that do not"
            return [Table("owners", title, frame, source_line(table), note, appendix=True, total=True)]
    return []


def lists(
    gathered: Gathered, name: str, title: str, groups: tuple[str, ...], parts: tuple[str, str, str]
) -> list[Block]:
    """What the main file tells of groups of questions and, for what it does not ask, the national list beside it."""
    told = question_bars(gathered.main, gathered.state, *groups)
    told = told[~told["label"].isin(SUMS[: 1 if len(told) > 2 else 2])]
    blocks: list[Block] = [bars_figure(gathered, name, title, told, parts)] if len(told) else []
    if gathered.beside is None:
        return blocks
    more = question_bars(gathered.beside, gathered.state, *groups)
    more = more[~more["label"].isin([*told["label"], *SUMS])]
    beside = f"{title}: what only the national list asks"
    side = [bars_figure(gathered, f"{name} side", beside, more, parts, file=gathered.beside)] if len(more) else []
    return [*blocks, *side]


def offer(gathered: Gathered) -> Section:
    """What the facilities with an IOP offer."""
    parts = ("yes", "not known", "no")
    shown = lists(gathered, "offer", "What the facilities with an IOP offer", ("offer", "who"), parts)
    note = "These are services of the facility, not of the IOP alone."
    return Section("offer", "What do they offer?", (*shown, note) if shown else ())
