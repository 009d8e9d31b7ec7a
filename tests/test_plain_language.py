"""Reports are written for people who are tired: short sentences of common words."""

import pytest
from reading import grade, sentences_of, syllables, words

HARDEST_GRADE, MOST_WORDS = 9.0, 40


@pytest.mark.parametrize("code", ["CO", "NJ", "WY", "PR"])
def test_a_report_reads_below_the_ninth_grade_and_no_sentence_is_endless(code, carried_report):
    said = sentences_of(carried_report(code))
    assert len(said) > 25
    assert grade(said) < HARDEST_GRADE
    assert not [sentence for sentence in said if len(words(sentence)) > MOST_WORDS]


@pytest.mark.parametrize(
    ("word", "count"),
    [("people", 2), ("insurance", 3), ("listed", 2), ("scaled", 1), ("fee", 1), ("evening", 3), ("able", 2), ("a", 1)],
)
def test_syllables_are_counted(word, count):
    assert syllables(word) == count


def test_long_words_and_long_sentences_are_harder():
    assert grade(["The cat sat."]) < grade(["The cat sat on the mat and looked at me."])
    assert grade(["The cat sat."]) < grade(["Reimbursement eligibility determinations accumulate."])
