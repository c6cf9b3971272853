"""torch-kitsune: predict_memory, estimate_lora_memory, estimate_multi_gpu (kitsune/predict)."""

from __future__ import annotations

from peers.answer import Answer
from peers.express import (
    ADAMW_OR_SGD,
    ADAPTERS,
    ANY_CHECKPOINTING,
    DORA,
    GPTQ,
    MODEL_PARALLEL,
    OFFLOAD,
    gptq,
    optimizer,
    refuse_if,
)
from peers.job import Job
from peers.meta_model import REMOTE_CODE, build
from peers.tool import Options, Tool

_DTYPES = {"fp32": "float32", "bf16": "bfloat16", "fp16": "float16"}
_REMOTE = ("qwen", "baichuan", "chatglm")
_OVERHEAD = 1.15


def _strategy(job: Job) -> str:
    if job.strategy.startswith("zero"):
        return job.strategy
    return "zero3" if job.reshard_after_forward else "zero2"


def _options(job: Job) -> Options:
    refuse_if(job.tensor > 1 or job.pipeline > 1 or job.expert > 1, MODEL_PARALLEL)
    refuse_if(bool(job.offload), OFFLOAD)
    refuse_if(job.method == "dora", DORA)
    refuse_if(gptq(job), GPTQ)
    refuse_if(job.method != "full" and job.shard > 1, f"{ADAPTERS} on several GPUs")
    refuse_if(job.checkpointing != "none", ANY_CHECKPOINTING)
    refuse_if(job.config["model_type"] in _REMOTE, REMOTE_CODE)
    all_linear = job.lora_targets == ("all-linear",)
    qlora = job.method == "qlora"
    return {
        "config": dict(job.config),
        # It takes a base of 4 bits to be an eighth of the model, which so has to be in fp32.
        "model_dtype": "float32" if qlora else _DTYPES[job.weight_dtype],
        "dtype": _DTYPES[job.compute_dtype],
        "length": job.sequence_length,
        "micro_batch": job.micro_batch,
        "optimizer": optimizer(job, ADAMW_OR_SGD),
        "shard": job.shard,
        "strategy": _strategy(job),
        "lora": None
        if job.method == "full"
        else {
            "rank": job.lora_rank,
            "target_modules": ["_proj", "dense", "fc"] if all_linear else list(job.lora_targets),
            "use_qlora": qlora,
            "optimizer": optimizer(job, ADAMW_OR_SGD),
        },
    }


def _ask(options: Options) -> Answer:
    from kitsune import predict

    model = build(options["config"], options["model_dtype"])
    shape, dtype, batch = (options["length"],), options["dtype"], options["micro_batch"]
    if options["lora"]:
        config = predict.LoRAConfig(**options["lora"])
        total = predict.estimate_lora_memory(model, shape, batch, dtype, config).total_bytes
    elif options["shard"] > 1:
        total = predict.estimate_multi_gpu(
            model,
            shape,
            batch * options["shard"],
            dtype,
            options["optimizer"],
            options["strategy"],
            options["shard"],
        ).total_bytes
    else:
        total = predict.predict_memory(model, shape, batch, dtype, options["optimizer"]).total_bytes
    return Answer.of(components=total / _OVERHEAD, total=total)


TOOL = Tool(
    package="torch-kitsune",
    version="0.7.0",
    environment="torch",
    scope="full, LoRA and QLoRA on one GPU, full under ZeRO; no activation checkpointing",
    mapping=(
        "It gets a meta model in the dtype of the weights, and the autocast dtype for activations.",
        "FSDP is ZeRO-3, or ZeRO-2 without resharding.",
        "`components` leaves out its 15 % of overhead.",
    ),
    options=_options,
    ask=_ask,
)
