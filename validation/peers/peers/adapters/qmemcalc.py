"""qmemcalc: estimate_memory on a folder with the config.json (qmemcalc/memory.py)."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path

from peers import shape
from peers.answer import Answer
from peers.express import ADAMW_OR_SGD, DORA, all_layers_or_none, one_gpu, optimizer, refuse_if
from peers.job import Job
from peers.tool import Options, Tool

_BYTES_IN_MB = 1e6
# The two numbers it would read from a config are passed, so that any readable config will do.
_PLACEHOLDER = {"model_type": "llama"}


def _quantization(job: Job) -> str:
    if job.quantization == "none":
        return "none"
    return "8bit" if job.quantization.endswith("int8") else "4bit"


def _options(job: Job) -> Options:
    one_gpu(job)
    refuse_if(job.method == "dora", DORA)
    sizes = shape.read(job.config)
    full = job.method == "full"
    return {
        "batch_size": job.micro_batch,
        "seq_len": job.sequence_length,
        "lora_r": 0 if full else job.lora_rank,
        "precision": job.weight_dtype,
        "quantization": _quantization(job),
        "optimizer": optimizer(job, ADAMW_OR_SGD),
        "num_trainable_params": job.parameters if full else None,
        "hidden_size": sizes.hidden,
        "num_layers": sizes.layers,
        "gradient_checkpointing": all_layers_or_none(job),
    }


@cache
def _folder() -> str:
    directory = tempfile.mkdtemp(prefix="peers-config-")
    (Path(directory) / "config.json").write_text(json.dumps(_PLACEHOLDER))
    return directory


def _ask(options: Options) -> Answer:
    from qmemcalc.memory import estimate_memory

    result = estimate_memory(_folder(), **options)
    total = result["total_MB"]
    return Answer.of(
        components=(total - result["buffers_MB"]) * _BYTES_IN_MB, total=total * _BYTES_IN_MB
    )


TOOL = Tool(
    package="qmemcalc",
    version="0.1.1",
    environment="torch",
    scope="LoRA and QLoRA on one GPU from hidden size and layers",
    mapping=(
        "Hidden size and layers are passed; the parameter count it guesses from these, as it does"
        " for any current config.",
        "For full fine-tuning all parameters are passed as its trainable ones.",
        "`components` leaves out its 10 % of buffers.",
    ),
    options=_options,
    ask=_ask,
)
