"""A fine-tuning job as a case states it, with the few defaults a case may leave out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Job:
    """What every adapter maps from. Sizes in bytes, lengths in tokens.

    `parameters` is the exact count of the model; `gpu_bytes` is None where the case names no GPU.
    """

    id: str
    model_id: str
    config: Mapping[str, Any]
    parameters: int
    method: str
    weight_dtype: str
    quantization: str
    double_quant: bool
    precision: str
    master_weights: bool
    micro_batch: int
    sequence_length: int
    checkpointing: str
    attention: str
    loss: str
    optimizer: str
    optimizer_implementation: str
    state_dtype: str
    lora_rank: int
    lora_targets: tuple[str, ...]
    strategy: str
    shard: int
    tensor: int
    pipeline: int
    expert: int
    reshard_after_forward: bool
    offload: tuple[str, ...]
    gpus: int
    gpu_name: str
    gpu_bytes: int | None

    @property
    def compute_dtype(self) -> str:
        """The dtype of products: bf16 for bf16 and for bf16-mixed."""
        return self.precision.removesuffix("-mixed")

    @property
    def mixed(self) -> bool:
        """Whether products run in another dtype than the parameters, by autocast."""
        return self.precision.endswith("-mixed")

    @property
    def divided(self) -> bool:
        """Whether the job divides its states or its model among GPUs."""
        return self.shard > 1 or self.tensor > 1 or self.pipeline > 1 or self.expert > 1

    def document(self) -> dict[str, Any]:
        """The job as plain data, which `from_document` reads back."""
        return asdict(self)


def from_document(document: Mapping[str, Any]) -> Job:
    """Reads what `Job.document` wrote, after it went through JSON."""
    lists = {key: tuple(document[key]) for key in ("lora_targets", "offload")}
    return Job(**{**document, **lists})


def from_case(case: Mapping[str, Any], parameters: int, gpu_bytes: int | None) -> Job:
    """Reads the job of a case of docs/cases.md.

    What a case leaves out has the value of docs/job-document.md: sdpa, full logits, AdamW.
    """
    job = case["job"]
    model, batch = job["model"], job["batch"]
    quantization = model.get("quantization", {})
    optimizer, lora = job.get("optimizer", {}), job.get("lora", {})
    parallelism, hardware = job.get("parallelism", {}), job.get("hardware", {})
    targets = lora.get("targets", "all-linear")
    strategy = parallelism.get("strategy", "none")
    gpus = hardware.get("count", 1)
    divides = strategy.startswith(("fsdp", "zero"))
    return Job(
        id=case["id"],
        model_id=model.get("id", ""),
        config=model["config"],
        parameters=parameters,
        method=job["method"],
        weight_dtype=model.get("dtype", "bf16"),
        quantization=quantization.get("scheme", "none"),
        double_quant=quantization.get("double_quant", False),
        precision=job.get("precision", "bf16-mixed"),
        master_weights=job.get("master_weights", False),
        micro_batch=batch.get("micro_batch", 1),
        sequence_length=batch["sequence_length"],
        checkpointing=job.get("checkpointing", "none"),
        attention=job.get("attention", "sdpa"),
        loss=job.get("loss", "full"),
        optimizer=optimizer.get("name", "adamw"),
        optimizer_implementation=optimizer.get("implementation", "foreach"),
        state_dtype=optimizer.get("state_dtype", "fp32"),
        lora_rank=lora.get("rank", 16),
        lora_targets=(targets,) if isinstance(targets, str) else tuple(targets),
        strategy=strategy,
        shard=parallelism.get("shard", gpus if divides else 1),
        tensor=parallelism.get("tensor", 1),
        pipeline=parallelism.get("pipeline", 1),
        expert=parallelism.get("expert", 1),
        reshard_after_forward=parallelism.get("reshard_after_forward", True),
        offload=tuple(parallelism.get("offload", ())),
        gpus=gpus,
        gpu_name=hardware.get("gpu", ""),
        gpu_bytes=gpu_bytes,
    )
