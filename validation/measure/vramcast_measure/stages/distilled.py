"""TRL's GKD and GOLD on given completions: whole logits of the student and of its teacher."""

from __future__ import annotations

from typing import Any

import torch

from ..data import IGNORED, collated
from ..job import Job
from ..model import build_other, lora_config
from ..tokenizer import tiny_tokenizer
from ..trainers import arguments
from .pairs import trl_classes


_CLASSES = {"gkd": "GKD", "gold": "GOLD"}


def is_one(job: Job) -> bool:
    """Whether a job is such a distillation."""
    return job.stage == "distillation" and not set(_CLASSES).isdisjoint(job.losses)


def rows(job: Job, steps: int) -> list[dict[str, Any]]:
    """Tokens, of which those of the prompt have no label."""
    count = steps * job.get("batch.micro_batch", 1) * job.get("batch.grad_accum", 1)
    ids = [3 + place % 64 for place in range(job.prompt + job.completion)]
    labels = [IGNORED] * job.prompt + ids[job.prompt :]
    return [{"input_ids": ids, "labels": labels} for _ in range(count)]


def _collated(examples: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
    batch = {name: torch.tensor([row[name] for row in examples]) for name in ("input_ids", "labels")}
    prompt = sum(label == IGNORED for label in examples[0]["labels"])
    # TRL before 1.7 looks at the prompts for their length.
    return {**batch, "attention_mask": torch.ones_like(batch["input_ids"]), "prompts": batch["input_ids"][:, :prompt]}


def batches(job: Job, trainer: Any, steps: int) -> list[Any]:
    """Micro-batches; GOLD's loader gives all of a step before each of them, once it has a buffer."""
    if not hasattr(trainer, "_fill_buffer"):
        return collated(trainer)
    count = job.get("batch.grad_accum", 1)
    rows = list(trainer.train_dataset)[: count * job.get("batch.micro_batch", 1)]
    return [_collated(rows) for _ in range(steps * count)]


def build(job: Job, base: Any, examples: list[dict[str, Any]], steps: int) -> Any:
    from datasets import Dataset

    trainer, config = trl_classes(_CLASSES[job.losses[0]])
    teacher = build_other(job, "objective.teacher", base.device)
    # As a published config says, which nobody overrides where it runs.
    teacher.config.use_cache = True
    chosen = {"beta": job.get("objective.beta")} if job.get("objective.beta") is not None else {}
    settings = config(**arguments(job, steps), **chosen, lmbda=0.0, max_length=None)
    return trainer(
        model=base,
        teacher_model=teacher,
        args=settings,
        data_collator=_collated,
        train_dataset=Dataset.from_list(examples),
        processing_class=tiny_tokenizer(),
        peft_config=lora_config(job) if job.adapts else None,
    )
