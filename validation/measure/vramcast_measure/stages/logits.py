"""Distillation by whole logits: ms-swift's own loss of its gkd, in Transformers' Trainer as its trainer calls it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import torch

from ..job import Job, JobError
from ..model import build_other

_BETA = 0.5
_TEMPERATURE = 0.9
"""``beta`` and ``temperature`` of swift/arguments/rlhf_args.py."""


def is_one(job: Job) -> bool:
    """Whether a job's distillation is one of these."""
    return bool(job.stage == "distillation" and job.get("framework.name") == "ms-swift")


def _module() -> Any:
    """The file of the loss alone, from where ms-swift is installed: its package asks for much else."""
    package = importlib.util.find_spec("swift")
    if package is None or not package.submodule_search_locations:
        raise JobError("framework.name: ms-swift is not in VRAMCAST_MEASURE_LIBRARIES")
    path = Path(package.submodule_search_locations[0], "rlhf_trainers", "gkd_loss.py")
    spec = importlib.util.spec_from_file_location("gkd_loss", path)
    if spec is None or spec.loader is None:
        raise JobError(f"framework.name: ms-swift has no {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules["gkd_loss"] = module
    spec.loader.exec_module(module)
    module.torch = _Numbers()
    return module


class _Numbers:
    """torch, but that a number becomes a tensor without its values, which fake devices do not take."""

    def __getattr__(self, name: str) -> Any:
        return getattr(torch, name)

    @staticmethod
    def tensor(value: float, **where: Any) -> torch.Tensor:
        kind = torch.int64 if isinstance(value, int) else torch.float32
        return torch.full((), value, **{"dtype": kind, **where})


def trainer(job: Job, base: Any) -> type:
    """A class of trainers in whose step the teacher runs behind the student."""
    from transformers import Trainer

    loss = _module()
    teacher = build_other(job, "objective.teacher", base.device)

    class Distilling(Trainer):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.teacher_model = self.accelerator.prepare_model(teacher, evaluation_mode=True)
            self.teacher_model.eval()

        def compute_loss(self, model: Any, inputs: Any, *_: Any, **__: Any) -> torch.Tensor:
            given = {name: value for name, value in inputs.items() if name != "labels"}
            student = model(**given)
            with torch.no_grad():
                compared = self.teacher_model(**given)
            labels = torch.roll(inputs["labels"], shifts=-1, dims=1)
            # Without labels of its own it has the student's, as it has the student's tokens.
            output = loss.TeacherOutput(full_logits=compared.logits)
            beta = job.get("objective.beta", _BETA)
            total, counted = loss.gkd_loss(student.logits, output, labels, beta, _TEMPERATURE)
            return total / counted

    return Distilling
