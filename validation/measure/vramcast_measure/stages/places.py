"""EBFT of texts as Axolotl trains it: its own trainer over Transformers', which generates at places all over a text."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import torch

from ..job import Job, JobError
from ..model import adapt
from ..trainers import arguments
from . import features


def is_one(job: Job) -> bool:
    """Whether a job generates at places of a text."""
    return job.stage == "ebft-strided"


def rows(job: Job, steps: int) -> list[dict[str, Any]]:
    """Texts of full length, without labels: what does not say where its answer begins has none."""
    count = steps * int(job.get("batch.micro_batch", 1)) * int(job.get("batch.grad_accum", 1))
    ids = [3 + place % 64 for place in range(int(job.get("batch.sequence_length", 1024)))]
    return [{"input_ids": list(ids), "attention_mask": [1] * len(ids)} for _ in range(count)]


def build(job: Job, base: Any, examples: list[dict[str, Any]], steps: int) -> Any:
    """A trainer that is ready for ``train()``."""
    from datasets import Dataset
    from transformers import TrainingArguments, default_data_collator

    settings = TrainingArguments(**arguments(job, steps))
    settings.__dict__.update(_settings(job))
    return _trainer()(
        model=adapt(base, job) if job.adapts else base,
        args=settings,
        train_dataset=Dataset.from_list(examples),
        data_collator=default_data_collator,
    )


def _settings(job: Job) -> dict[str, Any]:
    """Of core/trainers/ebft/args.py."""
    return {
        "ebft_stride": job.get("objective.stride", 8),
        "ebft_context_length": job.get("objective.prompt_length", 8),
        "ebft_generate_max_len": job.get("objective.completion_length", 8),
        "ebft_n_samples_per_prompt": job.get("generation.group_size", 4),
        "ebft_ce_coef": job.get("objective.alpha", 0.0),
        "ebft_use_whitening": False,
    }


class _Mixin:
    """What stands for Axolotl's mixins, which move data, rates and ranks."""


def _trainer() -> type:
    found = importlib.util.find_spec("axolotl")
    if found is None or not found.submodule_search_locations:
        raise JobError("framework.name: axolotl is not in VRAMCAST_MEASURE_LIBRARIES")
    folder = Path(found.submodule_search_locations[0], "core", "trainers", "ebft")
    stand_in, read = features.stand_in, features.read
    stand_in("axolotl.utils.logging", get_logger=features.logger)
    mixins = ("DistributedParallelMixin", "RngLoaderMixin", "SchedulerMixin")
    stand_in("axolotl.core.trainers.mixins", **{name: type(name, (_Mixin,), {}) for name in mixins})
    of_optimizer = ("OptimizerInitMixin", "OptimizerMixin")
    stand_in("axolotl.core.trainers.mixins.optimizer", **{name: type(name, (_Mixin,), {}) for name in of_optimizer})
    kernels = ("cosine_similarity", "diversity_penalty", "log_softmax_gather", "reinforce_loss")
    stand_in("axolotl.core.trainers.ebft.kernels", **{f"fused_{name}": None for name in kernels})
    read("axolotl.core.trainers.ebft.rewards", folder / "rewards.py")
    strided = read("axolotl.core.trainers.ebft.strided", folder / "strided.py")
    strided.create_block_mask = lambda *_, **__: None
    _flex()
    return strided.AxolotlStridedEBFTTrainer


def _flex() -> None:
    """PyTorch compiles flex attention, which is not run here: a kernel of FlashAttention saves what it does."""
    from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

    def attention(module: Any, q: Any, k: Any, v: Any, mask: Any, **named: Any) -> Any:
        with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.FLASH_ATTENTION):
            out = torch.nn.functional.scaled_dot_product_attention(
                q, k, v, is_causal=True, scale=named.get("scaling"), enable_gqa=True
            )
        return out.transpose(1, 2).contiguous(), None

    ALL_ATTENTION_FUNCTIONS["flex_attention"] = attention
