"""hf-vram-calc: VRAMCalculator (hf_vram_calc/calculator.py)."""

from __future__ import annotations

from peers.answer import GIB, Answer
from peers.express import DORA, one_gpu, only_adamw, refuse_if
from peers.job import Job
from peers.tool import Options, Tool

_DTYPES = {"nf4": "int4", "gptq-int4": "int4", "gptq-int8": "int8"}
_FULL_OVERHEAD, _LORA_OVERHEAD = 1.3, 1.2


def _options(job: Job) -> Options:
    one_gpu(job)
    refuse_if(job.method == "dora", DORA)
    only_adamw(job)
    return {
        "parameters": job.parameters,
        "dtype": _DTYPES.get(job.quantization, job.weight_dtype),
        "lora_rank": None if job.method == "full" else job.lora_rank,
    }


def _ask(options: Options) -> Answer:
    from hf_vram_calc.calculator import VRAMCalculator
    from hf_vram_calc.config import ConfigManager

    calculator = VRAMCalculator(ConfigManager())
    weights = calculator.calculate_model_memory(options["parameters"], options["dtype"])
    if options["lora_rank"] is None:
        total, overhead = calculator.calculate_training_memory(weights), _FULL_OVERHEAD
    else:
        total = calculator.calculate_lora_memory(
            weights, options["parameters"], options["lora_rank"]
        )
        overhead = _LORA_OVERHEAD
    return Answer.of(components=total / overhead * GIB, total=total * GIB)


TOOL = Tool(
    package="hf-vram-calc",
    version="1.0.9",
    environment="torch",
    scope="full and LoRA on one GPU as a multiple of the weights; batch and length play no part",
    mapping=(
        "The exact parameter count, which it would count on a meta model itself.",
        "A base in NF4 or GPTQ is its `int4` or `int8`.",
        "`components` leaves out its factor of 1.3, or 1.2 for LoRA.",
    ),
    options=_options,
    ask=_ask,
)
