"""What reads the pages: a browser, axe-core, a validator of HTML. A machine without one skips and says so."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

NODE_MODULES = Path(__file__).parents[2] / ".tools" / "browser" / "node_modules"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_ADVICE = "Install it: envs/browser.sh"


def browser_program() -> str:
    """Give the path of an installed Chromium or Chrome."""
    named = os.environ.get("PRESS_BROWSER")
    found = named or next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if not found:
        pytest.skip(f"needs Chromium, which is not here. {_ADVICE}")
    return found


def axe_core() -> str:
    """Give the text of axe-core's script."""
    path = NODE_MODULES / "axe-core" / "axe.min.js"
    if not path.is_file():
        pytest.skip(f"needs axe-core, which is not here. {_ADVICE}")
    return path.read_text(encoding="utf-8")


def validator() -> list[str]:
    """Give the command of the Nu HTML checker, which takes files."""
    java, jar = shutil.which("java"), NODE_MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not java or not jar.is_file():
        pytest.skip(f"needs Java and the Nu HTML checker, which are not here. {_ADVICE}")
    return [java, "-jar", str(jar)]
