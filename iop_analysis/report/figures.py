"""The drawings of a report: bars with bounds, funnels, evening by clock time; axes in, axes out."""

from __future__ import annotations

import textwrap
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
PARTS = (("yes", YES, ""), ("day_and_night", UNKNOWN, "||||"), ("unknown", UNKNOWN, "////"), ("no", NO, ""))
WORDS = ("yes", "open day and night", "not known", "no")
WIDTH_INCHES = 7.2  # of a wide figure
# Half of a page: what paper shows side by side, a telephone shows whole. Labels stand above their bars.
HALF_INCHES, LINE_INCHES, BAR_INCHES = 3.5, 0.15, 0.26
LABEL_LETTERS, LABEL_POINTS, DIGIT_POINTS = 46, 8.6, 6.0


def bar_canvas(labels: Sequence[str]) -> tuple[Canvas, Axes]:
    """A figure of half the report's width for `bars`, as high as its rows and their labels need.

    The margins are set by hand: the layout engines of matplotlib take longer than the drawing.
    """
    height = sum(BAR_INCHES + LINE_INCHES * len(label_lines(label)) for label in labels) + 0.78
    figure = Canvas(figsize=(HALF_INCHES, height))
    return figure, figure.add_axes((0.02, 0.4 / height, 0.95, 1 - 0.78 / height))


def row_canvas(labels: Sequence[str]) -> tuple[Canvas, Axes]:
    """A figure of half the report's width for rows whose labels stand at the left, two lines high each."""
    height = 0.52 * len(labels) + 1.0
    left = min(0.46, 0.06 + 0.018 * max(len(line) for label in labels for line in label.split("\n")))
    figure = Canvas(figsize=(HALF_INCHES, height))
    return figure, figure.add_axes((left, 0.45 / height, 0.96 - left, 1 - 1.0 / height))


def label_lines(label: str) -> list[str]:
    """A label in lines that fit above a bar."""
    return textwrap.wrap(label, LABEL_LETTERS)


def bars(ax: Axes, table: pd.DataFrame, words: Sequence[str] = WORDS) -> Axes:
    """Draw one stacked bar a row: yes, open day and night, not known, no, in facilities; its label stands above it.

    Parameters
    ----------
    ax
        Axes to draw on.
    table
        `label`, `yes`, `day_and_night`, `unknown`, `no` (facilities); drawn from top to bottom.
    words
        What the parts are called in the legend; a part that is nowhere gets no entry.

    Returns
    -------
    Axes
        The same axes.
    """
    places, top = heights(list(table["label"]))
    left = pd.Series(0, index=table.index)
    for (name, colour, hatch), word in zip(PARTS, words, strict=True):
        if table[name].any():
            look: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": MUTED, "linewidth": 0.5}
            ax.barh(places, table[name], left=left, label=word, height=BAR_INCHES * 0.72, **look)
        left = left + table[name]
    _number_bars(ax, table, places)
    label_bars(ax, places, list(table["label"]))
    ax.set_ylim(0, top)
    _quiet(ax, int(left.max()))
    return ax


def label_bars(ax: Axes, places: Sequence[float], labels: Sequence[str]) -> None:
    """Write each label above its bar."""
    style: dict[str, Any] = {"ha": "left", "va": "bottom", "fontsize": LABEL_POINTS, "linespacing": 1.15}
    for place, label in zip(places, labels, strict=True):
        ax.text(0, place + BAR_INCHES * 0.42, "\n".join(label_lines(label)), **style)


def heights(labels: Sequence[str]) -> tuple[list[float], float]:
    """Where the middle of each bar lies, in inches from below, and the height of all."""
    steps = [BAR_INCHES + LINE_INCHES * len(label_lines(label)) for label in labels]
    top = sum(steps)
    return [top - sum(steps[: row + 1]) + BAR_INCHES / 2 for row in range(len(steps))], top


def _number_bars(ax: Axes, table: pd.DataFrame, places: Sequence[float]) -> None:
    """Write each count into its part of a bar where it fits."""
    whole = float(table[[name for name, *_ in PARTS]].sum(axis=1).max())
    figure = ax.get_figure(root=True)
    points = ax.get_position().width * (figure.get_figwidth() if figure else HALF_INCHES) * 72
    for place, row in zip(places, table.to_dict("records"), strict=True):
        middle = 0.0
        for name, colour, hatch in PARTS:
            if row[name] and row[name] * points >= whole * (DIGIT_POINTS * len(f"{row[name]:,}") + 3):
                ink = "white" if colour == YES else INK
                paper = {"facecolor": "white", "edgecolor": "none", "pad": 1.2} if hatch else None
                style: dict[str, Any] = {"ha": "center", "va": "center", "color": ink, "fontsize": 9, "bbox": paper}
                ax.text(middle + row[name] / 2, place, f"{row[name]:,}", **style)
            middle += row[name]


def _quiet(ax: Axes, most: int) -> None:
    ax.set_xlim(0, max(most, 1) * 1.001)
    ax.set_xlabel("programs", fontsize=LABEL_POINTS)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.set_yticks([])
    ax.tick_params(axis="x", labelsize=LABEL_POINTS)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    handles, texts = ax.get_legend_handles_labels()
    letters = sum(len(text) for text in texts) + 5 * len(texts)
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=len(handles) if letters <= LABEL_LETTERS + 8 else 2,
        frameon=False,
        fontsize=LABEL_POINTS,
        borderaxespad=0.1,
        borderpad=0.2,
        handlelength=1.4,
        columnspacing=1.1,
        handletextpad=0.5,
    )


def mark_synthetic(figure: Canvas) -> None:
    """Write SYNTHETIC inside the image, where a copied picture keeps it."""
    figure.text(0.99, 0.01, "SYNTHETIC", ha="right", va="bottom", fontsize=11, weight="bold", color="#8a4b00")


def describe_bars(table: pd.DataFrame, what: str, words: Sequence[str]) -> str:
    """Alternative text of `bars`: what is drawn and every number in it."""
    rows = []
    for row in table.to_dict("records"):
        named = zip(PARTS, words, strict=True)
        parts = [f"{row[name]:,} {word}" for (name, *_), word in named if name != "day_and_night" or row[name]]
        rows.append(f"{row['label']}: {', '.join(parts)}")
    return f"{what}. {'; '.join(rows)}."
