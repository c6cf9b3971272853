"""Jobs for tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from peers.job import Job, from_case

CONFIG = {
    "model_type": "llama",
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "vocab_size": 128256,
    "max_position_embeddings": 8192,
    "tie_word_embeddings": False,
}
PARAMETERS = 8_030_261_248
GIB = 2**30


def document(**changes: Any) -> dict[str, Any]:
    """A case of docs/cases.md: QLoRA of an 8B model on one card."""
    base = {
        "id": "run-1",
        "source": "a source",
        "job": {
            "model": {
                "id": "meta-llama/Llama-3.1-8B",
                "config": CONFIG,
                "dtype": "bf16",
                "quantization": {"scheme": "nf4", "double_quant": True},
            },
            "method": "qlora",
            "lora": {"rank": 8, "targets": "all-linear"},
            "optimizer": {"name": "paged-adamw-8bit"},
            "batch": {"micro_batch": 2, "sequence_length": 1024},
            "checkpointing": "full",
            "hardware": {"gpu": "RTX 4090"},
        },
        "measured": {
            "peak_bytes": 10 * GIB,
            "kind": "allocated",
            "status": "ok",
            "quality": "complete",
        },
        "notes": "",
    }
    return {**base, **changes}


@pytest.fixture
def qlora() -> Job:
    return from_case(document(), PARAMETERS, 24 * GIB)


@pytest.fixture
def full(qlora: Job) -> Job:
    return replace(
        qlora,
        method="full",
        quantization="none",
        weight_dtype="fp32",
        precision="bf16-mixed",
        optimizer="adamw",
        optimizer_implementation="fused",
    )


@pytest.fixture
def sharded(full: Job) -> Job:
    return replace(full, strategy="fsdp2", shard=8, gpus=8)
