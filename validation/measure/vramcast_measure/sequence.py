"""Sequences of which each rank has a share: context parallelism."""

from __future__ import annotations

from typing import Any

import torch

from .data import IGNORED
from .job import Job, JobError

_STRATEGIES = {"allgather": "allgather", "ring": "alltoall"}
"""accelerate's ``cp_comm_strategy`` by the job's scheme."""


def ranks(job: Job) -> int:
    """Among how many a sequence is divided."""
    return int(job.get("parallelism.context", 1))


def scheme(job: Job) -> str:
    return str(job.get("parallelism.sequence_scheme", "allgather"))


def rank(job: Job) -> int:
    """The one to count: the last merges what it attends to in each part of a shared sequence."""
    return job.gpus - 1 if ranks(job) > 1 else 0


def settings(job: Job) -> dict[str, Any]:
    """What TrainingArguments take for accelerate's own context parallelism."""
    if ranks(job) == 1 or scheme(job) == "ulysses":
        return {}
    from accelerate import ParallelismConfig
    from accelerate.utils import TorchContextParallelConfig

    if job.get("parallelism.strategy") != "fsdp2":
        raise JobError("parallelism.context: accelerate divides sequences under fsdp2")
    shard = job.gpus // ranks(job)
    handler = TorchContextParallelConfig(cp_comm_strategy=_STRATEGIES[scheme(job)])
    return {
        "parallelism_config": ParallelismConfig(
            dp_shard_size=shard, cp_size=ranks(job), cp_handler=handler
        )
    }


def install(job: Job, model: Any) -> None:
    """DeepSpeed's Ulysses around the attention that a model asks for, as
    ``UlyssesSPAttentionHF.register_with_transformers`` puts it there."""
    if ranks(job) == 1 or scheme(job) != "ulysses":
        return
    if ranks(job) != job.gpus:
        raise JobError("parallelism.context: ulysses is measured over all GPUs")
    from deepspeed.runtime.sequence_parallel import ulysses_sp
    from deepspeed.sequence import layer
    from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

    # DeepSpeed's own module of the same functions wants an engine.
    for module in (ulysses_sp, layer):
        module.dist = torch.distributed
    config = model.config.get_text_config()
    name = config._attn_implementation
    heads = config.num_attention_heads
    around = ulysses_sp.UlyssesSPAttentionHF(
        attn=ALL_ATTENTION_FUNCTIONS[name],
        batch_size=job.get("batch.micro_batch", 1),
        attn_head_count=heads,
        attn_head_size=getattr(config, "head_dim", None) or config.hidden_size // heads,
        kv_head_count=config.num_key_value_heads,
        num_hidden_layers=config.num_hidden_layers,
        process_group=torch.distributed.group.WORLD,
        seq_length_is_variable=True,
    )
    around.core_attn_implementation = name

    def attention(module: Any, q: Any, k: Any, v: Any, mask: Any, *args: Any, **named: Any) -> Any:
        return around(module, q, k, v, None, *args, **named)

    ALL_ATTENTION_FUNCTIONS[name] = attention


def shares(job: Job, batches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A rank's share of each batch, as DeepSpeed's UlyssesSPDataLoaderAdapter cuts it; batches that
    accelerate divides by itself stay whole."""
    if ranks(job) == 1 or scheme(job) != "ulysses":
        return batches
    return [_share(job, batch) for batch in batches]


def _share(job: Job, batch: dict[str, Any]) -> dict[str, Any]:
    shifted = torch.nn.functional.pad(batch["labels"], (0, 1), value=IGNORED)[..., 1:]
    length = shifted.shape[1]
    places = torch.arange(length).expand(shifted.shape[0], -1)
    whole = {"input_ids": batch["input_ids"], "position_ids": places, "shift_labels": shifted}
    own = {name: value[:, : length // ranks(job)].contiguous() for name, value in whole.items()}
    # transformers/integrations/deepspeed.py deepspeed_sp_compute_loss
    return {**own, "labels": own["shift_labels"]}
