"""LLaMA-Factory's PPO over TRL's trainer of 0.9: a policy with a head for values, and rewards by other adapters."""

from __future__ import annotations

import copy
import importlib
from types import SimpleNamespace
from typing import Any

import torch

from ..job import Job, JobError
from ..marks import Marks
from ..model import adapt
from ..phases import Phase
from ..tokenizer import tiny_tokenizer
from ..trainers import arguments


def is_one(job: Job) -> bool:
    """Whether a job is of this stage."""
    return bool(job.stage == "ppo" and job.get("framework.name") == "llama-factory")


def _each(job: Job) -> int:
    return int(job.get("batch.micro_batch", 1))


def _local(job: Job) -> int:
    return _each(job) * int(job.get("batch.grad_accum", 1))


def batches(job: Job, steps: int) -> list[Any]:
    """Prompts of a whole batch, once an update."""
    ids = torch.tensor([_tokens(job.prompt)] * _local(job))
    return [{"input_ids": ids.clone(), "attention_mask": torch.ones_like(ids)} for _ in range(steps)]


def _tokens(count: int) -> list[int]:
    return [3 + place % 64 for place in range(count)]


def build(job: Job, base: Any, steps: int) -> Any:
    if not job.adapts:
        raise JobError("method: rewards by adapters alone can be measured")
    from llamafactory.model.model_utils.checkpointing import prepare_model_for_training
    from llamafactory.model.model_utils.valuehead import prepare_valuehead_model
    from llamafactory.train.ppo.trainer import CustomPPOTrainer
    from transformers import Seq2SeqTrainingArguments
    from trl import AutoModelForCausalLMWithValueHead

    prepare_model_for_training(
        base,
        SimpleNamespace(
            disable_gradient_checkpointing=job.get("checkpointing") != "full",
            use_unsloth_gc=False,
            upcast_layernorm=False,
            upcast_lmhead_output=False,
        ),
    )
    base.generation_config.use_cache = True
    adapted = adapt(base, job)
    adapted.add_adapter("reward", copy.copy(adapted.peft_config["default"]))
    for name, parameter in adapted.named_parameters():
        if "reward" in name:
            parameter.data = parameter.data.to(torch.float32)
            parameter.requires_grad_(False)
    adapted.set_adapter("default")
    for name, parameter in adapted.named_parameters():
        parameter.requires_grad_(".default." in name)
    with base.device:
        model = AutoModelForCausalLMWithValueHead.from_pretrained(adapted)
        prepare_valuehead_model(model)
        for name in ("reward", "default"):
            for part in ("weight", "bias"):
                like = torch.zeros_like(getattr(model.v_head.summary, part))
                model.register_buffer(f"{name}_head_{part}", like, persistent=False)
    settings = Seq2SeqTrainingArguments(**arguments(job, steps))
    trainer = CustomPPOTrainer(
        model_args=SimpleNamespace(model_name_or_path="", upcast_layernorm=False),
        training_args=settings,
        finetuning_args=_finetuning(job),
        generating_args=_Generating(job.completion),
        callbacks=[],
        model=model,
        reward_model=None,
        ref_model=None,
        tokenizer=tiny_tokenizer(),
        processor=None,
        data_collator=None,
    )
    trainer.train = lambda: _train(job, trainer, steps)
    return trainer


def _finetuning(job: Job) -> SimpleNamespace:
    idle = ("use_galore", "use_badam", "use_adam_mini", "loraplus_lr_ratio", "use_apollo", "use_muon")
    return SimpleNamespace(
        ppo_buffer_size=1,
        ppo_epochs=job.get("generation.iterations", 4),
        ppo_target=6.0,
        ppo_score_norm=False,
        ppo_whiten_rewards=False,
        reward_model_type="lora",
        **dict.fromkeys(idle, None),
    )


class _Generating:
    def __init__(self, tokens: int) -> None:
        self._tokens = tokens

    def to_dict(self) -> dict[str, Any]:
        return {"do_sample": True, "max_new_tokens": self._tokens}


def _train(job: Job, trainer: Any, steps: int) -> None:
    """``ppo_train`` of the trainer, whose completions are given."""
    trainer.is_distributed = False
    for batch in trainer.get_train_dataloader():
        trainer.begins()
        trainer.model.eval()
        queries, responses, rewards = [], [], []
        for start in range(0, _local(job), _each(job)):
            part = {key: value[start : start + _each(job)] for key, value in batch.items()}
            asked, made = trainer.get_inputs(part)
            rewards.extend(trainer.get_rewards(asked, made))
            queries.extend(asked)
            responses.extend(made)
        trainer.model.train()
        trainer.step(queries, responses, rewards)
        trainer.state.global_step += 1


def mark(job: Job, trainer: Any, marks: Marks) -> None:
    """Tells what is generated and scored from the training behind it."""
    module = importlib.import_module("trl.trainer.ppo_trainer")
    module.torch = _Stacked()
    module.stack_dicts = lambda _: {key: torch.zeros(1) for key in ("policy/advantages", "policy/ratio")}
    module.stats_to_np = module.convert_to_scalar = lambda stats: stats
    trainer.record_step_stats = lambda **_: {"objective/kl": 0.0}
    trainer.kl_ctl.update = lambda *_: None
    trainer.begins = marks.begin

    def inputs(batch: Any) -> Any:
        ids = [torch.tensor(_tokens(length)) for length in (job.prompt, job.completion)]
        return tuple([each.clone() for _ in batch["input_ids"]] for each in ids)

    trainer.get_inputs = inputs
    step = trainer.optimizer.step

    def update(*args: Any, **kwargs: Any) -> Any:
        marks.enter(Phase.STEP)
        return step(*args, **kwargs)

    trainer.optimizer.step = update


class _Stacked:
    """torch, but that a tensor of tensors is a stack of them, which fake devices take."""

    def __getattr__(self, name: str) -> Any:
        return getattr(torch, name)

    @staticmethod
    def tensor(values: Any, **where: Any) -> torch.Tensor:
        return torch.stack([value.to(where.get("device", value.device)) for value in values])
