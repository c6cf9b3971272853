"""Trainers of stages that are not supervised, set up for a job as their users do it: TRL's, and
sentence-transformers' for embeddings."""

from __future__ import annotations

from typing import Any

from ..job import Job, JobError
from ..marks import Marks
from . import distilled, embedding, logits, online, pairs, places, proximal, steps as process, valued

_PAIRED = ("dpo", "kto", "bco", "orpo", "cpo", "reward")
_ONLINE = ("grpo", "rloo", "ebft", "distillation")
_OWN = ("ppo",)


def is_one(job: Job) -> bool:
    """Whether a job's stage is not supervised."""
    known = _PAIRED + _ONLINE + _OWN
    return (job.stage in known and not logits.is_one(job)) or job.embeds or process.is_one(job) or places.is_one(job)


def rows(job: Job, steps: int) -> list[dict[str, Any]]:
    """Examples, as texts."""
    if job.embeds:
        return embedding.rows(job, steps)
    if valued.is_one(job):
        return []
    framework = "axolotl" if job.stage in ("ebft", "ebft-strided") else "trl"
    if job.get("framework.name") != framework:
        known = "trl or llama-factory" if job.stage in _OWN else framework
        raise JobError(f"objective.stage: {job.stage} can be measured with framework.name {known} alone")
    if distilled.is_one(job):
        return distilled.rows(job, steps)
    if proximal.is_one(job):
        return proximal.rows(job, steps)
    if process.is_one(job):
        return process.rows(job, steps)
    if places.is_one(job):
        return places.rows(job, steps)
    return pairs.rows(job, steps) if job.stage in _PAIRED else online.rows(job)


def build(job: Job, base: Any, examples: list[dict[str, Any]], steps: int) -> Any:
    """A trainer that is ready for ``train()``."""
    if job.embeds:
        return embedding.build(job, base, examples, steps)
    if valued.is_one(job):
        return valued.build(job, base, steps)
    if distilled.is_one(job):
        return distilled.build(job, base, examples, steps)
    if proximal.is_one(job):
        return proximal.build(job, base, examples, steps)
    if process.is_one(job):
        return process.build(job, base, examples, steps)
    if places.is_one(job):
        return places.build(job, base, examples, steps)
    make = pairs.build if job.stage in _PAIRED else online.build
    return make(job, base, examples, steps)


def batches(job: Job, trainer: Any, steps: int) -> list[Any]:
    """What a trainer's own loader gives, on the host."""
    if job.embeds:
        return embedding.batches(job, steps)
    if valued.is_one(job):
        return valued.batches(job, steps)
    if distilled.is_one(job):
        return distilled.batches(job, trainer, steps)
    if proximal.is_one(job):
        return proximal.batches(job, steps)
    if job.stage in _ONLINE:
        return online.batches(job, trainer, steps)
    from ..data import collated

    return collated(trainer)


def evaluated(job: Job, trainer: Any) -> list[Any]:
    """What the loader of an evaluation gives, on the host; empty without one."""
    if not job.evaluates:
        return []
    if job.stage not in _PAIRED:
        raise JobError(f"evaluation.batches: with objective.stage {job.stage} can not be measured")
    from ..data import evaluated as of_trainer

    return of_trainer(trainer)


def mark(job: Job, trainer: Any, marks: Marks) -> None:
    """Tells the parts of a step that come before its first forward pass."""
    if job.stage in _ONLINE and not distilled.is_one(job):
        online.mark(trainer, marks)
    if valued.is_one(job):
        valued.mark(job, trainer, marks)
    elif proximal.is_one(job):
        proximal.mark(trainer, marks)
    if job.embeds:
        embedding.mark(trainer, marks)
