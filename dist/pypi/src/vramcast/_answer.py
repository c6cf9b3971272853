"""What all answers can do."""

from __future__ import annotations

import json
from typing import Any


class Record:
    """A part of an answer."""


class Answer(Record):
    """An answer of the program."""

    _json: dict[str, Any]
    _question: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The answer as ``--format json`` has it; a copy."""
        return json.loads(json.dumps(self._json))

    @property
    def fits(self) -> bool:
        """Whether the verdict is that it fits; for answers with a verdict.

        Raises AttributeError for others.
        """
        return self._verdict() == "fits"

    def _verdict(self) -> str | None:
        card = self._json.get("gpu")
        inner = card if isinstance(card, dict) else {}
        for holder in (self._json, inner):
            if "verdict" in holder:
                return holder["verdict"]
        raise AttributeError(f"{type(self).__name__} has no verdict")

    def tables(self) -> list[str]:
        """The names of the lists of records in this answer, by path."""
        from vramcast._frames import tables

        return list(tables(self._json))

    def to_pandas(self, table: str | None = None):
        """A list of records as a pandas DataFrame; the first one where none is named."""
        from vramcast._frames import to_pandas

        return to_pandas(self._json, table)

    def to_polars(self, table: str | None = None):
        """A list of records as a polars DataFrame; the first one where none is named."""
        from vramcast._frames import to_polars

        return to_polars(self._json, table)

    def _repr_html_(self) -> str:
        from vramcast._html import html

        return html(self)
