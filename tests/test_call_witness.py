"""What programs said on the telephone is a witness of the list they were drawn from (SYNTHETIC rows)."""

from dataclasses import replace

import pandas as pd
import pytest
from click.testing import CliRunner
from test_calls import COMPLETE, fill, release

from iop_analysis import calls, criteria
from iop_analysis.cli import main
from iop_analysis.errors import CallError
from iop_analysis.metrics import witnesses as measure
from iop_analysis.releases import listing, store
from iop_analysis.releases.together import put_together

EVENING = {"group_1_days": "Mon, Wed", "group_1_time": "6:00 PM - 9:00 PM", "call_date": "2026-05-04"}
DAYTIME = {"group_1_days": "Mon-Fri", "group_1_time": "9:00 AM - 12:00 PM", "call_date": "2026-05-05"}
FILLED = {
    1: COMPLETE | EVENING | {"medicaid": "yes", "evening_group": "yes"},
    2: COMPLETE | DAYTIME | {"evening_group": "no", "sliding_fee": "no"},
    3: COMPLETE | {"evening_group": "yes"},
    4: {"outcome": "complete", "iop_running": "no", "call_date": "2026-05-05"},
    5: {"outcome": "closed"},
    6: {"outcome": "no answer"},
}


@pytest.fixture
def heard(fresh):
    """A list of eight programs, and the release that a sheet of calls to them became."""
    listed = release(["not_reported"] * 8)
    sheet = calls.draw(listed, "NJ")
    path = fill(calls.write(sheet, fresh / "sheet.xlsx"), FILLED)
    return listed, list(sheet.rows["facility_id"]), calls.keep(calls.read(path), path)


def test_only_those_who_were_reached_have_a_row_with_the_day_of_the_call(heard):
    _, ids, kept = heard
    rows = kept.facilities.set_index("facility_id")
    assert set(rows.index) == set(ids[:5])
    assert kept.release.name == "calls@nj-2026-05-05"
    assert rows.loc[ids[0], ["information_date", "accepts_medicaid", "offers_evening_iop"]].tolist() == [
        "2026-05-04",
        "yes",
        "yes",
    ]
    assert rows.loc[ids[3], ["offers_iop", "accepts_medicaid"]].tolist() == ["no", "not_reported"]
    assert rows.loc[ids[4], "offers_iop"] == "no"
    assert kept.release.name in store.built()


def test_the_answers_reach_the_list_by_identifier_and_an_evening_by_its_clock_or_word(heard):
    listed, ids, kept = heard
    made = put_together(listed, [listing.load(kept.release.name)]).listing
    rows = made.facilities.set_index("facility_id")
    assert rows.loc[ids[:3], "offers_evening_iop"].tolist() == ["yes", "no", "yes"]
    assert rows.loc[ids[3:5], "offers_iop_elsewhere"].tolist() == ["no", "no"]
    assert rows.loc[ids[5:], "offers_evening_iop"].eq("not_asked").all()
    late = criteria.evaluate("evening(scope='program')", made.facilities, made.hours).result
    assert dict(zip(made.facilities["facility_id"], late, strict=True))[ids[0]] is True or bool(
        late.fillna(False).any()
    )
    table = measure.evening_by_clock(made.facilities, made.hours).set_index("after")
    assert table.loc["18:00", ["facilities", "yes", "no", "unknown"]].tolist() == [8, 2, 1, 5]
    assert table.loc["19:00", ["yes", "no", "unknown"]].tolist() == [1, 1, 6]


def test_groups_that_were_told_prove_no_absence_of_others(heard):
    listed, ids, kept = heard
    made = put_together(listed, [kept]).listing
    asked = pd.Series(
        criteria.evaluate("evening(scope='program')", made.facilities, made.hours).result.tolist(),
        index=made.facilities["facility_id"],
    )
    assert asked[ids[0]] is True
    assert pd.isna(asked[ids[1]])


def test_ingest_keeps_the_answers_for_combine(fresh):
    listed = release(["yes"] * 8)
    path = fill(calls.write(calls.draw(listed, "NJ"), fresh / "sheet.xlsx"), FILLED)
    done = CliRunner().invoke(main, ["calls", "ingest", str(path)])
    assert done.exit_code == 0, done.output
    assert "calls@nj-2026-05-05: the answers of 5 programs" in done.stderr
    assert "calls@nj-2026-05-05" in store.built()


def test_of_a_list_with_witnesses_only_programs_that_nobody_knows_are_called(heard):
    listed, ids, kept = heard
    made = put_together(listed, [kept]).listing
    combination = replace(made.release, source="combined", key="x", facts={"list": listed.release.name, "inputs": {}})
    sheet = calls.draw(replace(made, release=combination), "NJ", "offers_evening_iop")
    assert set(sheet.strata["stratum"]) == {"unknown"}
    assert set(sheet.rows["facility_id"]).isdisjoint(ids[:3])
    with pytest.raises(CallError, match="there is nobody to call"):
        calls.draw(replace(made, release=combination), "NJ", "iop")
