"""TRL's PPO, whose trainer has a loop of its own: policy, reference, value and reward model."""

from __future__ import annotations

import importlib
from typing import Any

import torch

from ..job import Job
from ..marks import Marks
from ..model import build_base, lora_config
from ..phases import Phase
from ..tokenizer import tiny_tokenizer
from ..trainers import arguments
from .pairs import trl_classes


def is_one(job: Job) -> bool:
    """Whether a job is of this stage."""
    return job.stage == "ppo"


def _local(job: Job) -> int:
    """Prompts that are completed at once."""
    return int(job.get("batch.micro_batch", 1) * job.get("batch.grad_accum", 1))


def rows(job: Job, steps: int) -> list[dict[str, Any]]:
    """Prompts, as tokens."""
    ids = [3 + place % 64 for place in range(job.prompt)]
    return [{"input_ids": ids} for _ in range(steps * _local(job))]


def build(job: Job, base: Any, examples: list[dict[str, Any]], steps: int) -> Any:
    from datasets import Dataset

    trainer, config = trl_classes("PPO")
    given = arguments(job, steps)
    settings = config(
        **given,
        total_episodes=steps * _local(job),
        num_ppo_epochs=1,
        num_mini_batches=1,
        num_sample_generations=0,
        response_length=job.completion,
    )
    copied = job.get("objective.reference") == "copy"
    reference = build_base(job, base.device) if copied else None
    reward, value = _scoring(job, base.device), _scoring(job, base.device)
    # As published configs say: keys and values are cached wherever nobody says otherwise.
    base.generation_config.use_cache = True
    for model in (base, reference, reward, value):
        if model is not None:
            model.config.use_cache = True
    return trainer(
        args=settings,
        processing_class=tiny_tokenizer(),
        model=base,
        ref_model=reference,
        reward_model=reward,
        value_model=value,
        train_dataset=Dataset.from_list(examples),
        eval_dataset=Dataset.from_list(examples[:1]),
        peft_config=lora_config(job) if job.adapts else None,
    )


def _scoring(job: Job, device: torch.device) -> Any:
    """A model of one number a token, as it is loaded beside the policy."""
    plain = {key: value for key, value in job.values.items() if not key.startswith("model.quantization")}
    return build_base(Job({**plain, "objective.stage": "reward", "method": "full"}), device)


def batches(job: Job, steps: int) -> list[Any]:
    """Prompts of a whole batch, once an update."""
    ids = torch.tensor([[3 + place % 64 for place in range(job.prompt)]] * _local(job))
    return [{"input_ids": ids.clone()} for _ in range(steps)]


def mark(trainer: Any, marks: Marks) -> None:
    """Tells the rollout from the training behind it."""
    module = importlib.import_module(type(trainer).__module__)
    generate = module.batch_generation

    def generation(*args: Any, **kwargs: Any) -> Any:
        marks.begin()
        with marks.within(Phase.GENERATION):
            result = generate(*args, **kwargs)
        marks.enter(Phase.SCORING)
        return result

    module.batch_generation = generation
    # It asks how many tokens of completions count, of which there are none here; its vectors are a few numbers.
    module.masked_whiten = lambda values, _mask, shift_mean=True: values
    trainer.model.register_forward_pre_hook(lambda *_: marks.enter(Phase.FORWARD_LAYERS))
    step = trainer.optimizer.step

    def update(*args: Any, **kwargs: Any) -> Any:
        # What is logged of the logits behind it is a part of the step.
        marks.enter(Phase.STEP)
        return step(*args, **kwargs)

    trainer.optimizer.step = update
