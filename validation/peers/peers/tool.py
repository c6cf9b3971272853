"""A tool that is compared: where it comes from, and how a job is put to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from peers.answer import Answer
from peers.job import Job

Options = dict[str, Any]


@dataclass(frozen=True)
class Tool:
    """One package on PyPI.

    `options` maps a job to the tool's own options and raises `CannotExpress`; it is pure.
    `ask` runs the tool; only it may import the package, which `environment` has.
    """

    package: str
    version: str
    environment: str
    scope: str
    mapping: tuple[str, ...]
    options: Callable[[Job], Options]
    ask: Callable[[Options], Answer]
    states_only: bool = False
