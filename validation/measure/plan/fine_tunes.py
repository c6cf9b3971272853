"""Draws random fine-tunes over the model types of ``plan/model_types.py`` and over what a job can set.

    python plan/fine_tunes.py --count 200 --seed 1 > jobs.jsonl
    python plan/fine_tunes.py --count 80 --seed 2 --transformers 4.57 > jobs.jsonl

Where ``model_types.py`` asks the same three jobs of every type, these look for what only shows where settings
meet: padding with a mask, adapters with dropout, tied weights that are trained, a loss that takes the logits.
"""

from __future__ import annotations

import argparse
import json
import random
from typing import Any

from model_types import RECURRENT, TYPES

Config = dict[str, Any]

_TYPES: dict[str, Config] = {
    **TYPES,
    "ministral3": TYPES["mistral"],
}
"""Those of the sweep, and more."""

_VERSIONS = {
    "5": {"torch": "2.15.0", "transformers": "5.24.0", "peft": "0.21.2", "bitsandbytes": "0.50.2"},
    "4.57": {"torch": "2.13.0", "transformers": "4.57.6", "peft": "0.18.1"},
}

_TRL = {"5": "1.16.0", "4.57": "0.29.1"}

_OPTIMIZERS = [
    {"name": "adamw", "implementation": "fused"},
    {"name": "adamw", "implementation": "fused"},
    {"name": "adamw", "implementation": "foreach"},
    {"name": "adamw-8bit"},
    {"name": "sgd"},
    {"name": "adafactor"},
    {"name": "lion"},
]

def _shape(draw: random.Random, kind: str, config: Config) -> Config:
    """The type's config with another depth, vocabulary and, where a type has the key, tied weights."""
    shape = {"model_type": kind, **config}
    if "vocab_size" in shape:
        shape["vocab_size"] = draw.choice([4096, 16384, 50257])
    if shape.get("tie_word_embeddings") is False and draw.random() < 0.4:
        shape["tie_word_embeddings"] = True
    return shape


def _adapter(draw: random.Random) -> Config:
    adapter: Config = {
        "rank": draw.choice([4, 8, 16, 64]),
        "alpha": 16,
        "dropout": draw.choice([0.0, 0.0, 0.05]),
        "targets": draw.choice(["all-linear", "all-linear", ["q_proj", "v_proj"]]),
    }
    return adapter


def _method(draw: random.Random, kind: str) -> Config:
    method = draw.choice(["full", "full", "lora", "lora", "lora", "qlora", "dora"])
    result: Config = {"method": method}
    if method != "full":
        result["lora"] = _adapter(draw)
        if kind in _OTHER_NAMES or kind in RECURRENT:
            result["lora"]["targets"] = "all-linear"
    if method == "qlora":
        result["lora"]["kbit_prepare"] = draw.choice([True, False])
    return result


_OTHER_NAMES = {
    "phi3", "gpt2", "gpt_bigcode", "gpt_neox", "falcon", "bloom", "mpt", "dbrx",
    "deepseek_v2", "deepseek_v3", "glm4_moe_lite", "nemotron_h", "lfm2", "lfm2_moe",
}  # fmt: skip
"""Types whose attention has no ``q_proj`` and ``v_proj`` in every layer."""


_NEW = {
    "glm4_moe_lite", "lfm2_moe", "minimax_m2", "ministral3", "nemotron_h", "qwen3_5_moe_text", "qwen3_5_text",
}  # fmt: skip
"""Types that came with Transformers 5."""


def _batch(draw: random.Random) -> Config:
    batch: Config = {
        "micro_batch": draw.choice([1, 2, 4, 8]),
        "grad_accum": draw.choice([1, 1, 1, 2, 4]),
        "sequence_length": draw.choice([128, 256, 512, 1000, 1024]),
        "padding": draw.choice(["packed", "packed", "padded"]),
    }
    return batch


def _objective(draw: random.Random, trl: bool) -> Config:
    which = draw.random()
    if which < 0.08 and not trl:
        return {"objective": {"label_smoothing": 0.1}}
    if which < 0.14 and trl:
        return {"objective": {"neftune_alpha": 5}}
    return {}


def job(draw: random.Random, kind: str, config: Config, line: str) -> Config:
    """One job on a type of model."""
    trl = draw.random() < 0.45
    how = _method(draw, kind)
    quantised = how["method"] == "qlora"
    full = how["method"] == "full"
    model: Config = {"id": kind, "config": _shape(draw, kind, config), "dtype": "bf16"}
    if full and draw.random() < 0.3:
        model["dtype"] = "fp32"
    if quantised:
        model["quantization"] = {
            "scheme": "nf4",
            "double_quant": True,
            "implementation": "bitsandbytes",
        }
    if kind in RECURRENT:
        model["mixer"] = "torch"
    mixed = model["dtype"] == "fp32" or draw.random() < 0.6
    framework: Config = {"name": "trl", "version": _TRL[line]} if trl else {"name": "transformers"}
    result = {
        "model": model,
        **how,
        "precision": "bf16-mixed" if mixed else "bf16",
        "checkpointing": draw.choice(["full", "none"]),
        "optimizer": draw.choice(_OPTIMIZERS),
        "batch": _batch(draw),
        "attention": draw.choice(["sdpa", "sdpa", "sdpa", "eager"]),
        **_objective(draw, trl),
        "framework": {**framework, **_VERSIONS[line]},
    }
    if result["checkpointing"] == "full" and line == "4.57":
        result["checkpointing_reentrant"] = draw.choice([True, False])
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--transformers", choices=sorted(_VERSIONS), default="5")
    asked = parser.parse_args()
    draw = random.Random(asked.seed)
    kinds = sorted(_TYPES.keys() - (_NEW if asked.transformers == "4.57" else set()))
    draw.shuffle(kinds)
    for number in range(asked.count):
        kind = kinds[number % len(kinds)]
        identity = f"tune-{asked.transformers}-{asked.seed}-{number:03d}"
        print(json.dumps({"id": identity, "job": job(draw, kind, _TYPES[kind], asked.transformers)}))


if __name__ == "__main__":
    main()
