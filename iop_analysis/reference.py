"""Standard tables: every question of the catalog answered for a release by nation, state and county.

The package carries these tables for the releases that we read ourselves (`catalog/reference/`), with the hashes of
the files they came from, so that a state's report needs no download. `iop-analysis reference` rebuilds them.
"""

from __future__ import annotations

import gzip
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from iop_analysis import __version__, catalog, criteria, opening
from iop_analysis.errors import CallError
from iop_analysis.facilities import Facilities
from iop_analysis.metrics import coverage

FOLDER = catalog.FOLDER / "reference"
KEYS = ["of", "have", "level", "place"]
COLUMNS = [*KEYS, *coverage.COUNTS, *coverage.KIND_COUNTS]
LEVELS: dict[str, str | None] = {"nation": None, "state": "state", "county": "county"}


@dataclass(frozen=True)
class Standard:
    """The standard tables of one release: `cells` (columns `COLUMNS`), what its file was, and how it was read."""

    release: catalog.Release
    cells: pd.DataFrame
    facts: dict[str, Any]

    def row(self, have: str, of: str = "iop", level: str = "nation", place: str = "all") -> pd.Series:
        """Counts and shares of one question at one place; zeros where no facility of the universe is there."""
        table = self.table(have, of, level)
        found = table[table["place"] == place]
        if len(found):
            return found.iloc[0]
        zeros = pd.DataFrame([{"place": place} | dict.fromkeys([*coverage.COUNTS, *coverage.KIND_COUNTS], 0)])
        return coverage.shares(zeros).iloc[0]

    def table(self, have: str, of: str = "iop", level: str = "county") -> pd.DataFrame:
        """Counts and shares of one question for every place of a level where a facility is or may be."""
        cells = self.cells
        mine = cells[(cells["have"] == have) & (cells["of"] == of) & (cells["level"] == level)]
        if mine.empty and not self.asks(have):
            raise CallError(f"{self.release.name} does not ask {have!r}.")
        blind = bool(criteria.cannot_say_no(have, self.release.source))
        return coverage.shares(mine.drop(columns=["of", "have", "level"]), blind).reset_index(drop=True)

    def asks(self, have: str, of: str = "iop") -> bool:
        """Whether the release has an answer to a question at all (asked of at least one facility)."""
        cells = self.cells
        return bool(((cells["have"] == have) & (cells["of"] == of)).any())


def asked_words(facilities: pd.DataFrame) -> set[str]:
    """Columns of answers, and hours tests, that a release asks of at least one facility."""
    words = {name for name in catalog.answer_variables() if not facilities[name].eq("not_asked").all()}
    return words | (set(opening.TESTS) if not facilities["hours_status"].eq("not_asked").all() else set())


def questions(asked: set[str]) -> list[tuple[str, str]]:
    """Pairs of `of` and `have` that the reports need, as far as a release asks every word of them.

    The single questions come from `catalog/questions.csv`; the steps of each persona's funnel follow.
    """
    pairs = [("all", "iop"), *(("iop", row["have"]) for row in catalog.read_rows("questions.csv"))]
    for persona in people():
        steps = funnel_steps(persona, asked)
        for row in coverage.funnel_criteria(steps).to_dict("records"):
            pairs += [(persona.of, row[part]) for part in ("in_order", "alone", "lost_only")]
    return list(dict.fromkeys(pair for pair in pairs if _asks(pair, asked)))


def people() -> list[catalog.Persona]:
    """The personas of the catalog that are people."""
    return [persona for persona in catalog.personas().values() if persona.kind == "persona"]


def funnel_steps(persona: catalog.Persona, asked: set[str]) -> list[str]:
    """The steps of a persona that a release asks about; the others are said in words."""
    return [step for step in persona.steps if _answerable(step, asked)]


def _asks(pair: tuple[str, str], asked: set[str]) -> bool:
    return all(_answerable(text, asked) for text in pair)


def _answerable(text: str, asked: set[str]) -> bool:
    """One unasked word beside asked ones in an `or` leaves the answer a bound; only `and` words must all be asked."""
    names = [atom.name for atom in criteria.parse(text).atoms]
    tests = [name for name in names if name in opening.TESTS]
    columns = [name for name in names if name not in opening.TESTS]
    return all(test in asked for test in tests) and (not columns or any(name in asked for name in columns))


def standard(built: Facilities, states: list[str] | None = None) -> Standard:
    """Answer every question for a built release.

    Parameters
    ----------
    built
        A release that is read or loaded.
    states
        Postal codes of the states whose counties are wanted; all where None.
    """
    facilities, hours = built.facilities, built.hours
    here = facilities["state"].isin(states) if states is not None else pd.Series(True, index=facilities.index)
    tables = []
    for of, have in questions(asked_words(facilities)):
        marks = coverage.marks(facilities, hours, have, of)
        for level, by in LEVELS.items():
            rows = here if level == "county" else slice(None)
            place = coverage.place_of(facilities, by)
            if level == "county":
                place = place.where(place != coverage.NOT_PLACED, facilities["state"] + " " + coverage.NOT_PLACED)
            table = coverage.sum_by(marks[rows], place[rows], [])
            tables.append(
                table[table["facilities"] + table["universe_unknown"] > 0].assign(of=of, have=have, level=level)
            )
    cells = pd.concat(tables, ignore_index=True)[COLUMNS] if tables else pd.DataFrame(columns=COLUMNS)
    return Standard(built.release, cells, facts(built))


def facts(built: Facilities) -> dict[str, Any]:
    """What a report says about the file behind its numbers."""
    facilities = built.facilities
    dates = facilities["information_date"].dropna()
    return {
        "release": built.release.name,
        "file": built.release.file,
        "sha256": built.release.sha256,
        "rows": len(facilities),
        "version": __version__,
        "survey_year": built.release.survey_year,
        "reference_date": built.release.reference_date,
        "information_from": str(dates.min()) if len(dates) else "",
        "information_to": str(dates.max()) if len(dates) else "",
        "asked": sorted(asked_words(facilities)),
        "place_quality": {str(key): int(n) for key, n in facilities["place_quality"].value_counts().items()},
        "notes": [{"rows": note.rows, "text": note.text} for note in built.notes],
    }


def write(tables: list[Standard], folder: Path = FOLDER) -> list[Path]:
    """Write standard tables as `RELEASE.csv.gz` with `RELEASE.json`; the bytes depend on the tables alone."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for table in tables:
        text = io.StringIO()
        table.cells.to_csv(text, index=False, lineterminator="\n")
        path = _path(table.release.name, folder)
        path.write_bytes(gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0))
        described = json.dumps(table.facts, indent=1, ensure_ascii=False) + "\n"
        path.with_suffix("").with_suffix(".json").write_text(described, encoding="utf-8")
        paths.append(path)
    return paths


def load(name: str, folder: Path = FOLDER) -> Standard:
    """The standard tables that the package carries for a release."""
    path = _path(name, folder)
    if not path.exists():
        raise CallError(f"The package carries no tables of {name}; it has {', '.join(carried(folder))}.")
    facts = json.loads(path.with_suffix("").with_suffix(".json").read_text(encoding="utf-8"))
    cells = pd.read_csv(path, dtype=dict.fromkeys(KEYS, "str") | dict.fromkeys(COLUMNS[len(KEYS) :], "int64"))
    return Standard(catalog.release(name), cells, facts)


def carried(folder: Path = FOLDER) -> list[str]:
    """Names of the releases whose standard tables the package carries."""
    found = {path.name.removesuffix(".csv.gz").replace("__", "@") for path in folder.glob("*__*.csv.gz")}
    return [name for name in catalog.releases() if name in found]


def _path(name: str, folder: Path) -> Path:
    return folder / f"{name.replace('@', '__')}.csv.gz"
