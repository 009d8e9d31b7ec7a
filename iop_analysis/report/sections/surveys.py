"""The sections of a report that come from surveys: the years since 2010, and a listing beside the survey."""

from __future__ import annotations

import pandas as pd

from iop_analysis import catalog
from iop_analysis.carried import trends as carried_trends
from iop_analysis.metrics import trends
from iop_analysis.report import trend_figure, words
from iop_analysis.report.blocks import drawn, source_line
from iop_analysis.report.gathered import Gathered, state_name, state_row
from iop_analysis.report.model import Block, Bullets, Section, Table
from iop_analysis.report.words import FEW

QUESTIONS = {"Sliding fee": "sliding_fee", "Medicaid": "medicaid"}
WHAT = {
    "listed": "List a sliding fee",
    "said yes": "Said that they have one",
    "said yes and agreed to list": "Said that they have one, and agreed to have it listed",
}
HIDDEN = "hidden"


def used(gathered: Gathered) -> list[str]:
    """Keys of the surveys behind the trend of a report, each once; none beside the sample."""
    if gathered.synthetic:
        return []
    points = pd.concat([carried_trends.trends_of(have, "iop", "su", gathered.state) for have in QUESTIONS.values()])
    return [key for key in dict.fromkeys(points["source"].astype(str)) if key in catalog.sources()]


def trend(gathered: Gathered) -> Section:
    """Sliding fees and Medicaid among the state's responding IOPs by survey year; nothing beside the sample."""
    title = "By survey year"
    if gathered.synthetic:
        return Section("trend", title, ())
    tables = {label: carried_trends.trends_of(have, "iop", "su", gathered.state) for label, have in QUESTIONS.items()}
    years = pd.concat(tables.values())
    if years.empty:
        return Section("trend", title, ())
    told = list(dict.fromkeys(f"Before the point of {year}: {text}" for year, text in _told(years)))
    blocks: list[Block] = [
        "The facility surveys ask every known facility and name none, so they cannot be joined to the list above. "
        "A point is the share of all IOPs that responded; who left the question out counts as not having said yes. "
        "Where a break stands, the points left and right of it are not one series.",
        _trend_block(gathered, tables),
    ]
    blocks += [Bullets(tuple(told))] if told else []
    return Section("trend", title, (*blocks, _files(years)))


def _told(years: pd.DataFrame) -> list[tuple[int, str]]:
    broken = years[years["breaks"] != ""].sort_values("survey_year", kind="stable")
    return list(zip(broken["survey_year"], broken["breaks"], strict=True))


def _trend_block(gathered: Gathered, tables: dict[str, pd.DataFrame]) -> Block:
    """The figure with its table; the table alone where no year has IOPs enough for a point."""
    name = state_name(gathered.state)
    title = f"Responding IOPs of {name} that have a sliding fee, and that take Medicaid"
    behind = Table(
        "trend", title, _by_year(tables), _source(tables), _note(tables), (*_headings("share"), "Response rate")
    )
    if all(trend_figure.shown(table).empty for table in tables.values()):
        return behind
    canvas, ax = trend_figure.trend_canvas()
    trend_figure.trend_lines(ax, tables, "IOPs")
    alt = trend_figure.describe_trends(tables, title)
    return drawn("trend", canvas, alt, behind)


def _headings(what: str) -> list[str]:
    return [f"{label}: {what}" for label in QUESTIONS]


def _by_year(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a year with a file, counts always unless they are hidden, shares from ten IOPs on."""
    years = next(iter(tables.values()))
    there = (years["gap"] != "no file").to_numpy()
    frame = pd.DataFrame({"Survey year": years["survey_year"].astype(str), "IOPs": years["facilities"]})[there]
    frame = frame.astype({"IOPs": "int64"})
    for label, table in tables.items():
        frame[f"{label}: yes"] = _counts(table["yes"][there])
        frame[f"{label}: share"] = table["lower_share"][there].where(table["facilities"][there] >= FEW)
    frame["Response rate"] = years["response_rate"][there]
    return frame.reset_index(drop=True)


def _counts(counts: pd.Series) -> pd.Series:
    """Whole numbers, with the word for what is hidden where some are."""
    return counts.astype(object).where(counts.notna(), HIDDEN) if counts.isna().any() else counts.astype("int64")


def _note(tables: dict[str, pd.DataFrame]) -> str:
    years = next(iter(tables.values()))
    missing = years.loc[years["gap"] == "no file", "survey_year"].astype(str).tolist()
    parts = [f"No file at hand: {words.listed(missing)}." if missing else ""]
    parts.append("Response rates are the publisher’s, for the nation; a dash or ? where none is known here.")
    parts.append("Counts of 1 to 4, and what would tell them, are hidden." if _any_hidden(tables) else "")
    return " ".join(filter(None, parts))


def _any_hidden(tables: dict[str, pd.DataFrame]) -> bool:
    return any(table["gap"].eq(HIDDEN).any() for table in tables.values())


def _source(tables: dict[str, pd.DataFrame]) -> str:
    points = next(iter(tables.values()))
    points = points[points["release"] != ""].drop_duplicates("survey_year")
    parts = [
        f"{catalog.source(str(source)).title}, {words.listed(rows['survey_year'].astype(str).tolist())}"
        for source, rows in points.groupby("source", sort=False)
    ]
    return f"Source: {'; '.join(parts)}."


def _files(years: pd.DataFrame) -> Table:
    headings = {"release": "Release", "file": "File", "rows": "Rows", "counted": "Counted", "sha256": "SHA-256"}
    frame = carried_trends.files(years).rename(columns=headings)
    return Table("survey_files", "Survey files behind these years", frame, _source({"years": years}), appendix=True)


def listing(gathered: Gathered) -> Section:
    """Listed, said yes, said yes and agreed to list: three numbers side by side; nothing beside the sample."""
    title = "A listing beside the survey"
    listed = gathered.beside or gathered.main
    known = None if gathered.synthetic or listed.release.source != "national_directory" else carried_trends.agreed()
    if known is None or gathered.state not in set(known[1]["place"]):
        return Section("listing", title, ())
    survey, agreed = known
    row = state_row(listed, "sliding_fee", gathered.state)
    table = trends.listing_beside_survey(row, listed.release, agreed, survey, gathered.state)
    frame = pd.DataFrame(
        {
            "IOPs of the state that": table["what"].map(WHAT),
            "Count": _counts(table["count"]),
            "Of": table["facilities"].astype("int64"),
            "Share": table["share"].where(table["facilities"] >= FEW),
            "Survey year": table["survey_year"].astype(str),
            "File": table["release"],
        }
    )
    source = f"{source_line(listed)} {_survey_line(survey)}"
    note = "Counts of 1 to 4, and what would tell them, are hidden." if table["count"].isna().any() else ""
    three = Table("listing", "Sliding fees: the listing beside the survey", frame, source, note, ("Share",))
    text = (
        "Facilities choose whether a directory lists their sliding fee. These three numbers stand side by side and are "
        "not combined: the years and the facilities differ, and so does from state to state how many agree. They show "
        "that a sliding fee may exist where none is listed. Ask the program."
    )
    return Section("listing", title, (three, text))


def _survey_line(release: catalog.Release) -> str:
    return f"Source: {catalog.source_of(release).title}, survey year {release.survey_year}."
