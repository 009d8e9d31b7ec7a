"""What a filled call sheet says: cells become days, times and dates, and rows become answers to the questions."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from iop_analysis.calls.fields import GROUPS, outcomes, questions
from iop_analysis.criteria import hours_tests
from iop_analysis.hours.clock import read_span
from iop_analysis.hours.days import read_days
from iop_analysis.hours.minutes import WHOLE_DAY

YES, NO = "yes", "no"
RUNS, EVENING, SOON = "iop_running", "evening_group", "within_10_business_days"
BUSINESS_DAYS = 10
WEEKDAYS = range(5)
# A time says which half of the day it means by a word, or by an hour that only a 24-hour clock shows.
TOLD = re.compile(r"[ap]\.?\s?m\b|noon|\b(?:1[3-9]|2[0-4])[:.]\d\d")


def read_time(text: str) -> tuple[int, int] | None:
    """Opening and closing minute of a group's time; None where AM or PM would be a guess.

    Examples
    --------
    >>> read_time("6-9 PM"), read_time("18:00-21:00"), read_time("6-9")
    ((1080, 1260), (1080, 1260), None)
    """
    span = read_span(text.lower())
    if span is None or span.other or span.closes > WHOLE_DAY:
        return None
    return (span.opens, span.closes) if TOLD.search(text.lower()) else None


def read_date(text: str) -> dt.date | None:
    """The day of a text such as 2026-05-04 or 5/4/2026; None where it is none.

    Examples
    --------
    >>> read_date("5/4/2026") == read_date("2026-05-04") == dt.date(2026, 5, 4), read_date("soon")
    (True, None)
    """
    for form in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return dt.datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


CHECKS: dict[str, Callable[[str], Any]] = {
    "days": lambda text: read_days(text.lower()),
    "time": read_time,
    "date": read_date,
    "count": lambda text: int(text) if text.isdigit() else None,
}


def answers(calls: pd.DataFrame) -> pd.DataFrame:
    """Whether each facility runs an IOP, and whether that IOP does what is asked, as nullable booleans.

    A facility that is closed, or that runs no IOP, is a no to every question. An evening group counts where one is
    named or one of the groups meets on a weekday for an hour after 6 pm, as `evening` does in criteria; an
    appointment is within ten business days where that is said or follows from the dates (weekends left out,
    holidays not).
    """
    closed = calls["outcome"].map(outcomes()).eq("NE")
    found = pd.DataFrame({field.key: _said(calls[field.key]) for field in questions()}, index=calls.index)
    evening = pd.Series([evening_group(call) for _, call in calls.iterrows()], index=calls.index, dtype="boolean")
    found[EVENING] = found[EVENING].mask(evening, True)
    found[SOON] = found[SOON].fillna(_soon(calls))
    runs = found[RUNS].mask(closed, False)
    return pd.DataFrame({name: found[name] & runs for name in found})


def _said(texts: pd.Series) -> pd.Series:
    return texts.map({YES: True, NO: False}).astype("boolean")


def evening_group(call: pd.Series) -> bool:
    """Whether one of the row's groups meets on a weekday evening, long enough."""
    rule = hours_tests.DEFAULTS["evening"]
    after, minutes = hours_tests.clock(rule["after"]), rule["minutes"]
    for number in range(1, GROUPS + 1):
        days = read_days(str(call[f"group_{number}_days"]).lower())
        span = read_time(str(call[f"group_{number}_time"]))
        if days and span and set(days.days) & set(WEEKDAYS) and span[1] - max(span[0], after) >= minutes:
            return True
    return False


def _soon(calls: pd.DataFrame) -> pd.Series:
    called, offered = (calls[name].map(read_date) for name in ("call_date", "next_date"))
    both = called.notna() & offered.notna()
    found = pd.Series(pd.NA, index=calls.index, dtype="boolean")
    pairs = zip(called[both], offered[both], strict=True)
    found[both] = [bool(np.busday_count(*pair) <= BUSINESS_DAYS) for pair in pairs]
    return found
