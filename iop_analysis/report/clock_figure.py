"""The drawing of access by the clock: residents within reach an hour after noon, 5, 6, 7 and 8 pm, both bounds."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import PercentFormatter

from iop_analysis.report.figures import HALF_INCHES, INK, LABEL_POINTS, MUTED, UNKNOWN, YES
from iop_analysis.report.words import clock, percent

HEIGHT_INCHES, WIDTH = 2.9, 0.36
# Ink and marker of each distance; the band above a mark is what is not known.
LOOKS: dict[int, dict[str, Any]] = {10: {"color": YES, "hatch": ""}, 5: {"color": "#5091cb", "hatch": ""}}


def clock_canvas() -> tuple[Canvas, Axes]:
    """A figure of half the report's width."""
    figure = Canvas(figsize=(HALF_INCHES, HEIGHT_INCHES))
    return figure, figure.add_axes((0.12, 0.13, 0.85, 0.7))


def clock_bands(ax: Axes, table: pd.DataFrame) -> Axes:
    """Draw for each hour two bars, 10 and 5 miles: solid what is sure, hatched what is possible.

    Parameters
    ----------
    ax
        Axes to draw on.
    table
        As `carried.clock.load` gives it.

    Returns
    -------
    Axes
        The same axes.
    """
    for number, (miles, look) in enumerate(LOOKS.items()):
        at = [place + (number - 0.5) * WIDTH * 1.1 for place in range(len(table))]
        low = table[f"within_{miles}mi_lower"] / table["population"]
        high = table[f"within_{miles}mi_widest"] / table["population"]
        ax.bar(at, low, WIDTH, color=look["color"], edgecolor=MUTED, linewidth=0.5, label=f"within {miles} miles")
        more: dict[str, Any] = {"color": UNKNOWN, "hatch": "////", "edgecolor": MUTED, "linewidth": 0.5}
        ax.bar(at, high - low, WIDTH, bottom=low, label="not known" if number else None, **more)
        for place, share in zip(at, low, strict=True):
            ink = "white" if look["color"] == YES else INK
            ax.text(place, 0.02, percent(share), ha="center", va="bottom", fontsize=6.6, color=ink)
    ax.set_xticks(range(len(table)), [clock(time) for time in table["after"]], fontsize=LABEL_POINTS)
    ax.set_ylim(0, 1)
    ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    ax.tick_params(axis="y", labelsize=8)
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(loc="lower left", bbox_to_anchor=(-0.12, 1.0), ncols=3, frameon=False, fontsize=8, columnspacing=1.0)
    return ax


def describe(table: pd.DataFrame, what: str) -> str:
    """Alternative text of `clock_bands`: every bound of every hour."""
    said = []
    for row in table.to_dict("records"):
        parts = []
        for miles in LOOKS:
            low, high = (row[f"within_{miles}mi_{kind}"] / row["population"] for kind in ("lower", "widest"))
            parts.append(f"within {miles} miles at least {percent(low)}, at most {percent(high)}")
        said.append(f"{clock(row['after'])}: {'; '.join(parts)}")
    return f"{what} {'. '.join(said)}."
