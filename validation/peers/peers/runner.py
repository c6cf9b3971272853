"""Puts every case to every tool, and keeps what they say in results/."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from typing import Any

from peers import environments, own, results
from peers.cases import Case
from peers.job import Job
from peers.tool import Tool


def _command(name: str, compared: Tool) -> list[str]:
    return [str(environments.python(compared.environment)), "-m", "peers.worker", name]


def _process(name: str, compared: Tool, lines: str) -> str:
    finished = subprocess.run(
        _command(name, compared),
        input=lines,
        capture_output=True,
        text=True,
        env=environments.variables(),
    )
    if finished.returncode != 0:
        raise RuntimeError(f"{name} ended with {finished.returncode}: {finished.stderr[-2000:]}")
    return finished.stdout


def ask(name: str, compared: Tool, jobs: Iterable[Job]) -> list[dict[str, Any]]:
    """Replies of one worker process to all jobs, in their order."""
    lines = "".join(json.dumps(job.document()) + "\n" for job in jobs)
    return [json.loads(line) for line in _process(name, compared, lines).splitlines()]


def run(name: str, compared: Tool, jobs: Iterable[Job]) -> None:
    """Asks one tool about all jobs and keeps the replies."""
    environments.install(compared.environment)
    results.write_replies(name, ask(name, compared, jobs))


def run_own(cases: list[Case], capacities: dict[str, int]) -> None:
    """Asks Vramcast about all cases and keeps the replies."""
    results.write_replies(own.NAME, own.replies(cases, capacities))
