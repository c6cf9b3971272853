"""Random jobs whose MLPs run on pieces of the tokens, for ``measure.sh 5``: by DeepSpeed's function and by Axolotl's."""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from typing import Any

TYPES: dict[str, dict[str, Any]] = {
    "llama": {},
    "qwen2": {},
    "qwen3": {"head_dim": 128},
    "olmo2": {},
    "gemma3_text": {"head_dim": 128, "sliding_window": 1024},
    "phi3": {"pad_token_id": 0},
    "smollm3": {"pad_token_id": 0},
    "starcoder2": {},
    "granite": {},
}


def _config(draw: random.Random, name: str) -> dict[str, Any]:
    heads = draw.choice([8, 12, 16])
    width = 128 * heads
    return {
        "model_type": name,
        **TYPES[name],
        "tie_word_embeddings": draw.random() < 0.3,
        "hidden_size": width,
        "intermediate_size": draw.choice([3, 4, 5]) * width,
        "num_hidden_layers": draw.choice([2, 3, 4]),
        "num_attention_heads": heads,
        "num_key_value_heads": draw.choice([2, 4]),
        "vocab_size": draw.choice([512, 4096, 32000]),
        "max_position_embeddings": 65536,
    }


def _job(draw: random.Random, number: int) -> dict[str, Any]:
    name = draw.choice(list(TYPES))
    framework = ("transformers", "axolotl")[number % 2]
    method = draw.choice(["full", "full", "lora", "lora", "qlora", "dora"])
    full = method == "full"
    sharded = method in ("full", "lora") and draw.random() < 0.4
    precision = draw.choice(["bf16-mixed", "bf16"]) if not sharded else "bf16-mixed"
    job: dict[str, Any] = {
        "model": {
            "id": f"random/{name}",
            "config": _config(draw, name),
            "dtype": "fp32" if full and precision == "bf16-mixed" else "bf16",
        },
        "method": method,
        "precision": precision,
        "checkpointing": draw.choice(["none", "full", "full"]),
        "optimizer": {"name": "adamw", "implementation": draw.choice(["fused", "foreach"])},
        "batch": {
            "micro_batch": draw.choice([1, 1, 2]),
            "grad_accum": draw.choice([1, 1, 2]),
            "sequence_length": draw.choice([1000, 2048, 4096, 8192]),
            "padding": "packed",
        },
        "attention": "sdpa",
        "loss": "full",
        "tiled_mlp": True,
        "framework": {"name": framework},
    }
    tiles = draw.choice([None, 2, 4, 5, 8, 12])
    if tiles is not None:
        job["mlp_tiles"] = tiles
    if framework == "axolotl":
        job["framework"]["version"] = "0.18.0"
    if job["checkpointing"] == "full":
        job["checkpointing_reentrant"] = draw.random() < 0.3 and not sharded
    if not full:
        targets = [["q_proj", "v_proj"], ["gate_proj", "up_proj", "down_proj"], "all-linear"]
        job["lora"] = {
            "rank": draw.choice([8, 32]),
            "targets": draw.choice(targets) if name not in ("phi3", "starcoder2") else "all-linear",
            "dropout": draw.choice([0.0, 0.0, 0.1]),
        }
    if method == "qlora":
        job["lora"]["kbit_prepare"] = True
        job["model"]["quantization"] = {"scheme": "nf4", "double_quant": draw.random() < 0.5}
    if sharded:
        job["parallelism"] = {"strategy": "fsdp2", "shard": 2, "reshard_after_forward": draw.random() < 0.7}
        job["hardware"] = {"count": 2}
    return job


def _jobs(seed: int, count: int) -> Iterator[dict[str, Any]]:
    draw = random.Random(seed)
    for number in range(count):
        job = _job(draw, number)
        name = job["model"]["config"]["model_type"]
        where = job.get("parallelism", {}).get("strategy", "alone")
        yield {"id": f"tiles-{seed}-{number:02d}-{job['framework']['name']}-{name}-{job['method']}-{where}", "job": job}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=40)
    options = parser.parse_args()
    for job in _jobs(options.seed, options.count):
        print(json.dumps(job))


if __name__ == "__main__":
    main()
