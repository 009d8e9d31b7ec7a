"""The numbers of the pages for programs: a JSON file a state and one CSV of the nation, with a schema."""

from __future__ import annotations

import json
import math
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from iop_analysis import __version__, catalog
from iop_analysis.carried import listings, residents, trends
from iop_analysis.carried.listings import Standard
from iop_analysis.report.gathered import Gathered, blind, plain_name, state_row

SCHEMA = "api/state.schema.json"
MILES = (5, 10)
CAUTION = (
    "Counts are of facilities that a publisher lists, not of places that are open; straight lines, not roads. "
    "An upper share where can_say_no is false says nothing."
)
METHODS = "docs/methods.md"
NATIONAL = ["state", "name", "list", "release", "have", "of", "label", "numerator", "denominator", "unknown"]
SHARES = ["lower_share", "upper_share", "known_share"]


def state(gathered: Gathered) -> dict[str, Any]:
    """What is said of a state, as `catalog/api/state.schema.json` describes it; a small survey cell is null."""
    tables = [table for table in (gathered.main, gathered.beside) if table is not None]
    return {
        "state": gathered.state,
        "name": plain_name(gathered.state),
        "caution": CAUTION,
        "made_by": {"package": "iop_analysis", "version": __version__, "commit": commit(), "methods": METHODS},
        "lists": [_list(table) for table in tables],
        "measures": [row for table in tables for row in measures(table, gathered.state)],
        "residents": [row for table in tables for row in within_reach(table, gathered.state)],
        "surveys": surveys(gathered.state),
    }


def _list(table: Standard) -> dict[str, Any]:
    release = table.release
    source = catalog.source_of(release)
    return {
        "list": release.source,
        "release": release.key,
        "title": source.title,
        "publisher": source.publisher,
        "licence": source.licence,
        "file": str(table.facts["file"]),
        "sha256": str(table.facts["sha256"]),
        "survey_year": release.survey_year,
    }


def measures(table: Standard, place: str) -> list[dict[str, Any]]:
    """Counts and shares of each question of the catalog that a list asks, for a state; shares are 0-1."""
    rows = [row for row in catalog.read_rows("questions.csv") if table.asks(row["have"])]
    return [_measure(table, row["have"], row["label"], place) for row in rows]


def _measure(table: Standard, have: str, label: str, place: str) -> dict[str, Any]:
    found = state_row(table, have, place)
    return {
        "list": table.release.source,
        "release": table.release.key,
        "have": have,
        "of": "iop",
        "label": label,
        "numerator": int(found["yes"]),
        "denominator": int(found["facilities"]),
        "unknown": int(found["unknown"]),
        **{name: _share(found[name]) for name in SHARES},
        "can_say_no": not blind(table, have),
    }


def _share(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), 6)


def within_reach(table: Standard, place: str) -> list[dict[str, Any]]:
    """Residents of a state within 5 and 10 miles of a program, for each question that the package carries."""
    rows = []
    for question in catalog.read_rows("residents.csv"):
        for found in residents.load(table.release.name, question["have"], "state", place).to_dict("records"):
            rows += [_reach(table, question["have"], found, miles) for miles in MILES]
    return rows


def _reach(table: Standard, have: str, found: dict[Any, Any], miles: int) -> dict[str, Any]:
    return {
        "list": table.release.source,
        "release": table.release.key,
        "have": have,
        "of": "iop",
        "residents": int(found["population"]),
        "miles": miles,
        "within_at_least": int(found[f"within_{miles}mi_lower"]),
        "within_at_most": int(found[f"within_{miles}mi_widest"]),
    }


def surveys(place: str) -> list[dict[str, Any]]:
    """How many programs of a state told the newest survey that they have a sliding fee, and agreed to list it."""
    found = trends.agreed()
    if found is None:
        return []
    release, table = found
    rows = table[table["place"] == place]
    return [
        {
            "survey": release.name,
            "facilities": int(row["facilities"]),
            "have_a_sliding_fee": _count(row["said_yes"]),
            "agreed_to_list_it": _count(row["agreed"]),
        }
        for row in rows.to_dict("records")
    ]


def _count(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def national(said: list[dict[str, Any]]) -> pd.DataFrame:
    """One row for each state, list and question of what `state` gave, with version and commit in every row."""
    rows = [
        {"state": one["state"], "name": one["name"], **row, "version": __version__, "commit": commit() or ""}
        for one in said
        for row in one["measures"]
    ]
    return pd.DataFrame(rows, columns=[*NATIONAL, *SHARES, "can_say_no", "version", "commit"])


def as_json(said: object) -> bytes:
    """JSON with a line for every value, the same bytes for the same content."""
    return (json.dumps(said, indent=1, ensure_ascii=False) + "\n").encode()


@cache
def commit() -> str | None:
    """The commit of the checkout that the code runs from; none where it is installed or not under version control."""
    root = listings.FOLDER.parents[2]
    if not (root / ".git").exists():
        return None
    command = ["git", "-C", str(root), "rev-parse", "HEAD"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        # Without git the page says no commit; the version stands beside it.
        return None
    return done.stdout.strip()


def schema() -> bytes:
    """The JSON Schema of a state's file."""
    return (Path(catalog.FOLDER) / SCHEMA).read_bytes()
