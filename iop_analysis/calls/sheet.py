"""A call sheet: who is called and why these, as a workbook to fill in."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from iop_analysis import __version__, catalog, criteria, linking, places, raw
from iop_analysis.calls import sampling
from iop_analysis.calls.fields import Field, fields, questions, sentences
from iop_analysis.errors import CallError
from iop_analysis.raw import workbooks
from iop_analysis.raw.keeping import replacing
from iop_analysis.releases.listing import Listing, shown

CALLS, DESIGN = "Calls", "Design"
MARK = "SYNTHETIC"
HEADING_ROW = 4  # counted from 0: title, source, note and an empty row stand above
DESIGN_HEADINGS = ["Listed as", "In the list", "To call"]
DEFAULT_SEED = 1
# Excel cuts a longer message.
MESSAGE_MOST, MESSAGE_TITLE_MOST = 255, 32


@dataclass(frozen=True)
class CallSheet:
    """A drawn sample: `rows` (the given fields of each facility, in the order of calling) and its `strata`."""

    release: catalog.Release
    state: str
    have: str
    seed: int
    silent: int
    strata: pd.DataFrame
    rows: pd.DataFrame

    @property
    def place(self) -> str:
        """The state's name."""
        return str(places.states().set_index("state").loc[self.state, "name"])

    @property
    def source_line(self) -> str:
        """Source, release and date, for every sheet."""
        when = self.release.reference_date or f"survey year {self.release.survey_year}"
        source = catalog.source_of(self.release)
        return f"Source: {source.title}, release {self.release.key}; information as of {when}. {source.citation}"


def draw(built: Listing, state: str, have: str = "", seed: int = DEFAULT_SEED) -> CallSheet:
    """Draw a stratified random sample of the listed IOPs of a state.

    Parameters
    ----------
    built
        A release with names and telephone numbers.
    state
        Postal code.
    have
        Criterion whose listed answer (yes, no, unknown) makes the strata; if empty `evening(scope='program')` of a
        list with its witnesses, of which only the unknown are drawn; else `evening & medicaid` where the release has
        hours, else `medicaid`.
    seed
        Another seed draws other facilities.

    Raises
    ------
    CallError
        The state is unknown or lists no IOP, or the criterion cannot be read.
    DataError
        The release is a survey, whose respondents are not named.
    """
    places.check_state(state)
    linking.refuse_survey(built.facilities)
    have = have or ("evening(scope='program')" if sampling.is_combined(built) else usual_criterion(built.facilities))
    listed = sampling.frame(built, state, have)
    counts = listed["stratum"].value_counts()
    sizes = {name: int(counts[name]) for name in sampling.STRATA if name in counts}
    calls = sampling.allocation(sizes, sampling.calls_needed(len(listed)))
    chosen = sampling.sample(listed, calls, seed)
    chosen = shown(chosen)
    given = [field.key for field in fields() if field.kind == "given"]
    strata = pd.DataFrame({"stratum": list(sizes), "frame": sizes.values(), "called": calls.values()})
    here = built.facilities[built.facilities["state"] == state]
    silent = int(criteria.evaluate(sampling.OF, here, built.hours).result.isna().sum())
    return CallSheet(built.release, state, have, seed, silent, strata, chosen[given])


def usual_criterion(facilities: pd.DataFrame) -> str:
    """The criterion that is asked about if none is named."""
    return "medicaid" if facilities["hours_status"].eq("not_asked").all() else "evening & medicaid"


def write(sheet: CallSheet, path: Path | None = None) -> Path:
    """Write the workbook and return its path: `reports/iop_calls_STATE.xlsx` beside the data folder if None.

    The name of a sheet of the synthetic sample begins with SYNTHETIC.

    Raises
    ------
    CallError
        The file is there already: it may hold the answers of weeks.
    """
    path = path or raw.reports_folder() / f"iop_calls_{sheet.state}.xlsx"
    if sheet.release.synthetic and not path.name.startswith(MARK):
        path = path.with_name(f"{MARK}_{path.name}")
    if path.exists():
        raise CallError(f"{path} is there already and may hold answers; move it away, or say --out with another name.")
    content = render(sheet)
    with replacing(path) as temporary:
        temporary.write_bytes(content)
    return path


def render(sheet: CallSheet) -> bytes:
    """The workbook's bytes; the same sample gives the same bytes."""
    buffer = io.BytesIO()
    mark = f"{MARK} " if sheet.release.synthetic else ""
    workbook = workbooks.new_workbook(buffer, f"{mark}Calls to intensive outpatient programs in {sheet.place}")
    styles = {name: workbook.add_format({"valign": "top", **look}) for name, look in LOOKS.items()}
    tables = {
        "Instructions": _words("Instructions", sheet),
        "Script": _script(sheet),
        CALLS: None,
        "Outcomes": [(row["outcome"], row["meaning"], row["part"]) for row in catalog.read_rows("calls/outcomes.csv")],
        DESIGN: design(sheet),
    }
    for name, rows in tables.items():
        page = workbook.add_worksheet(mark + name)
        _heading(page, mark + name, sheet, styles)
        if rows is None:
            _calls(page, sheet, styles)
        else:
            _table(page, HEADINGS[name], rows, styles)
    workbook.worksheets_objs[0].activate()
    workbook.close()
    return buffer.getvalue()


LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 15},
    "small": {"font_size": 9, "font_color": "#4A5464"},
    "head": {"bold": True, "bottom": 2, "text_wrap": True},
    "text": {"text_wrap": True},
    "given": {"text_wrap": True, "bg_color": "#ECEFF3"},
    "open": {"num_format": "@", "text_wrap": True, "border": 4},
    "date": {"num_format": "yyyy-mm-dd", "border": 4},
    "count": {"num_format": "0", "border": 4},
}
HEADINGS = {
    "Instructions": ["What", "How"],
    "Script": ["When", "What to say"],
    "Outcomes": ["Outcome", "Meaning", "Part of the response rate"],
    DESIGN: DESIGN_HEADINGS,
}


def _words(name: str, sheet: CallSheet) -> list[tuple[str, ...]]:
    return list(sentences(name, sheet.place, catalog.source_of(sheet.release).title))


def _script(sheet: CallSheet) -> list[tuple[str, ...]]:
    """The opening, the questions, then the rest."""
    words = _words("Script", sheet)
    opening = [row for row in words if row[0] == words[0][0]]
    return [*opening, *(("Questions", field.question) for field in _asked()), *words[len(opening) :]]


def _asked() -> list[Field]:
    """The questions of the interview, from the first that gives a result to the last, those of a group once."""
    keys = [field.key for field in fields()]
    first, last = (keys.index(questions()[end].key) for end in (0, -1))
    once = {field.question: field for field in fields()[first : last + 1]}
    return list(once.values())


def _of(sheet: CallSheet) -> str:
    combined = sheet.release.list_name != sheet.release.name
    return "; of these only those of which no source knows the criterion" if combined else ""


def design(sheet: CallSheet) -> list[tuple[str | int, ...]]:
    """Strata of the sample, then how it was drawn, as rows of up to three cells."""
    frame, called = int(sheet.strata["frame"].sum()), int(sheet.strata["called"].sum())
    needed, response = sampling.answers_needed(frame), sampling.EXPECTED_RESPONSE_SHARE
    facts = {
        "release": sheet.release.name,
        "file": sheet.release.file,
        "SHA-256 of the file": sheet.release.sha256,
        "state": sheet.state,
        "universe": f"{sampling.OF}: facilities that list an intensive outpatient program, no repeats{_of(sheet)}",
        "not in the list": f"{sheet.silent} facilities of which the list does not say whether they have one",
        "criterion": sheet.have,
        "seed": str(sheet.seed),
        "order": "SHA-256 of seed:facility_id; the first of each stratum are called",
        "size": f"{needed} answers of {frame} give a share to within {sampling.MARGIN_SHARE:.0%} at 95 % "
        f"(Cochran 1977, section 4.4, finite population); at an expected response of {response:.0%}, our assumption, "
        f"that is {sampling.calls_needed(frame)} calls (all where few would be spared), "
        f"{called} with each stratum rounded up",
        "allocation": "in proportion to the strata; Neyman's is the same as long as nothing is known of the answers",
        "version": f"iop_analysis {__version__}",
    }
    return [tuple(row) for row in sheet.strata.itertuples(index=False)] + [("", ""), *facts.items()]


def _heading(page: Worksheet, name: str, sheet: CallSheet, styles: dict[str, Any]) -> None:
    page.write_string(0, 0, f"{name}: intensive outpatient programs in {sheet.place}", styles["title"])
    page.write_string(1, 0, sheet.source_line, styles["small"])
    note = f"{len(sheet.rows)} of {int(sheet.strata['frame'].sum())} listed programs, drawn with seed {sheet.seed}."
    if sheet.release.synthetic:
        note = f"{MARK} sample: every facility is invented; do not call. {note}"
    page.write_string(2, 0, note, styles["small"])
    page.set_row(0, 22)
    page.freeze_panes(HEADING_ROW + 1, 0)


def _table(page: Worksheet, headings: list[str], rows: list[tuple[Any, ...]], styles: dict[str, Any]) -> None:
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 100 if len(headings) < 3 or headings[1] == "Meaning" else 24)
    page.set_column(2, 2, 24)
    for column, heading in enumerate(headings):
        page.write_string(HEADING_ROW, column, heading, styles["head"])
    for row, cells in enumerate(rows, start=HEADING_ROW + 1):
        for column, cell in enumerate(cells):
            if isinstance(cell, int):
                page.write_number(row, column, cell, styles["text"])
            else:
                page.write_string(row, column, cell, styles["text"])


def _calls(page: Worksheet, sheet: CallSheet, styles: dict[str, Any]) -> None:
    first, last = HEADING_ROW + 1, HEADING_ROW + len(sheet.rows)
    for column, field in enumerate(fields()):
        page.set_column(column, column, field.width)
        page.write_string(HEADING_ROW, column, field.heading, styles["head"])
        if field.kind == "given":
            for row, value in enumerate(sheet.rows[field.key], start=first):
                text = "" if pd.isna(value) else str(value)
                page.write_string(row, column, text, styles["given"])
            continue
        look = styles[field.kind if field.kind in ("date", "count") else "open"]
        for row in range(first, last + 1):
            page.write_blank(row, column, None, look)
        page.data_validation(first, column, last, column, _rule(field))
    page.set_landscape()
    page.freeze_panes(first, [field.key for field in fields()].index("name") + 1)


def _rule(field: Field) -> dict[str, Any]:
    """What Excel lets into a column, and the question that it shows beside the cell."""
    asked = {"input_title": field.heading[:MESSAGE_TITLE_MOST], "input_message": field.question[:MESSAGE_MOST]}
    if field.allowed:
        return {"validate": "list", "source": list(field.allowed), **asked}
    if field.kind == "count":
        return {"validate": "integer", "criteria": ">=", "value": 0, **asked}
    return {"validate": "any", **asked}
