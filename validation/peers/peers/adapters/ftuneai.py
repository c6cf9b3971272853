"""ftuneai: ModelSpec, TrainingConfig and MemoryEstimator (ftuneai/core/memory.py)."""

from __future__ import annotations

from peers import shape
from peers.answer import GIB, Answer
from peers.express import (
    DORA,
    MODEL_PARALLEL,
    OFFLOAD,
    TARGETS,
    adapter_scope,
    all_layers_or_none,
    optimizer,
    refuse_if,
)
from peers.job import Job
from peers.tool import Options, Tool

_OVERHEAD = 0.20
_OPTIMIZERS = {"adamw": "adamw", "adamw-8bit": "adam_8bit", "sgd": "sgd", "adafactor": "adafactor"}
_SCOPES = {"query-value": "attention", "attention": "attention_all", "all-linear": "all_linear"}
_DTYPES = {"fp32": "float32", "bf16": "bfloat16", "fp16": "float16"}


def _sharding(job: Job) -> str:
    if job.shard == 1:
        return "none"
    if job.strategy.startswith("zero"):
        return f"zero_{job.strategy[-1]}"
    return "fsdp" if job.reshard_after_forward else "fsdp_shard_grad"


def _quantization(job: Job) -> str:
    if job.quantization == "none":
        return "none"
    return "8bit" if job.quantization.endswith("int8") else "4bit"


def _options(job: Job) -> Options:
    refuse_if(job.tensor > 1 or job.pipeline > 1 or job.expert > 1, MODEL_PARALLEL)
    refuse_if(bool(job.offload), OFFLOAD)
    refuse_if(job.method == "dora", DORA)
    scope = adapter_scope(job) if job.method != "full" else "query-value"
    refuse_if(scope is None, TARGETS)
    sizes = shape.read(job.config)
    return {
        "spec": {
            "name": job.model_id,
            "parameters": job.parameters,
            "hidden_size": sizes.hidden,
            "num_layers": sizes.layers,
            "num_attention_heads": sizes.heads,
            "num_kv_heads": sizes.kv_heads,
            "intermediate_size": sizes.intermediate,
            "vocab_size": sizes.vocabulary,
            "max_seq_length": max(sizes.positions, job.sequence_length),
            "default_dtype": _DTYPES[job.weight_dtype],
            "is_moe": sizes.experts > 1,
            "num_experts": sizes.experts if sizes.experts > 1 else None,
            "num_active_experts": sizes.experts_per_token if sizes.experts > 1 else None,
        },
        "config": {
            "method": job.method,
            "quantization": _quantization(job),
            "batch_size": job.micro_batch,
            "seq_length": job.sequence_length,
            "gradient_checkpointing": all_layers_or_none(job),
            "optimizer": optimizer(job, _OPTIMIZERS),
            "lora_rank": job.lora_rank,
            "lora_target": _SCOPES[scope or "query-value"],
            "flash_attention": job.attention != "eager",
            "sharding": _sharding(job),
            "num_gpus": job.shard,
        },
    }


def _ask(options: Options) -> Answer:
    from ftuneai.core import models
    from ftuneai.core.memory import MemoryEstimator

    enums = {
        "method": models.FineTuneMethod,
        "quantization": models.Quantization,
        "optimizer": models.OptimizerType,
        "lora_target": models.LoRATarget,
        "sharding": models.ShardingStrategy,
    }
    config = {key: enums.get(key, lambda x: x)(value) for key, value in options["config"].items()}
    spec = models.ModelSpec(**options["spec"])
    total = MemoryEstimator(spec, models.TrainingConfig(**config)).estimate().total_gb * GIB
    return Answer.of(components=total / (1 + _OVERHEAD), total=total)


TOOL = Tool(
    package="ftuneai",
    version="0.4.1",
    environment="ftuneai",
    scope="full, LoRA and QLoRA; ZeRO 1 to 3 and FSDP; activations by a factor per layer",
    mapping=(
        "All of `ModelSpec` from config.json, with the exact parameter count.",
        "Fused attention, `flash` or `sdpa`, is its `flash_attention`.",
        "FSDP that does not reshard after the forward pass is `fsdp_shard_grad`.",
        "A GPTQ base is LoRA with `quantization` of 4 or 8 bit.",
        "`components` leaves out the 20 % for the CUDA context and fragmentation.",
    ),
    options=_options,
    ask=_ask,
)
