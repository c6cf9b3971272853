"""Tunefit itself, through its command line."""

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
from peers.paths import TUNEFIT

NAME = "tunefit"
_FIT_CODES = (0, 1, 3)
_AT_ONCE = 2


def _tunefit(*arguments: str, codes: tuple[int, ...] = (0,)) -> tuple[int, str]:
    command = [str(TUNEFIT), *arguments]
    finished = subprocess.run(command, capture_output=True, text=True)
    if finished.returncode not in codes:
        raise RuntimeError(f"{' '.join(command)}: {finished.stderr.strip()}")
    return finished.returncode, finished.stdout


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
            _, output = _tunefit("estimate", path, "--format", "json", "--offline")
        return key, json.loads(output)["model"]["parameters"]

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return known | dict(pool.map(count, missing.items()))


def _verdict(case: Case) -> dict[str, bool]:
    """Whether the estimate is within the card, and whether the card is within its range."""
    if not case.judges_verdicts:
        return {}
    with tempfile.TemporaryDirectory() as directory:
        path = _file(case.document["job"], directory, case.id)
        _, output = _tunefit("fit", path, "--format", "json", "--offline", codes=_FIT_CODES)
    said = json.loads(output)
    return {"fits": said["headroom_bytes"] >= 0, "tight": said["verdict"] == "tight"}


def replies(cases: list[Case]) -> list[dict[str, Any]]:
    """Estimates of the kind that was measured, and whether the job fits its card."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "cases.jsonl"
        path.write_text("".join(json.dumps(case.document) + "\n" for case in cases))
        _, output = _tunefit("validate", str(path), "--format", "json")
    estimated = {result["id"]: result for result in json.loads(output)["results"]}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        verdicts = list(pool.map(_verdict, cases))
    return [
        _reply(case, estimated[case.id], verdict)
        for case, verdict in zip(cases, verdicts, strict=True)
    ]


def _reply(case: Case, result: dict[str, Any], verdict: dict[str, bool]) -> dict[str, Any]:
    if result["estimated_bytes"] is None:
        return {"id": case.id, "cannot": result["reason"]}
    return {"id": case.id, "bytes": {TOTAL: result["estimated_bytes"]}, **verdict}


def version() -> str:
    """The version that `tunefit --version` states."""
    return _tunefit("--version")[1].split()[-1]
