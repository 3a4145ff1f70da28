"""Each picture gets its address, and each figure of a result the links to its numbers and its PNG."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from press.publish import figures
from press.publish.errors import PublishError
from tests.press.publish.library import PICTURE, Study

if TYPE_CHECKING:
    from press.publish.sources import Document

FIGURE = """<figure>
<div class="picture"><img src="press-image:staged/visits.trend.svg" alt="Up."></div>
<figcaption><strong>Figure 1.</strong> Visits</figcaption>
</figure>
<!--press-files-->
"""
OWN = '<figure><img src="press-image:a map.svg" alt="Map."></figure><!--press-files-->'
PNG = b"\x89PNG" + b"0" * 1496


@pytest.fixture
def staged(study: Study) -> tuple[Document, Path]:
    study.write("# A\n\n![Map](map.svg)\n")
    for name in ("map.svg", "a map.svg"):
        (study.report / name).write_text(PICTURE, encoding="utf-8")
    document = study.read()
    folder = study.report / "_results" / "demo" / "paper"
    folder.mkdir(parents=True)
    (folder / "visits.trend.svg").write_text(PICTURE, encoding="utf-8")
    (folder / "visits.trend.csv").write_text("year,visits\n2010,1\n", encoding="utf-8")
    (folder / "visits.trend.png").write_bytes(PNG)
    return document, folder


def test_files_of_a_site_lie_beside_its_pages(staged: tuple[Document, Path]) -> None:
    files: dict[str, bytes] = {}
    html = figures.place(FIGURE + OWN, *staged, figures.beside_the_page(files))
    assert re.findall(r'(?:src|href)="([^"]*)"', html) == [
        "figures/visits.trend.svg",
        "figures/visits.trend.csv",
        "figures/visits.trend.png",
        "pictures/a%20map.svg",
    ]
    assert sorted(files) == [
        "figures/visits.trend.csv",
        "figures/visits.trend.png",
        "figures/visits.trend.svg",
        "pictures/a map.svg",
    ]
    assert files["figures/visits.trend.png"] == PNG
    assert 'download="visits.trend.csv">The numbers of Figure 1 (CSV, 19 bytes)</a>' in html
    assert 'download="visits.trend.png">Figure 1 for slides (PNG, 2 kB)</a>' in html
    assert "press-" not in html


def test_a_single_page_holds_its_files(staged: tuple[Document, Path]) -> None:
    html = figures.place(FIGURE + OWN, *staged, figures.inside_the_page)
    addresses = re.findall(r'(?:src|href)="data:([^;]*);base64,([^"]*)"', html)
    assert [kind for kind, _ in addresses] == ["image/svg+xml", "text/csv", "image/png", "image/svg+xml"]
    assert base64.b64decode(addresses[1][1]) == b"year,visits\n2010,1\n"
    assert html.count("press-") == 0


def test_a_figure_without_a_png_offers_its_numbers_alone(staged: tuple[Document, Path]) -> None:
    (staged[1] / "visits.trend.png").unlink()
    html = figures.place(FIGURE, *staged, figures.inside_the_page)
    assert html.count("<li>") == 1


def test_a_picture_of_another_kind_is_refused(staged: tuple[Document, Path]) -> None:
    with pytest.raises(PublishError, match=r"pages\.pdf: a page shows SVG, PNG and JPEG pictures only\."):
        figures.place('<img src="press-image:pages.pdf">', *staged, figures.inside_the_page)
