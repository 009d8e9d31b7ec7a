"""The hours tests of criteria: evening, weekend and sessions, asked of the hours rows of many facilities at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from iop_analysis.catalog import answers
from iop_analysis.criteria.witnesses import Voices, agreed, any_of, voices
from iop_analysis.errors import CallError
from iop_analysis.hours.minutes import WHOLE_DAY, minute_of
from iop_analysis.hours.week import NUMBERS

WEEKDAYS, WEEKEND = slice(0, 5), slice(5, 7)
# Scopes that say when the building is open. Intake and phone hours never count for an evening.
SITE_SCOPES = ("site", "office", "program")
BUILDING, PROGRAM = ("site", "office"), ("program",)
DEFAULTS: dict[str, dict[str, Any]] = {
    "evening": {"after": "18:00", "minutes": 60, "days": 1, "scope": "site"},
    "weekend": {"scope": "site"},
    "sessions": {"n": 3, "minutes": 180, "after": "17:30", "scope": "site"},
}
TESTS = tuple(DEFAULTS)
EXAMPLES = {
    "evening": "evening(after='18:00', minutes=60, days=1)",
    "weekend": "weekend()",
    "sessions": "sessions(n=3, minutes=180, after='17:30')",
}
# Why an unknown is unknown; the first of them where an answer has several reasons.
UNKNOWN_KINDS = (
    "not_asked",
    "not_reported",
    "by_appointment",
    "24_hour_site",
    "unreadable",
    "site_hours_only",
    "program_hours_only",
    "witnesses_disagree",
)
KIND = {name: number for number, name in enumerate(UNKNOWN_KINDS)}
KNOWN = len(UNKNOWN_KINDS)
SILENT = ("unknown", "by_appointment", "not_asked")
LIMITS = {"minutes": (1, WHOLE_DAY), "days": (1, 5), "n": (1, 7)}

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Kinds = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Weeks:
    """Merged opening intervals of `count` facilities and what is unknown about each.

    `row`, `day`, `opens`, `closes` are one entry per interval (minutes after midnight); `unknown` (count x 7) marks
    days that carry hours which could not be read, `blank` (count) facilities of whose week nothing is known.
    """

    count: int
    row: Numbers
    day: Numbers
    opens: Numbers
    closes: Numbers
    unknown: Flags
    whole: Flags
    blank: Flags


def clock(text: str) -> int:
    """Minutes after midnight of `HH:MM`; 24:00 ends the day.

    Examples
    --------
    >>> clock("17:30")
    1050
    """
    if not isinstance(text, str) or not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d|24:00", text):
        raise CallError(f"{text!r} is no time of day; write it as '18:00'.")
    return minute_of(text) or 0


def check(test: str, given: dict[str, Any]) -> None:
    """Refuse arguments of an hours test that make no sense; a `CallError` says what would."""
    for key, value in given.items():
        if key == "after":
            clock(value)
        elif key == "scope":
            if value not in ("site", "program"):
                raise CallError(f"{test} takes scope='site' or scope='program', not {value!r}.")
        elif type(value) is not int or not LIMITS[key][0] <= value <= LIMITS[key][1]:
            raise CallError(f"{test} takes {key} from {LIMITS[key][0]} to {LIMITS[key][1]}, not {value!r}.")


def weeks(facilities: pd.DataFrame, hours: pd.DataFrame, scopes: tuple[str, ...] = SITE_SCOPES) -> Weeks:
    """The weeks of facilities in the given scopes, touching and overlapping intervals merged within a day."""
    count = len(facilities)
    place = pd.Series(np.arange(count), index=facilities["facility_id"])
    mine = hours[hours["scope"].isin(scopes) & hours["facility_id"].isin(place.index)]
    row = place.loc[mine["facility_id"]].to_numpy(dtype=np.int64)
    day = mine["day"].map(NUMBERS).to_numpy(dtype=np.int64)
    read = mine["opens_minute"].notna().to_numpy(dtype=bool)
    unknown = np.zeros((count, 7), dtype=bool)
    unknown[row[~read], day[~read]] = True
    spans = mine[read]
    merged = _merge(
        row[read].astype(np.int64),
        day[read].astype(np.int64),
        _numbers(spans["opens_minute"]),
        _numbers(spans["closes_minute"]),
    )
    whole = np.zeros((count, 7), dtype=bool)
    full = merged[3] - merged[2] >= WHOLE_DAY
    whole[merged[0][full], merged[1][full]] = True
    return Weeks(count, *merged, unknown, whole, silent(facilities, mine, scopes))


def silent(facilities: pd.DataFrame, hours: pd.DataFrame, scopes: tuple[str, ...]) -> Flags:
    """Flags of the facilities of whose week nothing is known in the given scopes."""
    spoken = facilities["facility_id"].isin(hours.loc[hours["scope"].isin(scopes), "facility_id"])
    return (~spoken | facilities["hours_status"].isin(SILENT)).to_numpy(dtype=bool)


def _numbers(minutes: pd.Series) -> Numbers:
    return minutes.to_numpy(dtype=np.int64)


def _merge(row: Numbers, day: Numbers, opens: Numbers, closes: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Union of intervals per facility and day: sort, then start a new one where nothing before it reaches it."""
    order = np.lexsort((closes, opens, day, row))
    key = (row * 7 + day)[order]
    # A running maximum over all days at once: adding the day's number times more than a day keeps days apart.
    shift = key * (2 * WHOLE_DAY)
    starts, ends = (
        opens[order] + shift,
        np.maximum.accumulate(closes[order] + shift) if len(key) else closes[order],
    )
    fresh = np.ones(len(key), dtype=bool)
    fresh[1:] = starts[1:] > ends[:-1]
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(key)) - 1 if len(first) else first
    return key[first] // 7, key[first] % 7, (starts - shift)[first], (ends - shift)[last]


def longest(open_weeks: Weeks, after: int) -> Numbers:
    """Longest single interval after a minute of the day, count x 7, in minutes; 0 where there is none."""
    found = np.zeros((open_weeks.count, 7), dtype=np.int64)
    length = open_weeks.closes - np.maximum(open_weeks.opens, after)
    np.maximum.at(found, (open_weeks.row, open_weeks.day), length)
    return found


def ask(test: str, given: dict[str, Any], facilities: pd.DataFrame, hours: pd.DataFrame) -> tuple[Any, Any]:
    """Answer an hours test for each facility.

    Where the hours have witnesses each answers by itself: what none contradicts is the answer, else it is unknown.

    Returns
    -------
    tuple
        A nullable boolean array (yes, no, unknown) and the kind of each unknown as its number in `UNKNOWN_KINDS`;
        `KNOWN` where the answer is known.
    """
    options, speaking = DEFAULTS[test] | given, voices(facilities, hours)
    site = _site(test, options, speaking, len(facilities))
    return site if options["scope"] == "site" else _program(test, options, speaking, site)


def _together(speaking: Voices, count: int, answer: tuple[Any, Any]) -> tuple[Any, Any]:
    value, kinds = agreed(speaking.owner, count, *answer, disagree=KIND["witnesses_disagree"], known=KNOWN)
    return value, kinds


def _site(test: str, options: dict[str, Any], speaking: Voices, count: int) -> tuple[Any, Any]:
    """What is known of the building; of a program alone an evening group opens a door, and its absence shuts none."""
    value, kinds = _answer(test, options, weeks(speaking.facilities, speaking.hours), speaking.facilities)
    shut = silent(speaking.facilities, speaking.hours, BUILDING) & ~value.isna() & ~value.fillna(False)
    value = value.copy()
    value[shut] = pd.NA
    return _together(speaking, count, (value, np.where(shut, KIND["program_hours_only"], kinds).astype(np.int8)))


def _program(test: str, options: dict[str, Any], speaking: Voices, site: tuple[Any, Any]) -> tuple[Any, Any]:
    """What is known of the program: its own hours where there are any, else a closed building holds none."""
    count = len(site[0])
    program_weeks = weeks(speaking.facilities, speaking.hours, PROGRAM)
    program = _together(speaking, count, _answer(test, options, program_weeks, speaking.facilities))
    open_site = ~site[0].isna() & site[0].fillna(False)
    value = site[0].copy()
    value[open_site] = pd.NA
    kinds = np.where(open_site, KIND["site_hours_only"], site[1]).astype(np.int8)
    has_program = any_of(speaking.owner, count, ~program_weeks.blank)
    value[has_program] = program[0][has_program]
    return value, np.where(has_program, program[1], kinds)


@dataclass(frozen=True)
class HoursKnown:
    """How many of some facilities say when their program meets, that it meets in the evening, when the site is open."""

    program: int
    evening_said: int
    site_only: int
    nothing: int

    @property
    def sentence(self) -> str:
        """The four counts in a sentence."""
        return (
            f"Program hours known for {self.program:,}, site hours only for {self.site_only:,}, "
            f"says evening without a time for {self.evening_said:,}, nothing for the other {self.nothing:,}."
        )


def hours_known(facilities: pd.DataFrame, hours: pd.DataFrame) -> HoursKnown:
    """Count facilities by the best that is known of their hours: each in one class, the program's own words first."""
    program = ~silent(facilities, hours, PROGRAM)
    said = ~program & facilities["offers_evening_iop"].eq(answers.YES).to_numpy()
    site = ~program & ~said & ~silent(facilities, hours, BUILDING)
    return HoursKnown(*(int(flags.sum()) for flags in (program, said, site, ~program & ~said & ~site)))


def _answer(test: str, options: dict[str, Any], open_weeks: Weeks, facilities: pd.DataFrame) -> tuple[Any, Any]:
    good, needed = _days(test, options, open_weeks)
    open_question = (open_weeks.unknown | open_weeks.whole) & ~(good & ~open_weeks.whole)
    good = good & ~open_weeks.whole
    window = {"evening": WEEKDAYS, "weekend": WEEKEND, "sessions": slice(0, 7)}[test]
    sure = good[:, window].sum(axis=1)
    possible = sure + open_question[:, window].sum(axis=1)
    yes = ~open_weeks.blank & (sure >= needed)
    unknown = open_weeks.blank | (~yes & (possible >= needed))
    whole = open_weeks.whole[:, window].any(axis=1)
    status = facilities["hours_status"].to_numpy(dtype=object)
    silent = np.full(len(status), KIND["not_reported"])
    for name in ("by_appointment", "not_asked"):
        silent[status == name] = KIND[name]
    kinds = np.where(open_weeks.blank, silent, np.where(whole, KIND["24_hour_site"], KIND["unreadable"]))
    return pd.arrays.BooleanArray(yes, unknown), np.where(unknown, kinds, KNOWN).astype(np.int8)


def _days(test: str, options: dict[str, Any], open_weeks: Weeks) -> tuple[Flags, int]:
    """Days that count (count x 7) and how many are needed."""
    if test == "weekend":
        return longest(open_weeks, 0) > 0, 1
    good = longest(open_weeks, clock(options["after"])) >= options["minutes"]
    if test == "evening":
        return good, options["days"]
    # A weekend day has room for a session at any hour.
    good[:, WEEKEND] = longest(open_weeks, 0)[:, WEEKEND] >= options["minutes"]
    return good, options["n"]
