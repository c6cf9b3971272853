"""Trainers of given answers: DPO, KTO, BCO, ORPO, CPO and rewards."""

from __future__ import annotations

import importlib
from typing import Any

from .. import generating
from ..job import Job
from ..model import build_base, lora_config
from ..tokenizer import answer, tiny_tokenizer, words
from ..trainers import arguments
from . import older

_CLASSES = {
    "dpo": "DPO",
    "kto": "KTO",
    "bco": "BCO",
    "orpo": "ORPO",
    "cpo": "CPO",
    "reward": "Reward",
}


def trl_classes(prefix: str) -> tuple[Any, Any]:
    """A trainer's class and that of its settings; some moved into ``trl.experimental``."""
    trl = importlib.import_module("trl")
    try:
        return getattr(trl, f"{prefix}Trainer"), getattr(trl, f"{prefix}Config")
    except (AttributeError, ImportError):
        module = importlib.import_module(f"trl.experimental.{prefix.lower()}")
        return getattr(module, f"{prefix}Trainer"), getattr(module, f"{prefix}Config")


def rows(job: Job, steps: int) -> list[dict[str, Any]]:
    """Texts of a prompt and of the answers to it."""
    count = steps * job.get("batch.micro_batch", 1) * job.get("batch.grad_accum", 1)
    return [_row(job, number) for number in range(count)]


def evaluated(job: Job) -> dict[str, Any]:
    """Texts of an evaluation behind the last step."""
    from datasets import Dataset

    count = job.get("evaluation.batches", 0) * job.get("evaluation.micro_batch", 8)
    return {"eval_dataset": Dataset.from_list([_row(job, number) for number in range(count)])} if count else {}


def _row(job: Job, number: int) -> dict[str, Any]:
    prompt = words(job.prompt, number)
    if job.stage in ("kto", "bco"):
        label = number % 2 == 0
        return {"prompt": prompt, "completion": answer(job.completion, number + 1), "label": label}
    chosen = job.get("objective.chosen_length", job.completion)
    rejected = job.get("objective.rejected_length", job.completion)
    if job.stage == "reward" and not older.rewards_tokenize():
        return older.tokens(prompt + answer(chosen, number + 1), prompt + answer(rejected, number + 2))
    if job.stage == "reward" and not older.reads_prompts():
        return {"chosen": prompt + answer(chosen, number + 1), "rejected": prompt + answer(rejected, number + 2)}
    return {
        "prompt": prompt,
        "chosen": answer(chosen, number + 1),
        "rejected": answer(rejected, number + 2),
    }


def build(job: Job, base: Any, examples: list[dict[str, Any]], steps: int) -> Any:
    from datasets import Dataset

    trainer, config = trl_classes(_CLASSES[job.stage])
    settings = config(**arguments(job, steps), **_settings(job, config))
    made: dict[str, Any] = {
        "model": base,
        "args": settings,
        "train_dataset": Dataset.from_list(examples),
        **evaluated(job),
        "processing_class": tiny_tokenizer(),
        "peft_config": _adapters(job),
    }
    if job.stage in ("dpo", "kto", "bco"):
        if job.get("objective.reference") == "copy":
            # As TRL's scripts do, e.g. examples/scripts/bco.py.
            made["ref_model"] = build_base(job, base.device)
        if job.get("objective.reference") == "precomputed" and hasattr(trainer, "_precompute_ref_logps"):
            _precomputed(trainer)
    if generating.wanted(job):
        generating.unlogged(trainer, made["processing_class"])
    built = trainer(**older.named(trainer, made))
    if job.get("objective.reference") == "precomputed" and not hasattr(trainer, "_precompute_ref_logps"):
        _precomputed_by_loader(built)
    return built


def _adapters(job: Job) -> Any:
    if not job.adapts:
        return None
    config = lora_config(job)
    if job.stage == "reward":
        # As trl reward says of its adapters (trl/scripts/reward.py).
        config.task_type = "SEQ_CLS"
        config.modules_to_save = ["score"]
    return config


def _settings(job: Job, config: Any) -> dict[str, Any]:
    # These add a token before the prompt (add_bos_token_if_needed), which is not cut here.
    more = 1 if job.stage in ("bco", "orpo", "cpo") else 0
    length = job.get("batch.sequence_length")
    prompt = job.prompt if job.stage != "reward" else 0
    result: dict[str, Any] = older.lengths(config, length + more, prompt + more)
    types = job.losses
    if types and job.stage == "dpo":
        several = hasattr(config, "loss_weights")
        result["loss_type"] = types if several else types[0]
    elif types:
        result["loss_type"] = types[0]
    for key, name in (
        ("objective.loss_weights", "loss_weights"),
        ("objective.beta", "beta"),
        ("objective.weighting", "use_weighting"),
        ("objective.alpha", "cpo_alpha"),
    ):
        if job.get(key) is not None:
            result[name] = job.get(key)
    if job.get("objective.reference") == "precomputed":
        result["precompute_ref_log_probs"] = True
    if generating.wanted(job):
        result["generate_during_eval"] = True
    if job.stage == "kto" and job.get("objective.label_smoothing"):
        result.pop("label_smoothing", None)
    return result


def _precomputed(trainer: Any) -> None:
    """The reference's pass over the data is another episode: its results are given."""
    columns = ("ref_chosen_logps", "ref_rejected_logps", "ref_logps", "ref_KL_logps")

    def given(_self: Any, dataset: Any, *_: Any, **__: Any) -> Any:
        for column in columns:
            dataset = dataset.add_column(column, [0.0] * len(dataset))
        return dataset

    trainer._precompute_ref_logps = given
    module = importlib.import_module(trainer.__module__)
    if hasattr(module, "hash_module"):
        module.hash_module = lambda *_: "given"


def _precomputed_by_loader(trainer: Any) -> None:
    """As above, of trainers whose loader computes them: BCO's, KTO's before 1.2 and DPO's before 0.29; another has its place here."""
    columns = ["reference_logps", "reference_KL_logps"]
    if any(name.startswith("chosen") for name in trainer.train_dataset.column_names):
        columns = [f"{start}_{answer}_logps" for start in ("ref", "reference") for answer in ("chosen", "rejected")]
    for column in columns:
        given = trainer.train_dataset
        trainer.train_dataset = given.add_column(column, [0.0] * len(given))
