"""The cases in validation/, and which class each belongs to."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from peers.paths import CASES, GPUS

MIB = 2**20
_WAYS = ("shard", "tensor", "pipeline")
_CAP = "length is a cap"


@dataclass(frozen=True)
class Case:
    """One line of a case file. `bytes` is the peak, or the capacity that was exceeded."""

    id: str
    document: dict[str, Any]
    bytes: int
    kind: str
    ran: bool
    capped: bool
    quality: str
    method: str
    many_gpus: bool
    gpu: str

    @property
    def family(self) -> str:
        """What the figure is: PyTorch's own count, or what the driver sees or may mean."""
        return "allocated" if self.kind == "allocated" else "reserved or device"

    @property
    def judges_verdicts(self) -> bool:
        """Whether what happened says if the job fits: a shorter run than stated does not."""
        return bool(self.gpu) and not (self.ran and self.capped)

    @property
    def name(self) -> str:
        """The class of the case: quality, method, GPUs and kind of figure."""
        quality = f"{self.quality}, length a cap" if self.capped else self.quality
        gpus = "many GPUs" if self.many_gpus else "one GPU"
        return f"{self.method}, {gpus}, {quality}, {self.family}"


def _many(job: dict[str, Any]) -> bool:
    ways = (job.get("parallelism", {}).get(key, 1) for key in _WAYS)
    return int(job.get("hardware", {}).get("count", prod(ways))) > 1


def read_case(document: dict[str, Any]) -> Case:
    """Reads one case of docs/cases.md."""
    measured, job = document["measured"], document["job"]
    return Case(
        id=document["id"],
        document=document,
        bytes=measured["peak_bytes"],
        kind=measured["kind"],
        ran=measured["status"] == "ok",
        capped=_CAP in document.get("notes", ""),
        quality=measured["quality"],
        method=job["method"],
        many_gpus=_many(job),
        gpu=job.get("hardware", {}).get("gpu", ""),
    )


def files() -> list[Path]:
    """Case files with at least one figure of memory."""
    return [path for folder in CASES for path in sorted(folder.glob("*.jsonl")) if _documents(path)]


def _documents(path: Path) -> list[dict[str, Any]]:
    documents = (json.loads(line) for line in path.read_text().splitlines() if line.strip())
    return [document for document in documents if document["measured"].get("peak_bytes")]


def read(paths: Iterable[Path]) -> list[Case]:
    """All cases of memory, in the order of the files."""
    return [read_case(document) for path in paths for document in _documents(path)]


def capacities() -> dict[str, int]:
    """Bytes of each GPU of the catalogue by name."""
    with GPUS.open(newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return {row["name"]: int(row["memory_mib"]) * MIB for row in rows}
