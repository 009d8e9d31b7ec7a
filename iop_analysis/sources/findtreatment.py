"""FindTreatment.gov: the workbook export with one column a code, and the raw pages of the locator's API."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.catalog import answers
from iop_analysis.errors import DataError
from iop_analysis.sources import Cleaned, Note, _codes, join_text, notes, numbers, refuse_first, rename
from iop_analysis.sources._samhsa_codes import coded, free_for_all

# Sides by type of entry. Prescribers and opioid programs are asked nothing of their own.
SIDES = {"SU": "su", "SA": "su", "MH": "mh", "BUPREN": "su", "OTP": "su"}
NOT_CODES = ["zip4", "intake_prompt", "intake1", "intake2"]
CODE_PREFIX = "code:"


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """Rows under the catalog's names; codes follow as columns `code:XX` (workbook) or as `services` lists (API)."""
    if path.suffix == ".json":
        return _read_pages(path, release)
    table = raw.read_workbook(path).rename(columns=lambda heading: heading.strip())
    rows = rename(table, release, path)
    codes = table.drop(columns=[*catalog.columns(release).values(), *NOT_CODES], errors="ignore")
    for heading in codes:
        odd = ~codes[heading].isin(["", "1"])
        if odd.any():
            raise DataError(
                f"{path.name}: row {int(odd.to_numpy().argmax()) + 2}, column {heading!r} holds "
                f"{codes[heading][odd].iloc[0]!r} where only 1 or a blank is known; check the export."
            )
    return pd.concat([rows, codes.rename(columns=lambda code: CODE_PREFIX + code.upper())], axis=1)


def _read_pages(path: Path, release: catalog.Release) -> pd.DataFrame:
    try:
        pages = json.loads(path.read_text(encoding="utf-8"))
        table = pd.DataFrame(pages["rows"])
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path.name}: not a page of the locator's API ({error!r}); fetch it again.") from error
    if table.empty:
        raise DataError(f"{path.name}: the page of the locator's API has no rows; fetch it again.")
    return rename(table, release, path)


def clean(rows: pd.DataFrame, release: catalog.Release) -> Cleaned:
    """Canonical facilities of one export or of the API's rows; the locator has no hours."""
    unknown = ~rows["type"].isin(SIDES)
    refuse_first(unknown, rows, "type", release, "a type of entry that sources/findtreatment.py does not know")
    has, label_notes = _codes_of_labels(rows, release) if "services" in rows else (_codes_of_columns(rows), ())
    filled = _filled_by_publisher(rows, has)
    parts = [_side(rows, has, side) for side in ("su", "mh")]
    facilities = pd.concat(parts).sort_index()
    facilities = pd.concat([_who_and_where(rows, release), facilities], axis=1)
    asked = [name for name in facilities if name in catalog.answer_variables()]
    for name in asked:
        facilities[name] = facilities[name].astype(answers.ANSWER_TYPE).fillna(answers.NOT_ASKED)
        facilities.loc[filled, name] = answers.NOT_REPORTED
    facilities.loc[filled, "ownership_type"] = "not reported"
    facilities.loc[filled, "languages"] = ""
    types = ", ".join(sorted(rows.loc[filled, "type"].unique()))
    text = (
        f"{types} rows that all carry one identical block of codes filled by the publisher: answers set to not reported"
    )
    return Cleaned(facilities, notes=notes((filled.sum(), text)) + label_notes)


def _side(rows: pd.DataFrame, has: dict[str, _codes.Flags], side: str) -> pd.DataFrame:
    here = rows["type"].map(SIDES).eq(side).to_numpy()
    mine = {code: flag[here] for code, flag in has.items()}
    part = pd.DataFrame(coded(mine, side, int(here.sum())), index=rows.index[here])
    if side == "su":
        part["is_free_for_all"] = free_for_all(part)
    return part


def _codes_of_columns(rows: pd.DataFrame) -> dict[str, _codes.Flags]:
    names = [name for name in map(str, rows) if name.startswith(CODE_PREFIX)]
    return {name.removeprefix(CODE_PREFIX): (rows[name] == "1").to_numpy() for name in names}


def _codes_of_labels(rows: pd.DataFrame, release: catalog.Release) -> tuple[dict[str, _codes.Flags], tuple[Note, ...]]:
    odd = ~rows["services"].map(_is_list_of_services)
    refuse_first(odd, rows, "services", release, "which is no list of categories f2 with labels f3; fetch it again")
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
    marks = np.column_stack(list(has.values()))
    filled = np.zeros(len(rows), dtype=bool)
    for kind in rows["type"].unique():
        here = (rows["type"] == kind).to_numpy()
        same = (marks[here] == marks[here][0]).all()
        filled |= here & bool(same and marks[here][0].mean() > 0.5)
    return filled


def _who_and_where(rows: pd.DataFrame, release: catalog.Release) -> pd.DataFrame:
    blank = pd.Series("", index=rows.index)
    who = {
        "name": join_text([rows["name1"], rows["name2"]], " - "),
        "street": join_text([rows["street1"], rows["street2"]], ", "),
        "first_line": rows["street1"],
        "city": rows["city"],
        "state": rows["state"],
        "zip": rows["zip"].str.slice(0, 10),
        "county": rows.get("county", blank),
        "latitude": numbers(rows, "latitude", release),
        "longitude": numbers(rows, "longitude", release),
        "address_hidden": False,
        "phone": rows["phone"],
        "website": rows["website"],
        "facility_type": rows["type"],
    }
    identified = {"facility_id": rows["facility_id"]} if "facility_id" in rows else {}
    return pd.DataFrame(identified | who)
