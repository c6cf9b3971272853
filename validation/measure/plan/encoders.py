"""Random fine-tunes of encoders whose attention knows distances by tables of their own; depth is cut.

    python plan/encoders.py --count 24 --seed 51 > jobs.jsonl
    python plan/encoders.py --count 16 --seed 52 --line 4.57 > jobs.jsonl
"""

from __future__ import annotations

import argparse
import json
import random
from typing import Any

Config = dict[str, Any]


def deberta(size: int, inner: int, heads: int, words: int) -> Config:
    """Published widths of DeBERTa V3."""
    return {
        "model_type": "deberta-v2",
        "hidden_size": size,
        "num_hidden_layers": 3,
        "num_attention_heads": heads,
        "intermediate_size": inner,
        "vocab_size": words,
        "max_position_embeddings": 512,
        "type_vocab_size": 0,
        "relative_attention": True,
        "position_buckets": 256,
        "norm_rel_ebd": "layer_norm",
        "share_att_key": True,
        "pos_att_type": ["p2c", "c2p"],
        "position_biased_input": False,
        "max_relative_positions": -1,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.1,
        "pad_token_id": 0,
    }


def mpnet(size: int, inner: int, heads: int) -> Config:
    """Published widths of MPNet."""
    return {
        "model_type": "mpnet",
        "hidden_size": size,
        "num_hidden_layers": 3,
        "num_attention_heads": heads,
        "intermediate_size": inner,
        "vocab_size": 30527,
        "max_position_embeddings": 514,
        "relative_attention_num_buckets": 32,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.1,
        "pad_token_id": 1,
    }


MODELS = {
    "microsoft/deberta-v3-base": deberta(768, 3072, 12, 128100),
    "microsoft/deberta-v3-large": deberta(1024, 4096, 16, 128100),
    "microsoft/mdeberta-v3-base": deberta(768, 3072, 12, 251000),
}

OTHERS = {"microsoft/mpnet-base": mpnet(768, 3072, 12)}


def job(draw: random.Random, name: str) -> dict[str, Any]:
    config = {**MODELS, **OTHERS}[name]
    full = draw.random() < 0.5
    dtype = draw.choice(["fp32", "fp32", "bf16"])
    precision = draw.choice(["bf16-mixed", "bf16-mixed", "fp32"]) if dtype == "fp32" else "bf16-mixed"
    if dtype == "bf16" and full:
        precision = "bf16"
    stage = draw.choice(["classification", "classification", "masked-lm"])
    result: dict[str, Any] = {
        "model": {"id": name, "config": config, "dtype": dtype},
        "method": "full" if full else "lora",
        "precision": precision,
        "checkpointing": draw.choice(["none", "none", "full"]),
        "optimizer": {"name": draw.choice(["adamw", "adamw", "adafactor"])},
        "batch": {
            "micro_batch": draw.choice([1, 4, 8, 16]),
            "grad_accum": draw.choice([1, 1, 2]),
            "sequence_length": draw.choice([64, 128, 250, 512]),
            "padding": draw.choice(["packed", "packed", "padded"]),
        },
        "objective": {"stage": stage},
        "attention": "eager",
        "framework": {"name": "transformers"},
    }
    if config["model_type"] == "mpnet":
        result["checkpointing"] = "none"
    if result["checkpointing"] == "full":
        result["checkpointing_reentrant"] = not full and draw.random() < 0.5
    if stage == "classification":
        result["objective"]["labels"] = draw.choice([2, 3, 5])
    else:
        result["objective"]["scored_fraction"] = 0.15
    if result["optimizer"]["name"] == "adamw":
        result["optimizer"]["implementation"] = draw.choice(["fused", "foreach"])
    if not full:
        targets = draw.choice(["all-linear", ["q", "v"] if name in OTHERS else ["query_proj", "value_proj"]])
        result["lora"] = {"rank": draw.choice([8, 16]), "dropout": draw.choice([0.0, 0.1]), "targets": targets}
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--seed", type=int, default=51)
    parser.add_argument("--line", choices=["5", "4.57"], default="5")
    parser.add_argument("--others", action="store_true", help="MPNet")
    options = parser.parse_args()
    draw = random.Random(options.seed)
    names = list(OTHERS if options.others else MODELS)
    for number in range(options.count):
        name = names[number % len(names)]
        identity = f"encoders-{options.line}-{options.seed}-{number:03}-{name.split('/')[1]}"
        print(json.dumps({"id": identity, "job": job(draw, name)}))


if __name__ == "__main__":
    main()
