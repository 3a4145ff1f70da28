"""The glossary of a report: abbreviations and terms, in one YAML file that `_quarto.yml` names.

glossary:
  - short: RCT
    long: randomised controlled trial
    plural: randomised controlled trials
  - term: Cohort
    meaning: People who are followed from the same event on
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from press.errors import nearest
from press.publish.errors import at

if TYPE_CHECKING:
    from pathlib import Path

    from press.publish.errors import Place

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Abbreviation(BaseModel):
    """A short form; its long form as it stands inside a sentence."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    short: Words = Field(description="The short form.")
    long: Words = Field(description="The long form, as it stands inside a sentence.")
    plural: Words | None = Field(None, description="Plural of the long form; the short form takes an s.")
    meaning: Words | None = Field(None, description="What the list says after the long form.")


class Term(BaseModel):
    """A word that the report explains."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    term: Words = Field(description="The word.")
    meaning: Words = Field(description="What it means in this report.")


_MODELS: dict[str, TypeAdapter[Any]] = {"short": TypeAdapter(Abbreviation), "term": TypeAdapter(Term)}


def check(text: str, path: Path, problems: list[str]) -> dict[str, Place]:
    """Check the list `glossary` of a YAML file, and give where each entry stands, by its short form or term.

    What is wrong is added to `problems`, with its line: an unknown or missing field, an entry that is neither
    an abbreviation nor a term, and one that stands there twice.
    """
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    nodes = {key.value: value for key, value in root.value} if isinstance(root, yaml.MappingNode) else {}
    listed = nodes.get("glossary")
    if not isinstance(listed, yaml.SequenceNode):
        problems.append(at((path, 1), "glossary: must be a list of entries '- short: …' and '- term: …'."))
        return {}
    places: dict[str, Place] = {}
    seen: dict[str, int] = {}
    for node, entry in zip(listed.value, yaml.safe_load(text)["glossary"], strict=True):
        place = (path, node.start_mark.line + 1)
        kinds = [kind for kind in _MODELS if isinstance(entry, dict) and kind in entry]
        if len(kinds) != 1:
            problems.append(at(place, "an entry of the glossary has either 'short' and 'long', or 'term'."))
            continue
        problems += [at(place, message) for message in _faults(entry, kinds[0])]
        name = str(entry[kinds[0]]).strip()
        first = seen.setdefault(name.casefold(), place[1])
        if first != place[1]:
            problems.append(at(place, f"'{name}' stands in the glossary already (line {first})."))
        places[name] = place
    return places


def _faults(entry: dict[str, Any], kind: str) -> list[str]:
    fields = (Abbreviation if kind == "short" else Term).model_fields
    try:
        _MODELS[kind].validate_python(entry)
    except ValidationError as error:
        faults = []
        for each in error.errors():
            name = str(each["loc"][0])
            if each["type"] == "extra_forbidden":
                faults.append(f"unknown field '{name}'. {nearest(name, fields)}")
            elif each["type"] == "missing":
                faults.append(f"'{entry[kind]}' needs the field '{name}': {fields[name].description}")
            else:
                faults.append(f"{name}: {each['msg']}. Put the words in quotation marks.")
        return faults
    return []
