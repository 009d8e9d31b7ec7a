"""N-SSATS, the substance-use facility survey to 2020: one respondent a row, state only, for statistics alone."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from iop_analysis import catalog, survey_codes, survey_files
from iop_analysis.sources import Cleaned, notes

SIDE = "su"


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """The needed columns of one year as text under the catalog's names."""
    return survey_files.read(path, release)


def clean(rows: pd.DataFrame, release: catalog.Release) -> Cleaned:
    """Canonical respondents: every row is in the publisher's substance-use universe."""
    table = survey_codes.respondents(rows, release, SIDE)
    return Cleaned(table, notes=notes(*survey_codes.remarks(table, release)))
