"""The pages look as they did when somebody looked at them: pictures within a tolerance.

After a change of the looks: look at the new pages, then accept them with
`PRESS_ACCEPT=1 python -m pytest -n0 tests/press/publish/test_pdf_pages.py`, and look at the pictures again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from press.record import Column, Result
from tests.press.publish.library import table
from tests.press.publish.test_pdf import FRONT
from tests.press.publish.test_pdf_tags import ALL

if TYPE_CHECKING:
    from tests.press.publish.library import Study

ACCEPTED = Path(__file__).parents[2] / "pictures" / "pdf"
DOTS_PER_INCH = 40
# Renderers smooth letters differently: squares of 8 dots are compared, by their mean lightness (0 to 255).
SQUARE, TOLERANCE = 8, 14.0

WIDE = tuple(tuple(f"{row * column * 12345:,}" for column in range(1, 23)) for row in range(1, 6))


def wide_table() -> Result:
    """Give a table that no upright page has room for."""
    columns = tuple(Column(f"c{number}", f"Reading {number}", "right") for number in range(1, 23))
    return Result(
        name="years", kind="table", origin="public record", caption="Readings", columns=columns, rows=WIDE
    )


def pictures(pdf: Path, folder: Path) -> list[np.ndarray]:
    program = shutil.which("pdftoppm")
    if program is None:
        pytest.skip("needs pdftoppm (Debian: poppler-utils)")
    folder.mkdir()
    subprocess.run(
        [program, "-r", str(DOTS_PER_INCH), "-gray", "-png", str(pdf), str(folder / "page")],
        check=True,
        capture_output=True,
    )
    return [np.asarray(Image.open(path).convert("L")) for path in sorted(folder.glob("page*.png"))]


def squares(picture: np.ndarray) -> np.ndarray:
    height, width = (size // SQUARE * SQUARE for size in picture.shape)
    parts = picture[:height, :width].reshape(height // SQUARE, SQUARE, width // SQUARE, SQUARE)
    means: np.ndarray = parts.mean(axis=(1, 3))
    return means


def compare(name: str, pages: list[np.ndarray]) -> None:
    if os.environ.get("PRESS_ACCEPT"):
        ACCEPTED.mkdir(parents=True, exist_ok=True)
        for path in ACCEPTED.glob(f"{name}-*.png"):
            path.unlink()
        for number, page in enumerate(pages, start=1):
            Image.fromarray(page).quantize(16).save(ACCEPTED / f"{name}-{number}.png", optimize=True)
    accepted = [
        np.asarray(Image.open(path).convert("L"))
        for path in sorted(ACCEPTED.glob(f"{name}-*.png"), key=lambda path: int(path.stem.rpartition("-")[2]))
    ]
    assert [page.shape for page in pages] == [page.shape for page in accepted]
    for number, (page, wanted) in enumerate(zip(pages, accepted, strict=True), start=1):
        worst = float(np.abs(squares(page) - squares(wanted)).max())
        assert worst <= TOLERANCE, f"page {number} of {name} looks different (by {worst:.0f} of 255)"


@pytest.mark.parametrize("template", ["report", "summary"])
def test_the_pages_look_as_accepted(study: Study, tmp_path: Path, template: str) -> None:
    compare(template, pictures(study.pdf(ALL, template=template, front=FRONT), tmp_path / "pages"))


def test_wide_and_long_tables_look_as_accepted(study: Study, tmp_path: Path) -> None:
    text = "# A\n\nWords.\n\n::: {#tbl-t result=visits.years}\n:::\n\n" + "Words go on.\n\n" * 4
    long = table(tuple((f"Branch {row}", f"{row * 17}", "open all day") for row in range(60)))
    compare("long-table", pictures(study.pdf(text, years=long), tmp_path / "long"))
    compare("wide-table", pictures(study.pdf(text, years=wide_table()), tmp_path / "wide"))


def test_a_page_that_looks_different_is_noticed(study: Study, tmp_path: Path) -> None:
    if os.environ.get("PRESS_ACCEPT"):
        pytest.skip("pictures are being accepted")
    pages = pictures(
        study.pdf(ALL.replace("Visits []", "Every word here is new. Visits []"), front=FRONT), tmp_path / "p"
    )
    with pytest.raises(AssertionError):
        compare("report", pages)
