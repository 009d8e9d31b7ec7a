"""Survey tables: the standard questions counted for each survey, side, nation and state, as the package carries them.

They are made from the publishers' files by `iop-analysis carry` and lie in `carried/data/surveys/` with the
hashes of these files, so that a trend needs no download. Small cells of a state are hidden before anything is written.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from iop_analysis import __version__, catalog, criteria, places
from iop_analysis.carried import listings
from iop_analysis.catalog import answers
from iop_analysis.criteria import disclosure, hours_tests
from iop_analysis.errors import CallError
from iop_analysis.metrics import coverage, small_cells, trends
from iop_analysis.releases.respondents import Respondents

FOLDER = listings.FOLDER / "surveys"
KEYS = ["side", "of", "have", "level", "place"]
COLUMNS = [*KEYS, *coverage.COUNTS]
LEVELS: dict[str, str | None] = {"nation": None, "state": "state"}
# The mental-health side is not asked about IOP.
OFS = {"su": ("iop", "all"), "mh": ("all",)}
GROUPS = {"nation": ("payer", "fee", "offer", "combined"), "state": ("payer", "fee", "offer")}
NO_AGREED = pd.DataFrame(columns=trends.AGREED_COLUMNS)
CELLS, AGREED, FACTS = ".csv.gz", ".agreed.csv", ".json"


@dataclass(frozen=True)
class SurveyTables:
    """What one survey answers: `cells` (columns `COLUMNS`, hidden ones missing), who `agreed` to a listing, its file.

    `agreed` has the columns of `trends.said_and_agreed`; it is empty where the survey does not ask.
    """

    release: catalog.Release
    cells: pd.DataFrame
    agreed: pd.DataFrame
    facts: dict[str, Any]

    def table(self, have: str, of: str, side: str, level: str = "nation") -> pd.DataFrame:
        """Coverage of one question (columns of `coverage.COLUMNS`) for the nation or for every state."""
        asked = question(have, of, side, level)
        if asked is None:
            raise CallError(f"The tables that the package carries do not hold {have!r} of {of!r} by {level}.")
        mine = self.cells.take(self._rows[(side, *asked, level)])
        return coverage.shares(mine)[coverage.COLUMNS].reset_index(drop=True)

    @cached_property
    def _rows(self) -> dict[Any, Any]:
        """Positions of the rows of each question."""
        return dict(self.cells.groupby(KEYS[:-1]).indices)


@cache
def questions(side: str, level: str = "nation") -> tuple[tuple[str, str], ...]:
    """Pairs of `of` and `have` that are counted, asked in that year or not; by state those of two attributes at most.

    Examples
    --------
    >>> [("iop", "sliding_fee & medicaid") in questions("su", level) for level in LEVELS]
    [True, False]
    """
    haves = [row["have"] for row in catalog.read_rows("questions.csv") if row["group"] in GROUPS[level]]
    haves = [have for have in haves if not set(disclosure.attributes(have, "all")) & set(hours_tests.TESTS)]
    pairs = [("all", "iop")] * (side == "su") + [(of, have) for of in OFS[side] for have in haves]
    most = disclosure.MOST_ATTRIBUTES if level == "state" else len(catalog.variables())
    return tuple((of, have) for of, have in pairs if len(disclosure.attributes(have, of)) <= most)


@cache
def question(have: str, of: str, side: str, level: str = "nation") -> tuple[str, str] | None:
    """The pair of `questions` that asks the same in whatever words, None where there is none.

    Examples
    --------
    >>> question("offers_sliding_fee", "offers_iop", "su", "state")
    ('iop', 'sliding_fee')
    """
    trees = {text: criteria.parse(text).tree for pair in questions(side, level) for text in pair}
    asked = criteria.parse(of).tree, criteria.parse(have).tree
    return next((pair for pair in questions(side, level) if (trees[pair[0]], trees[pair[1]]) == asked), None)


def standard(built: Respondents) -> SurveyTables:
    """Count every question of a built survey, small cells of states hidden."""
    tables = [
        _cells(trends.universe(built.respondents, side), side, small_cells.side_counts(built.release.source, side))
        for side in catalog.source_of(built.release).sides
    ]
    agreed = trends.said_and_agreed(built.respondents) if asks_agreement(built) else NO_AGREED
    return SurveyTables(built.release, pd.concat(tables, ignore_index=True)[COLUMNS], agreed, facts(built))


def _cells(table: pd.DataFrame, side: str, side_counts: bool) -> pd.DataFrame:
    place = {level: coverage.place_of(table, by) for level, by in LEVELS.items()}
    listed = {"nation": [], "state": list(places.states()["state"])}
    by_state = set(questions(side, "state"))
    memory: dict[Any, Any] = {}
    parts = []
    for of, have in questions(side):
        marks = coverage.marks(table, small_cells.NO_HOURS, have, of, memory)
        for level in LEVELS if (of, have) in by_state else ("nation",):
            counts = coverage.sum_by(marks, place[level], listed[level])
            if level == "state":
                names = disclosure.attributes(have, of)
                gone = small_cells.hidden_places(table, names, place[level], side_counts)
                covered = small_cells.interior(have, of, names, side_counts)
                counts = small_cells.hide(counts, counts["place"].isin(gone), covered)
            parts.append(counts.assign(side=side, of=of, have=have, level=level)[COLUMNS])
    return pd.concat(parts, ignore_index=True).astype(dict.fromkeys(coverage.COUNTS, "Int64"))


def asks_agreement(built: Respondents) -> bool:
    """Whether a survey asks if a sliding fee may be listed."""
    return bool(built.respondents[catalog.AGREES].ne(answers.NOT_ASKED).any())


def facts(built: Respondents) -> dict[str, Any]:
    """What must be known of the file behind the counts."""
    return {
        "release": built.release.name,
        "file": built.release.file,
        "sha256": built.release.sha256,
        "rows": built.release.rows or len(built.respondents),
        "version": __version__,
        "survey_year": built.release.survey_year,
        "questions": listings.questions_hash(),
        "notes": [{"rows": note.rows, "text": note.text} for note in built.notes],
    }


def write_tables(tables: SurveyTables, folder: Path = FOLDER) -> list[Path]:
    """Write one survey's tables; the bytes depend on the tables alone."""
    folder.mkdir(parents=True, exist_ok=True)
    text = tables.cells.to_csv(index=False, lineterminator="\n")
    path = _path(tables.release.name, folder, CELLS)
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    described = _path(tables.release.name, folder, FACTS)
    described.write_text(json.dumps(tables.facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    written = [path, described]
    if len(tables.agreed):
        written.append(_path(tables.release.name, folder, AGREED))
        written[-1].write_text(tables.agreed.to_csv(index=False, lineterminator="\n"), encoding="utf-8")
    return written


@cache
def load(name: str, folder: Path = FOLDER) -> SurveyTables:
    """The tables that the package carries for a survey."""
    if not _path(name, folder, CELLS).exists():
        raise CallError(f"The package carries no tables of {name}; it has {', '.join(carried(folder))}.")
    kinds = dict.fromkeys(KEYS, "str") | dict.fromkeys(coverage.COUNTS, "Int64")
    cells = pd.read_csv(_path(name, folder, CELLS), dtype=kinds)
    agreed = NO_AGREED
    if _path(name, folder, AGREED).exists():
        numbers = dict.fromkeys(trends.AGREED_COLUMNS[1:], "Int64")
        agreed = pd.read_csv(_path(name, folder, AGREED), dtype={"place": "str"} | numbers)
    described = json.loads(_path(name, folder, FACTS).read_text(encoding="utf-8"))
    return SurveyTables(catalog.release(name), cells, agreed, described)


def carried(folder: Path = FOLDER) -> list[str]:
    """Names of the surveys whose tables the package carries, in the order of the catalog."""
    found = {path.name.removesuffix(CELLS).replace("__", "@") for path in folder.glob(f"*__*{CELLS}")}
    return [name for name in catalog.releases() if name in found]


def _path(name: str, folder: Path, ending: str) -> Path:
    return folder / f"{name.replace('@', '__')}{ending}"
