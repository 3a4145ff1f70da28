"""Where everything of a world lies. Two worlds never share a path.

All paths are relative to the project folder, which is where every command works.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from press.errors import WrongUseError

if TYPE_CHECKING:
    from collections.abc import Iterable

DEFAULT_WORLD = "demo"
PUBLIC_WORLD = "public"
FETCHED = Path("data/raw") / PUBLIC_WORLD
"""Folder that `press fetch` fills, and that the world `public` is built from."""

QUARTO = "quarto"
"""The second engine, and the folder of what it makes: never over what the built-in engine makes."""

SITE = "site"
"""The form that is a folder, with a page for each chapter."""

_RESERVED = {DEFAULT_WORLD, PUBLIC_WORLD, "failed", QUARTO}


@dataclass(frozen=True)
class World:
    """What is built from: `data` is `demo`, `public` or a folder, `id` is its name in every path."""

    id: str
    data: str


@dataclass(frozen=True)
class Layout:
    """The paths of one world, and of the engine that renders its documents."""

    world: World
    engine: str = "builtin"

    @property
    def tidy(self) -> Path:
        """Folder of the tidy data."""
        return Path("data/tidy") / self.world.id

    @property
    def results(self) -> Path:
        """Folder of the records and executed notebooks of all runs."""
        return Path("results") / self.world.id

    def run(self, slug: str) -> Path:
        """Folder with the record and the executed notebook of a run."""
        return self.results / slug

    def record(self, slug: str) -> Path:
        """The record of a run."""
        return self.run(slug) / "record.json"

    def run_note(self, slug: str) -> Path:
        """The note beside a run: what it depended on, and the checksums of its outputs."""
        return self.run(slug) / "run.json"

    def figures(self, slug: str) -> Path:
        """Folder with the figures of a run and the numbers behind them."""
        return Path("figures") / self.world.id / slug

    def failed(self, slug: str) -> Path:
        """Folder in which a failed run leaves its half-executed notebook."""
        return Path("results/failed") / self.world.id / slug

    def staged(self, document: str) -> Path:
        """Folder with what a document quotes. Inside `report/`, as Quarto and Typst demand."""
        return Path("report/_results") / self.world.id / document

    def rendered(self, document: str, form: str) -> Path:
        """A rendered document before it is published."""
        return self._rendered / _name(document, form)

    def published(self, document: str, form: str) -> Path:
        """A published document: a file, or for a site its folder."""
        return self.dist / _name(document, form)

    def rendered_note(self, document: str, form: str) -> Path:
        """The note beside a rendered document."""
        return self._rendered / f"{document}.{form}.json"

    def staged_note(self, document: str) -> Path:
        """The note beside what was staged for a document."""
        return self.results / "_documents" / f"{document}.staged.json"

    @property
    def tidy_note(self) -> Path:
        """The note beside the tidy data."""
        return self.tidy / "checksums.json"

    @property
    def published_note(self) -> Path:
        """The note about what was last published."""
        return self._rendered / "published.json"

    @property
    def dist(self) -> Path:
        """Folder of the published documents: `dist/` for the default world; `quarto/` in it for Quarto's."""
        folder = Path("dist") if self.world.id == DEFAULT_WORLD else Path("dist") / self.world.id
        return folder / QUARTO if self.engine == QUARTO else folder

    @property
    def _rendered(self) -> Path:
        folder = self.results / "_documents"
        return folder / QUARTO if self.engine == QUARTO else folder


def _name(document: str, form: str) -> str:
    return document if form == SITE else f"{document}.{form}"


def find_project(start: Path) -> Path:
    """Give the project folder at or above `start`: the one that holds `config/runs.yaml`."""
    for folder in (start, *start.parents):
        if (folder / "config" / "runs.yaml").is_file():
            return folder
    raise WrongUseError(f"No project here: neither {start} nor a folder above it holds config/runs.yaml.")


def resolve_world(data: str, documents: Iterable[str] = ()) -> World:
    """Turn the value of `DATA` into a world. Raises `WrongUseError` where no such folder exists.

    A folder's world bears the folder's name, so that its paths can be read: `results/real/…`. `documents` are
    the names of documents, whose folders stand beside those of worlds.
    """
    if data in (DEFAULT_WORLD, PUBLIC_WORLD):
        return World(data, data)
    folder = Path(data)
    if not folder.is_dir():
        kind = "is a file, not a folder" if folder.exists() else "does not exist"
        raise WrongUseError(
            f"DATA={data}: that folder {kind}. Give 'demo', 'public' or the path of a folder with data "
            "files, absolute or relative to the project folder."
        )
    name = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "data"
    return World(f"{name}-data" if name in {*_RESERVED, *documents} else name, data)


def claim_world(layout: Layout) -> None:
    """Note which folder a world is built from, and refuse a second folder of the same name.

    Raises `WrongUseError` where `results/<world>` was built from another folder.
    """
    if layout.world.id in (DEFAULT_WORLD, PUBLIC_WORLD):
        return
    note = layout.results / "_data_folder.txt"
    folder = str(Path(layout.world.data).resolve())
    claimed = note.read_text(encoding="utf-8").strip() if note.exists() else ""
    if claimed == folder:
        return
    if claimed and Path(claimed).is_dir():
        raise WrongUseError(
            f"DATA={layout.world.data}: {layout.results} was built from {claimed}, and both folders are "
            f"named '{Path(folder).name}'. Rename one of them, or delete {layout.results}."
        )
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(folder + "\n", encoding="utf-8")
