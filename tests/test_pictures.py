"""Pictures and tables beside a report: each says on its own what it shows and where it comes from."""

import io

import numpy as np
import pandas as pd
import pytest
from matplotlib import image
from PIL import Image

from iop_analysis import catalog
from iop_analysis.releases import listing
from iop_analysis.report import gathered, pictures, social, state
from iop_analysis.report.model import Report


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Report:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IOP_DATA", str(tmp_path_factory.mktemp("empty")))
        return state.state_report(gathered.gather("DC"))


def test_each_figure_is_a_picture_and_a_table_in_a_folder_beside_the_report(report, fresh):
    paths = pictures.write(report, fresh / "reports")
    assert {path.parent for path in paths} == {fresh / "reports" / "iop_DC_figures"}
    names = [f"DC_{figure.key}.{kind}" for figure in report.figures() for kind in ("png", "csv")]
    assert [path.name for path in paths] == ["README.txt", "DC_social.png", *names]
    assert sorted(path.name for path in paths[0].parent.iterdir()) == sorted(path.name for path in paths)


def test_the_headline_is_a_picture_of_the_size_that_posts_have(report):
    shown = Image.open(io.BytesIO(social.picture(report)))
    assert shown.size == (1200, 630)
    assert report.front.headline in shown.info["Description"] and report.front.kicker in shown.info["Description"]


def test_a_picture_carries_its_title_source_and_alternative_text(report):
    figure = report.figures()[0]
    about = Image.open(io.BytesIO(pictures.png(figure))).info
    assert (about["Title"], about["Description"], about["Source"]) == (figure.title, figure.alt, figure.table.source)


def test_title_and_source_are_drawn_above_and_below_and_leave_the_drawing_as_it_was(report):
    figure = report.figures()[-1]
    before = len(figure.canvas.texts)
    pixels = image.imread(io.BytesIO(pictures.png(figure)))[..., :3].mean(axis=2)
    assert len(figure.canvas.texts) == before
    _, height = figure.canvas.get_size_inches() * pictures.PNG_DPI
    assert pixels.shape[0] > height
    dark = np.flatnonzero((pixels < 0.5).any(axis=1))
    assert dark[0] < (pixels.shape[0] - height) / 2, "a title stands at the top"
    assert dark[-1] > pixels.shape[0] - (pixels.shape[0] - height) / 2, "a source stands at the bottom"
    assert (pixels[:, [0, -1]] > 0.5).all(), "nothing runs over the sides"


def test_a_table_is_read_by_pandas_without_options(report, fresh):
    paths = {path.name: path for path in pictures.write(report, fresh)}
    for figure in report.figures():
        table = pd.read_csv(paths[f"DC_{figure.key}.csv"])
        assert list(table.columns) == list(figure.table.frame.columns)
        assert len(table) == len(figure.table.frame)
        for name in figure.table.shares:
            pd.testing.assert_series_equal(table[name], figure.table.frame[name], check_dtype=False)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_of_a_table_is_run_as_a_formula_and_numbers_stay_numbers(start):
    frame = pd.DataFrame({start + "head": [start + "1+1", "plain"], "Count": [-1, 2]})
    back = pd.read_csv(io.BytesIO(pictures.csv(frame)))
    shown = start.replace("\r", " ")
    assert back.columns[0] == f"'{shown}head"
    assert back.iloc[:, 0].tolist() == [f"'{shown}1+1", "plain"]
    assert back["Count"].tolist() == [-1, 2]


def test_the_readme_names_every_file_with_its_source(report):
    text = pictures.readme(report)
    for figure in report.figures():
        assert f"DC_{figure.key}.png" in text and figure.alt in text and figure.table.source in text
    assert report.citation in text


def test_the_same_report_gives_the_same_files(report, fresh):
    one, two = (pictures.write(report, fresh / name) for name in ("one", "two"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_synthetic_stands_in_every_name_and_picture(fresh):
    listing.build(catalog.release("ladders@sample"))
    report = state.state_report(gathered.gather("CO", sample=True))
    paths = pictures.write(report, fresh)
    assert all(path.name.startswith("SYNTHETIC_") and path.parent.name.startswith("SYNTHETIC_") for path in paths)
    assert all("SYNTHETIC" in {text.get_text() for text in figure.canvas.texts} for figure in report.figures())
    assert all("SYNTHETIC" in figure.table.source for figure in report.figures())
