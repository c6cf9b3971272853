"""Draws jobs that train PEFT's adapters other than LoRA.

    python plan/adapters.py --count 24 --seed 1 > jobs.jsonl
    python plan/adapters.py --count 24 --seed 1 --method oft > jobs.jsonl
"""

from __future__ import annotations

import argparse
import json
import random

from fresh import MODELS
from make import Document

METHODS = ["oft", "ia3", "vera", "loha", "lokr", "miss"]

NAMES = ["smollm2-360m", "qwen2.5-3b", "llama-2-7b", "gemma-3-1b", "qwen3-8b", "granite-3.3-2b", "olmo-2-7b"]

_KINDS = [
    {"precision": "bf16-mixed", "dtype": "bf16"},
    {"precision": "bf16", "dtype": "bf16", "adapters": "bf16"},
    {"precision": "bf16-mixed", "dtype": "bf16", "scheme": "nf4"},
    {"precision": "bf16-mixed", "dtype": "fp32"},
    {"precision": "bf16-mixed", "dtype": "bf16", "scheme": "nf4", "kbit": False},
    {"precision": "fp32", "dtype": "fp32"},
]


def _adapter(draw: random.Random, method: str) -> Document:
    """What the adapters of a method are told."""
    settings: Document = {"targets": draw.choice(["all-linear", ["q_proj", "v_proj"], ["q_proj", "down_proj"]])}
    if method == "oft":
        settings["block_size"] = draw.choice([16, 32, 32, 64])
    if method == "ia3":
        # PEFT wants a subset of the targets.
        scaled = settings["targets"] == "all-linear" or "down_proj" in settings["targets"]
        settings["feedforward_modules"] = ["down_proj"] if scaled and draw.random() < 0.7 else []
    if method in ("vera", "loha", "lokr", "miss"):
        settings["rank"] = draw.choice([8, 16, 64])
    if method in ("vera", "miss"):
        settings["dropout"] = draw.choice([0.0, 0.0, 0.1])
    return settings


def job(draw: random.Random, method: str, name: str, kind: Document) -> Document:
    """One job on a model."""
    settings = _adapter(draw, method)
    if "adapters" in kind:
        settings["dtype"] = kind["adapters"]
    model: Document = {"id": name, "config": MODELS[name], "dtype": kind["dtype"]}
    if "scheme" in kind:
        model["quantization"] = {"scheme": kind["scheme"], "double_quant": draw.random() < 0.5}
        settings["kbit_prepare"] = kind.get("kbit", True)
    return {
        "model": model,
        "method": method,
        "lora": settings,
        "precision": kind["precision"],
        "checkpointing": draw.choice(["none", "none", "full"]),
        "optimizer": {"name": "adamw", "implementation": draw.choice(["fused", "foreach"])},
        "batch": {
            "micro_batch": draw.choice([1, 2]),
            "grad_accum": draw.choice([1, 1, 2]),
            "sequence_length": draw.choice([256, 512, 1024]),
            "padding": "packed",
        },
        "attention": "sdpa",
        "framework": {"name": "transformers"},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--method", choices=METHODS)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    methods = [options.method] if options.method else METHODS
    for number in range(options.count):
        method = methods[number % len(methods)]
        name = draw.choice(NAMES)
        # PEFT's LoHa and LoKr have no layer for packed weights.
        kinds = [kind for kind in _KINDS if method not in ("loha", "lokr") or "scheme" not in kind]
        drawn = job(draw, method, name, kinds[number // len(methods) % len(kinds)])
        print(json.dumps({"id": f"adapters-{options.seed}-{number:03}-{method}-{name}", "job": drawn}))


if __name__ == "__main__":
    main()
