"""Random jobs of TRL's GKD and GOLD on given completions.

    python plan/divergences.py CONFIGS.json --count 14 --seed 171 > jobs.jsonl

CONFIGS.json is an object of model ids with the content of their config.json. A teacher has one layer more and an
MLP twice as wide.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any

Job = dict[str, Any]


def _teacher(config: dict[str, Any]) -> dict[str, Any]:
    wider = {
        **config,
        "num_hidden_layers": config["num_hidden_layers"] + 1,
        "intermediate_size": config["intermediate_size"] * 2,
    }
    if "layer_types" in config:
        wider["layer_types"] = [*config["layer_types"], config["layer_types"][0]]
    return wider


def job(some: random.Random, name: str, config: dict[str, Any]) -> Job:
    """One random job of a model."""
    prompt, completion = some.choice([40, 96, 128, 200]), some.choice([32, 64, 150, 256])
    made: Job = {
        "model": {"id": name, "config": config, "dtype": some.choice(["bf16", "bf16", "fp32"])},
        "method": some.choice(["lora", "full"]),
        "batch": {
            "micro_batch": some.choice([1, 2, 3, 4]),
            "grad_accum": some.choice([1, 1, 2]),
            "sequence_length": prompt + completion,
            "padding": "packed",
        },
        "attention": "eager" if config["model_type"] == "gemma2" else "sdpa",
        "framework": {"name": "trl"},
        "objective": {
            "stage": "distillation",
            "loss_type": some.choice(["gkd", "gold"]),
            "teacher": _teacher(config),
            "teacher_dtype": some.choice(["bf16", "fp32"]),
            "prompt_length": prompt,
            "completion_length": completion,
        },
        "generation": {"engine": "none"},
    }
    mixture = some.choice([None, 0.0, 1.0, 0.3])
    if mixture is not None:
        made["objective"]["beta"] = mixture
    if made["method"] == "lora":
        made["lora"] = {"rank": some.choice([8, 16, 32]), "targets": "all-linear", "dropout": some.choice([0.0, 0.05])}
        if some.random() < 0.3:
            made["model"]["quantization"] = {"scheme": "nf4"}
    if some.random() < 0.3:
        made["checkpointing"] = "none"
    if some.random() < 0.2:
        made["precision"] = made["model"]["dtype"]
    if some.random() < 0.3:
        made["optimizer"] = {"name": some.choice(["adamw-8bit", "sgd", "adafactor"])}
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("configs", type=Path)
    parser.add_argument("--count", type=int, default=14)
    parser.add_argument("--seed", type=int, default=171)
    options = parser.parse_args()
    configs = json.loads(options.configs.read_text())
    some = random.Random(options.seed)
    for number in range(options.count):
        name = some.choice(sorted(configs))
        drawn = job(some, name, configs[name])
        loss = drawn["objective"]["loss_type"]
        print(json.dumps({"id": f"divergence-{number:03d}-{name}-{loss}-{drawn['method']}", "job": drawn}))


if __name__ == "__main__":
    main()
