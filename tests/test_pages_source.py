"""Saved pages as a source: what opens, whose words count, and what a release of pages says."""

from __future__ import annotations

import gzip
import io
import json
import uuid
import zipfile

import pandas as pd
import pytest
from click.testing import CliRunner

from iop_analysis import criteria, raw
from iop_analysis.cli import main
from iop_analysis.errors import DataError
from iop_analysis.raw.saved_pages import saved_pages
from iop_analysis.releases import listing, store

EVENING = (
    "<title>IOP | Elm House</title><h1>IOP</h1><p>Our IOP meets Mon, Wed and Thu, 6-9 p.m. We accept Medicaid.</p>"
)
DAY = "<title>IOP | Oak House</title><h1>IOP</h1><p>Our IOP meets Monday to Friday, 9 a.m. to noon.</p>"
SILENT = "<title>IOP | Ash House</title><h1>IOP</h1><p>Nine hours of group each week.</p>"
SAID = "<title>IOP | Fir House</title><h1>IOP</h1><p>We run evening groups for people with jobs.</p>"
PAGES = {"elm": EVENING, "oak": DAY, "ash": SILENT, "fir": SAID}


@pytest.fixture
def saved(tmp_path):
    """A zip of invented pages with their addresses (SYNTHETIC)."""
    path = tmp_path / "pages.zip"
    rows = ["file,address,date", *(f"{name}.html,https://www.{name}.example.org/iop,2026-01-02" for name in PAGES)]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("addresses.csv", "\n".join(rows))
        for name, text in PAGES.items():
            archive.writestr(f"{name}.html", text)
    return path


@pytest.fixture
def built(fresh, saved):
    added = raw.add("pages@2026-01-02", saved)
    return listing.build(added.release)


def warc(path, answers):
    records = []
    for address, status, kind, body in answers:
        answer = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2026-01-02T03:04:05Z\r\n"
            f"WARC-Record-ID: <urn:uuid:{uuid.uuid4()}>\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(answer)}\r\n\r\n"
        )
        records.append(head.encode() + answer + b"\r\n\r\n")
    path.write_bytes(b"".join(gzip.compress(one) if path.name.endswith(".gz") else one for one in records))


@pytest.mark.parametrize("name", ["site.warc", "site.warc.gz"])
def test_a_warc_gives_its_pages_with_address_and_day_and_nothing_else(tmp_path, name):
    path = tmp_path / name
    home = "https://elm.example.org/"
    other = [
        (f"{home}x.pdf", "200 OK", "application/pdf", b"%PDF"),
        (f"{home}gone", "404 Not Found", "text/html", b"<h1>Evening IOP</h1>"),
    ]
    warc(path, [(home, "200 OK", "text/html; charset=windows-1252", EVENING.encode("cp1252")), *other])
    assert [(one.address, one.date) for one in saved_pages(path)] == [(home, "2026-01-02")]


def test_a_warc_that_is_cut_off_is_wrong_data(tmp_path):
    path = tmp_path / "site.warc"
    path.write_bytes(b"this is no WARC at all")
    with pytest.raises(DataError, match="the file holds csv"):
        list(saved_pages(path))


def test_a_folder_of_hosts_is_a_mirror_and_says_its_addresses(tmp_path):
    folder = tmp_path / "elm.example.org" / "iop"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(EVENING)
    (folder / "logo.png").write_bytes(b"\x89PNG")
    assert [one.address for one in saved_pages(tmp_path)] == ["https://elm.example.org/iop"]


def test_an_index_without_its_columns_is_wrong_data(tmp_path):
    (tmp_path / "addresses.csv").write_text("page,link\nelm.html,https://elm.example.org\n")
    (tmp_path / "elm.html").write_text(EVENING)
    with pytest.raises(DataError, match="no columns 'file' and 'address'"):
        list(saved_pages(tmp_path))


def test_lines_of_json_without_text_are_wrong_data(tmp_path):
    path = tmp_path / "pages.jsonl"
    path.write_text('{"id": 1, "text": "IOP"}\n{"id": 2}\n')
    with pytest.raises(DataError, match="line 2"):
        list(saved_pages(path))


def test_pages_without_addresses_make_no_release(fresh, tmp_path):
    path = tmp_path / "pages.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("elm.html", EVENING)
    with pytest.raises(DataError, match="none of its 1 pages has an address"):
        listing.build(raw.add("pages@2026-01-02", path).release)


def test_a_program_is_a_host_and_silence_is_never_a_no(built):
    facilities = built.facilities.set_index("facility_id")
    assert dict(facilities["offers_evening_iop"].astype(str)) == {
        "ash.example.org": "not_reported",
        "elm.example.org": "yes",
        "fir.example.org": "yes",
        "oak.example.org": "no",
    }
    assert dict(facilities["name"])["elm.example.org"] == "Elm House"
    assert facilities.loc["elm.example.org", "accepts_medicaid"] == "yes"
    assert (facilities["accepts_medicare"] == "not_reported").all()
    assert facilities["offers_iop"].eq("yes").all()


def test_program_hours_are_of_the_program_and_carry_their_words(built):
    hours = built.hours[built.hours["facility_id"] == "elm.example.org"]
    assert set(hours["day"]) == {"Mo", "We", "Th"}
    assert set(hours["scope"]) == {"program"}
    assert hours["label"].str.contains("6-9 p.m.", regex=False).all()


def test_evening_iop_is_asked_of_words_and_of_program_hours(built):
    found = criteria.evaluate("evening_iop", built.facilities, built.hours).result
    answers = dict(zip(built.facilities["facility_id"], found, strict=True))
    assert answers["elm.example.org"]
    assert answers["fir.example.org"]
    assert not answers["oak.example.org"]
    assert answers["ash.example.org"] is pd.NA


def test_every_fact_is_stored_with_its_address_day_and_words(built):
    facts = store.read(built.release, ["facts"])[0]["facts"]
    assert set(facts["variable"]) >= {"session", "offers_evening_iop", "accepts_medicaid"}
    assert facts[["address", "date", "quote"]].ne("").all(axis=None)
    assert facts["quote"].str.split().map(len).max() <= 25


def test_building_twice_gives_the_same_tables(built):
    again = listing.build(built.release)
    pd.testing.assert_frame_equal(again.facilities, built.facilities)
    pd.testing.assert_frame_equal(again.hours, built.hours)


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)))


def test_pages_prints_at_least_one_row_a_page_with_the_columns_of_the_contract(saved):
    found = run("pages", saved, "--format", "csv")
    table = pd.read_csv(io.StringIO(found.stdout), dtype=str, keep_default_na=False)
    columns = "page iop_evening iop_weekend track days opens closes population mode quote"
    assert list(table) == columns.split()
    assert dict(zip(table["page"], table["iop_evening"], strict=True)) == {
        "https://www.ash.example.org/iop": "not_stated",
        "https://www.elm.example.org/iop": "yes",
        "https://www.fir.example.org/iop": "said_without_clock",
        "https://www.oak.example.org/iop": "no",
    }
    elm = table[table["page"].str.contains("elm")].iloc[0]
    assert (elm["days"], elm["opens"], elm["closes"]) == ("Mo,We,Th", "18:00", "21:00")


def test_pages_reads_one_page_and_lines_of_json(tmp_path):
    (tmp_path / "elm.html").write_text(EVENING)
    (tmp_path / "pages.jsonl").write_text(json.dumps({"id": "p1", "text": "IOP\nOur evening group meets weekly."}))
    one, lines = run("pages", tmp_path / "elm.html", "--format", "csv"), run("pages", tmp_path / "pages.jsonl")
    assert "elm.html,yes" in one.stdout
    assert "said_without_clock" in lines.stdout


def test_a_file_that_holds_no_pages_is_wrong_data_and_a_missing_one_a_wrong_call(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"x")
    assert run("pages", tmp_path / "a.xlsx").exit_code == 1
    assert run("pages", tmp_path / "none.warc").exit_code == 2
