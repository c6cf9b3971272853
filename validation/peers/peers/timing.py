"""How long one answer takes as a process that has just been started."""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from peers import environments, own, registry, results
from peers.cases import Case
from peers.job import Job
from peers.paths import VRAMCAST
from peers.tool import Tool

NAME = "timing"
STARTS = 3


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _seconds(start: Callable[[], None]) -> list[list[float]]:
    """Wall-clock and processor seconds of some starts; one before them fills the disk's caches."""
    start()
    taken = []
    for _ in range(STARTS):
        began, used = time.perf_counter(), _processor_seconds()
        start()
        elapsed, spent = time.perf_counter() - began, _processor_seconds() - used
        taken.append([round(elapsed, 3), round(spent, 3)])
    return taken


def _worker(name: str, compared: Tool, job: Job) -> Callable[[], None]:
    command = [str(environments.python(compared.environment)), "-m", "peers.worker", name]
    line = json.dumps(job.document()) + "\n"

    def start() -> None:
        subprocess.run(
            command,
            input=line,
            capture_output=True,
            text=True,
            check=True,
            env=environments.variables(),
        )

    return start


def _own(case: Case, directory: str) -> Callable[[], None]:
    path = Path(directory) / "job.json"
    path.write_text(json.dumps(case.document["job"]))

    def start() -> None:
        command = [str(VRAMCAST), "estimate", str(path), "--offline"]
        subprocess.run(command, capture_output=True, check=True)

    return start


def _first_answered(name: str, jobs: list[Job]) -> Job:
    replies = results.read_replies(name)
    return next(job for job in jobs if "bytes" in replies[job.id])


def measure(cases: list[Case], jobs: list[Job]) -> dict[str, Any]:
    """Seconds of each start by tool, with the machine and the day."""
    seconds = {
        name: _seconds(_worker(name, compared, _first_answered(name, jobs)))
        for name, compared in registry.tools().items()
    }
    with tempfile.TemporaryDirectory() as directory:
        seconds[own.NAME] = _seconds(_own(cases[0], directory))
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs",
        "python": platform.python_version(),
        "vramcast": own.version(),
        "seconds": seconds,
    }
