"""Canonical tables for tests, made from a few columns."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from iop_analysis import catalog
from iop_analysis.releases import schema

HOURS = ["facility_id", "day", "opens_minute", "closes_minute", "scope", "label"]
Span = tuple[int, str, int | None, int | None] | tuple[int, str, int | None, int | None, str]


def facilities(count: int, **columns: Any) -> pd.DataFrame:
    """`count` canonical facilities named 0, 1, 2 …; what is not given is not asked or missing."""
    ids = [str(number) for number in range(count)]
    given = {"facility_id": ids, "site_id": ids, "source": "ladders", "release": "sample", "name": ids}
    given |= {"place_vintage": "2023", "place_quality": "none", "hours_status": "not_asked", "is_in_custody": "no"}
    given["point_quality"] = "publisher" if "latitude" in columns else "none"
    table = pd.DataFrame(given | columns, index=range(count))
    return schema.conform(table)


def hours(spans: Sequence[Span]) -> pd.DataFrame:
    """Hours rows of `(facility, day, opens, closes[, scope])`; None for minutes that could not be read."""
    rows = [(str(span[0]), *span[1:4], span[4] if len(span) > 4 else "site", "") for span in spans]
    table = pd.DataFrame(rows, columns=HOURS)
    texts = dict.fromkeys(["facility_id", "day", "scope", "label"], "str")
    return table.astype(texts | {"opens_minute": "Int64", "closes_minute": "Int64"})


def words() -> list[str]:
    """Every short word that a criterion may use for a column of answers."""
    return [catalog.variables()[name].word for name in catalog.answer_variables()]
