"""N-SSATS, the substance-use facility survey to 2020: one respondent a row, state only, for statistics alone."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from iop_analysis import catalog
from iop_analysis.raw import surveys
from iop_analysis.sources import Cleaned, _survey_codes, notes

SIDE = "su"


def read(path: Path, release: catalog.Release) -> pd.DataFrame:
    """The needed columns of one year as text under the catalog's names."""
    return surveys.read(path, release)


def clean(rows: pd.DataFrame, release: catalog.Release) -> Cleaned:
    """Canonical respondents: every row is in the publisher's substance-use universe."""
    table = _survey_codes.respondents(rows, release, SIDE)
    told = notes(*_survey_codes.remarks(table, release))
    return Cleaned(table, notes=told, aside=_survey_codes.strange(rows, release))
