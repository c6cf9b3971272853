"""vramcalc: estimate(..., mode="train") on the config.json (vramcalc/estimate.py)."""

from __future__ import annotations

from peers.answer import Answer
from peers.express import (
    ADAMW_OR_SGD,
    DORA,
    QUANTISED_BASE,
    all_layers_or_none,
    full_logits,
    one_gpu,
    optimizer,
    refuse_if,
)
from peers.job import Job
from peers.tool import Options, Tool


def _options(job: Job) -> Options:
    one_gpu(job)
    refuse_if(job.method == "dora", DORA)
    refuse_if(job.quantization != "none", QUANTISED_BASE)
    full_logits(job)
    return {
        "model": dict(job.config),
        "gpu_bytes": job.gpu_bytes,
        "arguments": {
            "mode": "train",
            "dtype": job.compute_dtype,
            "batch": job.micro_batch,
            "seq_len": job.sequence_length,
            "lora_rank": None if job.method == "full" else job.lora_rank,
            "grad_checkpoint": all_layers_or_none(job),
            "optimizer": optimizer(job, ADAMW_OR_SGD),
            "precision": "amp" if job.weight_dtype == "fp32" else "pure",
            "attn_impl": "sdpa" if job.attention == "flex" else job.attention,
        },
    }


def _ask(options: Options) -> Answer:
    from vramcalc import estimate

    estimated = estimate(options["model"], **options["arguments"])
    card = options["gpu_bytes"]
    return Answer.of(
        fits=estimated.fits(card / 1e9).ok if card else None,
        components=estimated.total,
        total=estimated.total + estimated.overhead,
    )


TOOL = Tool(
    package="vramcalc",
    version="0.1.2",
    environment="vramcalc",
    scope="full and LoRA on one GPU, five families of dense decoders; logits, autocast copies",
    mapping=(
        "`precision` is `amp` where the weights are fp32, otherwise `pure`.",
        "Adapters are on the attention projections always; other targets have no option.",
        "`components` is its total, to which it adds 0.75 GB of overhead for the verdict.",
    ),
    options=_options,
    ask=_ask,
)
