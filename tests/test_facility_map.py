"""The facility map is one inert, offline page: it shows what is listed or not known, and no place that is withheld."""

import base64
import hashlib
import html
import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import vocabulary

from iop_analysis import criteria, raw
from iop_analysis.catalog import answers
from iop_analysis.errors import CallError
from iop_analysis.releases import listing, locators
from iop_analysis.releases.listing import Listing
from iop_analysis.report import entries
from iop_analysis.report.facility_map import facility_map

HOSTILE = '=HYPERLINK("http://x","<script>document.title=1</script>")</script><img src=x onerror=document.title=1>'


@pytest.fixture(scope="module")
def sample(built_samples) -> dict[str, Listing]:
    """Releases of the synthetic sample by source."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IOP_DATA", str(built_samples))
        return {source: listing.load(f"{source}@sample") for source in ("ladders", "national_directory")}


@pytest.fixture(scope="module")
def colorado(sample) -> str:
    return facility_map(sample["ladders"], "CO").decode()


def changed(listed: Listing, row: object, **values: object) -> Listing:
    """A release in which one row says something else."""
    table = listed.facilities.copy()
    for name, value in values.items():
        table.loc[row, name] = value
    return replace(listed, facilities=table)


def cards(page: str) -> dict[str, str]:
    """Markup of each card by its id."""
    return {one[1]: one[0] for one in re.finditer(r'<details id="([^"]+)".*?</details>', page, flags=re.S)}


def marks(page: str) -> list[str]:
    return re.findall(r'<g data-card="([^"]+)"', page)


def first_with_point(listed: Listing, state: str = "CO") -> int:
    rows = entries.programs(listed, state)
    return int(rows.index[rows["latitude"].notna()][0])


@pytest.mark.parametrize(("source", "state"), [("ladders", "CO"), ("national_directory", "NJ")])
def test_every_listed_program_has_one_card(sample, source, state):
    table = sample[source].facilities
    listed = table[(table["state"] == state) & (table["offers_iop"] == answers.YES)]
    found = cards(facility_map(sample[source], state).decode())
    assert set(found) == {f"p{row}" for row in listed.index}
    for row, name in listed.loc[~listed["address_hidden"], "name"].items():
        assert html.escape(name, quote=True) in found[f"p{row}"].replace("&#39;", "&#x27;").replace("&#34;", "&quot;")


def test_marks_stand_where_the_publisher_gives_a_point(sample, colorado):
    rows = entries.programs(sample["ladders"], "CO")
    assert set(marks(colorado)) == {f"p{row}" for row in rows.index[rows["latitude"].notna()]}
    assert rows["latitude"].isna().any()


def test_a_withheld_address_has_no_mark_and_no_place(sample):
    listed = sample["ladders"]
    row = first_with_point(listed)
    street, city = "998 Nowhere Lane", "Hiddenville"
    shown = facility_map(changed(listed, row, street=street, city=city, zip="80999"), "CO").decode()
    hidden = changed(listed, row, street=street, city=city, zip="80999", address_hidden=True)
    page = facility_map(hidden, "CO").decode()
    assert street in shown and city in shown and "80999" in shown
    assert street not in page and city not in page and "80999" not in page
    assert f"p{row}" not in marks(page)
    assert "Withheld by the publisher" in cards(page)[f"p{row}"]
    count = int(entries.programs(hidden, "CO")["address_hidden"].sum())
    assert f"{count} programs withhold their address" in page


def test_a_street_in_the_name_of_a_withheld_place_is_left_out(sample):
    listed = sample["ladders"]
    row = first_with_point(listed)
    named = changed(listed, row, name="Tri-County House (synthetic) - Oak Ave")
    assert "Tri-County House (synthetic) - Oak Ave" in facility_map(named, "CO").decode()
    page = facility_map(changed(named, row, address_hidden=True), "CO").decode()
    assert "Tri-County House (synthetic)" in page and "Oak Ave" not in page


@pytest.mark.parametrize(("source", "state"), [("ladders", "CO"), ("national_directory", "NJ")])
def test_the_filter_keeps_what_meets_a_need_and_what_is_not_known_and_names_no_other(sample, source, state):
    listed = sample[source]
    rows = entries.programs(listed, state)
    found = cards(facility_map(listed, state).decode())
    needs = entries.needs(listed)
    assert needs
    for need in needs:
        result = criteria.evaluate(need.have, rows, listed.hours).result
        said = [re.search(rf'data-{need.key}="(\w+)"', found[f"p{row}"]) for row in rows.index]
        assert [one[1] if one else None for one in said] == [
            "unknown" if pd.isna(one) else "yes" if one else None for one in result
        ]


def test_a_filter_says_only_what_the_file_asks(sample):
    page = facility_map(sample["national_directory"], "NJ").decode()
    options = re.findall(r"<option value=\"(\w+)\".*?>(.*?)</option>", page)
    people = {key for key, _ in options if not key.startswith("want_")}
    assert people == {"has_medicaid", "no_insurance", "private_plan", "has_medicare"}
    assert re.findall(r'<label for="want\d">(.*?)</label>', page) == ["Payment", "Help with the fee"]
    assert not any("6 pm" in text for _, text in options), "the directory does not ask for hours"


def test_an_answer_that_is_not_reported_is_not_known_and_never_not_listed(sample):
    listed = sample["ladders"]
    row = first_with_point(listed)
    for answer, heading in (("yes", "Takes"), ("no", "Not listed"), ("not_reported", "Not known")):
        card = cards(facility_map(changed(listed, row, accepts_medicaid=answer), "CO").decode())[f"p{row}"]
        assert re.search(rf"<dt>{heading}</dt><dd>[^<]*Medicaid", card)
        assert card.count("Medicaid") == 1


def test_a_state_without_points_gets_a_list_and_a_sentence_in_place_of_the_map(sample):
    page = facility_map(sample["national_directory"], "NJ").decode()
    assert 'id="drawing"' not in page and not marks(page)
    assert "No map is drawn" in page and cards(page)


def test_invented_addresses_meet_no_real_list(sample, monkeypatch):
    monkeypatch.setattr(locators, "rows", lambda: pytest.fail("a real list was opened"))
    facility_map(sample["national_directory"], "NJ")


def test_an_address_of_a_locator_list_gives_a_mark_and_a_zip_code_gives_none(sample):
    listed = sample["national_directory"]
    listed = replace(listed, release=replace(listed.release, synthetic=False))
    rows = entries.programs(listed, "NJ")
    known = rows[rows["street"].notna() & ~rows["address_hidden"]].head(3)
    located = listed.facilities.copy()
    located.loc[known.index, ["latitude", "longitude"]] = [40.0, -74.5]
    located.loc[known.index, "point_quality"] = "address"
    listed = replace(listed, facilities=located)
    page = facility_map(listed, "NJ").decode()
    assert {f"p{row}" for row in known.index} <= set(marks(page))
    assert "locator list gives for the address" in cards(page)[f"p{known.index[0]}"]
    off = [card for key, card in cards(page).items() if key not in marks(page)]
    assert off and all("Not on the map." in card or "Withheld" in card for card in off)
    withheld = sum("Withheld by" in card for card in off)
    assert f"{len(off) - withheld} programs are in the list only" in page


def test_what_a_publisher_writes_is_inert(sample, colorado):
    listed = sample["ladders"]
    row = first_with_point(listed)
    fields = dict.fromkeys(("name", "street", "city", "phone", "website", "hours_text", "information_date"), HOSTILE)
    page = facility_map(changed(listed, row, **fields), "CO").decode()
    assert page.count("<script") == 1 and page.count("</script") == 1
    assert "<img" not in page
    assert html.unescape(cards(page)[f"p{row}"]).count(HOSTILE) >= len(fields)
    assert f"<title>{HOSTILE}</title>" in html.unescape(page), "the mark says the name too"
    script = re.search(r"<script>(.*?)</script>", page, flags=re.S)[1]
    assert script == re.search(r"<script>(.*?)</script>", colorado, flags=re.S)[1], "the script holds no data"


@pytest.mark.parametrize(
    "website", ["javascript:alert(1)", "data:text/html,x", "ftp://example.org", "https://a@b.org", '"><b>', "//x.org"]
)
def test_only_web_addresses_are_links(sample, website):
    listed = sample["ladders"]
    row = first_with_point(listed)
    card = cards(facility_map(changed(listed, row, website=website), "CO").decode())[f"p{row}"]
    assert all(link.startswith("tel:") for link in re.findall(r'href="([^"#]*)"', card) if link)
    assert website in html.unescape(card)


def test_the_page_allows_its_own_style_and_script_and_nothing_else(colorado):
    policy = html.unescape(re.search(r'Content-Security-Policy" content="(.*?)"', colorado)[1])
    assert "default-src 'none'" in policy and "unsafe" not in policy
    for tag in ("style", "script"):
        text = re.search(rf"<{tag}>(.*?)</{tag}>", colorado, flags=re.S)[1]
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in policy
    assert not re.search(r"\bsrc=|url\(|@import|\sstyle=|\son\w+=", colorado)


def test_the_same_release_gives_the_same_bytes(sample):
    assert facility_map(sample["ladders"], "CO") == facility_map(sample["ladders"], "CO")


def test_the_sample_says_so_in_title_heading_and_drawing(colorado):
    for pattern in (r"<title>SYNTHETIC", r"<h1>SYNTHETIC", r'<svg id="drawing".*?<text[^>]*>SYNTHETIC'):
        assert re.search(pattern, colorado, flags=re.S)


def test_headings_are_in_order_and_every_id_stands_once(colorado):
    levels = [int(level) for level in re.findall(r"<h([1-6])", colorado)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    identifiers = re.findall(r'\bid="([^"]+)"', colorado)
    assert len(identifiers) == len(set(identifiers))
    assert '<html lang="en">' in colorado


def test_the_page_uses_respectful_words(sample, colorado):
    words = vocabulary.ABOUT_PEOPLE | vocabulary.ABOUT_FACILITIES
    for page in (colorado, facility_map(sample["national_directory"], "NJ").decode()):
        assert vocabulary.found(vocabulary.of_page(page), words) == []


def test_a_wrong_call_is_one_sentence(sample):
    with pytest.raises(CallError, match="postal code"):
        facility_map(sample["ladders"], "XX")
    with pytest.raises(CallError, match="lists no intensive outpatient program in NJ"):
        facility_map(sample["ladders"], "NJ")


# What one program is said to be


def test_touching_days_are_joined_and_days_that_cannot_be_read_are_not_closed():
    spans = [("Mo", 540, 1020), ("Tu", 540, 1020), ("We", None, None), ("Th", 0, 1440), ("Fr", 540, 720)]
    spans += [("Fr", 780, 1440)]
    assert entries.week_words(spans) == (
        "Mon–Tue 9 am–5 pm; Wed not known; Thu 24 hours; Fri 9 am–noon, 1 pm–midnight; Sat–Sun closed"
    )


def test_hours_that_nobody_published_are_not_known(sample):
    listed = sample["ladders"]
    rows = entries.programs(listed, "CO")
    silent = rows[rows["hours_status"] == "unknown"]
    assert len(silent)
    assert all("not known" in week["Building"] for week in entries.weeks(listed, silent))


@pytest.mark.parametrize("text", ["303-555-0123", "(303) 555-0123", "1 303 555 0123", "3035550123"])
def test_an_american_number_can_be_dialed(text):
    assert entries.phone_link(text) == "tel:+13035550123"


@pytest.mark.parametrize("text", ["303-555-0123 x12", "555-0123", "303-555-0123 / 303-555-0124", "call us", ""])
def test_anything_else_is_no_number_to_dial(text):
    assert entries.phone_link(text) == ""


# In a browser, without a network

PROBE = """
<script>
addEventListener("load", () => setTimeout(() => {
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.getClientRects().length);
  const found = { all: shown("#points > g").length, listed: shown("details").length };
  who.value = "has_medicaid";
  who.dispatchEvent(new Event("change"));
  found.marks = shown("#points > g").length;
  found.kept = shown("details").length;
  found.diamonds = shown("#points use.unknown").length;
  found.dots = shown("#points use.yes").length;
  found.said = document.querySelector("#said").textContent;
  drawing.scrollIntoView();
  const box = shown("#points > g")[0].getBoundingClientRect();
  found.inside = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2).includes(drawing);
  const spot = { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2, bubbles: true };
  drawing.dispatchEvent(new MouseEvent("click", spot));
  found.open = document.querySelectorAll("details[open]").length;
  found.focus = document.activeElement.tagName;
  const whole = drawing.getAttribute("viewBox");
  document.querySelector(".frame").dispatchEvent(new KeyboardEvent("keydown", { key: "+", bubbles: true }));
  found.zoomed = Number(drawing.getAttribute("viewBox").split(" ")[2]) / Number(whole.split(" ")[2]);
  document.querySelector('[data-zoom=""]').click();
  found.reset = drawing.getAttribute("viewBox") === whole;
  found.wide = document.documentElement.scrollWidth > innerWidth;
  const out = document.createElement("pre");
  out.id = "probe";
  out.textContent = Object.entries(found).map(([key, value]) => `${key}=${value}`).join("\\n");
  document.body.append(out);
}, 300));
</script>
"""


JOINED = """
<script>
addEventListener("load", () => setTimeout(() => {
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.getClientRects().length);
  const middles = shown("#points > g").map((one) => one.querySelector("use").getBoundingClientRect());
  const spots = middles.map((box) => [box.x + box.width / 2, box.y + box.height / 2]);
  let nearest = 1e9;
  spots.forEach(([x, y], i) => spots.slice(0, i).forEach(([a, b]) => {
    nearest = Math.min(nearest, Math.hypot(a - x, b - y));
  }));
  for (const key of ["OPEN", "PAYER"]) {
    const select = document.querySelector(`option[value="${key}"]`).parentNode;
    select.value = key;
    select.dispatchEvent(new Event("change"));
  }
  const found = { nearest, kept: shown("details").length, said: document.querySelector("#said").textContent };
  const out = document.createElement("pre");
  out.id = "probe";
  out.textContent = Object.entries(found).map(([key, value]) => `${key}=${value}`).join("\\n");
  document.body.append(out);
}, 300));
</script>
"""


def opened(page: Path, width: int = 1200) -> str:
    """The document as headless Chromium has it after two seconds, with the network off."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("headless Chromium is not installed")
    flags = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync"
    offline = ["--proxy-server=127.0.0.1:9", "--host-resolver-rules=MAP * ~NOTFOUND"]
    size = [f"--window-size={width},900", "--virtual-time-budget=2000"]
    profile = f"--user-data-dir={page.parent / f'profile{width}'}"
    command = [chromium, *flags.split(), *offline, *size, profile, "--dump-dom", page.as_uri()]
    environment = os.environ | {"HOME": str(page.parent)}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=True, env=environment, encoding="utf-8"
    ).stdout


@pytest.mark.browser
@pytest.mark.parametrize("width", [1200, 500])
def test_in_a_browser_the_map_is_drawn_filtered_zoomed_and_tied_to_the_cards(sample, colorado, tmp_path, width):
    listed = sample["ladders"]
    rows = entries.programs(listed, "CO")
    need = next(one for one in entries.needs(listed) if one.key == "has_medicaid")
    result = criteria.evaluate(need.have, rows, listed.hours).result
    kept, drawn = result.fillna(True).astype(bool), rows["latitude"].notna()
    copy = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", colorado)
    page = tmp_path / "probed.html"
    page.write_text(copy.replace("</body>", PROBE + "</body>"), encoding="utf-8")
    text = html.unescape(re.search(r'<pre id="probe">(.*?)</pre>', opened(page, width), flags=re.S)[1])
    found = dict(line.split("=", 1) for line in text.splitlines())
    assert int(found["all"]) == drawn.sum() and int(found["listed"]) == len(rows)
    assert int(found["marks"]) == (kept & drawn).sum() and int(found["kept"]) == kept.sum()
    assert int(found["dots"]) == (result.fillna(False) & drawn).sum()
    assert int(found["diamonds"]) == (result.isna() & drawn).sum()
    assert found["said"].startswith(f"Meets this: {int(result.fillna(False).sum())} of {len(rows)} ")
    assert found["inside"] == "true" and found["open"] == "1" and found["focus"] == "SUMMARY"
    assert 0 < float(found["zoomed"]) < 1 and found["reset"] == "true"
    assert found["wide"] == "false", "nothing reaches beyond the page"


@pytest.mark.browser
def test_in_a_browser_filters_are_joined_and_no_mark_hides_another(sample, colorado, tmp_path):
    listed = sample["ladders"]
    rows = entries.programs(listed, "CO")
    wants = entries.wants(listed)
    payer = next(one for one in wants["Payment"] if one.have == "medicaid")
    both = criteria.evaluate(f"({wants['Open'][0].have}) & medicaid", rows, listed.hours).result
    probe = JOINED.replace("OPEN", wants["Open"][0].key).replace("PAYER", payer.key)
    copy = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", colorado)
    page = tmp_path / "joined.html"
    page.write_text(copy.replace("</body>", probe + "</body>"), encoding="utf-8")
    text = html.unescape(re.search(r'<pre id="probe">(.*?)</pre>', opened(page), flags=re.S)[1])
    found = dict(line.split("=", 1) for line in text.splitlines())
    assert int(found["kept"]) == (both.isna() | both.fillna(False)).sum()
    assert found["said"].startswith(f"Meets this: {int(both.fillna(False).sum())} of {len(rows)} ")
    assert float(found["nearest"]) >= 5.5, "pixels between the middles of two marks"


@pytest.mark.browser
def test_in_a_browser_the_page_runs_under_its_own_policy_and_a_hostile_name_does_nothing(sample, tmp_path):
    listed = sample["ladders"]
    page = tmp_path / "hostile.html"
    page.write_bytes(facility_map(changed(listed, first_with_point(listed), name=HOSTILE, hours_text=HOSTILE), "CO"))
    shown = opened(page)
    assert re.search(r"<title>SYNTHETIC – Intensive", shown)
    assert re.search(r'<svg id="drawing"[^>]*--scale', shown), "the script ran"
    assert '<form class="who">' in shown, "the filter is offered where the script runs"


# The publishers' own files


@pytest.mark.real
@pytest.mark.slow
def test_real_maps_count_every_program_once_and_keep_withheld_places_off(real_data, tmp_path, monkeypatch):
    monkeypatch.setenv("IOP_DATA", str(tmp_path))
    shutil.copytree(real_data / "ladders", tmp_path / "raw" / "ladders")
    listed = listing.build(raw.find_release("ladders@2023-05-16"))
    rows = entries.programs(listed, "CO")
    page = facility_map(listed, "CO").decode()
    assert len(cards(page)) == len(rows)
    hidden = set(rows.index[rows["address_hidden"]])
    assert hidden and not {f"p{row}" for row in hidden} & set(marks(page))
    assert len(marks(page)) == rows["latitude"].notna().sum()
    assert "SYNTHETIC" not in page


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2022-06-30", "listed in June 2022; call first"),
        ("2026-06-30", "as of June 2026"),
        ("spring", "not dated; call first"),
    ],
)
def test_hours_older_than_twelve_months_are_only_what_was_listed(day, said):
    assert entries.dated(day, date(2026, 11, 27)) == said


def test_whom_a_program_serves_only_is_said_on_its_card(sample):
    listed = sample["ladders"]
    row = first_with_point(listed)
    card = cards(facility_map(changed(listed, row, serves_veterans_only="yes"), "CO").decode())[f"p{row}"]
    assert "veterans only" in card
