"""The trainers of Transformers and TRL, set up for a job as their users do it."""

from __future__ import annotations

import inspect
import os
import tempfile
from typing import Any

import torch

from . import engine, generating, life, sequence, zero
from .data import examples
from .images import collating
from .job import Job, JobError
from .model import adapt, lora_config
from .texts import reads

_OPTIMIZERS = {
    "adamw": {"fused": "adamw_torch_fused", "foreach": "adamw_torch", "for-loop": "adamw_torch"},
    "adamw-8bit": {None: "adamw_bnb_8bit", "bitsandbytes": "adamw_bnb_8bit", "torchao": "adamw_torch_8bit"},
    "adamw-4bit": "adamw_torch_4bit",
    "apollo": "apollo_adamw",
    "galore": "galore_adamw",
    "schedule-free-adamw": "schedule_free_adamw",
    "schedule-free-radam": "schedule_free_radam",
    "schedule-free-sgd": "schedule_free_sgd",
    "stable-adamw": "stable_adamw",
    "paged-adamw": "paged_adamw_32bit",
    "paged-adamw-8bit": "paged_adamw_8bit",
    "lion": "lion_32bit",
    "lion-8bit": "lion_8bit",
    "paged-lion": "paged_lion_32bit",
    "paged-lion-8bit": "paged_lion_8bit",
    "ademamix": "ademamix",
    "ademamix-8bit": "ademamix_8bit",
    "paged-ademamix": "paged_ademamix_32bit",
    "paged-ademamix-8bit": "paged_ademamix_8bit",
    "rmsprop": {None: "rmsprop", "foreach": "rmsprop", "bitsandbytes": "rmsprop_bnb"},
    "rmsprop-8bit": "rmsprop_bnb_8bit",
    "adagrad": "adagrad",
    "adafactor": "adafactor",
    "sgd": "sgd",
    "lomo": "lomo",
    "adalomo": "adalomo",
}
"""TrainingArguments.optim by the job's optimizer."""

_HANDED_OVER = ("adam-mini", "badam", "muon")
"""Optimizers that no name of TrainingArguments makes, with which the Trainer is given its own."""

_LOSSES = {"full": "nll", "chunked": "chunked_nll"}
"""SFTConfig.loss_type by the job's loss."""

_PROJECTED = [r".*attn.*", r".*mlp.*"]
"""What is projected by optimizers of low rank, as in Transformers' documents."""


def optimizer_name(job: Job) -> str | None:
    """The name by which TrainingArguments knows a job's optimizer; None leaves its default."""
    name = job.get("optimizer.name")
    implementation = job.get("optimizer.implementation")
    if name in _HANDED_OVER and job.get("framework.name") == "trl":
        raise JobError(f"optimizer.name: {name} can not be measured under TRL, whose trainers are given none")
    if name is None or name in _HANDED_OVER or (name == "adamw" and implementation is None):
        return None
    entry = _OPTIMIZERS.get(name)
    if entry is None:
        raise JobError(f"optimizer.name: {name} can not be measured")
    return entry if isinstance(entry, str) else entry[implementation]


def _liger(job: Job) -> dict[str, bool]:
    """Kernels by the words of Liger's functions, which take those that a model has."""
    words = {"rms_norm": ("rms_norm",), "swiglu": ("swiglu", "geglu"), "rope": ("rope",)}
    config = {word: name in job.get("liger_kernels") for name, each in words.items() for word in each}
    return {**config, "cross_entropy": False, "fused_linear_cross_entropy": job.get("loss") == "liger"}


def arguments(job: Job, steps: int) -> dict[str, Any]:
    """What TrainingArguments and SFTConfig share; what the job leaves open is left out."""
    result: dict[str, Any] = {
        "output_dir": tempfile.gettempdir(),
        "per_device_train_batch_size": job.get("batch.micro_batch", 1),
        "gradient_accumulation_steps": job.get("batch.grad_accum", 1),
        "max_steps": steps,
        "report_to": [],
        "save_strategy": "no",
        "logging_strategy": "no",
        "disable_tqdm": True,
        "remove_unused_columns": False,
    }
    optimizer = optimizer_name(job)
    if optimizer is not None:
        result["optim"] = optimizer
        if optimizer.startswith(("apollo", "galore")):
            result["optim_target_modules"] = _PROJECTED
    result.update(zero.half_precision(job))
    result.update(engine.settings(job))
    checkpointing = job.get("checkpointing")
    if checkpointing is not None:
        result["gradient_checkpointing"] = checkpointing in ("full", "offloaded")
    how = {
        name: job.get(key)
        for key, name in (("checkpointing_reentrant", "use_reentrant"), ("checkpointing_every", "every_n_layers"))
        if job.get(key) is not None
    }
    if checkpointing == "offloaded":
        how["offload"] = True
    if how and result.get("gradient_checkpointing"):
        result["gradient_checkpointing_kwargs"] = how
    if job.get("loss") == "liger" or job.get("liger_kernels"):
        result["use_liger_kernel"] = True
    if job.get("liger_kernels"):
        result["liger_kernel_config"] = _liger(job)
    for key, name in (
        ("objective.label_smoothing", "label_smoothing_factor"),
        ("objective.neftune_alpha", "neftune_noise_alpha"),
        ("allocator.empty_cache_steps", "torch_empty_cache_steps"),
    ):
        if job.get(key):
            result[name] = job.get(key)
    result.update(_evaluation(job, steps))
    result.update(life.arguments(job, steps))
    sliced = job.get("parallelism.tensor", 1) > 1
    strategy = job.get("parallelism.strategy", "none")
    if strategy == "fsdp2" and not sliced:
        result.update(_fsdp2(job))
    if strategy == "fsdp1":
        result.update(_fsdp1(job))
    if strategy == "ddp":
        # Where parameters may be unused, a map of those that are, of four bytes each, is sent by its values.
        result["ddp_find_unused_parameters"] = False
    if zero.is_one(job):
        result["deepspeed"] = zero.configuration(job)
    result.update(sequence.settings(job))
    return result


def _evaluation(job: Job, steps: int) -> dict[str, Any]:
    """An evaluation behind the last step."""
    if not job.evaluates:
        return {}
    result: dict[str, Any] = {"eval_strategy": "steps", "eval_steps": steps}
    for key, name in (
        ("evaluation.micro_batch", "per_device_eval_batch_size"),
        ("evaluation.accumulation_steps", "eval_accumulation_steps"),
    ):
        if job.get(key) is not None:
            result[name] = job.get(key)
    return result


def _evaluated(job: Job, rows: Any) -> dict[str, Any]:
    """What a trainer evaluates, and with which metrics."""
    if not job.evaluates:
        return {}
    # Without metrics prediction_step is told to return the loss alone, and generates nothing.
    asked = job.get("evaluation.metrics") or generating.wanted(job)
    metrics = {"compute_metrics": lambda _: {}} if asked else {}
    return {"eval_dataset": rows, **metrics}


def _fsdp2(job: Job) -> dict[str, Any]:
    """As in a configuration file of ``accelerate launch``: each decoder layer is a group."""
    reshard = job.get("parallelism.reshard_after_forward", True)
    # What the launcher sets; Transformers before 5.0 does not hand these on.
    os.environ.update(FSDP_VERSION="2", FSDP_RESHARD_AFTER_FORWARD=str(reshard).lower())
    settings = {
        "version": 2,
        "fsdp_version": 2,
        "reshard_after_forward": reshard,
        "auto_wrap_policy": "TRANSFORMER_BASED_WRAP",
        "cpu_ram_efficient_loading": False,
        "state_dict_type": life.state_dict_type(job),
    }
    from transformers import training_args

    # Where the words are known, True is the first of them alone, and leaves layers in one group.
    words = "fsdp_option == FSDPOption.AUTO_WRAP" in inspect.getsource(training_args)
    return {"fsdp": "full_shard auto_wrap" if words else True, "fsdp_config": settings}


def _fsdp1(job: Job) -> dict[str, Any]:
    """As in a configuration file of ``accelerate launch``, original parameters kept, which it does since 0.27."""
    reshard = job.get("parallelism.reshard_after_forward", True)
    sharding = "FULL_SHARD" if reshard else "SHARD_GRAD_OP"
    # What the launcher sets, without which accelerate knows nothing but FULL_SHARD.
    os.environ.update(FSDP_VERSION="1", FSDP_USE_ORIG_PARAMS="true", FSDP_SHARDING_STRATEGY=sharding)
    settings = {
        "version": 1,
        "fsdp_version": 1,
        "reshard_after_forward": sharding,
        "auto_wrap_policy": "TRANSFORMER_BASED_WRAP",
        "backward_prefetch": "BACKWARD_PRE",
        "use_orig_params": True,
        "cpu_ram_efficient_loading": False,
        "sync_module_states": False,
        "state_dict_type": life.state_dict_type(job),
    }
    kinds = "full_shard auto_wrap" if reshard else "shard_grad_op auto_wrap"
    return {"fsdp": kinds, "fsdp_config": settings}


def build(job: Job, base: Any, steps: int) -> Any:
    """A trainer that is ready for ``train()``.

    Args:
        base: the base model on its device
        steps: of the optimizer
    """
    count = steps * job.get("batch.micro_batch", 1) * job.get("batch.grad_accum", 1)
    rows = examples(job, count)
    evaluated = examples(job, job.get("evaluation.batches", 0) * job.get("evaluation.micro_batch", 8))
    if job.get("framework.name", "transformers") == "trl":
        return _sft(job, base, rows, evaluated, steps)
    return _transformers(job, base, rows, evaluated, steps)


Rows = list[dict[str, list[int]]]


def _transformers(job: Job, base: Any, rows: Rows, evaluated: Rows, steps: int) -> Any:
    from transformers import (
        Seq2SeqTrainer,
        Seq2SeqTrainingArguments,
        Trainer,
        TrainingArguments,
        default_data_collator,
    )

    # Its package imports this module.
    from .stages import logits

    model = adapt(base, job) if job.adapts else base
    both = reads(job) or generating.wanted(job)
    own, own_trainer = (Seq2SeqTrainingArguments, Seq2SeqTrainer) if both else (TrainingArguments, Trainer)
    settings = own(**arguments(job, steps), **generating.arguments(job))
    if job.adapts and settings.gradient_checkpointing:
        model.enable_input_require_grads()
    kind = str(job.get("model.config").get("model_type"))
    aligns = job.images or job.sound
    made = logits.trainer(job, base) if logits.is_one(job) else own_trainer
    trainer = made(
        model=model,
        args=settings,
        train_dataset=rows,
        **({} if _divided(job) else _own_optimizer(job, model)),
        data_collator=collating(default_data_collator, kind) if aligns else default_data_collator,
        **_evaluated(job, evaluated),
    )
    if _divided(job) and job.get("optimizer.name") in _OWN:
        # Under FSDP the Trainer is given none, so that frameworks override what makes it.
        trainer.create_optimizer = lambda *_: _overridden(job, trainer)
    if job.get("optimizer.name") == "badam":
        trainer.create_optimizer = lambda *_: _by_blocks(job, trainer)
    return trainer


def _divided(job: Job) -> bool:
    return str(job.get("parallelism.strategy", "none")).startswith("fsdp")


def _overridden(job: Job, trainer: Any) -> Any:
    trainer.optimizer = _own_optimizer(job, trainer.model)["optimizers"][0]
    return trainer.optimizer


def _own_optimizer(job: Job, model: Any) -> dict[str, Any]:
    """One that no name of TrainingArguments makes, as LLaMA-Factory's train/trainer_utils.py makes it."""
    make = _OWN.get(str(job.get("optimizer.name")))
    return {"optimizers": (make(model), None)} if make else {}


def _adam_mini(model: Any) -> Any:
    from adam_mini import Adam_mini

    config = model.config
    heads = config.num_attention_heads
    return Adam_mini(
        named_parameters=model.named_parameters(),
        dim=config.hidden_size,
        n_heads=heads,
        n_kv_heads=getattr(config, "num_key_value_heads", heads),
        verbose=False,
    )


def _muon(model: Any) -> Any:
    """PyTorch's own on matrices of layers, its AdamW on all else; one step runs both."""

    class Both(torch.optim.AdamW):
        def step(self, closure: Any = None) -> None:
            hidden.step()
            super().step()

        def zero_grad(self, set_to_none: bool = True) -> None:
            hidden.zero_grad(set_to_none)
            super().zero_grad(set_to_none)

    named = list(model.named_parameters())
    matrices = [p for name, p in named if p.ndim == 2 and "embed" not in name and "lm_head" not in name]
    chosen = {id(p) for p in matrices}
    hidden = torch.optim.Muon(matrices, lr=1e-3)
    return Both([p for _, p in named if id(p) not in chosen], lr=1e-3, foreach=True)


_OWN = {"adam-mini": _adam_mini, "muon": _muon}
"""What makes optimizers that a program hands over, by their names."""


def _by_blocks(job: Job, trainer: Any) -> Any:
    """BAdam by layers over AdamW; it begins with the first layer."""
    from badam import BlockOptimizer
    from torch.optim import AdamW

    model = trainer.model
    way = job.get("optimizer.implementation", "foreach")
    base = AdamW([{"params": list(model.parameters()), "weight_decay": 0.0}], fused=way == "fused", foreach=way == "foreach")
    trainer.optimizer = BlockOptimizer(
        base_optimizer=base,
        named_parameters_list=list(model.named_parameters()),
        switch_block_every=50,
        switch_mode="ascending",
        verbose=0,
    )
    return trainer.optimizer


def _sft(job: Job, base: Any, rows: Rows, evaluated: Rows, steps: int) -> Any:
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer

    from .stages import older
    from .tokenizer import tiny_tokenizer

    extra: dict[str, Any] = older.lengths(SFTConfig, job.get("batch.sequence_length"), 0)
    loss = job.get("objective.loss_type") or _LOSSES.get(job.get("loss"))
    if loss:
        extra["loss_type"] = loss
    if job.get("batch.segments") is not None:
        # Documents are packed by hand, as the data set is that of the steps.
        extra.update(padding_free=True, max_length=None)
    settings = SFTConfig(**arguments(job, steps), **extra)
    made: dict[str, Any] = {
        "model": base,
        "args": settings,
        "train_dataset": Dataset.from_list([_example(job, row) for row in rows]),
        **_evaluated(job, Dataset.from_list([_example(job, row) for row in evaluated])),
        "processing_class": tiny_tokenizer(),
        "peft_config": lora_config(job) if job.adapts else None,
    }
    return SFTTrainer(**older.named(SFTTrainer, made))


def _example(job: Job, row: dict[str, list[int]]) -> dict[str, list[int]]:
    """What TRL's collator makes batches of; several documents stand in one packed row."""
    example = {"input_ids": _real_tokens(row)}
    if job.get("objective.scored_fraction", 1.0) < 1:
        example["labels"] = row["labels"]
    segments = job.get("batch.segments")
    if segments:
        length = len(example["input_ids"])
        example["seq_lengths"] = [length // segments] * (segments - 1)
        example["seq_lengths"].append(length - sum(example["seq_lengths"]))
    return example


def _real_tokens(row: dict[str, list[int]]) -> list[int]:
    """What TRL's collator pads again."""
    return row["input_ids"][: sum(row["attention_mask"])]
