"""A filled call sheet read back: every cell that cannot be read is named, all of them at once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from iop_analysis.calls.answers import CHECKS, EVENING, NO, RUNS, SOON, YES, answers, evening_group, read_date
from iop_analysis.calls.fields import Field, fields, outcomes
from iop_analysis.calls.sampling import STRATA
from iop_analysis.calls.sheet import CALLS, DESIGN, DESIGN_HEADINGS, HEADING_ROW, MARK
from iop_analysis.errors import DataError
from iop_analysis.raw.sniffing import sniff

LAST_ASKED = SOON
SPOKEN = [outcome for outcome, part in outcomes().items() if part in ("I", "P")]
# With one of these, or before the first try, no question was answered.
SILENT = [*(outcome for outcome in outcomes() if outcome not in SPOKEN), ""]
SHOWN_MOST = 40
ALLOWED = {
    "days": "days with commas or a dash, such as Mon, Wed or Mon-Thu",
    "time": "a beginning and an end with AM or PM, such as 6:00 PM - 9:00 PM",
    "date": "a date such as 2026-05-04",
    "count": "a whole number",
}


@dataclass(frozen=True)
class Filled:
    """A filled sheet: how it was drawn (`facts`), its `strata`, the `calls` as text, and the `answers` as booleans."""

    facts: dict[str, str]
    synthetic: bool
    strata: pd.DataFrame
    calls: pd.DataFrame
    answers: pd.DataFrame


def read(path: Path) -> Filled:
    """Read a filled call sheet.

    Raises
    ------
    DataError
        The file is no call sheet, or cells are wrong: one sentence names each by sheet, row and column, with what
        is allowed.
    """
    pages, synthetic = _pages(path)
    facts, strata = _design(pages[DESIGN], path.name)
    calls = _table(pages[CALLS], path.name)
    bad = [*_wrong_cells(calls), *_wrong_rows(calls, strata)]
    if bad:
        what = "1 cell is" if len(bad) == 1 else f"{len(bad)} cells are"
        raise DataError(f"{path.name}: {what} wrong: {'; '.join(bad)}. Mend them and ingest the file again.")
    return Filled(facts, synthetic, strata, calls, answers(calls))


def _pages(path: Path) -> tuple[dict[str, list[list[Any]]], bool]:
    """Cells of the two sheets that are read, and whether their names say that the sample is synthetic."""
    if not path.is_file():
        raise DataError(f"{path.name}: there is no such file; name the filled call sheet.")
    if sniff(path) != "xlsx":
        raise DataError(
            f"{path.name}: this is {sniff(path)}, not an Excel workbook; name the filled call sheet (.xlsx)."
        )
    try:
        with CalamineWorkbook.from_path(path) as book:
            names = {name.removeprefix(f"{MARK} "): name for name in book.sheet_names}
            missing = [name for name in (CALLS, DESIGN) if name not in names]
            if missing:
                raise DataError(
                    f"{path.name}: the sheet {missing[0]!r} is missing; use the file that `calls draw` wrote."
                )
            pages = {name: book.get_sheet_by_name(names[name]) for name in (CALLS, DESIGN)}
            cells = {name: page.to_python(skip_empty_area=False) for name, page in pages.items()}
            return cells, names[CALLS].startswith(MARK)
    except CalamineError as error:
        raise DataError(f"{path.name}: the workbook is damaged ({error}); save it again.") from error


def _headed(page: list[list[Any]], sheet: str, headings: list[str], name: str) -> list[list[str]]:
    """The rows under the headings as text, cut to the width of the headings."""
    found = [_text(cell) for cell in page[HEADING_ROW]] if len(page) > HEADING_ROW else []
    for column, heading in enumerate(headings):
        if found[column : column + 1] != [heading]:
            there = found[column] if column < len(found) else ""
            raise DataError(
                f"{name}: sheet {sheet!r}, row {HEADING_ROW + 1}, column {column + 1} holds {there!r} where the "
                f"heading {heading!r} stood; put the headings back as `calls draw` wrote them."
            )
    return [[_text(cell) for cell in row[: len(headings)]] for row in page[HEADING_ROW + 1 :]]


def _design(page: list[list[Any]], name: str) -> tuple[dict[str, str], pd.DataFrame]:
    rows = _headed(page, DESIGN, DESIGN_HEADINGS, name)
    parts = [row for row in rows if row[0] in STRATA]
    if not parts or not all(count.isdigit() and int(count) > 0 for row in parts for count in row[1:]):
        raise DataError(
            f"{name}: sheet {DESIGN!r} does not hold the counts of the strata; put it back as it was drawn."
        )
    strata = pd.DataFrame(parts, columns=["stratum", "frame", "called"]).astype({"frame": "int64", "called": "int64"})
    return {row[0]: row[1] for row in rows if row[0] and row[0] not in STRATA}, strata


def _table(page: list[list[Any]], name: str) -> pd.DataFrame:
    """The calls as text under the fields' keys; the index is the row that Excel shows."""
    rows = _headed(page, CALLS, [field.heading for field in fields()], name)
    table = pd.DataFrame(rows, columns=[field.key for field in fields()], dtype="str")
    table.index = pd.RangeIndex(HEADING_ROW + 2, HEADING_ROW + 2 + len(rows))
    table = table[(table != "").any(axis=1)]
    lower = [field.key for field in fields() if field.allowed]
    return table.assign(**{key: table[key].str.lower().str.replace("’", "'") for key in lower})


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return " ".join(str(cell).split())


def _wrong_cells(calls: pd.DataFrame) -> Iterator[str]:
    for field in fields():
        if field.kind in ("given", "text"):
            continue
        allowed = f"one of {', '.join(field.allowed)}" if field.allowed else ALLOWED[field.kind]
        for row, text in calls[field.key].items():
            if text and not _fits(field, text):
                yield _wrong(row, field, text, allowed)


def _fits(field: Field, text: str) -> bool:
    return text in field.allowed if field.allowed else CHECKS[field.kind](text) is not None


def _wrong(row: Any, field: Field, text: str, allowed: str) -> str:
    shown = text if len(text) <= SHOWN_MOST else text[:SHOWN_MOST] + " …"
    return f"sheet {CALLS!r}, row {row}, column {field.heading!r} holds {shown!r} (allowed: {allowed})"


def _wrong_rows(calls: pd.DataFrame, strata: pd.DataFrame) -> Iterator[str]:
    """Cells that are fine by themselves and contradict others, and rows that came or went."""
    by_key = {field.key: field for field in fields()}
    for row, call in calls.iterrows():
        for key, allowed in _contradictions(call):
            yield _wrong(row, by_key[key], str(call[key]), allowed)
    ids = Counter(calls["facility_id"])
    for row, one in calls["facility_id"].items():
        if ids[one] > 1 or not one:
            yield _wrong(row, by_key["facility_id"], one, "the id that was drawn, once")
    counts = Counter(calls["stratum"])
    for stratum, called in strata[["stratum", "called"]].itertuples(index=False):
        if counts[stratum] != called:
            where = f"sheet {CALLS!r}, column {by_key['stratum'].heading!r}"
            yield f"{where} holds {stratum!r} {counts[stratum]} times (allowed: {called} times, as drawn)"


def _contradictions(call: pd.Series) -> Iterator[tuple[str, str]]:
    """Key of each cell of a row that another cell contradicts, and what would fit."""
    outcome, evening = str(call["outcome"]), evening_group(call)
    if outcome in SPOKEN and call[RUNS] == "":
        yield RUNS, f"an answer, since the outcome is {outcome}"
    if outcome in SILENT and (call.loc[RUNS:LAST_ASKED] != "").any():
        yield "outcome", "complete or partial, since answers stand in the row"
    if call[EVENING] == NO and evening:
        yield EVENING, "yes, since a group of the row meets on a weekday evening"
    if call[RUNS] == NO and (call[EVENING] == YES or evening):
        yield RUNS, "yes, since a group of the row meets on a weekday evening"
    called, offered = (read_date(str(call[key])) for key in ("call_date", "next_date"))
    if called and offered and offered < called:
        yield "next_date", f"a day from the call on, {called}"
