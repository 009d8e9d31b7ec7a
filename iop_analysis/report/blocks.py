"""The building blocks of a report: a question's counts become a bar, a map, a funnel or a table."""

from __future__ import annotations

import re

import pandas as pd
from matplotlib.figure import Figure as Canvas

from iop_analysis import catalog, places
from iop_analysis.carried.listings import WAYS, Standard
from iop_analysis.maps import static
from iop_analysis.metrics import coverage
from iop_analysis.report import figures, words
from iop_analysis.report.gathered import Gathered, state_name, state_row
from iop_analysis.report.model import Figure, Table

BAR_COLUMNS = ["label", "yes", "unknown", "no"]


def source_line(table: Standard) -> str:
    """Source and year of one file, as it stands below every figure and table."""
    source = catalog.source_of(table.release)
    if table.release.synthetic:
        return f"SYNTHETIC sample in the format of {source.title}; no real facility."
    when = table.release.reference_date or f"survey year {table.release.survey_year}"
    dated = "" if when == table.release.key else f" ({when})"
    return f"Source: {source.title}, release {table.release.key}{dated}."


def key(text: str) -> str:
    """A short name of letters, digits and underscores, for anchors, sheets and files.

    Examples
    --------
    >>> key("map evening(after='18:00')")
    'map_evening_after_18_00'
    """
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def bar(label: str, row: pd.Series) -> dict[str, object]:
    """One row for `figures.bars`."""
    return {"label": label} | {name: int(row[name]) for name in BAR_COLUMNS[1:]}


def question_bars(table: Standard, state: str, *groups: str) -> pd.DataFrame:
    """A bar for each question of groups of `catalog/questions.csv` of which a file knows anything in the state."""
    rows = []
    for question in catalog.read_rows("questions.csv"):
        if question["group"] in groups and table.asks(question["have"]):
            row = state_row(table, question["have"], state)
            if row["yes"] + row["no"] > 0:
                rows.append(bar(question["label"], row))
    return pd.DataFrame(rows, columns=BAR_COLUMNS)


def bars_figure(
    gathered: Gathered,
    name: str,
    title: str,
    table: pd.DataFrame,
    parts: tuple[str, str, str],
    half: bool = False,
    file: Standard | None = None,
) -> Figure:
    """Stacked bars with their table.

    Parameters
    ----------
    gathered
        The state's tables.
    name, title
        Anchor and heading.
    table
        As for `figures.bars`.
    parts
        What yes, unknown and no are called here.
    half
        Whether the figure is half a page wide.
    file
        Where the counts come from, if it is not the main file.
    """
    canvas, ax = figures.half_canvas(len(table)) if half else figures.canvas(list(table["label"]))
    figures.bars(ax, table, parts, above=half)
    alt = figures.describe_bars(table, title, parts)
    headings = ["Group", *(part.capitalize() for part in parts)]
    frame = table.assign(label=table["label"].str.replace("\n", ": ")).set_axis(headings, axis=1)
    file = file or gathered.main
    behind = Table(key(name), title, frame, source_line(file), base=base(gathered.state, file))
    return drawn(key(name), canvas, alt, behind, gathered.synthetic)


def drawn(name: str, canvas: Canvas, alt: str, behind: Table, synthetic: bool = False) -> Figure:
    """A drawing as a figure of the report, with the title of the table behind it."""
    if synthetic:
        figures.mark_synthetic(canvas)
    return Figure(name, behind.title, static.to_svg(canvas, alt), alt, behind, canvas)


def funnel_figure(gathered: Gathered, persona: catalog.Persona, steps: list[str]) -> Figure:
    """From every listed facility through the IOPs to those that meet each step in turn, half a page wide."""
    everything = state_row(gathered.main, "iop", gathered.state, "all")
    rows: list[dict[str, object]] = [
        {"label": "Every listed facility", "yes": int(everything["facilities"]), "unknown": 0, "no": 0},
        bar("… with a substance-use IOP", everything),
    ]
    for place, step in enumerate(coverage.funnel_criteria(steps).to_dict("records")):
        label = ("… that " if place == 0 else "… and ") + step_words(str(step["step"]))
        rows.append(bar(label, state_row(gathered.main, str(step["in_order"]), gathered.state, persona.of)))
    title = f"{persona.label}: what is left at each step"
    parts = ("left", "not known", "not left")
    return bars_figure(gathered, f"funnel {persona.key}", title, pd.DataFrame(rows), parts, half=True)


def steps_table(gathered: Gathered, people: list[tuple[catalog.Persona, list[str]]]) -> Table:
    """Each step of each persona: left in order, left by this step alone, lost only because of it.

    Parameters
    ----------
    gathered
        The state's tables.
    people
        Personas with the steps that the file can answer.
    """
    rows = []
    for person, steps in people:
        for step in coverage.funnel_criteria(steps).to_dict("records"):
            parts = ("in_order", "alone", "lost_only")
            found = [words.span(state_row(gathered.main, step[part], gathered.state, person.of)) for part in parts]
            rows.append([person.label, words.sentence(step_words(step["step"])).rstrip("."), *found])
    headings = ["Person", "Step", "Left, in order", "Left, this step alone", "Lost by this step only"]
    first = state_row(gathered.main, people[0][1][0], gathered.state, people[0][0].of)
    title = f"Which step loses most, of {int(first['facilities']):,} listed IOPs that any adult may go to"
    note = "A range runs from what is sure to what is possible."
    frame = pd.DataFrame(rows, columns=headings)
    return Table("steps", title, frame, source_line(gathered.main), note, base=base(gathered.state, gathered.main))


def step_words(step: str) -> str:
    """A step of a persona as the end of a sentence about programs, from `catalog/steps.csv`."""
    return {row["step"]: row["words"] for row in catalog.read_rows("steps.csv")}[step]


def programs(gathered: Gathered) -> int:
    """How many facilities of the state list a substance-use IOP in the main file."""
    return int(state_row(gathered.main, "iop", gathered.state, "all")["yes"])


def base(state: str, file: Standard) -> str:
    """What most tables of a report count, and how many of them a file lists."""
    count = int(state_row(file, "iop", state, "all")["yes"])
    return f"n = {words.plural(count, 'listed IOP')} in {state_name(state)}"


def county_map(gathered: Gathered, have: str, what: str, half: bool = False) -> Figure:
    """Map of a state's counties with the share that is sure, and the county table behind it; `half` a page wide."""
    table = county_counts(gathered.main, gathered.state, have)
    title = f"Listed IOPs {what}, by county"
    picture = static.figure(
        table,
        state=gathered.state,
        value="lower_share",
        label=f"share {what}, at least",
        wide=figures.HALF_INCHES if half else figures.WIDTH_INCHES,
    )
    alt = static.alt_text(
        table, state=gathered.state, value="lower_share", label=f"share of listed IOPs {what}, at least"
    )
    behind = county_table(gathered, have, title)
    return drawn(key(f"{'small ' * half}map {have}"), picture, alt, behind, gathered.synthetic)


def county_counts(table: Standard, state: str, have: str) -> pd.DataFrame:
    """Counts and shares for every county of a state, those without a facility included, unplaced rows last.

    The columns `reference.WAYS` say how the IOPs were placed.
    """
    counties = places.counties()
    order = list(counties.loc[counties["state"] == state, "county_fips"])
    counts = counts_at(table, have, "county", order, f"{state} {coverage.NOT_PLACED}")
    ways = table.placed.set_index("place").reindex(counts["place"])[WAYS].fillna(0).astype("int64")
    return counts.join(ways.reset_index(drop=True))


def counts_at(table: Standard, have: str, level: str, order: list[str], last: str = "") -> pd.DataFrame:
    """Counts and shares for the places of a list, zeros where no facility is; `last` only where a facility is."""
    found = table.table(have, level=level).set_index("place")
    counts = [*coverage.COUNTS, *coverage.KIND_COUNTS]
    listed = [*order, *([last] if last in found.index else [])]
    whole = found.reindex(listed)[counts].fillna(0).astype("int64").rename_axis("place").reset_index()
    return coverage.shares(whole, bool(found["known_share"].isna().all()))


def county_table(gathered: Gathered, have: str, title: str) -> Table:
    """The county table for people: counts always, percentages from ten IOPs on, and how the IOPs were placed."""
    names = places.counties().set_index("county_fips")["name"]
    counts = county_counts(gathered.main, gathered.state, have)
    enough = counts["facilities"] >= words.FEW
    frame = pd.DataFrame(
        {
            "County": [names.get(code, "Not placed in a county") for code in counts["place"]],
            "IOPs": counts["facilities"],
            "Yes": counts["yes"],
            "Not known": counts["unknown"],
            "No": counts["no"],
            "At least": counts["lower_share"].where(enough),
            "At most": counts["upper_share"].where(enough),
            "Placed by address": counts["by_address"],
            "Placed by ZIP code": counts["by_zip"],
            "Not placed": counts["not_placed"],
        }
    )
    note = "Counties with fewer than 10 listed IOPs get counts, no percentages and no shading."
    if have == "medicaid":
        note += f" {words.CAVEAT_PAYER}"
    adrift = int(counts["not_placed"].sum())
    if adrift:
        note += f" {words.plural(adrift, 'IOP')} could be in any county: no county is said to have none listed."
    name, line, shares = key(f"counties {have}"), source_line(gathered.main), ("At least", "At most")
    return Table(name, title, frame, line, note, shares, base(gathered.state, gathered.main))
