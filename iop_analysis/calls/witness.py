"""Telephone answers as a release, so that a list can hear them like any other witness."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.calls.answers import EVENING, RUNS, evening_group, read_date, read_time
from iop_analysis.calls.fields import GROUPS, outcomes
from iop_analysis.calls.reading import Filled
from iop_analysis.catalog import answers
from iop_analysis.hours.days import read_days
from iop_analysis.hours.minutes import WHOLE_DAY
from iop_analysis.hours.week import DAYS
from iop_analysis.raw.keeping import replacing
from iop_analysis.releases import listing
from iop_analysis.releases.listing import Listing
from iop_analysis.sources import HOURS_COLUMNS, Cleaned, notes

SOURCE = "calls"
# Columns of answers by the field of the sheet that asks for them, of a program that runs an IOP.
ANSWERS = {
    EVENING: "offers_evening_iop",
    "medicaid": "accepts_medicaid",
    "medicare": "accepts_medicare",
    "private_insurance": "accepts_private_insurance",
    "sliding_fee": "offers_sliding_fee",
    "new_patients": "accepts_new_patients",
}
WHO = ("facility_id", "name", "phone", "street", "city", "zip")
SPOKEN, CLOSED = ("I", "P"), "NE"


def keep(filled: Filled, path: Path) -> Listing:
    """Write the answers of a filled sheet as `calls@STATE-DAY`, the day of the last call, and return them.

    Who was not reached has no row. A facility that was found closed, or that runs no IOP, says no IOP and nothing else.
    Groups are hours of the program; days of which no group was told are unknown, since a caller may not have heard of
    all. That no group meets in the evening is an answer.
    """
    release = _release(filled, path)
    built = listing.standardize(_cleaned(filled), release)
    with replacing(raw.record_path(SOURCE, release.key)) as temporary:
        temporary.write_text(raw.record_text(release), encoding="utf-8")
    listing.write(built, release.sha256)
    return built


def _release(filled: Filled, path: Path) -> catalog.Release:
    days = sorted(filter(None, (read_date(text) for text in filled.calls["call_date"])))
    day = days[-1].isoformat() if days else ""
    state = filled.facts.get("state", "").lower()
    key = "-".join(filter(None, (state, day))) or re.sub(r"[^a-z0-9._-]+", "-", path.stem.lower()).strip("-")
    drawn = filled.facts.get("release", "")
    return catalog.Release(
        source=SOURCE,
        key=key,
        sha256=raw.sha256(path),
        reference_date=day,
        survey_year=days[-1].year if days else None,
        synthetic=filled.synthetic,
        facts={"drawn_from": drawn},
    )


def _cleaned(filled: Filled) -> Cleaned:
    part = filled.calls["outcome"].map(outcomes())
    calls = filled.calls[part.isin([*SPOKEN, CLOSED])].reset_index(drop=True)
    runs = calls[RUNS].mask(calls["outcome"].map(outcomes()).eq(CLOSED), answers.NO)
    facilities = calls[list(WHO)].assign(
        state=filled.facts.get("state", ""),
        facility_type="",
        information_date=[str(read_date(text) or "") for text in calls["call_date"]],
        offers_iop=_answer(runs),
    )
    for field, name in ANSWERS.items():
        facilities[name] = _answer(calls[field].where(runs == answers.YES, ""))
    late = pd.Series([evening_group(call) for _, call in calls.iterrows()], index=calls.index, dtype=bool)
    facilities["offers_evening_iop"] = facilities["offers_evening_iop"].mask(late & (runs == answers.YES), answers.YES)
    groups = [
        _groups(call) if run == answers.YES else [] for run, (_, call) in zip(runs, calls.iterrows(), strict=True)
    ]
    facilities["hours_status"] = ["partial" if rows else "unknown" for rows in groups]
    facilities["hours_text"] = [_text(call) for _, call in calls.iterrows()]
    hours = pd.DataFrame([row for rows in groups for row in rows], columns=HOURS_COLUMNS)
    silent = len(filled.calls) - len(calls)
    said = notes((silent, "programs were not reached, or not called yet: they say nothing"))
    return Cleaned(facilities, hours, said)


def _answer(texts: pd.Series) -> pd.Categorical:
    known = np.where(texts.isin([answers.YES, answers.NO]), texts, answers.NOT_REPORTED)
    return pd.Categorical(known.tolist(), dtype=answers.ANSWER_TYPE)


def _groups(call: pd.Series) -> list[dict[str, Any]]:
    """Hours rows of the groups that have days and a time, and a row without minutes for each day: more may meet."""
    rows = []
    for number in range(1, GROUPS + 1):
        days = read_days(str(call[f"group_{number}_days"]).lower())
        span = read_time(str(call[f"group_{number}_time"]))
        if days and span and span[0] < span[1] <= WHOLE_DAY:
            rows += [_row(call, day, span, f"group {number}, by telephone") for day in sorted(set(days.days))]
    return rows + [_row(call, day, (None, None), "more groups may meet") for day in range(7)] if rows else []


def _row(call: pd.Series, day: int, span: tuple[int, int] | tuple[None, None], label: str) -> dict[str, Any]:
    return dict(zip(HOURS_COLUMNS, (call["facility_id"], DAYS[day], *span, "program", label), strict=True))


def _text(call: pd.Series) -> str:
    told = [f"{call[f'group_{number}_days']} {call[f'group_{number}_time']}".strip() for number in range(1, GROUPS + 1)]
    day = read_date(str(call["call_date"]))
    said = "; ".join(filter(None, told))
    return f"by telephone{f' on {day}' if day else ''}: {said}" if said else ""
