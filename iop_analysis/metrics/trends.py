"""Trends: one question by survey year, with breaks, gaps and response rates, and a listing beside the survey."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from iop_analysis import catalog, criteria
from iop_analysis.catalog import answers
from iop_analysis.errors import CallError
from iop_analysis.metrics import coverage, small_cells

SHARES = coverage.SHARES
COUNTS = ["facilities", "yes", "no", "unknown", "complete", "universe_unknown"]
COLUMNS = ["survey_year", "source", "release", *coverage.COLUMNS, "response_rate", "breaks", "gap"]
AGREED_COLUMNS = ["place", "facilities", "said_yes", "agreed"]

Survey = tuple[catalog.Release, pd.DataFrame]


def universe(respondents: pd.DataFrame, side: str) -> pd.DataFrame:
    """Respondents of one of the publisher's universes: `su` substance use, `mh` mental health."""
    if side not in catalog.survey_sides():
        raise CallError(f"A survey has the sides su and mh, not {side!r}.")
    return respondents[respondents[catalog.survey_sides()[side]["universe"]].to_numpy(dtype=bool)]


def at_places(
    release: catalog.Release,
    respondents: pd.DataFrame,
    have: str,
    of: str,
    side: str,
    *,
    by: str | None = None,
    places: Iterable[str] = (),
) -> pd.DataFrame:
    """Coverage of one survey's side, small cells of states hidden (`small_cells`)."""
    counts = small_cells.side_counts(release.source, side)
    return small_cells.coverage_of(universe(respondents, side), have, of, by, places, state=None, side_counts=counts)


def trends(tables: Iterable[Survey], have: str, of: str = "iop", side: str = "su") -> pd.DataFrame:
    """One row per place and survey year: who said yes of how many, and what stands between the years.

    Every responding facility counts, also those that left the question out, as in the publisher's printed tables
    (`lower_share`). The same facilities answer each year, so no sampling interval belongs to these shares.

    Parameters
    ----------
    tables
        Releases with their coverage tables (`coverage.COLUMNS`) for `have` and `of`, in any order.
    have, of
        The criteria behind the tables: they decide which breaks concern them.
    side
        `su` or `mh`.

    Returns
    -------
    DataFrame
        The columns of `COLUMNS`, by place and year. A year between the first and the last without a file is a row
        with `gap` "no file", one in which nobody answered, mostly because the form does not ask, a row with `gap`
        "no answers", a point whose small cells are hidden a row with `gap` "hidden"; all without shares.
        `breaks` says what changed since the year before it in the table; `response_rate` is 0-1, empty where the
        publisher's figure is not known.

    Raises
    ------
    CallError
        Two tables describe the same survey year.
    """
    known = sorted(tables, key=lambda survey: _year(survey[0]))
    years = [_year(release) for release, _ in known]
    if len(set(years)) < len(years):
        names = ", ".join(release.name for release, _ in known)
        raise CallError(f"A trend takes one survey a year, and among {names} a year stands twice.")
    if not known:
        return pd.DataFrame(columns=COLUMNS)
    points = _points(known, side)
    gaps = _gaps(points, years)
    whole = pd.concat([points, gaps], ignore_index=True) if len(gaps) else points
    told = {after: _breaks(before, after, have, of, side) for before, after in zip(years, years[1:], strict=False)}
    whole["breaks"] = [told.get(year, "") for year in whole["survey_year"]]
    return whole.sort_values(["place", "survey_year"], ignore_index=True)[COLUMNS]


def _year(release: catalog.Release) -> int:
    if release.survey_year is None:
        raise CallError(f"{release.name} has no survey year, so it is no point of a trend.")
    return release.survey_year


def _points(known: list[Survey], side: str) -> pd.DataFrame:
    """A row a place and survey, without shares where nobody answered or small cells are hidden."""
    points = pd.concat([table[coverage.COLUMNS] for _, table in known], ignore_index=True)
    points = points.astype(dict.fromkeys(COUNTS, "Int64"))
    hidden = points[COUNTS].isna().any(axis=1)
    silent = ((points["facilities"] > 0) & (points["yes"] + points["no"] == 0)).fillna(False).astype(bool)
    points.loc[silent | hidden, SHARES] = float("nan")
    releases = [release for release, table in known for _ in range(len(table))]
    rates = {release.name: response_rate(release, side) for release, _ in known}
    return points.assign(
        survey_year=[_year(release) for release in releases],
        source=[release.source for release in releases],
        release=[release.key for release in releases],
        response_rate=[rates[release.name] for release in releases],
        gap=silent.map({True: "no answers", False: ""}).mask(hidden, "hidden"),
    )


def _gaps(points: pd.DataFrame, years: list[int]) -> pd.DataFrame:
    missing = [year for year in range(min(years), max(years) + 1) if year not in years]
    places = points["place"].unique()
    rows = [{"survey_year": year, "place": place, "gap": "no file"} for year in missing for place in places]
    empty = pd.DataFrame(rows).reindex(columns=points.columns)
    texts = empty.assign(source="", release="")
    return texts.astype({name: points[name].dtype for name in points})


def response_rate(release: catalog.Release, side: str) -> float:
    """Share of the eligible facilities that responded, 0-1; not a number where the publisher's figure is not known."""
    for row in catalog.read_rows("response_rates.csv"):
        if (row["source"], row["survey_year"], row["side"]) == (release.source, str(release.survey_year), side):
            return float(row["response_rate"])
    return float("nan")


def _breaks(before: int, year: int, have: str, of: str, side: str) -> str:
    """What changed after one year, up to and with another, that touches the question."""
    columns = {atom.name for text in (have, of) for atom in criteria.parse(text).atoms}
    told = []
    for row in catalog.read_rows("breaks.csv"):
        words = {criteria.words()[word] for word in row["words"].split() if word != "*"}
        touched = row["words"] == "*" or columns & words
        if row["side"] == side and before < int(row["survey_year"]) <= year and touched:
            told.append(row["sentence"])
    return " ".join(told)


def said_and_agreed(respondents: pd.DataFrame) -> pd.DataFrame:
    """IOPs that have a sliding fee, and of these who agreed to have it listed, for the nation and each state.

    Parameters
    ----------
    respondents
        Canonical respondents with `agrees_to_list_sliding_fee`.

    Returns
    -------
    DataFrame
        `AGREED_COLUMNS`: `place` (`all`, then postal codes), `facilities` (IOPs that responded), `said_yes`, `agreed`.
        Where a state's cell is 1 to 4, or the question of IOP and sliding fee is hidden there, both counts are
        missing, and where that is one state alone, those of the smallest other one: it would follow from the nation's.
    """
    everyone = universe(respondents, "su")
    here = everyone[everyone["offers_iop"].eq(answers.YES)]
    said = here["offers_sliding_fee"].eq(answers.YES)
    marks = pd.DataFrame({"facilities": 1, "said_yes": said, "agreed": said & here[catalog.AGREES].eq(answers.YES)})
    states = marks.groupby(here["state"].astype(object)).sum().rename_axis("place").astype("Int64").reset_index()
    apart = [states["facilities"] - states["said_yes"], states["said_yes"] - states["agreed"]]
    cells = pd.concat([states["said_yes"], states["agreed"], *apart], axis=1)
    names = ["offers_iop", "offers_sliding_fee"]
    pair = small_cells.hidden_places(everyone, names, everyone["state"].astype(object))
    small = cells.isin(small_cells.SMALL).any(axis=1) | states["place"].isin(pair)
    if small.sum() == 1 and len(states) > 1:
        small |= states.index == states["facilities"][~small].idxmin()
    nation = pd.DataFrame([{"place": "all"} | {name: int(marks[name].sum()) for name in marks}])
    states.loc[small, ["said_yes", "agreed"]] = pd.NA
    return pd.concat([nation.astype(states.dtypes), states], ignore_index=True)[AGREED_COLUMNS]


def listing_beside_survey(
    listed: Mapping[str, Any] | pd.Series,
    listing: catalog.Release,
    agreed: pd.DataFrame,
    survey: catalog.Release,
    state: str | None = None,
) -> pd.DataFrame:
    """Sliding fees of IOPs in three numbers: listed, said yes, said yes and agreed to have it listed.

    The numbers stand side by side and are not combined: a listing is no sample of the survey, years differ, and
    agreement differs by state, so no share is corrected by another.

    Parameters
    ----------
    listed
        Row of a coverage table of the listing at that place: of `iop`, have `sliding_fee` (`yes`, `facilities`).
    listing, survey
        Releases of both, whose survey years are named.
    agreed
        The survey's counts, from `said_and_agreed`.
    state
        Postal code; the nation where None.

    Returns
    -------
    DataFrame
        Three rows: `what`, `count`, `facilities`, `share` (0-1, of all IOPs that are listed or responded),
        `survey_year`, `release`. Hidden counts are missing.

    Raises
    ------
    CallError
        The survey has no IOP of the state.
    """
    here = agreed[agreed["place"] == (state or "all")]
    if here.empty:
        raise CallError(f"{survey.name} has no responding IOP in {state}.")
    said = here.iloc[0]
    counts = pd.Series([listed["yes"], said["said_yes"], said["agreed"]], dtype="Int64")
    whole = pd.Series([listed["facilities"], said["facilities"], said["facilities"]], dtype="Int64")
    return pd.DataFrame(
        {
            "what": ["listed", "said yes", "said yes and agreed to list"],
            "count": counts,
            "facilities": whole,
            "share": (counts / whole.where(whole > 0)).astype("Float64").to_numpy("float64", na_value=float("nan")),
            "survey_year": [listing.survey_year, survey.survey_year, survey.survey_year],
            "release": [listing.name, survey.name, survey.name],
        }
    )
