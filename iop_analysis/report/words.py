"""How numbers become words: counts with their n, bounds as `at least` and `at most`, careful percentages."""

from __future__ import annotations

import pandas as pd

from iop_analysis.hours.minutes import minute_of, spoken

FEW = 10
CAVEAT_PAYER = (
    "Accepting a payer says nothing about being in a plan’s network, about billing for intensive outpatient "
    "treatment, or about an open place. Ask the program and the plan."
)


def plural(count: int, one: str, many: str = "") -> str:
    """Count and noun.

    Examples
    --------
    >>> plural(1, "site"), plural(1200, "county", "counties")
    ('1 site', '1,200 counties')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def percent(share: float) -> str:
    """A share as a whole percentage; what is not quite nothing or everything never looks like it.

    Examples
    --------
    >>> percent(0.4651), percent(0.001), percent(0.999), percent(0.0)
    ('47%', 'under 1%', 'over 99%', '0%')
    """
    if 0 < share < 0.005:
        return "under 1%"
    if 0.995 < share < 1:
        return "over 99%"
    return f"{share * 100:.0f}%"


def bounds(row: pd.Series, blind: bool = False) -> str:
    """Say how many of a universe meet a criterion, as far as the file carries it.

    Parameters
    ----------
    row
        `facilities`, `yes`, `unknown` of one place.
    blind
        The file cannot record a no: only the lower bound is said.

    Examples
    --------
    >>> bounds(pd.Series({"facilities": 232, "yes": 175, "unknown": 0}))
    '175 of 232 (75%)'
    >>> bounds(pd.Series({"facilities": 288, "yes": 106, "unknown": 67}))
    'at least 106 and at most 173 of 288 (37% to 60%)'
    >>> bounds(pd.Series({"facilities": 232, "yes": 106, "unknown": 126}), blind=True)
    'at least 106 of 232 (46%)'
    >>> bounds(pd.Series({"facilities": 7, "yes": 2, "unknown": 1}))
    'at least 2 and at most 3 of 7'
    >>> bounds(pd.Series({"facilities": 5, "yes": 0, "unknown": 5}), blind=True)
    'none of 5'
    """
    n, yes, most = int(row["facilities"]), int(row["yes"]), int(row["yes"] + row["unknown"])
    if blind and not yes:
        return f"none of {n:,}"
    low, high = (percent(yes / n), percent(most / n)) if n >= FEW else ("", "")
    if blind and most > yes:
        return f"at least {yes:,} of {n:,}" + (f" ({low})" if low else "")
    if most == yes:
        return f"{yes:,} of {n:,}" + (f" ({low})" if low else "")
    span = low if low == high else f"{low} to {high}"
    return f"at least {yes:,} and at most {most:,} of {n:,}" + (f" ({span})" if low else "")


def span(row: pd.Series) -> str:
    """From what is sure to what is possible.

    Examples
    --------
    >>> span(pd.Series({"yes": 49, "unknown": 74})), span(pd.Series({"yes": 1175, "unknown": 0}))
    ('49 to 123', '1,175')
    """
    low, high = int(row["yes"]), int(row["yes"] + row["unknown"])
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def sentence(text: str) -> str:
    """First letter large, one full stop at the end.

    Examples
    --------
    >>> sentence("at least 3 of 7 do")
    'At least 3 of 7 do.'
    """
    text = text.strip()
    return text[:1].upper() + text[1:].rstrip(".") + "."


def listed(parts: list[str], joint: str = "and") -> str:
    """Join words as a sentence does.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {joint} {parts[-1]}" if parts else ""


def clock(text: str) -> str:
    """A 24-hour time as people here say it.

    Examples
    --------
    >>> clock("18:00"), clock("17:30"), clock("12:00")
    ('6 pm', '5:30 pm', 'noon')
    """
    return spoken(minute_of(text) or 0)
