"""What a call brings: an appointment or none, a wrong listing, how long a new patient waits."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.special import bdtr

from iop_analysis.calls.answers import read_date
from iop_analysis.calls.fields import outcomes
from iop_analysis.calls.rates import tried
from iop_analysis.calls.sampling import CONFIDENCE

WRONG = "wrong number"
# A share needs this many answers, and so do quantiles; below it only counts are told.
FEW = 10
QUANTILES = {"median": 0.5, "90th percentile": 0.9}
# Appointments of behavioral health: 90 % within ten business days (42 CFR 438.68(e)).
RULE_SHARE = 0.9
FACTS = ("address_right", "in_network", "new_patients")
PER_LISTING = {"appointment": "Appointment offered, of all listings tried", "wrong": "Wrong number or closed, of these"}
LISTING_RIGHT = "Number, address, network and new patients as listed"


def per_listing(calls: pd.DataFrame) -> pd.DataFrame:
    """For every listing tried whether a first day was offered, and whether number or facility proved wrong.

    Who did not answer offered nothing; that a listing is wrong is said only of a wrong number and of a closed facility.
    Listings not tried are missing.
    """
    called = tried(calls)
    closed = calls["outcome"].map(outcomes()).eq("NE")
    offered = calls["next_date"].map(read_date).notna()
    marks = {"appointment": offered, "wrong": closed | calls["outcome"].eq(WRONG)}
    return pd.DataFrame({name: mark.astype("boolean").where(called) for name, mark in marks.items()})


def listing_right(calls: pd.DataFrame, answers: pd.DataFrame) -> pd.Series:
    """Whether all that was asked of a listing holds: telephone, address, network, new patients; missing if unasked."""
    wrong = per_listing(calls)["wrong"].fillna(False).astype(bool)
    right = pd.Series(True, index=calls.index, dtype="boolean")
    for name in FACTS:
        right &= answers[name]
    return right.mask(wrong, False)


def waits(calls: pd.DataFrame) -> pd.DataFrame:
    """Days from the call to the first day offered: median and 90th percentile with intervals.

    Returns
    -------
    DataFrame
        `quantile`, `answered` (calls with both dates), `days`, `interval_low_days`, `interval_high_days`; under ten
        answers counts only.

    References
    ----------
    Conover (1999), Practical Nonparametric Statistics, 3rd ed., section 3.2: the interval of a quantile lies between
    two ordered values whose places come from the binomial distribution; nothing is assumed of the waits.
    """
    called, offered = (calls[name].map(read_date) for name in ("call_date", "next_date"))
    both = called.notna() & offered.notna()
    pairs = zip(called[both], offered[both], strict=True)
    days = np.sort(np.array([(later - day).days for day, later in pairs], dtype=float))
    rows = [{"quantile": name, "answered": len(days)} | _quantile(days, share) for name, share in QUANTILES.items()]
    return pd.DataFrame(rows)


def _quantile(days: np.ndarray, share: float) -> dict[str, float]:
    names = ("days", "interval_low_days", "interval_high_days")
    if len(days) < FEW:
        return dict.fromkeys(names, math.nan)
    tail = (1 - CONFIDENCE) / 2
    # How likely it is that so many waits, none to all, are no longer than the quantile.
    likely = bdtr(np.arange(len(days) + 1), len(days), share)
    low, high = int(np.searchsorted(likely, tail)), int(np.searchsorted(likely, 1 - tail)) + 1
    # Beyond the last value no upper end is known: the interval is open there.
    upper = days[high - 1] if high <= len(days) else math.inf
    value = float(np.quantile(days, share, method="inverted_cdf"))
    return dict(zip(names, (value, float(days[max(low - 1, 0)]), float(upper)), strict=True))


def verdict(estimates: pd.DataFrame, question: str) -> str:
    """Whether at least 90 % offer an appointment within ten business days: `within`, `not within` or `cannot tell`."""
    row = estimates.set_index("question").loc[question]
    if pd.isna(row["share"]) or row["answered"] < FEW:
        return "cannot tell"
    if row["interval_low_share"] >= RULE_SHARE:
        return "within"
    return "not within" if row["interval_high_share"] < RULE_SHARE else "cannot tell"
