"""All figures of docs/performance.md, measured in one run."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from peers import environments
from peers.paths import REPOSITORY, VRAMCAST
from speed import ours, question, service
from speed.process import Taken, alternate, run

KEPT = Path(__file__).resolve().parent.parent / "figures.json"
JOBS = ("QLORA_CHECKPOINTED", "LORA", "FULL_AUTOCAST", "MIXTURE_QLORA")
LAYERS = (8, 80, 800)
GPUS = (8, 64, 4096, 65536)
_ANSWERS = 300
_LOAD_SECONDS = 15.0

# Jobs that share little: what a map of models, cards and methods costs.
_MAP = """\
models: [llama-3.2-1b, llama-3.1-8b, qwen2.5-0.5b, qwen2.5-7b, qwen2.5-14b, mistral-7b-v0.3]
gpus: all
method: [qlora, lora, full]
batch: {sequence_length: 2048}
"""
# Rows that share an estimate among as many as there are amounts of data.
_ROWS = """\
models: [llama-3.1-8b, qwen2.5-7b]
method: [lora, qlora]
batch: {sequence_length: [1024, 2048]}
hardware: {count: 1}
offers: {purchase: [on-demand, spot]}
data: {tokens: {from: 1e6, to: %de6, step: 1e6}}
"""
AMOUNTS = (10, 100, 1000)


def _command(*words: str) -> Callable[[], Taken]:
    return lambda: run(words)[0]


def _peer_command(*words: str) -> Callable[[], Taken]:
    return lambda: run(words, env=environments.variables())[0]


def _job_words() -> list[str]:
    job = ("--model", question.MODEL, "--method", "qlora")
    length = ("--sequence-length", str(question.LENGTH))
    return [*job, *length, "--gpu", question.CARD, "--offline"]


def _canifinetune(operation: str, *words: str) -> list[str]:
    program = environments.python("canifinetune").parent / "canifinetune"
    card = ("--gpu-vram-gb", str(question.CARD_BYTES // 2**30), "--offline")
    return [str(program), operation, "--model", question.PEER_MODEL, *card, *words]


def _accelerate() -> Callable[[], Taken]:
    words = [str(environments.python("torch")), "-m", "peers.worker", "accelerate"]
    job = json.dumps(question.job("full").document()) + "\n"
    return lambda: run(words, job, environments.variables())[0]


def processes(rounds: int, folder: Path) -> dict[str, dict[str, float]]:
    """One answer each as a process that has just been started."""
    length = ("--seq-len", str(question.LENGTH))
    plan = ("--model", question.DEEP_MODEL, "--tokens", "1e8", "--offline")
    starts = {
        "estimate": _command(str(VRAMCAST), "estimate", *_job_words()),
        "version": _command(str(VRAMCAST), "--version"),
        "canifinetune": _peer_command(*_canifinetune("estimate", *length)),
        "plan": _command(str(VRAMCAST), "plan", *plan),
        "canifinetune recommend": _peer_command(*_canifinetune("recommend")),
        "accelerate": _accelerate(),
    }
    java = ours.newer_java()
    if java:
        starts["estimate, newer"] = _command(
            *ours.on_newer_java(java, folder), "estimate", *_job_words()
        )
    return alternate(starts, rounds)


def functions() -> dict[str, Any]:
    """Calls in a process that is warm, in microseconds of processor time."""
    methods = ("estimate", "needed", "answer_of_padded", "verdict_of_padded")
    parts = {
        job: {method: ours.least("EstimateBenchmark", method, job=job) for method in methods}
        for job in JOBS
    }
    words = [str(environments.python("canifinetune")), "-m", "speed.inside", "canifinetune"]
    paths = os.pathsep.join((str(KEPT.parent), str(environments.HOME)))
    variables = {**environments.variables(), "PYTHONPATH": paths}
    job = json.dumps(question.job("qlora").document()) + "\n"
    return {
        "jobs": parts,
        "answers": {name: ours.answers(name, _ANSWERS) for name in ("estimate", "fit")},
        "canifinetune": float(run(words, job, variables)[1]),
    }


def services(rounds: int) -> dict[str, Any]:
    """Servers that start, and servers that are asked."""
    program = str(environments.python("canifinetune").parent / "canifinetune")
    both = {"ours": service.ours(), "canifinetune": service.peer(program)}
    starts: dict[str, list[dict[str, float]]] = {name: [] for name in both}
    for _ in range(rounds):
        for name, served in both.items():
            starts[name].append(service.first(served))
    return {
        "first": {
            name: {key: median(row[key] for row in rows) for key in rows[0]}
            for name, rows in starts.items()
        },
        "load": {name: service.load(served, _LOAD_SECONDS) for name, served in both.items()},
        "drawn": service.load(service.ours_drawn(), _LOAD_SECONDS, 1),
    }


def growth() -> dict[str, Any]:
    """How time grows with layers, GPUs and rows."""
    return {
        "layers": {
            str(layers): {
                method: ours.least("DepthBenchmark", method, layers=str(layers))
                for method in ("estimate", "needed")
            }
            for layers in LAYERS
        },
        "gpus": {
            str(gpus): ours.least("GpuCountBenchmark", "estimate", strategy="fsdp2", gpus=str(gpus))
            for gpus in GPUS
        },
        "rows": [_sweep(_ROWS % amounts) for amounts in AMOUNTS],
    }


def _sweep(spec: str) -> dict[str, float]:
    taken, rows, distinct = ours.sweep(spec)
    return {
        "rows": rows,
        "distinct": distinct,
        "cpu": taken.cpu,
        "wall": taken.wall,
        "mib": taken.mib,
    }


def _machine() -> dict[str, Any]:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    newer = ours.newer_java()
    return {
        "cpus": os.cpu_count(),
        "name": next(names, platform.machine()),
        "load": round(os.getloadavg()[2], 1),
        "java": ours.java_version("java"),
        "newer java": ours.java_version(newer) if newer else None,
        "python": platform.python_version(),
    }


def _sources() -> str:
    """When the last change was made that is measured: a hash is another after a rebase."""
    when = ["log", "-1", "--format=%cd", "--date=format:%Y-%m-%d %H:%M"]
    words = ["git", "-C", str(REPOSITORY), *when]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


def measure(rounds: int) -> dict[str, Any]:
    """Builds, installs and measures all but what is kept of other commits; some ten minutes."""
    for environment in ("canifinetune", "torch"):
        environments.install(environment)
    ours.build()
    figures: dict[str, Any] = {
        "date": datetime.now(UTC).date().isoformat(),
        "sources": _sources(),
        "machine": _machine(),
        "rounds": rounds,
        "compared": json.loads(KEPT.read_text())["compared"],
    }
    with tempfile.TemporaryDirectory() as folder:
        steps: dict[str, Callable[[], Any]] = {
            "processes": lambda: processes(rounds, Path(folder)),
            "functions": functions,
            "services": lambda: services(rounds),
            "growth": growth,
            "map": lambda: _sweep(_MAP),
        }
        for name, step in steps.items():
            print(f"measuring {name}", file=sys.stderr)
            figures[name] = step()
    return figures
