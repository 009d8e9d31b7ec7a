"""What the facility surveys' codes mean: answers with skips, ownership, states; the same for all three surveys."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from iop_analysis import catalog
from iop_analysis.catalog import answers
from iop_analysis.errors import CallError
from iop_analysis.sources import Aside, _codes, aside

UNANSWERED = "unanswered"

Texts = npt.NDArray[np.object_]


def plain(text: str) -> str:
    """A code or label without what differs between formats: case, blanks, SAS dots, `.0`, a label after its number.

    Examples
    --------
    >>> [plain(text) for text in (" Yes", "1.0", ".L", "(2) Private non-profit", "-1")]
    ['yes', '1', 'l', '2', '-1']
    """
    numbered = re.fullmatch(r"\(?(-?\d+)[).]\s+\S.*", text.strip())
    word = numbered[1] if numbered else text.strip().lower().lstrip(".")
    return word.removesuffix(".0")


def values(column: pd.Series) -> Texts:
    """The plain codes of a column, one per row."""
    known = {text: plain(text) for text in column.unique()}
    return column.map(known).to_numpy(dtype=object)


@cache
def _words() -> dict[tuple[str, str], str]:
    rows = catalog.code_rules("survey_answers")
    return {(row["item"], row["word"]): row["meaning"] for row in rows}


def meanings(column: pd.Series, item: str, release: catalog.Release) -> Texts:
    """`yes`, `no` or `unanswered` (skipped, missing, not known, not applicable) for each row of a yes/no question.

    A code that `codes/survey_answers.csv` does not explain is unanswered, and set aside (see `strange`).
    """
    words = _words()
    found = {text: words.get((item, plain(text)), words.get(("", plain(text)))) for text in column.unique()}
    return column.map({text: meaning or UNANSWERED for text, meaning in found.items()}).to_numpy(dtype=object)


def strange(rows: pd.DataFrame, release: catalog.Release, counted: pd.Series | None = None) -> tuple[Aside, ...]:
    """Cells of the questions that answer, and of the state, whose text nothing explains, in the rows that count."""
    here = pd.Series(True, index=rows.index) if counted is None else counted
    words = _words()
    told: tuple[Aside, ...] = ()
    for item in dict.fromkeys(rule["code"] for rule in catalog.rules_of(release.source) if rule["side"]):
        if item in rows:
            known = {text: (item, plain(text)) in words or ("", plain(text)) in words for text in rows[item].unique()}
            told += aside(here & ~rows[item].map(known).astype(bool), rows[item], item, "no_known_answer")
    return told + aside(here & (states(rows["state"]) == ""), rows["state"], "state", "no_state")


def answers_of(rows: pd.DataFrame, release: catalog.Release, side: str) -> dict[str, pd.Categorical]:
    """Answers of one side of a survey under the rules of `codes/SURVEY.csv`.

    A question that was skipped because its parent question says no is `no`. A Veterans Affairs site without an
    answer where such sites are led past the question is `not_asked`. Any other question without an answer is
    `not_reported`. A variable of which no question is on the form is left out.
    """
    rules = [rule for rule in catalog.rules_of(release.source) if rule["side"] == side and rule["code"] in rows]
    meaning = {rule["code"]: meanings(rows[rule["code"]], rule["code"], release) for rule in rules}
    for rule in rules:
        if rule["parent"] in meaning:
            skipped = (meaning[rule["code"]] == UNANSWERED) & (meaning[rule["parent"]] == answers.NO)
            meaning[rule["code"]][skipped] = answers.NO
    has = {item: meaning[item] == answers.YES for item in meaning}
    answered = {item: meaning[item] != UNANSWERED for item in meaning}
    affairs = carries(rows, release, "va")
    led_past = {f"va:{item}": affairs & ~answered[item] for item in meaning}
    filled: dict[str, _codes.Flags] = {}
    for rule in rules:
        filled[rule["category"]] = filled.get(rule["category"], np.True_) & answered[rule["code"]]
    return _codes.from_codes(has | led_past, rules, side, filled)


def carries(rows: pd.DataFrame, release: catalog.Release, category: str) -> _codes.Flags:
    """Rows with one of the values `item:value` that the rules of a category name."""
    found = np.zeros(len(rows), dtype=bool)
    for rule in catalog.rules_of(release.source):
        item, _, value = rule["code"].partition(":")
        if rule["category"] == category and item in rows:
            found |= values(rows[item]) == value
    return found


def ownership(rows: pd.DataFrame, release: catalog.Release) -> Texts:
    """Who runs the facility, in the catalog's words; `not reported` where no rule fits, `not asked` without any."""
    rules = [rule for rule in catalog.rules_of(release.source) if rule["variable"] == "ownership_type"]
    asked = any(rule["code"].split(":")[0] in rows for rule in rules)
    found = np.full(len(rows), "not reported" if asked else "not asked", dtype=object)
    for rule in rules:
        item, _, value = rule["code"].partition(":")
        if item in rows:
            found[values(rows[item]) == value] = rule["label"]
    return found


@cache
def state_codes() -> dict[str, str]:
    """Postal code by postal code, FIPS number and name; small jurisdictions that a publisher pools are `ZZ`."""
    known = {"ZZ": "ZZ"}
    for (item, word), code in _words().items():
        if item == "state":
            known |= {word: code, code: code}
    for row in catalog.read_rows("places/states.csv"):
        known |= {row["state"]: row["state"], str(int(row["fips"])): row["state"], row["name"].upper(): row["state"]}
    return known


def states(column: pd.Series) -> pd.Series:
    """Two-letter postal codes of a column of postal codes, FIPS numbers or names; empty where it is none."""
    texts = column.str.strip().str.upper().str.replace(r"\.0$", "", regex=True).str.replace(r"^0(?=\d)", "", regex=True)
    return texts.map(state_codes()).fillna("")


def survey_year(release: catalog.Release) -> int:
    """The year that the answers describe: the catalog's, else the one in the release's key."""
    year = release.survey_year or next(iter(re.findall(r"(?:19|20)\d\d", release.key)), None)
    if year is None:
        raise CallError(f"{release.name}: name the release by its survey year, such as {release.source}@2018.")
    return int(year)


def respondents(rows: pd.DataFrame, release: catalog.Release, side: str) -> pd.DataFrame:
    """Canonical rows of one side of a survey, every row of `rows` in that side's universe."""
    who = {
        "state": states(rows["state"]),
        "survey_year": survey_year(release),
        "facility_type": catalog.survey_sides()[side]["label"],
        "ownership_type": ownership(rows, release),
    }
    universe = {known["universe"]: side == one for one, known in catalog.survey_sides().items()}
    return pd.DataFrame(who | universe | answers_of(rows, release, side), index=rows.index)


def remarks(table: pd.DataFrame, release: catalog.Release) -> list[tuple[int, str]]:
    """What a reader must know of the respondents, as pairs of rows and text: what was not asked or cannot be told."""
    rules = catalog.rules_of(release.source)
    asked = {rule["variable"] for rule in rules if rule["side"] and rule["variable"]} - {catalog.AGREES}
    labels = [catalog.variables()[name].label for name in sorted(asked - set(table))]
    absent = [label[0].lower() + label[1:] for label in labels]
    return [
        (len(table) if absent else 0, f"rows of a form that does not ask: {', '.join(absent)}"),
        (int(table["ownership_type"].eq("not reported").sum()), "rows whose owner is not told or of no listed kind"),
        (int(table["ownership_type"].eq("not asked").sum()), "rows of a form that does not ask who runs the facility"),
        (int(table["state"].eq("ZZ").sum()), "rows of small jurisdictions that the publisher pools (state ZZ)"),
        (
            int(table["offers_sliding_fee"].eq(answers.NOT_ASKED).sum()),
            "Veterans Affairs sites that were led past the sliding fee: not asked",
        ),
    ]
