"""Page one speaks by the rules of one table: every number with its noun, and nothing that is not known."""

import re

import pytest

from iop_analysis import catalog
from iop_analysis.errors import CallError
from iop_analysis.report import citation, gathered, state
from iop_analysis.report.front import facts, page, people, rules

STATES = state.every_state()
PARTS = ("headline", "tile", "people", "lever", "ask", "counted")
PARTS += ("district headline", "district tile", "district people")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Page one of every state from the carried tables."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IOP_DATA", str(tmp_path_factory.mktemp("empty")))
        return {code: page.front(gathered.gather(code)) for code in STATES}


def words_of(front) -> list[str]:
    tiles = [text for tile in front.tiles for text in (tile.figure, tile.noun, tile.note)]
    said = [front.kicker, front.headline, front.subline, *tiles, *front.people, *front.levers, front.ask]
    return [*said, front.counted, front.read, front.help, front.finder]


@pytest.mark.parametrize("code", STATES)
def test_every_state_has_a_headline_numbers_and_an_ask(pages, code):
    front = pages[code]
    assert front.headline.endswith(".") and len(front.headline) < 170
    assert 2 <= len(front.tiles) <= page.MOST_TILES
    assert front.levers and front.ask and front.counted
    assert "988" in front.help and "FindTreatment.gov" in front.help and "not a finder" in front.finder


@pytest.mark.parametrize("code", STATES)
def test_a_sentence_has_no_brace_no_empty_number_and_no_sign_for_a_word(pages, code):
    for text in words_of(pages[code]):
        assert not re.search(r"[{}\[\]]|\bnan\b|\bNone\b(?! of)|\d\+|  ", text), text
        assert not re.search(r"\d [–-] \d|unknown%", text), text


@pytest.mark.parametrize("code", STATES)
def test_a_headline_is_said_of_what_is_known_for_sure(pages, code):
    headline = pages[code].headline
    assert not re.search(r"\bat most\b|\bup to\b|\bmay\b|\bcould\b", headline)


@pytest.mark.parametrize("code", STATES)
def test_fewer_than_ten_programs_get_no_percentage(pages, code):
    found = gathered.gather(code)
    if found.main.row("iop", "all", "state", code)["yes"] < 10:
        tiles = [tile for tile in pages[code].tiles if "%" in tile.note.split("Told")[0]]
        assert not tiles


def test_the_first_rule_of_a_slot_that_speaks_is_said_and_the_others_are_silent(monkeypatch):
    table = [
        {"part": "tile", "slot": "a", "when": "n>=10", "figure": "{n}", "text": "many", "note": ""},
        {"part": "tile", "slot": "a", "when": "", "figure": "{n}", "text": "few", "note": "[of {all}]"},
        {"part": "tile", "slot": "b", "when": "", "figure": "", "text": "{absent}", "note": ""},
    ]
    monkeypatch.setattr(rules.catalog, "read_rows", lambda _: table)
    assert [one.text for one in rules.said("tile", {"n": 12})] == ["many"]
    assert [(one.text, one.note) for one in rules.said("tile", {"n": 3, "all": 5})] == [("few", "of 5")]


@pytest.mark.parametrize(
    ("when", "known", "speaks"),
    [
        ("a>=2", {"a": 2}, True),
        ("a>2", {"a": 2}, False),
        ("a<b", {"a": 1, "b": 2}, True),
        ("a<b", {"a": 1}, False),
        ("!a", {}, True),
        ("!a", {"a": 0}, False),
        ("a; b=0", {"a": "x", "b": 0}, True),
    ],
)
def test_a_condition_compares_a_fact_or_asks_whether_it_is_known(when, known, speaks):
    assert rules.speaks({"when": when, "figure": "", "text": "", "note": ""}, known) == speaks


def test_what_is_no_condition_is_an_error_that_names_the_table():
    with pytest.raises(ValueError, match=r"page_one\.csv"):
        rules.speaks({"when": "a is 3", "figure": "", "text": "", "note": ""}, {"a": 3})


def test_every_rule_has_a_part_that_is_shown_and_a_sentence():
    for row in rules.catalog.read_rows(rules.FILE):
        assert row["part"] in PARTS and row["slot"] and row["text"]


# Known where witnesses, calls or a built combination are at hand, which the carried tables of a list are not.
NOT_CARRIED = {"evening_known", "heard"}


def test_every_fact_that_a_rule_needs_is_known_of_one_of_four_states():
    found = [gathered.gather(code) for code in ("CO", "AL", "NJ", "DC")]
    known = set().union(*(page.known_of(one, people.reach(one)) for one in found)) | NOT_CARRIED
    for row in rules.catalog.read_rows(rules.FILE):
        sentences = " ".join(row[column] for column in ("figure", "text", "note"))
        needs = set(re.findall(r"{(\w+)}", sentences)) | set(re.findall(r"(?:^|; )(\w+)", row["when"]))
        assert row["part"].startswith("district") or needs <= known, (row["part"], row["slot"], needs - known)


def test_who_does_not_list_medicaid_is_told_by_owner_beside_the_share_of_owners(pages):
    owners = "Of the 57 programs that do not list Medicaid, 51 are listed as for-profit; so are 120 of all 232."
    assert owners in pages["NJ"].people
    few = [code for code in STATES if any("so are" in line for line in pages[code].people)]
    assert "WY" not in few and 20 < len(few) < 40


def test_a_contact_stands_on_page_one_and_only_an_address_is_one():
    said = page.front(gathered.gather("WY", contact="care@elm.example")).correction
    assert said == "If an entry is wrong, or should not be here, write to care@elm.example."
    assert page.front(gathered.gather("WY")).correction == ""
    for wrong in ("me", "a@b", "javascript:alert(1)", "https://x <script>", "ftp://elm.example"):
        with pytest.raises(CallError, match="is no contact"):
            citation.correction(wrong)


def test_new_jersey_and_colorado_lead_with_what_programs_told_and_with_the_evening(pages):
    assert pages["NJ"].headline.startswith("In 2024, 97 New Jersey programs had a fee that follows income")
    assert pages["CO"].headline.startswith("In 2023, at least 115 of Colorado’s ")


def test_a_list_with_its_witnesses_says_so_and_keeps_its_years():
    inputs = {"list": "national_directory@su-2023", "state": "NJ", "inputs": {"table@x": ""}}
    made = catalog.Release("combined", "national_directory-su-2023-nj", survey_year=2022, facts=inputs)
    assert facts.list_words(made) == "national directory 2023 (survey 2022) with linked sources"
