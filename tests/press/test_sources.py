from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from press.errors import WrongUseError
from press.sources import Source, load_sources, locate

COMMIT = "7fe35a54a3aa380ad6008d872ae465d092aa11b0"
ENTRY: dict[str, Any] = {
    "id": "beds",
    "title": "Beds by quarter",
    "publisher": "An office",
    "address": f"https://example.invalid/owner/data/{COMMIT}/a%20b.csv",
    "version": COMMIT,
    "sha256": "ab" * 32,
    "size": 10,
    "licence": "OGL v3.0",
    "layout": f"owner/data/{COMMIT}/a b.csv",
}


def load(tmp_path: Path, *entries: dict[str, Any]) -> list[Source]:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "sources.yaml").write_text(yaml.safe_dump(list(entries)), encoding="utf-8")
    return load_sources(tmp_path)


def test_the_sources_of_the_project_are_the_pinned_files(project: Path) -> None:
    sources = load_sources(project)
    assert len(sources) == 11
    for source in sources:
        assert len(source.version) == 40
        assert source.version in source.layout.split("/")
        assert source.address.startswith("https://")
        assert source.publisher
        assert source.licence


def test_the_sources_agree_with_the_manifest_of_the_mirror(project: Path, real_data: Path) -> None:
    with (real_data.parent / "mirror" / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        manifest = {row["id"]: row for row in csv.DictReader(stream)}
    sources = {source.id: source for source in load_sources(project)}
    assert sources.keys() == manifest.keys()
    for name, row in manifest.items():
        source = sources[name]
        assert source.sha256 == row["sha256"]
        assert source.size == int(row["bytes"])
        assert source.licence == row["licence"]
        assert source.layout == "/".join(row[part] for part in ("owner", "repository", "commit", "path"))
        # The mirror stands in for the host: what its address adds is the layout.
        host = source.address.split("/owner", 1)[0].split(row["owner"], 1)[0]
        assert locate(source, host) == source.address


def test_a_source_lies_under_its_layout_everywhere(tmp_path: Path) -> None:
    (source,) = load(tmp_path, ENTRY)
    assert source.file(Path("data/raw/public")) == Path(f"data/raw/public/owner/data/{COMMIT}/a b.csv")
    assert locate(source, None) == ENTRY["address"]
    assert locate(source, str(tmp_path)) == tmp_path / "owner" / "data" / COMMIT / "a b.csv"
    assert locate(source, "http://127.0.0.1:80/x/") == f"http://127.0.0.1:80/x/owner/data/{COMMIT}/a%20b.csv"
    assert locate(source, "https://a.invalid?key=1") == (
        f"https://a.invalid/owner/data/{COMMIT}/a%20b.csv?key=1"
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sha256": "ab" * 31}, "sources.yaml: 0.sha256: "),
        ({"sha256": "AB" * 32}, "sources.yaml: 0.sha256: "),
        ({"size": 0}, "sources.yaml: 0.size: "),
        ({"licence": " "}, "sources.yaml: 0.licence: "),
        ({"id": "Beds"}, "sources.yaml: 0.id: "),
        ({"adress": "x"}, "sources.yaml: 0.adress: Extra inputs are not permitted"),
        ({"address": "ftp://example.invalid/" + COMMIT}, "an address that begins with https://"),
        ({"address": f"https:///{COMMIT}/x"}, "an address that begins with https://"),
        ({"address": f"https://me:pw@example.invalid/{COMMIT}/x"}, "no user name or password"),
        ({"address": f"https://example.invalid/{COMMIT}/a b"}, "percent-encoded"),
        ({"address": "https://example.invalid/owner/data/main/x"}, "so it is not pinned"),
        ({"version": "main", "address": "https://example.invalid/main/x"}, "'main' moves; name a commit"),
        ({"layout": "../x"}, "without '..'"),
        ({"layout": "a/../../x"}, "without '..'"),
        ({"layout": "/etc/passwd"}, "0.layout: "),
        ({"layout": "a//b"}, "0.layout: "),
        ({"layout": "a\\..\\b"}, "0.layout: "),
        ({"layout": "C:/x"}, "0.layout: "),
        ({"layout": ".fetch.lock"}, "names that begin with '.'"),
        ({"layout": "a\nb"}, "0.layout: "),
        ({"layout": ""}, "0.layout: "),
    ],
)
def test_a_wrong_entry_is_named_with_its_field(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    with pytest.raises(WrongUseError) as caught:
        load(tmp_path, ENTRY | change)
    assert str(caught.value).startswith("config/sources.yaml: 0")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"layout": "other.csv"}, "'beds' stands there twice"),
        ({"id": "other"}, "'beds' and 'other' would overwrite each other"),
        ({"id": "other", "layout": f"Owner/data/{COMMIT}/A b.csv"}, "'beds' and 'other' would overwrite"),
        ({"id": "other", "layout": "owner/data"}, "'beds' and 'other' would overwrite"),
        ({"id": "other", "layout": f"owner/data/{COMMIT}/a b.csv/c"}, "'beds' and 'other' would overwrite"),
    ],
)
def test_sources_do_not_get_into_each_others_way(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    with pytest.raises(WrongUseError, match=r"^config/sources\.yaml: ") as caught:
        load(tmp_path, ENTRY, ENTRY | change)
    assert said in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match=r"config/sources\.yaml is missing"):
        load_sources(tmp_path)
