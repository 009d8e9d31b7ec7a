"""One list, many witnesses: what is taken, what stands, what is unknown, in whatever order (SYNTHETIC)."""

from dataclasses import replace
from itertools import permutations

import pandas as pd
import pytest
from click.testing import CliRunner
from tables import facilities, hours

from iop_analysis import catalog, criteria
from iop_analysis.cli import main
from iop_analysis.errors import CallError
from iop_analysis.linking import reviewing
from iop_analysis.metrics import asking
from iop_analysis.metrics import witnesses as measure
from iop_analysis.releases import combined, listing, many, schema, store
from iop_analysis.releases.listing import Listing
from iop_analysis.releases.together import put_together

PLACE = {"city": "Denver", "state": "CO", "zip": "80218"}
LATE, EARLY = (540, 1260), (540, 1020)


@pytest.fixture(autouse=True)
def nobody_checked_a_link(fresh):
    """Each test has a data folder of its own."""


def built(source, count=3, spans=(), key="sample", date="2026-01-01", **columns):
    """A release with the programs Cedar 0, Cedar 1 … at 1, 2 … Elm St; spans are (row, opens, closes[, scope])."""
    told = {span[0] for span in spans}
    given = PLACE | {
        "source": source,
        "release": key,
        "name": [f"Cedar {number}" for number in range(count)],
        "street": [f"{number + 1} Elm St" for number in range(count)],
        "phone": [f"303-555-01{number:02d}" for number in range(count)],
        "facility_id": [f"{source}-{number}" for number in range(count)],
        "information_date": date,
        "hours_status": ["known" if row in told else "unknown" for row in range(count)],
        "hours_text": [f"{source} {row}" if row in told else "" for row in range(count)],
    }
    table = facilities(count, **(given | columns))
    rows = hours([(span[0], "Mo", *span[1:]) for span in spans])
    rows["facility_id"] = rows["facility_id"].map(lambda number: f"{source}-{number}").astype("str")
    return Listing(catalog.Release(source, key, reference_date=""), table, rows, ())


def the_list(**columns):
    asked = {"offers_iop": "yes", "hours_status": "not_asked", "information_date": ""}
    return built("national_directory", **(asked | columns))


def put(listed, *witnesses, **options):
    return put_together(listed, witnesses, **options).listing


def said(made, text):
    return [None if pd.isna(one) else bool(one) for one in criteria.evaluate(text, made.facilities, made.hours).result]


def test_unlinked_programs_stay_unknown_and_the_list_keeps_every_row():
    made = put(the_list(), built("osm", 1, [(0, *LATE)]))
    assert len(made.facilities) == 3
    assert said(made, "evening") == [True, None, None]
    assert made.facilities["hours_status"].tolist() == ["known", "not_asked", "not_asked"]
    assert made.facilities["hours_text"].fillna("").tolist() == ["osm 0", "", ""]
    assert made.hours["witness"].unique().tolist() == ["osm@sample"]


@pytest.mark.parametrize(
    ("own", "theirs", "expected"),
    [
        ("yes", ["no"], "yes"),
        ("not_asked", ["yes"], "yes"),
        ("not_asked", ["no"], "no"),
        ("not_reported", ["no"], "no"),
        ("not_reported", ["not_reported"], "not_reported"),
        ("not_asked", ["not_asked"], "not_asked"),
        ("not_asked", ["yes", "no"], "not_reported"),
        ("not_asked", ["yes", "not_reported"], "yes"),
        ("no", ["yes"], "not_reported"),
        ("no", ["no"], "no"),
        ("no", ["yes", "no"], "not_reported"),
    ],
)
def test_the_lists_answers_stand_and_a_no_read_from_a_blank_is_doubted(own, theirs, expected):
    witnesses = [built(key, accepts_medicaid=one) for key, one in zip(("osm", "table"), theirs, strict=False)]
    assert catalog.reads_no_from_blank("national_directory", "accepts_medicaid")
    made = put(the_list(accepts_medicaid=own), *witnesses)
    assert made.facilities["accepts_medicaid"].tolist() == [expected] * 3


def test_a_no_that_the_list_says_itself_stands():
    assert not catalog.reads_no_from_blank("table", "accepts_medicaid")
    listed = built("table", offers_iop="yes", accepts_medicaid="no")
    made = put_together(listed, [built("osm", accepts_medicaid="yes")])
    assert made.listing.facilities["accepts_medicaid"].tolist() == ["no"] * 3
    row = made.evidence[made.evidence["fact"] == "accepts_medicaid"].iloc[0]
    assert row[["value", "status", "list_value"]].tolist() == ["yes", "in conflict", "no"]


def test_hours_of_witnesses_more_than_a_year_older_than_the_newest_are_not_heard():
    new = built("osm", 1, [(0, *LATE)], date="2026-06-01")
    year_old = built("table", 1, [(0, *EARLY)], date="2025-06-01")
    older = built("table", 1, [(0, *EARLY)], date="2025-05-31")
    undated = built("table", 1, [(0, *EARLY)], date="")
    assert said(put(the_list(), new, year_old), "evening")[0] is None
    assert said(put(the_list(), new, older), "evening")[0] is True
    assert said(put(the_list(), new, undated), "evening")[0] is True
    assert said(put(the_list(), undated), "evening")[0] is False
    assert any("more than 365 days older" in note.text for note in put(the_list(), new, older).notes)


@pytest.mark.parametrize(("date", "heard"), [("2026-05-01T12:30:00Z", True), ("2026", False), ("spring", False)])
def test_a_day_is_read_out_of_a_time_and_what_is_no_whole_date_is_undated(date, heard):
    other = built("osm", 1, [(0, *LATE)], date="2026-01-01")
    made = put(the_list(), other, built("table", 1, [(0, *EARLY)], date=date))
    assert ("table@sample" in set(made.hours["witness"])) is heard


def test_the_age_of_a_witness_counts_in_its_own_scope_alone():
    page = built("osm", 1, [(0, 540, 720, "program")], date="2026-06-01")
    office = built("table", 1, [(0, *LATE)], date="2020-01-01")
    made = put(the_list(), page, office)
    assert said(made, "evening(scope='program')")[0] is False
    assert said(made, "evening")[0] is True


def test_witnesses_in_any_order_make_the_same_release():
    witnesses = [
        built("osm", 3, [(0, *LATE), (1, *EARLY)], accepts_medicaid=["yes", "no", "yes"]),
        built("table", 3, [(0, *EARLY), (2, *LATE)], accepts_medicaid=["yes", "yes", "no"], date="2025-09-01"),
        built("hsds", 2, [(0, 1080, 1260, "program")], date=""),
    ]
    made = [put_together(the_list(), order) for order in permutations(witnesses)]
    for one in made[1:]:
        pd.testing.assert_frame_equal(one.listing.facilities, made[0].listing.facilities)
        pd.testing.assert_frame_equal(one.listing.hours, made[0].listing.hours)
        pd.testing.assert_frame_equal(one.evidence, made[0].evidence)
        assert one.listing.notes == made[0].listing.notes
    assert said(made[0].listing, "evening") == [None, False, True]


def test_a_witness_by_appointment_or_by_telephone_tells_of_no_open_door():
    appointment = built("osm", 1, [(0, *LATE)], hours_status="by_appointment")
    phone = built("osm", 1, [(0, *LATE, "phone")])
    assert said(put(the_list(), appointment), "evening")[0] is None
    assert put(the_list(), appointment).facilities["hours_status"].iloc[0] == "by_appointment"
    assert said(put(the_list(), phone), "evening")[0] is None


def test_the_list_is_a_witness_of_its_own_hours():
    listed = built("table", 1, [(0, *EARLY)], offers_iop="yes", date="2026-01-01")
    assert said(put(listed), "evening") == [False]
    assert said(put(listed, built("osm", 1, [(0, *LATE)])), "evening") == [None]
    assert said(put(listed, built("osm", 1, [(0, *LATE)], date="2027-02-01")), "evening") == [True]


def test_a_linked_row_that_says_no_iop_disputes_membership_and_both_counts_are_said():
    witness = built("osm", 3, [(0, *LATE), (1, *EARLY)], offers_iop=["yes", "yes", "no"])
    made = put_together(the_list(), [witness])
    assert made.listing.facilities["offers_iop"].tolist() == ["yes"] * 3
    assert made.listing.facilities["offers_iop_elsewhere"].tolist() == ["yes", "yes", "no"]
    table, sentence = asking.coverage_of(made.listing, "evening", "iop")
    assert table[["facilities", "yes", "no", "unknown"]].values.tolist() == [[3, 1, 1, 1]]
    assert "a linked list confirms the IOP of 2 (1 yes, 1 no, 0 unknown) and says that 1 have none" in sentence
    table, _ = asking.coverage_of(made.listing, "evening", "iop & iop_elsewhere")
    assert table[["facilities", "yes", "no", "unknown"]].values.tolist() == [[2, 1, 1, 0]]


def test_evening_comes_from_the_witness_and_medicaid_from_the_list_in_one_criterion():
    made = put(the_list(accepts_medicaid=["yes", "no", "yes"]), built("osm", 2, [(0, *LATE), (1, *LATE)]))
    assert said(made, "evening & medicaid") == [True, False, None]


def test_evidence_has_a_row_for_each_fact_with_its_witness_and_no_name():
    made = put_together(the_list(), [built("osm", 1, [(0, *LATE)], offers_sliding_fee="yes", accepts_medicaid="no")])
    rows = made.evidence.set_index("fact")
    assert rows.loc["offers_sliding_fee", ["value", "status", "witness"]].tolist() == ["yes", "taken", "osm@sample"]
    assert rows.loc["hours of the site", ["value", "score", "date"]].tolist() == ["osm 0", 1.0, "2026-01-01"]
    assert rows.loc["hours of the site", "agreed"] == "address, name, telephone"
    assert not {"name", "street", "phone"} & set(made.evidence.columns)
    assert not made.evidence.astype(str).apply(lambda column: column.str.contains("Cedar|Elm St")).any().any()


def test_a_withheld_row_takes_part_on_neither_side():
    hidden = {"address_hidden": [True, False, False]}
    assert said(put(the_list(**hidden), built("osm", 3, [(0, *LATE), (1, *LATE)])), "evening") == [None, True, None]
    assert said(put(the_list(), built("osm", 3, [(0, *LATE), (1, *LATE)], **hidden)), "evening") == [None, True, None]


def test_a_link_that_a_person_refused_brings_nothing():
    path = reviewing.verdicts_path()
    path.parent.mkdir(parents=True)
    path.write_text(",".join(reviewing.VERDICT_COLUMNS) + "\nnational_directory,national_directory-0,osm,osm-0,no\n")
    assert said(put(the_list(), built("osm", 2, [(0, *LATE), (1, *LATE)])), "evening") == [None, True, None]


def test_the_evening_of_a_program_is_its_own_hours_or_word_and_a_word_counts_until_six():
    listed = the_list(count=5)
    page = built("table", 4, [(0, 1080, 1260, "program")], offers_evening_iop=["not_asked", "yes", "no", "not_asked"])
    office = built("osm", 5, [(3, *EARLY), (4, *LATE)])
    made = put(listed, page, office)
    table = measure.evening_by_clock(made.facilities, made.hours).set_index("after")
    assert table.loc["18:00", ["facilities", "yes", "no", "unknown"]].tolist() == [5, 2, 2, 1]
    assert table.loc["19:00", ["yes", "no", "unknown"]].tolist() == [1, 2, 2]
    clock = pd.DataFrame({"facility_id": ["national_directory-1"], "opens_minute": [1080], "closes_minute": [1200]})
    told = measure.evening_by_clock(made.facilities, made.hours, clocks=clock).set_index("after")["yes"]
    assert told.tolist() == [2, 2, 2, 1]


def test_weaker_links_are_shown_apart():
    odd = built("osm", 2, [(0, *LATE), (1, *LATE)], name=["Cedar 0", "Other"], offers_iop="yes")
    made = put_together(the_list(), [odd])
    assert made.links["score"].round(1).tolist() == [1.0, 0.8]
    table = measure.link_sensitivity(made.listing.facilities, made.listing.hours, made.links).set_index(
        ["links", "universe", "after"]
    )
    counts = table.loc[(slice(None), slice(None), "18:00"), ["facilities", "yes"]].values.tolist()
    assert counts == [[3, 2], [2, 2], [3, 1], [1, 1]]


# On disk, through the commands, with the sample.


def names(sample):
    return "national_directory@sample", "ladders@sample"


def test_combine_writes_a_release_like_every_other(sample):
    listed, witness = names(sample)
    done = CliRunner().invoke(main, ["combine", listed, "--with", witness, "--state", "CO", "--format", "csv"])
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("links,universe,after,facilities")
    name = "combined@national_directory-sample-co"
    assert name in store.built()
    made = combined.load(name)
    assert made.listing.release.synthetic
    assert made.listing.release.list_source == "national_directory"
    assert set(made.listing.facilities["state"]) == {"CO"}
    schema.validate(made.listing.facilities, schema.facilities_schema(), name)
    assert not made.evidence.empty
    shown = CliRunner().invoke(main, ["coverage", "--have", "evening & medicaid", "--by", "county", "--source", name])
    assert shown.exit_code == 0, shown.output


def test_a_combination_is_made_anew_only_when_an_input_changed(sample):
    listed, witness = names(sample)
    combined.combine(listed, [witness], "CO")
    release = combined.raw.find_release("combined@national_directory-sample-co")
    assert not combined.is_stale(release)
    first = store.stamp(release.name)
    assert combined.up_to_date(listed, "CO").listing.release == release
    assert store.stamp(release.name) == first
    before = listing.load(witness)
    listing.write(replace(before, facilities=before.facilities.head(5)), "x")
    assert combined.is_stale(release)
    assert combined.up_to_date(listed, "CO") is not None
    assert store.stamp(release.name) != first


def test_what_is_no_witness_is_refused_in_a_sentence(sample):
    listed, witness = names(sample)
    with pytest.raises(CallError, match="another edition of the list"):
        combined.combine(listed, [listed])
    with pytest.raises(CallError, match="no row in WY"):
        combined.combine(listed, [witness], "WY")
    with pytest.raises(CallError, match="is no name of a release"):
        combined.combine(listed, [witness], "CO", "Not A Key")
    combined.combine(listed, [witness], "CO")
    with pytest.raises(CallError, match="cannot be linked to a list"):
        combined.combine(listed, ["combined@national_directory-sample-co"])
    real = replace(catalog.release(listed), synthetic=False)
    with pytest.raises(CallError, match="invented rows are never mixed"):
        combined._witness(witness, real)


def test_default_witnesses_are_the_newest_of_every_other_source_with_rows_there(sample):
    release = catalog.release("national_directory@sample")
    assert combined.default_witnesses(release, "CO") == ["ladders@sample"]
    assert combined.default_witnesses(release, "NJ") == []


@pytest.mark.real
def test_colorado_shows_both_counts(real_data):
    def read(name):
        release = catalog.release(name)
        return listing.read_release(release, real_data / release.source / release.file)

    listed = combined.in_state(read("national_directory@su-2023"), "CO")
    made = put_together(listed, [read("ladders@2023-05-16")]).listing
    counts = {}
    for of in ("iop", "iop & iop_elsewhere"):
        table, _ = asking.coverage_of(made, "evening", of)
        counts[of] = table[["facilities", "yes", "no", "unknown"]].values.tolist()[0]
    assert counts == {"iop": [132, 56, 40, 36], "iop & iop_elsewhere": [84, 49, 25, 10]}
    assert (made.facilities.loc[made.facilities["offers_iop"] == "yes", "offers_iop_elsewhere"] == "no").sum() == 24


def test_build_makes_a_combined_release_anew_of_its_list_and_witnesses(sample):
    listed, witness = names(sample)
    combined.combine(listed, [witness], "CO")
    before = listing.load(witness)
    listing.write(replace(before, facilities=before.facilities.head(5)), "x")
    built_again = many.build("combined@national_directory-sample-co")
    assert not combined.is_stale(built_again.release)
    assert len(combined.load(built_again.release.name).links) <= 5
