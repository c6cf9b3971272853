"""What TRL's trainers were given before they had today's arguments."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from ..job import Job
from ..tokenizer import tiny_tokenizer


def named(trainer: Any, made: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a trainer's class; until 0.12 it took a tokenizer by that name."""
    known = inspect.signature(trainer.__init__).parameters
    if "processing_class" not in known and "tokenizer" in known:
        made["tokenizer"] = made.pop("processing_class")
    return made


def lengths(config: Any, length: int, prompt: int) -> dict[str, int]:
    """The longest text and, as far as it has a limit of its own, the longest prompt."""
    known = {field.name for field in fields(config)}
    longest = "max_length" if "max_length" in known else "max_seq_length"
    result = {longest: length}
    if "max_prompt_length" in known:
        result["max_prompt_length"] = prompt
    return result


def known(config: Any, settings: dict[str, Any]) -> dict[str, Any]:
    """Those settings that a class of them has."""
    names = {field.name for field in fields(config)}
    return {name: value for name, value in settings.items() if name in names}


def complete(job: Job, trainer: Any) -> None:
    """Completions of full length that were made elsewhere, of trainers that call ``generate`` themselves."""
    import torch

    copies = "num_generations" if not hasattr(trainer.args, "steps_per_generation") else ""

    def generate(prompts: Any, **settings: Any) -> Any:
        each = getattr(settings.get("generation_config"), "num_return_sequences", 1) if copies else 1
        rows = prompts.repeat_interleave(each, dim=0) if each > 1 else prompts
        made = torch.full((rows.shape[0], job.completion), 5, dtype=rows.dtype, device=rows.device)
        return torch.cat([rows, made], dim=1)

    trainer.model.generate = generate


def completed(job: Job, run: Any) -> Any:
    """As above, of 0.24 to 0.26, whose trainers give the tokens of prompts with those of completions."""
    tokenizer = tiny_tokenizer()
    last = inspect.getsource(run).rstrip().splitlines()[-1]
    logged = (None,) if "logprobs" in last else ()

    def generate(prompts: list[str], *_: Any, **__: Any) -> Any:
        ids = [[3 + place % 64 for place in range(job.completion)] for _ in prompts]
        return ([tokenizer(prompt)["input_ids"] for prompt in prompts], ids, *logged, {})

    return generate


def load(model: Any, made: Callable[..., Any]) -> None:
    """A reference is read by the name of the model, which has none."""
    from transformers import AutoConfig, AutoModelForCausalLM

    AutoConfig.from_pretrained = staticmethod(lambda *_, **__: model.config)
    AutoModelForCausalLM.from_pretrained = staticmethod(made)
    type(model).from_pretrained = staticmethod(made)


def rewards_tokenize() -> bool:
    """Whether the trainer of rewards makes tokens of texts itself, which it does since 0.12."""
    source = inspect.getsource(importlib.import_module("trl.trainer.reward_trainer"))
    return "_tokenize" in source or "input_ids_chosen" not in source


def reads_prompts() -> bool:
    """Whether a trainer of rewards puts a prompt of its own before both answers."""
    source = inspect.getsource(importlib.import_module("trl.trainer.reward_trainer"))
    return '"prompt"' in source


def tokens(chosen: str, rejected: str) -> dict[str, list[int]]:
    """What it is given before."""
    tokenizer = tiny_tokenizer()
    return {
        f"{key}_{name}": value
        for name, text in (("chosen", chosen), ("rejected", rejected))
        for key, value in tokenizer(text).items()
        if key != "token_type_ids"
    }
