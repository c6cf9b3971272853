"""Writes the plan for a GPU: jobs of half a minute each, the most telling first, to plan/gpu.jsonl.

    python plan/gpu.py

A run that is cut short has then tried every method, loss and optimizer once, before it tries them on
other models, lengths and batches. Ten jobs ask for a memory snapshot.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from make import ADAM, EIGHT_BIT, FOREACH, MODELS, NF4, Document

HERE = Path(__file__).parent

LAYERS = {
    "qwen3-8b": 8,
    "llama-3.1-8b": 8,
    "llama-3.2-1b": 16,
    "qwen2.5-0.5b": 24,
    "gemma-3-1b": 26,
    "qwen3-30b-a3b": 2,
}
"""How many of each model's layers are trained; each layer costs what another does."""

FIRST, OTHERS = "qwen3-8b", ["llama-3.1-8b", "llama-3.2-1b", "gemma-3-1b", "qwen2.5-0.5b"]
MIXTURE = "qwen3-30b-a3b"

SNAPSHOTS = {
    "lora", "lora-open", "qlora", "full", "full-amp", "liger", "sft", "sft-qlora", "accumulated", "long",
}
"""The jobs on the first model whose every allocation is kept."""

LIGER = {"loss": "liger", "liger_kernels": ["rms_norm", "swiglu", "rope"]}


def _config(model: str) -> Document:
    config = {k: v for k, v in MODELS[model].items() if k not in ("torch_dtype", "architectures")}
    layers = LAYERS[model]
    config["num_hidden_layers"] = layers
    if "layer_types" in config:
        config["layer_types"] = config["layer_types"][:layers]
    return config


def _job(model: str, framework: str, batch: tuple[int, int], **settings: Any) -> Document:
    accumulate, padding = settings.pop("accumulate", 1), settings.pop("padding", "packed")
    weights = {"id": model, "config": _config(model), "dtype": settings.pop("dtype", "bf16")}
    if "quantization" in settings:
        weights["quantization"] = settings.pop("quantization")
    return {
        "model": weights,
        **settings,
        "batch": {
            "micro_batch": batch[0],
            "grad_accum": accumulate,
            "sequence_length": batch[1],
            "padding": padding,
        },
        "attention": "sdpa",
        "framework": {"name": framework},
    }


def _lora(**settings: Any) -> Document:
    return {"rank": 16, "alpha": 32, "dropout": 0.0, "targets": "all-linear", **settings}


def _all_ways(model: str) -> Iterator[tuple[str, Document]]:
    """Every method, loss and optimizer once, the common ones first."""
    run = "transformers"
    tuned = {"method": "lora", "lora": _lora(), "precision": "bf16-mixed", "optimizer": ADAM}
    full = {"method": "full", "precision": "bf16", "optimizer": ADAM}
    four_bit = {"method": "qlora", "quantization": NF4, "precision": "bf16-mixed"}
    paged = {"name": "paged-adamw-8bit", "implementation": "bitsandbytes"}
    yield "qlora", _job(
        model, run, (2, 2048), **four_bit, lora=_lora(kbit_prepare=True), checkpointing="full",
        optimizer=paged,
    )
    yield "lora", _job(model, run, (2, 2048), **tuned, checkpointing="full")
    yield "full", _job(model, run, (1, 2048), **full, checkpointing="full")
    yield "sft", _job(model, "trl", (2, 2048), method="lora", lora=_lora(dropout=0.05))
    yield "sft-qlora", _job(model, "trl", (2, 2048), method="qlora", quantization=NF4, lora=_lora())
    yield "liger", _job(model, run, (2, 2048), **tuned, checkpointing="full", **LIGER)
    yield "full-amp", _job(
        model, run, (1, 1024), method="full", dtype="fp32", precision="bf16-mixed",
        checkpointing="none", optimizer=FOREACH,
    )
    yield "lora-open", _job(model, run, (1, 2048), **tuned, checkpointing="none")
    yield "full-8bit", _job(
        model, run, (2, 1024), method="full", precision="bf16", checkpointing="full",
        optimizer=EIGHT_BIT,
    )
    yield "accumulated", _job(model, run, (2, 1024), **full, checkpointing="full", accumulate=4)
    yield "long", _job(model, run, (1, 8192), **tuned, checkpointing="full")
    yield "sft-full", _job(model, "trl", (1, 1024), method="full")
    yield "padded", _job(model, run, (4, 1024), **tuned, checkpointing="full", padding="padded")
    yield "dora", _job(
        model, run, (1, 1024), method="dora", lora=_lora(), precision="bf16-mixed",
        checkpointing="full", optimizer=FOREACH,
    )
    yield "adafactor", _job(
        model, run, (1, 1024), method="full", precision="bf16", checkpointing="full",
        optimizer={"name": "adafactor"},
    )
    yield "qlora-open", _job(
        model, run, (1, 1024), **four_bit, lora=_lora(kbit_prepare=False), checkpointing="none",
        optimizer=ADAM,
    )


def _common_ways(model: str) -> Iterator[tuple[str, Document]]:
    """The common ways on another model."""
    wanted = {"qlora", "lora", "full", "sft", "liger", "lora-open", "full-8bit", "sft-full"}
    return ((name, job) for name, job in _all_ways(model) if name in wanted)


def _sizes(model: str) -> Iterator[tuple[str, Document]]:
    """One job over batches and lengths, with logits and without."""
    for batch, length in ((1, 512), (4, 512), (8, 512), (1, 4096), (4, 2048), (16, 512)):
        settings = {
            "method": "lora", "lora": _lora(), "precision": "bf16-mixed", "optimizer": ADAM,
            "checkpointing": "full",
        }
        yield f"{batch}x{length}", _job(model, "transformers", (batch, length), **settings)
        if batch * length > 2048:
            yield f"{batch}x{length}-liger", _job(
                model, "transformers", (batch, length), **settings, **LIGER
            )


def _mixture(model: str) -> Iterator[tuple[str, Document]]:
    """Experts, of which each token visits some."""
    attention = ["q_proj", "k_proj", "v_proj", "o_proj"]
    yield "lora", _job(
        model, "transformers", (1, 2048), method="lora", lora=_lora(targets=attention),
        precision="bf16-mixed", checkpointing="full", optimizer=ADAM,
    )
    yield "full", _job(
        model, "transformers", (1, 1024), method="full", precision="bf16", checkpointing="full",
        optimizer=ADAM,
    )
    yield "sft", _job(model, "trl", (1, 2048), method="lora", lora=_lora(targets=attention))


def lines() -> Iterator[Document]:
    """The plan, in the order in which it runs."""
    groups = [(FIRST, _all_ways)] + [(model, _common_ways) for model in OTHERS[:2]]
    groups += [(FIRST, _sizes), (MIXTURE, _mixture)]
    groups += [(model, _common_ways) for model in OTHERS[2:]]
    for model, ways in groups:
        for name, job in ways(model):
            line = {"id": f"gpu-{model}-{name}", "job": job}
            if ways is _all_ways and name in SNAPSHOTS:
                line["snapshot"] = True
            yield line


def main() -> None:
    text = "".join(json.dumps(line) + "\n" for line in lines())
    (HERE / "gpu.jsonl").write_text(text)


if __name__ == "__main__":
    main()
