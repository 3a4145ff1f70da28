"""What the jobs of a build say reaches the reader, each problem once."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from press import build

if TYPE_CHECKING:
    import pytest

PROBLEM = "report/note.qmd, line 9: '@fig-x' points to nothing."
SAID = f"""
import sys
for line in ("Config file config.yaml", {PROBLEM!r}, "Traceback", {PROBLEM!r}, "Traceback"):
    print(line, file=sys.stderr)
sys.exit(1)
"""


def test_a_problem_that_each_form_of_a_document_has_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert build._run([sys.executable, "-c", SAID]) == (1, True)
    # Other lines may repeat themselves: two jobs can fail in the same way.
    assert capsys.readouterr().err.splitlines() == [PROBLEM, "Traceback", "Traceback"]
