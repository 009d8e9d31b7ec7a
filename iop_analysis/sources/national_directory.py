"""SAMHSA's National Directory workbooks: listed facilities with service codes, no coordinates, no hours."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from iop_analysis import catalog, raw
from iop_analysis.catalog import answers
from iop_analysis.errors import DataError
from iop_analysis.raw import layouts
from iop_analysis.sources import Aside, Cleaned, Note, _codes, _samhsa_codes, aside, join_text, notes, rename

LIST_SHEET, CODE_SHEET = "Facilities List", "Service Code Reference"
BETWEEN_GROUPS, BLANK = "*", pa.scalar(" ", pa.large_string())


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """Rows of one workbook as text under the catalog's names, and the codes that the workbook explains."""
    listed, sheet = raw.read_sheets(path, [LIST_SHEET, CODE_SHEET])
    rows = rename(listed, release, path)
    explained = sheet.rename(columns=layouts.plain)
    if "servicecode" not in explained:
        raise DataError(
            f"{path.name}: the column 'service_code' of the sheet {CODE_SHEET!r} is missing; download the file again."
        )
    # One text, as pandas copies what it finds here with every column.
    rows.attrs["form"] = " ".join(sorted(set(explained["servicecode"].str.strip())))
    return rows


def clean(rows: pd.DataFrame, release: catalog.Release) -> Cleaned:
    """Canonical facilities of one workbook, which has no hours; a code that nothing explains is set aside."""
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
    words = _codes.words(rows["codes"].str.replace(BETWEEN_GROUPS, " ", regex=False))
    has = _codes.flags(words)
    explained = rows.attrs.get("form", "").split()
    name, form = _samhsa_codes.form_of(release.side, explained)
    kept = {"codes": pd.array(pc.binary_join(words, BLANK), "str"), "code_form": f"{release.side}/{name}"}
    answered = _samhsa_codes.coded(has, release.side, len(rows), form)
    facilities = pd.DataFrame(who | answered | kept, index=rows.index)
    if release.side == "su":
        facilities["is_free_for_all"] = _samhsa_codes.free_for_all(facilities)
    return Cleaned(facilities, notes=_notes(facilities, has), aside=_unknown(has, explained, rows["codes"]))


def _unknown(has: dict[str, _codes.Flags], explained: list[str], texts: pd.Series) -> tuple[Aside, ...]:
    """Codes of each row that neither the workbook's own sheet nor the catalog explains."""
    known = {*explained, *(rule["code"] for rule in catalog.code_rules(_samhsa_codes.CODE_TABLE))}
    odd = pd.Series(_codes.texts({code: here for code, here in has.items() if code not in known}, len(texts)))
    return aside(odd.ne(""), odd, "codes", "no_known_service_code")


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
