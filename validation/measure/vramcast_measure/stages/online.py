"""Trainers that generate: GRPO, RLOO and distillation."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

from ..job import Job, JobError
from ..marks import Marks
from ..model import build_base, build_other, lora_config
from ..phases import Phase
from ..tokenizer import tiny_tokenizer, words
from ..trainers import arguments
from . import features, older
from .pairs import trl_classes

_CLASSES = {"grpo": "GRPO", "rloo": "RLOO", "distillation": "Distillation"}


def _rounds(job: Job) -> int:
    """Micro-batches that are generated at once."""
    return int(job.get("generation.steps_per_generation", job.get("batch.grad_accum", 1)))


def _group(job: Job) -> int:
    return int(job.get("generation.group_size", 1 if job.stage == "distillation" else 8))


def rows(job: Job) -> list[dict[str, Any]]:
    """Prompts, as texts, each as often as it is completed."""
    group = _group(job)
    count = _rounds(job) * job.get("batch.micro_batch", 1)
    beside = features.row if features.is_one(job) else lambda *_: {}
    return [
        {"prompt": words(job.prompt, number // group), **beside(job, number // group)} for number in range(count)
    ]


def build(job: Job, base: Any, examples: list[dict[str, Any]], steps: int) -> Any:
    from datasets import Dataset

    rewarded = not features.is_one(job)
    trainer, config = trl_classes(_CLASSES[job.stage]) if rewarded else features.classes()
    module = importlib.import_module(trainer.__module__)
    if job.get("objective.reference") == "copy" and rewarded:
        if hasattr(module, "create_model_from_path"):
            module.create_model_from_path = lambda *_, **__: build_base(job, base.device)
        else:
            older.load(base, lambda *_, **__: build_base(job, base.device))
    settings = config(**older.known(config, {**arguments(job, steps), **_settings(job)}))
    if not rewarded:
        settings.__dict__.update(features.SETTINGS)
    made: dict[str, Any] = {
        "model": base,
        "args": settings,
        "train_dataset": Dataset.from_list(examples),
        "processing_class": tiny_tokenizer(),
        "peft_config": lora_config(job) if job.adapts else None,
    }
    if job.stage == "distillation":
        made["teacher_model"] = build_other(job, "objective.teacher", base.device)
    elif rewarded:
        made["reward_funcs"] = _reward
    built = trainer(**made)
    if job.get("generation.engine", "none") == "none" and not hasattr(built, "_generate_single_turn"):
        older.complete(job, built)
    elif job.get("generation.engine", "none") == "none":
        built._generate_single_turn = _given(job, built._generate_single_turn)
    elif job.get("generation.engine") != "transformers":
        raise JobError("generation.engine: only none and transformers can be measured")
    else:
        # As published configs say: keys and values are cached wherever nobody says otherwise.
        base.generation_config.use_cache = True
        _together(job.completion)
    return built


def _together(tokens: int) -> None:
    """All texts end behind their last token: whether one still goes on is a value, which ranks send too."""
    from transformers.generation.utils import GenerationMixin

    made = [0]

    def unfinished(*_: Any, **__: Any) -> bool:
        made[0] = (made[0] + 1) % (tokens + 1)
        return made[0] > 0

    GenerationMixin._has_unfinished_sequences = unfinished


def _reward(completions: list[Any], **_: Any) -> list[float]:
    return [float(number % 3) for number in range(len(completions))]


def _settings(job: Job) -> dict[str, Any]:
    result: dict[str, Any] = {"max_completion_length": job.completion}
    if job.stage != "distillation":
        result["num_generations"] = _group(job)
        result["steps_per_generation"] = _rounds(job)
    for key, name in (
        ("objective.beta", "beta"),
        ("generation.iterations", "num_iterations"),
    ):
        if job.get(key) is not None:
            result[name] = job.get(key)
    if job.losses:
        result["loss_type"] = job.losses[0]
    return result


def _given(job: Job, run: Any) -> Any:
    """Completions of full length that were made elsewhere; GRPO's come with probabilities, and once with more."""
    source = inspect.getsource(run)
    if "forward_kwargs" in source:
        return older.completed(job, run)
    alone = "num_generations" not in inspect.signature(run).parameters and job.stage not in ("grpo", "ebft")
    beside = (None, {}) if "extra_fields" in source else (None,)

    def generate(prompt_ids: list[list[int]], *_: Any, **__: Any) -> Any:
        ids = [[3 + place % 64 for place in range(job.completion)] for _ in prompt_ids]
        return ids if alone else (ids, *beside)

    return generate


def batches(job: Job, trainer: Any, steps: int) -> list[Any]:
    """The prompts of a generated batch before every micro-batch, as the repeating sampler gives."""
    prompts = list(trainer.train_dataset)
    if not hasattr(trainer.args, "steps_per_generation"):
        # Before 0.18 every micro-batch is generated by itself, and before 0.15 of each prompt once.
        prompts = prompts[: job.get("batch.micro_batch", 1)]
    return [list(prompts) for _ in range(steps * job.get("batch.grad_accum", 1))]


def mark(trainer: Any, marks: Marks) -> None:
    """Scoring begins where a batch is generated; generation is what of it a model generates."""
    for name, phase in (
        ("_generate_single_turn", Phase.GENERATION),
        ("_generate_and_score_completions", Phase.SCORING),
    ):
        if hasattr(trainer, name):
            _within(trainer, name, phase, marks)


def _within(trainer: Any, name: str, phase: Phase, marks: Marks) -> None:
    run = getattr(trainer, name)

    def marked(*args: Any, **kwargs: Any) -> Any:
        with marks.within(phase):
            return run(*args, **kwargs)

    setattr(trainer, name, marked)
