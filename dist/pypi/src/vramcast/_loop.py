"""Reads what a loop around accelerate or DeepSpeed really says, as the arguments of a Trainer.

What accelerate and DeepSpeed are told about batches, precision and ranks goes through the reader of
training files, as TrainingArguments do; model, optimizer and examples are asked themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vramcast import _live
from vramcast._errors import InputError

# The Trainer's names of optimizers by class; of several modules the first that fits.
_OPTIMIZERS = {
    ("bitsandbytes", "PagedAdamW8bit"): "paged_adamw_8bit",
    ("bitsandbytes", "PagedAdamW32bit"): "paged_adamw_32bit",
    ("bitsandbytes", "PagedAdamW"): "paged_adamw_32bit",
    ("bitsandbytes", "AdamW8bit"): "adamw_bnb_8bit",
    ("bitsandbytes", "Lion8bit"): "lion_8bit",
    ("torch", "AdamW"): "adamw_torch",
    ("torch", "Adam"): "adamw_torch",
    ("torch", "SGD"): "sgd",
    ("torch", "Adafactor"): "adafactor",
    ("transformers", "Adafactor"): "adafactor",
    ("deepspeed", "FusedAdam"): "adamw_torch",
    ("deepspeed", "DeepSpeedCPUAdam"): "adamw_torch",
}


@dataclass(frozen=True)
class Loop:
    """A loop that nobody wrote arguments for.

    framework  whose code spreads it: ``accelerate`` or ``deepspeed``
    values     the arguments of a Trainer that says the same
    optimizer  what of the job's section those have no name for
    """

    framework: str
    model: Any
    values: dict[str, Any]
    optimizer: dict[str, Any]
    dataset: Any
    micro_batch: int
    ranks: int


def is_accelerator(thing: object) -> bool:
    return "Accelerator" in _live.names_of(thing) and hasattr(thing, "mixed_precision")


def is_engine(thing: object) -> bool:
    return "DeepSpeedEngine" in _live.names_of(thing)


def of_accelerator(accelerator: Any, model: Any, optimizer: Any, loader: Any) -> Loop:
    """What was given to ``prepare``, where it is not given here.

    Raises InputError where a part is nowhere, and for what no job can say.
    """
    model = model if model is not None else _first(accelerator, "_models", "model")
    model = accelerator.unwrap_model(model)
    loader = loader if loader is not None else _first(accelerator, "_dataloaders", "dataloader")
    if optimizer is None:
        optimizer = _first(accelerator, "_optimizers", "optimizer")
    ranks = accelerator.num_processes
    micro_batch = _micro_batch(loader, ranks, accelerator.split_batches)
    values = {
        "gradient_accumulation_steps": accelerator.gradient_accumulation_steps,
        **_live.mixed(accelerator.mixed_precision),
        **_optimizer(optimizer),
        **_live.checkpointing(model),
        **_spread(accelerator),
    }
    dataset = getattr(loader, "dataset", None)
    states = _momentum(optimizer)
    return Loop("accelerate", model, values, states, dataset, micro_batch, ranks)


def of_engine(engine: Any, loader: Any) -> Loop:
    """A model that ``deepspeed.initialize`` has taken over."""
    parsed = getattr(getattr(engine, "_config", None), "_param_dict", None)
    settings = next((it for it in (parsed, engine.config) if isinstance(it, Mapping)), None)
    if settings is None:
        raise InputError(
            "engine.config is no mapping, and DeepSpeed keeps none that it was read as",
            field="parallelism.strategy",
            kind="unreadable",
        )
    settings = dict(settings)
    values = {
        "gradient_accumulation_steps": engine.gradient_accumulation_steps(),
        "deepspeed": settings,
        **_live.checkpointing(engine.module),
    }
    for half in ("bf16", "fp16"):
        if (settings.get(half) or {}).get("enabled"):
            values[half] = True
    states = {}
    if "optimizer" not in settings:
        values.update(_optimizer(engine.basic_optimizer))
        states = _momentum(engine.basic_optimizer)
    loader = loader if loader is not None else getattr(engine, "training_dataloader", None)
    micro_batch = engine.train_micro_batch_size_per_gpu()
    dataset = getattr(loader, "dataset", None)
    ranks = engine.world_size
    return Loop("deepspeed", engine.module, values, states, dataset, micro_batch, ranks)


def _first(accelerator: Any, prepared: str, name: str) -> Any:
    known = getattr(accelerator, prepared, ())
    if known:
        return known[0]
    raise InputError(
        f"{name} is in nothing that accelerator.prepare was given, so give it as {name}=",
        field=name,
        kind="missing",
    )


def _micro_batch(loader: Any, ranks: int, splits: bool) -> int:
    """Rows of one rank; a loader that was prepared, or that is split, counts those of all."""
    given = getattr(loader, "batch_size", None)
    whole = getattr(loader, "total_batch_size", given if splits else None)
    size = whole // ranks if whole else given
    if not size:
        raise InputError(
            "dataloader has batches of no fixed size, which no job can say",
            field="batch.micro_batch",
            kind="not_allowed",
        )
    return size


def _optimizer(optimizer: Any) -> dict[str, Any]:
    inner = optimizer
    while hasattr(inner, "optimizer") and type(inner).__module__.split(".")[0] == "accelerate":
        inner = inner.optimizer
    for kind in type(inner).__mro__:
        name = _OPTIMIZERS.get((kind.__module__.split(".")[0], kind.__name__))
        if name:
            said = getattr(inner, "defaults", {})
            _keeps_usual_states(inner, said)
            fused = name == "adamw_torch" and said.get("fused")
            return {"optim": "adamw_torch_fused" if fused else name}
    known = sorted({name for _, name in _OPTIMIZERS})
    raise InputError(
        f"optimizer is a {type(inner).__name__}, allowed: {', '.join(known)}",
        field="optimizer.name",
        kind="not_allowed",
        given=type(inner).__name__,
        allowed=", ".join(known),
    )


def _momentum(optimizer: Any) -> dict[str, Any]:
    """SGD's buffer of momentum, which is an implementation to a job."""
    said = getattr(optimizer, "defaults", {})
    return {"implementation": "momentum"} if said.get("momentum") and "betas" not in said else {}


def _keeps_usual_states(optimizer: Any, said: Mapping[str, Any]) -> None:
    """Raises InputError for a state that no job can say."""
    more = [name for name in ("amsgrad", "beta1") if said.get(name)]
    if more:
        raise InputError(
            f"{type(optimizer).__name__} has {more[0]}={said[more[0]]}, which keeps a state that no"
            " job can say",
            field="optimizer.name",
            kind="not_allowed",
            given=str(said[more[0]]),
        )


def _spread(accelerator: Any) -> dict[str, Any]:
    """What accelerate's plugins say, as the Trainer's keys."""
    degrees = getattr(accelerator, "parallelism_config", None)
    for name in ("tp_size", "cp_size", "sp_size"):
        if (getattr(degrees, name, 1) or 1) > 1:
            raise InputError(
                f"accelerator.parallelism_config.{name} is {getattr(degrees, name)}, allowed: 1",
                field="parallelism",
                kind="not_allowed",
                given=str(getattr(degrees, name)),
                allowed="1",
            )
    deepspeed = getattr(accelerator.state, "deepspeed_plugin", None)
    if deepspeed is not None:
        return {"deepspeed": dict(deepspeed.deepspeed_config)}
    fsdp = getattr(accelerator.state, "fsdp_plugin", None)
    return {} if fsdp is None else _fsdp(fsdp)


def _fsdp(plugin: Any) -> dict[str, Any]:
    version = getattr(plugin, "fsdp_version", 1)
    sharding = getattr(plugin.sharding_strategy, "name", str(plugin.sharding_strategy or ""))
    config: dict[str, Any] = {"version": version}
    if version == 2:
        config["reshard_after_forward"] = bool(plugin.reshard_after_forward)
        sharding = "FULL_SHARD"
    layers = plugin.transformer_cls_names_to_wrap
    if layers:
        config["transformer_layer_cls_to_wrap"] = list(layers)
    if plugin.activation_checkpointing:
        config["activation_checkpointing"] = True
    words = [(sharding or "FULL_SHARD").lower()]
    offload = plugin.cpu_offload
    named = type(offload).__name__ == "CPUOffloadPolicy"
    if offload and getattr(offload, "offload_params", named):
        words.append("offload")
    if layers:
        words.append("auto_wrap")
    return {"fsdp": " ".join(words), "fsdp_config": config}


def batch_of(loop: Loop) -> dict[str, Any]:
    """Rows and lengths, and how many examples there are."""
    batch: dict[str, Any] = {"micro_batch": loop.micro_batch}
    known: Mapping[str, Any] | None = _live.lengths_of(loop.dataset, None)
    if not known:
        return {"batch": batch}
    padded = known["mean"] < known["longest"]
    batch["sequence_length"] = known["longest"]
    batch["padding"] = "padded" if padded else "packed"
    data = {"examples": known["examples"], "tokens_per_example": round(known["mean"], 2)}
    return {"batch": batch, "data": data}
