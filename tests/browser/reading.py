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


def pages(folder: Path) -> list[Path]:
    """List the pages in a folder and below it."""
    return sorted(folder.rglob("*.html"))


@contextmanager
def opened(
    browser: Browser, path: Path, width: int, scheme: Scheme = "light", query: str = ""
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
    """Give what axe-core finds, and what it cannot decide, one line each; nothing where all is well."""
    page.evaluate(axe)
    page.evaluate("options => axe.configure({checks: [{id: 'color-contrast', options}]})", _CONTRAST)
    # Folded words are read as well.
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    found = _run(page, _RULES)
    assert len(found["passes"]) > 15, "axe looked at the page"
    # The contrast of what lies outside its frame or under the band is undecided, so these are taken away.
    page.evaluate(
        "document.body.style.minWidth = '200rem';"
        "for (const each of document.querySelectorAll("
        "'.banner, .page, main, main > *, .scroll, .contents')) {"
        "  Object.assign(each.style, {overflow: 'visible', position: 'static'});"
        "  Object.assign(each.style, {maxHeight: 'none', maxWidth: 'none'}); }"
    )
    again = _run(page, ["color-contrast"])
    undecided = [each for each in found["incomplete"] if each["id"] != "color-contrast"]
    return [
        f"{Path(page.url).name} {each['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for each in (*found["violations"], *undecided, *again["violations"], *again["incomplete"])
        for node in each["nodes"]
    ]


def _run(page: Page, rules: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, {runOnly: rules})", rules)
    return found
