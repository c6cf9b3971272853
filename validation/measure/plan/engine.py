"""Jobs that train whole models with TransformerEngine's linears, as accelerate puts them in; depth is cut.

    python plan/engine.py > jobs.jsonl
"""

from __future__ import annotations

import json
from typing import Any

from float8 import LLAMA, QWEN, SMOL

Config = dict[str, Any]

QWEN3: Config = {
    "model_type": "qwen3",
    "hidden_size": 2048,
    "intermediate_size": 6144,
    "num_hidden_layers": 5,
    "num_attention_heads": 16,
    "num_key_value_heads": 8,
    "head_dim": 128,
    "vocab_size": 151936,
    "max_position_embeddings": 40960,
    "tie_word_embeddings": True,
}

GEMMA: Config = {
    "model_type": "gemma",
    "hidden_size": 2048,
    "intermediate_size": 16384,
    "num_hidden_layers": 4,
    "num_attention_heads": 8,
    "num_key_value_heads": 1,
    "head_dim": 256,
    "vocab_size": 256000,
    "max_position_embeddings": 8192,
    "tie_word_embeddings": True,
}

ODD: Config = {**SMOL, "vocab_size": 49155, "num_hidden_layers": 6}
"""A head that accelerate leaves as it is."""

MODELS = {
    "meta-llama/Llama-3.1-8B": LLAMA,
    "Qwen/Qwen2.5-7B": QWEN,
    "HuggingFaceTB/SmolLM2-360M": SMOL,
    "Qwen/Qwen3-1.7B": QWEN3,
    "google/gemma-2b": GEMMA,
    "ibm-granite/odd": ODD,
}

# Model, scheme, its dtype, checkpointing, length, sequences, accumulation, AdamW's implementation.
JOBS = [
    ("meta-llama/Llama-3.1-8B", "fp8", "bf16", "none", 2048, 1, 1, "fused"),
    ("meta-llama/Llama-3.1-8B", "mxfp8", "bf16", "none", 2048, 1, 1, "fused"),
    ("meta-llama/Llama-3.1-8B", "fp8", "bf16", "full", 4096, 2, 1, "fused"),
    ("meta-llama/Llama-3.1-8B", "fp8", "fp32", "none", 1024, 1, 1, "foreach"),
    ("Qwen/Qwen2.5-7B", "fp8", "bf16", "none", 1024, 2, 1, "fused"),
    ("Qwen/Qwen2.5-7B", "mxfp8", "bf16", "full", 4096, 1, 2, "fused"),
    ("HuggingFaceTB/SmolLM2-360M", "fp8", "fp32", "none", 4096, 4, 1, "fused"),
    ("HuggingFaceTB/SmolLM2-360M", "mxfp8", "fp32", "full", 2048, 4, 2, "fused"),
    ("HuggingFaceTB/SmolLM2-360M", "fp8", "bf16", "none", 512, 2, 4, "foreach"),
    ("Qwen/Qwen3-1.7B", "fp8", "bf16", "none", 2048, 1, 1, "foreach"),
    ("Qwen/Qwen3-1.7B", "mxfp8", "fp32", "none", 1024, 2, 2, "fused"),
    ("google/gemma-2b", "fp8", "bf16", "none", 1024, 2, 1, "fused"),
    ("ibm-granite/odd", "fp8", "bf16", "none", 2048, 2, 1, "fused"),
    ("ibm-granite/odd", "fp8", "fp32", "full", 2048, 2, 2, "fused"),
]

SMALL = ("HuggingFaceTB/SmolLM2-360M", "fp8", "bf16", "none", 512, 2, 4, "foreach")

BESIDE = [
    {"parallelism": {"strategy": "ddp"}, "hardware": {"count": 2}},
    {"evaluation": {"batches": 1, "micro_batch": 4}},
]
"""What more a job has of the small one."""


def main() -> None:
    drawn = [(job, {}) for job in JOBS] + [(SMALL, beside) for beside in BESIDE]
    for number, (given, beside) in enumerate(drawn):
        name, scheme, dtype, checkpointing, length, rows, steps, code = given
        job = {
            "model": {"id": name, "config": MODELS[name], "dtype": dtype},
            "method": "full",
            "precision": "bf16-mixed",
            "checkpointing": checkpointing,
            "quantized_training": {"scheme": scheme, "implementation": "transformer-engine"},
            "optimizer": {"name": "adamw", "implementation": code},
            "batch": {
                "micro_batch": rows,
                "grad_accum": steps,
                "sequence_length": length,
                "padding": "packed",
            },
            "attention": "sdpa",
            "framework": {"name": "transformers"},
            **beside,
        }
        if checkpointing == "full":
            job["checkpointing_reentrant"] = True
        short = name.split("/")[1].lower()
        print(json.dumps({"id": f"engine-{number:03}-{scheme}-{short}", "job": job}))


if __name__ == "__main__":
    main()
