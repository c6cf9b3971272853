"""Jobs that train whole models with torchao's float8; depth is cut.

    python plan/float8.py > jobs.jsonl
"""

from __future__ import annotations

import json
from typing import Any

Config = dict[str, Any]

LLAMA: Config = {
    "model_type": "llama",
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "num_hidden_layers": 4,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "vocab_size": 128256,
    "max_position_embeddings": 131072,
}

QWEN: Config = {
    "model_type": "qwen2",
    "hidden_size": 3584,
    "intermediate_size": 18944,
    "num_hidden_layers": 3,
    "num_attention_heads": 28,
    "num_key_value_heads": 4,
    "vocab_size": 152064,
    "max_position_embeddings": 32768,
}

SMOL: Config = {
    "model_type": "llama",
    "hidden_size": 960,
    "intermediate_size": 2560,
    "num_hidden_layers": 8,
    "num_attention_heads": 15,
    "num_key_value_heads": 5,
    "vocab_size": 49152,
    "max_position_embeddings": 8192,
    "tie_word_embeddings": True,
}

MODELS = {
    "meta-llama/Llama-3.1-8B": LLAMA,
    "Qwen/Qwen2.5-7B": QWEN,
    "HuggingFaceTB/SmolLM2-360M": SMOL,
}

JOBS = [
    ("meta-llama/Llama-3.1-8B", "bf16", "full", 2048, 1, 1, "fused"),
    ("meta-llama/Llama-3.1-8B", "fp32", "none", 1024, 1, 1, "fused"),
    ("Qwen/Qwen2.5-7B", "bf16", "full", 4096, 2, 1, "fused"),
    ("Qwen/Qwen2.5-7B", "bf16", "none", 512, 2, 2, "foreach"),
    ("HuggingFaceTB/SmolLM2-360M", "fp32", "none", 4096, 4, 1, "fused"),
    ("HuggingFaceTB/SmolLM2-360M", "bf16", "full", 8192, 1, 2, "fused"),
]
"""Model, its dtype, checkpointing, length, sequences, accumulation, AdamW's implementation."""


def main() -> None:
    for number, (name, dtype, checkpointing, length, rows, steps, code) in enumerate(JOBS):
        job = {
            "model": {"id": name, "config": MODELS[name], "dtype": dtype},
            "method": "full",
            "precision": "bf16-mixed",
            "checkpointing": checkpointing,
            "quantized_training": {"scheme": "fp8", "implementation": "torchao"},
            "optimizer": {"name": "adamw", "implementation": code},
            "batch": {
                "micro_batch": rows,
                "grad_accum": steps,
                "sequence_length": length,
                "padding": "packed",
            },
            "attention": "sdpa",
            "framework": {"name": "transformers"},
        }
        short = name.split("/")[1].lower()
        print(json.dumps({"id": f"float8-{number:03}-{short}", "job": job}))


if __name__ == "__main__":
    main()
