"""Encoders and projectors that a job neither trains nor adapts, as LLaMA-Factory and ms-swift leave them."""

from __future__ import annotations

import re
from typing import Any

from torch import nn

from .job import Job, JobError

_PROJECTOR = re.compile(
    r"\.(multi_modal_projector|connector|merger|patch_merger|mm_projector|deepstack_merger_list|embed_vision|vision_projection|aligner)\."
)
_TOWER = re.compile(r"\.(vision_tower|vision_model|vision_encoder|visual|audio_tower)\.")


def _part(path: str) -> str | None:
    """The part of a model that a tensor of this path is of; none of the language model."""
    around = f".{path}"
    if _PROJECTOR.search(around):
        return "projectors"
    return "towers" if _TOWER.search(around) else None


def freeze(model: Any, job: Job) -> None:
    """Takes the gradients from what a job leaves as it is."""
    for path, parameter in model.named_parameters():
        if _part(path) in job.get("frozen", []):
            parameter.requires_grad_(False)


def targets(model: Any, job: Job, named: str | list[str]) -> str | list[str]:
    """The modules that get adapters, by their paths where some of those that are named do not."""
    frozen = job.get("frozen", [])
    if not frozen:
        return named
    if model is None or isinstance(named, str) and named != "all-linear":
        raise JobError("frozen: such adapters can not be measured")
    head = model.get_output_embeddings()
    return [
        path
        for path, module in model.named_modules()
        if isinstance(module, nn.Linear)
        and module is not head
        and _part(f"{path}.weight") not in frozen
        and (named == "all-linear" or path.rpartition(".")[2] in named)
    ]
