"""A headless Chromium without a network, for tests that open what was written as a reader does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@contextmanager
def opened(page: Path, viewport: dict[str, int] = DESKTOP) -> Iterator[Any]:
    """The page of a file, opened offline; every request that it makes beside its own is an error of the test."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("headless Chromium is not installed")
    from playwright.sync_api import sync_playwright

    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_context(offline=True, viewport=viewport).new_page()
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("pageerror", lambda error: asked.append(f"error: {error}"))
        tab.goto(page.as_uri())
        yield tab
        browser.close()
    assert asked == [page.as_uri()], "the page asks for nothing but itself, and no script stumbles"
