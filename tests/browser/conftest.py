"""A browser for all tests, and a made-up report that has everything the writing subset has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from press.publish import html, site
from tests.browser import tools
from tests.press.publish.library import DATE, make_study
from tests.workflow.conftest import built as built
from tests.workflow.conftest import fresh as fresh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

FRONT = """title: Visits to libraries
subtitle: What the counts of two towns say
author:
  - name: A. Lane
    affiliation: Town library
keywords: [libraries]
abstract: Visits rose by a quarter.
"""
TEXT = """# Background {#sec-background}

Others found the same.[@lane2020] Their reasons[^why] are in @sec-loans, and @eq-share is the share.

[^why]: Chiefly *the opening hours*.

$$
\\hat{p} = \\frac{v}{n}
$$ {#eq-share alt="p hat equals v over n"}

Visit
:   One person who comes in once

> It was quieter than before.

# Visits {#sec-visits}

There were []{n=visits.total} visits (95% interval []{n=visits.share part=interval}).[^two]
See @fig-trend, @tbl-years and @box-rules.

[^two]: In two towns.

::: {.figures-strip}
- **[]{n=visits.total}** visits in all
:::

::: {.key-messages title="Key messages"}
- More people came.
:::

::: {#fig-trend result=visits.trend}
:::

::: {#tbl-years result=visits.years}
:::

| Branch | Visits |
|--------|-------:|
| North  |     12 |

: Visits by branch {#tbl-branch}

::: {#box-rules .box title="How visits were counted"}
A visit is one person who comes in once.
:::

::: {.callout-warning title="Two counts"}
The branches count in two ways.
:::

## The northern branch {#sec-north}

1. First, the [records](https://example.org/records).
2. Then the survey, in the Café Größe: see @sec-visits and @tbl-years.

# Loans {#sec-loans}

There were []{n=loans.town.total} loans, as @fig-loans shows.

::: {#fig-loans result=loans.town.trend}
:::

# References {.unnumbered}

::: {#refs}
:::

# All branches {#sec-branches .appendix}

@tbl-branch has one of them.
"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = tools.browser_program()
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as api:
        opened = api.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the made-up report as a site (`report/`), and as one page in the summary's look."""
    study = make_study(tmp_path_factory.mktemp("study"))
    study.write(TEXT, front=FRONT)
    document = study.read()
    staged = study.stage(document)
    folder = study.folder / "dist"
    site.render(document, staged, folder / "report", report_date=DATE, template="report")
    for template in ("summary", "report"):
        html.render(document, staged, folder / f"{template}.html", report_date=DATE, template=template)
    return folder
