"""Writes seven jobs on text for each of the newest model types.

    python plan/newest_types.py > newest.jsonl
    python plan/newest_types.py --types diffllama axk2 > some.jsonl

Shapes are those of model_types.py. Each type has the three jobs there, in full without checkpoints, eager attention, and
one each under FSDP2 (in fp32, as FSDP wants weights of one dtype) and DeepSpeed's stage 3 (which needs its package in
VRAMCAST_MEASURE_LIBRARIES).
"""

from __future__ import annotations

import argparse
import json
from typing import Any

from model_types import _LATENT, _dense, jobs

Config = dict[str, Any]

TYPES: dict[str, Config] = {
    "axk2": {
        **_LATENT,
        "n_group": None,
        "topk_group": None,
        "index_n_heads": 4,
        "index_head_dim": 64,
        "index_topk": 128,
        "pad_token_id": 0,
        "bos_token_id": 1,
        "eos_token_id": 2,
    },
    "diffllama": _dense(),
}

def variants(kind: str, config: Config) -> dict[str, Config]:
    """The jobs of a type, by what is said of each."""
    usual = jobs(kind, config)
    full = usual["full"]
    return {
        **usual,
        "kept": {**full, "checkpointing": "none"},
        "eager": {**usual["lora"], "attention": "eager"},
        "fsdp2": {
            **full,
            "model": {**full["model"], "dtype": "fp32"},
            "precision": "bf16-mixed",
            "hardware": {"count": 2},
            "parallelism": {"strategy": "fsdp2"},
        },
        "zero3": {**full, "hardware": {"count": 2}, "parallelism": {"strategy": "zero3"}},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--types", nargs="*", default=list(TYPES))
    for kind in parser.parse_args().types:
        for name, job in variants(kind, TYPES[kind]).items():
            print(json.dumps({"id": f"type-{kind}-{name}", "job": job}))


if __name__ == "__main__":
    main()
