"""DeepSpeed: estimate_zero{2,3}_model_states_mem_needs (deepspeed/runtime/zero)."""

from __future__ import annotations

from peers import shape
from peers.answer import Answer
from peers.express import ADAPTERS, MODEL_PARALLEL, only_adamw, refuse_if
from peers.job import Job
from peers.tool import Options, Tool

NO_STAGE = "anything but ZeRO-2 and ZeRO-3"


def _stage(job: Job) -> int:
    if job.strategy.startswith("fsdp"):
        return 3 if job.reshard_after_forward else 2
    refuse_if(job.strategy not in ("zero2", "zero3"), NO_STAGE)
    return int(job.strategy[-1])


def _options(job: Job) -> Options:
    refuse_if(job.tensor > 1 or job.pipeline > 1 or job.expert > 1, MODEL_PARALLEL)
    refuse_if(job.method != "full", ADAPTERS)
    only_adamw(job)
    sizes = shape.read(job.config)
    feed_forward = sizes.hidden * sizes.intermediate * sizes.experts
    return {
        "stage": _stage(job),
        "total_params": job.parameters,
        "largest_layer_params": max(sizes.vocabulary * sizes.hidden, feed_forward),
        "gpus": job.shard,
        "offload": "optimizer" in job.offload,
        "offload_parameters": "parameters" in job.offload,
    }


def _ask(options: Options) -> Answer:
    from deepspeed.runtime.zero import stage3, stage_1_and_2

    gpus, offload = options["gpus"], options["offload"]
    if options["stage"] == 2:
        _, needed = stage_1_and_2.estimate_zero2_model_states_mem_needs(
            options["total_params"], num_gpus_per_node=gpus, cpu_offload=offload
        )
    else:
        _, needed, _ = stage3.estimate_zero3_model_states_mem_needs(
            options["total_params"],
            options["largest_layer_params"],
            num_gpus_per_node=gpus,
            cpu_offload=offload,
            cpu_offload_params=options["offload_parameters"],
        )
    return Answer.of(total=needed)


TOOL = Tool(
    package="deepspeed",
    version="0.19.8",
    environment="torch",
    scope="model states of full training under ZeRO-2 and ZeRO-3, without activations",
    mapping=(
        "The exact parameter count, and the largest single weight as the largest layer.",
        "FSDP is read as the stage that divides the same tensors: 3, or 2 without resharding.",
    ),
    options=_options,
    ask=_ask,
    states_only=True,
)
