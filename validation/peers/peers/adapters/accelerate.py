"""accelerate estimate-memory: its functions (accelerate/commands/estimate.py) on a meta model."""

from __future__ import annotations

from peers.answer import Answer
from peers.express import ADAPTERS, one_gpu, only_adamw, refuse_if
from peers.job import Job
from peers.tool import Options, Tool

_FP32_BYTES = 4


def _options(job: Job) -> Options:
    one_gpu(job)
    refuse_if(job.method != "full", ADAPTERS)
    only_adamw(job)
    half = job.mixed or job.weight_dtype != "fp32"
    return {
        "config": dict(job.config),
        "parameters": job.parameters,
        "dtype": "float16" if half else "float32",
    }


def _total_size(options: Options) -> int:
    from accelerate.utils import calculate_maximum_sizes

    from peers.meta_model import build

    try:
        model = build(options["config"], "float32")
    except ValueError:
        return _FP32_BYTES * int(options["parameters"])
    return int(calculate_maximum_sizes(model)[0])


def _ask(options: Options) -> Answer:
    from accelerate.commands.estimate import estimate_training_usage

    sizes = estimate_training_usage(_total_size(options), options["dtype"])
    summed = sizes["model"] + sizes["gradients"] + sizes["optimizer"]
    return Answer.of(printed=max(sizes.values()), summed=summed)


TOOL = Tool(
    package="accelerate",
    version="1.15.0",
    environment="torch",
    scope="weights, gradients and Adam of full fine-tuning on one GPU, without activations",
    mapping=(
        "Its functions run on a causal language model made from the config; where Transformers has"
        " no code for it, the size follows from the parameter count.",
        "`float16` under autocast and in half precision, otherwise `float32`.",
        "`printed` is the column it prints, the largest of its stages; `summed` adds model,"
        " gradients and optimizer.",
    ),
    options=_options,
    ask=_ask,
    states_only=True,
)
