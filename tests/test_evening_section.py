"""The section on the evening where a file asks for hours and knows of none in the state."""

from dataclasses import replace

from iop_analysis.report.gathered import gather
from iop_analysis.report.sections.programs import evening


def test_a_file_that_asks_for_hours_and_knows_none_in_the_state_gets_one_sentence(fresh):
    own = gather("CO")
    assert len(evening(own).blocks) > 1
    elsewhere = evening(replace(own, state="WY"))
    (only,) = elsewhere.blocks
    assert "None of the national files read here asks when Wyoming’s" in only
