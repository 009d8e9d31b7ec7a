"""Results of the calls: shares of all listed programs with their margins, bounds and sensitivity beside them."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from iop_analysis.calls import appointments
from iop_analysis.calls.answers import RUNS
from iop_analysis.calls.fields import questions
from iop_analysis.calls.rates import tried
from iop_analysis.calls.sampling import LEAST_ANSWERS, STRATA, z_score

INTERVAL_KIND = "sample"
# How readily programs with one answer and with the other are taken to answer, where answering may depend on the answer.
RESPONSE = ((0.65, 0.55), (0.7, 0.4))
METHOD = (
    "Shares are of all programs that the list names in the state, weighted by stratum; those who answered stand for "
    "those of their stratum who were not reached or not called, and who runs an IOP and left a question out is taken "
    "to answer as the others that run one. Intervals are 95 %, with finite population correction. The bounds, lower "
    "and upper share, need no such assumption about the called: they take everybody who was called and did not answer "
    "for a no, then for a yes; they hold no margin for who was not called."
)
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


def estimates(strata: pd.DataFrame, calls: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """The share of all listed programs for which each question is a yes.

    Parameters
    ----------
    strata, calls
        As in `rates.responses`; only calls that were tried count.
    answers
        A nullable boolean column for each of `fields.questions()`, on the index of `calls`.

    Returns
    -------
    DataFrame
        A row for each question, with the columns of `ESTIMATE_COLUMNS`: `share` with its `standard_error` and 95 %
        interval (0-1, empty where nobody answered), `lower_share` and `upper_share` for those who were called and
        did not answer, and the `strata` that were kept apart (`no+unknown`: too few answers to tell them apart).
    """
    rows = [
        {"question": name} | stratified(table) | {"interval_kind": INTERVAL_KIND}
        for name, table in counted(strata, calls, answers).items()
    ]
    return pd.DataFrame(rows)[ESTIMATE_COLUMNS]


def counted(strata: pd.DataFrame, calls: pd.DataFrame, answers: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """For each question the counts of each stratum, as `stratified` takes them.

    To the questions of the sheet come those that need no answer (`appointments.per_listing`) and whether all of the
    listing is right.
    """
    listing = appointments.per_listing(calls)
    values = {field.estimate: (answers[field.key], answers[RUNS]) for field in questions()}
    whole = pd.Series(pd.NA, index=calls.index, dtype="boolean")
    values[appointments.LISTING_RIGHT] = appointments.listing_right(calls, answers), whole
    values |= {name: (listing[key], whole) for key, name in appointments.PER_LISTING.items()}
    called = tried(calls).groupby(calls["stratum"]).sum()
    reached = strata.assign(called=strata["stratum"].map(called).fillna(0).astype("int64")).set_index("stratum")
    return {
        name: reached.join(_answered(value, runs, calls["stratum"])).fillna(0).reset_index()
        for name, (value, runs) in values.items()
    }


def sensitivity(strata: pd.DataFrame, calls: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """What each share would be if programs answered the telephone more, or less, readily the better their answer is.

    Returns
    -------
    DataFrame
        `question`, `share`, then for each pair of `RESPONSE` the share if programs with a yes answered with the first
        probability and those with a no with the second (`low_…`), and the reverse (`high_…`); 0-1.

    References
    ----------
    A pattern-mixture adjustment: p' = (p / a) / (p / a + (1 - p) / b) within each stratum.
    """
    rows = []
    for name, table in counted(strata, calls, answers).items():
        joined = pd.DataFrame(_joined(table))
        row: dict[str, object] = {"question": name, "share": _tilted(joined, 1.0)}
        for often, rarely in RESPONSE:
            row[f"low_{often:g}_{rarely:g}"] = _tilted(joined, often / rarely)
            row[f"high_{often:g}_{rarely:g}"] = _tilted(joined, rarely / often)
        rows.append(row)
    return pd.DataFrame(rows)


def _tilted(table: pd.DataFrame, ratio: float) -> float:
    """The share where a yes answers `ratio` times as readily as a no; not a number where a stratum did not answer."""
    if not table["counted"].all():
        return math.nan
    share, weight = table["yes"] / table["counted"], table["frame"] / table["frame"].sum()
    return float((weight * share / (share + (1 - share) * ratio)).sum())


def few_hidden(estimates: pd.DataFrame) -> pd.DataFrame:
    """The estimates with counts only where fewer than ten answered."""
    few = estimates["answered"] < appointments.FEW
    shares = [name for name in map(str, estimates) if name.endswith("_share") or name in ("share", "standard_error")]
    return estimates.assign(**{name: estimates[name].mask(few) for name in shares})


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
    rows = _joined(table)
    size, called, answered, counted, yes = (
        np.array([row[name] for row in rows], dtype=float) for name in ("frame", "called", "answered", "counted", "yes")
    )
    sums = {"frame": size, "called": called, "answered": answered, "yes": yes}
    found: dict[str, object] = {name: int(column.sum()) for name, column in sums.items()}
    found["strata"] = " ".join(row["stratum"] for row in rows)
    weight = size / size.sum()
    silent = called - answered
    called[called == 0] = math.nan
    found["lower_share"] = float((weight * yes / called).sum())
    found["upper_share"] = float((weight * (yes + silent) / called).sum())
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


def _joined(table: pd.DataFrame) -> list[dict[Hashable, Any]]:
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
    return sorted(rows, key=lambda row: _place(row["stratum"]))


def _sum(one: dict[Hashable, Any], other: dict[Hashable, Any]) -> dict[Hashable, Any]:
    names = sorted([one["stratum"], other["stratum"]], key=_place)
    return {name: one[name] + other[name] for name in one if name != "stratum"} | {"stratum": "+".join(names)}


def _place(stratum: str) -> int:
    return STRATA.index(stratum.split("+")[0])
