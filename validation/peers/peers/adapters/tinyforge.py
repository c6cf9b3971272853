"""tinyforge: estimate_vram_gb, by which it plans its runs (tinyforge/finetune.py)."""

from __future__ import annotations

from peers import shape
from peers.answer import GIB, Answer
from peers.express import (
    DORA,
    ENCODER,
    FUSED_LOSS,
    GPTQ,
    all_layers_or_none,
    encoder,
    gptq,
    one_gpu,
    refuse_if,
)
from peers.job import Job
from peers.shape import Shape
from peers.tool import Options, Tool

FULL = "full fine-tuning"
_BUDGET = 0.80
_OVERHEAD_BYTES = 0.6 * GIB


def _linear_dims(sizes: Shape) -> list[int]:
    """Input and output width of each linear layer that gets an adapter, together."""
    query, keys = sizes.heads * sizes.head_dim, sizes.kv_heads * sizes.head_dim
    attention = [sizes.hidden + width for width in (query, keys, keys, query)]
    # Transformers holds experts in parameters, which its search for linear layers passes over.
    matrices = 0 if sizes.experts > 1 else 3 if sizes.gated else 2
    return (attention + matrices * [sizes.hidden + sizes.intermediate]) * sizes.layers


def _options(job: Job) -> Options:
    one_gpu(job)
    refuse_if(job.method == "full", FULL)
    refuse_if(job.method == "dora", DORA)
    refuse_if(gptq(job), GPTQ)
    refuse_if(encoder(job), ENCODER)
    refuse_if(job.loss == "triton", FUSED_LOSS)
    refuse_if(job.weight_dtype == "fp32", "a base in fp32")
    sizes = shape.read(job.config)
    return {
        "shape": {
            "params": job.parameters,
            "hidden": sizes.hidden,
            "layers": sizes.layers,
            "vocab": sizes.vocabulary,
            "linear_dims": _linear_dims(sizes),
        },
        "config": {
            "max_len": job.sequence_length,
            "lora_r": job.lora_rank,
            "chunked_ce": job.loss != "full",
        },
        "quant": "4bit" if job.method == "qlora" else "none",
        "checkpointing": all_layers_or_none(job),
        "batch": job.micro_batch,
        "gpu_bytes": job.gpu_bytes,
    }


def _ask(options: Options) -> Answer:
    from tinyforge.finetune import FTConfig, estimate_vram_gb

    total = GIB * estimate_vram_gb(
        options["shape"],
        FTConfig(**options["config"]),
        options["quant"],
        options["checkpointing"],
        options["batch"],
    )
    card = options["gpu_bytes"]
    fits = total <= _BUDGET * card if card else None
    return Answer.of(fits=fits, components=total - _OVERHEAD_BYTES, total=total)


TOOL = Tool(
    package="tinyforge",
    version="0.1.2",
    environment="torch",
    scope="LoRA and QLoRA on one GPU in its own trainer; logits, whole or in chunks",
    mapping=(
        "The numbers it would read from a meta model, with the exact parameter count.",
        "Adapters are on all linear layers always; attention has no option.",
        "Chunked, Liger and Cut Cross-Entropy losses are its chunked loss.",
        "`components` leaves out 0.6 GiB of overhead.",
        "Its verdict is its planner's: the total within 80 % of the card.",
    ),
    options=_options,
    ask=_ask,
)
