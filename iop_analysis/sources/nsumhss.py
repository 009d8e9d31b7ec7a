"""N-SUMHSS, the joint facility survey from 2021: a row for each side a respondent answers, state only, statistics."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from iop_analysis import catalog
from iop_analysis.catalog import answers
from iop_analysis.raw import surveys
from iop_analysis.sources import Cleaned, _survey_codes, notes

REPORTED = "1"


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """The needed columns of one year as text under the catalog's names."""
    return surveys.read(path, release)


def clean(rows: pd.DataFrame, release: catalog.Release) -> Cleaned:
    """Canonical respondents, substance use first, then mental health, each in the file's order.

    A facility in both of the publisher's report universes answers payers and services once for each and gives
    a row to each, so that neither side's figures borrow the other's answers. The rest of the frame is set aside.
    """
    inside = {side: universe(rows, release, side) for side in catalog.survey_sides()}
    parts = [_survey_codes.respondents(rows[mine], release, side) for side, mine in inside.items()]
    table = pd.concat(parts, ignore_index=True)
    asked = [name for name in table if name in catalog.answer_variables() or name == catalog.AGREES]
    table[asked] = table[asked].astype(object).fillna(answers.NOT_ASKED).astype(answers.ANSWER_TYPE)
    neither = ~(inside["su"] | inside["mh"])
    both = inside["su"] & inside["mh"]
    guessed = int((~neither).sum()) if "universe_su" not in rows else 0
    own = (
        (int(neither.sum()), "rows of the frame in neither report universe (not eligible or no response): set aside"),
        (int(both.sum()), "facilities in both universes: one row for each side"),
        (guessed, "rows taken because they say that they treat: the file does not mark the report universe"),
    )
    told = notes(*own, *_survey_codes.remarks(table, release))
    return Cleaned(table, notes=told, aside=_survey_codes.strange(rows, release, ~neither))


def universe(rows: pd.DataFrame, release: catalog.Release, side: str) -> pd.Series:
    """Rows in the publisher's report universe of a side.

    A file without the publisher's mark counts rows on the frame that say they treat and answered the settings. On
    the 2024 file, which has the mark, that rule takes 16,145 instead of 15,953 and 14,268 instead of 14,091.
    """
    if f"universe_{side}" in rows:
        return rows[f"universe_{side}"].eq(REPORTED)
    said = {"su": ("treatment_su", "detoxification"), "mh": ("mental_health_mh",)}[side]
    treats = pd.Series(False, index=rows.index)
    for item in (one for one in said if one in rows):
        treats |= _survey_codes.meanings(rows[item], item, release) == answers.YES
    settled = _survey_codes.meanings(rows[f"outpatient_{side}"], f"outpatient_{side}", release)
    framed = rows[f"frame_{side}"].eq(REPORTED) if f"frame_{side}" in rows else True
    inside: pd.Series = treats & (settled != _survey_codes.UNANSWERED) & framed
    return inside
