"""The building blocks of a report: a question's counts become a bar, a map, a funnel or a table."""

from __future__ import annotations

import pandas as pd

from iop_analysis import catalog, places
from iop_analysis.maps import static
from iop_analysis.metrics import coverage
from iop_analysis.reference import WAYS, Standard
from iop_analysis.report import figures, words
from iop_analysis.report.evidence import Evidence, state_row
from iop_analysis.report.model import Figure, Table

BAR_COLUMNS = ["label", "yes", "unknown", "no"]


def source_line(table: Standard) -> str:
    """Source and year of one file, as it stands below every figure and table."""
    source = catalog.source(table.release.source)
    if table.release.synthetic:
        return f"SYNTHETIC sample in the format of {source.title}; no real facility."
    when = table.release.reference_date or f"survey year {table.release.survey_year}"
    return f"Source: {source.title}, release {table.release.key} ({when})."


def key(text: str) -> str:
    """A short name of letters, digits and underscores, for anchors and sheets."""
    return "".join(letter if letter.isalnum() else "_" for letter in text.lower()).strip("_")


def bar(label: str, row: pd.Series) -> dict[str, object]:
    """One row for `figures.bars`."""
    return {"label": label} | {name: int(row[name]) for name in BAR_COLUMNS[1:]}


def question_bars(evidence: Evidence, group: str) -> pd.DataFrame:
    """A bar for each question of a group of `catalog/questions.csv` of which the file knows anything in the state."""
    rows = []
    for question in catalog.read_rows("questions.csv"):
        if question["group"] == group and evidence.main.asks(question["have"]):
            row = state_row(evidence.main, question["have"], evidence.state)
            if row["yes"] + row["no"] > 0:
                rows.append(bar(question["label"], row))
    return pd.DataFrame(rows, columns=BAR_COLUMNS)


def bars_figure(evidence: Evidence, name: str, title: str, table: pd.DataFrame, parts: tuple[str, str, str]) -> Figure:
    """Stacked bars with their table; `parts` says what yes, unknown and no are called here."""
    canvas, ax = figures.canvas(list(table["label"]))
    figures.bars(ax, table, parts)
    if evidence.synthetic:
        figures.mark_synthetic(canvas)
    alt = figures.describe_bars(table, title, parts)
    headings = ["Group", *(part.capitalize() for part in parts)]
    frame = table.assign(label=table["label"].str.replace("\n", ": ")).set_axis(headings, axis=1)
    behind = Table(key(name), title, frame, source_line(evidence.main))
    return Figure(key(name), title, static.to_svg(canvas, alt), alt, behind)


def funnel_figure(evidence: Evidence, persona: catalog.Persona, steps: list[str]) -> Figure:
    """From every listed facility through the IOPs to those that meet each step in turn."""
    everything = state_row(evidence.main, "iop", evidence.state, "all")
    rows: list[dict[str, object]] = [
        {"label": "Every listed facility", "yes": int(everything["facilities"]), "unknown": 0, "no": 0},
        bar("… with a substance-use IOP", everything),
    ]
    for place, step in enumerate(coverage.funnel_criteria(steps).to_dict("records")):
        label = ("… that " if place == 0 else "… and ") + step_words(str(step["step"]))
        rows.append(bar(label, state_row(evidence.main, str(step["in_order"]), evidence.state)))
    title = f"{persona.label}: what is left at each step"
    return bars_figure(evidence, f"funnel {persona.key}", title, pd.DataFrame(rows), ("left", "not known", "not left"))


def steps_table(evidence: Evidence, persona: catalog.Persona, steps: list[str]) -> Table:
    """Each step of a persona: left in order, left by this step alone, lost only because of it."""
    rows = []
    for step in coverage.funnel_criteria(steps).to_dict("records"):
        found = {
            part: state_row(evidence.main, step[part], evidence.state) for part in ("in_order", "alone", "lost_only")
        }
        rows.append(
            {
                "Step": words.sentence(step_words(step["step"])).rstrip("."),
                "Left, in order": words.span(found["in_order"]),
                "Left, this step alone": words.span(found["alone"]),
                "Lost only because of it": words.span(found["lost_only"]),
            }
        )
    title = f"{persona.label}: which step costs most, of {programs(evidence):,} listed IOPs"
    note = f"For someone who {persona.sentence}. A range runs from what is sure to what is possible."
    return Table(key(f"steps {persona.key}"), title, pd.DataFrame(rows), source_line(evidence.main), note)


def step_words(step: str) -> str:
    """A step of a persona as the end of a sentence about programs, from `catalog/steps.csv`."""
    return {row["step"]: row["words"] for row in catalog.read_rows("steps.csv")}[step]


def programs(evidence: Evidence) -> int:
    """How many facilities of the state list a substance-use IOP in the main file."""
    return int(state_row(evidence.main, "iop", evidence.state, "all")["yes"])


def county_map(evidence: Evidence, have: str, what: str) -> Figure:
    """Map of a state's counties with the share that is sure, and the county table behind it."""
    table = county_counts(evidence.main, evidence.state, have)
    title = f"Listed IOPs {what}, by county"
    picture = static.figure(
        table,
        state=evidence.state,
        value="lower_share",
        label=f"share {what}, at least",
    )
    if evidence.synthetic:
        figures.mark_synthetic(picture)
    alt = static.alt_text(
        table, state=evidence.state, value="lower_share", label=f"share of listed IOPs {what}, at least"
    )
    behind = county_table(evidence, have, title)
    return Figure(key(f"map {have}"), title, static.to_svg(picture, alt), alt, behind)


def county_counts(table: Standard, state: str, have: str) -> pd.DataFrame:
    """Counts and shares for every county of a state, those without a facility included, unplaced rows last.

    The columns `reference.WAYS` say how the IOPs were placed.
    """
    found = table.table(have, level="county").merge(table.placed, on="place", how="left").set_index("place")
    counties = places.counties()
    order = list(counties.loc[counties["state"] == state, "county_fips"])
    unplaced = f"{state} {coverage.NOT_PLACED}"
    order += [unplaced] if unplaced in found.index else []
    counts = [*coverage.COUNTS, *coverage.KIND_COUNTS, *WAYS]
    whole = found.reindex(order)[counts].fillna(0).astype("int64").rename_axis("place").reset_index()
    return coverage.shares(whole, bool(found["known_share"].isna().all()))


def county_table(evidence: Evidence, have: str, title: str) -> Table:
    """The county table for people: counts always, percentages from ten IOPs on, and how the IOPs were placed."""
    names = places.counties().set_index("county_fips")["name"]
    counts = county_counts(evidence.main, evidence.state, have)
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
    adrift = int(counts["not_placed"].sum())
    if adrift:
        note += f" {words.plural(adrift, 'IOP')} could be in any county: no county is said to have none listed."
    return Table(key(f"counties {have}"), title, frame, source_line(evidence.main), note, ("At least", "At most"))
