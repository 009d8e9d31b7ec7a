"""SAMHSA's National Directory workbooks: listed facilities with service codes, no coordinates, no hours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from iop_analysis import answers, catalog, raw
from iop_analysis.errors import DataError
from iop_analysis.sources import Cleaned, Note, join_text, notes, rename, row_number

LIST_SHEET, CODE_SHEET = "Facilities List", "Service Code Reference"
GROUP_SEPARATOR = "*"
CODE_TABLE = "samhsa"


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """Rows of one workbook as text under the catalog's names; a code that its own code sheet lacks is an error."""
    listed, sheet = raw.read_sheets(path, [LIST_SHEET, CODE_SHEET])
    rows = rename(listed, release, path)
    explained = sheet.rename(columns=lambda name: name.strip().lower())
    if "service_code" not in explained:
        raise DataError(
            f"{path.name}: the column 'service_code' of the sheet {CODE_SHEET!r} is missing; download the file again."
        )
    known = set(explained["service_code"].str.strip())
    unknown = set(" ".join(rows["codes"]).split()) - known - {GROUP_SEPARATOR}
    for row, text in enumerate(rows["codes"] if unknown else ()):
        for code in unknown.intersection(text.split()):
            raise DataError(
                f"{path.name}: row {row_number(row)}, column {catalog.columns(release)['codes']!r} "
                f"holds the code {code!r}, which the sheet {CODE_SHEET!r} does not explain; ask its publisher."
            )
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
    has = answers.flags(rows["codes"])
    facilities = pd.DataFrame(who | coded(has, release.side, len(rows)), index=rows.index)
    if release.side == "su":
        facilities["is_free_for_all"] = free_for_all(facilities)
    return Cleaned(facilities, notes=_notes(facilities, has))


def coded(has: dict[str, answers.Flags], side: str, count: int) -> dict[str, object]:
    """Answers, ownership and languages that SAMHSA's service codes give; codes without a row count as absent."""
    rules = catalog.code_rules(CODE_TABLE)
    none = np.zeros(count, dtype=bool)
    full = {rule["code"]: has.get(rule["code"], none) for rule in rules}
    found: dict[str, object] = dict(answers.from_codes(full, rules, side))
    found["ownership_type"] = ownership(full, rules, count)
    found["languages"] = labels(full, [rule for rule in rules if rule["variable"] == "languages"], count)
    return found


def ownership(has: dict[str, answers.Flags], rules: tuple[dict[str, str], ...], count: int) -> list[str]:
    """One class per row; two different classes are `several`, none is `not reported`."""
    mine = [rule for rule in rules if rule["variable"] == "ownership_type"]
    texts = labels(has, mine, count)
    return ["not reported" if not text else "several" if ";" in text else text for text in texts]


def labels(has: dict[str, answers.Flags], rules: list[dict[str, str]], count: int) -> list[str]:
    """Labels of the codes that each row carries, without repeats, joined by semicolons."""
    texts: list[dict[str, None]] = [{} for _ in range(count)]
    for rule in rules:
        for row in np.flatnonzero(has[rule["code"]]):
            texts[row][rule["label"]] = None
    return ["; ".join(text) for text in texts]


def free_for_all(facilities: pd.DataFrame) -> pd.Series:
    """`No payment accepted` beside a payer contradicts itself: such rows are not reported."""
    payers = [name for name in map(str, facilities) if name.startswith("accepts_") and name != "accepts_new_patients"]
    paid = (facilities[payers] == answers.YES).any(axis=1)
    free = facilities["is_free_for_all"]
    return free.mask(free.eq(answers.YES) & paid, answers.NOT_REPORTED)


def _notes(facilities: pd.DataFrame, has: dict[str, answers.Flags]) -> tuple[Note, ...]:
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
