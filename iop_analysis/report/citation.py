"""How to cite a report: a content ID, one line, the publishers' own citations, and BibTeX entries."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from iop_analysis import __version__, catalog
from iop_analysis.carried.listings import Standard
from iop_analysis.carried.package import AUTHOR
from iop_analysis.errors import CallError
from iop_analysis.report import words
from iop_analysis.report.gathered import Gathered, state_name
from iop_analysis.report.model import Block, Box, Bullets, Section, Table

ID_DIGITS = 12
# A mail address, or the address of a page such as a list of open questions.
CONTACT = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s.<>]+|https?://[^\s<>]+")
# Signs that BibTeX and TeX read as commands.
ESCAPED = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "–": "--",
    "’": "'",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}


def cite(gathered: Gathered, identifier: str, surveys: Sequence[str] = ()) -> Section:
    """How to cite the report of that content ID, and the files behind it; one sentence for the sample.

    Parameters
    ----------
    gathered
        The state's tables.
    identifier
        See `content_id`.
    surveys
        Keys of the sources of surveys that the report uses beside its files.
    """
    heading = "How to cite"
    if gathered.synthetic:
        return Section("cite", heading, (line(gathered, identifier),))
    blocks: tuple[Block, ...] = (
        line(gathered, identifier),
        "The content ID is made from the numbers in the tables: two reports with the same ID hold the same numbers.",
        "Please cite the publishers of the files too:",
        Bullets(tuple(catalog.source(key).citation for key in _publishers(gathered, surveys))),
    )
    return Section("cite", heading, blocks, appendix=True)


def entries(gathered: Gathered, identifier: str, surveys: Sequence[str] = ()) -> Section:
    """The BibTeX entries, for the appendix; nothing for the sample."""
    if gathered.synthetic:
        return Section("bibtex", "BibTeX", (), appendix=True)
    lines = (*bibtex(gathered, identifier), *(_survey_entry(key) for key in surveys))
    return Section("bibtex", "BibTeX", (Box("Entries", lines),), appendix=True)


def correction(contact: str) -> str:
    """Whom to write to about an entry that is wrong or unwanted; empty where the page names nobody.

    Raises
    ------
    CallError
        The contact is neither a mail address nor that of a page.

    Examples
    --------
    >>> correction("care@elm.example")
    'If an entry is wrong, or should not be here, write to care@elm.example.'
    """
    if contact and not CONTACT.fullmatch(contact):
        raise CallError(f"{contact!r} is no contact: give a mail address, or a page that begins with https://.")
    return f"If an entry is wrong, or should not be here, write to {contact}." if contact else ""


def line(gathered: Gathered, identifier: str) -> str:
    """The citation of the report in one line."""
    if gathered.synthetic:
        return "Synthetic sample: not to be cited."
    return (
        f"{AUTHOR}. {title(gathered)} Computed from {words.listed(_releases(gathered))} with iop_analysis "
        f"{__version__}. Content ID {identifier}."
    )


def title(gathered: Gathered) -> str:
    """The title of a state's report."""
    return f"Who can use an intensive outpatient program in {state_name(gathered.state)}?"


def content_id(tables: Sequence[Table]) -> str:
    """Twelve hexadecimal digits that stay the same as long as what the tables hold does.

    They begin the SHA-256 of each table's key and cells, in their order: no wording, date or version is in them.
    """
    digest = hashlib.sha256()
    for table in tables:
        cells = table.frame.to_csv(index=False, header=False, lineterminator="\n", float_format="%.9g")
        digest.update("\0".join(["", table.key, cells]).encode())
    return digest.hexdigest()[:ID_DIGITS]


def bibtex(gathered: Gathered, identifier: str) -> tuple[str, ...]:
    """A BibTeX entry for the report and one for each file behind it, each on a line of its own."""
    report = entry(
        f"iop_{gathered.state}_{identifier}",
        author="{" + escape(AUTHOR) + "}",
        title="{" + escape(title(gathered)) + "}",
        version=escape(__version__),
        note=escape(f"Content ID {identifier}"),
    )
    return (report, *(_file_entry(one) for one in _files(gathered)))


def _file_entry(table: Standard) -> str:
    release, source = table.release, catalog.source_of(table.release)
    when = release.reference_date or f"survey year {release.survey_year}"
    return entry(
        release.name.replace("@", "_"),
        author="{" + escape(source.publisher) + "}",
        title="{" + escape(source.title) + "}",
        note=escape(f"Release {release.key}, {when}. SHA-256 of the file {table.facts['sha256']}"),
        url=release.page or source.homepage,
    )


def entry(name: str, **fields: str) -> str:
    r"""One `@misc` entry; the fields are written as they are, see `escape`.

    Examples
    --------
    >>> entry("elm", title="Elm", note=escape("50 % & more"))
    '@misc{elm, title = {Elm}, note = {50 \\% \\& more}}'
    """
    parts = [name, *(f"{field} = {{{text}}}" for field, text in fields.items() if text)]
    return f"@misc{{{', '.join(parts)}}}"


def escape(text: str) -> str:
    r"""A text with the signs that TeX reads as commands written out.

    Examples
    --------
    >>> print(escape("A_B {50%} & C"))
    A\_B \{50\%\} \& C
    """
    return "".join(ESCAPED.get(sign, sign) for sign in text)


def _files(gathered: Gathered) -> list[Standard]:
    return [table for table in (gathered.main, gathered.beside) if table is not None]


def _publishers(gathered: Gathered, surveys: Sequence[str]) -> list[str]:
    return list(dict.fromkeys([*(one.release.source for one in _files(gathered)), *surveys]))


def _survey_entry(key: str) -> str:
    source = catalog.source(key)
    title, author = "{" + escape(source.title) + "}", "{" + escape(source.publisher) + "}"
    return entry(key, author=author, title=title, url=source.homepage)


def _releases(gathered: Gathered) -> list[str]:
    return [table.release.name for table in _files(gathered)]
