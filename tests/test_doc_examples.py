"""What the documentation shows can be done as it stands: commands, calls and places in the tree."""

import ast
import inspect
import re
import shlex
from importlib import import_module
from pathlib import Path

import click
import pytest

import iop_analysis as iop
from iop_analysis import cli

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted(ROOT.glob("docs/*.md")),
    *ROOT.glob("benchmarks/**/*.md"),
]
COMMAND = re.compile(r"(?:^|[`$ (])iop-analysis ([^`\n]*)", re.MULTILINE)
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
PLACE = re.compile(
    r"`((?:iop_analysis|tests|docs|benchmarks|notebooks|catalog|carried|report|sources|metrics)/[\w./-]+)`"
)
# Made by whoever follows the page, or by a run.
NOT_HERE = {"catalog/withdrawn.csv"}


def words(line: str) -> list[str]:
    """The words of a command, without the comment behind it and where its output goes."""
    return shlex.split(re.split(r"\s+#\s|\s>\s|\s\|\s", line.rstrip("\\ "))[0].rstrip(".,;:)"))


def commands() -> list[tuple[str, str]]:
    return [(page.name, line.strip()) for page in PAGES for line in COMMAND.findall(page.read_text("utf-8"))]


@pytest.mark.parametrize(("page", "line"), sorted(set(commands())))
def test_every_command_that_a_page_shows_is_understood(page, line, tmp_path, monkeypatch):
    given = words(line)
    command: click.Command = cli.main
    while isinstance(command, click.Group) and given and not given[0].startswith("-"):
        name = given.pop(0)
        found = command.get_command(click.Context(command), name)
        assert found is not None, f"{page}: there is no command {name!r}"
        command = found
    for option in (word for word in given if re.match(r"--?[a-z]", word)):
        known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)} | {"--help", "--version"}
        assert option.split("=")[0] in known, f"{page}: {command.name} has no {option}"


def blocks() -> list[tuple[str, str]]:
    return [(page.name, text) for page in PAGES for text in BLOCK.findall(page.read_text("utf-8"))]


@pytest.mark.parametrize(("page", "text"), blocks(), ids=[f"{page} {i}" for i, (page, _) in enumerate(blocks())])
def test_every_name_and_argument_in_an_example_is_there(page, text):
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("iop_analysis"):
            home = import_module(node.module)
            assert all(hasattr(home, one.name) for one in node.names), f"{page}: {ast.unparse(node)}"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "iop":
            assert hasattr(iop, node.attr), f"{page}: iop.{node.attr}"
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("iop.") and node.func.value.id == "iop":
            keywords = {one.arg: None for one in node.keywords if one.arg}
            inspect.signature(getattr(iop, node.func.attr)).bind(*node.args, **keywords)


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_every_place_in_the_tree_that_a_page_names_is_there(page):
    for place in set(PLACE.findall(page.read_text("utf-8"))) - NOT_HERE:
        if not re.search(r"/(KEY|NAME|SOURCE)\b", place):
            assert (ROOT / place).exists() or (ROOT / "iop_analysis" / place).exists(), f"{page.name}: {place}"


ROOMS = {path.name for path in (ROOT / "iop_analysis").iterdir() if path.is_dir()}
FILES = {"csv", "toml", "md", "py", "json", "parquet", "html"}
DOTTED = re.compile(r"`((?:[a-z_]+\.)+[A-Za-z_]+)(?=[`(])")


def resolved(name: str) -> object:
    """What a dotted name stands for, below the package."""
    found: object = iop
    path = "iop_analysis"
    for part in name.split("."):
        path = f"{path}.{part}"
        found = getattr(found, part) if hasattr(found, part) else import_module(path)
    return found


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_every_dotted_name_that_a_page_names_is_there(page):
    for name in set(DOTTED.findall(page.read_text("utf-8"))):
        room, _, rest = name.partition(".")
        if room in ROOMS and rest.split(".")[0] not in FILES:
            resolved(name)
