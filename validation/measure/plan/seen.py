"""Random jobs on texts with images of drawn sizes, with evaluation, frozen parts and eager attention.

    python plan/seen.py --count 52 --seed 77 > jobs.jsonl
"""

from __future__ import annotations

import argparse
import copy
import json
import random

import towers
from images import BRANCHED, MODELS, Job, job

CONFIGS: dict[str, Job] = {name: pair[0] for name, pair in [*MODELS.items(), *BRANCHED.items(), *towers.MODELS.items()]}

FIXED = {"google/gemma-3-4b-it": 256, "google/paligemma-3b-pt-448": 1024, "llava-hf/llava-1.5-7b-hf": 576}
"""Tokens of an image where they do not depend on its size."""

ROOM = {1: 4096, 2: 6144, 3: 8192}
"""Tokens in which so many images of any size that is drawn have room."""

OPTIMIZERS: list[Job] = [
    {"name": "adamw", "implementation": "fused"},
    {"name": "adamw-8bit", "implementation": "bitsandbytes"},
    {"name": "adafactor"},
]


def seen(draw: random.Random, name: str) -> Job:
    """One job on a model."""
    width = draw.choice([150, 300, 420, 512, 640, 777, 900, 1280])
    height = draw.choice([200, 336, 480, 600, 768, 1024, 1100])
    images = draw.choice([1, 1, 2, 3])
    result = job(draw, name, copy.deepcopy(CONFIGS[name]), {4096: [width, height]}, FIXED.get(name, 0))
    batch = result["batch"]
    batch["images"] = images
    if name in FIXED:
        batch["sequence_length"] = FIXED[name] * images + draw.choice([100, 300, 700])
    else:
        batch["sequence_length"] = ROOM[images] + draw.choice([0, 77, 300])
    batch["micro_batch"] = draw.choice([1, 1, 2])
    batch["grad_accum"] = draw.choice([1, 1, 2])
    result["checkpointing"] = draw.choice(["full", "full", "none"])
    result["optimizer"] = draw.choice(OPTIMIZERS)
    if draw.random() < 0.5:
        result["evaluation"] = evaluation(draw, name)
    if draw.random() < 0.5:
        result["frozen"] = draw.choice([["towers"], ["towers", "projectors"]])
    if draw.random() < 0.25:
        result["attention"] = "eager"
    return result


def evaluation(draw: random.Random, name: str) -> Job:
    """One with metrics only where what a model returns beside its logits can be joined."""
    result: Job = {"batches": draw.choice([1, 2])}
    if draw.random() < 0.5:
        result["micro_batch"] = draw.choice([1, 2, 4])
    if draw.random() < 0.3 and "gemma" in name:
        result["metrics"] = True
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=52)
    parser.add_argument("--seed", type=int, default=77)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    names = list(CONFIGS)
    for number in range(options.count):
        name = names[number % len(names)]
        short = name.split("/")[1].lower()
        print(json.dumps({"id": f"seen-{number:03}-{short}", "job": seen(draw, name)}))


if __name__ == "__main__":
    main()
