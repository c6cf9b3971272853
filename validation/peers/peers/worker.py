"""Answers jobs, one JSON line each, inside the environment of a tool."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from peers.express import CannotExpress
from peers.job import from_document
from peers.registry import tool
from peers.tool import Tool

_REASON_LENGTH = 160


def reply(compared: Tool, document: dict[str, Any]) -> dict[str, Any]:
    """What the tool says, or why it says nothing: an option it lacks, or its own refusal."""
    job = from_document(document)
    try:
        answer = compared.ask(compared.options(job))
    except CannotExpress as lacking:
        return {"id": job.id, "cannot": str(lacking)}
    except Exception as error:  # A tool may raise anything; the reason is kept and counted.
        lines = str(error).strip().splitlines() or [""]
        reason = f"{type(error).__name__}: {lines[0]}"
        return {"id": job.id, "refuses": reason[:_REASON_LENGTH]}
    verdict = {} if answer.fits is None else {"fits": answer.fits}
    return {"id": job.id, "bytes": answer.readings, **verdict}


def replies(compared: Tool, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Replies to lines of JSON; what the tool prints goes to stderr."""
    for line in lines:
        with contextlib.redirect_stdout(sys.stderr):
            answered = reply(compared, json.loads(line))
        yield answered


def main() -> None:
    """Takes the name of an adapter; reads jobs from stdin, writes replies to stdout."""
    for answered in replies(tool(sys.argv[1]), sys.stdin):
        print(json.dumps(answered, separators=(",", ":")), flush=True)


if __name__ == "__main__":
    main()
