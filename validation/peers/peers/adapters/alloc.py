"""alloc: ghost(param_count=...) (alloc/ghost.py)."""

from __future__ import annotations

from peers import shape
from peers.answer import GIB, Answer
from peers.express import ADAPTERS, ANY_CHECKPOINTING, one_gpu, optimizer, refuse_if
from peers.job import Job
from peers.tool import Options, Tool

_OPTIMIZERS = {
    "adamw": "AdamW",
    "adamw-8bit": "AdamW8bit",
    "sgd": "SGD",
    "adafactor": "Adafactor",
}
_BUFFER = 1.1


def _options(job: Job) -> Options:
    one_gpu(job)
    refuse_if(job.method != "full", ADAPTERS)
    refuse_if(job.checkpointing != "none", ANY_CHECKPOINTING)
    return {
        "param_count": job.parameters,
        "dtype": "fp32" if job.weight_dtype == "fp32" and not job.mixed else job.compute_dtype,
        "batch_size": job.micro_batch,
        "seq_length": job.sequence_length,
        "hidden_dim": shape.read(job.config).hidden,
        "optimizer_type": optimizer(job, _OPTIMIZERS),
    }


def _ask(options: Options) -> Answer:
    from alloc.ghost import ghost

    report = ghost(**options)
    total = report.total_gb * GIB
    return Answer.of(components=total / _BUFFER, total=total)


TOOL = Tool(
    package="alloc",
    version="0.0.16",
    environment="alloc",
    scope="full fine-tuning on one GPU from the parameter count and the hidden size",
    mapping=(
        "`dtype` is the autocast dtype where there is one: the tool adds fp32 masters to it.",
        "`components` leaves out its 10 % of buffers.",
    ),
    options=_options,
    ask=_ask,
)
