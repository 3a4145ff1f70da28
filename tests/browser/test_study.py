"""Every page of the study's own documents, as the demo build publishes them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import test_accessibility, test_reading
from tests.browser.reading import Scheme, pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def published(built: Path) -> Path:
    """Give the folder with the published documents."""
    return built / "dist"


# The other two views are read on the made-up report: each takes over a minute here.
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_axe_finds_nothing_and_leaves_nothing_open(
    browser: Browser, published: Path, width: int, scheme: Scheme
) -> None:
    assert {path.parent.name for path in pages(published)} == {"dist", "full-report"}
    test_accessibility.test_axe_finds_nothing_and_leaves_nothing_open(browser, published, width, scheme)


@pytest.mark.parametrize("width", [320, 768, 2560])
def test_no_page_scrolls_sideways(browser: Browser, published: Path, width: int) -> None:
    test_accessibility.test_no_page_scrolls_sideways(browser, published, width)


def test_no_page_asks_another_host_for_anything(browser: Browser, published: Path) -> None:
    test_reading.test_no_page_asks_another_host_for_anything(browser, published)


def test_the_validator_has_nothing_to_say(browser: Browser, published: Path) -> None:
    test_reading.test_the_validator_has_nothing_to_say(published)
