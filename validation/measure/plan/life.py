"""Random jobs that write a checkpoint, go on from it and merge their adapters.

    python plan/life.py --count 60 --seed 3 > jobs.jsonl
"""

from __future__ import annotations

import argparse
import json
import random

from make import Document, shortened

NAMES = {
    "smollm3-3b": 4,
    "qwen2.5-1.5b": 3,
    "llama-3.2-1b": 3,
    "mistral-7b-v0.3": 2,
    "qwen3-8b": 2,
    "gemma-2-2b": 2,
    "phi-3-mini-4k": 2,
    "olmo-3-7b": 4,
    "stablelm-2-1.6b": 3,
}
"""Layers of each model."""

STRATEGIES = ["none", "fsdp2", "none", "fsdp1", "ddp", "fsdp2"]


def job(draw: random.Random, name: str, strategy: str) -> Document:
    """One job on a model."""
    sharded = strategy.startswith("fsdp")
    adapts = draw.random() < 0.5
    quantised = adapts and strategy == "none" and draw.random() < 0.5
    wide = sharded and not adapts
    optimizer = {"name": "adamw", "implementation": draw.choice(["fused", "foreach"])}
    if not sharded and draw.random() < 0.4:
        optimizer = {"name": "adamw-8bit", "implementation": "bitsandbytes"}
    result: Document = {
        "model": {"id": name, "config": shortened(name, NAMES[name]), "dtype": "fp32" if wide else "bf16"},
        "method": "lora" if adapts else "full",
        "precision": "bf16-mixed",
        "checkpointing": draw.choice(["none", "full"]),
        "optimizer": optimizer,
        "batch": {
            "micro_batch": draw.choice([1, 2]),
            "grad_accum": 1,
            "sequence_length": draw.choice([128, 256]),
            "padding": "packed",
        },
        "attention": "sdpa",
        "framework": {"name": "transformers"},
        "saving": {"resume": True},
    }
    if strategy != "none":
        result["parallelism"] = {"strategy": strategy}
        result["hardware"] = {"count": draw.choice([2, 4, 8])}
    if sharded and not adapts:
        result["saving"]["state_dict"] = draw.choice(["full", "sharded"])
    if adapts:
        targets = "all-linear" if name.startswith("phi") else draw.choice(["all-linear", ["q_proj", "v_proj"]])
        result["lora"] = {"rank": draw.choice([8, 16, 64]), "targets": targets, "dropout": 0.0}
        if not sharded:
            result["saving"].update(merge=True, merge_device="gpu")
    if quantised:
        result["model"]["quantization"] = {"scheme": "nf4", "double_quant": True}
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    names = list(NAMES)
    for number in range(options.count):
        name = names[number % len(names)]
        strategy = STRATEGIES[number % len(STRATEGIES)]
        print(json.dumps({"id": f"life-{number:03}-{name}", "job": job(draw, name, strategy)}))


if __name__ == "__main__":
    main()
