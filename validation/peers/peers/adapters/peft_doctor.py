"""peft-doctor: estimate_vram_gb (peft_doctor/estimator.py)."""

from __future__ import annotations

from peers import shape
from peers.answer import GIB, Answer
from peers.express import DORA, all_layers_or_none, one_gpu, only_adamw, refuse_if
from peers.job import Job
from peers.tool import Options, Tool


def _options(job: Job) -> Options:
    one_gpu(job)
    refuse_if(job.method == "dora", DORA)
    refuse_if(job.quantization.endswith("int8"), "a base quantised to 8 bit")
    only_adamw(job)
    sizes = shape.read(job.config)
    return {
        "model": job.model_id or "model",
        "seq_len": job.sequence_length,
        "batch_size": job.micro_batch,
        "qlora": job.quantization != "none",
        "lora": job.method != "full",
        "gradient_checkpointing": all_layers_or_none(job),
        "params_billion": job.parameters / 1e9,
        "hidden_size": sizes.hidden,
        "num_layers": sizes.layers,
    }


def _ask(options: Options) -> Answer:
    from peft_doctor.estimator import estimate_vram_gb

    report = estimate_vram_gb(**options)
    parts = next(issue for issue in report.issues if issue.code == "estimate.total_vram")
    total = report.metadata["estimated_total_gb"]
    overhead = parts.details["overhead_gb"]
    return Answer.of(components=(total - overhead) * GIB, total=total * GIB)


TOOL = Tool(
    package="peft-doctor",
    version="0.9.2",
    environment="peft-doctor",
    scope="full, LoRA and QLoRA on one GPU, by a planning formula",
    mapping=(
        "Parameter count, hidden size and layers are given; rank, targets, dtypes and attention"
        " have no option.",
        "A 4-bit GPTQ base is `--qlora`.",
        "`components` leaves out its overhead (fragmentation).",
    ),
    options=_options,
    ask=_ask,
)
