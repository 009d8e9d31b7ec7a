"""Everything that the project says is respectful of people, and says no more of facilities than a file can show."""

from pathlib import Path

import pytest
import vocabulary

from iop_analysis.releases import many
from iop_analysis.report import state

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "iop_analysis"
EVERYTHING = vocabulary.ABOUT_PEOPLE | vocabulary.ABOUT_FACILITIES
# Lists of codes and street words quote their publishers.
CATALOG = [path for path in sorted(PACKAGE.glob("catalog/*.csv")) if path.name not in ("street_words.csv",)]
PAGES = sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md")) + sorted(ROOT.glob("*/README.md"))
PAGES += [ROOT / "data" / "raw" / "README.md", ROOT / "data" / "processed" / "README.md"]
NOTEBOOKS = sorted(ROOT.glob("notebooks/*.ipynb"))
SPEAKING = sorted(PACKAGE.glob("report/*.py")) + sorted(PACKAGE.glob("maps/*.py"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize(
    "text",
    [
        "Addicts need help",
        "a drug abuser",
        "substance abuse",
        "they relapsed",
        "she got clean",
        "drug users",
        "suffers from addiction",
        "an ALCOHOLIC",
        "the mentally ill",
    ],
)
def test_the_list_finds_words_about_people(text):
    assert vocabulary.found(text)


@pytest.mark.parametrize("text", ["12 sites refuse Medicaid", "it fails to list a fee", "the worst county"])
def test_the_list_finds_words_about_facilities(text):
    assert vocabulary.found(text, EVERYTHING)
    assert not vocabulary.found(text)


@pytest.mark.parametrize(
    "text",
    [
        "people with a substance use disorder return to use",
        "Substance Abuse and Mental Health\nServices Administration",
        "a user of this package",
        "addiction medicine",
        "does not list a sliding fee and did not report its hours",
        "failsafe, unrefused, blacklisting-free",
    ],
)
def test_the_list_leaves_official_names_and_plain_words_alone(text):
    assert not vocabulary.found(text, EVERYTHING)


@pytest.mark.parametrize("path", CATALOG, ids=name_of)
def test_tables_of_the_catalog_use_respectful_words(path):
    assert vocabulary.found(vocabulary.of_table(path), EVERYTHING) == []


def test_what_the_catalog_says_of_its_sources_is_respectful():
    assert vocabulary.found((PACKAGE / "catalog" / "sources.toml").read_text(encoding="utf-8"), EVERYTHING) == []


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("report/templates/*.html")), ids=name_of)
def test_templates_use_respectful_words(path):
    assert vocabulary.found(vocabulary.of_page(path.read_text(encoding="utf-8")), EVERYTHING) == []


@pytest.mark.parametrize("path", SPEAKING, ids=name_of)
def test_sentences_of_reports_and_maps_use_respectful_words(path):
    assert vocabulary.found(vocabulary.of_module(path), EVERYTHING) == []


def test_no_module_speaks_disrespectfully_of_people_even_in_its_docstrings():
    spoken = {name_of(path): vocabulary.found(vocabulary.of_module(path, True)) for path in PACKAGE.rglob("*.py")}
    assert {name: words for name, words in spoken.items() if words} == {}


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_pages_use_respectful_words_about_people(path):
    assert vocabulary.found(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_notebooks_use_respectful_words(path):
    assert vocabulary.found(vocabulary.of_notebook(path), EVERYTHING) == []


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Reports of both states on the tables that the package carries, and of the sample, in every format."""
    folder = tmp_path_factory.mktemp("reports")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IOP_DATA", str(folder / "data"))
        list(many.build_all([], sample=True))
        paths = [path for name in ("CO", "NJ") for path in state.write_report(name, folder)]
        return paths + [path for name in ("CO", "NJ") for path in state.write_report(name, folder, sample=True)]


def test_generated_reports_use_respectful_words(written):
    assert {path.suffix for path in written} == {".html", ".xlsx"}
    for path in written:
        page = path.suffix == ".html"
        text = vocabulary.of_page(path.read_text(encoding="utf-8")) if page else vocabulary.of_workbook(path)
        assert len(text) > 2000, "the report was read"
        assert vocabulary.found(text, EVERYTHING) == [], path.name


def test_reports_of_the_sample_say_so_and_no_other_does(written):
    for path in written:
        page = path.suffix == ".html"
        text = vocabulary.of_page(path.read_text(encoding="utf-8")) if page else vocabulary.of_workbook(path)
        assert ("SYNTHETIC" in text) == path.name.startswith("SYNTHETIC_"), path.name
