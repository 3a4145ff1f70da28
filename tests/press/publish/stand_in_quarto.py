"""A stand-in for Quarto: records how it was called and what it found, and behaves as its settings say.

Made executable by `install`. What it says where it fails is worded as Quarto 1.9 words it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RECORD, SETTINGS = "record.json", "settings.json"


@dataclass(frozen=True)
class StandIn:
    """An installed stand-in: the program, and the record of its last rendering."""

    program: Path

    @property
    def record(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.program.parent / RECORD).read_text(encoding="utf-8"))
        return content

    @property
    def was_asked_to_render(self) -> bool:
        return (self.program.parent / RECORD).exists()

    @property
    def metadata(self) -> dict[str, str]:
        argv = self.record["argv"]
        pairs = [argv[at + 1].partition(":") for at, word in enumerate(argv) if word == "--metadata"]
        return {name: value for name, _, value in pairs}

    def behave(self, **settings: Any) -> None:
        """Set what it does otherwise.

        `version`; `says` on its error stream ({folder} is where it works); `fails`, `hangs`; `writes`, the
        names of its outputs; `keeps`, a place for a copy of the folder it works in.
        """
        (self.program.parent / SETTINGS).write_text(json.dumps(settings), encoding="utf-8")


def install(folder: Path) -> StandIn:
    """Put the program `quarto` into a folder; its settings lie beside it, as no variable reaches it."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "quarto"
    program.write_text(
        f"#!/bin/sh\nexec '{sys.executable}' '{Path(__file__).resolve()}' '{folder}' \"$@\"\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    return StandIn(program)


def main(home: Path, argv: list[str]) -> int:
    path = home / SETTINGS
    settings = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if argv == ["--version"]:
        print(settings.get("version", "1.9.38"))
        return 0
    here = Path.cwd()
    processes = [os.getpid()]
    if settings.get("hangs"):
        processes.append(subprocess.Popen(["sleep", "300"]).pid)  # as Quarto starts pandoc and Typst
    if settings.get("keeps"):
        shutil.copytree(here, settings["keeps"])
    record: dict[str, Any] = {
        "argv": argv,
        "cwd": str(here),
        "environment": dict(os.environ),
        "files": {
            file.relative_to(here).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in sorted(here.rglob("*"))
            if file.is_file()
        },
        "input": sys.stdin.read(),
        "processes": processes,
    }
    (home / RECORD).write_text(json.dumps(record), encoding="utf-8")
    if settings.get("hangs"):
        time.sleep(300)
    sys.stderr.write(settings.get("says", "").replace("{folder}", str(here)))
    if settings.get("fails"):
        return 1
    form = {"html": "html", "typst": "pdf"}[argv[argv.index("--to") + 1]]
    output = here / argv[argv.index("--output-dir") + 1]
    for name in settings.get("writes", [f"{rendered(here, argv)}.{form}"]):
        file = output / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{form} by the stand-in\n", encoding="utf-8")
    return 0


def rendered(here: Path, argv: list[str]) -> str:
    """Give the stem of the one source that the profile lists."""
    import yaml

    profile = argv[argv.index("--profile") + 1]
    project = yaml.safe_load((here / f"_quarto-{profile}.yml").read_text(encoding="utf-8"))["project"]
    (source,) = project["render"]
    return Path(source).stem


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
