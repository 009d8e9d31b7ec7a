"""Catalog, modules, columns, codes and metrics agree both ways."""

import pkgutil
import re
import tomllib
from collections import Counter
from importlib import import_module
from inspect import getsource

import pytest

from iop_analysis import catalog, sources
from iop_analysis.catalog import answers
from iop_analysis.errors import CallError, DataError

LISTS = ("ladders", "national_directory", "findtreatment")  # sources of facilities, each with a columns table


def modules_of(package: str) -> set[str]:
    found = import_module(f"iop_analysis.{package}")
    return {module.name for module in pkgutil.iter_modules(found.__path__) if not module.name.startswith("_")}


def test_every_source_of_the_catalog_is_a_module_and_the_reverse():
    assert modules_of("sources") == set(catalog.sources())


@pytest.mark.parametrize("key", list(catalog.sources()))
def test_a_source_module_reads_and_cleans(key):
    module = sources.module(key)
    assert callable(module.read)
    assert callable(module.clean)
    assert module.__doc__


@pytest.mark.parametrize("source", catalog.sources().values(), ids=lambda one: one.key)
def test_a_source_says_who_publishes_what_under_which_licence_and_how_far_it_is_trusted(source):
    assert source.key == re.sub(r"[^a-z0-9_]", "", source.key)
    for name in ("title", "publisher", "licence", "row", "compared_with", "citation"):
        assert getattr(source, name).strip(), name
    assert source.homepage.startswith("https://")
    assert source.trust in ("GREEN", "YELLOW", "RED")
    assert source.finest_place in ("point", "address", "state")
    assert source.interval_kind in ("census", "sample")
    # A source without releases is one whose files a user brings.
    assert source.releases or source.brought


@pytest.mark.parametrize("release", catalog.releases().values(), ids=lambda one: one.name)
def test_a_release_names_its_file_hash_and_rows(release):
    assert release.file
    assert re.fullmatch(r"[0-9a-f]{64}", release.sha256) or not release.sha256
    assert release.rows is None or release.rows > 0
    assert re.fullmatch(r"(\d{4}-\d{2}-\d{2})?", release.reference_date)
    assert release.survey_year is None or 1990 < release.survey_year < 2100
    assert not release.url or release.url.startswith("https://")
    assert release.synthetic == release.file.startswith("SYNTHETIC")
    if release.source == "national_directory":
        assert release.side in ("su", "mh")


def test_file_names_and_hashes_belong_to_one_release_each():
    for name in ("file", "sha256"):
        counts = Counter((one.source, getattr(one, name)) for one in catalog.releases().values() if getattr(one, name))
        assert max(counts.values()) == 1, name


def test_a_directory_of_year_y_describes_survey_year_y_minus_one():
    for release in catalog.source("national_directory").releases:
        if not release.synthetic:
            assert release.survey_year == int(release.key[-4:]) - 1


@pytest.mark.parametrize("key", LISTS)
def test_every_release_has_a_column_of_headings_and_the_reverse(key):
    named = set(catalog.read_rows(f"columns/{key}.csv")[0]) - {"name"}
    used = {release.columns or release.key for release in catalog.source(key).releases}
    assert used == named


@pytest.mark.parametrize("key", LISTS)
def test_every_name_of_the_columns_table_is_read_by_its_module_and_has_a_heading(key):
    text = getsource(sources.module(key))
    codes = {rule["code"].split(":")[0] for rule in catalog.rules_of(key)}
    for row in catalog.read_rows(f"columns/{key}.csv"):
        name = row.pop("name")
        assert any(row.values()), name
        assert f'"{name}"' in text or name in codes or name in ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"), name


def test_an_unknown_year_is_read_with_the_newest_known_columns():
    new = catalog.Release(source="national_directory", key="su-2040")
    assert catalog.columns(new) == catalog.columns(catalog.release("national_directory@su-2025"))


@pytest.mark.parametrize("table", sorted({catalog.source(key).codes for key in LISTS} - {"none"}))
def test_every_code_answers_a_variable_of_the_catalog_and_says_what_a_blank_means(table):
    seen = set()
    for rule in catalog.code_rules(table):
        where = (rule["variable"], rule["code"], rule["side"])
        assert where not in seen
        seen.add(where)
        assert rule["category"]
        if rule["variable"] in ("ownership_type", "languages"):
            assert rule["label"]
        elif rule["variable"]:
            assert rule["variable"] in catalog.answer_variables()
            assert rule["blank"] in ("no", "not_reported", "not_asked")
            assert rule["silent"] in ("", "not_reported", "not_asked")


@pytest.mark.parametrize("table", sorted({catalog.source(key).codes for key in LISTS} - {"none"}))
def test_all_codes_of_one_variable_on_one_side_agree_on_what_a_blank_means(table):
    meanings: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for rule in catalog.code_rules(table):
        if rule["variable"] in catalog.answer_variables():
            said = (rule["blank"], rule["silent"], rule["exempt"])
            meanings.setdefault((rule["variable"], rule["side"]), set()).add(said)
    assert {key: said for key, said in meanings.items() if len(said) > 1} == {}


def test_payers_are_silent_together_and_listed_fee_help_never_means_no():
    for rule in catalog.code_rules("samhsa"):
        if rule["category"] == "PAY" and rule["variable"]:
            assert (rule["blank"], rule["silent"]) == ("no", "not_reported")
        if rule["category"] == "PYAS":
            assert rule["blank"] == "not_reported"


def test_every_label_of_the_api_leads_to_a_code_that_the_catalog_reads():
    codes = {rule["code"] for rule in catalog.code_rules("samhsa")}
    labels = catalog.read_rows("codes/samhsa_labels.csv")
    assert {row["code"] for row in labels} <= codes
    assert max(Counter((row["category"], row["label"]) for row in labels).values()) == 1


def test_every_answer_is_asked_by_some_source():
    asked = {rule["variable"] for key in catalog.sources() for rule in catalog.rules_of(key)}
    asked |= {row["variable"] for row in catalog.read_rows("who_is_served.csv")}
    # What another list says comes of linking, and one sex is two codes.
    no_code = {"offers_iop_elsewhere", "serves_women_only", "serves_men_only"}
    assert set(catalog.answer_variables()) - asked == no_code


def test_every_variable_says_what_it_means():
    for variable in catalog.variables().values():
        assert variable.label
        assert variable.definition.endswith((".", "none", "not_asked", "not reported")), variable.name
        assert variable.group


def test_answers_are_booleans_by_name_and_never_empty():
    for name in catalog.answer_variables():
        assert not catalog.variables()[name].nullable
    for name, variable in catalog.variables().items():
        if name.startswith(("offers_", "accepts_", "serves_")):
            assert variable.type == "answer"


def test_every_metric_of_the_catalog_is_a_function_with_a_docstring():
    for row in catalog.read_rows("metrics.csv"):
        module, name = row["function"].split(".")
        function = getattr(import_module(f"iop_analysis.metrics.{module}"), name)
        assert function.__doc__
        assert row["label"]
        assert row["unit"]
        assert row["definition"]


def test_every_module_of_metrics_has_a_metric_in_the_catalog():
    named = {row["function"].split(".")[0] for row in catalog.read_rows("metrics.csv")}
    assert modules_of("metrics") <= named


def test_every_correction_names_a_known_release_a_limit_and_a_reason():
    known = set(catalog.releases())
    for row in catalog.read_rows("corrections.csv"):
        source, key = row["release"].split("@")
        matched = any(re.fullmatch(row["release"].replace("*", ".*"), name) for name in known)
        assert matched or (key == "*" and catalog.source(source).brought), row
        assert row["column"] in catalog.variables()
        assert int(row["at_most"]) > 0
        assert row["action"] == "missing"
        assert row["reason"].endswith(".")


def test_questions_have_a_label_and_stand_there_once():
    rows = catalog.read_rows("questions.csv")
    assert max(Counter(row["have"] for row in rows).values()) == 1
    assert max(Counter(row["label"] for row in rows).values()) == 1
    assert all(row["group"] for row in rows)


def test_a_name_that_the_catalog_does_not_know_is_a_wrong_call_that_lists_the_known_ones():
    with pytest.raises(CallError, match="ladders, national_directory"):
        catalog.source("laders")
    with pytest.raises(CallError, match="ladders@2023-05-16"):
        catalog.release("ladders@2031")


def test_a_source_can_say_no_where_a_blank_of_some_rule_means_no():
    assert catalog.can_say_no("ladders", "offers_sliding_fee")
    assert not catalog.can_say_no("national_directory", "offers_sliding_fee")
    assert catalog.can_say_no("national_directory", "accepts_medicaid")
    assert set(answers.ANSWERS) >= {rule["blank"] for rule in catalog.code_rules("samhsa") if rule["blank"]}


def test_a_source_says_how_its_blanks_are_read_or_is_refused(monkeypatch):
    entries = tomllib.loads((catalog.FOLDER / "sources.toml").read_text(encoding="utf-8"))
    tables = {path.stem for path in (catalog.FOLDER / "codes").glob("*.csv")} | {"as written", "none"}
    assert {entry["codes"] for key, entry in entries.items() if key in catalog.sources()} <= tables
    entry = entries["ladders"]
    del entry["codes"]
    with pytest.raises(DataError, match="ladders has no `codes`"):
        catalog._source("ladders", entry)


def test_a_rule_that_answers_without_saying_what_a_blank_means_is_refused(monkeypatch):
    rule = {"variable": "offers_sliding_fee", "code": "SS", "side": "su", "blank": "", "silent": ""}
    monkeypatch.setattr(catalog, "code_rules", lambda _: (rule,))
    with pytest.raises(DataError, match="'SS' answers offers_sliding_fee and does not say what a blank means"):
        catalog.rules_of.__wrapped__("national_directory")
