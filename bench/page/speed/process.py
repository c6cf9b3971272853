"""Processes with what they took: processor seconds, which other load hardly changes, and more."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Taken:
    """Processor seconds (user and system), seconds of the clock, and MiB that were resident."""

    cpu: float
    wall: float
    mib: float


def run(
    command: Sequence[str], given: str = "", env: Mapping[str, str] | None = None
) -> tuple[Taken, str]:
    """Runs a command to its end; what it took, and what it wrote to stdout.

    Raises RuntimeError with its last words where it fails.
    """
    with (
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
        tempfile.TemporaryFile() as words,
    ):
        words.write(given.encode())
        words.seek(0)
        began = time.perf_counter()
        process = subprocess.Popen(command, stdin=words, stdout=out, stderr=err, env=env)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode != 0:
            said = err.read().decode(errors="replace")[-1000:]
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {said}")
        taken = Taken(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)
        return taken, out.read().decode()


def alternate(
    starts: Mapping[str, Callable[[], Taken]], rounds: int
) -> dict[str, dict[str, float]]:
    """The median of what each took in rounds, in which all take turns.

    One round goes before, which is not counted.
    """
    all_taken: dict[str, list[Taken]] = {name: [] for name in starts}
    for turn in range(rounds + 1):
        for name, start in starts.items():
            taken = start()
            if turn:
                all_taken[name].append(taken)
    return {name: _middle(taken) for name, taken in all_taken.items()}


def _middle(taken: list[Taken]) -> dict[str, float]:
    rows = [asdict(each) for each in taken]
    return {key: round(median(row[key] for row in rows), 4) for key in rows[0]}


def cpu_of(pid: int) -> float:
    """Processor seconds of a process that runs, with the children that it has waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(ticks) for ticks in fields[11:15]) / _TICKS
