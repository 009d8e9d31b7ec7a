"""The site works from a folder and from any host: every link leads somewhere, nothing is asked of another host."""

import filecmp
import hashlib
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import jsonschema
import pandas as pd
import pytest
import rdflib
from browsing import DESKTOP, PHONE, opened

from iop_analysis.report.gathered import gather
from iop_analysis.report.site import api, dcat, finder, writing

STATES = ("NJ", "CO", "DC")
ADDRESS = "https://example.org/iop"
CONTACT = "https://example.org/questions"
WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    patch = pytest.MonkeyPatch()
    patch.setenv("IOP_DATA", str(tmp_path_factory.mktemp("data")))
    folder = tmp_path_factory.mktemp("out") / "site"
    outcome = writing.write(folder, ("html", "xlsx"), ADDRESS, STATES, contact=CONTACT)
    assert not outcome.failed
    yield folder
    patch.undo()


class Links(HTMLParser):
    """Addresses that a page leads to, addresses that it would load, and the anchors that it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.leads: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.anchors.add(found["id"])
        if tag == "a" and found.get("href"):
            self.leads.append(found["href"])
        if found.get("src"):
            self.loads.append(found["src"])
        if tag == "link" and found.get("rel") != "canonical" and found.get("href"):
            self.loads.append(found["href"])


def test_every_page_says_whom_to_write_to(site):
    for path in pages(site):
        assert f'write to <a href="{CONTACT}"' in path.read_text(encoding="utf-8"), path


def test_a_states_page_leads_to_all_states_its_districts_and_its_files(site):
    for state in STATES:
        leads = Links((site / f"iop_{state}.html").read_text(encoding="utf-8")).leads
        beside = {one for one in leads if not one.startswith(("#", "https:"))}
        files = {f"iop_{state}.xlsx", f"api/v1/states/{state}.json", f"districts/{state}.html"}
        assert beside == {"index.html"} | files


def test_a_link_to_a_state_has_a_picture_and_a_headline(site):
    for state in STATES:
        text = (site / f"iop_{state}.html").read_text(encoding="utf-8")
        said = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', text))
        assert said["og:url"] == f"{ADDRESS}/iop_{state}.html"
        picture = site / said["og:image"].removeprefix(f"{ADDRESS}/")
        assert picture.read_bytes()[16:24] == bytes.fromhex("000004b000000276"), "1200 by 630 pixels"
        assert said["og:description"] and said["og:title"]


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def test_there_is_a_page_a_state_with_districts_downloads_and_data(site):
    for state in STATES:
        for inside in (
            f"iop_{state}.html",
            f"iop_{state}.xlsx",
            f"districts/{state}.html",
            f"api/v1/states/{state}.json",
        ):
            assert (site / inside).stat().st_size > 0, inside


def test_no_link_is_broken(site):
    parsed = {page: Links(page.read_text(encoding="utf-8")) for page in pages(site)}
    broken = []
    for page, links in parsed.items():
        for address in links.leads:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            anchors = parsed[target].anchors if target in parsed else {parts.fragment}
            if not target.exists() or (parts.fragment and parts.fragment not in anchors):
                broken.append((page.name, address))
    assert not broken


def test_no_page_loads_anything_from_elsewhere_and_each_has_a_strict_policy(site):
    for page in pages(site):
        text = page.read_text(encoding="utf-8")
        assert not [one for one in Links(text).loads if not one.startswith("data:")], page.name
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
        assert policy, page.name
        assert "default-src 'none'" in policy[1]
        assert "unsafe-eval" not in policy[1]
        assert "script-src 'unsafe-inline'" not in policy[1]


def test_the_map_of_the_site_names_every_page_at_its_address(site):
    root = ElementTree.fromstring((site / "sitemap.xml").read_text(encoding="utf-8"))
    named = {one.text for one in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    assert named == {f"{ADDRESS}/{page.relative_to(site).as_posix()}" for page in pages(site)}


def test_the_index_describes_itself_as_a_data_set(site):
    text = (site / "index.html").read_text(encoding="utf-8")
    said = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[1])
    assert said["@type"] == "Dataset"
    assert said["distribution"][0]["contentUrl"] == f"{ADDRESS}/api/v1/national.csv"
    assert f'property="og:url" content="{ADDRESS}/"' in text


def test_the_csv_of_the_nation_agrees_with_the_files_of_the_states(site):
    table = pd.read_csv(io.BytesIO((site / "api/v1/national.csv").read_bytes()), keep_default_na=False)
    for state in STATES:
        said = json.loads((site / "api/v1/states" / f"{state}.json").read_text(encoding="utf-8"))
        rows = table[table["state"] == state]
        assert rows["numerator"].tolist() == [one["numerator"] for one in said["measures"]]


def missing_in(said) -> list[str]:
    """What a catalogue lacks, or has wrong, by the properties of DCAT-US 3.0."""
    text = (Path(__file__).parent / "data" / "dcat_us_3.schema.json").read_text(encoding="utf-8")
    return [error.message for error in jsonschema.Draft202012Validator(json.loads(text)).iter_errors(said)]


def test_the_catalogue_has_what_dcat_us_3_asks_and_names_every_table(site):
    said = dcat.catalogue(site, [api.state(gather(state)) for state in STATES], ADDRESS, "data@example.org")
    assert missing_in(said) == []
    files = [one for dataset in said["dataset"] for one in dataset["distribution"]]
    for one in files:
        content = (site / unquote(one["downloadURL"].removeprefix(f"{ADDRESS}/"))).read_bytes()
        assert int(one["byteSize"]) == len(content)
        assert one["checksum"]["checksumValue"] == hashlib.sha256(content).hexdigest()
    tables = {path.relative_to(site).as_posix() for end in ("csv", "xlsx", "json") for path in site.rglob(f"*.{end}")}
    named = {one["downloadURL"].removeprefix(f"{ADDRESS}/") for one in files}
    assert tables - named == {dcat.FILE, "api/v1/state.schema.json"}
    assert said["dataset"][0]["temporal"] == [{"@type": "PeriodOfTime", "startDate": "2022", "endDate": "2024"}]
    assert [one["prefLabel"] for one in said["dataset"][0]["spatial"]] == [
        "New Jersey",
        "Colorado",
        "District of Columbia",
    ]


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_tools_for_linked_data_read_the_catalogue_as_dcat(site):
    text = (site / dcat.FILE).read_text(encoding="utf-8")
    graph = rdflib.Graph().parse(data=text, format="json-ld")
    words = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    assert len(set(graph.subjects(rdflib.RDF.type, words.Catalog))) == 1
    assert len(set(graph.objects(predicate=words.dataset))) == 3
    assert rdflib.URIRef(f"{ADDRESS}/api/v1/national.csv") in set(graph.objects(predicate=words.downloadURL))
    said = json.loads(text)
    assert set(re.findall(r'"(\w+)":', json.dumps(said["dataset"]))) <= set(said["@context"])


def test_a_catalogue_without_a_mail_address_lacks_only_that(site):
    said = json.loads((site / dcat.FILE).read_text(encoding="utf-8"))
    assert set(missing_in(said)) == {"'contactPoint' is a required property"}
    assert {one["page"][0]["accessURL"] for one in said["dataset"]} == {CONTACT}
    assert set(missing_in(said | {"dataset": []})) == {"[] should be non-empty"}


def test_there_is_no_catalogue_where_nobody_knows_the_address(tmp_path):
    writing.write(tmp_path / "site", ("html",), states=("DC",))
    assert not (tmp_path / "site" / dcat.FILE).exists()


def test_two_builds_are_equal(site, tmp_path):
    again = tmp_path / "site"
    writing.write(again, ("html", "xlsx"), ADDRESS, STATES, contact=CONTACT)
    names = [path.relative_to(site).as_posix() for path in sorted(site.rglob("*")) if path.is_file()]
    assert names == [path.relative_to(again).as_posix() for path in sorted(again.rglob("*")) if path.is_file()]
    assert filecmp.cmpfiles(site, again, names, shallow=False) == (names, [], [])


def test_a_folder_that_is_no_site_is_never_emptied(tmp_path):
    mine = tmp_path / "mine.txt"
    mine.write_text("keep")
    writing._emptied(tmp_path)
    assert mine.exists()


def test_residents_of_the_districts_add_up_to_the_state(site):
    text = (site / "districts/NJ.html").read_text(encoding="utf-8")
    assert "Congressional District 12" in text
    assert "State Senate District 40" in text
    assert finder.span(3, 3) == "3"


@pytest.mark.browser
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("page", ["index.html", "districts/NJ.html"])
def test_index_and_districts_have_no_barrier_that_axe_finds(site, page, viewport):
    from axe_playwright_python.sync_playwright import Axe

    with opened(site / page, viewport) as tab:
        found = Axe().run(tab, options={"runOnly": WCAG}).response
        assert tab.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert not [f"{rule['id']}: {node['html'][:120]}" for rule in found["violations"] for node in rule["nodes"]]


@pytest.mark.browser
def test_the_search_leaves_the_states_that_hold_what_is_written(site):
    with opened(site / "index.html") as tab:
        tab.fill("#search", "jersey")
        shown = tab.evaluate("[...document.querySelectorAll('#states tbody tr')].filter(row => !row.hidden).length")
        assert shown == 1
        assert tab.text_content("#found") == "1 state"
