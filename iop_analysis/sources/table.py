"""A table of facilities that a user brings, as text or workbook: names, hours, and any other canonical column."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from iop_analysis import catalog
from iop_analysis.catalog import answers
from iop_analysis.errors import DataError
from iop_analysis.hours.week import DAYS, hours_rows
from iop_analysis.raw.grids import Grid, grids
from iop_analysis.sources import HOURS_COLUMNS, Aside, Cleaned, Note, aside, notes
from iop_analysis.sources._day_columns import CLOSED, DayColumn, cell_of, week_of
from iop_analysis.sources._headings import NEEDED, NO_FACILITIES, Headed, body, headed, spellings
from iop_analysis.sources._states import state_codes
from iop_analysis.sources._written import read_written

# What the gate looks at in every source.
EXPECTED = ("street", "city", "state", "zip", "facility_type")
SHOWN = 3


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """Rows of a user's table as text under the canonical names; columns and rows that are not read are said.

    A heading counts in any of the spellings of `catalog/spellings.csv`; answers go by their column, its short word
    or its label. Case, blanks, punctuation, and words such as "accepts" do not count. Headings may stand under a
    title or in two rows; hours in words, in a column a weekday, or in one for opening and one for closing. Every
    sheet with the same columns is read.

    Raises
    ------
    DataError
        There is no column of names, or none of hours or of any answer: it is said which headings would do, and
        which there are.
    """
    sheets = grids(path)
    chosen, said = _chosen(sheets, path)
    bodies = [body(one, path.name) for one in chosen]
    rows = pd.concat([_rows(one) for one in bodies], ignore_index=True)
    for one in bodies:
        said += [*one.grid.notes, *_said(one, len(sheets) > 1)]
    rows.attrs["headings"] = {name: bodies[0].headings[place] for name, place in bodies[0].columns.items()}
    rows.attrs["notes"] = said
    rows.attrs["left_out"] = [row for one in bodies for row in one.left_out]
    rows.attrs["no_facilities"] = NO_FACILITIES
    return rows


def _chosen(sheets: list[Grid], path: Path) -> tuple[list[Headed], list[str]]:
    """The sheet with most columns and every other that has the same ones, in their order; what is said of the rest."""
    found = [headed(grid) for grid in sheets]
    best = max((one for one in found if one), key=lambda one: len(one.read), default=None)
    if best is None or not _enough(best):
        raise DataError(f"{path.name}: {_looked_for(best, sheets)}")
    like = [one for one in found if one and (set(one.columns), _days(one)) == (set(best.columns), _days(best))]
    passed_over = [repr(grid.sheet) for grid in sheets if all(grid is not one.grid for one in like)]
    more = f"sheets without the same columns are not read: {', '.join(passed_over)}"
    return like, [more] if passed_over else []


def _days(found: Headed) -> set[tuple[int, ...]]:
    return {column.days for column in found.days}


def _enough(found: Headed) -> bool:
    """Names, and something to know about them: hours or an answer."""
    asked = {"hours_text", *catalog.answer_variables()}
    return NEEDED in found.columns and bool(found.days or asked & set(found.columns))


def _looked_for(best: Headed | None, sheets: list[Grid]) -> str:
    columns = best.columns if best else {}
    missing = [NEEDED] if NEEDED not in columns else []
    missing += ["hours_text"] if not best or not (best.days or "hours_text" in columns) else []
    ways = "; ".join(f"for {name} it looked for {', '.join(spellings()[name])}" for name in missing)
    first = next((row for grid in sheets for row in grid.rows if any(row)), [])
    there = ", ".join(map(repr, filter(None, best.headings if best else first)))
    return f"row {best.line if best else 1} has no column for {' and '.join(missing)}: {ways}; it found {there}."


def _rows(found: Headed) -> pd.DataFrame:
    """Canonical columns as text, the cells of each day in `days`, and the line of each row in the file."""
    table = {name: [row[place] for row in found.rows] for name, place in found.columns.items()}
    rows = pd.DataFrame(table, dtype="str")
    rows["days"] = pd.Series([[(day, cell_of(day, row)) for day in found.days] for row in found.rows], dtype=object)
    return rows.assign(line=pd.Series(found.lines, dtype="int64"))


def _said(found: Headed, several: bool) -> list[str]:
    """Notes on one sheet: where it begins, which of its columns are not read, and which rows are left out."""
    where = f"sheet {found.grid.sheet!r}: " if several else ""
    said = [f"{where}{len(found.rows)} rows are read"] if several else []
    if found.line > found.grid.lines[0]:
        said.append(f"{where}the headings stand in row {found.line}; what stands above them is a title")
    unread = [repr(text) for place, text in enumerate(found.headings) if text and place not in found.read]
    said += [f"{where}columns that are not read: {', '.join(unread)}"] if unread else []
    reasons = dict.fromkeys(why for _, _, why in found.left_out)
    for reason in reasons:
        lines = [f"{line} ({text[:60]!r})" for line, text, why in found.left_out if why == reason]
        more = f" and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
        said.append(f"{where}left out as {reason}: row {', row '.join(lines[:SHOWN])}{more}")
    return said


def clean(rows: pd.DataFrame, release: catalog.Release) -> Cleaned:
    """Canonical facilities of a user's table and their hours."""
    plain = [name for name in rows if name not in (*catalog.answer_variables(), "days", "line", "hours_text")]
    facilities = rows[plain].copy()
    for name in EXPECTED:
        facilities[name] = rows.get(name, "")
    facilities["state"] = state_codes(facilities["state"])
    stateless = facilities["state"] == ""
    facilities["state"] = facilities["state"].mask(stateless, release.state)
    answered, strange = _answers(rows)
    facilities = facilities.assign(**answered)
    # Without identifiers of the user's own the gate makes some; until then a facility is its position.
    ids = rows["facility_id"] if "facility_id" in rows else pd.Series(rows.index, index=rows.index)
    hours, facilities["hours_status"], facilities["hours_text"], said = _hours(rows, ids)
    placed = notes((stateless.sum() if release.state else 0, f"rows without a state count in {release.state}"))
    return Cleaned(facilities, hours, placed + said, aside=strange)


def _hours(rows: pd.DataFrame, ids: pd.Series) -> tuple[pd.DataFrame, pd.Series, pd.Series, tuple[Note, ...]]:
    """Hours rows, status and text of each facility: out of its day cells where one is filled, else out of words."""
    words = rows.get("hours_text", pd.Series("", index=rows.index, dtype="str"))
    if "hours_text" not in rows and not any(map(len, rows["days"])):
        nothing = pd.DataFrame(columns=HOURS_COLUMNS)
        never = notes((len(rows), "rows of a table without any column of hours: hours are not asked"))
        return nothing, pd.Series(answers.NOT_ASKED, index=rows.index), words, never
    filled = rows["days"].map(lambda cells: any(text for _, text in cells)).astype(bool)
    blank_is_closed = not any(CLOSED.fullmatch(text) for cells in rows["days"] for _, text in cells)
    written = read_written(ids[~filled], words[~filled])
    weeks = {place: week_of(rows["days"][place], blank_is_closed) for place in rows.index[filled]}
    own = [row for place, week in weeks.items() for row in hours_rows(week, ids[place])]
    status = written.status.reindex(rows.index).mask(filled, pd.Series({p: w.status for p, w in weeks.items()}))
    text = words.mask(filled, rows["days"].map(_text))
    partial = sum(week.status in ("partial", "unknown") for week in weeks.values())
    rule = "closed, as no cell says closed" if blank_is_closed else "unknown, as closed days are written"
    said = notes(
        (filled.sum(), f"rows with hours by weekday; a blank day beside filled ones is {rule}"),
        (partial, "of them have a day that cannot be read, or that no column is about: that day is unknown"),
        ((~filled & (words.str.strip() == "")).sum(), "rows without any hours: unknown, never closed"),
    )
    return pd.concat([written.hours, pd.DataFrame(own, columns=HOURS_COLUMNS)]), status, text, said + written.notes


def _text(cells: Iterable[tuple[DayColumn, str]]) -> str:
    """Day cells as one text, for people."""
    return "; ".join(f"{_names(column)} {text}" for column, text in cells if text)


def _names(column: DayColumn) -> str:
    return ",".join(DAYS[day] for day in column.days)


def _answers(rows: pd.DataFrame) -> tuple[dict[str, pd.Series], tuple[Aside, ...]]:
    """Answers of every column that asks; a word that is no answer is not reported, and set aside."""
    meaning = {row["word"]: row["answer"] for row in catalog.read_rows("codes/table.csv")}
    found: dict[str, pd.Series] = {}
    strange: tuple[Aside, ...] = ()
    for name in filter(rows.columns.__contains__, catalog.answer_variables()):
        answer = rows[name].str.strip().str.lower().str.rstrip(".!").map(meaning)
        strange += aside(answer.isna(), rows[name], name, "no_answer")
        found[name] = answer.fillna(answers.NOT_REPORTED).astype(answers.ANSWER_TYPE)
    return found, strange
