"""SAMHSA's National Directory workbooks: listed facilities with service codes, no coordinates, no hours."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from iop_analysis import catalog, raw
from iop_analysis.catalog import answers
from iop_analysis.errors import DataError
from iop_analysis.raw import layouts
from iop_analysis.sources import Cleaned, Note, _codes, _samhsa_codes, aside, join_text, notes, rename

LIST_SHEET, CODE_SHEET = "Facilities List", "Service Code Reference"
GROUP_SEPARATOR, BETWEEN = "*", r"[\s*]+"


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """Rows of one workbook as text under the catalog's names; a code that nothing explains is set aside."""
    listed, sheet = raw.read_sheets(path, [LIST_SHEET, CODE_SHEET])
    rows = rename(listed, release, path)
    explained = sheet.rename(columns=layouts.plain)
    if "servicecode" not in explained:
        raise DataError(
            f"{path.name}: the column 'service_code' of the sheet {CODE_SHEET!r} is missing; download the file again."
        )
    known = set(explained["servicecode"].str.strip()) | {
        rule["code"] for rule in catalog.code_rules(_samhsa_codes.CODE_TABLE)
    }
    unknown = set(" ".join(rows["codes"]).split()) - known - {GROUP_SEPARATOR}
    odd = rows["codes"].map(lambda text: " ".join(unknown.intersection(text.split())) if unknown else "")
    # One text, as pandas copies what it finds here with every column.
    rows.attrs["form"] = " ".join(sorted(set(explained["servicecode"].str.strip())))
    rows.attrs["aside"] = list(aside(odd.ne(""), odd, "codes", "no_known_service_code"))
    return rows


def clean(rows: pd.DataFrame, release: catalog.Release) -> Cleaned:
    """Canonical facilities of one workbook; the directory has no hours."""
    hidden = rows["street1"].str.fullmatch(r"[-\s]*")
    who = {
        "name": join_text([rows["name1"], rows["name2"]], " - "),
        "street": join_text([rows["street1"], rows["street2"]], ", ").where(~hidden),
        "first_line": rows["street1"],
        "city": rows["city"],
        "state": rows["state"],
        "zip": rows["zip"],
        "address_hidden": hidden,
        "phone": rows["phone"],
        "facility_type": "mental health" if release.side == "mh" else "substance use",
    }
    has = _codes.flags(rows["codes"])
    name, form = _samhsa_codes.form_of(release.side, rows.attrs.get("form", "").split())
    kept = {"codes": rows["codes"].str.replace(BETWEEN, " ", regex=True), "code_form": f"{release.side}/{name}"}
    answered = _samhsa_codes.coded(has, release.side, len(rows), form)
    facilities = pd.DataFrame(who | answered | kept, index=rows.index)
    if release.side == "su":
        facilities["is_free_for_all"] = _samhsa_codes.free_for_all(facilities)
    return Cleaned(facilities, notes=_notes(facilities, has))


def _notes(facilities: pd.DataFrame, has: dict[str, _codes.Flags]) -> tuple[Note, ...]:
    silent = facilities["accepts_medicaid"].eq(answers.NOT_REPORTED)
    contradiction = 0
    if "NP" in has:
        contradiction = int((has["NP"] & facilities["is_free_for_all"].eq(answers.NOT_REPORTED).to_numpy()).sum())
    return notes(
        (silent.sum(), "rows without any payment code: every payer is not reported"),
        (contradiction, "rows that accept no payment and also name a payer: free-for-all is not reported"),
        (
            facilities["ownership_type"].eq("several").sum(),
            "rows with codes of two kinds of ownership: several",
        ),
        (facilities["ownership_type"].eq("not reported").sum(), "rows without an ownership code"),
        (facilities["address_hidden"].sum(), "rows whose address is withheld"),
    )
