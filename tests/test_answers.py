"""Missing is never no."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iop_analysis import catalog
from iop_analysis.catalog import answers
from iop_analysis.sources import _codes

NAMES = ["variable", "code", "category", "side", "blank", "silent", "exempt"]
RULES = [
    dict(zip(NAMES, line.split(","), strict=True))
    for line in (
        "medicaid,MD,PAY,su,no,not_reported,",
        "cash,SF,PAY,su,no,not_reported,",
        "sliding,SS,PYAS,su,not_reported,,VAMC",
        "funds,FSA,X,su,no,,",
        "funds,SAMF,X,su,no,,",
        ",CSBG,PAY,mh,,,",
        "medicaid,MD,PAY,mh,no,not_reported,",
    )
]
CODES = ["MD", "SF", "SS", "FSA", "SAMF", "VAMC", "CSBG"]


def carried(*rows: str) -> dict[str, np.ndarray]:
    return {code: np.array([code in row.split() for row in rows]) for code in CODES}


def answer(row: str, variable: str, side: str = "su") -> str:
    return _codes.from_codes(carried(row), RULES, side)[variable][0]


@pytest.mark.parametrize(
    ("row", "variable", "expected"),
    [
        ("MD", "medicaid", "yes"),
        ("SF", "medicaid", "no"),
        ("", "medicaid", "not_reported"),
        ("SS", "medicaid", "not_reported"),
        ("SS", "sliding", "yes"),
        ("MD", "sliding", "not_reported"),
        ("VAMC", "sliding", "not_asked"),
        ("VAMC SS", "sliding", "yes"),
        ("FSA", "funds", "yes"),
        ("SAMF", "funds", "yes"),
        ("MD", "funds", "no"),
    ],
)
def test_a_blank_means_what_the_catalog_says_for_its_category(row, variable, expected):
    assert answer(row, variable) == expected


def test_a_code_without_a_variable_still_breaks_the_silence_of_its_category():
    assert answer("CSBG", "medicaid", "mh") == "no"
    assert answer("", "medicaid", "mh") == "not_reported"


def test_a_variable_that_no_rule_of_the_side_asks_is_left_to_the_gate():
    assert set(_codes.from_codes(carried("MD"), RULES, "mh")) == {"medicaid"}


def test_a_code_that_the_form_lacks_is_not_asked_about():
    has = {"MD": np.array([True]), "SF": np.array([False])}
    assert set(_codes.from_codes(has, RULES, "su")) == {"medicaid", "cash"}


def test_a_field_that_holds_something_unlisted_is_not_silent():
    found = _codes.from_codes(carried("", ""), RULES, "su", {"PAY": np.array([True, False])})
    assert list(found["medicaid"]) == ["no", "not_reported"]


@given(st.lists(st.sampled_from(answers.ANSWERS), max_size=20))
def test_answers_as_booleans_keep_yes_and_no_and_never_turn_missing_into_no(texts):
    column = pd.Series(texts, dtype=answers.ANSWER_TYPE)
    flags = answers.to_boolean(column)
    assert [None if pd.isna(flag) else flag for flag in flags] == [
        {"yes": True, "no": False}.get(text) for text in texts
    ]


@given(st.lists(st.lists(st.sampled_from(["MD", "PI", "SS", "*"]), max_size=5), max_size=12))
def test_flags_mark_exactly_the_rows_that_carry_a_word(rows):
    found = _codes.flags(_codes.words(pd.Series([" ".join(row) or None for row in rows], dtype="object")))
    assert {word: list(here) for word, here in found.items()} == {
        word: [word in row for row in rows] for word in {word for row in rows for word in row}
    }


def test_words_between_semicolons_keep_their_blanks_inside():
    found = _codes.flags(_codes.words(pd.Series(["Self Pay;  Medicaid ", ";;", None]), ";"))
    assert {word: list(here) for word, here in found.items()} == {
        "Self Pay": [True, False, False],
        "Medicaid": [True, False, False],
    }


def test_no_rows_give_no_answers_and_no_error():
    found = _codes.from_codes({code: np.zeros(0, dtype=bool) for code in CODES}, RULES, "su")
    assert all(len(column) == 0 for column in found.values())
    assert _codes.flags(_codes.words(pd.Series([], dtype="object"))) == {}


def test_every_answer_column_starts_with_a_verb_that_reads_as_a_question():
    verbs = {name.split("_", 1)[0] for name in catalog.answer_variables()}
    assert verbs == {"offers", "accepts", "serves", "is"}
