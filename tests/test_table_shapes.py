"""Tables of one's own come in many shapes: all are read, and what is not read is said. All facilities are SYNTHETIC."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from iop_analysis import catalog
from iop_analysis.errors import DataError
from iop_analysis.hours.week import DAYS
from iop_analysis.releases import listing
from iop_analysis.sources import _day_columns, _headings

DOCS = Path(__file__).parents[1] / "docs"
HEADINGS = ["Agency Name", "Street", "City", "State", "Postal Code", "Days & Hours", "Takes Medicaid?", "Sliding Scale"]
ROWS = [
    ["Quince House (synthetic)", "5 Sample Way", "Denver", "CO", "80203", "Mon-Thu 9am-9pm; Fri 9-5", "Yes", "N"],
    ["Señora Rowan (synthetic)", "6 Sample Way", "Denver", "CO", "80204", "M-F 8am-5pm", "no", ""],
    ["Tamarack | West (synthetic)", "7 Sample Way", "Denver", "CO", "80205", "", "y", "yes"],
]
TABLE = [HEADINGS, *ROWS]


def read(path: Path) -> listing.Listing:
    return listing.read_release(catalog.Release("table", "mine", path.name), path)


def text(rows: list[list[str]], delimiter: str) -> str:
    lines = [delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row) for row in rows]
    return "\r\n".join(lines) + "\r\n"


def book(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def ods(path: Path, rows: list[list[str]]) -> Path:
    """A spreadsheet of OpenDocument with the empty rows at its end that office programs write."""
    import zipfile

    def cell(content: str) -> str:
        said = content.replace("&", "&amp;")
        return f'<table:table-cell office:value-type="string"><text:p>{said}</text:p></table:table-cell>'

    empty = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="List">{body}{empty}</table:table>'
        f"</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return path


def said(built: listing.Listing) -> str:
    return "\n".join(note.text for note in built.notes)


def is_the_table(built: listing.Listing) -> None:
    table = built.facilities
    assert table["name"].tolist() == [row[0] for row in ROWS]
    assert table["zip"].tolist() == ["80203", "80204", "80205"]
    assert table["accepts_medicaid"].tolist() == ["yes", "no", "yes"]
    assert table["offers_sliding_fee"].tolist() == ["no", "not_reported", "yes"]
    assert table["hours_status"].tolist() == ["known", "known", "unknown"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter_and_encoding_is_read(delimiter, encoding, tmp_path):
    (tmp_path / "mine.csv").write_bytes(text(TABLE, delimiter).encode(encoding))
    is_the_table(read(tmp_path / "mine.csv"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^"])
def test_a_first_line_may_declare_the_delimiter(delimiter, tmp_path):
    (tmp_path / "mine.tsv").write_text(f"sep={delimiter}\n" + text(TABLE, delimiter), encoding="utf-8")
    built = read(tmp_path / "mine.tsv")
    is_the_table(built)
    assert ("separated by" in said(built)) == (delimiter != ",")


def test_a_workbook_of_open_document_is_read_and_its_empty_end_does_not_count(tmp_path):
    is_the_table(read(ods(tmp_path / "mine.ods", TABLE)))


def test_a_title_a_blank_row_and_footers_are_no_facilities(tmp_path):
    title, footers = (
        [["Programs as of June 2031"], [], ["Thanks to all", "", ""]],
        [[], ["Source: nobody"], ["Total", "3"]],
    )
    built = read(book(tmp_path / "mine.xlsx", {"List": [*title, *TABLE, *footers]}))
    is_the_table(built)
    for word in ("row 4", "title or footer", "row 9 ('Source: nobody')", "row 10 ('Total 3')"):
        assert word in said(built)


def test_headings_in_two_rows_of_which_the_upper_is_merged_are_one(tmp_path):
    upper = ["Name", "Zip", "Monday", "", "Tuesday", ""]
    lower = ["", "", "Open", "Close", "Open", "Close"]
    rows = [["Quince House (synthetic)", "80203", "9:00 AM", "9:00 PM", "closed", ""]]
    built = read(book(tmp_path / "mine.xlsx", {"List": [["A title", *[""] * 5], upper, lower, *rows]}))
    assert built.facilities["zip"].item() == "80203"
    assert built.hours["opens_minute"].dropna().tolist() == [540]


def test_every_sheet_with_the_same_columns_is_read_and_others_are_named(tmp_path):
    sheets = {
        "About": [["Call before you go"]],
        "North": TABLE,
        "South": [HEADINGS, *[[f"S {row[0]}", *row[1:]] for row in ROWS]],
    }
    built = read(book(tmp_path / "mine.xlsx", sheets))
    assert len(built.facilities) == 2 * len(ROWS)
    for word in ("sheet 'North': 3 rows", "sheet 'South': 3 rows", "not read: 'About'"):
        assert word in said(built)


def test_a_heading_over_two_columns_that_are_read_is_refused(tmp_path):
    (tmp_path / "mine.csv").write_text("name,hours,hours\nA,9-5 Mon,\n")
    with pytest.raises(DataError, match="row 1 holds the heading 'hours' more than once"):
        read(tmp_path / "mine.csv")


@pytest.mark.parametrize("row", ["Quince,Mon 9-5,yes,more", "Quince,Mon 9-5,yes,,more"])
def test_a_row_with_more_cells_than_headings_is_left_out_and_said(row, tmp_path):
    (tmp_path / "mine.csv").write_text(f"name,hours,medicaid\nRowan,Mon 9-5,yes\n{row}\n")
    built = read(tmp_path / "mine.csv")
    assert len(built.facilities) == 1
    assert "left out as more cells than the 3 headings: row 3" in said(built)


def test_rows_that_are_left_out_are_kept_as_they_were_and_too_many_lost_ones_stop_the_release(tmp_path):
    good = [f"Quince {number},Mon 9-5,yes" for number in range(30)]
    lines = ["name,hours,medicaid", *good, "Rowan,Mon 9-5,yes,more", "", "Source: nobody,,"]
    (tmp_path / "mine.csv").write_text("\n".join(lines) + "\n")
    kept = read(tmp_path / "mine.csv").set_aside
    assert kept[["row", "value"]].to_numpy().tolist() == [[32, "Rowan Mon 9-5 yes more"], [34, "Source: nobody"]]
    (tmp_path / "mine.csv").write_text("\n".join([*lines, *["Rowan,Mon 9-5,yes,more"] * 20]) + "\n")
    with pytest.raises(DataError, match="21 of 30 rows hold a value that cannot be right"):
        read(tmp_path / "mine.csv")


def test_an_open_quotation_mark_names_its_line_and_the_delimiter(tmp_path):
    (tmp_path / "mine.csv").write_text('name;hours\n"Quince;Mon 9-5\n')
    with pytest.raises(DataError, match="line 2: .*semicolons"):
        read(tmp_path / "mine.csv")


def test_a_table_without_hours_is_read_for_its_answers_and_hours_are_not_asked(tmp_path):
    (tmp_path / "mine.csv").write_text("name,Medicaid accepted\nQuince,yes\n")
    built = read(tmp_path / "mine.csv")
    assert built.facilities["hours_status"].tolist() == ["not_asked"]
    assert built.facilities["accepts_medicaid"].tolist() == ["yes"]


def test_rows_without_a_state_count_in_the_state_of_the_release(tmp_path):
    (tmp_path / "mine.csv").write_text("name,state,hours\nQuince,,Mon 9-5\nRowan,Ohio,Mon 9-5\nElm,PA,Mon 9-5\n")
    path = tmp_path / "mine.csv"
    built = listing.read_release(catalog.Release("table", "mine", path.name, state="OH"), path)
    assert built.facilities["state"].tolist() == ["OH", "OH", "PA"]


# Hours in columns


FULL_NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def days_of(built: listing.Listing) -> dict[str, list[tuple[int, int]]]:
    known = built.hours.dropna(subset=["opens_minute"])
    return {
        day: list(zip(rows["opens_minute"], rows["closes_minute"], strict=True)) for day, rows in known.groupby("day")
    }


@pytest.mark.parametrize(
    "headings",
    [
        FULL_NAMES,
        [name[:3] for name in FULL_NAMES],
        [f"{name} Hours" for name in FULL_NAMES],
        [f"HoursOfOperation{name}" for name in FULL_NAMES],
        ["M", "T", "W", "Th", "F", "Sa", "Su"],
        [f"hours_{name[:4].lower()}" for name in FULL_NAMES],
    ],
    ids=lambda headings: headings[3],
)
def test_a_column_a_weekday_is_the_hours(headings, tmp_path):
    cells = ["9AM-9PM", "9-5", "0900-1700", "8am-12pm, 1-5pm", "24 hours", "", ""]
    (tmp_path / "mine.tsv").write_text(text([["name", *headings], ["Quince", *cells]], "\t"))
    built = read(tmp_path / "mine.tsv")
    assert built.facilities["hours_status"].item() == "known"
    assert days_of(built) == {
        "Mo": [(540, 1260)],
        "Tu": [(540, 1020)],
        "We": [(540, 1020)],
        "Th": [(480, 720), (780, 1020)],
        "Fr": [(0, 1440)],
    }


@pytest.mark.parametrize(
    ("opens", "closes"), [("Open", "Close"), ("Opens", "Closes"), ("start time", "end time"), ("from", "to")]
)
def test_an_opening_and_a_closing_column_a_weekday_are_the_hours(opens, closes, tmp_path):
    headings = [f"{name} {what}" for name in FULL_NAMES for what in (opens, closes)]
    cells = [
        "9:00 AM",
        "9:00 PM",
        "09:00",
        "17:00",
        "9am",
        "12:00 AM",
        "5:00 PM",
        "9:00 AM",
        "Closed",
        "Closed",
        "9:00 AM",
        "",
        "",
        "",
    ]
    (tmp_path / "mine.csv").write_text(text([["name", *headings], ["Quince", *cells]], ","))
    built = read(tmp_path / "mine.csv")
    assert days_of(built) == {"Mo": [(540, 1260)], "Tu": [(540, 1020)], "We": [(540, 1440)]}
    unknown = built.hours[built.hours["opens_minute"].isna()]["day"].tolist()
    assert unknown == ["Th", "Sa", "Su"]  # a slip of AM and PM, half a pair, and a blank beside written closings


def test_times_of_a_workbook_are_times(tmp_path):
    import datetime as dt

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        sheet, clock = workbook.add_worksheet("List"), workbook.add_format({"num_format": "hh:mm"})
        sheet.write_row(0, 0, ["name", "Mon Open", "Mon Close", "Tue Open", "Tue Close"])
        sheet.write(1, 0, "Quince")
        sheet.write_datetime(1, 1, dt.time(9), clock)
        sheet.write_datetime(1, 2, dt.time(21, 30), clock)
        sheet.write_row(1, 3, [0.375, 0.875])
    (tmp_path / "mine.xlsx").write_bytes(buffer.getvalue())
    assert days_of(read(tmp_path / "mine.xlsx")) == {"Mo": [(540, 1290)], "Tu": [(540, 1260)]}


def test_a_blank_day_is_unknown_where_the_table_writes_closed_and_a_day_without_a_column_always_is(tmp_path):
    rows = [["name", "Mon", "Tue", "Wed"], ["Quince", "9-5", "", "closed"], ["Rowan", "", "", ""]]
    (tmp_path / "mine.csv").write_text(text(rows, ","))
    built = read(tmp_path / "mine.csv")
    assert built.facilities["hours_status"].tolist() == ["partial", "unknown"]
    assert built.hours[built.hours["opens_minute"].isna()]["day"].tolist() == ["Tu", *DAYS[3:]]


def test_a_cell_that_cannot_be_read_in_full_leaves_its_day_unknown(tmp_path):
    rows = [["name", *FULL_NAMES], ["Quince", "9-5", "by appointment", "9-5 and some evenings", "9-5", "9-5", "", ""]]
    (tmp_path / "mine.tsv").write_text(text(rows, "\t"))
    built = read(tmp_path / "mine.tsv")
    assert built.facilities["hours_status"].item() == "partial"
    assert built.hours[built.hours["opens_minute"].isna()]["day"].tolist() == ["Tu", "We"]


def test_columns_of_the_office_go_before_those_of_intake(tmp_path):
    headings = [f"{name} {what}" for name in FULL_NAMES for what in ("Intake Hours", "Hours")]
    (tmp_path / "mine.csv").write_text(text([["name", *headings], ["Quince", *["1-2", "9-5"] * 7]], ","))
    assert set(read(tmp_path / "mine.csv").hours["opens_minute"]) == {540}


@pytest.mark.parametrize(
    ("heading", "days", "role"),
    [
        ("Mon-Fri Hours", (0, 1, 2, 3, 4), "whole"),
        ("Weekday hours", (0, 1, 2, 3, 4), "whole"),
        ("Sat & Sun", (5, 6), "whole"),
        ("Fri to Mon", (4, 5, 6, 0), "whole"),
        ("Fri to", (4,), "closes"),
        ("Month", (), "whole"),
        ("State", (), "whole"),
    ],
)
def test_the_days_of_a_heading(heading, days, role):
    assert _day_columns._meaning(heading, letters=False)[:2] == (days, role)


# Spellings


@pytest.mark.parametrize("name", catalog.answer_variables())
def test_every_answer_is_asked_by_its_column_word_and_label_in_any_dress(name):
    variable = catalog.variables()[name]
    for heading in (name, variable.word.upper(), variable.label, f"{variable.label}? (Y/N)"):
        assert name in _headings.named(["Name", heading]), heading


@pytest.mark.parametrize("row", [row for row in catalog.read_rows("spellings.csv") if row["table"] == "facilities"])
def test_every_listed_heading_is_taken_for_its_column(row):
    for heading in (row["spelling"], row["spelling"].replace("_", " ").title()):
        assert _headings.named([heading]) == {row["name"]: 0}


def test_no_spelling_stands_for_two_columns():
    taken: dict[str, str] = {}
    for name, listed in _headings.spellings().items():
        for one in map(_headings._plain, listed):
            assert taken.setdefault(one, name) == name, one


def test_a_workbook_of_excel_97_is_read(tmp_path):
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("List")
    for row, cells in enumerate(TABLE):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    workbook.save(str(tmp_path / "mine.xls"))
    is_the_table(read(tmp_path / "mine.xls"))


def test_the_page_on_tables_of_ones_own_lists_the_headings_that_are_taken():
    sys.path.insert(0, str(DOCS))
    try:
        import make_headings
    finally:
        sys.path.remove(str(DOCS))
    page = (DOCS / "own_tables.md").read_text(encoding="utf-8")
    assert make_headings.written(page) == page
