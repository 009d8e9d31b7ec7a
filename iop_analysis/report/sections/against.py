"""The sections that set states side by side: neighbors and nation always, states that the reader names on request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import PercentFormatter

from iop_analysis import catalog, places
from iop_analysis.carried.listings import Standard
from iop_analysis.report import figures, words
from iop_analysis.report.blocks import drawn, programs, source_line
from iop_analysis.report.gathered import Gathered, blind, plain_name, state_name, state_row
from iop_analysis.report.model import Block, Section, Table

QUESTIONS = {
    "medicaid": "List Medicaid",
    "private_insurance": "List private plans",
    "sliding_fee": "List a sliding fee",
    "payment_assistance": "List payment assistance",
}
NATION = "US"


def beside(gathered: Gathered) -> Section:
    """The same questions next door and in the nation, where file and definition match."""
    title = "Beside the nation and its neighbors"
    table = _national(gathered)
    if table is None:
        return Section("beside", title, ())
    near = places.states().set_index("state")["neighbours"][gathered.state]
    codes = [gathered.state, *near, NATION]
    heading = "The same questions in the same file, next door and in the nation"
    blocks: list[Block] = [_compared("beside", heading, table, codes)]
    if gathered.beside is not None:
        blocks.insert(0, _two_files(gathered))
    return Section("beside", title, tuple(blocks))


def against(gathered: Gathered) -> Section:
    """The same questions in the states that the reader names; nothing where none is named.

    Raises
    ------
    CallError
        A named state is unknown.
    """
    others = [code for code in dict.fromkeys(gathered.against) if code != gathered.state]
    for code in others:
        places.check_state(code)
    if not others:
        return Section("against", "", ())
    names = words.listed([state_name(code) for code in others])
    title = words.sentence(f"{state_name(gathered.state)} beside {names}").rstrip(".")
    table = _national(gathered)
    if table is None:
        own = catalog.source_of(gathered.main.release).title
        text = f"{title}: nothing is compared, because {own} lists {state_name(gathered.state)} only."
        return Section("against", title, (text,))
    listed = [code for code in others if _row(table, "iop", code, "all")["yes"]]
    blocks = _why_not(gathered, table, [code for code in others if code not in listed])
    if listed:
        blocks += _side_by_side(gathered, table, [gathered.state, *listed])
    return Section("against", title, tuple(blocks))


def _national(gathered: Gathered) -> Standard | None:
    """The file at hand that asks every state the same, if there is one."""
    table = gathered.beside or gathered.main
    return table if catalog.source_of(table.release).area == NATION else None


def _why_not(gathered: Gathered, table: Standard, missing: Sequence[str]) -> list[Block]:
    """Which states and questions are left out, and why."""
    title = catalog.source_of(table.release).title
    told: list[Block] = [
        f"Nothing is said of {state_name(code)}: {title} lists no IOP there, which does not show that there is none."
        for code in missing
    ]
    if gathered.beside is not None:
        own = catalog.source_of(gathered.main.release).title
        told.insert(0, f"{own} lists {state_name(gathered.state)} only, so all are compared in {title}.")
    if not table.asks("evening(after='18:00')"):
        told.append(
            f"Opening hours are not compared: the file, {title}, does not ask for them, and what a state’s own "
            "directory says cannot be set beside it."
        )
    return told


def _side_by_side(gathered: Gathered, table: Standard, codes: Sequence[str]) -> list[Block]:
    """The figure with its table; the table alone where no state has programs enough for a share."""
    title = "The same questions in the same file"
    behind = _compared("against", title, table, codes)
    spans = _spans(table, codes)
    if spans["low"].isna().all():
        return [behind]
    canvas, ax = span_canvas(spans)
    span_bars(ax, spans)
    alt = f"{title}. {words.listed([_said(row) for row in spans.to_dict('records')])}."
    return [drawn("against", canvas, alt, behind, gathered.synthetic), LEGEND]


ROW_INCHES, GAP_ROWS = 0.26, 1.2


def span_canvas(spans: pd.DataFrame) -> tuple[Canvas, Axes]:
    """A figure of half the report's width, as high as the rows and headings of `span_bars` need."""
    rows = len(spans) + GAP_ROWS * spans["group"].nunique()
    height = rows * ROW_INCHES + 0.7
    left = 0.05 + 0.018 * spans["label"].str.len().max()
    figure = Canvas(figsize=(figures.HALF_INCHES, height))
    return figure, figure.add_axes((left, 0.55 / height, 0.965 - left, 1 - 0.6 / height))


LEGEND = (
    "The point is the share that says yes: so many at least. The hatched bar runs to the share that is possible if "
    "all who did not say meant yes. These are lists, not samples, so there is no sampling error to show."
)


def _asked(table: Standard) -> dict[str, str]:
    return {have: label for have, label in QUESTIONS.items() if table.asks(have)}


def _spans(table: Standard, codes: Sequence[str]) -> pd.DataFrame:
    """One row a question and state: `group`, `label`, the shares `low` and `high` (empty below ten IOPs), and `n`."""
    rows = []
    for have, heading in _asked(table).items():
        for code in codes:
            row = _row(table, have, code)
            shown = row["facilities"] >= words.FEW
            rows.append(
                {
                    "group": heading,
                    "label": plain_name(code),
                    "low": row["lower_share"] if shown else float("nan"),
                    "high": row["upper_share"] if shown else float("nan"),
                    "n": int(row["facilities"]),
                }
            )
    return pd.DataFrame(rows)


def span_bars(ax: Axes, spans: pd.DataFrame) -> Axes:
    """Draw from what is sure to what is possible, a hatched bar with a point at its sure end, grouped by question.

    Parameters
    ----------
    ax
        Axes to draw on.
    spans
        `group`, `label`, `low` and `high` (0-1; empty ones are written as counts only), from top to bottom.

    Returns
    -------
    Axes
        The same axes.
    """
    height, ticks = 0.0, []
    for _, group in spans.groupby("group", sort=False):
        ax.text(0, height, group["group"].iloc[0], weight="bold", va="center", fontsize=9.5)
        for row in group.to_dict("records"):
            height += 1
            ticks.append((height, row["label"]))
            _span(ax, height, row)
        height += GAP_ROWS
    ax.set_yticks([at for at, _ in ticks], [label for _, label in ticks])
    ax.set_ylim(height - 0.5, -0.7)
    ax.set_xlim(-0.01, 1.01)
    ax.xaxis.set_major_formatter(PercentFormatter(1.0))
    ax.set_xlabel("share of listed IOPs")
    ax.grid(axis="x", color=figures.NO, linewidth=0.8)
    ax.set_axisbelow(True)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.tick_params(axis="y", length=0)
    return ax


def _span(ax: Axes, height: float, row: dict[Any, Any]) -> None:
    low, high = row["low"], row["high"]
    if pd.isna(low):
        ax.text(0.01, height, _few(row["n"]), va="center", fontsize=8.5, color=figures.MUTED)
        return
    look: dict[str, Any] = {"color": figures.UNKNOWN, "hatch": "////", "edgecolor": figures.MUTED, "linewidth": 0.5}
    ax.barh(height, high - low, left=low, height=0.5, **look)
    ax.plot(low, height, marker="o", markersize=7, color=figures.YES, linestyle="none")


def _few(count: int) -> str:
    return f"{words.plural(count, 'IOP')}: counts only, see the table"


def _said(row: dict[Any, Any]) -> str:
    """One row of the figure in words."""
    what = f"{row['group']}, {row['label']}"
    if pd.isna(row["low"]):
        return f"{what}: {_few(row['n'])}"
    low, high = words.percent(row["low"]), words.percent(row["high"])
    return f"{what}: {low}" if low == high else f"{what}: at least {low}, at most {high}"


def _row(table: Standard, have: str, code: str, of: str = "iop") -> pd.Series:
    return table.row(have, of) if code == NATION else state_row(table, have, code, of)


def _compared(key: str, title: str, table: Standard, codes: Sequence[str]) -> Table:
    """One row a place: how many IOPs, and how many of them list what is asked."""
    rows, numbers = [], []
    for code in codes:
        name = "United States" if code == NATION else plain_name(code)
        row: dict[str, object] = {"Place": name, "IOPs": int(_row(table, "iop", code, "all")["yes"])}
        numbers.append(row | _bounds(table, code))
        row |= {label: _cell(_row(table, have, code), blind(table, have)) for have, label in _asked(table).items()}
        rows.append(row)
    same = "Only places in the same release, with the same definitions. Fewer than 10 IOPs: counts only."
    return Table(key, title, pd.DataFrame(rows), source_line(table), same, numbers=pd.DataFrame(numbers))


def _bounds(table: Standard, code: str) -> dict[str, object]:
    """At least and at most of each question as numbers; no at most where the file can never say no."""
    found: dict[str, object] = {}
    for have, label in _asked(table).items():
        row = _row(table, have, code)
        found[f"{label}, at least"] = int(row["yes"])
        if not blind(table, have):
            found[f"{label}, at most"] = int(row["yes"] + row["unknown"])
    return found


def _cell(row: pd.Series, cannot_say_no: bool) -> str:
    """A count with its share: both bounds where some did not say, the lower one where the file never says no."""
    bounded = bool(row["unknown"])
    if bounded and cannot_say_no and not row["yes"]:
        return "none listed"
    count = f"at least {row['yes']:,}" if bounded and cannot_say_no else words.span(row)
    if row["facilities"] < words.FEW:
        return count
    low, high = words.percent(row["lower_share"]), words.percent(row["upper_share"])
    return f"{count} ({low})" if cannot_say_no or low == high else f"{count} ({low} to {high})"


def _two_files(gathered: Gathered) -> str:
    assert gathered.beside is not None
    other = int(state_row(gathered.beside, "iop", gathered.state, "all")["yes"])
    return (
        f"Two files, two counts: {programs(gathered):,} IOPs in {catalog.source_of(gathered.main.release).title} "
        f"({gathered.main.release.key}) and {other:,} in {catalog.source_of(gathered.beside.release).title} "
        f"({gathered.beside.release.key}). They list different facilities at different times and are never mixed."
    )
