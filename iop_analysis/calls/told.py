"""What the calls found, in sentences for a page: appointments, wrong listings, waits, the rule, what could tilt it."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any

import pandas as pd

from iop_analysis.calls import appointments

VERDICTS = {
    "within": "At least 90 % offer an appointment within ten business days.",
    "not within": "Fewer than 90 % offer an appointment within ten business days.",
    "cannot tell": "Whether 90 % offer an appointment within ten business days cannot be told from these calls.",
}


def sentences(estimates: pd.DataFrame, waits: pd.DataFrame, verdict: str, sensitivity: pd.DataFrame) -> list[str]:
    """Sentences on what calls brought, as `Results` holds it; nothing where fewer than ten listings were tried."""
    rows = {str(row["question"]): row for row in estimates.to_dict("records")}
    offered, wrong = (rows[appointments.PER_LISTING[name]] for name in ("appointment", "wrong"))
    if offered["answered"] < appointments.FEW:
        return []
    said = [
        f"Of {offered['answered']:,} listings tried, {offered['yes']:,} ({_percent(offered['share'])}) led to "
        f"an offer of a first day, and {wrong['yes']:,} had a wrong number or were closed. Nothing was booked.",
        _waits(waits),
        VERDICTS[verdict],
        _tilted(sensitivity),
    ]
    return [text for text in said if text]


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _waits(waits: pd.DataFrame) -> str:
    median, late = waits.set_index("quantile").loc[list(appointments.QUANTILES)].to_dict("records")
    if pd.isna(median["days"]):
        return ""
    return (
        f"Of {median['answered']:,} first days, half lie within {median['days']:.0f} days of the call (95 % interval "
        f"{_between(median)}) and nine in ten within {late['days']:.0f} ({_between(late)})."
    )


def _between(row: dict[Hashable, Any]) -> str:
    high = row["interval_high_days"]
    return f"{row['interval_low_days']:.0f} to {'no known end' if math.isinf(high) else f'{high:.0f}'}"


def _tilted(sensitivity: pd.DataFrame) -> str:
    """What the evening share would be if answering the telephone depended on it."""
    rows = sensitivity[sensitivity["question"].str.contains("Evening")]
    if rows.empty or rows["share"].isna().all():
        return ""
    row = rows.iloc[0]
    mild, strong = (
        f"{_percent(row[f'low_{pair}'])} to {_percent(row[f'high_{pair}'])}" for pair in ("0.65_0.55", "0.7_0.4")
    )
    return (
        f"If answering depends on the answer, the {_percent(row['share'])} with an evening group would be {mild} (65 % "
        f"of one kind answer and 55 % of the other, either way), or {strong} (70 % and 40 %)."
    )
