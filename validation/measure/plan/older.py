"""Random jobs of trainers that TRL had until 1.13, BCO and process rewards, and of classes of tokens by Transformers'.

    python plan/older.py --count 12 --seed 1 > jobs.jsonl
"""

from __future__ import annotations

import argparse
import json
import random
from typing import Any

from fresh import MODELS

_NEW = {"helium", "glm", "nemotron", "apertus", "ernie4_5", "hunyuan_v1_dense", "granitemoe", "granite", "cohere", "olmo2", "opt"}
"""Types of which not every release of Transformers 4.57's line has a classifier of tokens."""

_FUSED = {"gpt2": ["c_attn"], "gpt_neox": ["query_key_value"], "bloom": ["query_key_value"], "phi3": ["qkv_proj"]}

Job = dict[str, Any]


def _targets(some: random.Random, stage: str, config: dict[str, Any]) -> Any:
    """PEFT takes the classifier of tokens for one of all linears, and refuses to adapt and to save it."""
    if stage == "bco":
        return "all-linear"
    usual = some.choice([["q_proj", "v_proj"], ["q_proj", "k_proj", "v_proj", "o_proj"], ["up_proj", "down_proj"]])
    if config["model_type"] == "opt":
        usual = ["q_proj", "v_proj"]
    return _FUSED.get(config["model_type"], usual)


def job(some: random.Random, stage: str, name: str) -> Job:
    """One random job of a model."""
    prompt, answer = some.choice([40, 96, 128, 250]), some.choice([32, 64, 150, 262])
    made: Job = {
        "model": {"id": name, "config": MODELS[name], "dtype": some.choice(["bf16", "bf16", "fp32"])},
        "method": some.choice(["lora", "lora", "full", "qlora"]),
        "batch": {
            "micro_batch": some.choice([2, 3, 4, 6]) if stage == "bco" else some.choice([1, 2, 4]),
            "grad_accum": some.choice([1, 1, 2]),
            "sequence_length": prompt + answer,
            "padding": "packed",
        },
        "attention": "eager" if MODELS[name]["model_type"] == "bloom" else some.choice(["sdpa", "sdpa", "sdpa", "eager"]),
        "framework": {"name": "transformers" if stage == "labels" else "trl"},
        "objective": {"stage": "bco" if stage == "bco" else "token-classification"},
        "checkpointing": some.choice(["none", "full"]),
    }
    if stage == "bco":
        made["objective"] |= {"prompt_length": prompt, "completion_length": answer}
        if some.random() < 0.2:
            made["objective"]["reference"] = "precomputed"
        else:
            made["objective"]["reference"] = "copy" if made["method"] == "full" else "adapter-off"
    elif stage == "labels":
        made["objective"]["labels"] = some.choice([2, 9, 17])
    if made["method"] != "full":
        made["lora"] = {"rank": some.choice([8, 16, 64]), "targets": _targets(some, stage, MODELS[name]), "dropout": some.choice([0.0, 0.05])}
    if made["method"] == "qlora":
        made["model"]["quantization"] = {"scheme": "nf4", "double_quant": some.random() < 0.5}
        made["model"]["dtype"] = "bf16"
    if some.random() < 0.7:
        made["precision"] = some.choice(["bf16-mixed", "bf16-mixed", made["model"]["dtype"]])
    if some.random() < 0.4:
        made["optimizer"] = {"name": some.choice(["adamw-8bit", "sgd", "adafactor"])}
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    some = random.Random(options.seed)
    for number in range(options.count):
        stage = ["bco", "steps", "labels"][number % 3]
        names = [name for name, config in MODELS.items() if stage == "bco" or config["model_type"] not in _NEW]
        name = some.choice(names)
        print(json.dumps({"id": f"older-{options.seed}-{number:03}-{stage}", "job": job(some, stage, name)}))


if __name__ == "__main__":
    main()
