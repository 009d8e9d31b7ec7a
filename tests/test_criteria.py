"""Criteria are parsed without eval, decided in Kleene logic, and refuse an unknown word with the nearest known ones."""

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import facilities, hours, words

from iop_analysis import catalog, criteria
from iop_analysis.catalog import answers
from iop_analysis.criteria import hours_tests
from iop_analysis.errors import CallError

SAID = {"yes": True, "no": False, "not_reported": None, "not_asked": None}


def decide(text: str, **columns: list[str]) -> list[bool | None]:
    count = len(next(iter(columns.values())))
    result = criteria.evaluate(text, facilities(count, **columns), hours([])).result
    return [None if pd.isna(one) else bool(one) for one in result]


# The logic, restated: a conjunction is the least and a disjunction the greatest of no < unknown < yes.

RANK = {False: 0, None: 1, True: 2}


def kleene_and(first, second):
    return min(first, second, key=RANK.get)


def kleene_or(first, second):
    return max(first, second, key=RANK.get)


def kleene_not(value):
    return None if value is None else not value


def test_and_or_not_follow_the_truth_tables_of_kleene():
    pairs = list(itertools.product(SAID, SAID))
    medicaid, sliding = ([pair[place] for pair in pairs] for place in (0, 1))
    columns = {"accepts_medicaid": medicaid, "offers_sliding_fee": sliding}
    expected = [(SAID[first], SAID[second]) for first, second in pairs]
    assert decide("medicaid & sliding_fee", **columns) == [kleene_and(*pair) for pair in expected]
    assert decide("medicaid | sliding_fee", **columns) == [kleene_or(*pair) for pair in expected]
    assert decide("~medicaid", **columns) == [kleene_not(first) for first, _ in expected]


def test_one_no_decides_a_conjunction_and_one_yes_a_disjunction_whatever_is_unknown():
    columns = {"accepts_medicaid": ["no", "yes"], "offers_sliding_fee": ["not_reported", "not_asked"]}
    assert decide("medicaid & sliding_fee", **columns) == [False, None]
    assert decide("medicaid | sliding_fee", **columns) == [None, True]


trees = st.recursive(
    st.sampled_from(["iop", "medicaid", "sliding_fee"]),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from("&|"), inner, inner),
        st.tuples(st.just("~"), inner),
    ),
    max_leaves=8,
)


def write(tree) -> str:
    if isinstance(tree, str):
        return tree
    return f"~({write(tree[1])})" if tree[0] == "~" else f"({write(tree[1])}) {tree[0]} ({write(tree[2])})"


def value(tree, row: dict):
    if isinstance(tree, str):
        return row[tree]
    if tree[0] == "~":
        return kleene_not(value(tree[1], row))
    return {"&": kleene_and, "|": kleene_or}[tree[0]](value(tree[1], row), value(tree[2], row))


@settings(deadline=None, max_examples=40)
@given(trees)
def test_any_expression_equals_its_restatement_row_by_row(tree):
    rows = list(itertools.product(SAID, repeat=3))
    names = {"iop": "offers_iop", "medicaid": "accepts_medicaid", "sliding_fee": "offers_sliding_fee"}
    columns = {column: [row[place] for row in rows] for place, column in enumerate(names.values())}
    expected = [value(tree, dict(zip(names, map(SAID.get, row), strict=True))) for row in rows]
    assert decide(write(tree), **columns) == expected


def test_not_binds_before_and_and_and_before_or():
    rows = list(itertools.product(SAID, repeat=3))
    columns = {
        name: [row[place] for row in rows]
        for place, name in enumerate(["offers_iop", "accepts_medicaid", "offers_sliding_fee"])
    }
    assert decide("~iop & medicaid | sliding_fee", **columns) == decide("((~iop) & medicaid) | sliding_fee", **columns)


def test_a_row_is_complete_when_every_word_is_known_even_where_one_alone_decides():
    table = facilities(3, accepts_medicaid=["no", "yes", "no"], offers_sliding_fee=["not_reported", "yes", "no"])
    found = criteria.evaluate("medicaid & sliding_fee", table, hours([]))
    assert found.complete.tolist() == [False, True, True]
    assert found.result.tolist() == [False, True, False]


def test_an_unknown_is_of_the_first_kind_among_its_unknown_words_and_a_known_has_none():
    table = facilities(
        3,
        accepts_medicaid=["not_reported", "not_asked", "not_reported"],
        offers_sliding_fee=["not_asked", "not_reported", "no"],
    )
    assert criteria.evaluate("medicaid & sliding_fee", table, hours([])).kind.tolist() == ["not_asked", "not_asked", ""]


def test_results_stand_on_the_index_of_the_facilities():
    table = facilities(3, accepts_medicaid=["yes", "no", "not_asked"]).set_axis([7, 7, "a"])
    found = criteria.evaluate("medicaid", table, hours([]))
    for column in (found.result, found.complete, found.kind):
        assert column.index.tolist() == [7, 7, "a"]


def test_all_is_yes_for_every_row_and_asks_nothing():
    found = criteria.evaluate("all", facilities(2), hours([]))
    assert found.result.tolist() == [True, True]
    assert found.complete.tolist() == [True, True]
    assert criteria.parse("all").atoms == ()


def test_the_short_word_and_the_full_column_name_are_the_same_question():
    assert len(set(words())) == len(words())
    for name, word in zip(catalog.answer_variables(), words(), strict=True):
        if word not in catalog.personas():  # `evening_iop` is a criterion, which asks the column of that word and more
            assert criteria.parse(word).tree == criteria.parse(name).tree


def test_an_hours_word_without_brackets_takes_its_defaults():
    table = facilities(1, hours_status="known")
    rows = hours([(0, "Mo", 540, 1140)])
    for text in ("evening", "evening()", "evening(after='18:00')", "evening(minutes=60, days=1)"):
        assert criteria.evaluate(text, table, rows).result.tolist() == [True]
    assert criteria.evaluate("evening(after='18:01')", table, rows).result.tolist() == [False]


def test_a_named_criterion_means_its_expression():
    columns = {"offers_iop": list(SAID), "offers_iop_mental_health": ["yes", "no", "no", "not_reported"]}
    assert decide("iop_any", **columns) == decide("iop | iop_mental_health", **columns) == [True, False, None, None]


def test_every_persona_and_named_criterion_of_the_catalog_parses():
    for key, persona in catalog.personas().items():
        assert criteria.parse(key).atoms == criteria.parse(persona.criterion).atoms
        assert persona.kind in ("persona", "criterion")
        assert bool(persona.of) == (persona.kind == "persona")


def test_no_word_names_two_things():
    groups = [set(criteria.words()), set(catalog.personas()), set(hours_tests.TESTS), {"all"}]
    assert sum(map(len, groups)) == len(set.union(*groups))


def test_every_question_of_the_catalog_parses():
    for row in catalog.read_rows("questions.csv"):
        criteria.parse(row["have"])


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("medicad", "medicaid"),
        ("iop & slidingfee", "sliding_fee"),
        ("evning", "evening"),
        ("iop_anny", "iop_any"),
        ("private", "private_insurance"),
    ],
)
def test_an_unknown_word_names_the_nearest_known_ones(text, near):
    with pytest.raises(CallError, match=near):
        criteria.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "iop &",
        "iop and medicaid",
        "not iop",
        "iop == medicaid",
        "iop if medicaid else all",
        "(iop",
        "iop; medicaid",
        "iop\nmedicaid",
        "__import__('os').system('true')",
        "iop.__class__",
        "iop[0]",
        "[iop for iop in all]",
        "lambda: iop",
        "iop := medicaid",
        "1 & iop",
        "'iop'",
        "evening('18:00')",
        "evening(when='18:00')",
        "evening(after=18)",
        "evening(after=iop)",
        "evening(**{})",
        "evening(after='18:00', minutes=-5)",
        "evening(after='25:00')",
        "noon()",
        "iop(after='18:00')",
        "iop\x00",
        "x" * 3000,
        "~" * 500 + "iop",
        "~" * 1900 + "iop",
        "(" * 900 + "iop" + ")" * 900,
        "&".join(["iop"] * 499),
    ],
    ids=lambda text: repr(text[:40]),
)
def test_what_is_no_criterion_is_a_wrong_call_in_one_sentence(text):
    try:
        criteria.parse(text)
    except CallError as error:
        assert len(str(error)) < 1000
        assert "Traceback" not in str(error)
    else:
        assert set(text) <= set("~iop&()"), "only a long but sound expression may pass"


def test_parsing_runs_nothing(tmp_path):
    path = tmp_path / "written"
    with pytest.raises(CallError):
        criteria.parse(f"evening(after=open({str(path)!r}, 'w'))")
    assert not path.exists()


def test_only_the_fee_help_of_samhsa_lists_cannot_say_no():
    for source in ("national_directory", "findtreatment"):
        blind = {name for name in catalog.answer_variables() if not catalog.can_say_no(source, name)}
        assert blind == {"offers_sliding_fee", "offers_payment_assistance"}
        assert criteria.cannot_say_no("iop & (medicaid | sliding_fee)", source) == ["offers_sliding_fee"]
    assert criteria.cannot_say_no("iop & sliding_fee & evening", "ladders") == []


def test_answers_of_the_catalog_are_the_only_ones():
    assert set(SAID) == set(answers.ANSWERS)
