"""The test `code('MOTI')` of criteria: whether an entry carries a publisher's service code that is no word."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from iop_analysis.catalog import answers, service_codes

TEST = "code"
COLUMNS = ("codes", "code_form")


def ask(code: str, facilities: pd.DataFrame) -> pd.Series:
    """Answers to a code: yes where an entry carries it; else what its absence says on the entry's form.

    Examples
    --------
    >>> rows = pd.DataFrame({"codes": ["SA MOTI", "SA", None], "code_form": ["su/su-2023", "su/su-2023", None]})
    >>> ask("MOTI", rows).tolist()
    ['yes', 'no', 'not_asked']
    """
    found = np.full(len(facilities), answers.NOT_ASKED, dtype=object)
    if set(COLUMNS) <= set(facilities):
        codes, forms = (facilities[name].fillna("").astype("str") for name in COLUMNS)
        for form in set(forms) - {""}:
            here = (forms == form).to_numpy()
            found[here] = _of_form(code, form, codes[here])
    return pd.Series(found, index=facilities.index, dtype=answers.ANSWER_TYPE)


def _of_form(code: str, form: str, codes: pd.Series) -> npt.NDArray[np.object_]:
    said = service_codes.absence(form, code)
    found = np.full(len(codes), said.blank, dtype=object)
    if said.silent:
        found[~_carries(codes, "|".join(sorted(said.category)))] = said.silent
    found[_carries(codes, code)] = answers.YES
    return found


def _carries(codes: pd.Series, either: str) -> npt.NDArray[np.bool_]:
    carried: npt.NDArray[np.bool_] = codes.str.contains(rf"(?:^| )(?:{either})(?: |$)", regex=True).to_numpy(bool)
    return carried


def can_say_no(code: str) -> bool:
    """Whether the absence of a code can be a no on any form."""
    sides = [f"{side}/{form}" for form in service_codes.forms() for side in service_codes.SIDES]
    return any(service_codes.absence(form, code).blank == answers.NO for form in sides)
