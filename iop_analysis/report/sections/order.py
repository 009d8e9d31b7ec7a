"""The sections of a state's report: standard tables become sentences, figures and tables."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from iop_analysis import catalog, places
from iop_analysis.carried import listings
from iop_analysis.metrics import coverage
from iop_analysis.report import words
from iop_analysis.report.blocks import (
    bar,
    bars_figure,
    county_map,
    funnel_figure,
    programs,
    question_bars,
    source_line,
    step_words,
    steps_table,
)
from iop_analysis.report.findings import counties_without
from iop_analysis.report.gathered import Gathered, blind, state_name, state_row
from iop_analysis.report.model import Block, Box, Section, Table
from iop_analysis.report.sections import surveys
from iop_analysis.report.sections.against import against, beside
from iop_analysis.report.sections.background import background
from iop_analysis.report.sections.calls import calls
from iop_analysis.report.sections.changes import changes, changes_named
from iop_analysis.report.sections.closing import helplines, methods, unknown
from iop_analysis.report.sections.counties import county_summary, placed_words
from iop_analysis.report.sections.distance import distance
from iop_analysis.report.sections.named import named
from iop_analysis.report.sections.witnesses import witnesses


def short(gathered: Gathered) -> Section:
    """The first page under the findings: one map, one funnel."""
    persona = catalog.personas()["has_medicaid"]
    steps = listings.funnel_steps(persona, set(gathered.main.facts["asked"]))
    blocks = (county_map(gathered, *_headline(gathered), half=True), funnel_figure(gathered, persona, steps))
    return Section("short", "In short", blocks)


def _headline(gathered: Gathered) -> tuple[str, str]:
    """The criterion and the words of the map on the first page: the first barrier that the file asks about."""
    return next((have, what) for have, what in BARRIERS.items() if gathered.main.asks(have))


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
        rows.append(bar(f"{persona.label}\n{words.listed([step_words(step) for step in steps])}", row))
        if len(steps) > 1:
            several.append((persona, steps))
    title, parts = "Programs that list what each person needs", ("list it", "not known", "do not list it")
    blocks: list[Block] = [
        "Each person below needs a different set of things; nobody needs all of them. The bars count programs, "
        "and the hatched part is what the file does not tell.",
        bars_figure(gathered, "people", title, pd.DataFrame(rows), parts),
    ]
    blocks.append(words.CAVEAT_PAYER)
    if several:
        blocks.append(steps_table(gathered, several))
    if silent:
        blocks.append(f"The file does not ask what someone needs who {words.listed(silent, 'or')}.")
    if "evening" not in asked:
        blocks.append(
            "The evening is left out above: no public file says when these programs meet. "
            "Someone who works days must call."
        )
    return Section("people", "Who could use one?", tuple(blocks))


def evening(gathered: Gathered) -> Section:
    """Open after work: by clock time, room for sessions, and why hours are not known; or one sentence."""
    name, n = state_name(gathered.state), programs(gathered)
    title = "Open after work?"
    if not gathered.main.asks("evening(after='18:00')"):
        text = (
            f"No public file says when {name}’s {n:,} listed IOPs are open. "
            "The national directory does not ask for hours. "
            "State licensing lists, 211 directories, payer directories or a short phone survey may tell."
        )
        return Section("evening", title, (text,))
    table = question_bars(gathered.main, gathered.state, "evening")
    room = question_bars(gathered.main, gathered.state, "sessions", "weekend")
    blocks: list[Block] = [
        "Hours are those of the building, not of the IOP: a site open after 6 pm may still hold its IOP in the "
        "morning. No published clock time defines the evening, so four are shown.",
        bars_figure(
            gathered,
            "evening",
            "At a site open for an hour or more on some weekday; in the last row two hours on three",
            table,
            ("open", "not known", "closed"),
        ),
        bars_figure(
            gathered,
            "room",
            "At a site with room for sessions, or open on the weekend",
            room,
            ("has room", "not known", "has no room"),
        ),
        _kinds(gathered),
    ]
    return Section("evening", title, tuple(blocks))


KIND_WORDS = {
    "not_reported": "The site lists no hours",
    "not_asked": "The file does not ask",
    "by_appointment": "By appointment only",
    "24_hour_site": "The site is open day and night, which says nothing about its program",
    "unreadable": "The hours cannot be read, such as a closing before the opening",
    "site_hours_only": "Only the hours of the building are known",
    "program_hours_only": "Only the hours of the program are known, not of the building",
    "witnesses_disagree": "Two sources contradict each other",
}


def _kinds(gathered: Gathered) -> Table:
    row = state_row(gathered.main, "evening(after='18:00')", gathered.state)
    kinds = [(text, int(row[f"unknown_{kind}"])) for kind, text in KIND_WORDS.items() if row[f"unknown_{kind}"]]
    frame = pd.DataFrame(kinds, columns=["Why it is not known whether a site is open after 6 pm", "IOPs"])
    return Table("unknown_hours", "Why hours are not known", frame, source_line(gathered.main))


def money(gathered: Gathered) -> Section:
    """Payers and help with the fee, with the caveat that belongs to every payer table."""
    blocks: list[Block] = [
        *_lists(gathered, "payers", "Listed payments", ("payer",), LISTED),
        Box("Before you rely on this", (words.CAVEAT_PAYER,)),
        *_lists(gathered, "fees", "Listed help with the fee", ("fee",), LISTED),
    ]
    if blind(gathered.main, "sliding_fee"):
        blocks.append(
            "The directory shows a sliding fee only where a facility agreed to have it listed. "
            "A missing entry is not a no: the hatched part may hold programs that scale their fee."
        )
    return Section("money", "Payable?", tuple(blocks))


LISTED = ("listed", "not known", "not listed")
# Sums of several answers; they say nothing new beside one or two of them, or beside those of another file.
SUMS = ("Any public payer", "Any help with the fee")


def _lists(
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


BARRIERS = {
    "evening(after='18:00')": "at a site open after 6 pm",
    "medicaid": "that list Medicaid",
    "sliding_fee": "that list a sliding fee",
}


def _none_listed(gathered: Gathered) -> str:
    without, of, unplaced = counties_without(gathered)
    kind = places.county_words(gathered.state)[1]
    none = f"{without} of {of} {kind} have no IOP that the file lists and places there."
    if not without:
        every = f"Each of the {of} {kind}" if of > 1 else "The one county"
        none = f"{every} has an IOP that the file lists."
    could = f" {words.plural(unplaced, 'IOP')} could not be placed, so a county shown without one may have one."
    return none + could * bool(unplaced)


def where(gathered: Gathered) -> Section:
    """How many counties have none listed, how rows were placed, and a map per barrier."""
    blocks: list[Block] = [_none_listed(gathered), placed_words(gathered)]
    maps = [county_map(gathered, have, what) for have, what in BARRIERS.items() if gathered.main.asks(have)]
    return Section("where", "Where?", (*blocks, county_summary(gathered), *maps))


def offer(gathered: Gathered) -> Section:
    """What the facilities with an IOP offer."""
    parts = ("yes", "not known", "no")
    shown = _lists(gathered, "offer", "What the facilities with an IOP offer", ("offer", "who"), parts)
    note = "These are services of the facility, not of the IOP alone."
    return Section("offer", "What do they offer?", (*shown, note) if shown else ())


ALL: tuple[Callable[[Gathered], Section], ...] = (
    short,
    people,
    evening,
    witnesses,
    money,
    where,
    distance,
    offer,
    calls,
    surveys.listing,
    surveys.trend,
    changes,
    beside,
    against,
    background,
    unknown,
    helplines,
    methods,
)
# Only where the reader asks for the facilities themselves.
NAMED: tuple[Callable[[Gathered], Section], ...] = (named, changes_named)
