"""Trends are drawn with their breaks and gaps, and reports say what surveys carry, never beside the sample."""

import re
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure as Canvas

from iop_analysis import catalog
from iop_analysis.carried import trends as carried_trends
from iop_analysis.maps import static
from iop_analysis.metrics import trends
from iop_analysis.releases import listing
from iop_analysis.report import figures, gathered, trend_figure
from iop_analysis.report.model import Bullets, Figure, Table
from iop_analysis.report.sections import surveys

LABEL = "have a sliding fee"


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch) -> Path:
    """An empty data folder: only what the package carries is at hand."""
    monkeypatch.setenv("IOP_DATA", str(tmp_path / "data"))
    return tmp_path


def trend(points: dict[int, tuple[int, int]], breaks: dict[int, str] | None = None, **rates: float) -> pd.DataFrame:
    """A trend with `year: (yes, facilities)`; years between them have no file."""
    years = range(min(points), max(points) + 1)
    yes, count = ([points.get(year, (None, None))[side] for year in years] for side in (0, 1))
    table = pd.DataFrame({"survey_year": list(years), "yes": yes, "facilities": count}).astype("Int64")
    share = (table["yes"] / table["facilities"]).to_numpy("float64", na_value=float("nan"))
    rate = [rates.get(f"y{year}", float("nan")) for year in years]
    gap = ["" if year in points else "no file" for year in years]
    told = [(breaks or {}).get(year, "") for year in years]
    return table.assign(lower_share=share, response_rate=rate, gap=gap, breaks=told)


def draw(**tables: pd.DataFrame) -> mpl.axes.Axes:
    return trend_figure.trend_lines(trend_figure.trend_canvas()[1], tables, "IOPs")


def joined(ax: mpl.axes.Axes) -> list[list[float]]:
    """Years that a stroke connects."""
    return [list(line.get_xdata()) for line in ax.lines if line.get_linewidth() == 1.8]


def texts(ax: mpl.axes.Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def test_it_draws_on_the_given_axes_and_returns_them():
    ax = Canvas().subplots()
    assert trend_figure.trend_lines(ax, {LABEL: trend({2019: (20, 40), 2020: (25, 40)})}) is ax


def test_a_line_joins_neighboring_years_and_leaves_missing_ones_open():
    ax = draw(a=trend({2015: (20, 40), 2016: (21, 40), 2019: (25, 40), 2020: (26, 40)}))
    assert joined(ax) == [[2015, 2016], [2019, 2020]]


def test_a_break_parts_the_line_and_is_drawn_before_its_point_with_what_it_touches():
    table = trend({2015: (20, 40), 2016: (21, 40), 2017: (22, 40)}, {2017: "The form changed."})
    other = trend({2015: (10, 40), 2016: (11, 40), 2017: (12, 40)})
    ax = draw(a=table, b=other)
    assert joined(ax) == [[2015, 2016], [2015, 2016], [2016, 2017]]
    uprights = [
        line.get_xdata()[0] for line in ax.lines if len(set(line.get_xdata())) == 1 and line.get_linewidth() == 1
    ]
    assert uprights == [2016.5]
    assert "break: a" in texts(ax)


def test_n_and_the_response_rate_stand_under_every_point_and_nothing_under_a_gap():
    ax = draw(a=trend({2015: (20, 1240), 2017: (22, 40)}, y2017=0.9))
    assert texts(ax) == ["IOPs", "1,240", "40", "answered", "?", "90%"]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["’15", "’17"]
    assert len(ax.get_xticks(minor=True)), "a year without a file keeps its tick"


def test_points_are_the_shares_and_carry_no_interval():
    ax = draw(a=trend({2015: (20, 40), 2017: (30, 40)}))
    markers = ax.lines[0]
    assert np.allclose(markers.get_ydata(), [0.5, 0.75])
    assert ax.get_ylim() == (0, 1)
    assert not ax.containers, "no error bars"
    assert not ax.collections, "no bands"


def test_points_of_fewer_than_ten_facilities_and_hidden_ones_are_left_out():
    table = trend({2015: (4, 9), 2016: (20, 40), 2017: (20, 40)})
    hidden = table.assign(lower_share=table["lower_share"].mask(table["survey_year"] == 2017))
    assert trend_figure.shown(hidden)["survey_year"].tolist() == [2016]


def test_lines_differ_in_marker_and_ink_in_grey_too():
    tables = {name: trend({2015: (20, 40), 2016: (20, 40)}) for name in "abcd"}
    ax = draw(**tables)
    markers = [line for line in ax.lines if line.get_marker() not in ("None", "")]
    assert len({line.get_marker() for line in markers}) == 4
    dashes = {line.get_linestyle() for line in ax.lines if line.get_linewidth() == 1.8}
    assert len(dashes) == 4


def test_the_same_trend_gives_the_same_bytes():
    def once() -> str:
        with mpl.rc_context(figures.STYLE):
            canvas, ax = trend_figure.trend_canvas()
            trend_figure.trend_lines(ax, {LABEL: carried_trends.trends_of("sliding_fee")}, "IOPs")
            return static.to_svg(canvas, "a trend")

    assert once() == once()


def test_the_alternative_text_holds_every_number_break_and_gap():
    text = trend_figure.describe_trends({LABEL: carried_trends.trends_of("sliding_fee", state="NJ")}, "New Jersey")
    assert "2010 77% of 179" in text
    assert "2024 79% of 268" in text
    assert "Break before 2024 (have a sliding fee)." in text
    assert "No file at hand for 2011, 2012" in text


# Sections


def blocks_of(state: str, build=surveys.trend) -> tuple:
    with mpl.rc_context(figures.STYLE):
        return build(gathered.gather(state)).blocks


def test_the_report_tells_the_states_years_with_counts_breaks_and_files():
    said, figure, bullets, files = blocks_of("NJ")
    assert isinstance(figure, Figure) and isinstance(bullets, Bullets) and isinstance(files, Table)
    rows = figure.table.frame.set_index("Survey year")
    assert rows.index.tolist() == ["2010", "2015", "2017", "2019", "2024"]
    assert rows.loc["2024", ["IOPs", "Sliding fee: yes", "Medicaid: yes"]].tolist() == [268, 211, 197]
    assert any("N-SUMHSS replaced N-SSATS" in line for line in bullets.lines)
    assert files.frame["SHA-256"].str.len().eq(64).all()
    assert "2010, 2015, 2017 and 2019" in figure.table.source
    assert "2010, 2015, 2017 and 2019;" in files.source, "a year stands once"


def test_hidden_counts_are_said_to_be_hidden():
    hidden = carried_trends.trends_of("sliding_fee", state="WY")["gap"].eq("hidden")
    assert hidden.any(), "Wyoming has small cells"
    figure = blocks_of("WY")[1]
    assert "hidden" in set(figure.table.frame["Sliding fee: yes"])
    assert "are hidden" in figure.table.note


def test_a_state_without_a_point_gets_a_table_and_no_empty_chart():
    few = {label: trend({2015: (5, 8), 2016: (6, 9)}) for label in surveys.QUESTIONS}
    few = {label: table.assign(source="nssats", release="2015") for label, table in few.items()}
    block = surveys._trend_block(gathered.gather("NJ"), few)
    assert isinstance(block, Table)
    assert block.frame["Sliding fee: share"].isna().all()


def test_the_listing_stands_beside_the_survey_in_three_numbers_with_years():
    table, said = blocks_of("NJ", surveys.listing)
    assert table.frame[["Count", "Of"]].to_numpy().tolist() == [[106, 232], [211, 268], [114, 268]]
    assert table.frame["Survey year"].tolist() == ["2022", "2024", "2024"]
    assert "not combined" in said
    assert table.source.count("Source:") == 2


def test_colorado_compares_the_national_listing_and_not_its_own_directory():
    table, _ = blocks_of("CO", surveys.listing)
    assert table.frame["File"].tolist() == ["national_directory@su-2023", "nsumhss@2024", "nsumhss@2024"]


@pytest.mark.parametrize("build", [surveys.trend, surveys.listing])
def test_no_real_survey_stands_beside_the_sample(build):
    for release in catalog.releases().values():
        if release.synthetic and release.source in ("ladders", "national_directory"):
            listing.build(release)
    found = gathered.gather("NJ", sample=True)
    assert found.synthetic
    assert build(found).blocks == ()


def test_files_tell_what_was_counted_here_and_what_the_package_carries():
    table = carried_trends.trends_of("sliding_fee")
    found = carried_trends.files(table)
    assert found["release"].tolist() == ["nssats@2010", "nssats@2015", "nssats@2017", "nssats@2019", "nsumhss@2024"]
    assert found["counted"].eq("beforehand, carried with the package").all()


def test_three_numbers_of_the_nation_come_from_the_carried_tables():
    release, agreed = carried_trends.agreed()
    assert release.name == "nsumhss@2024"
    listing = catalog.release("national_directory@su-2023")
    table = trends.listing_beside_survey({"yes": 2388, "facilities": 5736}, listing, agreed, release)
    assert table["share"].round(3).tolist() == [0.416, 0.649, 0.4]


def test_documents_state_the_figures_of_the_carried_tables():
    root = Path(__file__).resolve().parents[1]
    page = (root / "docs" / "surveys.md").read_text(encoding="utf-8")
    said = {row[1]: row[2:] for row in re.findall(r"(\| (\d{4}) \| ([\d,]+) \| ([\d.]+) % \| ([\d.]+) %)", page)}
    for year in ("2010", "2015", "2017", "2019", "2024"):
        counted = [
            carried_trends.trends_of(have).set_index("survey_year").loc[int(year)]
            for have in ("sliding_fee", "medicaid")
        ]
        ours = [f"{counted[0]['facilities']:,}", *(f"{100 * row['lower_share']:.1f}" for row in counted)]
        assert list(said[year]) == ours
