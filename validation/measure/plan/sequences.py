"""Random jobs whose ranks share sequences, for ``measure.sh 5``: one of each scheme in turn."""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from typing import Any

SCHEMES = ("ulysses", "allgather", "ring")

TYPES: dict[str, dict[str, Any]] = {
    "llama": {"architectures": ["LlamaForCausalLM"]},
    "qwen3": {"architectures": ["Qwen3ForCausalLM"]},
    "qwen2": {"architectures": ["Qwen2ForCausalLM"]},
    "smollm3": {"architectures": ["SmolLM3ForCausalLM"], "pad_token_id": 0},
    "olmo2": {"architectures": ["Olmo2ForCausalLM"]},
}


def _config(draw: random.Random, name: str, head: int, heads: int, keys: int) -> dict[str, Any]:
    width = head * heads
    config = {
        "model_type": name,
        **TYPES[name],
        "tie_word_embeddings": False,
        "hidden_size": width,
        "intermediate_size": draw.choice([2, 3]) * width,
        "num_hidden_layers": draw.choice([2, 3]),
        "num_attention_heads": heads,
        "num_key_value_heads": keys,
        "vocab_size": draw.choice([512, 4096, 32000]),
        "max_position_embeddings": 65536,
    }
    return config | ({"head_dim": head} if name in ("llama", "qwen3") else {})


def _jobs(seed: int, count: int) -> Iterator[dict[str, Any]]:
    draw = random.Random(seed)
    number = 0
    while number < count:
        name, scheme = draw.choice(list(TYPES)), SCHEMES[number % len(SCHEMES)]
        ranks = draw.choice([2, 2, 4, 8])
        head, heads = draw.choice([64, 128]), draw.choice([8, 16])
        keys = draw.choice([k for k in (2, 4, 8) if k <= heads])
        if scheme == "ulysses" and keys % ranks and ranks % keys:
            continue
        config = _config(draw, name, head, heads, keys)
        full = draw.random() < 0.5
        gpus = ranks * (1 if scheme == "ulysses" else draw.choice([1, 1, 2]))
        batch = {
            "micro_batch": draw.choice([1, 1, 2]),
            "grad_accum": 1,
            "sequence_length": draw.choice([2048, 4096, 8192, 16384]),
            "padding": "packed",
        }
        job: dict[str, Any] = {
            "model": {
                "id": f"random/{name}",
                "config": config,
                "dtype": "fp32" if full else "bf16",
            },
            "method": "full" if full else "lora",
            "precision": "bf16-mixed" if full else "bf16",
            "checkpointing": draw.choice(["none", "full"]),
            "optimizer": {"name": "adamw", "implementation": "foreach"},
            "batch": batch,
            "attention": "sdpa",
            "parallelism": {
                "strategy": "fsdp2",
                "shard": gpus // ranks,
                "context": ranks,
                "sequence_scheme": scheme,
                "reshard_after_forward": True,
            },
            "hardware": {"count": gpus},
            "framework": {"name": "transformers"},
        }
        if not full:
            targets = [["q_proj", "v_proj"], ["q_proj", "k_proj", "v_proj", "o_proj"], "all-linear"]
            job["lora"] = {"rank": draw.choice([8, 32]), "targets": draw.choice(targets)}
        yield {"id": f"sequence-{number:02d}-{scheme}-{name}", "job": job}
        number += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=20261127)
    parser.add_argument("--count", type=int, default=36)
    options = parser.parse_args()
    for job in _jobs(options.seed, options.count):
        print(json.dumps(job))


if __name__ == "__main__":
    main()
