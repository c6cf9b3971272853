"""MLPs that run on one piece of a sequence after the other."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from .job import Job, JobError

_LARGEST = 32768
"""Tokens of a piece where Axolotl decides (monkeypatch/tiled_mlp/patch.py, since 0.17)."""

_FILES = {
    "axolotl": ("axolotl", "monkeypatch/tiled_mlp/base.py"),
    "verl": ("verl", "models/transformers/tiled_mlp.py"),
}
"""Whose file has the function; that of others is DeepSpeed's."""


def install(job: Job, model: Any) -> None:
    """Puts the function around ``forward`` of the MLPs' class, as the examples of the libraries do."""
    if not job.get("tiled_mlp", False):
        return
    function = _function(job)
    kinds = {type(module) for name, module in model.named_modules() if name.endswith(".mlp")}
    if not kinds:
        raise JobError("tiled_mlp: there is no MLP")
    for kind in kinds:
        kind.forward = _tiled(function, kind.forward, job)


def _tiled(function: Any, inner: Callable[..., Any], job: Job) -> Callable[..., Any]:
    def forward(self: Any, x: torch.Tensor) -> Any:
        trained = [p for p in self.parameters() if p.requires_grad]
        return function.apply(inner, self, x, _tiles(job, x), trained)

    return forward


def _tiles(job: Job, x: torch.Tensor) -> int:
    stated = job.get("mlp_tiles")
    if stated is not None:
        return int(stated)
    name = job.get("framework.name", "transformers")
    if name == "verl":
        return 4
    return math.ceil(x.shape[-2] / (_LARGEST if name == "axolotl" else x.shape[-1]))


def _function(job: Job) -> Any:
    package, file = _FILES.get(job.get("framework.name", "transformers"), ("", ""))
    if not package:
        from deepspeed.runtime.sequence_parallel.ulysses_sp import TiledMLP

        return TiledMLP
    # The package itself asks for much that is not needed here.
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise JobError(f"tiled_mlp: {package} is not in VRAMCAST_MEASURE_LIBRARIES")
    source = importlib.util.spec_from_file_location("tiled_mlp", Path(found.origin).parent / file)
    assert source is not None and source.loader is not None
    module = importlib.util.module_from_spec(source)
    source.loader.exec_module(module)
    return module.TiledMLP
