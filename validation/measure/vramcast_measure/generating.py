"""Evaluations that generate: ``predict_with_generate`` of Transformers and ``generate_during_eval`` of TRL."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from .job import Job
from .phases import Phase


def wanted(job: Job) -> bool:
    """Whether a job's evaluation generates."""
    return bool(job.evaluates and job.get("evaluation.new_tokens"))


def arguments(job: Job) -> dict[str, Any]:
    """What Seq2SeqTrainingArguments is told of it; nobody draws tokens, and no text ends by a token."""
    if not wanted(job):
        return {}
    from transformers import GenerationConfig

    start = job.get("model.config").get("decoder_start_token_id")
    begins = {} if start is None else {"decoder_start_token_id": start}
    config = GenerationConfig(
        max_new_tokens=job.get("evaluation.new_tokens"),
        num_beams=job.get("evaluation.beams", 1),
        pad_token_id=0,
        bos_token_id=1,
        **begins,
    )
    return {"predict_with_generate": True, "generation_config": config}


def install(job: Job) -> None:
    """All texts end behind their last token: whether one still goes on is a value."""
    from transformers.generation.utils import GenerationMixin

    left = [0]
    prepare = GenerationMixin.generate

    def generate(self: Any, *args: Any, **kwargs: Any) -> Any:
        left[0] = job.get("evaluation.new_tokens")
        return prepare(self, *args, **kwargs)

    def unfinished(*_: Any, **__: Any) -> bool:
        left[0] -= 1
        return left[0] >= 0

    GenerationMixin.generate = generate
    GenerationMixin._has_unfinished_sequences = unfinished


def mark(job: Job, trainer: Any, enter: Callable[[Phase], None]) -> None:
    """What an evaluation generates is a phase inside it."""
    if not wanted(job):
        return
    # What tokenizers have, of which there is none here.
    config = trainer.model.config
    config.pad_token_id = getattr(config, "pad_token_id", None) or 0
    # Models are made without a cache here, which a checkpoint's own config has.
    given = {id(each): each for each in (trainer.model, getattr(trainer, "ref_model", None)) if each is not None}
    for model in given.values():
        for part in (model, *model.modules()):
            if getattr(part, "generation_config", None) is not None:
                part.generation_config.use_cache = True
    for model in given.values():
        run = model.generate

        def generate(*args: Any, _run: Any = run, **kwargs: Any) -> Any:
            enter(Phase.EVALUATION_GENERATION)
            try:
                return _run(*args, **kwargs)
            finally:
                enter(Phase.EVALUATION)

        model.generate = generate


def answers_alone(job: Job, trainer: Any) -> None:
    """LLaMA-Factory keeps the labels back where it generates (train/sft/trainer.py prediction_step)."""
    if not wanted(job) or job.get("framework.name") != "llama-factory":
        return
    run = trainer.prediction_step

    def prediction_step(model: Any, inputs: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        return run(model, {name: given for name, given in inputs.items() if name != "labels"}, *args, **kwargs)

    trainer.prediction_step = prediction_step


def unlogged(trainer: Any, tokenizer: Any) -> None:
    """TRL's trainers of pairs show texts to a service, which is none here; tokens have no values to make texts of."""
    module = importlib.import_module(trainer.__module__)
    module.is_wandb_available = lambda: True
    tokenizer.batch_decode = lambda tokens, **_: [""] * len(tokens)


def rows(job: Job, batches: Any, trainer: Any) -> Any:
    """Batches of an evaluation, of whose data set some rows are drawn for what is generated."""
    if wanted(job) and hasattr(trainer, "generate_during_eval"):
        batches.dataset = trainer.eval_dataset
    return batches
