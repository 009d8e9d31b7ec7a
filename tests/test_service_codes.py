"""Codes that are no words: asked as code('MOTI'), answered by the form on which they stand; what became a word."""

import pandas as pd
import pytest

from iop_analysis import catalog, criteria
from iop_analysis.catalog import service_codes
from iop_analysis.criteria import evaluate, parse
from iop_analysis.errors import CallError
from iop_analysis.sources import _samhsa_codes

HOURS = pd.DataFrame(columns=["facility_id", "day", "opens_minute", "closes_minute", "scope", "label"])


def rows(*pairs: tuple[str | None, str | None]) -> pd.DataFrame:
    """Facilities (SYNTHETIC) with codes and forms."""
    table = pd.DataFrame(pairs, columns=["codes", "code_form"])
    return table.assign(facility_id=table.index.astype(str), hours_status="not_asked")


def asked(text: str, table: pd.DataFrame) -> list[bool | None]:
    return [None if pd.isna(one) else bool(one) for one in evaluate(text, table, HOURS).result]


def test_a_code_is_yes_where_it_is_carried_and_no_where_its_form_holds_it():
    table = rows(("SA OIT MOTI", "su/su-2023"), ("SA OIT", "su/su-2023"), ("MOTIX", "su/su-2023"))
    assert asked("code('MOTI')", table) == [True, False, False]
    assert asked("~code('moti')", table) == [False, True, True]


def test_a_code_of_another_side_or_form_was_not_asked():
    table = rows(("MH", "mh/mh-2023"), ("SA", "su/su-2022"), (None, None))
    assert asked("code('MOTI')", table) == [None, False, None]
    assert asked("code('DLC')", table) == [None, None, None], "the form of 2022 has no DLC"
    assert asked("code('EMDR')", rows(("MH", "mh/export-2023"), ("SA", "su/export-2023"))) == [False, None]


def test_payers_fee_help_and_ages_say_what_their_category_says():
    table = rows(("SA MD", "su/su-2023"), ("SA PI", "su/su-2023"), ("SA", "su/su-2023"))
    assert asked("code('MD')", table) == [True, False, None]
    assert asked("code('SS')", table) == [None, None, None]
    assert asked("code('CHLD')", table) == [None, None, None]


def test_a_table_without_codes_is_not_asked():
    table = rows(("SA", "su/su-2023")).drop(columns=["codes", "code_form"])
    assert asked("code('MOTI')", table) == [None]
    assert evaluate("code('MOTI')", table, HOURS).kind.tolist() == ["not_asked"]


def test_an_unknown_code_names_the_nearest_ones_with_what_they_mean():
    with pytest.raises(CallError, match=r"no service code 'MOTTI'; did you mean MOTI \(Motivational interviewing\)"):
        parse("code('MOTTI')")
    for text in ("code(MOTI)", "code()", "code('MOTI', 'CBT')", "code(1)"):
        with pytest.raises(CallError, match=r"in quotes, as in code\('MOTI'\)"):
            parse(text)


def test_a_code_is_written_as_one_would_write_it():
    (atom,) = parse("code('cbt')").atoms
    assert str(atom) == "code('CBT')"
    assert parse(str(atom)).atoms == (atom,)


def test_a_code_that_can_only_say_yes_is_known_for_it():
    assert criteria.cannot_say_no("iop & code('SS')", "national_directory") == ["code"]
    assert criteria.cannot_say_no("iop & code('MOTI')", "national_directory") == []


def test_every_code_with_a_word_stands_on_a_form_of_its_side():
    for rule in catalog.code_rules("samhsa"):
        if rule["side"]:
            forms = {name for name, codes in service_codes.forms().items() if rule["code"] in codes}
            assert any(name.startswith((rule["side"], "export")) for name in forms), rule


def test_what_people_ask_for_is_a_word():
    words = criteria.words()
    wanted = """
    women pregnant_women men lgbtq veterans older_adults young_adults co_occurring criminal_justice trauma
    hiv spanish sign_language methadone buprenorphine naltrexone family_counseling couples_counseling
    child_care peer_support recovery_coach self_help_groups twelve_step acupuncture motivational_interviewing
    substance_use_education naloxone housing_help employment_help transport adolescents
    """
    assert [word for word in wanted.split() if word not in words] == []


def test_a_question_of_which_no_code_stands_on_the_form_was_not_asked():
    has = {"OIT": pd.Series([True, False]).to_numpy()}
    found = _samhsa_codes.coded(has, "su", 2, frozenset({"OIT", "MD", "PI"}))
    assert found["offers_iop"].tolist() == ["yes", "no"]
    assert "offers_acupuncture" not in found
    assert _samhsa_codes.coded(has, "su", 2)["offers_acupuncture"].tolist() == ["no", "no"]


def test_a_short_sheet_is_a_part_of_the_known_form():
    name, form = _samhsa_codes.form_of("su", ["SA", "DLC"])
    assert name == "su-2023"
    assert form == service_codes.forms()["su-2023"]


def test_age_codes_answer_nothing():
    assert not any(rule["category"] == "AGE" and rule["variable"] for rule in catalog.code_rules("samhsa"))
