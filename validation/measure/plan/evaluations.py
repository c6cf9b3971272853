"""Random jobs whose run evaluates, of Transformers' trainer and of TRL's.

    python plan/evaluations.py --count 40 --seed 5 > jobs.jsonl
"""

from __future__ import annotations

import argparse
import json
import random

from make import Document, shortened

NAMES = {
    "smollm3-3b": 4,
    "phi-3-mini-4k": 2,
    "mistral-7b-v0.3": 2,
    "qwen2.5-1.5b": 3,
    "gemma-2-2b": 2,
    "llama-3.2-3b": 2,
    "olmo-3-7b": 4,
    "stablelm-2-1.6b": 2,
    "qwen3-30b-a3b": 1,
    "gpt2-medium": 3,
}
"""Layers of each model."""


def job(draw: random.Random, name: str) -> Document:
    """One job on a model."""
    quantised = draw.random() < 0.2
    full = not quantised and draw.random() < 0.45
    evaluation: Document = {"batches": draw.choice([1, 2, 4])}
    if draw.random() < 0.6:
        evaluation["micro_batch"] = draw.choice([1, 2, 4, 16])
    if draw.random() < 0.5:
        evaluation["metrics"] = True
        if draw.random() < 0.4:
            evaluation["accumulation_steps"] = draw.choice([1, 2])
    result: Document = {
        "model": {"id": name, "config": shortened(name, NAMES[name]), "dtype": "bf16"},
        "method": "full" if full else "lora",
        "precision": draw.choice(["bf16", "bf16-mixed"]),
        "checkpointing": draw.choice(["none", "full"]),
        "optimizer": {"name": "adamw", "implementation": draw.choice(["fused", "foreach"])},
        "batch": {
            "micro_batch": draw.choice([1, 2]),
            "grad_accum": draw.choice([1, 2]),
            "sequence_length": draw.choice([256, 512, 1024]),
            "padding": "packed",
        },
        "attention": "sdpa",
        "framework": {"name": draw.choice(["transformers", "trl"])},
        "evaluation": evaluation,
    }
    if quantised:
        result["model"]["quantization"] = {"scheme": "nf4", "double_quant": True}
    if not full:
        targets = draw.choice(["all-linear", ["q_proj", "v_proj"]])
        if name.startswith(("gpt2", "phi")):
            targets = "all-linear"
        result["lora"] = {"rank": draw.choice([8, 16, 64]), "targets": targets, "dropout": 0.0}
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    names = list(NAMES)
    for number in range(options.count):
        name = names[number % len(names)]
        print(json.dumps({"id": f"evaluation-{number:03}-{name}", "job": job(draw, name)}))


if __name__ == "__main__":
    main()
