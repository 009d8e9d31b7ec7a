"""The drawings of a report: bars with bounds, funnels, evening by clock time; axes in, axes out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import MaxNLocator

# Dark, hatched and pale stay apart in grey and for every kind of colour vision.
YES, UNKNOWN, NO, INK, MUTED = "#00336e", "#ffffff", "#dfe3e8", "#1c2430", "#4a5464"
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "hatch.linewidth": 0.6,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": MUTED,
    "ytick.color": INK,
    "svg.fonttype": "none",
}
PARTS = (("yes", YES, "", "yes"), ("unknown", UNKNOWN, "////", "not known"), ("no", NO, "", "no"))
ROW_INCHES, WIDTH_INCHES = 0.42, 7.2
# Half of a page: labels stand above their bars there.
HALF_INCHES, HALF_ROW_INCHES = 3.5, 0.56
DIGIT_POINTS = 6.0


def canvas(labels: Sequence[str]) -> tuple[Canvas, Axes]:
    """A figure of the report's width, as high as its rows and as wide at the left as its labels need.

    The margins are set by hand: the layout engines of matplotlib take longer than the drawing.
    """
    height = sum(ROW_INCHES + 0.1 * label.count("\n") for label in labels) + 0.8
    left = min(0.5, (max(len(line) for label in labels for line in label.split("\n")) * 0.074 + 0.15) / WIDTH_INCHES)
    figure = Canvas(figsize=(WIDTH_INCHES, height))
    return figure, figure.add_axes((left, 0.48 / height, 0.985 - left, 1 - 0.8 / height))


def half_canvas(rows: int) -> tuple[Canvas, Axes]:
    """A figure of half the report's width for `bars` whose labels stand above them."""
    height = rows * HALF_ROW_INCHES + 0.75
    figure = Canvas(figsize=(HALF_INCHES, height))
    return figure, figure.add_axes((0.03, 0.45 / height, 0.94, 1 - 0.75 / height))


def bars(ax: Axes, table: pd.DataFrame, words: Sequence[str] = ("yes", "not known", "no"), above: bool = False) -> Axes:
    """Draw one stacked bar a row: yes, not known, no, in facilities.

    Parameters
    ----------
    ax
        Axes to draw on.
    table
        `label`, `yes`, `unknown`, `no` (facilities); drawn from top to bottom.
    words
        What the three parts are called in the legend; a part that is nowhere gets no entry.
    above
        Whether labels stand above their bars, for narrow axes.

    Returns
    -------
    Axes
        The same axes.
    """
    places = range(len(table))
    left = pd.Series(0, index=table.index)
    for (name, colour, hatch, _), word in zip(PARTS, words, strict=True):
        if table[name].any():
            ax.barh(
                places,
                table[name],
                left=left,
                color=colour,
                hatch=hatch,
                label=word,
                edgecolor=MUTED,
                linewidth=0.5,
                height=0.5 if above else 0.62,
            )
        left = left + table[name]
    _number_bars(ax, table)
    _label_bars(ax, list(table["label"]), above)
    ax.invert_yaxis()
    _quiet(ax, int(left.max()))
    return ax


def _label_bars(ax: Axes, labels: Sequence[str], above: bool) -> None:
    ax.set_yticks(range(len(labels)), [""] * len(labels) if above else list(labels))
    if above:
        ax.set_ylim(-0.62, len(labels) - 0.7)
        for place, label in enumerate(labels):
            ax.text(0, place - 0.3, label, ha="left", va="bottom", fontsize=9)


def _number_bars(ax: Axes, table: pd.DataFrame) -> None:
    """Write each count into its part of a bar where it fits."""
    whole = float((table["yes"] + table["unknown"] + table["no"]).max())
    figure = ax.get_figure(root=True)
    points = ax.get_position().width * (figure.get_figwidth() if figure else WIDTH_INCHES) * 72
    for place, row in enumerate(table.to_dict("records")):
        middle = 0.0
        for name, colour, _, _ in PARTS:
            if row[name] * points >= whole * (DIGIT_POINTS * len(f"{row[name]:,}") + 3) and row[name]:
                shade = "white" if colour == YES else INK
                box = {"facecolor": "white", "edgecolor": "none", "pad": 1.2} if name == "unknown" else None
                ax.text(
                    middle + row[name] / 2,
                    place,
                    f"{row[name]:,}",
                    ha="center",
                    va="center",
                    color=shade,
                    fontsize=9,
                    bbox=box,
                )
            middle += row[name]


def _quiet(ax: Axes, most: int) -> None:
    ax.set_xlim(0, most * 1.001)
    ax.set_xlabel("programs")
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=7, integer=True))
    handles, _ = ax.get_legend_handles_labels()
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=len(handles),
        frameon=False,
        fontsize=9,
        borderaxespad=0.2,
        handlelength=1.6,
    )


def mark_synthetic(figure: Canvas) -> None:
    """Write SYNTHETIC inside the image, where a copied picture keeps it."""
    figure.text(0.99, 0.01, "SYNTHETIC", ha="right", va="bottom", fontsize=11, weight="bold", color="#8a4b00")


def describe_bars(table: pd.DataFrame, what: str, words: Sequence[str]) -> str:
    """Alternative text of `bars`: what is drawn and every number in it."""
    rows = []
    for row in table.to_dict("records"):
        parts = [f"{row[name]:,} {word}" for (name, *_), word in zip(PARTS, words, strict=True)]
        rows.append(f"{str(row['label']).replace(chr(10), ': ')}: {', '.join(parts)}")
    return f"{what}. {'; '.join(rows)}."
