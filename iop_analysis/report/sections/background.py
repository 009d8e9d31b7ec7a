"""The panel on why people go without treatment: published national figures with their year, base and source."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from iop_analysis import catalog
from iop_analysis.report import figures, words
from iop_analysis.report.blocks import drawn
from iop_analysis.report.gathered import Gathered
from iop_analysis.report.model import Bullets, Figure, Section, Table

TITLE = "Why people go without treatment"


def background(gathered: Gathered) -> Section:
    """Reasons that people give in a national survey, and how many counties have what; nothing beside the sample."""
    if gathered.synthetic:
        return Section("background", TITLE, ())
    first = catalog.read_rows("reasons.csv")[0]
    intro = (
        f"These are national figures, and old ones. In {first['years']}, a sample of {first['base']} was asked why. "
        "A person could name more than one reason; the six named most are shown."
    )
    facts = tuple(f"{row['text']} ({row['source']}, {row['year']}.)" for row in catalog.read_rows("background.csv"))
    return Section(
        "background", TITLE, (intro, reasons_figure(), "What others counted, for the nation:", Bullets(facts))
    )


def reasons_figure() -> Figure:
    """The reasons of `catalog/reasons.csv` as bars, with their table."""
    rows = catalog.read_rows("reasons.csv")
    table = pd.DataFrame({"Reason": [row["reason"] for row in rows], "Share": [float(row["share"]) for row in rows]})
    canvas, ax = figures.bar_canvas([str(reason) for reason in table["Reason"]])
    share_bars(ax, table)
    title = f"Reasons for getting no treatment, United States, {rows[0]['years']}"
    said = [f"{reason}: {words.percent(share)}" for reason, share in zip(table["Reason"], table["Share"], strict=True)]
    alt = f"{title}. {'; '.join(said)}."
    source = f"Source: {rows[0]['source']} ({rows[0]['years']})."
    note = f"Share of {rows[0]['base']}. A sample survey: each share has a margin, which is not at hand and not shown."
    behind = Table("reasons", title, table, source, note, ("Share",))
    return drawn("reasons", canvas, alt, behind)


def share_bars(ax: Axes, table: pd.DataFrame) -> Axes:
    """Draw one bar a row: `Reason` and `Share` (0-1), from top to bottom, each with its number and its label above."""
    labels = [str(reason) for reason in table["Reason"]]
    places, top = figures.heights(labels)
    ax.barh(places, table["Share"], color=figures.YES, height=figures.BAR_INCHES * 0.72)
    for place, share in zip(places, table["Share"], strict=True):
        ax.text(share + 0.006, place, words.percent(share), va="center", fontsize=9)
    figures.label_bars(ax, places, labels)
    ax.set_ylim(0, top)
    ax.set_xlim(0, table["Share"].max() * 1.15)
    ax.set(xticks=[], yticks=[])
    ax.set_xlabel("share of this group, an estimate", fontsize=figures.LABEL_POINTS)
    ax.spines[["top", "right", "bottom"]].set_visible(False)
    return ax
