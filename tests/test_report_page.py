"""A report is opened offline as its readers do: by keyboard, on a phone, with a screen reader's rules, on paper."""

from pathlib import Path

import pytest
from browsing import DESKTOP, PHONE, opened

from iop_analysis.report import html

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pages(tmp_path_factory, carried_report) -> dict[str, Path]:
    """Reports of a state whose hours are known and of one whose hours nobody lists, from carried tables."""
    folder = tmp_path_factory.mktemp("pages")
    found = {code: folder / f"{code}.html" for code in ("CO", "NJ")}
    for code, path in found.items():
        path.write_bytes(html.render(carried_report(code)))
    return found


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("code", ["CO", "NJ"])
def test_the_page_breaks_no_rule_of_wcag_2_2_aa(pages, code, viewport):
    from axe_playwright_python.sync_playwright import Axe

    with opened(pages[code], viewport) as tab:
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = Axe().run(tab, options={"runOnly": WCAG}).response
    said = [f"{rule['id']}: {node['html'][:120]}" for rule in found["violations"] for node in rule["nodes"]]
    assert not said
    assert len(found["passes"]) > 20, "the rules were really tried"


@pytest.mark.parametrize("code", ["CO", "NJ"])
def test_on_a_phone_nothing_is_wider_than_the_screen_but_tables_that_say_so(pages, code):
    with opened(pages[code], PHONE) as tab:
        assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        tab.wait_for_timeout(100)
        wide = "all => all.filter(one => one.scrollWidth > one.clientWidth)"
        assert not tab.locator("p, h1, h2, li").evaluate_all(f"all => ({wide})(all).length")
        silent = "one.scrollWidth > one.clientWidth && !one.classList.contains('overflowing')"
        said = tab.locator(".scroll").evaluate_all(f"all => all.filter(one => {silent}).length")
        drawings = tab.locator(".drawing:visible").evaluate_all("all => all.map(one => one.clientWidth)")
    assert said == 0
    assert drawings and max(drawings) <= PHONE["width"]


def test_a_phone_gets_the_drawing_of_a_wide_map_that_is_made_for_it(pages):
    with opened(pages["CO"], PHONE) as tab:
        assert tab.locator("#where .drawing.narrow").first.is_visible()
        assert not tab.locator("#where .drawing.wide").first.is_visible()


def test_the_county_table_is_sorted_by_keyboard(pages):
    with opened(pages["CO"]) as tab:
        heading = tab.locator("#where_tables th button", has_text="IOPs").first
        heading.focus()
        for _ in range(2):
            tab.keyboard.press("Enter")
        assert heading.locator("xpath=..").get_attribute("aria-sort") == "descending"
        rows = tab.locator("#where_tables table").first.locator("tbody tr")
        counts = [int(text.replace(",", "")) for text in rows.locator("td:nth-child(2)").all_inner_texts()]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_the_first_stop_of_the_keyboard_leads_to_page_one(pages):
    with opened(pages["NJ"]) as tab:
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.getAttribute('href')") == "#front"


def test_a_screen_reader_hears_each_figure_in_words(pages):
    with opened(pages["CO"]) as tab:
        heard = tab.locator("figure svg").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert heard and all(text and len(text) > 40 for text in heard)
