"""TRL's trainer of process rewards: a class for the last token of every step of an answer."""

from __future__ import annotations

from typing import Any

from ..data import examples
from ..job import Job
from ..model import lora_config
from ..tokenizer import tiny_tokenizer
from ..trainers import arguments
from .pairs import trl_classes


def is_one(job: Job) -> bool:
    """Whether a job is of this trainer."""
    return job.labels_tokens and bool(job.get("framework.name") == "trl")


def rows(job: Job, steps: int) -> list[dict[str, Any]]:
    """Tokens with their classes, as the trainer makes them of texts."""
    count = steps * job.get("batch.micro_batch", 1) * job.get("batch.grad_accum", 1)
    return [{name: row[name] for name in ("input_ids", "labels")} for row in examples(job, count)]


def build(job: Job, base: Any, given: list[dict[str, Any]], steps: int) -> Any:
    from datasets import Dataset

    trainer, config = trl_classes("PRM")
    return trainer(
        model=base,
        args=config(**arguments(job, steps)),
        train_dataset=Dataset.from_list(given),
        processing_class=tiny_tokenizer(),
        peft_config=lora_config(job) if job.adapts else None,
    )
