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

BAR_COLUMNS = ["label", "yes", "day_and_night", "unknown", "no"]
DAY_AND_NIGHT = "listed as open day and night"


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
    """One row for `figures.bars`; sites that are open day and night are told apart from what else is not known."""
    always = int(row["unknown_24_hour_site"])
    counts = {"yes": int(row["yes"]), "day_and_night": always, "unknown": int(row["unknown"]) - always}
    return {"label": label, **counts, "no": int(row["no"])}


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
    *,
    file: Standard | None = None,
) -> Figure:
    """Stacked bars with their table, half a page wide.

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
    file
        Where the counts come from, if it is not the main file.
    """
    canvas, ax = figures.bar_canvas(list(table["label"]))
    said = (parts[0], DAY_AND_NIGHT, *parts[1:])
    figures.bars(ax, table, said)
    alt = figures.describe_bars(table, title, said)
    shown = [name for name in BAR_COLUMNS[1:] if name != "day_and_night" or table[name].any()]
    names = dict(zip(BAR_COLUMNS, ["Group", *(part[:1].upper() + part[1:] for part in said)], strict=True))
    file = file or gathered.main
    frame = table[["label", *shown]].rename(columns=names)
    behind = Table(key(name), title, frame, source_line(file), base=base(gathered.state, file))
    return drawn(key(name), canvas, alt, behind, gathered.synthetic)


def drawn(name: str, canvas: Canvas, alt: str, behind: Table, synthetic: bool = False) -> Figure:
    """A drawing as a figure of the report, with the title of the table behind it."""
    if synthetic:
        figures.mark_synthetic(canvas)
    return Figure(name, behind.title, static.to_svg(canvas, alt), alt, behind, canvas)


def steps_table(gathered: Gathered, people: list[tuple[catalog.Persona, list[str]]]) -> Table:
    """Each step of each persona: left in order, left by this step alone, lost only because of it.

    Parameters
    ----------
    gathered
        The state's tables.
    people
        Personas with the steps that the file can answer.
    """
    rows, numbers = [], []
    headings = {"in_order": "Left, in order", "alone": "Left, this step alone", "lost_only": "Lost by this step only"}
    for person, steps in people:
        for step in coverage.funnel_criteria(steps).to_dict("records"):
            who = {"Person": person.label, "Step": words.sentence(step_words(step["step"])).rstrip(".")}
            found = {
                heading: state_row(gathered.main, step[part], gathered.state, person.of)
                for part, heading in headings.items()
            }
            rows.append(who | {heading: words.span(row) for heading, row in found.items()})
            numbers.append(who | span_numbers(found))
    first = state_row(gathered.main, people[0][1][0], gathered.state, people[0][0].of)
    title = f"Which step loses most, of {int(first['facilities']):,} listed IOPs that any adult may go to"
    note = "A range runs from what is sure to what is possible."
    counted, line = base(gathered.state, gathered.main), source_line(gathered.main)
    frame, values = pd.DataFrame(rows), pd.DataFrame(numbers)
    return Table("steps", title, frame, line, note, base=counted, numbers=values, appendix=True)


def span_numbers(rows: dict[str, pd.Series]) -> dict[str, int]:
    """What is sure and what is possible of each heading, as numbers in columns of their own."""
    found: dict[str, int] = {}
    for heading, row in rows.items():
        found |= {f"{heading}, at least": int(row["yes"]), f"{heading}, at most": int(row["yes"] + row["unknown"])}
    return found


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


def counties_without(gathered: Gathered) -> tuple[int, int, int]:
    """Counties without a listed IOP, counties in all, and IOPs that could not be placed in any."""
    table = gathered.main.table("medicaid", level="county")
    counties = places.counties()
    codes = set(counties.loc[counties["state"] == gathered.state, "county_fips"])
    with_program = set(table.loc[table["facilities"] > 0, "place"]) & codes
    unplaced = table.loc[table["place"] == f"{gathered.state} not placed", "facilities"].sum()
    return len(codes) - len(with_program), len(codes), int(unplaced)
