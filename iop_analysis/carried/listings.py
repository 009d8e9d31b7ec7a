"""Standard tables: every question of the catalog answered for a release by nation, state and county.

The package carries these tables for the releases that we read ourselves (`carried/data/`), with the hashes of
the files they came from, so that a state's report needs no download. `iop-analysis carry` rebuilds them.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from iop_analysis import __version__, catalog, criteria
from iop_analysis.catalog import answers
from iop_analysis.criteria import hours_tests
from iop_analysis.errors import CallError
from iop_analysis.metrics import coverage
from iop_analysis.releases import listing, store
from iop_analysis.releases.listing import Listing

FOLDER = Path(__file__).parent / "data"
# What the tables are made for: a change here asks for a rebuild.
QUESTION_FILES = ("questions.csv", "steps.csv", "personas.csv")
KEYS = ["of", "have", "level", "place"]
COLUMNS = [*KEYS, *coverage.COUNTS, *coverage.KIND_COUNTS]
LEVELS: dict[str, str | None] = {"nation": None, "state": "state", "county": "county"}
# How a county was found, by `place_quality`: from what is at the address, or from the ZIP code alone.
PLACED = {"publisher": "by_address", "address": "by_address", "zip": "by_zip", "none": "not_placed"}
CUSTODY = "in_custody"
WAYS = ["by_address", "by_zip", "not_placed"]


@dataclass(frozen=True)
class Standard:
    """The standard tables of one release: `cells` (columns `COLUMNS`), what its file was, and how it was read.

    `placed` counts the IOPs of each county (`place`) by how they were placed (`WAYS`).
    """

    release: catalog.Release
    cells: pd.DataFrame
    facts: dict[str, Any]
    placed: pd.DataFrame

    def row(self, have: str, of: str = "iop", level: str = "nation", place: str = "all") -> pd.Series:
        """Counts and shares of one question at one place; zeros where no facility of the universe is there."""
        key = (of, have, level, place)
        if key in self._rows:
            return self._shared.iloc[self._rows[key]]
        if not self.asks(have, of):
            raise CallError(f"{self.release.name} does not ask {have!r}.")
        zeros = pd.DataFrame([{"place": place} | dict.fromkeys([*coverage.COUNTS, *coverage.KIND_COUNTS], 0)])
        return coverage.shares(zeros).iloc[0]

    def table(self, have: str, of: str = "iop", level: str = "county") -> pd.DataFrame:
        """Counts and shares of one question for every place of a level where a facility is or may be."""
        if not self.asks(have, of):
            raise CallError(f"{self.release.name} does not ask {have!r}.")
        cells = self._shared
        mine = cells[(cells["have"] == have) & (cells["of"] == of) & (cells["level"] == level)]
        return mine.drop(columns=["of", "have", "level"]).reset_index(drop=True)

    def asks(self, have: str, of: str = "iop") -> bool:
        """Whether the release has an answer to a question at all (asked of at least one facility).

        Raises
        ------
        CallError
            The release asks every word of the question, but these tables were made before it was a question.
        """
        if (of, have) in self._asked:
            return True
        if _asks((of, have), set(self.facts["asked"])):
            raise CallError(
                f"{have!r} of {of!r} is not in these tables of {self.release.name}, which were made for other "
                "questions; rebuild them with `iop-analysis carry`."
            )
        return False

    @cached_property
    def _shared(self) -> pd.DataFrame:
        """The cells with their shares; the known share is empty where the source cannot record a no."""
        blind = {
            have: bool(criteria.cannot_say_no(have, self.release.list_source)) for have in self.cells["have"].unique()
        }
        cells = coverage.shares(self.cells)
        return cells.assign(known_share=cells["known_share"].mask(cells["have"].map(blind).astype(bool)))

    @cached_property
    def _rows(self) -> dict[tuple[str, ...], int]:
        keys = zip(*(self.cells[name] for name in KEYS), strict=True)
        return {key: row for row, key in enumerate(keys)}

    @cached_property
    def _asked(self) -> set[tuple[str, str]]:
        return {(of, have) for of, have, _, _ in self._rows}


def questions_hash() -> str:
    """SHA-256 of the questions that tables are made for: single questions, steps and personas of the catalog."""
    texts = [(catalog.FOLDER / file).read_bytes() for file in QUESTION_FILES]
    return hashlib.sha256(b"".join(texts)).hexdigest()


def asked_words(facilities: pd.DataFrame) -> set[str]:
    """Columns of answers, and hours tests, that a release asks of at least one facility."""
    words = {name for name in catalog.answer_variables() if not facilities[name].eq("not_asked").all()}
    return words | (set(hours_tests.TESTS) if not facilities["hours_status"].eq("not_asked").all() else set())


def questions(asked: set[str]) -> list[tuple[str, str]]:
    """Pairs of `of` and `have` that the reports need, as far as a release asks every word of them.

    The single questions come from `catalog/questions.csv`; the steps of each persona's funnel follow.
    """
    pairs = [("all", "iop"), *(("iop", row["have"]) for row in catalog.read_rows("questions.csv"))]
    for persona in people():
        steps = funnel_steps(persona, asked)
        for row in coverage.funnel_criteria(steps).to_dict("records"):
            pairs += [(persona.of, row[part]) for part in ("in_order", "alone", "lost_only")]
            pairs.append(("iop", row["in_order"]))
    return list(dict.fromkeys(pair for pair in pairs if _asks(pair, asked)))


def people() -> list[catalog.Persona]:
    """The personas of the catalog that are people."""
    return [persona for persona in catalog.personas().values() if persona.kind == "persona"]


def funnel_steps(persona: catalog.Persona, asked: set[str]) -> list[str]:
    """The steps of a persona that a release can answer; none where it asks nothing about a payer that the person needs.

    A release without hours loses the hours step alone: the report says so in words.
    """
    steps = [step for step in persona.steps if _answerable(step, asked)]
    lost = [step for step in persona.steps if step not in steps]
    return steps if all(_is_hours(step) for step in lost) else []


def hours_only(persona: catalog.Persona) -> bool:
    """Whether all that a persona needs is a matter of hours."""
    return all(_is_hours(step) for step in persona.steps)


def _is_hours(step: str) -> bool:
    return all(atom.name in hours_tests.TESTS for atom in criteria.parse(step).atoms)


def _asks(pair: tuple[str, str], asked: set[str]) -> bool:
    return all(_answerable(text, asked) for text in pair)


def _answerable(text: str, asked: set[str]) -> bool:
    """One unasked word beside asked ones in an `or` leaves the answer a bound; only `and` words must all be asked."""
    names = [atom.name for atom in criteria.parse(text).atoms]
    tests = [name for name in names if name in hours_tests.TESTS]
    columns = [name for name in names if name not in hours_tests.TESTS]
    return all(test in asked for test in tests) and (not columns or any(name in asked for name in columns))


def standard(built: Listing, states: list[str] | None = None) -> Standard:
    """Answer every question for a built release, of the facilities that do not serve only people in custody.

    Parameters
    ----------
    built
        A release that is read or loaded.
    states
        Postal codes of the states whose counties are wanted; all where None.
    """
    facilities, hours = built.facilities, built.hours
    public = facilities.index.isin(built.public.facilities.index).astype("int64")
    places = _places(facilities, states)
    tables = []
    memory: dict[Any, Any] = {}
    for of, have in questions(asked_words(facilities)):
        marks = coverage.marks(facilities, hours, have, of, memory)
        # Nobody goes to a program in a prison: only the question that counts these looks at them.
        marks = marks if have == CUSTODY else marks.mul(public, axis=0)
        for level, place in places.items():
            table = coverage.sum_by(marks.loc[place.index], place, [])
            tables.append(
                table[table["facilities"] + table["universe_unknown"] > 0].assign(of=of, have=have, level=level)
            )
    cells = pd.concat(tables, ignore_index=True)[COLUMNS] if tables else pd.DataFrame(columns=COLUMNS)
    return Standard(built.release, cells, facts(built), placed(built.public.facilities, places["county"]))


def placed(facilities: pd.DataFrame, county: pd.Series) -> pd.DataFrame:
    """How many IOPs of each county were placed by address, by ZIP code or not at all: `place` and `WAYS`."""
    county = county[county.index.isin(facilities.index)]
    programs = facilities.loc[county.index, "offers_iop"] == answers.YES
    way = facilities.loc[programs.index[programs], "place_quality"].map(PLACED)
    counts = pd.crosstab(county[programs].astype("str"), way).reindex(columns=WAYS, fill_value=0)
    return counts.rename_axis(columns=None).rename_axis("place").reset_index()


def _places(facilities: pd.DataFrame, states: list[str] | None) -> dict[str, pd.Series]:
    """Place of each facility at each level; counties only of the wanted states, unplaced rows under their state."""
    found = {level: coverage.place_of(facilities, by) for level, by in LEVELS.items()}
    county = found["county"]
    nowhere = (facilities["state"].fillna("") + " " + coverage.NOT_PLACED).str.strip()
    found["county"] = county.where(county != coverage.NOT_PLACED, nowhere)
    if states is not None:
        found["county"] = found["county"][facilities["state"].isin(states)]
    return {level: place.astype("category") for level, place in found.items()}


def facts(built: Listing) -> dict[str, Any]:
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
        "questions": questions_hash(),
        "place_quality": {str(key): int(n) for key, n in facilities["place_quality"].value_counts().items()},
        "notes": [{"rows": note.rows, "text": note.text} for note in built.notes],
    }


def write(folder: Path) -> list[Path]:
    """Write the tables of every built release that is carried."""
    return write_tables([standard(listing.load(name)) for name in to_carry()], folder)


def to_carry() -> list[str]:
    """Built releases of the catalog that cover a whole state or the nation and ask about IOP, oldest first."""
    names = [name for name in store.built() if name in catalog.releases()]
    whole = [name for name in names if _covers_a_place(catalog.release(name))]
    return [name for name in whole if "offers_iop" in asked_words(listing.load(name).facilities)]


def newest() -> list[str]:
    """The newest release of each source among those `to_carry`."""
    return list({name.split("@")[0]: name for name in to_carry()}.values())


def _covers_a_place(release: catalog.Release) -> bool:
    source = catalog.source_of(release)
    return not release.synthetic and bool(source.area) and source.linkable


def write_tables(tables: list[Standard], folder: Path = FOLDER) -> list[Path]:
    """Write standard tables as `RELEASE.csv.gz`, with `RELEASE.json` and `RELEASE.placed.csv`.

    The bytes depend on the tables alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for table in tables:
        text = io.StringIO()
        table.cells.to_csv(text, index=False, lineterminator="\n")
        path = _path(table.release.name, folder)
        path.write_bytes(gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0))
        table.placed.to_csv(_placed_path(path), index=False, lineterminator="\n")
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
    cells = pd.read_csv(path, dtype=dict.fromkeys(KEYS, "str"))
    cells = cells.reindex(columns=COLUMNS, fill_value=0).astype(dict.fromkeys(COLUMNS[len(KEYS) :], "int64"))
    return Standard(catalog.release(name), cells, facts, pd.read_csv(_placed_path(path), dtype={"place": "str"}))


def carried(folder: Path = FOLDER) -> list[str]:
    """Names of the releases whose standard tables the package carries."""
    found = {path.name.removesuffix(".csv.gz").replace("__", "@") for path in folder.glob("*__*.csv.gz")}
    return [name for name in catalog.releases() if name in found]


def _path(name: str, folder: Path) -> Path:
    return folder / f"{name.replace('@', '__')}.csv.gz"


def _placed_path(path: Path) -> Path:
    return path.with_name(path.name.replace(".csv.gz", ".placed.csv"))
