"""DeepSpeed's ZeRO, as a configuration of the Trainer's asks for it."""

from __future__ import annotations

from typing import Any

from .job import Job, JobError

_STAGES = {"zero1": 1, "zero2": 2, "zero3": 3}


def is_one(job: Job) -> bool:
    """Whether DeepSpeed's engine trains a job."""
    return job.get("parallelism.strategy", "none") in _STAGES


def half_precision(job: Job) -> dict[str, bool]:
    """``bf16`` and ``fp16`` of TrainingArguments: autocast, but for DeepSpeed, which casts the model in its place."""
    precision = job.get("precision")
    if precision is None:
        return {}
    return {half: precision == f"{half}-mixed" or (precision == half and is_one(job)) for half in ("bf16", "fp16")}


def rank(job: Job) -> int:
    """The one to count: in stages 1 and 2 the last has a part of the first gradients that are reduced."""
    return job.gpus - 1 if job.get("parallelism.strategy", "none") in ("zero1", "zero2") else 0


def configuration(job: Job) -> dict[str, Any]:
    """What TrainingArguments takes as ``deepspeed``; ``auto`` is what the Trainer decides."""
    if job.bits:
        raise JobError("parallelism.strategy: ZeRO over quantised weights can not be measured")
    if job.get("parallelism.zero_init", False):
        raise JobError("parallelism.zero_init: models are made whole, for which DeepSpeed 0.19.4 needs no zero.Init")
    stage = _STAGES[job.get("parallelism.strategy")]
    zero: dict[str, Any] = {"stage": stage}
    if job.get("framework.name", "transformers") == "transformers":
        zero.update(_published(stage))
    zero.update(_sizes(job, stage))
    zero.update(_offloaded(job))
    return {
        "bf16": {"enabled": "auto"},
        "fp16": {"enabled": "auto"},
        "zero_optimization": zero,
        "zero_allow_untested_optimizer": True,
        "gradient_accumulation_steps": "auto",
        "gradient_clipping": "auto",
        "train_batch_size": "auto",
        "train_micro_batch_size_per_gpu": "auto",
    }


def _published(stage: int) -> dict[str, Any]:
    """Buckets as in Transformers' tests/deepspeed/ds_config_zero2.json and ds_config_zero3.json."""
    if stage < 3:
        return {"allgather_bucket_size": 2e8, "reduce_bucket_size": 2e8, "overlap_comm": True}
    return {
        "overlap_comm": True,
        "reduce_bucket_size": "auto",
        "stage3_prefetch_bucket_size": "auto",
        "stage3_param_persistence_threshold": "auto",
    }


_SIZES = {
    "parallelism.reduce_bucket_size": "reduce_bucket_size",
    "parallelism.overlap_comm": "overlap_comm",
    "parallelism.prefetch_bucket_size": "stage3_prefetch_bucket_size",
    "parallelism.param_persistence_threshold": "stage3_param_persistence_threshold",
    "parallelism.max_live_parameters": "stage3_max_live_parameters",
}


def _sizes(job: Job, stage: int) -> dict[str, Any]:
    """What a job says of buckets, over what ``auto`` makes of the hidden size where it asks for that."""
    stated = {name: job.get(key) for key, name in _SIZES.items() if job.get(key) is not None}
    if job.get("parallelism.zero_sizes") != "auto":
        return stated
    of_hidden = ["reduce_bucket_size"]
    if stage == 3:
        of_hidden += ["stage3_prefetch_bucket_size", "stage3_param_persistence_threshold"]
    return {**dict.fromkeys(of_hidden, "auto"), **stated}


def _offloaded(job: Job) -> dict[str, Any]:
    """What is kept in host memory."""
    names = {"optimizer": "offload_optimizer", "parameters": "offload_param"}
    parts = job.get("parallelism.offload", [])
    unknown = set(parts) - names.keys()
    if unknown:
        raise JobError(f"parallelism.offload: {min(unknown)} can not be measured")
    return {names[part]: {"device": "cpu", "pin_memory": True} for part in parts}
