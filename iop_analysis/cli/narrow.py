"""Tables for a terminal of 80 columns: places by name, whole counts, shares as percentages from least to most."""

from __future__ import annotations

import pandas as pd

WIDTH = 80
NAME_WIDTH = 22
HEADINGS = {"facilities": "of", "yes": "yes", "no": "no", "unknown": "unknown", "universe_unknown": "silent"}
LEGEND = (
    "Shares in percent, from the least to the most that missing answers allow. silent: do not say whether they belong; "
    "widest: with these counted either way."
)


def coverage(table: pd.DataFrame) -> pd.DataFrame:
    """A coverage table that fits 80 columns; the CSV format keeps every column.

    Parameters
    ----------
    table
        As `metrics.coverage.coverage` gives it, with the `name` of each place where there is one; hidden counts of
        surveys are printed as `hidden`.
    """
    names = table["name"] if "name" in table else [""] * len(table)
    pairs = zip(table["place"].astype(str), names, strict=True)
    found = pd.DataFrame({"place": [named(place, str(name)) for place, name in pairs]})
    for column, heading in HEADINGS.items():
        found[heading] = [_count(value) for value in table[column]]
    found["share"] = _spans(table, "lower_share", "upper_share")
    found["known"] = ["" if pd.isna(one) else f"{100 * one:.1f}" for one in table["known_share"]]
    found["widest"] = _spans(table, "widest_lower_share", "widest_upper_share")
    if found["silent"].isin(["0", "hidden"]).all():
        found = found.drop(columns=["silent", "widest"])
    return found


def _count(value: object) -> str:
    return "hidden" if pd.isna(value) else f"{int(value):,}"  # type: ignore[call-overload]


def _spans(table: pd.DataFrame, low: str, high: str) -> list[str]:
    pairs = zip(table[low], table[high], strict=True)
    return ["" if pd.isna(one) or pd.isna(two) else _span(100 * one, 100 * two) for one, two in pairs]


def _span(low: float, high: float) -> str:
    return f"{low:.1f}" if f"{low:.1f}" == f"{high:.1f}" else f"{low:.1f}-{high:.1f}"


def named(place: str, name: str = "") -> str:
    """A code with the name of its place behind it, cut to fit; a district's without the words that all have.

    Examples
    --------
    >>> named("08031", "Denver"), named("08012", "State Senate District 12"), named("all")
    ('08031 Denver', '08012 Senate 12', 'all')
    """
    short = " ".join(word for word in name.split() if word not in ("State", "District", "Legislative"))
    return f"{place} {short}".strip()[:NAME_WIDTH]


def text(table: pd.DataFrame) -> str:
    """A table as aligned text of at most 80 columns: one row stands upright, a wide table in blocks of columns."""
    plain = table.to_string(index=False, float_format=_number, na_rep="")
    if max(map(len, plain.splitlines())) <= WIDTH:
        return plain
    if len(table) == 1:
        pairs = [(str(name), _cell(value)) for name, value in table.iloc[0].items()]
        return "\n".join(f"{name:<28} {value}" for name, value in pairs)
    return table.to_string(index=False, float_format=_number, na_rep="", line_width=WIDTH)


def _number(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3f}"


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if pd.isna(value) else _number(value)
    return "" if value is None or value is pd.NA else str(value)
