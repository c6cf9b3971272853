"""A job document: what to run. See docs/job-document.md for the meaning of each key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KNOWN: dict[str, type | tuple[type, ...]] = {
    "model.id": str,
    "model.config": dict,
    "model.dtype": str,
    "model.mixer": str,
    "model.use_cache": bool,
    "model.quantization.scheme": str,
    "model.quantization.double_quant": bool,
    "model.quantization.implementation": str,
    "model.quantization.experts": bool,
    "method": str,
    "lora.rank": int,
    "lora.alpha": (int, float),
    "lora.dropout": (int, float),
    "lora.targets": (str, list),
    "lora.modules_to_save": list,
    "lora.target_parameters": list,
    "lora.dtype": str,
    "lora.kbit_prepare": bool,
    "lora.block_size": int,
    "lora.feedforward_modules": list,
    "frozen": list,
    "precision": str,
    "quantized_training.scheme": str,
    "quantized_training.implementation": str,
    "optimizer.name": str,
    "optimizer.implementation": str,
    "batch.micro_batch": int,
    "batch.grad_accum": int,
    "batch.sequence_length": int,
    "batch.padding": str,
    "batch.segments": int,
    "batch.images": int,
    "batch.image_size": list,
    "batch.audio_seconds": (int, float),
    "checkpointing": str,
    "checkpointing_reentrant": bool,
    "checkpointing_every": int,
    "attention": str,
    "loss": str,
    "liger_kernels": list,
    "tiled_mlp": bool,
    "mlp_tiles": int,
    "objective.stage": str,
    "objective.labels": int,
    "objective.loss_type": (str, list),
    "objective.scored_fraction": (int, float),
    "objective.label_smoothing": (int, float),
    "objective.neftune_alpha": (int, float),
    "objective.reference": str,
    "objective.prompt_length": int,
    "objective.completion_length": int,
    "objective.chosen_length": int,
    "objective.rejected_length": int,
    "objective.loss_weights": list,
    "objective.beta": (int, float),
    "objective.alpha": (int, float),
    "objective.weighting": bool,
    "objective.teacher": dict,
    "objective.teacher_dtype": str,
    "objective.value_model": dict,
    "objective.reward_models": list,
    "generation.engine": str,
    "objective.stride": int,
    "objective.texts": int,
    "objective.mini_batch": int,
    "objective.pooling": str,
    "objective.matryoshka": list,
    "generation.group_size": int,
    "generation.steps_per_generation": int,
    "generation.iterations": int,
    "allocator.empty_cache_steps": int,
    "evaluation.micro_batch": int,
    "evaluation.batches": int,
    "evaluation.metrics": bool,
    "evaluation.accumulation_steps": int,
    "evaluation.new_tokens": int,
    "evaluation.beams": int,
    "saving.only_model": bool,
    "saving.state_dict": str,
    "saving.on_gpu": bool,
    "saving.consolidate": bool,
    "saving.resume": bool,
    "saving.merge": bool,
    "saving.merge_device": str,
    "parallelism.strategy": str,
    "parallelism.shard": int,
    "parallelism.tensor": int,
    "parallelism.context": int,
    "parallelism.sequence_scheme": str,
    "parallelism.reshard_after_forward": bool,
    "parallelism.param_dtype": str,
    "parallelism.reduce_dtype": str,
    "parallelism.root_group": str,
    "parallelism.offload": list,
    "parallelism.zero_init": bool,
    "parallelism.zero_sizes": str,
    "parallelism.reduce_bucket_size": int,
    "parallelism.overlap_comm": bool,
    "parallelism.prefetch_bucket_size": int,
    "parallelism.param_persistence_threshold": int,
    "parallelism.max_live_parameters": int,
    "framework.name": str,
    "framework.version": str,
    "framework.torch": str,
    "framework.transformers": str,
    "framework.peft": str,
    "framework.bitsandbytes": str,
    "framework.liger": str,
    "framework.accelerate": str,
    "framework.deepspeed": str,
    "hardware.gpu": str,
    "hardware.count": int,
}
"""The keys that a measurement understands, with the types of their values."""


OTHER_ADAPTERS = {
    "oft": "OFTConfig",
    "ia3": "IA3Config",
    "vera": "VeraConfig",
    "loha": "LoHaConfig",
    "lokr": "LoKrConfig",
    "miss": "MissConfig",
}
"""Methods of PEFT other than LoRA, and the classes that they are set by."""


class JobError(ValueError):
    """A job that can not be measured; the message is one line."""


@dataclass(frozen=True)
class Job:
    """A job document as flat keys, e.g. ``lora.rank``."""

    values: Mapping[str, Any]

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key, or ``default`` where the document leaves it open."""
        if key not in KNOWN:
            raise KeyError(key)
        return self.values.get(key, default)

    @property
    def adapts(self) -> bool:
        """Whether adapters are trained, not the model itself."""
        return self.get("method", "lora") in ("lora", "qlora", "dora", "rslora", "pissa", *OTHER_ADAPTERS)

    @property
    def bits(self) -> int:
        """Bits of a quantised base, or 0."""
        scheme = self.get("model.quantization.scheme", "none")
        if self.get("method") == "qlora" and scheme == "none":
            scheme = "nf4"
        return {"none": 0, "nf4": 4, "fp4": 4, "int8": 8, "nvfp4": 0, "aqlm-2bit": 0}[scheme]

    @property
    def classifies(self) -> bool:
        """Whether each sequence or token gets a class, or a score."""
        return self.stage in ("classification", "reward") or self.labels_tokens

    @property
    def labels_tokens(self) -> bool:
        """Whether each token gets a class."""
        return self.stage == "token-classification"

    @property
    def labels(self) -> int:
        """Classes of a sequence or token, or one score."""
        return 1 if self.stage == "reward" else int(self.get("objective.labels", 2))

    @property
    def stage(self) -> str:
        return str(self.get("objective.stage", "sft"))

    @property
    def prompt(self) -> int:
        """Tokens of a prompt."""
        return int(self.get("objective.prompt_length", self.get("batch.sequence_length") // 2))

    @property
    def completion(self) -> int:
        """Tokens of an answer, its end among them."""
        rest = self.get("batch.sequence_length") - self.prompt
        return int(self.get("objective.completion_length", rest))

    @property
    def pads(self) -> bool:
        """Whether batches hold padding: as the job says, or since answers of a pair are not as long as each other."""
        chosen, rejected = (self.get(f"objective.{name}_length", self.completion) for name in ("chosen", "rejected"))
        uneven = self.stage in ("dpo", "orpo", "cpo", "reward") and chosen != rejected
        return uneven or self.get("batch.padding", "packed") != "packed"

    @property
    def losses(self) -> list[str]:
        """Names of the losses that are added up."""
        named = self.get("objective.loss_type", [])
        return [named] if isinstance(named, str) else list(named)

    @property
    def embeds(self) -> bool:
        """Whether each sequence gets a vector."""
        return self.stage == "embedding"

    @property
    def unmasks(self) -> bool:
        """Whether hidden tokens are predicted."""
        return bool(self.get("objective.stage", "sft") == "masked-lm")

    @property
    def evaluates(self) -> bool:
        """Whether an evaluation follows the last step."""
        return bool(self.get("evaluation.batches", 0))

    @property
    def images(self) -> int:
        """Images of a sequence."""
        return int(self.get("batch.images", 0))

    @property
    def sound(self) -> float:
        """Seconds of sound of each sequence; of Whisper's, which has a segment in any case, 0."""
        return float(self.get("batch.audio_seconds", 0))

    @property
    def gpus(self) -> int:
        return int(self.get("hardware.count", 1))


def _flatten(document: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in document.items():
        key = prefix + name
        if isinstance(value, Mapping) and key not in KNOWN:
            flat.update(_flatten(value, key + "."))
        else:
            flat[key] = value
    return flat


def read_job(document: Mapping[str, Any]) -> Job:
    """Checks a document.

    Raises:
        JobError: a key or method is unknown here, a value has the wrong type, model or length are missing.
    """
    flat = _flatten(document)
    for key, value in flat.items():
        expected = KNOWN.get(key)
        if expected is None:
            raise JobError(f"{key}: can not be measured")
        wrong_bool = isinstance(value, bool) and expected is not bool
        if wrong_bool or not isinstance(value, expected):
            raise JobError(f"{key}: {value!r} has the wrong type")
    if "model.config" not in flat:
        raise JobError("model.config: is needed, nothing is looked up")
    if "batch.sequence_length" not in flat:
        raise JobError("batch.sequence_length: is needed")
    job = Job(flat)
    if not job.adapts and job.get("method") not in ("full", "galore"):
        raise JobError(f"method: {job.get('method')} can not be measured")
    return job
