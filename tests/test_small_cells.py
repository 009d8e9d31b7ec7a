"""Small cells of surveys: no way of asking about two words of a state tells a cell of 1 to 4."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest

from iop_analysis import catalog
from iop_analysis.catalog import answers
from iop_analysis.criteria import disclosure
from iop_analysis.errors import CallError
from iop_analysis.metrics import small_cells, trends
from iop_analysis.releases import respondents

WORDS = {"offers_iop": "iop", "accepts_medicaid": "medicaid", "offers_sliding_fee": "sliding_fee"}
CODE = {True: answers.YES, False: answers.NO, None: answers.NOT_REPORTED}
# Every combination of two words' answers (yes, no, unknown), and questions about them in all manners of asking.
PAIRS = list(product((True, False, None), repeat=2))
ASKED = [
    ("{b}", "{a}"),
    ("{a}", "{b}"),
    ("{b}", "~{a}"),
    ("{a} & {b}", "all"),
    ("{a} & ~{b}", "all"),
    ("~{a} | {b}", "all"),
    ("all", "{a} & ~{b}"),
    ("all", "~{a} & {b}"),
    ("{b}", "{a} | {b}"),
    ("{a}", "all"),
    ("{b}", "all"),
    ("all", "all"),
]


ONE_WORD = ASKED[-3:]


def both(one, other):
    return False if one is False or other is False else None if one is None or other is None else True


def negated(one):
    return None if one is None else not one


def plainly(text: str, a, b):
    """A question about two answers in Kleene logic, restated."""
    forms = {
        "all": True,
        "{a}": a,
        "{b}": b,
        "~{a}": negated(a),
        "{a} & {b}": both(a, b),
        "{a} & ~{b}": both(a, negated(b)),
        "~{a} & {b}": both(negated(a), b),
        "~{a} | {b}": negated(both(a, negated(b))),
        "{a} | {b}": negated(both(negated(a), negated(b))),
    }
    return forms[text]


def vectors(have: str, of: str) -> dict[str, list[int]]:
    """Which of `PAIRS` each count of a coverage table adds up."""
    inside = [plainly(of, *pair) for pair in PAIRS]
    met = [plainly(have, *pair) for pair in PAIRS]
    rows = list(zip(inside, met, strict=True))
    return {
        "facilities": [int(one is True) for one, _ in rows],
        "yes": [int(one is True and two is True) for one, two in rows],
        "no": [int(one is True and two is False) for one, two in rows],
        "unknown": [int(one is True and two is None) for one, two in rows],
        "universe_unknown": [int(one is None) for one, _ in rows],
    }


def survey(seed: int, sizes: dict[str, int]) -> pd.DataFrame:
    """Invented respondents (SYNTHETIC): states of different sizes, some words nearly always yes."""
    random = np.random.default_rng(seed)
    states = np.repeat(list(sizes), list(sizes.values()))
    share = dict(zip(WORDS, (0.45, 0.8, 0.6), strict=True))
    columns = {
        name: [CODE[value] for value in random.choice([True, False, None], len(states), p=[p, 0.98 - p, 0.02])]
        for name, p in share.items()
    }
    table = pd.DataFrame({"state": states, "source": "nsumhss", "hours_status": "not_asked"} | columns)
    return table.astype(dict.fromkeys(columns, answers.ANSWER_TYPE))


SIZES = {"AA": 9, "BB": 30, "CC": 60, "DD": 120, "EE": 300, "FF": 14}


def told(table: pd.DataFrame, a: str, b: str, asked=ASKED) -> tuple[list[list[float]], list[float], list[str]]:
    """Every equation that the permitted tables of two words give about the cells of the states."""
    states = sorted(table["state"].unique())
    equations, values = [], []
    for (have, of), by in product(asked, ("state", None)):
        question = have.format(a=a, b=b), of.format(a=a, b=b)
        counts = small_cells.coverage_of(table, *question, by).set_index("place")
        for column, covered in vectors(have, of).items():
            for place in states if by else ["all"]:
                if pd.notna(counts.loc[place, column]):
                    there = [covered if by is None or state == place else [0] * len(PAIRS) for state in states]
                    equations.append([number for part in there for number in part])
                    values.append(float(counts.loc[place, column]))
    return equations, values, states


def determined(equations: list[list[float]], values: list[float]) -> np.ndarray:
    """Cells that the equations fix, once cells that add up to nothing are nothing."""
    matrix, right = np.array(equations, float), np.array(values)
    nothing = (matrix[(right == 0) & (matrix >= 0).all(axis=1)] > 0).any(axis=0)
    matrix = np.vstack([matrix, np.eye(matrix.shape[1])[nothing]])
    _, sizes, rows = np.linalg.svd(matrix)
    null = rows[(sizes > 1e-9).sum() :]
    return (np.abs(null) < 1e-9).all(axis=0)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("a", "b"), list(combinations(WORDS.values(), 2)))
def test_all_permitted_tables_together_determine_no_cell_of_1_to_4(seed, a, b):
    table = survey(seed, SIZES)
    names = [name for name, word in WORDS.items() if word in (a, b)]
    equations, values, states = told(table, *(WORDS[name] for name in names))
    # A cell that is also one word's answer, as where all of a state say yes to the other, is the publisher's to show.
    one_word = determined(*told(table, *(WORDS[name] for name in names), ONE_WORD)[:2])
    fixed = determined(equations, values) & ~one_word
    truth = small_cells.cells(table, names, table["state"]).loc[states]
    known = [pair for pair in PAIRS if None not in pair]
    said = {True: "yes", False: "no"}
    small = [
        (state, pair)
        for row, state in enumerate(states)
        for place, pair in enumerate(PAIRS)
        if pair in known
        and truth.loc[state, (said[pair[0]], said[pair[1]])] in range(1, 5)
        and fixed[row * len(PAIRS) + place]
    ]
    assert small == []


def test_the_attack_of_this_file_succeeds_where_nothing_is_hidden(monkeypatch):
    monkeypatch.setattr(small_cells, "hidden_places", lambda *_: set())
    equations, values, _ = told(survey(0, SIZES), "iop", "medicaid")
    assert determined(equations, values).all()


def test_however_two_words_are_asked_the_same_states_are_hidden():
    table = survey(1, SIZES)
    hidden = [
        frozenset(counts.loc[counts["hidden"], "place"])
        for have, of in ASKED[:9]
        for counts in [
            small_cells.coverage_of(
                table, have.format(a="iop", b="medicaid"), of.format(a="iop", b="medicaid"), "state"
            )
        ]
    ]
    assert len(set(hidden)) == 1
    assert hidden[0]


def test_one_state_asked_alone_is_hidden_as_among_all():
    table = survey(1, SIZES)
    every = small_cells.coverage_of(table, "medicaid", "iop", "state").set_index("place")
    for state in SIZES:
        alone = small_cells.coverage_of(table, "medicaid", "iop", None, state=state).iloc[0]
        assert alone["hidden"] == every.loc[state, "hidden"]
        assert pd.isna(alone["yes"]) == alone["hidden"]


def test_the_universe_is_hidden_where_it_is_an_interior_cell_and_shown_where_it_is_one_words_answer():
    table = survey(1, SIZES)
    shown = small_cells.coverage_of(table, "medicaid", "iop", "state")
    inside = small_cells.coverage_of(table, "all", "iop & ~medicaid", "state")
    assert shown["facilities"].notna().all()
    assert inside.loc[inside["hidden"], ["facilities", "yes", "lower_share"]].isna().all(axis=None)
    assert inside["hidden"].any()


def test_one_word_by_state_is_shown_whatever_its_size_and_on_another_side_it_is_not():
    table = survey(1, SIZES)
    assert not small_cells.coverage_of(table, "iop", "all", "state")["hidden"].any()
    other = small_cells.coverage_of(table, "iop", "all", "state", side_counts=True)
    assert other.set_index("place").loc["AA", ["yes", "no"]].isna().all()
    assert other["facilities"].notna().all()


def test_a_side_that_is_not_the_first_is_a_word_and_owners_within_a_state_are_refused():
    with pytest.raises(CallError, match="at most 2 attributes"):
        disclosure.check("nsumhss", "medicaid & sliding_fee", "all", by="state", side="mh")
    disclosure.check("nmhss", "medicaid & sliding_fee", "all", by="state", side="mh")
    with pytest.raises(CallError, match="owners within one state"):
        disclosure.check("nsumhss", "medicaid", "all", by="ownership", state="NJ")


@pytest.mark.real
def test_of_the_survey_of_2024_medicaid_hides_14_jurisdictions_and_the_sliding_fee_6(real_data):
    release = catalog.release("nsumhss@2024")
    table = trends.universe(respondents.read_release(release, real_data / "nsumhss" / release.file).respondents, "su")
    place = table["state"].astype(object)
    for word, count in {"accepts_medicaid": 14, "offers_sliding_fee": 6}.items():
        assert len(small_cells.hidden_places(table, ["offers_iop", word], place)) == count
    alaska = small_cells.coverage_of(table, "all", "iop & ~medicaid", None, state="AK").iloc[0]
    assert alaska[["facilities", "yes"]].isna().all()


def test_a_state_is_never_hidden_alone():
    """Everybody in AA offers an IOP, so its interior is the answer about Medicaid; yet it is no row of its own."""
    table = survey(2, {"AA": 12, "BB": 400, "CC": 500})
    iop = table["offers_iop"].astype("str").mask(table["state"].eq("AA"), answers.YES)
    medicaid = table["accepts_medicaid"].astype("str")
    medicaid[table["state"].eq("AA")] = [answers.YES] * 9 + [answers.NO] * 3
    table = table.assign(
        offers_iop=iop.astype(answers.ANSWER_TYPE), accepts_medicaid=medicaid.astype(answers.ANSWER_TYPE)
    )
    assert len(small_cells.hidden_places(table, ["offers_iop", "accepts_medicaid"], table["state"])) >= 2
