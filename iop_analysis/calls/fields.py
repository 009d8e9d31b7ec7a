"""The fields of a call sheet, its outcomes and its sentences, read from the catalog."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

from iop_analysis import catalog

GROUPS = 4
EACH_GROUP = "{n}"


@dataclass(frozen=True)
class Field:
    """One column of the sheet: its heading, what may stand in it, and what is asked; `estimate` labels a result."""

    key: str
    heading: str
    kind: str
    allowed: tuple[str, ...]
    width: int
    estimate: str
    question: str

    def numbered(self, number: int) -> Field:
        """The field of one group."""
        key, heading = (text.replace(EACH_GROUP, str(number)) for text in (self.key, self.heading))
        return replace(self, key=key, heading=heading)


@cache
def fields() -> tuple[Field, ...]:
    """The columns of the sheet from left to right, those of a group once for each of its groups."""
    found: list[Field] = []
    for repeated, part in groupby(_declared(), lambda one: EACH_GROUP in one.key):
        once = list(part)
        found += [one.numbered(number) for number in range(1, GROUPS + 1) for one in once] if repeated else once
    return tuple(found)


def _declared() -> list[Field]:
    return [
        Field(
            row["key"],
            row["heading"],
            row["kind"],
            tuple(outcomes()) if row["kind"] == "outcome" else tuple(filter(None, row["allowed"].split("|"))),
            int(row["width"]),
            row["estimate"],
            row["question"],
        )
        for row in catalog.read_rows("calls/fields.csv")
    ]


@cache
def outcomes() -> dict[str, str]:
    """How a call may end, with its part in the response rate: I, P, R, NC, O, U (unknown), NE (not eligible)."""
    return {row["outcome"]: row["part"] for row in catalog.read_rows("calls/outcomes.csv")}


def questions() -> list[Field]:
    """The fields that give a result, in the order of the sheet."""
    return [field for field in fields() if field.estimate]


def sentences(sheet: str, place: str, source: str) -> list[tuple[str, str]]:
    """Part and text of each sentence of a sheet of words."""
    return [
        (row["part"], row["text"].format(place=place, source=source))
        for row in catalog.read_rows("calls/words.csv")
        if row["sheet"] == sheet
    ]
