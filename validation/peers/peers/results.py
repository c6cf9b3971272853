"""Raw replies and timings, small enough to be kept in the repository."""

from __future__ import annotations

import json
from typing import Any

from peers.paths import RESULTS


def write_replies(name: str, replies: list[dict[str, Any]]) -> None:
    """One JSON line a case."""
    RESULTS.mkdir(exist_ok=True)
    lines = (json.dumps(reply, separators=(",", ":")) for reply in replies)
    (RESULTS / f"{name}.jsonl").write_text("".join(line + "\n" for line in lines))


def read_replies(name: str) -> dict[str, dict[str, Any]]:
    """Replies by case."""
    lines = (RESULTS / f"{name}.jsonl").read_text().splitlines()
    return {reply["id"]: reply for reply in map(json.loads, lines)}


def write(name: str, document: dict[str, Any]) -> None:
    """A document of its own: timings, parameter counts."""
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(document, indent=1, sort_keys=True)
    (RESULTS / f"{name}.json").write_text(text + "\n")


def read(name: str) -> dict[str, Any]:
    """What `write` wrote; empty before that."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text()) if path.is_file() else {}
