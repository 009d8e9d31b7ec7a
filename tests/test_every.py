"""Many reports in one run: each as it is alone, an index of all, and a state that fails stops no other."""

import hashlib
import re
import shutil
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from iop_analysis import catalog, places
from iop_analysis.carried import listings
from iop_analysis.cli import main
from iop_analysis.errors import CallError
from iop_analysis.maps import margin, reach
from iop_analysis.maps.ground import INSETS
from iop_analysis.releases import gate, listing, store
from iop_analysis.report import every, gathered, index, nation, nation_evening, state

STATES = ["CO", "WY", "DC"]
# What only a page among others has: where they are.
MORE = re.compile(rb'<p class="heading">More</p>\n<ul>\n<li><a href="index.html">.*?</ul>\n', re.DOTALL)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Three states written by two processes from the tables that the package carries."""
    folder = tmp_path_factory.mktemp("every")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IOP_DATA", str(folder / "data"))
        yield every.write_all(STATES, folder / "reports", ("html",), workers=2)


@pytest.fixture
def page(run) -> str:
    return run.index.read_text(encoding="utf-8")


def rows_of(page: str) -> dict[str, list[str]]:
    """Text of each cell of the table of states, by the state's name."""
    plain = [
        [
            re.sub(r"<[^>]+>|\s+", " ", cell).strip()
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.S)
        ]
        for row in re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2], flags=re.S)
    ]
    return {cells[0]: cells[1:] for cells in plain}


def test_every_state_is_written_in_the_order_asked_for_and_none_fails(run):
    assert [entry.state for entry in run.entries] == STATES
    assert [path.name for path in run.paths] == ["iop_CO.html", "iop_WY.html", "iop_DC.html", "index.html"]
    assert all(path.exists() for path in run.paths)
    assert run.failed == {}


def test_a_report_written_among_others_is_the_one_written_alone(run, tmp_path):
    for code, entry in zip(STATES, run.entries, strict=True):
        alone = state.write_report(code, tmp_path, ["html"])
        among = [re.sub(MORE, b"", path.read_bytes()) for path in entry.paths]
        assert [path.read_bytes() for path in alone] == among


def test_the_number_of_processes_changes_no_byte(run, tmp_path):
    again = every.write_all(STATES, tmp_path, ("html",), workers=1)
    assert [path.read_bytes() for path in again.paths] == [path.read_bytes() for path in run.paths]


def test_no_figure_of_one_state_stands_in_the_report_of_another(run):
    # What the nation's people say is the same in every report.
    pages = [re.sub(r'<section id="background".*?</section>', "", path.read_text(), flags=re.S) for path in run.paths]
    drawn = [set(re.findall(r"<svg.*?</svg>", page, flags=re.S)) for page in pages]
    hashes = Counter(hashlib.sha256(svg.encode()).hexdigest() for page in drawn for svg in page)
    assert len(hashes) > len(STATES) and max(hashes.values()) == 1


def test_the_index_counts_every_state_in_one_national_list(run, page):
    national = gathered.national()
    rows = rows_of(page)
    assert list(rows) == [gathered.plain_name(code) for code in STATES]
    for code in STATES:
        medicaid = national.row("medicaid", "iop", "state", code)
        cells = rows[gathered.plain_name(code)]
        assert cells[0] == f"{medicaid['facilities']:,}"
        assert cells[1].split(" (")[0] == f"{medicaid['yes']:,}"
        assert cells[2].split(" (")[0] == f"{medicaid['yes'] + medicaid['unknown']:,}"


def test_the_index_tells_hours_with_their_file_or_that_none_were_collected(page):
    colorado = listings.load("ladders@2023-05-16").row("evening(after='18:00')", "iop", "state", "CO")
    rows = rows_of(page)
    assert f"of {colorado['facilities']}" in rows["Colorado"][4] and "LADDERS" in rows["Colorado"][4]
    assert "national list: at least 56 and at most 92 of 132" in rows["Colorado"][4]
    assert rows["Wyoming"][4] == "not collected"


def test_the_index_links_what_was_written_and_asks_no_network(run, page):
    links = re.findall(r'href="([^"#]+)"', page)
    assert links == [f"iop_{code}.html" for code in STATES]
    assert not re.search(r"""src\s*=|@import|url\((?!#)""", page)


def test_the_index_has_headings_in_order_and_an_alternative_text(page):
    assert re.findall(r"<h([1-6])", page) == ["1", "2", "2", "2"]
    assert re.search(r'<svg role="img" aria-label="Map of the United States by state[^"]+"', page)


def test_the_maps_of_the_index_show_every_state_and_shade_an_evening_only_where_most_are_known(run):
    maps = {figure.key: figure.table.frame for figure in nation.maps(gathered.national())}
    assert all(set(places.states()["state"]) <= set(table["place"]) for table in maps.values())
    evenings = maps["map_evenings"].set_index("place")
    known = evenings["yes"] + evenings["no"] > 0
    assert known[known].index.tolist() == ["CO"]


def test_the_nation_in_numbers_is_the_sum_of_its_states(run):
    table = gathered.national()
    far = nation.out_of_reach(table)
    assert set(far["state"]) == set(places.states()["state"]) and (far["low"] <= far["most"]).all()
    tiles = {tile.noun: tile for tile in nation.tiles(table)}
    assert tiles["people live more than 10 miles from a program that lists Medicaid"].figure == f"{far['low'].sum():,}"
    states = listings.load(table.release.name).table("medicaid", level="state")
    assert tiles["listed programs list Medicaid"].figure.startswith(f"{states['yes'].sum():,} to ")
    assert len(tiles) == 4


def test_the_sample_speaks_of_no_resident_and_no_survey(sample):
    table = gathered.national(sample=True)
    assert [tile.noun for tile in nation.tiles(table)][0] == "listed programs list Medicaid"
    assert {figure.key for figure in nation.maps(table)} == {"map_states"}


@pytest.mark.parametrize("inches", [margin.WIDTH_INCHES, nation.NARROW_INCHES, 2.5])
def test_the_labels_of_the_nation_stay_on_their_sheet(inches):
    states = places.states()["state"]
    table = pd.DataFrame({"place": states, "population": 10, "beyond_share": 0.5})
    figure = reach.national(table, "share", wide=inches)
    ax = figure.axes[0]
    south, north = ax.get_ylim()
    said = [text for text in ax.texts if text.get_text().split()[0] in set(states)]
    assert all(south <= text.get_position()[1] <= north for text in said if text.get_text()[:2] not in INSETS)
    assert len({text.get_text()[:2] for text in said}) == len(said) > 30
    assert inches < 3 or len(said) == len(states)


@pytest.mark.parametrize(("known", "drawn"), [(6, 6), (5, 0)])
def test_a_state_of_which_too_little_is_known_is_drawn_as_not_known(known, drawn):
    table = pd.DataFrame({"place": ["OH"], "facilities": [10], "yes": [known], "no": [0], "unknown": [10 - known]})
    shown = nation_evening.drawn_table(table.assign(known=known / 10)).iloc[0]
    assert shown[["yes", "unknown"]].tolist() == [drawn, 10 - drawn]


def test_few_programs_get_no_percentage_and_sort_last():
    text, value = index._counted(3, 9)
    assert text == "3" and value != value
    assert index._counted(5, 10) == ("5 (50%)", 0.5)


def test_figures_are_linked_as_one_folder():
    folder = Path("reports")
    paths = [folder / "iop_CO.pdf", folder / "iop_CO_figures" / "a.png", folder / "iop_CO_figures" / "a.csv"]
    assert index.links_to(paths, folder) == [("iop_CO.pdf", "PDF"), ("iop_CO_figures/", "figures")]


def test_a_state_that_fails_is_named_with_its_reason_and_stops_no_other(tmp_path, monkeypatch):
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))
    for source in ("ladders", "national_directory"):
        listing.build(catalog.release(f"{source}@sample"))
    run = every.write_all(["WY", "CO"], tmp_path, ("html",), sample=True, workers=1)
    assert list(run.failed) == ["WY"]
    assert "No release at hand" in run.failed["WY"]
    assert [path.name for path in run.paths] == ["SYNTHETIC_iop_CO.html", "SYNTHETIC_index.html"]
    page = run.index.read_text(encoding="utf-8")
    assert "SYNTHETIC" in page and f"Not written: {run.failed['WY']}" in page


def test_where_no_state_can_be_written_the_reason_is_raised_and_no_index_is_left(tmp_path, monkeypatch):
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))
    listing.build(catalog.release("ladders@sample"))
    with pytest.raises(CallError, match="No release at hand"):
        every.write_all(["WY"], tmp_path / "reports", ("html",), sample=True, workers=1)
    assert not list((tmp_path / "reports").iterdir())


def test_an_unknown_format_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(CallError, match="no report format"):
        every.write_all(["CO"], tmp_path / "reports", ("odt",))
    assert not (tmp_path / "reports").exists()


def test_an_unknown_state_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(CallError, match="postal code"):
        every.write_all(["CO", "XX"], tmp_path / "reports")
    assert not (tmp_path / "reports").exists()


def test_an_unforeseen_error_is_named_with_its_kind():
    assert every._sentence(KeyError("x")) == "An unexpected error stopped it (KeyError: 'x')."


def test_a_release_built_anew_is_read_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))
    release = catalog.release("ladders@sample")
    listing.build(release)
    before = gathered.gather("CO", sample=True)
    assert gathered.gather("CO", sample=True).main is before.main, "the same build is counted once"
    built = listing.load(release.name)
    fewer = built.facilities.iloc[:-5]

    parts = {"facilities": fewer, "facility_hours": built.hours, gate.TABLE: built.set_aside}
    store.write(release, parts, built.notes, "")
    assert gathered.gather("CO", sample=True).main.facts["rows"] == before.main.facts["rows"] - 5
    shutil.rmtree(tmp_path / "data" / "processed")
    with pytest.raises(CallError, match="No release at hand"):
        gathered.gather("CO", sample=True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--all", "NJ"], "not both"),
        (["--all", "--calls", "x.xlsx"], "belongs to one state"),
        (["NJ", "--against", "XX"], "postal code"),
        (["NJ", "--formats", "odt"], "no report format"),
        (["NJ", "--formats", "html", "--out", "taken"], "cannot be read or written"),
        (["NJ", "--formats", "html", "--contact", "me"], "is no contact"),
        ([], "Name a state"),
    ],
)
def test_a_wrong_call_of_the_command_is_one_sentence(words, said, fresh, monkeypatch):
    monkeypatch.chdir(fresh)
    (fresh / "taken").write_text("a file")
    ended = CliRunner().invoke(main, ["report", *words])
    assert ended.exit_code == 2
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1
