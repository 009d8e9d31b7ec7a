"""Names of a workbook's sheets: short, readable, unique, and nothing in them that Excel reserves."""

from __future__ import annotations

import re
from functools import cache

from iop_analysis import catalog
from iop_analysis.report.blocks import key
from iop_analysis.report.model import Table

MOST = 31
OWN = {
    "in_words": "In words",
    "beside": "Beside the nation",
    "listing": "Listing beside survey",
    "notes": "What was set aside",
    "offer": "What they offer",
    "people": "Who could use one",
    "room": "Room for sessions",
    "unknown_hours": "Why hours are not known",
}


def names(tables: list[Table]) -> list[str]:
    """A name for the sheet of each table; `Cover` is taken."""
    used, found = {"cover"}, []
    for table in tables:
        plain = of_key(table.key)
        name, number = plain[:MOST], 2
        while name.lower() in used:
            name, number = f"{plain[: MOST - 3]} {number}", number + 1
        used.add(name.lower())
        found.append(name)
    return found


def of_key(text: str) -> str:
    """The name of one table: what kind it is, and the question or the person of the catalog that it is about.

    Examples
    --------
    >>> of_key("counties_medicaid"), of_key("steps_has_medicaid"), of_key("survey_files")
    ('Counties – Medicaid', 'Steps – Has Medicaid', 'Survey files')
    """
    kind, _, rest = text.partition("_")
    if text in OWN:
        return OWN[text]
    plain = f"{kind} – {labels()[rest]}" if rest in labels() else text.replace("_", " ")
    plain = re.sub(r"[\[\]:*?/\\']+", " ", plain).strip() or "table"
    return plain[:1].upper() + plain[1:]


@cache
def labels() -> dict[str, str]:
    """Label of each question and persona of the catalog by the key of its text."""
    questions = {key(row["have"]): row["label"] for row in catalog.read_rows("questions.csv")}
    return questions | {persona.key: persona.label for persona in catalog.personas().values()}
