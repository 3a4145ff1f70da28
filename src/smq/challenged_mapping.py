"""Where the confidential list of challenged providers is, and what its columns are called."""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from smq.mapping_parts import File, Name, Strict


class ChallengedColumns(Strict):
    """Names of the columns of the list; its other columns are not read."""

    trust: Name = "trust"
    """Code of the organisation (ODS)."""
    on: Name = "on"
    """Day on which the trust came on the list."""
    off: Name = "off"
    """Day on which it came off; blank where it did not, or where that is not known."""

    @model_validator(mode="before")
    @classmethod
    def _words(cls, content: Any) -> Any:  # noqa: ANN401 - whatever the file says
        # YAML reads the bare words on and off as true and false.
        words = {True: "on", False: "off"}

        def word(value: object) -> object:
            return words[value] if isinstance(value, bool) else value

        if not isinstance(content, dict):
            return content
        return {word(key): word(value) for key, value in content.items()}


class ChallengedList(Strict):
    """The list of challenged providers, a row for each stay on it.

    It is confidential: see below. Without an entry it is looked for under the name and with the columns
    that are the defaults here.
    """

    file: File = "challenged.csv"
    """Path inside the data folder, with forward slashes; by default challenged.csv."""
    columns: ChallengedColumns = ChallengedColumns()
    """trust, on and off, which is also what they are called by default."""
    date_format: Name = "%Y-%m-%d"
    """As of `datetime.strptime`. Where it has no day, the first of the month is taken."""
