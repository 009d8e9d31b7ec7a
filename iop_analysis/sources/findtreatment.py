"""FindTreatment.gov: the export (CSV or workbook) with one column a code, and the pages of the locator's API."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.catalog import answers
from iop_analysis.errors import DataError
from iop_analysis.raw import layouts
from iop_analysis.raw.limits import read_json
from iop_analysis.sources import Aside, Cleaned, Note, _codes, aside, join_text, notes, rename
from iop_analysis.sources._samhsa_codes import coded, form_of, free_for_all

# Sides by type of entry. Prescribers and opioid programs are asked nothing of their own.
SIDES = {"SU": "su", "SA": "su", "MH": "mh", "BUPREN": "su", "OTP": "su"}
NOT_CODES = {"zip4", "intakeprompt", "intake1", "intake2"}
CODE_PREFIX = "code:"
# What a cell of a code holds where the entry has the code, and where it has not.
MARKED, UNMARKED = ("1", "1.0", "TRUE"), ("", "0", "0.0", "FALSE")
WEB_PREFIX = r"^https?://$"


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """Rows under the catalog's names; codes follow as columns `code:XX` (export) or as `services` lists (API)."""
    if path.suffix == ".json":
        return _read_pages(path, release)
    table = raw.read_text_table(path) if raw.sniff(path) == "csv" else raw.read_workbook(path)
    rows = rename(table, release, path)
    codes = _codes_of_headings(table.drop(columns=list(rows.attrs["headings"].values())))
    del table
    told = [*rows.attrs.get("aside", ()), *_odd_marks(codes)]
    marks = {CODE_PREFIX + code: column.isin(MARKED) for code, column in codes.items()}
    read_rows = pd.concat([rows, pd.DataFrame(marks)], axis=1)
    read_rows.attrs = dict(rows.attrs) | {"aside": told}
    return read_rows


def _codes_of_headings(table: pd.DataFrame) -> dict[str, pd.Series]:
    """Column of each code; a heading whose code or meaning changed is read as the headings beside it say."""
    plain = {layouts.plain(heading): heading for heading in map(str, table)}
    changed = {
        rule["heading"]: rule["code"]
        for rule in catalog.code_rules("findtreatment_headings")
        if not rule["beside"] or rule["beside"] in plain
    }
    return {
        changed.get(name, name.upper()): table[heading]
        for name, heading in plain.items()
        if name and name not in NOT_CODES
    }


def _odd_marks(codes: dict[str, pd.Series]) -> list[Aside]:
    """Cells of code columns that are no mark: they count as not marked."""
    found: list[Aside] = []
    for code, column in codes.items():
        odd = ~column.isin([*MARKED, *UNMARKED])
        found.extend(aside(odd, column, code.lower(), "no_mark_of_a_code") if odd.any() else ())
    return found


def _read_pages(path: Path, release: catalog.Release) -> pd.DataFrame:
    try:
        pages = read_json(path.read_text(encoding="utf-8-sig"), path.name)
        table = pd.DataFrame([row for row in pages["rows"] if isinstance(row, dict)])
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path.name}: not a page of the locator's API ({error!r}); fetch it again.") from error
    if table.empty:
        raise DataError(f"{path.name}: the page of the locator's API has no rows; fetch it again.")
    rows = rename(table, release, path)
    rows = rows.assign(
        **{name: rows[name].map(_plain_text).astype("str") for name in map(str, rows) if name != "services"}
    )
    odd = ~rows["services"].map(_is_list_of_services)
    fixed = rows.assign(services=rows["services"].where(~odd, pd.Series([[]] * len(rows), index=rows.index)))
    fixed.attrs = dict(rows.attrs) | {"aside": list(aside(odd, rows["services"], "services", "no_list_of_services"))}
    return fixed


def _plain_text(cell: object) -> str:
    """A value of the API as text; null, and what is neither text nor number, as nothing."""
    return str(cell) if isinstance(cell, str | int | float) and not isinstance(cell, bool) and cell == cell else ""


def clean(rows: pd.DataFrame, release: catalog.Release) -> Cleaned:
    """Canonical facilities of one export or of the API's rows; the locator has no hours."""
    unknown = ~rows["type"].isin(SIDES)
    has, label_notes = _codes_of_labels(rows) if "services" in rows else (_codes_of_columns(rows), ())
    filled = _filled_by_publisher(rows, has)
    facilities = pd.concat([_side(rows, has, side) for side in ("su", "mh")]).reindex(rows.index)
    facilities = pd.concat([_who_and_where(rows), facilities], axis=1)
    for name in (name for name in facilities if name in catalog.answer_variables()):
        facilities[name] = facilities[name].astype(answers.ANSWER_TYPE).fillna(answers.NOT_ASKED)
        facilities.loc[filled, name] = answers.NOT_REPORTED
    silent = filled | unknown.to_numpy()
    facilities.loc[silent, ["ownership_type", "languages"]] = ["not reported", ""]
    if "codes" in facilities:
        facilities.loc[silent, ["codes", "code_form"]] = ["", ""]
    types = ", ".join(sorted(rows.loc[filled, "type"].unique()))
    text = (
        f"{types} rows that all carry one identical block of codes filled by the publisher: answers set to not reported"
    )
    told = notes((filled.sum(), text)) + label_notes
    return Cleaned(facilities, notes=told, aside=aside(unknown, rows["type"], "type", "no_known_type_of_entry"))


def _side(rows: pd.DataFrame, has: dict[str, _codes.Flags], side: str) -> pd.DataFrame:
    here = rows["type"].map(SIDES).eq(side).to_numpy()
    mine = {code: flag[here] for code, flag in has.items()}
    name, form = ("", None) if "services" in rows else form_of("export", has)
    part = pd.DataFrame(coded(mine, side, int(here.sum()), form), index=rows.index[here])
    if side == "su":
        part["is_free_for_all"] = free_for_all(part)
    return part.assign(codes=_codes.texts(mine, len(part)), code_form=f"{side}/{name}") if name else part


def _codes_of_columns(rows: pd.DataFrame) -> dict[str, _codes.Flags]:
    names = [name for name in map(str, rows) if name.startswith(CODE_PREFIX)]
    return {name.removeprefix(CODE_PREFIX): rows[name].to_numpy(dtype=bool) for name in names}


def _codes_of_labels(rows: pd.DataFrame) -> tuple[dict[str, _codes.Flags], tuple[Note, ...]]:
    known = {(rule["category"], rule["label"]): rule["code"] for rule in catalog.code_rules("samhsa_labels")}
    has: dict[str, _codes.Flags] = {}
    unknown: dict[str, int] = {}
    for row, services in enumerate(rows["services"]):
        for service in services:
            for label in map(str.strip, service["f3"].split(";")):
                code = known.get((service["f2"], label))
                if code is None:
                    unknown[f"{service['f2']} {label}"] = unknown.get(f"{service['f2']} {label}", 0) + 1
                else:
                    has.setdefault(code, np.zeros(len(rows), dtype=bool))[row] = True
    listed = "; ".join(sorted(unknown))
    return has, notes((len(unknown), f"labels that the catalog does not map and no answer uses: {listed}"))


def _is_list_of_services(services: object) -> bool:
    return isinstance(services, list) and all(
        isinstance(one, dict) and isinstance(one.get("f2"), str) and isinstance(one.get("f3"), str) for one in services
    )


def _filled_by_publisher(rows: pd.DataFrame, has: dict[str, _codes.Flags]) -> _codes.Flags:
    """Rows of a type whose rows are all identical and carry more than half of all codes: a template, not answers."""
    filled = np.zeros(len(rows), dtype=bool)
    if not has:
        return filled
    marks = np.column_stack(list(has.values()))
    for kind in rows["type"].unique():
        here = (rows["type"] == kind).to_numpy()
        same = (marks[here] == marks[here][0]).all()
        filled |= here & bool(same and marks[here][0].mean() > 0.5)
    return filled


def _who_and_where(rows: pd.DataFrame) -> pd.DataFrame:
    blank = pd.Series("", index=rows.index)
    who = {
        "name": join_text([rows["name1"], rows["name2"]], " - "),
        "street": join_text([rows["street1"], rows["street2"]], ", "),
        "first_line": rows["street1"],
        "city": rows["city"],
        "state": rows["state"],
        "zip": rows["zip"],
        "county": rows.get("county", blank),
        "latitude": rows["latitude"],
        "longitude": rows["longitude"],
        "address_hidden": False,
        "phone": rows["phone"],
        "website": rows["website"].str.replace(WEB_PREFIX, "", regex=True),
        "facility_type": rows["type"],
    }
    identified = {"facility_id": rows["facility_id"]} if "facility_id" in rows else {}
    return pd.DataFrame(identified | who)
