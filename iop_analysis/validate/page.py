"""The page that shows people what was checked: printed tables, peers, rules, limits, and our own past errors."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pandas as pd

from iop_analysis import catalog
from iop_analysis.raw.keeping import replacing
from iop_analysis.report import html
from iop_analysis.report.model import Bullets, Section, Table
from iop_analysis.validate.printed import addresses
from iop_analysis.validate.table import ABSENT, FIGURE, INVARIANT, OFF, OK

CHANGES = "CHANGELOG.md"
TITLE = "What was checked, and what came out"


def write(checked: pd.DataFrame, path: Path) -> Path:
    """Write the page of a table of checks, as `validate` makes it, and return its path."""
    sections = [printed(checked), figures(checked), peers(), rules(checked), limits(), past_errors()]
    text = html.document("plain.html", title=TITLE, sections=[one for one in sections if one.blocks], links=[])
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return path


def printed(checked: pd.DataFrame) -> Section:
    """How many figures of each printed table came out, with the table's universe and address."""
    rows = checked[checked["kind"] == FIGURE]
    known = {f"{survey}, Table {table}": facts for (survey, table), facts in addresses().items()}
    counts = pd.crosstab(rows["check"], rows["verdict"]).reindex(columns=[OK, OFF, ABSENT], fill_value=0)
    frame = pd.DataFrame(
        {
            "Printed table": counts.index,
            "Universe": [known[name]["universe"] for name in counts.index],
            "Printed figures": counts.sum(axis=1).to_numpy(),
            "Same as ours": counts[OK].to_numpy(),
            "Differ": counts[OFF].to_numpy(),
            "Not to be had here": counts[ABSENT].to_numpy(),
            "Address": [known[name]["address"] for name in counts.index],
        }
    )
    same, differ, absent = (int((rows["verdict"] == verdict).sum()) for verdict in (OK, OFF, ABSENT))
    said = (
        f"{len(rows):,} printed figures are on file. {same:,} were recomputed from the publishers’ own rows and are "
        f"the same to the last printed decimal; {differ:,} differ; {absent:,} cannot be had from the files here."
    )
    reasons = rows.loc[rows["verdict"] == ABSENT, "reason"].value_counts()
    why = Bullets(tuple(f"{count:,} figures: {reason}." for reason, count in reasons.items()))
    table = Table(
        "printed", "Printed tables", frame, "SAMHSA’s printed tables; recomputed with `iop-analysis validate`."
    )
    return Section("printed", "The publishers’ printed tables", (said, why, table))


def figures(checked: pd.DataFrame) -> Section:
    """Every figure that was recomputed: printed, ours, difference."""
    rows = checked[(checked["kind"] == FIGURE) & (checked["verdict"] != ABSENT)]
    names = {"check": "Table", "what": "Figure", "published": "Printed", "ours": "Ours", "difference": "Difference"}
    frame = rows[list(names)].rename(columns=names)
    for name in ("Printed", "Ours", "Difference"):
        frame[name] = [_number(value, exact) for value, exact in zip(frame[name], rows["tolerance"].eq(0), strict=True)]
    if frame.empty:
        return Section(
            "figures", "Figure by figure", ("No survey is built here, so no printed figure was recomputed.",)
        )
    source = "Percentages are of all facilities of the universe; one that left the question out counts as not offering."
    return Section("figures", "Figure by figure", (Table("figures", "Printed beside ours", frame, source),))


def _number(value: float, exact: bool) -> str:
    return f"{value:,.0f}" if exact else f"{value:.3f}"


def peers() -> Section:
    """What others found, and why ours differs."""
    names = ("What", "Theirs", "Who", "Ours", "How", "Why they differ")
    frame = pd.DataFrame(catalog.read_rows("peers.csv")).set_axis(list(names), axis=1)
    return Section("peers", "Beside what others found", (Table("peers", "Theirs and ours", frame, "As cited."),))


def rules(checked: pd.DataFrame) -> Section:
    """The rules that every table keeps, and how many tables were held to each."""
    rows = checked[checked["kind"] == INVARIANT]
    counts = rows.groupby("check", sort=False)["verdict"].agg(tables="size", broken=lambda one: int((one == OFF).sum()))
    frame = counts.reset_index().set_axis(["Rule", "Tables", "Broken"], axis=1)
    return Section(
        "rules", "Rules that every table keeps", (Table("rules", "Rules", frame, "`iop-analysis validate`."),)
    )


def limits() -> Section:
    """What no check here can find."""
    frame = pd.DataFrame(catalog.read_rows("limits.csv")).set_axis(["Limit", "How much", "Source"], axis=1)
    return Section("limits", "What these checks cannot find", (Table("limits", "Known limits", frame, "As cited."),))


def past_errors() -> Section:
    """Numbers of ours that were wrong or were counted differently, from the changelog."""
    lines = tuple(" ".join(line.split()) for line in moved(changelog()))
    return Section("moved", "Our own numbers that moved", (Bullets(lines),) if lines else ())


def moved(text: str) -> list[str]:
    r"""The lines of a changelog that stand under a heading `Numbers that moved:`.

    Examples
    --------
    >>> moved("# Log\n\nNumbers that moved:\n\n- from 1\n  to 2.\n- from 3 to 4.\n\nNew: more.\n")
    ['from 1\n  to 2.', 'from 3 to 4.']
    """
    parts = text.split("Numbers that moved:\n")[1:]
    return [
        line.strip() for part in parts for line in re.split(r"^- ", _list_of(part), flags=re.MULTILINE) if line.strip()
    ]


def _list_of(text: str) -> str:
    """The first list of a text, up to the first paragraph or heading after it."""
    lines = text.strip("\n").split("\n")
    inside = [number for number, line in enumerate(lines) if line and not line.startswith(("- ", "  "))]
    return "\n".join(lines[: inside[0]] if inside else lines)


def changelog() -> str:
    """The changelog, which lies in the package when it is installed and beside it in a checkout."""
    inside = files("iop_analysis") / CHANGES
    beside = Path(__file__).resolve().parents[2] / CHANGES
    if inside.is_file():
        return inside.read_text(encoding="utf-8")
    return beside.read_text(encoding="utf-8") if beside.exists() else ""
