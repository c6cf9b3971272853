"""Vramcast itself, through its command line."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from peers.answer import TOTAL
from peers.cases import Case
from peers.paths import VRAMCAST

NAME = "vramcast"
_PROBE = "probe:"
_AT_ONCE = 2


def _vramcast(*arguments: str) -> str:
    command = [str(VRAMCAST), *arguments]
    finished = subprocess.run(command, capture_output=True, text=True)
    if finished.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {finished.stderr.strip()}")
    return finished.stdout


def _file(document: Any, directory: str, name: str) -> str:
    path = Path(directory) / f"{hashlib.sha256(name.encode()).hexdigest()[:16]}.json"
    path.write_text(json.dumps(document))
    return str(path)


def config_key(config: dict[str, Any]) -> str:
    """A short name of a config.json."""
    text = json.dumps(config, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def parameters(configs: list[dict[str, Any]], known: dict[str, int]) -> dict[str, int]:
    """Exact parameter counts by `config_key`; those that are known are not counted again."""
    distinct = {config_key(config): config for config in configs}
    missing = {key: config for key, config in distinct.items() if key not in known}

    def count(item: tuple[str, dict[str, Any]]) -> tuple[str, int]:
        key, config = item
        with tempfile.TemporaryDirectory() as directory:
            document = {"model": {"config": config}, "batch": {"sequence_length": 128}}
            path = _file(document, directory, key)
            output = _vramcast("estimate", path, "--format", "json", "--offline")
        return key, json.loads(output)["model"]["parameters"]

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return known | dict(pool.map(count, missing.items()))


def probe(case: Case, capacity: int) -> dict[str, Any]:
    """The case as if it had filled its card: `validate` says of such whether the estimate fits."""
    filled = {"peak_bytes": capacity, "kind": "device", "status": "oom"}
    return {
        **case.document,
        "id": f"{_PROBE}{case.id}",
        "measured": {"quality": case.quality, **filled},
    }


def _validate(documents: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "cases.jsonl"
        path.write_text("".join(json.dumps(document) + "\n" for document in documents))
        output = _vramcast("validate", str(path), "--format", "json")
    return {result["id"]: result for result in json.loads(output)["results"]}


def replies(cases: list[Case], capacities: dict[str, int]) -> list[dict[str, Any]]:
    """Estimates of the kind that was measured, and whether the job fits its card."""
    probes = [probe(case, capacities[case.gpu]) for case in cases if case.judges_verdicts]
    results = _validate([case.document for case in cases] + probes)
    return [reply(results[case.id], results.get(f"{_PROBE}{case.id}")) for case in cases]


def reply(result: dict[str, Any], probed: dict[str, Any] | None) -> dict[str, Any]:
    """A result of `validate`, and that of the probe, in the form of a tool's reply."""
    if result["estimated_bytes"] is None:
        return {"id": result["id"], "cannot": result["reason"]}
    verdict = {} if probed is None else {"fits": probed["false_fit"]}
    return {"id": result["id"], "bytes": {TOTAL: result["estimated_bytes"]}, **verdict}


def version() -> str:
    """The version that `vramcast --version` states."""
    return _vramcast("--version").split()[-1]
