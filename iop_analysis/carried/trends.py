"""Surveys at hand: a question by survey year from built surveys, and from the carried tables for the years between."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd

from iop_analysis import catalog, places, raw
from iop_analysis.carried import surveys
from iop_analysis.criteria import disclosure
from iop_analysis.errors import CallError
from iop_analysis.metrics import trends
from iop_analysis.releases import respondents, store


def built() -> list[str]:
    """Names of the built surveys, in the order of the catalog; a synthetic sample is none of them."""
    names = [name for name in store.built() if catalog.for_statistics(name.split("@")[0])]
    return [name for name in names if not raw.find_release(name).synthetic]


def trends_of(have: str, of: str | None = None, side: str = "su", state: str | None = None) -> pd.DataFrame:
    """One question by survey year, for the nation or a state.

    A built survey speaks for its year; for other years the tables that the package carries do, as far as they hold
    the question. N-SSATS (to 2020) and N-SUMHSS (from 2021) are one row of years on the substance-use side, N-MHSS
    and N-SUMHSS on the mental-health side.

    Parameters
    ----------
    have, of
        Criteria. Without `of`: `iop` on the substance-use side, and `all` on the other, which is not asked about IOP.
    side
        `su` substance use or `mh` mental health.
    state
        Postal code; the nation where None. By state at most two attributes are crossed and small cells are hidden.

    Returns
    -------
    DataFrame
        As `metrics.trends.trends`, one row a year.

    Raises
    ------
    CallError
        The question must not be asked of respondents, or nothing at hand answers it.
    """
    of = of or surveys.OFS[side][0]
    _check(have, of, side, state)
    points = [_from_built(name, have, of, side, "state" if state else None) for name in _on(side, built())]
    years = {release.survey_year for release, _ in points}
    level = "state" if state else "nation"
    if surveys.question(have, of, side, level):
        carried = [_from_carried(name, have, of, side, level) for name in _on(side, surveys.carried())]
        points += [(release, table) for release, table in carried if release.survey_year not in years]
    if not points:
        raise CallError(
            f"No survey is built, and the tables that the package carries do not hold {have!r} of {of!r} "
            f"by {level}; fetch and build nssats, nmhss or nsumhss, or ask one question of questions.csv."
        )
    here = [(release, table[table["place"] == (state or "all")]) for release, table in points]
    return trends.trends(here, have, of, side)


def _check(have: str, of: str, side: str, state: str | None) -> None:
    if state and state not in set(places.states()["state"]):
        raise CallError(f"There is no state {state!r}; write a two-letter postal code such as NJ.")
    for source in (key for key, one in catalog.sources().items() if side in one.sides):
        disclosure.check(source, have, of, None, state, side=side)


def _on(side: str, names: list[str]) -> list[str]:
    return [name for name in names if side in catalog.source(name.split("@")[0]).sides]


# Every state of a report asks the same: a survey is read once in a process, and a question counted once.
_load = store.remembered(respondents.load)


@store.remembered
def _from_built(name: str, have: str, of: str, side: str, by: str | None) -> trends.Survey:
    """Coverage of a built survey; all states are counted, since a hidden one may hide another."""
    loaded = _load(name)
    listed = list(places.states()["state"]) if by else []
    return loaded.release, trends.at_places(loaded.release, loaded.respondents, have, of, side, by=by, places=listed)


@cache
def _from_carried(name: str, have: str, of: str, side: str, level: str) -> trends.Survey:
    """Coverage of a carried survey, for the nation or all states."""
    loaded = surveys.load(name)
    return loaded.release, loaded.table(have, of, side, level)


def agreed() -> tuple[catalog.Release, pd.DataFrame] | None:
    """The newest survey that asks whether a sliding fee may be listed, built or carried, and its counts by state."""
    found = [surveys.load(name) for name in surveys.carried()]
    tables = {one.release.name: (one.release, one.agreed) for one in found if len(one.agreed)}
    for name in _on("su", built()):
        loaded = _load(name)
        if surveys.asks_agreement(loaded):
            tables[name] = loaded.release, trends.said_and_agreed(loaded.respondents)
    return max(tables.values(), key=lambda one: one[0].survey_year or 0, default=None)


def write(folder: Path) -> list[Path]:
    """Write the tables of every built survey that the catalog knows."""
    paths = []
    for name in built():
        if name in catalog.releases():
            loaded = respondents.load(name)
            sha256 = store.describe(loaded.release)["iop_analysis"]["sha256"]
            known = replace(loaded, release=replace(loaded.release, sha256=sha256))
            paths += surveys.write_tables(surveys.standard(known), folder / surveys.FOLDER.name)
    return paths


def files(table: pd.DataFrame) -> pd.DataFrame:
    """The files behind a trend: `release`, `file`, `rows`, where they were `counted`, and `sha256`."""
    points = table[table["release"] != ""].drop_duplicates(["source", "release"])
    names = [f"{source}@{key}" for source, key in zip(points["source"], points["release"], strict=True)]
    at_hand = built()
    rows = [_file(name) if name in at_hand else _carried_file(name) for name in names]
    return pd.DataFrame(rows, columns=["release", "file", "rows", "counted", "sha256"])


def _file(name: str) -> dict[str, object]:
    loaded = _load(name)
    described = store.describe(loaded.release)["iop_analysis"]
    return {**described, "rows": loaded.release.rows or len(loaded.respondents), "counted": "on this computer"}


def _carried_file(name: str) -> dict[str, object]:
    return {**surveys.load(name).facts, "counted": "beforehand, carried with the package"}
