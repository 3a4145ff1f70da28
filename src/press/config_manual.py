"""Writes docs/configuration.md from the configuration models: `python -m press.config_manual`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from press.config import BuildConfig, DocumentConfig, Run
from press.sources import Source

if TYPE_CHECKING:
    from pydantic import BaseModel

MANUAL = Path("docs/configuration.md")
_SECTIONS: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("config/config.yaml", "What a build is made with.", BuildConfig),
    ("config/runs.yaml", "A list; each entry is one run of a notebook.", Run),
    ("config/documents.yaml", "A list; each entry is one document.", DocumentConfig),
    ("config/sources.yaml", "A list; each entry is a public file that `press fetch` brings.", Source),
)


def manual() -> str:
    """Give the manual page as markdown: a table of fields for each file."""
    lines = [
        "# Configuration",
        "",
        "Generated from `src/press/config.py` by `python -m press.config_manual`; a test keeps both in step.",
        "An unknown field or a wrong type is an error that names the file and the field.",
    ]
    for name, purpose, model in _SECTIONS:
        lines += [
            "",
            f"## `{name}`",
            "",
            purpose,
            "",
            "| field | type | default | meaning |",
            "| --- | --- | --- | --- |",
        ]
        properties: dict[str, Any] = model.model_json_schema()["properties"]
        for field, info in model.model_fields.items():
            default = "required" if info.is_required() else f"`{info.get_default(call_default_factory=True)}`"
            lines.append(f"| `{field}` | {_type(properties[field])} | {default} | {info.description} |")
    return "\n".join(lines) + "\n"


def _type(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_type(option) for option in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{option}`" for option in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if schema.get("type") == "object":
        return "mapping"
    return str(
        schema.get("format") or {"null": "none"}.get(str(schema.get("type")), schema.get("type", "any"))
    )


if __name__ == "__main__":
    MANUAL.write_text(manual(), encoding="utf-8")
