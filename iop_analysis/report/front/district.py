"""Page one for one district: residents out of reach there and in the state, programs as counts, the same ask."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from iop_analysis.carried import districts, residents
from iop_analysis.errors import CallError
from iop_analysis.report.blocks import source_line
from iop_analysis.report.front import page, people, rules
from iop_analysis.report.front.people import MILES, Reach
from iop_analysis.report.front.rules import Fact
from iop_analysis.report.gathered import Gathered, plain_name
from iop_analysis.report.model import Front, Table, Tile


def front(gathered: Gathered, district: str) -> Front:
    """Page one of a district.

    Parameters
    ----------
    gathered
        What is known of its state.
    district
        `upper:12`, `lower:3` or `congress:8`.

    Raises
    ------
    CallError
        There is no such district, or residents of the state were not measured.
    """
    found = people.reach(gathered)
    if found is None:
        raise CallError(f"Residents of {plain_name(gathered.state)} were not measured, so there is no district page.")
    row = districts.one(gathered.main.release.list_name, found.have, gathered.state, district)
    known = page.known_of(gathered, found) | _facts(gathered, found, row, district.partition(":")[0])
    head = rules.said("district headline", known, 1)[0]
    return replace(
        page.front(gathered),
        kicker=f"{row['name']} · {page.kicker(known)}",
        headline=head.text,
        subline=head.note,
        tiles=tuple(Tile(one.figure, one.text, one.note) for one in rules.said("district tile", known)),
        chart=None,
        far=_beside(gathered, found, row),
        people=tuple(one.text for one in rules.said("district people", known)),
    )


def _facts(gathered: Gathered, found: Reach, row: pd.Series, level: str) -> dict[str, Fact]:
    table = districts.load(gathered.main.release.list_name, found.have, level, gathered.state)
    adrift = int(table.loc[table["place"] == districts.NOT_CERTAIN, "facilities"].sum())
    count = int(row["population"])
    known: dict[str, Fact] = {"district": str(row["name"]), "d_residents": count, "d_programs": int(row["facilities"])}
    known |= {"d_vintage": districts.VINTAGES[level]} | ({"d_uncertain": adrift} if adrift else {})
    for miles in MILES:
        low, most = residents.out_of_reach(row, miles)
        known |= {f"d{miles}_low": low, f"d{miles}_most": most, f"d{miles}_share": low / count}
    away = people.miles_of(pd.Series([float(row["farthest_widest_km"])])).iloc[0]
    known |= {"d_farthest": int(away)} if pd.notna(away) else {}
    share = float(row["no_car_share"])
    return known | ({"d_no_car": people.one_in(share)} if share > 0 else {})


def _beside(gathered: Gathered, found: Reach, row: pd.Series) -> Table:
    """The district and the state, with both bounds."""
    rows = []
    for name, one in ((str(row["name"]), row), (plain_name(gathered.state), found.state)):
        bounds = {miles: residents.out_of_reach(one, miles) for miles in MILES}
        spans = {f"Beyond {miles} miles": _span(*pair) for miles, pair in bounds.items()}
        rows.append({"Place": name, "Residents": int(one["population"]), **spans})
    title = f"Residents far from {found.site}"
    return Table("district", title, pd.DataFrame(rows), f"{source_line(gathered.main)} {people.RESIDENTS}", people.NOTE)


def _span(low: int, most: int) -> str:
    return f"{low:,}" if low == most else f"{low:,} to {most:,}"
