"""Random examples, and the batches that a trainer's own collator makes of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch

from .images import insert
from .job import Job
from .sound import heard, hears, inserted
from .texts import reads, translated

IGNORED = -100


def examples(job: Job, count: int) -> list[dict[str, Any]]:
    """Sequences of the job's length; where it pads, every second one is shorter by a token.

    The scored tokens of a sequence are its last. TRL's collator takes off what is padding in all
    sequences of a batch, so none is shorter where it has one.
    """
    length = job.get("batch.sequence_length")
    vocabulary = min(int(job.get("model.config").get("vocab_size", 1000)), 1000)
    generator = random.Random(0)
    rows: list[dict[str, Any]] = []
    alone = job.get("batch.micro_batch", 1) == 1 and job.get("framework.name") == "trl"
    pads = job.get("batch.padding", "packed") == "padded" and not alone
    for row in range(count):
        ids = [generator.randrange(3, vocabulary) for _ in range(length)]
        rows.append({"input_ids": ids, "attention_mask": [1] * length, "labels": list(ids)})
        if pads and row % 2:
            rows[-1]["attention_mask"][-1] = 0
            rows[-1]["labels"][-1] = IGNORED
        rows[-1]["labels"][: length - scored(job)] = [IGNORED] * (length - scored(job))
        if job.images:
            insert(job, rows[-1])
        if hears(job):
            rows[-1] = heard(job, rows[-1])
        elif job.sound:
            inserted(job, rows[-1])
        if reads(job):
            target = [generator.randrange(3, vocabulary) for _ in range(job.completion)]
            rows[-1] = translated(rows[-1], target, pads and row % 2 == 1)
        if job.labels_tokens:
            rows[-1]["labels"] = [generator.randrange(job.labels) for _ in range(length)]
        elif job.classifies:
            rows[-1]["labels"] = generator.randrange(job.get("objective.labels", 2))
    return rows


def scored(job: Job) -> int:
    """Tokens of a sequence whose labels count."""
    return round(job.get("objective.scored_fraction", 1.0) * job.get("batch.sequence_length"))


def collated(trainer: Any) -> list[dict[str, Any]]:
    """A trainer's data set in batches, made by its own collator, on the host."""
    return _batches(trainer, trainer.train_dataset, trainer.args.per_device_train_batch_size)


def evaluated(trainer: Any) -> list[dict[str, Any]]:
    """As ``collated``, of the data set that it evaluates; empty without one."""
    rows = trainer.eval_dataset
    return [] if rows is None else _batches(trainer, rows, trainer.args.per_device_eval_batch_size)


def _batches(trainer: Any, rows: Any, size: int) -> list[dict[str, Any]]:
    return [
        trainer.data_collator([rows[i] for i in range(start, start + size)])
        for start in range(0, len(rows), size)
    ]


class Batches:
    """Stands where a trainer has its data loader.

    As accelerate's DataLoaderShard does, it moves a batch to the device when it is asked for.

    Args:
        place: moves a tensor of the host to the device
        started: called when the first batch is asked for, with nothing of it on the device yet
    """

    def __init__(
        self,
        batches: list[Any],
        place: Callable[[torch.Tensor], torch.Tensor],
        started: Callable[[], None],
    ) -> None:
        self._batches = batches
        self._place = place
        self._started = started
        self.batch_sampler = None
        self.dataset = batches

    def __len__(self) -> int:
        return len(self._batches)

    def __iter__(self) -> Iterator[Any]:
        self._started()
        for batch in self._batches:
            if not isinstance(batch, Mapping):
                # Texts, of which a trainer makes tensors itself.
                yield batch
                continue
            yield {
                name: self._place(value) if isinstance(value, torch.Tensor) else value
                for name, value in batch.items()
            }
