"""The public names: each is where the list says, is typed, and answers a wrong argument with a sentence of ours."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import iop_analysis as iop
from iop_analysis.releases import many

ROOT = Path(__file__).resolve().parents[1]


def imported_for_types() -> set[str]:
    """Names that type checkers see in the package."""
    tree = ast.parse((ROOT / "iop_analysis" / "__init__.py").read_text(encoding="utf-8"))
    seen = next(one for one in tree.body if isinstance(one, ast.If))
    return {
        alias.asname or alias.name for node in seen.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }


def test_what_runs_and_what_type_checkers_see_are_the_same_names():
    assert imported_for_types() == set(iop.PUBLIC)
    assert set(iop.__all__) == {"__version__", *iop.PUBLIC}


@pytest.mark.parametrize("name", sorted(iop.PUBLIC))
def test_every_public_name_is_there_and_says_what_it_is(name):
    assert getattr(iop, name).__doc__


@pytest.mark.parametrize("name", sorted(iop.PUBLIC))
def test_no_public_function_takes_more_than_five_values_by_place(name):
    thing = getattr(iop, name)
    code = getattr(getattr(thing, "__wrapped__", thing), "__code__", None)
    assert code is None or code.co_argcount <= 5


def test_mypy_knows_a_signature_and_refuses_a_name_that_there_is_not(tmp_path):
    script = tmp_path / "mine.py"
    script.write_text("import iop_analysis as iop\n\nreveal_type(iop.coverage)\niop.covrage\n", encoding="utf-8")
    kept = f"--cache-dir={ROOT / '.mypy_cache' / 'user'}"
    command = [sys.executable, "-m", "mypy", "--config-file=", kept, str(script)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "have:" in done.stdout
    assert 'has no attribute "covrage"' in done.stdout


def sample() -> tuple[object, object]:
    release = iop.open_release("ladders@sample")
    return release.facilities, release.hours


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda f, h: iop.coverage(f, h, "medicaid", by="zip"), "zip"),
        (lambda f, h: iop.coverage(f, h, "medicaid", by=["state"]), "state"),
        (lambda f, h: iop.funnel(f, h, "medicaid"), "list"),
        (lambda *_: iop.build("ladders"), "ladders"),
        (lambda *_: iop.build("ladders@1999-01-01"), "1999-01-01"),
        (lambda *_: iop.load("nothing@here"), "nothing"),
        (lambda f, h: iop.coverage(f, h, "medicad"), "medicaid"),
    ],
)
def test_a_wrong_argument_gets_a_sentence_of_ours(asked, said, tmp_path, monkeypatch):
    monkeypatch.setenv("IOP_DATA", str(tmp_path))
    tables = sample()
    with pytest.raises(iop.CallError, match=said):
        asked(*tables)


def test_a_survey_where_a_list_is_wanted_is_named_as_one(monkeypatch):
    survey = object.__new__(many.respondents.Respondents)
    object.__setattr__(survey, "release", type("R", (), {"name": "nssats@2019"})())
    monkeypatch.setattr(many, "load", lambda _: survey)
    with pytest.raises(iop.CallError, match=r"nssats@2019 is a survey"):
        iop.open_release("nssats@2019")


def test_the_page_of_the_library_holds_every_public_name():
    done = subprocess.run(
        [sys.executable, "-c", "import make_api; print(make_api.text(), end='')"],
        cwd=ROOT / "docs",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
