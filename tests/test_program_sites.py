"""Invented pages in the manner of real site builders: each trap that such pages set is a page here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from iop_analysis.hours.prose import day_names
from iop_analysis.raw.saved_pages import Saved, decoded
from iop_analysis.sources._page import read_saved
from iop_analysis.sources.pages import clock

SITES = Path(__file__).parent / "data" / "program_sites"
LABELS = json.loads((SITES / "labels.json").read_text(encoding="utf-8"))


def read_site(name: str):
    return read_saved(Saved("", "", decoded((SITES / f"{name}.html").read_bytes()), True, name))


def test_there_are_many_pages_and_each_says_that_it_is_invented():
    pages = sorted(SITES.glob("*.html"))
    assert len(pages) >= 25
    assert {page.stem for page in pages} == set(LABELS)
    assert all("SYNTHETIC" in page.read_text(encoding="utf-8") for page in pages)


@pytest.mark.parametrize("name", sorted(LABELS))
def test_a_page_says_of_its_evenings_what_a_person_reads(name):
    assert read_site(name).said.iop_evening == LABELS[name]["iop_evening"]


@pytest.mark.parametrize("name", sorted(LABELS))
def test_a_page_tells_the_sessions_that_a_person_reads(name):
    told = sorted(
        f"{day_names(one.days)} {clock(one.opens)}-{clock(one.closes)}"
        for one in read_site(name).said.sessions
        if one.opens is not None
    )
    assert told == sorted(LABELS[name]["sessions"])


@pytest.mark.parametrize("name", sorted(name for name in LABELS if "payers" in LABELS[name]))
def test_a_page_takes_the_payers_that_it_says_it_takes(name):
    assert {paid.variable: paid.answer for paid in read_site(name).payers} == LABELS[name]["payers"]


@pytest.mark.parametrize("name", sorted(LABELS))
def test_every_quote_stands_in_the_visible_text(name):
    page = read_site(name)
    visible = "\n".join(block.text for block in page.document.blocks)
    for quote in [one.quote for one in page.said.sessions] + [paid.quote for paid in page.payers]:
        assert quote in visible
        assert len(quote.split()) <= 25


@pytest.mark.real
def test_reduced_real_pages_give_no_false_evening(real_data):
    folder = real_data / "program_html"
    labels = {row["id"]: row for row in map(json.loads, (folder / "labels.jsonl").read_text("utf-8").splitlines())}
    for name, label in labels.items():
        page = read_saved(Saved("", "", decoded((folder / f"{name}.html").read_bytes()), True, name))
        assert page.said.iop_evening == label["iop_evening"], name
