"""Runs inside a peer's environment: the least microseconds of one of its calls."""

from __future__ import annotations

import contextlib
import json
import sys
import time

from peers.job import from_document
from peers.registry import tool

_SECONDS = 3.0


def main() -> None:
    """Takes the name of an adapter; reads a job from stdin, prints the figure."""
    compared = tool(sys.argv[1])
    options = compared.options(from_document(json.loads(sys.stdin.readline())))
    least = float("inf")
    began = time.process_time()
    with contextlib.redirect_stdout(sys.stderr):
        while time.process_time() - began < _SECONDS:
            start = time.process_time()
            compared.ask(options)
            least = min(least, time.process_time() - start)
    print(round(least * 1e6, 1))


if __name__ == "__main__":
    main()
