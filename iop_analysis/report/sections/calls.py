"""The section on calls: what a telephone sample says, with its margin, beside the bounds that the file gives."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from iop_analysis import calls as survey
from iop_analysis import criteria
from iop_analysis.calls.answers import RUNS
from iop_analysis.calls.fields import questions
from iop_analysis.errors import CallError
from iop_analysis.report import figures, words
from iop_analysis.report.blocks import drawn, programs, source_line
from iop_analysis.report.gathered import Gathered, state_name, state_row
from iop_analysis.report.model import Block, Figure, Section, Table

TITLE = "What the calls say"
SAMPLE = "#8a4b00"
SHARES = (
    "Estimate",
    "95% interval from",
    "to",
    "Lower bound (not reached: all no)",
    "Upper bound (not reached: all yes)",
    "In the file, at least",
    "In the file, at most",
)


def calls(gathered: Gathered) -> Section:
    """The estimates of a filled call sheet beside the file; nothing where no sheet is given.

    Raises
    ------
    CallError
        The sheet is for another state, or one of sheet and report is synthetic and the other is not.
    DataError
        The sheet cannot be read; every bad cell is named.
    """
    if gathered.calls is None:
        return Section("calls", TITLE, ())
    results = survey.ingest(gathered.calls)
    _check(gathered, results)
    rows = _beside(gathered, results.estimates)
    blocks: list[Block] = [_reached(results), *results.sentences, _what(gathered, results)]
    if rows["share"].notna().any():
        blocks += [_figure(gathered, rows, results), NOT_THE_SAME]
    else:
        blocks.append(_table(gathered, rows, results))
    blocks += [survey.METHOD, _outcomes(results)]
    return Section("calls", TITLE, tuple(blocks))


NOT_THE_SAME = (
    "The two bars are not the same thing. The upper one is a sample: chance decided who was called, and its margin "
    "shrinks with more calls. The lower one is the list: it leaves open what facilities did not report, and does not "
    "shrink. The calls ask about the IOP, the list about the whole facility."
)


def _check(gathered: Gathered, results: survey.Results) -> None:
    assert gathered.calls is not None
    state = results.facts.get("state", "")
    if state != gathered.state:
        raise CallError(
            f"{gathered.calls.name} is a call sheet for {state or 'no state'}, and this report is for {gathered.state}."
        )
    if results.synthetic != gathered.synthetic:
        kinds = ("a real", "a SYNTHETIC")
        raise CallError(
            f"{gathered.calls.name} is {kinds[results.synthetic]} call sheet and this is {kinds[gathered.synthetic]} "
            "report; they are never mixed."
        )


def _beside(gathered: Gathered, estimates: pd.DataFrame) -> pd.DataFrame:
    """The estimates with `low` and `high`, the file's bounds for the same question; shares from ten on only."""
    haves = {field.estimate: field.key for field in questions()}
    bounds = [_bounds(gathered, haves.get(name, "")) for name in estimates["question"]]
    rows = estimates.assign(low=[low for low, _ in bounds], high=[high for _, high in bounds])
    sample = ["share", "interval_low_share", "interval_high_share", "lower_share", "upper_share"]
    rows[sample] = rows[sample].where((rows["frame"] >= words.FEW) & (rows["answered"] >= words.FEW))
    return rows


def _bounds(gathered: Gathered, have: str) -> tuple[float, float]:
    """Lower and upper share of a question in the file; empty where it does not ask, or of fewer than ten IOPs."""
    if programs(gathered) < words.FEW:
        return math.nan, math.nan
    if have == RUNS:
        # Who lists none is not in the list that was drawn from.
        return 1.0, 1.0
    if have not in criteria.words() or not gathered.main.asks(have):
        return math.nan, math.nan
    row = state_row(gathered.main, have, gathered.state)
    return float(row["lower_share"]), float(row["upper_share"])


def _reached(results: survey.Results) -> str:
    """Whom the calls reached; the last row of `responses` is that of all strata."""
    whole = results.responses.iloc[-1]
    rate = whole["response_rate"]
    told = f" The response rate is {words.percent(rate)} (AAPOR response rate 1)." if pd.notna(rate) else ""
    return (
        f"{whole['called']:,.0f} of {whole['frame']:,.0f} listed IOPs were drawn by chance, and "
        f"{whole['called'] - whole['not_called']:,.0f} were called; "
        f"{whole['complete']:,.0f} answered to the end, {whole['partial']:,.0f} in part, and "
        f"{words.plural(int(whole['not_eligible']), 'facility was', 'facilities were')} found closed, which counts as "
        f"no to every question.{told}"
    )


def _what(gathered: Gathered, results: survey.Results) -> str:
    release = results.facts.get("release", "")
    text = (
        f"The list behind the calls is {release}. Programs were drawn apart by what it says of "
        f"“{results.facts.get('criterion', '')}”: yes, no or unknown."
    )
    if release != gathered.main.release.name:
        text += f" The bounds beside them are from another list, {gathered.main.release.name}."
    return text


def _table(gathered: Gathered, rows: pd.DataFrame, results: survey.Results) -> Table:
    names = ["share", "interval_low_share", "interval_high_share", "lower_share", "upper_share", "low", "high"]
    frame = rows[["question", "answered", "yes", *names]].set_axis(["Question", "Answered", "Yes", *SHARES], axis=1)
    note = (
        f"Shares are of all {int(rows['frame'].iloc[0]):,} listed IOPs. Fewer than 10 answers: counts only. "
        "A dash: not asked, or too few for a share."
    )
    return Table("calls", "The sample beside the file", frame, _source(gathered, results), note, SHARES)


def _source(gathered: Gathered, results: survey.Results) -> str:
    return f"{_drawn(results)} Bounds of the file: {source_line(gathered.main).removeprefix('Source: ')}"


def _drawn(results: survey.Results) -> str:
    mark = "SYNTHETIC calls" if results.synthetic else "Telephone calls"
    return f"{mark}, drawn from {results.facts.get('release', '')} with seed {results.facts.get('seed', '')}."


def _figure(gathered: Gathered, rows: pd.DataFrame, results: survey.Results) -> Figure:
    title = f"IOPs of {state_name(gathered.state)}: a sample with its margin, and the list with its bounds"
    canvas, ax = figures.row_canvas([str(name) for name in rows["question"]])
    interval_bars(ax, rows)
    alt = f"{title}. {' '.join(_said(row) for row in rows.to_dict('records'))}"
    return drawn("calls", canvas, alt, _table(gathered, rows, results), gathered.synthetic)


def interval_bars(ax: Axes, rows: pd.DataFrame) -> Axes:
    """Draw for each question the sample's share with its interval, and under it the hatched bounds of the file.

    Parameters
    ----------
    ax
        Axes to draw on.
    rows
        `question`; `share`, `interval_low_share`, `interval_high_share` of the sample and `low`, `high` of the file
        (0-1, empty where there is none), from top to bottom.

    Returns
    -------
    Axes
        The same axes.
    """
    at = pd.Series(range(len(rows)), index=rows.index, dtype=float)
    known = rows["share"].notna()
    drawn = rows[known]
    reach = [drawn["share"] - drawn["interval_low_share"], drawn["interval_high_share"] - drawn["share"]]
    look: dict[str, Any] = {"fmt": "D", "color": SAMPLE, "markersize": 6, "elinewidth": 2.2, "capsize": 5}
    ax.errorbar(drawn["share"], at[known] - 0.17, xerr=reach, label="sample of calls, 95% interval", **look)
    file = rows["low"].notna()
    box: dict[str, Any] = {"color": figures.UNKNOWN, "hatch": "////", "edgecolor": figures.MUTED, "linewidth": 0.5}
    width = (rows["high"] - rows["low"])[file]
    ax.barh(at[file] + 0.2, width, left=rows["low"][file], height=0.26, label="list, at least to at most", **box)
    point = width.index[width == 0]
    ax.plot(rows["low"][point], at[point] + 0.2, "s", mfc=figures.UNKNOWN, mec=figures.MUTED, markersize=6)
    for place in at[~file]:
        ax.text(0.005, place + 0.2, "the list does not ask this", va="center", fontsize=8, color=figures.MUTED)
    ax.set_yticks(at, rows["question"])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xlim(0, 1.03)
    ax.xaxis.set_major_formatter(PercentFormatter(1.0))
    ax.set_xlabel("share of listed IOPs")
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.tick_params(axis="y", length=0)
    ax.legend(loc="lower left", bbox_to_anchor=(-0.5, 1.0), ncols=1, frameon=False, fontsize=8.5, borderaxespad=0.2)
    return ax


def _said(row: dict[Any, Any]) -> str:
    """One question of the figure in words."""
    text = f"{row['question']}: "
    if pd.isna(row["share"]):
        text += "too few answers"
    else:
        low, high = words.percent(row["interval_low_share"]), words.percent(row["interval_high_share"])
        text += f"sample {words.percent(row['share'])}, 95% interval {low} to {high}"
    if pd.notna(row["low"]):
        text += f"; list at least {words.percent(row['low'])}, at most {words.percent(row['high'])}"
    return text + "."


def _outcomes(results: survey.Results) -> Table:
    names = {
        "stratum": "Listed as",
        "frame": "In the list",
        "called": "Drawn",
        "complete": "Complete",
        "partial": "Partial",
        "declined": "Declined",
        "no_contact": "No contact",
        "other": "Other",
        "unknown": "No answer",
        "not_eligible": "Closed",
        "not_called": "Not called",
        "response_rate": "Response rate",
    }
    frame = results.responses[list(names)].rename(columns=names)
    frame["Response rate"] = frame["Response rate"].where(frame["Drawn"] >= words.FEW)
    note = "“No answer” holds wrong numbers; those not called yet are in no rate."
    return Table("call_outcomes", "How the calls ended", frame, _drawn(results), note, ("Response rate",))
