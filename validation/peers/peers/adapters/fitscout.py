"""fitscout: ModelProfile and estimate_memory (fitscout/memory/estimator.py)."""

from __future__ import annotations

from peers import shape
from peers.answer import GIB, Answer
from peers.express import (
    DORA,
    GPTQ,
    all_layers_or_none,
    full_logits,
    gptq,
    one_gpu,
    optimizer,
    refuse_if,
)
from peers.job import Job
from peers.tool import Options, Tool

_BUDGET = 0.90
_OPTIMIZERS = {"adamw": "32bit", "adamw-8bit": "8bit"}


def _options(job: Job) -> Options:
    one_gpu(job)
    refuse_if(job.method == "dora", DORA)
    refuse_if(gptq(job), GPTQ)
    full_logits(job)
    sizes = shape.read(job.config)
    half = job.method == "full" and job.mixed
    return {
        "profile": {
            "params": job.parameters,
            "num_layers": sizes.layers,
            "hidden_size": sizes.hidden,
            "num_attention_heads": sizes.heads,
            "num_kv_heads": sizes.kv_heads,
            "intermediate_size": sizes.intermediate,
            "vocab_size": sizes.vocabulary,
            "tie_word_embeddings": sizes.tied,
            "num_experts": sizes.experts,
            # Its optimizer keeps fp32 masters: half precision beside them is fp32 under autocast.
            "dtype_bytes": 4 if job.weight_dtype == "fp32" and not half else 2,
        },
        "settings": {
            "method": job.method,
            "micro_batch": job.micro_batch,
            "seq_len": job.sequence_length,
            "grad_ckpt": all_layers_or_none(job),
            "opt_8bit": optimizer(job, _OPTIMIZERS) == "8bit",
            "lora_rank": job.lora_rank,
        },
        "gpu_bytes": job.gpu_bytes,
    }


def _ask(options: Options) -> Answer:
    from fitscout.memory.estimator import estimate_memory
    from fitscout.model.profile import ModelProfile

    estimated = estimate_memory(ModelProfile(**options["profile"]), **options["settings"])
    card = options["gpu_bytes"]
    return Answer.of(
        fits=estimated.upper_gb * GIB <= _BUDGET * card if card else None,
        components=(estimated.total_gb - estimated.overhead_gb) * GIB,
        total=estimated.total_gb * GIB,
    )


TOOL = Tool(
    package="fitscout",
    version="0.1.1",
    environment="fitscout",
    scope="full, LoRA and QLoRA on one GPU; logits; attention matrices when nothing is recomputed",
    mapping=(
        "All of `ModelProfile` from config.json, with the exact parameter count.",
        "Adapters are on query and value always; fused attention has no option.",
        "`components` leaves out 1.5 GiB for the CUDA context.",
        "Its verdict is its advisor's: 1.2 times the total within 90 % of the card.",
    ),
    options=_options,
    ask=_ask,
)
