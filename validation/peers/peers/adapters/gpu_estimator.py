"""gpu-estimator: GPUEstimator.estimate (gpu_estimator/estimator.py)."""

from __future__ import annotations

from peers.answer import GIB, Answer
from peers.express import ADAMW_OR_SGD, ADAPTERS, all_layers_or_none, one_gpu, optimizer, refuse_if
from peers.job import Job
from peers.tool import Options, Tool

_OVERHEAD = 1.2


def _options(job: Job) -> Options:
    one_gpu(job)
    refuse_if(job.method != "full", ADAPTERS)
    return {
        "model_params": job.parameters,
        "batch_size": job.micro_batch,
        "sequence_length": job.sequence_length,
        "precision": "fp32" if job.weight_dtype == "fp32" else job.compute_dtype,
        "optimizer": optimizer(job, ADAMW_OR_SGD),
        "gradient_checkpointing": all_layers_or_none(job),
    }


def _ask(options: Options) -> Answer:
    from gpu_estimator import GPUEstimator

    total = GPUEstimator().estimate(**options).total_memory_gb * GIB
    return Answer.of(components=total / _OVERHEAD, total=total)


TOOL = Tool(
    package="gpu-estimator",
    version="0.2.0",
    environment="gpu-estimator",
    scope="full fine-tuning from the parameter count; picks the number of GPUs itself",
    mapping=(
        "`precision` is `fp32` where the weights are: its half precision keeps 2 bytes a weight.",
        "Its total of all GPUs is compared, for jobs on one GPU.",
        "`components` leaves out its 20 % of overhead.",
    ),
    options=_options,
    ask=_ask,
)
