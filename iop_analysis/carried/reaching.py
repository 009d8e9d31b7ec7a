"""Residents within reach of any criterion of a built release, by state, county or district."""

from __future__ import annotations

import pandas as pd

from iop_analysis import criteria
from iop_analysis.carried import programs, reach
from iop_analysis.carried import residents as tables
from iop_analysis.criteria import hours_tests
from iop_analysis.errors import CallError
from iop_analysis.metrics import residents
from iop_analysis.places import districts

CLOCK = ("12:00", "17:00", "18:00", "19:00", "20:00")


def reaching(
    name: str, have: str, by: str = "state", state: str | None = None, of: str = "iop"
) -> tuple[pd.DataFrame, str]:
    """Residents of 2020 within 5 and 10 miles of a program of a built release, by place, and the rule on state payers.

    Returns
    -------
    DataFrame
        `place`, `name`, `population`, `within_Nmi_BOUND` and `farthest_BOUND_km` as in
        `metrics.residents.residents_within`.
    """
    asked = programs.programs(name, of, have)
    near = asked.distances(programs.area_points(name, state))
    homes = programs.homes(by)
    homes = homes[homes["point_id"].isin(near["point_id"])]
    if homes.empty:
        raise CallError(f"{state or 'The area'} elects no {by} house by districts; there are none to count.")
    table = residents.residents_within(near, homes)
    table.insert(1, "name", table["place"].map(tables.names_of(by)).fillna(""))
    said = " ".join([*programs.not_asked(name, of, have), reach.OWN_STATE if asked.same_state else reach.ANY_STATE])
    vintage = districts.VINTAGES.get(by)
    return table.round(1), f"{said} Districts: {vintage}." if vintage else said


def by_the_clock(name: str, have: str, state: str | None = None, of: str = "iop") -> tuple[pd.DataFrame, str]:
    """`reaching` of a state for a site open an hour after noon, 17, 18, 19 and 20 o'clock: `after` in front."""
    tests = [atom for atom in criteria.parse(have).atoms if atom.name in hours_tests.TESTS]
    if tests:
        raise CallError(f"--clock asks about the evening itself; leave {', '.join(map(str, tests))} out of --have.")
    found = {after: reaching(name, f"evening(after='{after}') & ({have})", "state", state, of) for after in CLOCK}
    joined = pd.concat({after: table for after, (table, _) in found.items()}, names=["after"]).reset_index("after")
    return joined.reset_index(drop=True), found[CLOCK[0]][1]
