"""Calls: what no file says is asked by telephone, of a random sample, with a margin; never mixed with listed counts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from iop_analysis.calls import appointments, told
from iop_analysis.calls.answers import SOON
from iop_analysis.calls.estimate import METHOD, estimates, few_hidden, sensitivity
from iop_analysis.calls.fields import questions
from iop_analysis.calls.rates import responses
from iop_analysis.calls.reading import Filled, read
from iop_analysis.calls.sheet import CallSheet, draw, render, write
from iop_analysis.calls.witness import keep

__all__ = [
    "METHOD",
    "CallSheet",
    "Filled",
    "Results",
    "draw",
    "estimates",
    "ingest",
    "keep",
    "read",
    "render",
    "responses",
    "results",
    "write",
]


@dataclass(frozen=True)
class Results:
    """What the calls gave: how the sample was drawn (`facts`), how the calls ended, and what they say.

    `sensitivity` says how shares would move if answering depends on the answer, `waits` how long new patients wait,
    `verdict` whether 90 % offer an appointment within ten business days.
    """

    facts: dict[str, str]
    synthetic: bool
    responses: pd.DataFrame
    estimates: pd.DataFrame
    sensitivity: pd.DataFrame
    waits: pd.DataFrame
    verdict: str

    @property
    def sentences(self) -> list[str]:
        """What the calls brought, in sentences for a page."""
        return told.sentences(self.estimates, self.waits, self.verdict, self.sensitivity)


def ingest(path: Path) -> Results:
    """Read a filled call sheet and compute its results: see `responses` and `estimates` for their columns.

    Raises
    ------
    DataError
        The sheet cannot be read; every bad cell is named.
    """
    return results(read(path))


def results(filled: Filled) -> Results:
    """How the calls of a filled sheet ended, and what they say."""
    parts = filled.strata, filled.calls, filled.answers
    found = few_hidden(estimates(*parts))
    soon = next(field.estimate for field in questions() if field.key == SOON)
    return Results(
        filled.facts,
        filled.synthetic,
        responses(filled.strata, filled.calls),
        found,
        sensitivity(*parts)[found["share"].notna()],
        appointments.waits(filled.calls),
        appointments.verdict(found, soon),
    )
