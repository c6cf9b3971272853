"""Lists of records as data frames of pandas and polars, where those are installed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from vramcast._errors import InputError, VramcastError

# What an answer is about comes before what it says of itself.
_LAST = ("notices", "warnings", "settings", "lists", "excluded", "left_out")


def tables(answer: Mapping[str, Any]) -> dict[str, list[dict]]:
    """The lists of records by path, those that answer first."""
    found = dict(_tables(answer, ""))
    return dict(sorted(found.items(), key=lambda it: it[0].split(".")[-1] in _LAST))


def _tables(value: Mapping[str, Any], path: str) -> Iterator[tuple[str, list[dict]]]:
    for name, item in value.items():
        if name == "job":
            continue
        if isinstance(item, list) and all(isinstance(it, dict) for it in item) and item:
            yield path + name, item
        elif isinstance(item, dict):
            yield from _tables(item, f"{path}{name}.")


def rows(answer: Mapping[str, Any], table: str | None) -> list[dict[str, Any]]:
    """The rows of a table, nested keys joined by points, lists as JSON.

    Without a name and without a table, the answer itself is one row.
    """
    known = tables(answer)
    if table is None:
        records = next(iter(known.values()), [dict(answer)])
    elif table in known:
        records = known[table]
    else:
        allowed = ", ".join(known) or "none in this answer"
        raise InputError(
            f"table is {table!r}, allowed: {allowed}",
            field="table", kind="not_allowed", given=repr(table), allowed=allowed,
        )  # fmt: skip
    return [dict(_flat(record, "")) for record in records]


def _flat(record: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{path}{name}.")
        else:
            yield path + name, json.dumps(value) if isinstance(value, list) else value


def to_pandas(answer: Mapping[str, Any], table: str | None):
    try:
        import pandas
    except ImportError as e:
        raise VramcastError("to_pandas() needs pandas, which is not installed") from e
    return pandas.DataFrame(rows(answer, table))


def to_polars(answer: Mapping[str, Any], table: str | None):
    try:
        import polars
    except ImportError as e:
        raise VramcastError("to_polars() needs polars, which is not installed") from e
    return polars.DataFrame(rows(answer, table), infer_schema_length=None)
