"""Reads every page of a folder as a reader's browser shows it."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

Scheme = Literal["light", "dark"]
# axe's own settings, but for two: it shall measure single letters and arrows too.
_CONTRAST = {
    "ignoreLength": True, "ignoreUnicode": False, "ignorePseudo": False, "boldValue": 700, "boldTextPt": 14,
    "largeTextPt": 18, "contrastRatio": {"normal": {"expected": 4.5}, "large": {"expected": 3}},
    "pseudoSizeThreshold": 0.25, "shadowOutlineEmMax": 0.2, "textStrokeEmMin": 0.03,
}  # fmt: skip
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_OF_COLOUR = ["color-contrast", "link-in-text-block"]
_NOT_OF_COLOUR = "{'color-contrast': {enabled: false}, 'link-in-text-block': {enabled: false}}"
WIDTHS = (320, 1280)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
# Rows of a table are made by one loop, alike but for their words: all of them would take axe a minute a page.
_PREPARED = """
for (const each of document.querySelectorAll('details')) { each.open = true; }
for (const each of document.querySelectorAll('tbody tr:nth-child(n+12):not(:last-child)')) { each.remove(); }
"""
# The contrast of what lies outside its frame or under the band is undecided, so these are taken away.
_SPREAD = """
document.body.style.minWidth = '200rem';
for (const each of document.querySelectorAll('.banner, .page, main, main > *, .scroll, .contents')) {
  Object.assign(each.style, {overflow: 'visible', position: 'static', maxHeight: 'none', maxWidth: 'none'});
}
"""


def pages(folder: Path) -> list[Path]:
    """List the pages in a folder and below it."""
    return sorted(folder.rglob("*.html"))


@contextmanager
def opened(
    browser: Browser, path: Path, width: int = 1280, scheme: Scheme = "light", query: str = ""
) -> Iterator[Page]:
    """Open a page from its folder, as a reader does who has no server."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    try:
        page = context.new_page()
        page.goto(path.resolve().as_uri() + query)
        yield page
    finally:
        context.close()


def findings(page: Page, axe: str) -> list[str]:
    """Give what axe-core finds, and what it cannot decide, one line each; nothing where all is well.

    At both widths, and what is about colours in light and dark; one page is loaded once for all that. Folded
    words are read as well.
    """
    page.evaluate(axe)
    page.evaluate("options => axe.configure({checks: [{id: 'color-contrast', options}]})", _CONTRAST)
    page.evaluate(_PREPARED)
    found: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        result = _run(page, f"{{runOnly: {_RULES}, rules: {_NOT_OF_COLOUR}}}")
        assert result["passed"] > 12, "axe looked at the page"
        found += _lines(page, f"{width} px", result)
    page.evaluate(_SPREAD)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            result = _run(page, f"{{runOnly: {_OF_COLOUR}}}")
            assert result["passed"], "axe looked at the colours"
            found += _lines(page, f"{width} px, {scheme}", result)
    return found


def _run(page: Page, options: str) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(
        f"""async () => {{
            const found = await axe.run(document, {options});
            return {{passed: found.passes.length, open: [...found.violations, ...found.incomplete]}};
        }}"""
    )
    return found


def _lines(page: Page, view: str, found: dict[str, Any]) -> list[str]:
    return [
        f"{Path(page.url).name}, {view}: {each['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for each in found["open"]
        for node in each["nodes"]
    ]


def sideways(page: Page, widths: tuple[int, ...] = (320, 768, 2560)) -> list[str]:
    """Give the widths at which a page scrolls sideways."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{Path(page.url).name} at {width} px")
    return found
