"""Jobs under ZeRO: fine-tunes and stages of preference and of completions over published widths.

    python plan/zero.py > jobs.jsonl
"""

from __future__ import annotations

import json
from typing import Any

from fine_tunes import _VERSIONS
from fresh import MODELS

Config = dict[str, Any]

_ALONE = ("kto", "grpo", "rloo")
_COMPARED = ("dpo", "kto", "rloo")

JOBS: list[tuple[str, str, str, str, int, int]] = [
    ("sft", "zero3", "full", "llama-2-7b", 8, 8),
    ("sft", "zero2", "full", "qwen3-8b", 3, 4),
    ("sft", "zero1", "full", "olmo-2-7b", 3, 4),
    ("sft", "zero3", "lora", "smollm2-360m", 4, 2),
    ("dpo", "zero3", "lora", "llama-2-7b", 8, 8),
    ("dpo", "zero3", "full", "qwen3-8b", 4, 4),
    ("dpo", "zero2", "full", "llama-2-7b", 3, 4),
    ("dpo", "zero2", "lora", "qwen2.5-3b", 4, 2),
    ("kto", "zero2", "full", "smollm2-360m", 4, 2),
    ("orpo", "zero3", "full", "mistral-nemo-12b", 3, 8),
    ("orpo", "zero2", "lora", "mistral-nemo-12b", 2, 4),
    ("cpo", "zero3", "full", "deepseek-coder-1.3b", 4, 4),
    ("reward", "zero3", "full", "llama-2-7b", 3, 4),
    ("reward", "zero3", "lora", "qwen3-8b", 3, 4),
    ("grpo", "zero3", "full", "qwen2.5-3b", 4, 4),
    ("grpo", "zero3", "lora", "granite-3.3-2b", 4, 4),
    ("grpo", "zero2", "lora", "llama-2-7b", 3, 8),
    ("rloo", "zero3", "full", "yi-1.5-9b", 3, 4),
]
"""Stage, strategy, method, model, layers and GPUs."""


OTHERS: list[tuple[str, str, str, str, int, int, Config]] = [
    ("sft", "zero3", "full", "gemma-7b", 2, 8, {}),
    ("sft", "zero3", "full", "phi-4-mini", 6, 4, {"checkpointing": "none"}),
    ("sft", "zero3", "lora", "starcoder2-7b", 6, 4, {}),
    ("sft", "zero3", "full", "glm-4-9b-chat", 5, 8, {"framework.name": "transformers"}),
    ("sft", "zero3", "lora", "olmo-2-7b", 8, 2, {"checkpointing": "none", "batch.sequence_length": 1024}),
    ("sft", "zero3", "full", "pythia-410m", 6, 2, {"batch.grad_accum": 2, "batch.micro_batch": 4}),
    ("sft", "zero3", "full", "apertus-8b", 4, 4, {"batch.micro_batch": 2}),
    ("dpo", "zero3", "full", "helium-1-2b", 6, 4, {}),
    ("dpo", "zero3", "lora", "gemma-7b", 3, 4, {}),
    ("kto", "zero3", "full", "qwen2.5-3b", 4, 2, {}),
    ("grpo", "zero3", "lora", "hunyuan-0.5b", 5, 2, {}),
    ("orpo", "zero3", "lora", "qwen3-8b", 4, 8, {}),
    ("cpo", "zero3", "full", "opt-2.7b", 5, 4, {}),
    ("sft", "zero2", "full", "starcoder2-7b", 4, 8, {}),
    ("dpo", "zero2", "full", "helium-1-2b", 6, 4, {}),
]
"""The same with some keys in place of others."""


def _with(job: Config, keys: Config) -> Config:
    for path, value in keys.items():
        section, _, name = path.rpartition(".")
        target = job[section] if section else job
        target[name] = value
    if job["framework"]["name"] != "trl":
        job["framework"].pop("version", None)
    return job


def _job(stage: str, strategy: str, method: str, name: str, layers: int, gpus: int) -> Config:
    job: Config = {
        "model": {"id": name, "config": {**MODELS[name], "num_hidden_layers": layers}, "dtype": "bf16"},
        "method": method,
        "framework": {"name": "trl", "version": "1.16.0", **_VERSIONS["5"]},
        "attention": "sdpa",
        "optimizer": {"name": "adamw", "implementation": "fused"},
        "batch": {
            "micro_batch": 4 if stage in _ALONE else 1, "grad_accum": 1, "sequence_length": 512, "padding": "packed",
        },
        "precision": "bf16-mixed",
        "checkpointing": "full",
        "parallelism": {"strategy": strategy},
        "hardware": {"count": gpus},
    }  # fmt: skip
    if method == "lora":
        job["lora"] = {"rank": 16, "alpha": 16, "dropout": 0.0, "targets": "all-linear"}
    if stage != "sft":
        job["objective"] = _objective(stage, method)
    if stage in ("grpo", "rloo"):
        job["generation"] = {"engine": "none", "group_size": 2}
    return job


def _objective(stage: str, method: str) -> Config:
    answers = ("completion_length",) if stage in _ALONE else ("chosen_length", "rejected_length")
    objective: Config = {"stage": stage, "prompt_length": 256, **dict.fromkeys(answers, 256)}
    compared = "copy" if method == "full" else "adapter-off"
    objective["reference"] = compared if stage in _COMPARED else "none"
    if stage == "cpo":
        objective |= {"loss_type": "simpo", "alpha": 0.0}
    if stage in ("grpo", "rloo"):
        objective["beta"] = 0.05 if stage == "rloo" else 0.0
    return objective


if __name__ == "__main__":
    for one in JOBS:
        print(json.dumps({"id": "-".join(("zero", *one[:4])), "job": _job(*one)}))
    for *other, keys in OTHERS:
        print(json.dumps({"id": "-".join(("zero", *other[:4])), "job": _with(_job(*other), keys)}))
