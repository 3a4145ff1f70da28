"""`config/sources.yaml`: the public files that are fetched, each pinned by version, size and SHA-256.

A source lies under its `layout` everywhere: in a mirror, and in the folder that it is fetched into.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import Field, StringConstraints, TypeAdapter, field_validator, model_validator

from press.config import Name, StrictModel, read_yaml
from press.errors import WrongUseError

FILE = "sources.yaml"
_MOVING = {"main", "master", "head", "latest", "trunk", "dev", "develop", "current"}

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Source(StrictModel):
    """One entry of `config/sources.yaml`."""

    id: Name = Field(description="Name of the source in messages, tables and readers.")
    title: Text = Field(description="What it holds.")
    publisher: Text = Field(description="Who made the figures, and who put them where they are.")
    address: Text = Field(description="Where it is fetched from: http or https, percent-encoded.")
    version: Text = Field(description="Commit or version that the address is pinned to; a part of its path.")
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] = Field(
        description="SHA-256 of the content, 64 hexadecimal digits."
    )
    size: int = Field(gt=0, description="Size in bytes.")
    licence: Text = Field(description="Licence of the figures and of the repository.")
    layout: str = Field(description="Path below a mirror and below the folder that it is fetched into.")

    @field_validator("address")
    @classmethod
    def _is_web_address(cls, address: str) -> str:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("an address that begins with https://")
        if parts.username or parts.password:
            raise ValueError("no user name or password may stand in an address")
        if quote(address, safe="%/:?#[]@!$&'()*+,;=~") != address:
            raise ValueError("an address that is percent-encoded (a space is %20)")
        return address

    @field_validator("version")
    @classmethod
    def _stands_still(cls, version: str) -> str:
        if version.casefold() in _MOVING:
            raise ValueError(f"'{version}' moves; name a commit or a released version")
        return version

    @field_validator("layout")
    @classmethod
    def _stays_inside(cls, layout: str) -> str:
        # Names that begin with a dot are those of unfinished files, and '..' is one of them.
        if (
            not layout.isprintable()
            or any(mark in layout for mark in '\\:*?"<>|')
            or any(not name or name.startswith(".") for name in layout.split("/"))
        ):
            raise ValueError(
                "a path with forward slashes, without '..' and without names that begin with '.'"
            )
        return layout

    @model_validator(mode="after")
    def _pinned(self) -> Source:
        if quote(self.version) not in urlsplit(self.address).path.split("/"):
            raise ValueError(f"the address does not hold the version '{self.version}', so it is not pinned")
        return self

    def file(self, target: Path) -> Path:
        """Give the path of the file in the folder that it is fetched into."""
        return target / self.layout


def load_sources(project: Path) -> list[Source]:
    """Read and check `config/sources.yaml`. Raises `WrongUseError` that names the entry and the field."""
    sources: list[Source] = read_yaml(project / "config" / FILE, TypeAdapter(list[Source]))
    first: dict[str, str] = {}
    for source in sources:
        if source.id in first.values():
            raise WrongUseError(
                f"config/{FILE}: '{source.id}' stands there twice. Give each source its own id."
            )
        # Compared without case, as some file systems do.
        layout = source.layout.casefold()
        for other, owner in first.items():
            if f"{layout}/".startswith(f"{other}/") or f"{other}/".startswith(f"{layout}/"):
                raise WrongUseError(
                    f"config/{FILE}: '{owner}' and '{source.id}' would overwrite each other. "
                    f"Correct one `layout:` of the two."
                )
        first[layout] = source.id
    return sources


def locate(source: Source, mirror: str | None) -> str | Path:
    """Say where a source is taken from: its address, the same below a mirror's address, or a mirror's file.

    Raises `WrongUseError` where the mirror is neither an address nor a folder.
    """
    if mirror is None:
        return source.address
    if "://" in mirror:
        return _below(mirror, source.layout)
    folder = Path(mirror)
    if not folder.is_dir():
        kind = "is a file, not a folder" if folder.exists() else "does not exist"
        raise WrongUseError(
            f"--mirror {mirror}: that folder {kind}. "
            "Give a folder or an address (http:// or https://) laid out as config/sources.yaml says."
        )
    return folder / source.layout


def _below(mirror: str, layout: str) -> str:
    try:
        parts = urlsplit(mirror)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise WrongUseError(f"--mirror {mirror}: write it as http://HOST/FOLDER or https://HOST/FOLDER.")
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{quote(layout)}"))
