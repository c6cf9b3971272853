"""Random full fine-tunes and adapters under optimizers that keep little, or keep it differently.

    python plan/optimizers.py --count 24 --seed 7 > jobs.jsonl
"""

from __future__ import annotations

import argparse
import json
import random

from make import Document, shortened

NAMES = {"smollm3-3b": 4, "qwen2.5-1.5b": 3, "llama-3.2-1b": 3, "mistral-7b-v0.3": 2, "qwen3-8b": 2}
"""Layers of each model."""

OPTIMIZERS = [
    {"name": "apollo"},
    {"name": "schedule-free-adamw"},
    {"name": "adamw-8bit", "implementation": "bitsandbytes"},
]
"""GaLore's estimate is of a step in which it decomposes, and the second, which is counted, is none. torchao compiles its
update, which does not run on fake tensors."""


def job(draw: random.Random, name: str, optimizer: Document) -> Document:
    """One job on a model."""
    if optimizer["name"] == "badam":
        return _by_blocks(draw, name, optimizer)
    wide = draw.random() < 0.3
    return {
        "model": {"id": name, "config": shortened(name, NAMES[name]), "dtype": "fp32" if wide else "bf16"},
        "method": "full",
        "precision": "bf16-mixed" if wide else "bf16",
        "checkpointing": draw.choice(["none", "full"]),
        "optimizer": optimizer,
        "batch": {
            "micro_batch": draw.choice([1, 2]),
            "grad_accum": draw.choice([1, 2]),
            "sequence_length": draw.choice([64, 128, 512]),
            "padding": "packed",
        },
        "attention": "sdpa",
        "framework": {"name": "transformers"},
    }


def _by_blocks(draw: random.Random, name: str, optimizer: Document) -> Document:
    """BAdam keeps weights in 16 bits under autocast too."""
    drawn = job(draw, name, {"name": "adamw"})
    drawn["model"]["dtype"] = "bf16"
    drawn["precision"] = draw.choice(["bf16", "bf16-mixed"])
    drawn["optimizer"] = {**optimizer, "implementation": draw.choice(["fused", "foreach"])}
    return drawn


_SPREAD_OPTIMIZERS = {
    ("fsdp2", "fsdp1", "ddp"): (
        "lion adafactor adamw-8bit schedule-free-adamw apollo muon adam-mini galore".split()
    ),
    ("zero1", "zero2", "zero3"): "lion adafactor adamw-8bit schedule-free-adamw paged-adamw".split(),
}
"""By the ways to spread a job that share parameters alike."""


def spread() -> list[Document]:
    """Each optimizer on two GPUs, spread in each way that may take it, with tied embeddings."""
    jobs = []
    for strategies, names in _SPREAD_OPTIMIZERS.items():
        for strategy in strategies:
            for name in names:
                number = len(jobs)
                wide = number % 3 == 0 and not strategy.startswith("zero")
                model = ("llama-3.2-1b", "qwen2.5-1.5b")[number % 2]
                optimizer = {"name": name, **({"implementation": "bitsandbytes"} if name == "adamw-8bit" else {})}
                document = {
                    "model": {"id": model, "config": shortened(model, 3), "dtype": "fp32" if wide else "bf16"},
                    "method": "full",
                    "precision": "bf16-mixed" if wide else "bf16",
                    "checkpointing": "full",
                    "optimizer": optimizer,
                    "batch": {"micro_batch": 1, "grad_accum": 1, "sequence_length": 256, "padding": "packed"},
                    "attention": "sdpa",
                    "framework": {"name": "transformers"},
                    "parallelism": {"strategy": strategy},
                    "hardware": {"count": 2},
                }
                jobs.append({"id": f"optimizers-{strategy}-{name}", "job": document})
    return jobs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", help="one optimizer, e.g. adam-mini")
    parser.add_argument("--spread", action="store_true", help="each optimizer on two GPUs, in every way")
    options = parser.parse_args()
    if options.spread:
        print("\n".join(json.dumps(each) for each in spread()))
        return
    draw = random.Random(options.seed)
    names = list(NAMES)
    for number in range(options.count):
        optimizer = {"name": options.only} if options.only else OPTIMIZERS[number % len(OPTIMIZERS)]
        name = names[number % len(names)]
        short = f"{optimizer['name']}-{name}"
        drawn = job(draw, name, optimizer)
        print(json.dumps({"id": f"optimizers-{number:03}-{short}", "job": drawn}))


if __name__ == "__main__":
    main()
