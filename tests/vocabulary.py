"""Words that this project does not use about people and facilities, what it says instead, and the names it may quote.

The list follows the advice of the publishers of the data and of the field: person first, no judgement, and no more
than a file can show (a listing that is silent neither refuses nor fails).
"""

from __future__ import annotations

import ast
import csv
import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

from python_calamine import CalamineWorkbook

# Pattern -> what to say. Whole words, any case.
ABOUT_PEOPLE = {
    r"addicts?|addicted": "person with a substance use disorder",
    r"abusers?": "person who uses substances",
    r"abus(?:e|es|ed|ing)": "use",
    r"alcoholics?|drunks?|drunkards?": "person with an alcohol use disorder",
    r"junk(?:ie|y|ies)|crackheads?|dope ?fiends?": "person with a substance use disorder",
    r"(?:drug|substance|iv|opioid|heroin) users?": "person who uses drugs",
    r"drug habits?|bad habits?": "substance use disorder",
    r"relaps(?:e|es|ed|ing)": "return to use",
    r"(?:stay|stays|stayed|staying|get|gets|got|getting|be|being|been|remain|remains|remained) clean": "not using",
    r"clean (?:time|and sober|urine|test|tests|screens?)": "negative test, in recovery",
    r"dirty": "positive test",
    r"(?:opioid |opiate )?(?:substitution|replacement) therapy": "medication for opioid use disorder",
    r"suffer(?:s|ed|ing)? from": "has",
    r"victims? of": "person who survived",
    r"the mentally ill|mentally ill": "person with a mental disorder",
    r"the homeless": "person without a home",
    r"the (?:elderly|poor|disabled|handicapped)|handicapped": "person who is older, has a low income, has a disability",
    r"inmates?|convicts?|felons?|offenders?": "person in jail or prison",
    r"non-?complian(?:t|ce)": "does not follow",
    r"commit(?:s|ted)? suicide": "died by suicide",
}
ABOUT_FACILITIES = {
    r"refus(?:e|es|ed|ing|als?)": "does not list, did not report",
    r"fail(?:s|ed|ing|ures?)?": "does not list, did not report",
    r"den(?:y|ies|ied|ying)": "does not list",
    r"worst|bad actors?|blacklist(?:s|ed)?|name and shame": "(counts and unknowns, no list of failures)",
    r"clean": "(a word of testing slang)",
}
# Names and labels as their publishers print them.
OFFICIAL = (
    "Substance Abuse and Mental Health Services Administration",
    "Substance Abuse & Mental Health Services Administration",
    "National Survey of Substance Abuse Treatment Services",
    "Data on Substance Abuse Treatment Facilities",
    "National Directory of Drug and Alcohol Abuse Treatment Facilities",
    "National Institute on Drug Abuse",
    "National Institute on Alcohol Abuse and Alcoholism",
    "Federal, or any government funding for substance abuse programs",
    "Substance abuse treatment services",
    "Mix of mental health and substance abuse treatment services",
    "State substance abuse agency",
)


def found(text: str, words: Iterable[str] = ABOUT_PEOPLE) -> list[str]:
    """Every word of the lists in a text, as it stands there, official names left aside."""
    plain = re.sub(r"\s+", " ", text)
    for name in OFFICIAL:
        plain = re.sub(re.escape(name), " ", plain, flags=re.IGNORECASE)
    pattern = rf"(?<![\w-])(?:{'|'.join(words)})(?![\w-])"
    return [match.group() for match in re.finditer(pattern, plain, flags=re.IGNORECASE)]


# Text of each kind of file


class _Seen(HTMLParser):
    """Text that a reader of a page meets: what is shown, and what a screen reader reads."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = [*self.inside, tag] if tag in ("script", "style") else self.inside
        self.texts += [text for name, text in attrs if text and name in ("alt", "title", "aria-label", "content")]

    def handle_endtag(self, tag: str) -> None:
        if self.inside and tag == self.inside[-1]:
            self.inside = self.inside[:-1]

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.texts.append(data)


def of_page(html: str) -> str:
    """Text of an HTML page or template."""
    page = _Seen()
    page.feed(html)
    return "\n".join(page.texts)


def of_workbook(path: Path) -> str:
    """Sheet names and every cell of a workbook."""
    with CalamineWorkbook.from_path(path) as book:
        sheets = [(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    return "\n".join([name for name, _ in sheets] + [str(cell) for _, rows in sheets for row in rows for cell in row])


def of_notebook(path: Path) -> str:
    """Markdown of a notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def of_module(path: Path, docstrings: bool = False) -> str:
    """Strings of a Python module: what the program may say; docstrings only where they are wanted."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = set() if docstrings else set(map(id, _docstrings(tree)))
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return "\n".join(node.value for node in texts if id(node) not in silent)


def _docstrings(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            first = node.body[0]
            if isinstance(first, ast.Expr):
                yield first.value


def of_table(path: Path) -> str:
    """Every cell of a CSV file."""
    with path.open(encoding="utf-8", newline="") as handle:
        return "\n".join(cell for row in csv.reader(handle) for cell in row)
