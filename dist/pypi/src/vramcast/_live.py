"""Reads what live objects of Transformers, TRL and PEFT really say, as a job.

The arguments go through the reader of training files, which knows what each means in each version;
what the objects themselves say wins over it: the model's config, the dtypes of parameters, the
modules that have adapters, the lengths of examples. Nothing is imported that is not there already.
"""

from __future__ import annotations

import difflib
import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from vramcast._errors import InputError

PACKAGES = ("torch", "transformers", "peft", "trl", "accelerate", "bitsandbytes")

# The words of TRL's commands by the names of its trainers, which the reader knows.
STAGES = {
    "SFTTrainer": "sft", "DPOTrainer": "dpo", "KTOTrainer": "kto", "ORPOTrainer": "orpo",
    "CPOTrainer": "cpo", "RewardTrainer": "reward", "GRPOTrainer": "grpo", "RLOOTrainer": "rloo",
    "PPOTrainer": "ppo", "GKDTrainer": "gkd", "GOLDTrainer": "gold", "BCOTrainer": "bco",
    "DistillationTrainer": "distillation", "OnlineDPOTrainer": "online_dpo",
    "PRMTrainer": "prm", "XPOTrainer": "xpo", "NashMDTrainer": "nash",
}  # fmt: skip
_HEADS = {
    "ForCausalLM": "sft",
    "LMHeadModel": "sft",
    "ForConditionalGeneration": "sft",
    "ForSequenceClassification": "classification",
    "ForMaskedLM": "masked-lm",
}
_DTYPES = {"float32": "fp32", "bfloat16": "bf16", "float16": "fp16"}

# Examples beyond these change neither the longest nor the mean by much.
_MOST_EXAMPLES = 200_000

# What says nothing of the step, or something about people.
_LEFT_OUT = ("output_dir", "logging_dir", "run_name", "hub_model_id", "report_to", "project")


def names_of(thing: object) -> list[str]:
    """The names of a class and of what it is made of."""
    return [it.__name__ for it in type(thing).__mro__]


def is_arguments(thing: object) -> bool:
    return "TrainingArguments" in names_of(thing)


def is_trainer(thing: object) -> bool:
    return hasattr(thing, "args") and hasattr(thing, "model") and is_arguments(thing.args)


def stage_of(trainer: object | None, arguments: object, model: object) -> str:
    """What is trained for.

    Raises InputError for a class that nobody knows.
    """
    for name in [*(names_of(trainer) if trainer is not None else ()), *names_of(arguments)]:
        known = STAGES.get(name.replace("Config", "Trainer"))
        if known:
            return known
    base = base_of(model)
    for ending, stage in _HEADS.items():
        if type(base).__name__.endswith(ending):
            return stage
    raise other_class(
        "model",
        base,
        f"classes that end in {', '.join(_HEADS)}",
        (*STAGES, *_HEADS),
        "give a model with a head to train",
    )


def other_class(
    field: str, thing: object, allowed: str, known: Iterable[str], hint: str
) -> InputError:
    """An object of a class that no job can be read of, with the nearest of those that are known."""
    name = type(thing).__name__
    names = {it.lower(): it for it in known}
    near = difflib.get_close_matches(name.lower(), list(names), 1)
    return InputError.about(
        field, name, allowed, nearest=names[near[0]] if near else None, hint=hint, a="a "
    )


def base_of(model: object) -> Any:
    """The model under adapters and wrappers."""
    inner = model
    while hasattr(inner, "module") and not hasattr(inner, "config"):
        inner = inner.module
    get = getattr(inner, "get_base_model", None)
    return get() if callable(get) else inner


def name_of(config: Any) -> str:
    """What an answer calls the model; of a path the last part alone."""
    name = str(getattr(config, "name_or_path", "") or "")
    if os.path.exists(name) or name.startswith(("/", ".", "~")):
        name = os.path.basename(os.path.normpath(name))
    return name or str(getattr(config, "model_type", "model"))


def settings_of(arguments: Any, trainer: Any, model: Any) -> dict[str, Any]:
    """The arguments as a training file has them, and what of them is settled elsewhere."""
    settings = {
        key: value
        for key, value in arguments.to_dict().items()
        if value is not None and key not in _LEFT_OUT and not key.endswith(("token", "_hub"))
    }
    deepspeed = getattr(arguments, "hf_deepspeed_config", None)
    if deepspeed is not None:
        settings["deepspeed"] = deepspeed.config
    else:
        settings.update(mixed(_mixed_precision(arguments, trainer)))
    if not arguments.gradient_checkpointing:
        settings.update(checkpointing(model))
    return settings


def _mixed_precision(arguments: Any, trainer: Any) -> str:
    """Arguments without a word of it leave it to accelerate's launcher, or to earlier arguments."""
    for holder in (getattr(trainer, "accelerator", None), arguments):
        said = getattr(holder, "mixed_precision", None)
        if said is not None:
            return str(said)
    return os.environ.get("ACCELERATE_MIXED_PRECISION", "no")


def mixed(said: str | None) -> dict[str, bool]:
    """The Trainer's switches for accelerate's word.

    Raises InputError for a precision that no job can say.
    """
    if said not in ("no", "fp16", "bf16", None):
        raise InputError(
            f"accelerator.mixed_precision is {said}, allowed: no, fp16, bf16",
            field="precision",
            kind="not_allowed",
            given=str(said),
            allowed="no, fp16, bf16",
        )
    return {name: said == name for name in ("bf16", "fp16")}


def checkpointing(model: Any) -> dict[str, Any]:
    """Whether the model itself has checkpoints, and of which kind, as the Trainer's arguments."""
    base = base_of(model)
    if not getattr(base, "is_gradient_checkpointing", False):
        return {"gradient_checkpointing": False}
    found = (getattr(it, "_gradient_checkpointing_func", None) for it in base.modules())
    words = next((it.keywords for it in found if hasattr(it, "keywords")), {})
    told = {"gradient_checkpointing": True}
    if "use_reentrant" in words:
        told["gradient_checkpointing_kwargs"] = {"use_reentrant": bool(words["use_reentrant"])}
    return told


def _dtype(dtype: object) -> str | None:
    return _DTYPES.get(str(dtype).removeprefix("torch."))


def model_of(model: Any) -> dict[str, Any]:
    """The section ``model`` of a job."""
    base = base_of(model)
    config = getattr(base, "config", None)
    if config is None or not callable(getattr(config, "to_dict", None)):
        raise other_class(
            "model",
            base,
            "a model of Transformers, with a config",
            ("PreTrainedModel", "PeftModel"),
            "give a model that was made of a config",
        )
    fields = json.loads(json.dumps(config.to_dict(), default=str))
    quantization = fields.pop("quantization_config", None)
    section: dict[str, Any] = {"config": fields}
    # Adapters and what is quantised have dtypes of their own.
    sizes: Counter[str] = Counter()
    for name, parameter in model.named_parameters():
        plain = _dtype(parameter.dtype)
        if plain and not _is_adapter(name) and not _is_quantised(parameter):
            sizes[plain] += parameter.numel()
    if sizes:
        section["dtype"] = sizes.most_common(1)[0][0]
    if quantization:
        section["quantization"] = _quantization(quantization)
        # Norms and embeddings are upcast where the model was made ready for adapters.
        compute = _dtype(fields.get("dtype") or fields.get("torch_dtype"))
        section["dtype"] = compute or section.get("dtype", "bf16")
    return section


def _is_adapter(name: str) -> bool:
    return ".lora_" in name or ".modules_to_save." in name


def _is_quantised(parameter: object) -> bool:
    return type(parameter).__name__ in ("Params4bit", "Int8Params")


def _quantization(config: Mapping[str, Any]) -> dict[str, Any]:
    method = str(config.get("quant_method", ""))
    if config.get("load_in_4bit") or config.get("_load_in_4bit"):
        return {
            "scheme": str(config.get("bnb_4bit_quant_type", "fp4")),
            "double_quant": bool(config.get("bnb_4bit_use_double_quant", False)),
        }
    if config.get("load_in_8bit") or config.get("_load_in_8bit"):
        return {"scheme": "int8"}
    if method in ("gptq", "awq") and config.get("bits") in (4, 8):
        return {"scheme": f"{method}-int{config['bits']}"}
    if method in ("mxfp4", "fp8"):
        return {"scheme": method}
    raise InputError(
        f"model is quantised by {method or 'an unknown method'}, allowed: bitsandbytes, gptq, awq,"
        " fp8, mxfp4",
        field="model.quantization.scheme",
        kind="not_allowed",
        given=method,
        allowed="bitsandbytes, gptq, awq, fp8, mxfp4",
    )


def adapters_of(model: Any, config: Any | None = None) -> dict[str, Any]:
    """Method and section ``lora`` of a job: of live adapters, or of those that PEFT would make."""
    live = getattr(model, "peft_config", None)
    if isinstance(live, Mapping) and live:
        active = getattr(model, "active_adapter", None)
        active = active if isinstance(active, str) else next(iter(live))
        config = live.get(active, next(iter(live.values())))
    quantised = getattr(base_of(model).config, "quantization_config", None) is not None
    if config is None:
        trained = {it.requires_grad for _, it in model.named_parameters()}
        if trained == {True}:
            return {"method": "full"}
        raise InputError(
            "model has parameters that are not trained and no adapters, which no job can say",
            field="method",
            kind="not_allowed",
        )
    kind = str(getattr(config.peft_type, "value", config.peft_type))
    if kind != "LORA":
        raise InputError(
            f"peft_config is of type {kind}, allowed: LORA",
            field="method", kind="not_allowed", given=kind, allowed="LORA",
        )  # fmt: skip
    weights = str(config.init_lora_weights)
    method = (
        "dora" if config.use_dora
        else "pissa" if weights.startswith("pissa")
        else "qlora" if quantised and not config.use_rslora
        else "rslora" if config.use_rslora
        else "lora"
    )  # fmt: skip
    lora: dict[str, Any] = {
        "rank": config.r,
        "alpha": config.lora_alpha,
        "dropout": config.lora_dropout,
    }
    targets, dtypes = _live_adapters(model) if live else (_named_targets(config), set())
    if targets:
        lora["targets"] = targets
    if config.modules_to_save:
        lora["modules_to_save"] = sorted(config.modules_to_save)
    if getattr(config, "target_parameters", None):
        lora["target_parameters"] = sorted(config.target_parameters)
    if len(dtypes) == 1:
        lora["dtype"] = dtypes.pop()
    return {"method": method, "lora": lora}


def _live_adapters(model: Any) -> tuple[list[str], set[str]]:
    """The last names of modules with adapters, and the dtypes of those.

    Raises InputError where some modules of a name have adapters and others have none.
    """
    with_adapters: Counter[str] = Counter()
    dtypes = set()
    for name, parameter in model.named_parameters():
        if ".lora_A." in name or ".lora_embedding_A." in name:
            with_adapters[name.split(".lora_")[0].rsplit(".", 1)[-1]] += 1
            dtypes.add(_dtype(parameter.dtype) or "fp32")
    layers = getattr(base_of(model).config, "num_hidden_layers", None)
    some = [name for name, count in with_adapters.items() if layers and 1 < count < layers]
    if some:
        raise InputError(
            f"lora.targets: {some[0]} has adapters in {with_adapters[some[0]]} of {layers} layers,"
            " which no job can say",
            field="lora.targets",
            kind="not_allowed",
            given=some[0],
        )
    return sorted(with_adapters), dtypes


def _named_targets(config: Any) -> Any:
    targets = config.target_modules
    if targets is None:
        return None
    return targets if isinstance(targets, str) else sorted(targets)


def lengths_of(dataset: Any, limit: int | None) -> dict[str, Any] | None:
    """Examples, mean and longest tokens of a data set that is tokenised; None where it says none."""
    try:
        count = len(dataset)
        columns = dataset.column_names
    except (TypeError, AttributeError):
        return None
    column = next((it for it in ("input_ids", "length") if it in (columns or ())), None)
    if column is None or count == 0:
        return None
    some = dataset.select_columns([column]).select(range(min(count, _MOST_EXAMPLES)))
    lengths = [it if isinstance(it, int) else len(it) for it in some[column]]
    cut = [min(it, limit) for it in lengths] if limit else lengths
    return {"examples": count, "mean": sum(cut) / len(cut), "longest": max(cut)}


def versions(packages: Iterable[str]) -> dict[str, str]:
    """The versions of those that are installed, without local parts."""
    found = {}
    for package in packages:
        try:
            found[package] = version(package).split("+")[0]
        except PackageNotFoundError:
            pass
    return found


def allocator() -> dict[str, Any]:
    """What the environment tells PyTorch's allocator."""
    said = os.environ.get("PYTORCH_ALLOC_CONF") or os.environ.get("PYTORCH_CUDA_ALLOC_CONF") or ""
    pairs = dict(it.split(":", 1) for it in said.split(",") if ":" in it)
    if pairs.get("expandable_segments", "").strip().lower() == "true":
        return {"expandable_segments": True}
    return {}


def merged(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Nested mappings as one; later ones win."""
    whole: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            old = whole.get(key)
            both = isinstance(old, dict) and isinstance(value, Mapping)
            whole[key] = merged([old, value]) if both and key != "config" else value
    return whole
