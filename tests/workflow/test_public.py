"""The public world from nothing: fetched from a static server, built into documents, nothing simulated."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from press.record import read_record
from tests.workflow.study import FORMS, build, pages, take_over
from tests.workflow.tiny import said


def test_fetch_then_build(fresh: Path, project: Path, static_mirror: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(fresh, tmp_path / "a clone with spaces"))
    take_over(project, folder, "public")
    refused = build(folder, "--data", "public")
    assert refused.returncode == 1
    assert refused.stderr.endswith("loans_2018, loans_2019.\nRun: press fetch\n")

    fetch = [sys.executable, "-m", "press", "fetch", "--mirror", static_mirror]
    environment = {**os.environ, "NO_PROXY": "127.0.0.1"}
    for word in ("fetched", "present"):
        done = subprocess.run(
            fetch, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=True
        )
        lines = done.stdout.splitlines()
        assert [line.split()[0] for line in lines[:-1]] == [word] * 11
        assert lines[-1] == "data/raw/public/ is complete. Build from it: make report DATA=public"

    done = build(folder, "--data", "public")
    assert said(done, "published") == FORMS
    assert sorted(path.name for path in (folder / "dist/public").iterdir()) == FORMS
    for name in ("summary", "full-report"):
        staged = folder / f"report/_results/public/{name}/values.json"
        assert json.loads(staged.read_text(encoding="utf-8"))["simulated"] is False
    for html in pages(folder / "dist/public").values():
        assert "Demonstration with simulated data" not in html
        assert "Fictional" not in html
    record = read_record(folder / "results/public/describe_indicator/ae_4h/record.json")
    assert record["spells_used"].value == 26
    assert record["change"].origin == "official statistics"
    effects = read_record(folder / "results/public/compare_effects/record.json")
    assert (effects["effects_total"].value, effects["effects_shown"].value) == (11, 5)
    assert "delayed transfers of care" in str(effects["lacking_list"].value)

    assert build(folder, "--data", "public").stdout == "dist/public/ is up to date.\n"
    # A file that was changed since is not built from.
    pinned = next((folder / "data/raw/public").rglob("NHSbeds.npy"))
    pinned.write_bytes(pinned.read_bytes() + b" ")
    changed = build(folder, "--data", "public")
    assert changed.returncode == 1
    assert "not the files that config/sources.yaml pins: beds.\nRun: press fetch" in changed.stderr
    assert sorted(path.name for path in (folder / "dist/public").iterdir()) == FORMS
