"""vram-check: estimate(num_params, ...) (vram_check/estimator.py)."""

from __future__ import annotations

from peers.answer import GIB, Answer
from peers.express import (
    ADAMW_OR_SGD,
    ADAPTERS,
    ANY_CHECKPOINTING,
    one_gpu,
    optimizer,
    refuse_if,
)
from peers.job import Job
from peers.tool import Options, Tool


def _options(job: Job) -> Options:
    one_gpu(job)
    refuse_if(job.method != "full", ADAPTERS)
    refuse_if(job.checkpointing != "none", ANY_CHECKPOINTING)
    return {
        "estimate": {
            "num_params": job.parameters,
            "batch_size": job.micro_batch,
            "dtype": job.weight_dtype,
            "optimizer": optimizer(job, ADAMW_OR_SGD),
            "seq_len": job.sequence_length,
        },
        "gpu_bytes": job.gpu_bytes,
    }


def _ask(options: Options) -> Answer:
    from vram_check.estimator import estimate

    estimated = estimate(**options["estimate"])
    card = options["gpu_bytes"]
    fits = estimated.fits_on(card / GIB) if card else None
    return Answer.of(fits=fits, total=estimated.total_bytes)


TOOL = Tool(
    package="vram-check",
    version="0.1.1",
    environment="vram-check",
    scope="full fine-tuning on one GPU; activations are twice the weights a sample at any length",
    mapping=(
        "The exact parameter count and the dtype of the weights.",
        "Its verdict is its own: the total within 90 % of the card.",
    ),
    options=_options,
    ask=_ask,
)
