"""What an entry of the catalog says: a release, a source, a file of geography, a column."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Release:
    """One published file of a source; `sha256`, `rows` and the dates are empty where the publisher gives none."""

    source: str
    key: str
    file: str = ""
    sha256: str = ""
    rows: int | None = None
    url: str = ""
    page: str = ""
    side: str = ""
    state: str = ""
    reference_date: str = ""
    survey_year: int | None = None
    response_rate: float | None = None
    columns: str = ""
    synthetic: bool = False
    facts: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        """`source@key`, as on the command line."""
        return f"{self.source}@{self.key}"

    @property
    def list_source(self) -> str:
        """Key of the source whose rows these are: of a combined release that of its list, else its own."""
        return self.list_name.split("@")[0]

    @property
    def list_name(self) -> str:
        """The release whose rows these are: of a combined release its list, else itself."""
        return str(self.facts.get("list", self.name))


@dataclass(frozen=True)
class Source:
    """One publisher's series of files: what a row is, how fine its place is, what may be done with it.

    `codes` is the table that says what a blank means, "as written" or "none"; `brought` holds the file endings of an
    open format whose files users bring under release names of their own, `sides` the universes that a survey asks
    (`survey_sides.csv`), `needed` the items without which a file is no year of the survey; `locates` says that its
    points may stand for addresses that other lists give without one.
    """

    key: str
    title: str
    publisher: str
    homepage: str
    licence: str
    licence_id: str
    row: str
    finest_place: str
    linkable: bool
    interval_kind: str
    place_vintage: str
    area: str
    trust: str
    compared_with: str
    citation: str
    codes: str
    api: str = ""
    brought: tuple[str, ...] = ()
    complete: bool = False
    sides: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    locates: bool = False
    releases: tuple[Release, ...] = ()


@dataclass(frozen=True)
class Geography:
    """One publisher's files on where people live or what the places are: hashed and fetched, never built."""

    key: str
    title: str
    publisher: str
    homepage: str
    licence: str
    row: str
    vintage: str
    citation: str
    releases: tuple[Release, ...] = ()


@dataclass(frozen=True)
class Variable:
    """One canonical column: its type (text, answer, number, integer, boolean), group, unit, label and definition."""

    name: str
    type: str
    group: str
    unit: str
    nullable: bool
    label: str
    definition: str

    @property
    def word(self) -> str:
        """The column without its verb, as criteria write it: `offers_iop` -> `iop`."""
        return self.name.split("_", 1)[1]
