"""fitcheck-llm: fetch_model_config from a prepared Hub cache, and estimate (fitcheck)."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from peers.answer import MIB, Answer
from peers.express import (
    DORA,
    GPTQ,
    TARGETS,
    adapter_targets,
    all_layers_or_none,
    full_logits,
    gptq,
    one_gpu,
    optimizer,
    refuse_if,
)
from peers.job import Job
from peers.tool import Options, Tool

_GPUS = {
    "A100 80GB SXM4": "a100-80",
    "A100 40GB SXM4": "a100-40",
    "H100 SXM5 80GB": "h100",
    "B200 SXM 180GB": "b200",
    "L40S": "l40s",
    "T4": "t4",
    "V100 16GB (SXM2)": "v100-16",
}
_OPTIMIZERS = {"adamw": "adamw", "adamw-8bit": "adam8bit", "sgd": "sgd"}
_ALL = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
_ASSUMED_GPU_MIB = 80 * 1024


def _precision(job: Job) -> str:
    # Its full fine-tuning in half precision keeps fp32 masters: as large as fp32 under autocast.
    if job.method == "full" and job.mixed:
        return job.compute_dtype
    return job.weight_dtype


def _options(job: Job) -> Options:
    one_gpu(job)
    refuse_if(job.method == "dora", DORA)
    refuse_if(gptq(job), GPTQ)
    full_logits(job)
    targets = _ALL if job.method == "full" else sorted(adapter_targets(job))
    refuse_if(not set(targets) <= set(_ALL), TARGETS)
    return {
        "config": dict(job.config),
        "parameters": job.parameters,
        "training": {
            "precision": _precision(job),
            "quantization": "nf4" if job.method == "qlora" else "none",
            "double_quant": job.double_quant,
            "optimizer": optimizer(job, _OPTIMIZERS),
            "optimizer_dtype": "bf16" if job.state_dtype in ("bf16", "fp16") else "fp32",
            "batch_size": job.micro_batch,
            "seq_len": job.sequence_length,
            "lora_rank": None if job.method == "full" else job.lora_rank,
            "lora_targets": list(targets),
            "grad_checkpoint": all_layers_or_none(job),
            "flash_attn": job.attention != "eager",
        },
        "gpu": _GPUS.get(job.gpu_name),
        "vram_mib": (job.gpu_bytes or _ASSUMED_GPU_MIB * MIB) // MIB,
        "gpu_known": job.gpu_bytes is not None,
    }


@cache
def _hub_cache() -> Path:
    directory = Path(tempfile.mkdtemp(prefix="peers-hub-"))
    os.environ["HF_HUB_CACHE"] = str(directory)
    os.environ["HF_HUB_OFFLINE"] = "1"
    return directory


def _into_hub_cache(config: dict[str, Any]) -> str:
    """Lays config.json out as huggingface_hub does, and returns the id it has there."""
    text = json.dumps(config)
    name = hashlib.sha256(text.encode()).hexdigest()[:12]
    root = _hub_cache() / f"models--case--{name}"
    snapshot = root / "snapshots" / ("0" * 40)
    if not snapshot.exists():
        snapshot.mkdir(parents=True)
        (root / "refs").mkdir()
        (root / "refs" / "main").write_text("0" * 40)
        (snapshot / "config.json").write_text(text)
    return f"case/{name}"


def _ask(options: Options) -> Answer:
    model_id = _into_hub_cache(options["config"])
    from fitcheck import TrainingConfig, config_parser, estimate, fetch_model_config, get_gpu

    # Online, the Hub answers this from the safetensors header.
    config_parser._reported_param_count = lambda model_id, token: options["parameters"]
    model = fetch_model_config(model_id)
    gpu = get_gpu(options["gpu"]) if options["gpu"] else get_gpu(vram_mib=options["vram_mib"])
    report = estimate(model, TrainingConfig(**options["training"]), gpu)
    return Answer.of(
        fits=report.fits if options["gpu_known"] else None,
        components=(report.total_mib - report.overhead_mib) * MIB,
        total=report.total_mib * MIB,
    )


TOOL = Tool(
    package="fitcheck-llm",
    version="0.3.1",
    environment="fitcheck-llm",
    scope="full, LoRA and QLoRA on one GPU, dense decoders; logits, measured overhead of a T4",
    mapping=(
        "config.json lies in a Hub cache, and the Hub's answer to its question for the parameter"
        " count is given; so it refuses the models that it refuses online.",
        "`precision` is the dtype of the weights; for full fine-tuning under autocast it is the"
        " autocast dtype, for which the tool adds fp32 masters.",
        "`components` leaves out its overhead (context and fragmentation).",
        "Its verdict is `fits`, against what its own table says a card can use.",
    ),
    options=_options,
    ask=_ask,
)
