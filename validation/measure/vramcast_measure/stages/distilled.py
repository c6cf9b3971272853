"""TRL's GKD on given completions: whole logits of the student and of its teacher."""

from __future__ import annotations

from typing import Any

import torch

from ..data import IGNORED
from ..job import Job
from ..model import build_other, lora_config
from ..tokenizer import tiny_tokenizer
from ..trainers import arguments
from .pairs import trl_classes


def is_one(job: Job) -> bool:
    """Whether a job is such a distillation."""
    return job.stage == "distillation" and "gkd" in job.losses


def rows(job: Job, steps: int) -> list[dict[str, Any]]:
    """Tokens, of which those of the prompt have no label."""
    count = steps * job.get("batch.micro_batch", 1) * job.get("batch.grad_accum", 1)
    ids = [3 + place % 64 for place in range(job.prompt + job.completion)]
    labels = [IGNORED] * job.prompt + ids[job.prompt :]
    return [{"input_ids": ids, "labels": labels} for _ in range(count)]


def _collated(examples: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
    batch = {name: torch.tensor([row[name] for row in examples]) for name in ("input_ids", "labels")}
    return {**batch, "attention_mask": torch.ones_like(batch["input_ids"])}


def build(job: Job, base: Any, examples: list[dict[str, Any]], steps: int) -> Any:
    from datasets import Dataset

    trainer, config = trl_classes("GKD")
    chosen = {"beta": job.get("objective.beta")} if job.get("objective.beta") is not None else {}
    settings = config(**arguments(job, steps), **chosen, lmbda=0.0, max_length=None)
    return trainer(
        model=base,
        teacher_model=build_other(job, "objective.teacher", base.device),
        args=settings,
        data_collator=_collated,
        train_dataset=Dataset.from_list(examples),
        processing_class=tiny_tokenizer(),
        peft_config=lora_config(job) if job.adapts else None,
    )
