"""Two releases of one source: silence is never taken for a change, and each facility has one partner at most."""

from dataclasses import replace

import pandas as pd
import pytest
from click.testing import CliRunner
from tables import facilities as rows
from tables import hours

from iop_analysis import catalog, raw
from iop_analysis.cli import main
from iop_analysis.errors import CallError, DataError
from iop_analysis.metrics.changes import change_counts, changed, changes, matches, presence_counts
from iop_analysis.releases import listing as gate

LADDERS = "2022-07-01", "2022-07-22"
DIRECTORY = "su-2022", "su-2023"
EVENING, DAYTIME = (12 * 60, 20 * 60), (9 * 60, 17 * 60)


def built(source, key, ids, spans=(), **columns):
    """A release of a source with the given facilities; hours status is known where there are spans."""
    table = rows(len(ids), source=source, release=key, **{"facility_id": ids, "facility_type": "one", **columns})
    spoken = {span[0] for span in spans}
    table["hours_status"] = ["known" if one in spoken else "unknown" for one in ids]
    return gate.Listing(catalog.release(f"{source}@{key}"), table, hours(list(spans)), ())


def colorado(before, after):
    """Two releases of a source with identifiers; each is `{id: (name, {answer: value}, span or None)}`."""
    both = []
    for key, given in zip(LADDERS, (before, after), strict=True):
        spans = [(one, "Mo", *span) for one, (_, _, span) in given.items() if span]
        names = sorted({name for _, found, _ in given.values() for name in found})
        answers = {name: [found.get(name, "not_reported") for _, found, _ in given.values()] for name in names}
        texts = {"name": [name for name, _, _ in given.values()], "state": "CO", "offers_iop": "yes"}
        both.append(built("ladders", key, list(given), spans, **(texts | answers)))
    return both


def jersey(before, after):
    """Two releases of a source without identifiers; each is a list of `(id, name, street, phone)`."""
    both = []
    for key, given in zip(DIRECTORY, (before, after), strict=True):
        ids, names, streets, phones = map(list, zip(*given, strict=True))
        places = {"city": "Elmtown", "state": "NJ", "zip": "07102", "offers_iop": "yes"}
        both.append(built("national_directory", key, ids, name=names, street=streets, phone=phones, **places))
    return both


def one(table, facility):
    return table[(table["before_id"] == facility) | (table["after_id"] == facility)].iloc[0]


def test_a_no_that_becomes_a_yes_is_gained_and_the_other_way_round_lost():
    table = changes(
        *colorado(
            {"a": ("A", {"accepts_medicaid": "no"}, None), "b": ("B", {"accepts_medicaid": "yes"}, None)},
            {"a": ("A", {"accepts_medicaid": "yes"}, None), "b": ("B", {"accepts_medicaid": "no"}, None)},
        )
    )
    assert table["medicaid_change"].tolist() == ["gained", "lost"]


@pytest.mark.parametrize("silent", ["not_reported", "not_asked"])
@pytest.mark.parametrize("spoken", ["yes", "no"])
def test_silence_in_either_release_is_neither_gained_nor_lost(silent, spoken):
    for pair in ((silent, spoken), (spoken, silent)):
        given = [{"a": ("A", {"offers_sliding_fee": answer}, None)} for answer in pair]
        table = changes(*colorado(*given))
        assert table["sliding_fee_change"].tolist() == [""]
        counts = change_counts(table).set_index("have").loc["sliding_fee"]
        assert counts["known_both"] == counts["gained"] == counts["lost"] == 0
        assert counts["newly_reported"] + counts["no_longer_reported"] == 1


def test_hours_that_are_reported_for_the_first_time_are_no_evening_gained():
    before = {"new": ("New", {}, None), "longer": ("Longer", {}, DAYTIME), "shorter": ("Shorter", {}, EVENING)}
    after = {"new": ("New", {}, EVENING), "longer": ("Longer", {}, EVENING), "shorter": ("Shorter", {}, DAYTIME)}
    table = changes(*colorado(before, after))
    assert one(table, "new")["evening_after"] == "yes"
    assert one(table, "new")["evening_change"] == ""
    assert one(table, "longer")["evening_change"] == "gained"
    assert one(table, "shorter")["evening_change"] == "lost"
    counts = change_counts(table).set_index("have").loc["evening"]
    assert counts["newly_reported"] == counts["gained"] == counts["lost"] == 1


def test_the_parts_of_the_counts_add_up():
    answers = ["yes", "no", "not_reported", "not_asked"]
    pairs = {f"{was}-{now}": (was, now) for was in answers for now in answers}
    given = [{name: (name, {"accepts_medicaid": pair[side]}, None) for name, pair in pairs.items()} for side in (0, 1)]
    counts = change_counts(changes(*colorado(*given))).set_index("have").loc["medicaid"]
    parts = ["known_both", "newly_reported", "no_longer_reported", "unknown_both"]
    assert counts[parts].tolist() == [4, 4, 4, 4]
    assert counts["facilities"] == counts[parts].sum()
    assert counts["yes_after"] == counts["yes_before"] + counts["gained"] - counts["lost"]


def test_appeared_gone_and_renamed_are_told_by_the_publishers_identifier():
    before = {"a": ("Elm Clinic", {}, None), "b": ("Oak House", {}, None), "c": ("Fir, Inc.", {}, None)}
    after = {"a": ("Elm Recovery Clinic", {}, None), "c": ("FIR INC", {}, None), "d": ("Ash Center", {}, None)}
    table = changes(*colorado(before, after))
    assert {name: one(table, name)["presence"] for name in "abcd"} == {
        "a": "stays",
        "b": "gone",
        "c": "stays",
        "d": "appeared",
    }
    assert one(table, "a")["renamed"]
    assert 0.5 < one(table, "a")["name_score"] <= 1
    assert not one(table, "c")["renamed"], "case and punctuation are no new name"
    assert one(table, "b")["medicaid_change"] == ""
    assert presence_counts(table)["facilities"].tolist() == [2, 1, 1, 1]
    assert changed(table).tolist() == (table["before_id"] + table["after_id"] != "cc").tolist()


def test_the_universe_is_who_is_inside_in_either_release():
    before = {
        name: ("X", {"offers_iop": answer}, None)
        for name, answer in zip("abcd", ["yes", "no", "yes", "no"], strict=True)
    }
    after = {
        name: ("X", {"offers_iop": answer}, None)
        for name, answer in zip("abcd", ["yes", "yes", "no", "no"], strict=True)
    }
    table = changes(*colorado(before, after))
    assert table["before_id"].tolist() == ["a", "b", "c"]
    assert table["iop_change"].tolist() == ["", "gained", "lost"]


def test_without_identifiers_the_same_entry_comes_first_then_the_same_address():
    before = [("h1", "Elm Clinic", "1 Elm Street", "555-0101"), ("h2", "Oak House", "2 Oak Ave", "555-0102")]
    after = [("h1", "Elm Clinic", "1 Elm Street", "555-0101"), ("h9", "Oak House Recovery", "2 Oak Avenue", "555-0102")]
    table = changes(*jersey(before, after))
    assert one(table, "h1")["linked_by"] == "same name and address"
    assert one(table, "h2")["after_id"] == "h9"
    assert one(table, "h2")["renamed"]
    assert 0.65 <= one(table, "h2")["match_score"] <= 1


def test_two_programs_at_one_address_find_one_partner_each():
    before = [("p", "Elm Adult Program", "1 Elm St", "555-0101"), ("q", "Elm Teen Program", "1 Elm St", "555-0101")]
    after = [
        ("r", "Elm Teen Program East", "1 Elm St", "555-0101"),
        ("s", "Elm Adult Program East", "1 Elm St", "555-0101"),
    ]
    found = matches(*jersey(before, after)).set_index("before_id")["after_id"]
    assert found.to_dict() == {"p": "s", "q": "r"}


def test_a_second_entry_at_an_address_appears_and_takes_nobodys_partner():
    before = [("p", "Elm Program", "1 Elm St", "555-0101")]
    after = [("r", "Elm Program East", "1 Elm St", "555-0101"), ("s", "Elm Programs", "1 Elm St", "555-0199")]
    table = changes(*jersey(before, after))
    assert sorted(table["presence"]) == ["appeared", "stays"]
    assert table["before_id"].replace("", None).dropna().is_unique


def test_a_name_and_a_number_at_another_address_are_not_taken_for_the_same_facility():
    before = [("p", "Elm Program", "1 Elm St", "555-0101")]
    after = [("r", "Elm Program", "900 Far Road", "555-0101")]
    assert sorted(changes(*jersey(before, after))["presence"]) == ["appeared", "gone"]


def test_repeats_of_an_entry_are_left_out():
    before, after = jersey(
        [("p", "Elm", "1 Elm St", "555-0101"), ("p-2", "Elm", "1 Elm St", "555-0101")],
        [("p", "Elm", "1 Elm St", "555-0101")],
    )
    before.facilities["duplicate_of"] = [None, "p"]
    table = changes(before, after)
    assert table["presence"].tolist() == ["stays"]


def test_the_same_release_twice_and_two_sources_are_refused():
    before, after = colorado({"a": ("A", {}, None)}, {"a": ("A", {}, None)})
    other, _ = jersey([("p", "Elm", "1 Elm St", "555-0101")], [("p", "Elm", "1 Elm St", "555-0101")])
    for pair in ((before, before), (before, other)):
        with pytest.raises(CallError, match="two releases of one source"):
            changes(*pair)


def test_the_newer_release_first_is_refused():
    before, after = colorado({"a": ("A", {}, None)}, {"a": ("A", {}, None)})
    with pytest.raises(CallError, match="older one first"):
        changes(after, before)


def test_survey_respondents_are_never_compared_one_by_one():
    both = [
        built("nssats", key, ["1"], state="CO", offers_iop="yes", street="1 Elm St", zip="80218")
        for key in ("2017", "2019")
    ]
    with pytest.raises(DataError, match="statistics only"):
        changes(*both)


@pytest.fixture(scope="module")
def real(real_data, tmp_path_factory):
    """Releases of the publishers' files, built in a data folder of their own."""
    folder = tmp_path_factory.mktemp("changes")
    names = [f"ladders@{key}" for key in LADDERS] + [f"national_directory@{key}" for key in DIRECTORY]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IOP_DATA", str(folder))
        raw.fetch(names, from_=real_data, progress=False)
        yield {name: gate.build(catalog.release(name)) for name in names}


@pytest.mark.real
@pytest.mark.slow
def test_the_hours_that_many_sites_first_reported_in_july_2022_are_no_evenings_gained(real):
    before, after = (real[f"ladders@{key}"] for key in LADDERS)
    silent = [
        set(one.facilities.loc[one.facilities["hours_status"] == "unknown", "facility_id"]) for one in (before, after)
    ]
    first = (silent[0] - silent[1]) & set(after.facilities["facility_id"])
    assert len(first) >= 91
    table = changes(before, after, of="all").set_index("after_id")
    found = table.loc[sorted(first)]
    assert found["evening_after"].eq("yes").sum() == 17, "a plain comparison of the two files would count these"
    assert found["evening_change"].eq("").all()
    counts = change_counts(table.reset_index()).set_index("have").loc["evening"]
    assert (counts["gained"], counts["lost"], counts["newly_reported"]) == (0, 2, 51)


@pytest.mark.real
@pytest.mark.slow
def test_most_of_the_directory_is_found_again_a_year_later_and_nobody_twice(real):
    before, after = (real[f"national_directory@{key}"] for key in DIRECTORY)
    table = changes(before, after)
    assert table["presence"].eq("stays").mean() > 0.6
    for name in ("before_id", "after_id"):
        assert table.loc[table[name] != "", name].is_unique
    counts = change_counts(table).set_index("have")
    assert counts.loc["sliding_fee", ["gained", "lost"]].tolist() == [0, 0], "who lists no sliding fee may have one"
    assert counts.loc["evening", "known_both"] == 0
    iops = {key: (real[f"national_directory@{key}"].facilities["offers_iop"] == "yes").sum() for key in DIRECTORY}
    gained = table["iop_change"].eq("gained").sum() + (table["presence"].eq("appeared")).sum()
    lost = table["iop_change"].eq("lost").sum() + (table["presence"].eq("gone")).sum()
    repeats = {
        key: (real[f"national_directory@{key}"].facilities.query("duplicate_of.notna()")["offers_iop"] == "yes").sum()
        for key in DIRECTORY
    }
    older, newer = DIRECTORY
    assert (iops[newer] - repeats[newer]) - (iops[older] - repeats[older]) == gained - lost


@pytest.mark.real
@pytest.mark.slow
def test_the_command_lists_what_changed_and_counts_it_apart(real):
    run = CliRunner().invoke(
        main, ["changes", *(f"ladders@{key}" for key in LADDERS), "--state", "CO", "--format", "csv"]
    )
    assert run.exit_code == 0, run.stderr
    table = pd.read_csv(pd.io.common.StringIO(run.stdout), dtype=str, keep_default_na=False)
    assert len(table) > 5
    assert (
        table["presence"].ne("stays") | table["renamed"].eq("True") | table.filter(like="_change").ne("").any(axis=1)
    ).all()
    assert "newly_reported" in run.stderr


def test_the_command_refuses_an_unknown_state_before_it_reads(tmp_path, monkeypatch):
    monkeypatch.setenv("IOP_DATA", str(tmp_path))
    run = CliRunner().invoke(main, ["changes", "ladders@2022-07-01", "ladders@2022-07-22", "--state", "ZZ"])
    assert run.exit_code == 2
    assert "no state 'ZZ'" in run.stderr


def test_a_name_is_cut_where_either_release_withholds_the_address_and_no_renaming_is_made_up():
    before, after = colorado({"a": ("Elm House - Oak Ave", {}, None)}, {"a": ("Elm House - Oak Ave", {}, None)})
    open_before = replace(before, facilities=before.facilities.assign(address_hidden=False))
    withheld = replace(after, facilities=after.facilities.assign(address_hidden=True))
    row = one(changes(open_before, withheld), "a")
    assert (row["name_before"], row["name_after"]) == ("Elm House", "Elm House")
    assert not row["renamed"]


@pytest.mark.parametrize(
    "name", ["Elm House - Oak Ave - Unit 4", "Elm House-Lincoln", "Elm House (Oak Ave)", "Elm House, 14 Oak Ave"]
)
def test_whatever_may_be_a_street_is_cut_from_a_withheld_name(name):
    assert gate.cut_names(pd.Series([name])).tolist() == ["Elm House"]


@pytest.mark.parametrize(
    ("before", "after", "renamed"),
    [
        ("Hope & Healing", "Hope and Healing", False),
        ("Main Street Clinic", "MAIN ST. CLINIC", False),
        ("Oak Avenue House", "Oak Ave House", False),
        ("Oak House", "Oak Home", True),
    ],
)
def test_another_spelling_of_a_name_is_no_new_name(before, after, renamed):
    table = changes(*colorado({"a": (before, {}, None)}, {"a": (after, {}, None)}))
    assert one(table, "a")["renamed"] == renamed
