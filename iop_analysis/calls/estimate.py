"""Results of the calls: response rates, shares of all listed programs with their margins, and bounds beside them."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from iop_analysis.calls.answers import RUNS
from iop_analysis.calls.fields import outcomes, questions
from iop_analysis.calls.sampling import LEAST_ANSWERS, STRATA, z_score

INTERVAL_KIND = "sample"
METHOD = (
    "Shares are of all programs that the list names in the state, weighted by stratum; those who answered stand for "
    "those of their stratum who were not reached or not called, and who runs an IOP and left a question out is taken "
    "to answer as the others that run one. Intervals are 95 %, with finite population correction. The bounds, lower "
    "and upper share, need no such assumption about the called: they take everybody who was called and did not answer "
    "for a no, then for a yes; they hold no margin for who was not called."
)
PARTS = {
    "I": "complete",
    "P": "partial",
    "R": "declined",
    "NC": "no_contact",
    "O": "other",
    "U": "unknown",
    "NE": "not_eligible",
}
NOT_CALLED_YET = "U"
ESTIMATE_COLUMNS = [
    "question",
    "frame",
    "called",
    "answered",
    "yes",
    "share",
    "standard_error",
    "interval_low_share",
    "interval_high_share",
    "lower_share",
    "upper_share",
    "interval_kind",
    "strata",
]


def responses(strata: pd.DataFrame, calls: pd.DataFrame) -> pd.DataFrame:
    """How the calls ended, by stratum and in all, with the response rate.

    Parameters
    ----------
    strata
        `stratum`, `frame` (facilities of the list) and `called` (facilities of the sample).
    calls
        `stratum` and `outcome` of each facility of the sample; an empty outcome is one that was not called yet.

    Returns
    -------
    DataFrame
        `stratum` (the last row is `all`), `frame`, `called`, a count for each of `PARTS`, `response_rate` =
        complete / (called - not eligible), and `weighted_response_rate`, where each call counts for the
        frame / called facilities that it stands for; rates are 0-1, empty where nobody is eligible.

    References
    ----------
    American Association for Public Opinion Research, Standard Definitions: response rate 1 (RR1), I / ((I + P) +
    (R + NC + O) + (UH + UO)). A facility that is found closed is not eligible.
    """
    parts = calls["outcome"].map(outcomes()).fillna(NOT_CALLED_YET)
    counts = pd.crosstab(calls["stratum"], parts).reindex(index=strata["stratum"], columns=list(PARTS), fill_value=0)
    table = pd.concat([strata.set_index("stratum"), counts.rename(columns=PARTS)], axis=1)
    weight = table["frame"] / table["called"]
    eligible = table["called"] - table["not_eligible"]
    total = table.sum().rename("all").to_frame().T
    both = pd.concat([table, total]).astype("int64").rename_axis("stratum")
    rates = both["complete"] / (both["called"] - both["not_eligible"]).where(lambda count: count > 0)
    weighted = rates.copy()
    whole = float((weight * eligible).sum())
    weighted["all"] = float((weight * table["complete"]).sum()) / whole if whole else math.nan
    return both.assign(response_rate=rates, weighted_response_rate=weighted).reset_index()


def estimates(strata: pd.DataFrame, calls: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """The share of all listed programs for which each question is a yes.

    Parameters
    ----------
    strata, calls
        As in `responses`.
    answers
        A nullable boolean column for each of `fields.questions()`, on the index of `calls`.

    Returns
    -------
    DataFrame
        A row for each question, with the columns of `ESTIMATE_COLUMNS`: `share` with its `standard_error` and 95 %
        interval (0-1, empty where nobody answered), `lower_share` and `upper_share` for those who were called and
        did not answer, and the `strata` that were kept apart (`no+unknown`: too few answers to tell them apart).
    """
    rows = []
    for field in questions():
        counts = _answered(answers[field.key], answers[RUNS], calls["stratum"])
        table = strata.set_index("stratum").join(counts).fillna(0).reset_index()
        rows.append({"question": field.estimate} | stratified(table) | {"interval_kind": INTERVAL_KIND})
    return pd.DataFrame(rows)[ESTIMATE_COLUMNS]


def _answered(value: pd.Series, runs: pd.Series, stratum: pd.Series) -> pd.DataFrame:
    """By stratum: how many `answered` a question, how many said `yes`, and the answers that are `counted`.

    Who runs no IOP is a no without being asked. Where others leave the question out, all of these no would weigh too
    much, so only such a part of them is counted as of those that run an IOP answered: the share is then the share
    that runs one times the share that says yes among these.
    """
    marks = {
        "answered": value.notna(),
        "yes": value.fillna(False).astype(bool),
        "without": runs.eq(False).fillna(False),
        "running": runs.fillna(False).astype(bool),
        "told": runs.fillna(False).astype(bool) & value.notna(),
    }
    sums = pd.DataFrame(marks).astype(int).groupby(stratum).sum()
    part = (sums["told"] / sums["running"]).fillna(1.0)
    return sums[["answered", "yes"]].assign(counted=sums["answered"] - (1 - part) * sums["without"])


def stratified(table: pd.DataFrame) -> dict[str, object]:
    """The stratified estimate of one share, with its interval and bounds.

    Parameters
    ----------
    table
        `stratum`, `frame`, `called`, `answered` and `yes` of each stratum (facilities), and of the answers the number
        that is `counted` in the share.

    References
    ----------
    Cochran (1977), Sampling Techniques, 3rd ed., section 5.10: the share is the mean of the strata's shares p_h
    weighted by W_h = N_h / N, its variance the sum of W_h² (1 - m_h / N_h) p_h (1 - p_h) / (m_h - 1), with m_h answers
    among N_h. Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, ch. 15: who answers is taken for a
    random part of the stratum. Interval: Wilson's in each stratum, joined as Zou, Huang & Zhang (2009, Computational
    Statistics & Data Analysis 53) do for sums of shares. The plain interval of 1.96 standard errors has no width where
    a small stratum says only yes or only no, which is common here.
    """
    table = _joined(table)
    size, answered, counted, yes = (table[name].to_numpy(float) for name in ("frame", "answered", "counted", "yes"))
    found: dict[str, object] = {name: int(table[name].sum()) for name in ("frame", "called", "answered", "yes")}
    found["strata"] = " ".join(table["stratum"])
    weight = size / size.sum()
    silent = table["called"].to_numpy(float) - answered
    found["lower_share"] = float((weight * yes / table["called"]).sum())
    found["upper_share"] = float((weight * (yes + silent) / table["called"]).sum())
    names = ("share", "standard_error", "interval_low_share", "interval_high_share")
    if not counted.all():
        return found | dict.fromkeys(names, math.nan)
    share = yes / counted
    variance = weight**2 * (1 - counted / size) * share * (1 - share) / np.maximum(counted - 1, 1)
    low, high = wilson(yes, counted, size)
    whole = float((weight * share).sum())
    below = whole - math.sqrt((weight**2 * (share - low) ** 2).sum())
    above = whole + math.sqrt((weight**2 * (high - share) ** 2).sum())
    # What was heard is certain: the whole list has at least these yes and these no.
    below, above = max(below, yes.sum() / size.sum()), min(above, 1 - (answered - yes).sum() / size.sum())
    return found | dict(zip(names, (whole, math.sqrt(variance.sum()), below, above), strict=True))


def wilson(yes: np.ndarray, answered: np.ndarray, size: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Wilson's 95 % interval of each share, for a sample without replacement from a finite list.

    The answers count for answered * (size - 1) / (size - answered) independent ones; where all answered, the interval
    is the share itself.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22: 209-212.

    Examples
    --------
    >>> low, high = wilson(np.array([0.0, 8.0]), np.array([10.0, 10.0]), np.array([1e9, 10.0]))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.8], [0.278, 0.8])
    """
    share = yes / answered
    left = size - answered
    # Per independent answer: zero where all answered.
    each = z_score() ** 2 * left / (answered * np.maximum(size - 1, 1))
    middle = (share + each / 2) / (1 + each)
    half = np.sqrt(each * share * (1 - share) + each**2 / 4) / (1 + each)
    return np.maximum(middle - half, 0), np.minimum(middle + half, 1)


def _joined(table: pd.DataFrame) -> pd.DataFrame:
    """Strata without enough answers joined to the one with fewest answers, until each has enough or one is left."""
    rows: list[dict[Hashable, Any]] = [row for row in table.to_dict("records") if row["frame"] > 0]
    while len(rows) > 1:
        rows.sort(key=lambda row: row["counted"])
        thin = [row for row in rows if row["counted"] < min(LEAST_ANSWERS, row["frame"])]
        if not thin:
            break
        other = next(row for row in rows if row is not thin[0])
        rest = [row for row in rows if row is not thin[0] and row is not other]
        rows = [*rest, _sum(thin[0], other)]
    rows.sort(key=lambda row: _place(row["stratum"]))
    return pd.DataFrame(rows)


def _sum(one: dict[Hashable, Any], other: dict[Hashable, Any]) -> dict[Hashable, Any]:
    names = sorted([one["stratum"], other["stratum"]], key=_place)
    return {name: one[name] + other[name] for name in one if name != "stratum"} | {"stratum": "+".join(names)}


def _place(stratum: str) -> int:
    return STRATA.index(stratum.split("+")[0])
