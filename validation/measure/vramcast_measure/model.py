"""Builds the model of a job: weights of the right shapes, quantised, with adapters."""

from __future__ import annotations

from contextlib import nullcontext
import contextlib
from collections.abc import Iterator
from typing import Any

import torch
import transformers
from transformers import CONFIG_MAPPING, AutoConfig, AutoModelForCausalLM, BitsAndBytesConfig

from . import codebooks, engine, frozen, hub_code, packed
from .job import OTHER_ADAPTERS, Job, JobError
from .sound import hears
from .texts import keep_wide, reads, untie

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}

_DROPOUT = {"trl": 0.05}
"""What ``trl sft`` takes where nothing is said (trl/trainer/model_config.py)."""


def build_other(job: Job, key: str, device: torch.device) -> Any:
    """A model beside the one that is trained, e.g. a teacher, in the dtype of its own."""
    values = {
        "model.config": job.get(key),
        "model.dtype": job.get(f"{key}_dtype", job.get("model.dtype", "bf16")),
        "objective.stage": job.stage if job.embeds else "sft",
        "attention": job.get("attention", "sdpa"),
    }
    return build_base(Job(values), device)


def build_base(job: Job, device: torch.device) -> Any:
    """The base model on ``device``, in the dtype that it is loaded in, or quantised."""
    document = _without_dtype(job.get("model.config"))
    kind = document.pop("model_type")
    hub_code.register(kind)
    if kind not in CONFIG_MAPPING:
        raise JobError(f"model.config.model_type: Transformers {transformers.__version__} has no {kind!r}")
    config = AutoConfig.for_model(kind, **document)
    config._attn_implementation = _attention(job)
    config.use_cache = job.get("model.use_cache", False)
    if job.get("model.mixer", "torch") != "torch":
        raise JobError("model.mixer: kernels of other libraries can not be measured")
    if job.classifies:
        config.num_labels = job.labels
        config.pad_token_id = 0
    dtype = DTYPES[job.get("model.dtype", "bf16")]
    sliced = job.get("parallelism.tensor", 1) > 1
    previous = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        with _unmade() if sliced else device:
            model = _class(job, document).from_config(config)
    finally:
        torch.set_default_dtype(previous)
    model.config.dtype = dtype
    if sliced:
        model = _slice(model, job, device)
    untie(model, job)
    wide = keep_wide(model, job)
    if job.bits:
        _quantise(model, job, device, wide)
    codebooks.install(job, model, [_head(model), *wide])
    if job.get("quantized_training.scheme", "none") != "none":
        _narrow(model, job)
    frozen.freeze(model, job)
    return model


def _without_dtype(document: dict[str, Any]) -> dict[str, Any]:
    """A config that does not say in which dtype its checkpoint is, which a model is made in."""
    return {
        key: _without_dtype(value) if isinstance(value, dict) else value
        for key, value in document.items()
        if key not in ("dtype", "torch_dtype")
    }


def _narrow(model: Any, job: Job) -> None:
    """What accelerate does where its mixed precision is fp8 of torchao, on a model that is trained whole."""
    if engine.is_one(job):
        return
    if job.get("quantized_training.scheme") != "fp8" or job.adapts:
        raise JobError("quantized_training.scheme: fp8 of whole models alone can be measured")
    from accelerate.utils.ao import convert_model_to_fp8_ao

    convert_model_to_fp8_ao(model)


def _class(job: Job, document: dict[str, Any]) -> Any:
    """The class that a config names where it holds more than a language model."""
    if job.labels_tokens:
        return transformers.AutoModelForTokenClassification
    if job.classifies:
        return transformers.AutoModelForSequenceClassification
    if job.embeds:
        return transformers.AutoModel
    if job.unmasks:
        return transformers.AutoModelForMaskedLM
    named = next(iter(document.get("architectures") or ()), "")
    if named.endswith(("ForConditionalGeneration", "MTModel")) and hasattr(transformers, named):
        return _Named(getattr(transformers, named))
    return AutoModelForCausalLM


class _Named:
    """A model's class, built as the automatic ones are."""

    def __init__(self, kind: Any) -> None:
        self._kind = kind

    def from_config(self, config: Any) -> Any:
        return self._kind._from_config(config)


@contextlib.contextmanager
def _unmade() -> Iterator[None]:
    """Weights without storage, and tied ones that are not tied yet, as in ``from_pretrained``."""
    from transformers.initialization import no_tie_weights

    with torch.device("meta"), no_tie_weights():
        yield


def _slice(model: Any, job: Job, device: torch.device) -> Any:
    """What ``from_pretrained`` of Transformers 5 does with a DistributedConfig: the model's own plan
    divides weights that are not there yet, and a rank loads its slices alone."""
    if job.bits:
        raise JobError("parallelism.tensor: quantised weights can not be measured")
    try:
        from transformers.distributed import DistributedConfig
    except ImportError as e:
        raise JobError("parallelism.tensor: needs Transformers 5") from e

    tensor = job.get("parallelism.tensor")
    shard = job.gpus // tensor
    if shard > 1 and model.config.tie_word_embeddings:
        raise JobError("parallelism.tensor: tied weights under FSDP2 can not be measured")
    if job.adapts:
        raise JobError("parallelism.tensor: adapters can not be measured")
    kind = type(model)
    ways = DistributedConfig(tp_size=tensor, fsdp_size=shard)
    ways, _, mesh = kind.prepare_distribute_model(ways)
    model = kind.maybe_distribute_model(model, ways, mesh).to_empty(device=device)
    model.tie_weights()
    return model


def _attention(job: Job) -> str:
    name = job.get("attention", "sdpa")
    if name not in ("sdpa", "eager"):
        raise JobError(f"attention: {name} can not be measured")
    return str(name)


def _head(model: Any) -> str:
    """The module that stays as it is: the head, or the last one where there is none (a classifier).

    Since 5.0 a last parameter that is a bias names no module (quantizers/base.py get_keys_to_not_convert).
    """
    head = model.get_output_embeddings()
    named = (name for name, module in model.named_modules() if module is head and head is not None)
    last = [name for name, _ in model.named_parameters()][-1]
    module, _, kind = last.rpartition(".")
    biased = kind == "bias" and int(transformers.__version__.split(".")[0]) >= 5
    return next(named, last if biased else module)


def _product_dtype(job: Job) -> torch.dtype:
    """What 4-bit products compute in: the dtype that the job trains in, of which scripts take fp16 with ``--fp16``."""
    return torch.float16 if str(job.get("precision", "bf16")).startswith("fp16") else torch.bfloat16


def _quantise(model: Any, job: Job, device: torch.device, kept: list[str]) -> None:
    """What BitsAndBytes' quantizers of Transformers do to a model while it is loaded."""
    import bitsandbytes as bnb
    from transformers.integrations import bitsandbytes as integration

    if job.bits == 8:
        raise JobError("model.quantization.scheme: int8 can not be measured")
    settings = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type=job.get("model.quantization.scheme", "nf4"),
        bnb_4bit_use_double_quant=job.get("model.quantization.double_quant", False),
        bnb_4bit_compute_dtype=_product_dtype(job),
    )
    old = {name: m for name, m in model.named_modules() if isinstance(m, torch.nn.Linear)}
    weights = {name: (m.weight, m.bias) for name, m in old.items()}
    old.clear()
    if hasattr(integration, "init_empty_weights"):
        # It makes parameters of all that is in a parameter, where fake tensors have a device besides.
        integration.init_empty_weights = nullcontext
    integration.replace_with_bnb_linear(
        model, modules_to_not_convert=[_head(model), *kept], quantization_config=settings
    )
    for name, module in model.named_modules():
        if not isinstance(module, bnb.nn.Linear4bit):
            continue
        weight, bias = weights.pop(name)
        kept = bnb.nn.Params4bit(
            weight.data,
            requires_grad=False,
            compress_statistics=settings.bnb_4bit_use_double_quant,
            quant_type=settings.bnb_4bit_quant_type,
            module=module,
        )
        del weight
        module.weight = kept.to(device)
        if bias is not None:
            module.bias = torch.nn.Parameter(bias.data, requires_grad=False)
    if job.get("model.quantization.experts", False):
        _quantise_experts(model, settings)
    model.is_loaded_in_4bit = True
    model.is_quantized = True
    model.quantization_method = settings.quant_method
    model.config.quantization_config = settings
    _attach_quantizer(model, settings)


def _quantise_experts(model: Any, settings: BitsAndBytesConfig) -> None:
    """What Axolotl's ``quantize_moe_experts`` does (monkeypatch/moe_quant.py)."""
    from bitsandbytes.nn.parametrize import replace_parameter_4bit

    stacked = [
        (module, name)
        for path, module in model.named_modules()
        for name, parameter in module.named_parameters(recurse=False)
        if parameter.ndim >= 3 and "expert" in f"{path}.{name}"
    ]
    for module, name in stacked:
        replace_parameter_4bit(
            module,
            name,
            compress_statistics=settings.bnb_4bit_use_double_quant,
            quant_type=settings.bnb_4bit_quant_type,
        )


def _attach_quantizer(model: Any, settings: BitsAndBytesConfig) -> None:
    from transformers.quantizers.auto import AutoHfQuantizer

    model.hf_quantizer = AutoHfQuantizer.from_config(settings, pre_quantized=False)
    # As loading does, for code that asks (transformers/quantizers/base.py _assign_is_quantized).
    model.config._is_quantized = True


def elements(model: Any) -> int:
    """Elements of the parameters; a 4-bit weight holds two in each byte."""
    from torch.nn.utils.parametrize import ParametrizationList

    stacked = {
        id(module.original): getattr(module[0], "quant_state", None)
        for module in model.modules()
        if isinstance(module, ParametrizationList)
    }
    total = sum(
        stack.shape.numel()
        for module in model.modules()
        for stack in vars(module).values()
        if isinstance(stack, packed.Packed)
    )
    for parameter in model.parameters():
        state = stacked.get(id(parameter)) or getattr(parameter, "quant_state", None)
        total += state.shape.numel() if state is not None else codebooks.elements(parameter)
    return total


def _copied(value: Any) -> Any:
    """PEFT adds the classifier's name to the list that it is given."""
    return list(value) if isinstance(value, list) else value


def lora_config(job: Job, model: Any = None) -> Any:
    """PEFT's settings for the adapters of a job; its model says which modules a frozen part has."""
    from peft import LoraConfig

    if job.get("method") in OTHER_ADAPTERS:
        return _other_config(job, model)
    rank = job.get("lora.rank", 16)
    return LoraConfig(
        r=rank,
        lora_alpha=job.get("lora.alpha", 2 * rank),
        lora_dropout=job.get("lora.dropout", _DROPOUT.get(job.get("framework.name"), 0.0)),
        target_modules=frozen.targets(model, job, _copied(job.get("lora.targets", "all-linear"))),
        modules_to_save=_copied(job.get("lora.modules_to_save")) or None,
        **_bare(job),
        use_dora=job.get("method") == "dora",
        use_rslora=job.get("method") == "rslora",
        init_lora_weights="pissa_niter_4" if job.get("method") == "pissa" else True,
        task_type=_task(job),
    )


def _other_config(job: Job, model: Any) -> Any:
    """PEFT's settings for adapters other than LoRA."""
    import peft

    method = job.get("method")
    rank = job.get("lora.rank", 16)
    own: dict[str, dict[str, Any]] = {
        "oft": {"oft_block_size": job.get("lora.block_size", 32)},
        "ia3": {"feedforward_modules": _copied(job.get("lora.feedforward_modules", ["down_proj"]))},
        "vera": {"r": rank, "vera_dropout": job.get("lora.dropout", 0.0)},
        "loha": {"r": rank, "alpha": job.get("lora.alpha", 2 * rank)},
        "lokr": {"r": rank, "alpha": job.get("lora.alpha", 2 * rank)},
        "miss": {"r": rank, "miss_dropout": job.get("lora.dropout", 0.0)},
    }
    return getattr(peft, OTHER_ADAPTERS[method])(
        target_modules=frozen.targets(model, job, _copied(job.get("lora.targets", "all-linear"))),
        modules_to_save=_copied(job.get("lora.modules_to_save")) or None,
        task_type=_task(job),
        **own[method],
    )


def _bare(job: Job) -> dict[str, Any]:
    """Parameters without a module of their own, such as experts', that get adapters (PEFT since 0.17)."""
    named = job.get("lora.target_parameters")
    return {"target_parameters": list(named)} if named else {}


def _task(job: Job) -> str | None:
    """PEFT has no name for models that predict hidden tokens, and none that takes sound."""
    if job.unmasks or hears(job):
        return None
    if reads(job):
        return "SEQ_2_SEQ_LM"
    if job.embeds:
        return "FEATURE_EXTRACTION"
    if job.labels_tokens:
        return "TOKEN_CLS"
    return "SEQ_CLS" if job.classifies else "CAUSAL_LM"


def adapt(model: Any, job: Job) -> Any:
    """Adapters on a base model, as a script does it that then hands the model to a trainer."""
    from peft import get_peft_model, prepare_model_for_kbit_training

    if job.get("lora.kbit_prepare", bool(job.bits)):
        model = prepare_model_for_kbit_training(
            model,
            use_gradient_checkpointing=job.get("checkpointing", "none") == "full",
            gradient_checkpointing_kwargs={
                "use_reentrant": job.get("checkpointing_reentrant", False)
            },
        )
    in_base_dtype = job.get("lora.dtype", "fp32") == job.get("model.dtype", "bf16") != "fp32"
    adapted = get_peft_model(model, lora_config(job, model), autocast_adapter_dtype=not in_base_dtype)
    packed.install(job, adapted)
    return adapted
