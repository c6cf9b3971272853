"""Tables and numbers of docs/comparison.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table whose first column is text and whose other columns are numbers."""
    rule = ["---", *("--:" for _ in header[1:])]
    return [_row(header), _row(rule), *(_row(row) for row in rows), ""]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def percent(share: float) -> str:
    """One decimal, two below one per cent, none from a hundred."""
    value = 100 * share
    digits = 2 if abs(value) < 1 else 1 if abs(value) < 100 else 0
    return f"{value:.{digits}f} %"


def signed(share: float) -> str:
    """As `percent`, with its sign."""
    return ("+" if share >= 0 else "−") + percent(abs(share))
