"""The drawing of trends: shares by survey year; breaks and missing years stay visible, n and response stand below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from iop_analysis.report.figures import HALF_INCHES, INK, MUTED, YES
from iop_analysis.report.words import FEW, listed, percent

HEIGHT_INCHES, LEFT, BOTTOM = 3.3, 0.2, 0.25
# Ink, dash and marker differ, so that each line is told apart in grey too.
LINES = (
    {"color": YES, "linestyle": "-", "marker": "o"},
    {"color": "#5c7ea6", "linestyle": "--", "marker": "s"},
    {"color": INK, "linestyle": ":", "marker": "^"},
    {"color": MUTED, "linestyle": "-.", "marker": "D"},
)


def trend_canvas() -> tuple[Canvas, Axes]:
    """A figure of half the report's width with room for the rows under a trend."""
    figure = Canvas(figsize=(HALF_INCHES, HEIGHT_INCHES))
    return figure, figure.add_axes((LEFT, BOTTOM, 0.985 - LEFT, 0.64))


def trend_lines(ax: Axes, trends: Mapping[str, pd.DataFrame], what: str = "facilities") -> Axes:
    """Draw the share that said yes of all that responded, one line a question, by survey year.

    A line runs only between neighboring years without a break; what lies between other points is not known. A break
    is a dashed upright line before the point that it concerns, with the questions it touches. The shares are of
    censuses and carry no intervals. Points of fewer than 10 facilities are left out.

    Parameters
    ----------
    ax
        Axes to draw on, with room below for two rows.
    trends
        Label of each question with its table of `metrics.trends.trends` for one place and one universe.
    what
        What is counted in `n`, as the heading of its row.

    Returns
    -------
    Axes
        The same axes.

    Examples
    --------
    >>> from iop_analysis.carried import trends as at_hand
    >>> ax = trend_lines(trend_canvas()[1], {"sliding fee": at_hand.trends_of("sliding_fee")}, "IOPs")
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['sliding fee']
    """
    for (label, table), style in zip(trends.items(), LINES, strict=False):
        points = shown(table)
        ax.plot(points["survey_year"], points["lower_share"], label=label, **_dots(style))
        for before, after in _joined(points):
            ax.plot(before, after, color=style["color"], linestyle=style["linestyle"], linewidth=1.8)
    years = next(iter(trends.values()))
    _frame(ax, years["survey_year"].min(), years["survey_year"].max())
    _breaks(ax, trends)
    _rows(ax, years, what)
    return ax


def _dots(style: dict[str, str]) -> dict[str, Any]:
    """A filled marker for the first line and hollow ones for the others: what lies under them shows through."""
    face = style["color"] if style is LINES[0] else "none"
    return {
        "color": style["color"],
        "marker": style["marker"],
        "markerfacecolor": face,
        "markeredgewidth": 1.6,
        "markersize": 6,
        "linewidth": 0,
    }


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """The points that may be drawn: a share is known, and it is of at least 10 facilities."""
    enough = table["lower_share"].notna() & table["facilities"].ge(FEW).fillna(False).astype(bool)
    return table[enough]


def _joined(points: pd.DataFrame) -> list[tuple[list[int], list[float]]]:
    """Years and shares of each pair of neighboring years without a break between them."""
    rows = points[["survey_year", "lower_share", "breaks"]].to_dict("records")
    pairs = [
        (one, two)
        for one, two in zip(rows, rows[1:], strict=False)
        if two["survey_year"] == one["survey_year"] + 1 and not two["breaks"]
    ]
    return [([one["survey_year"], two["survey_year"]], [one["lower_share"], two["lower_share"]]) for one, two in pairs]


def broken(trends: Mapping[str, pd.DataFrame]) -> dict[int, list[str]]:
    """Years before which something changed, with the labels of the questions that it touches."""
    found: dict[int, list[str]] = {}
    for label, table in trends.items():
        for year in table.loc[table["breaks"] != "", "survey_year"]:
            found.setdefault(int(year), []).append(label)
    return dict(sorted(found.items()))


def _breaks(ax: Axes, trends: Mapping[str, pd.DataFrame]) -> None:
    for year, labels in broken(trends).items():
        ax.axvline(year - 0.5, color=MUTED, linestyle=(0, (4, 3)), linewidth=1)
        touched = "all" if len(labels) == len(trends) else listed(labels)
        ax.text(year - 0.6, 0.03, f"break: {touched}", rotation=90, ha="right", va="bottom", fontsize=8, color=MUTED)


def _frame(ax: Axes, first: int, last: int) -> None:
    ax.set_xlim(first - 0.8, last + 0.8)
    ax.set_ylim(0, 1)
    ax.set_yticks(np.arange(0, 1.01, 0.2), [f"{share}%" for share in range(0, 101, 20)])
    ax.set_ylabel("said yes, of all that responded")
    ax.grid(axis="y", color="#dfe3e8", linewidth=0.8)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    handles, _ = ax.get_legend_handles_labels()
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=len(handles), frameon=False, fontsize=9, borderaxespad=0.2
    )


def _rows(ax: Axes, table: pd.DataFrame, what: str) -> None:
    """Under each year with a file its n and the response rate of the survey; the others have a tick alone."""
    at_hand = table[table["gap"] != "no file"]
    years = at_hand["survey_year"].astype(int).tolist()
    ax.set_xticks(years, [f"’{year % 100:02d}" for year in years], fontsize=8)
    ax.set_xticks(table["survey_year"].astype(int).tolist(), minor=True)
    rows = ((what, "facilities", "{:,.0f}"), ("answered", "response_rate", "{:.0%}"))
    for line, (heading, column, form) in enumerate(rows):
        height = -0.17 - 0.1 * line
        ax.text(-0.03, height, heading, transform=ax.transAxes, ha="right", va="center", fontsize=7.5, color=MUTED)
        for year, number in zip(years, at_hand[column], strict=True):
            text = "?" if pd.isna(number) else form.format(number)
            ax.text(year, height, text, transform=ax.get_xaxis_transform(), ha="center", va="center", fontsize=7)


def describe_trends(trends: Mapping[str, pd.DataFrame], what: str) -> str:
    """Alternative text of `trend_lines`: every point with its n, the breaks, and the years without a file."""
    lines = []
    for label, table in trends.items():
        rows = shown(table).to_dict("records")
        points = [f"{row['survey_year']} {percent(row['lower_share'])} of {row['facilities']:,}" for row in rows]
        lines.append(f"{label}: {', '.join(points) or 'no point'}")
    years = next(iter(trends.values()))
    missing = years.loc[years["gap"] == "no file", "survey_year"].astype(str).tolist()
    said = [f"Break before {year} ({listed(labels)})." for year, labels in broken(trends).items()]
    gaps = [f"No file at hand for {listed(missing)}."] if missing else []
    return " ".join([f"{what}. {'; '.join(lines)}.", *said, *gaps])
