"""Writes the plan: the jobs whose cases are in validation/cases, one file for each environment.

    python plan/make.py

Shapes are those of the catalogue's models. Depth is cut, since each layer costs what another does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CATALOGUE = HERE.parents[2] / "catalog/src/main/resources/dev/vramcast/catalog/models"

Document = dict[str, Any]

ATTENTION = ["q_proj", "k_proj", "v_proj", "o_proj"]


def _catalogue() -> dict[str, Document]:
    models = {}
    for file in CATALOGUE.glob("*.json"):
        for entry in json.loads(file.read_text())["models"]:
            models[entry["name"]] = entry["config"]
    return models


MODELS = _catalogue()

DENSE = {
    "qwen3-0.6b": 3,
    "qwen3-8b": 2,
    "gemma-3-270m": 6,
    "gemma-3-1b": 6,
    "glm-4-9b-0414": 2,
    "llama-3.2-1b": 3,
    "qwen2.5-0.5b": 3,
}
MIXTURES = {"gpt-oss-20b": 2, "deepseek-v2-lite": 3, "qwen3-30b-a3b": 2}
"""Layers of each model: Gemma 3's sixth is the first with global attention, gpt-oss alternates,
DeepSeek's first layer is dense."""
LAYERS = DENSE | MIXTURES
BEFORE = ["qwen3-0.6b", "gemma-3-270m", "glm-4-9b-0414", "gpt-oss-20b"]
"""Run on Transformers 4.57 too. DeepSeek's loop over experts asks there for numbers of tokens, which
fake tensors do not have."""

SHARDED_BEFORE = ["qwen3-0.6b", "glm-4-9b-0414"]
"""Not Gemma 3: accelerate looks there for a vision layer that the text model lacks, and fails."""


def shortened(name: str, layers: int) -> Document:
    """The published config of a model with fewer layers."""
    config = {k: v for k, v in MODELS[name].items() if k not in ("torch_dtype", "architectures")}
    counts = (key for key in ("n_layers", "n_layer") if key in config)
    config[next(counts, "num_hidden_layers")] = layers
    for key in ("layer_types", "no_rope_layers"):
        if key in config:
            config[key] = config[key][:layers]
    return config


def _config(name: str) -> Document:
    return shortened(name, LAYERS[name] if name in LAYERS else (HIDDEN | CLASSIFIED)[name][0])


def _job(model: str, framework: str, batch: tuple[int, int], **settings: Any) -> Document:
    """A job on ``batch`` sequences of so many tokens."""
    attention = settings.pop("attention", "eager" if model.startswith("gpt-oss") else "sdpa")
    padding = settings.pop("padding", "packed")
    accumulate = settings.pop("accumulate", 1)
    return {
        "model": {
            "id": model,
            "config": _config(model),
            "dtype": settings.pop("dtype", "bf16"),
            **({"quantization": settings.pop("quantization")} if "quantization" in settings else {}),
        },
        **settings,
        "batch": {
            "micro_batch": batch[0],
            "grad_accum": accumulate,
            "sequence_length": batch[1],
            "padding": padding,
        },
        "attention": attention,
        "framework": {"name": framework},
    }


def _lora(model: str, **settings: Any) -> Document:
    targets: Any = ATTENTION[:1] + ATTENTION[3:] if model in MIXTURES else "all-linear"
    return {"rank": 16, "alpha": 32, "dropout": 0.0, "targets": targets, **settings}


NF4 = {"scheme": "nf4", "double_quant": True, "implementation": "bitsandbytes"}
ADAM = {"name": "adamw", "implementation": "fused"}
FOREACH = {"name": "adamw", "implementation": "foreach"}
EIGHT_BIT = {"name": "adamw-8bit", "implementation": "bitsandbytes"}


def _trainer(model: str) -> Iterator[tuple[str, Document]]:
    """Transformers' Trainer."""
    run = "transformers"
    yield "full", _job(
        model, run, (1, 2048), method="full", precision="bf16", checkpointing="full", optimizer=ADAM
    )
    yield "full-amp", _job(
        model, run, (2, 1024), method="full", dtype="fp32", precision="bf16-mixed",
        checkpointing="none", optimizer=FOREACH, padding="padded",
    )
    yield "full-8bit", _job(
        model, run, (4, 512), method="full", precision="bf16", checkpointing="full",
        optimizer=EIGHT_BIT, accumulate=2,
    )
    yield "lora-dropout", _job(
        model, run, (4, 1024), method="lora", lora=_lora(model, dropout=0.05),
        precision="bf16-mixed", checkpointing="full", optimizer=ADAM, padding="padded",
    )
    yield "lora-open", _job(
        model, run, (2, 512), method="lora", lora=_lora(model, dropout=0.1, targets=["q_proj", "o_proj"]),
        precision="bf16-mixed", checkpointing="none", optimizer=ADAM,
    )
    yield "dora", _job(
        model, run, (2, 1024), method="dora", lora=_lora(model, targets=["q_proj", "o_proj"]),
        precision="bf16-mixed", checkpointing="full", optimizer=FOREACH,
    )
    yield "lora-saved", _job(
        model, run, (1, 1024), method="lora",
        lora=_lora(model, targets=["q_proj", "o_proj"], modules_to_save=["embed_tokens", "lm_head"]),
        precision="bf16-mixed", checkpointing="full", optimizer=ADAM,
    )
    if model in DENSE:
        yield "qlora", _job(
            model, run, (2, 1024), method="qlora", quantization=NF4,
            lora=_lora(model, kbit_prepare=True), precision="bf16-mixed", checkpointing="full",
            optimizer={"name": "paged-adamw-8bit", "implementation": "bitsandbytes"},
        )
        yield "qlora-plain", _job(
            model, run, (4, 512), method="qlora", quantization={**NF4, "double_quant": False},
            lora=_lora(model, kbit_prepare=False, dropout=0.05), precision="bf16-mixed",
            checkpointing="none", optimizer=ADAM,
        )


def _sft(model: str) -> Iterator[tuple[str, Document]]:
    """TRL's SFTTrainer; what is not said is its default."""
    run = "trl"
    yield "defaults", _job(model, run, (2, 1024), method="full")
    yield "lora", _job(model, run, (4, 1024), method="lora", lora=_lora(model, dropout=0.05))
    yield "lora-padded", _job(
        model, run, (4, 512), method="lora", lora=_lora(model), padding="padded",
        checkpointing="none",
    )
    if model in DENSE:
        yield "qlora", _job(
            model, run, (2, 2048), method="qlora", quantization=NF4, lora=_lora(model),
        )
        yield "full-fp32", _job(model, run, (1, 1024), method="full", dtype="fp32")


def _sharded(model: str) -> Iterator[tuple[str, Document]]:
    """FSDP2 as accelerate sets it up for the Trainer."""
    yield from _sharded_with(model, {})


def _sharded_before(model: str) -> Iterator[tuple[str, Document]]:
    """As accelerate 1.13 does: all that is in no layer is the root's group."""
    yield from _sharded_with(model, {"root_group": "plain_raf"})


def _sharded_with(model: str, root: Document) -> Iterator[tuple[str, Document]]:
    run = "transformers"
    for reshard in (True, False):
        shard = {"strategy": "fsdp2", "reshard_after_forward": reshard, **root}
        name = "" if reshard else "-kept"
        yield f"full{name}", _job(
            model, run, (1, 2048), method="full", precision="bf16-mixed", dtype="fp32",
            checkpointing="full", optimizer=ADAM, parallelism=shard, hardware={"count": 4},
        )
        yield f"full-pure{name}", _job(
            model, run, (2, 512), method="full", precision="bf16", checkpointing="none",
            optimizer=ADAM, parallelism=shard, hardware={"count": 2}, accumulate=2,
        )
        yield f"lora{name}", _job(
            model, run, (2, 1024), method="lora", lora=_lora(model), precision="bf16-mixed",
            checkpointing="full", optimizer=ADAM, parallelism=shard, hardware={"count": 8},
        )


def _sliced(model: str) -> Iterator[tuple[str, Document]]:
    """Tensor parallelism as ``from_pretrained`` of Transformers 5 sets it up, alone and with FSDP2."""
    run = "transformers"
    for tensor in (2, 4):
        if MODELS[model]["num_key_value_heads"] % tensor:
            continue
        yield f"full-pure-{tensor}", _job(
            model, run, (2, 512), method="full", precision="bf16", checkpointing="none",
            optimizer=ADAM, parallelism={"tensor": tensor}, hardware={"count": tensor},
        )
    yield "full-2", _job(
        model, run, (1, 2048), method="full", precision="bf16-mixed", dtype="fp32",
        checkpointing="full", optimizer=ADAM, parallelism={"tensor": 2}, hardware={"count": 2},
        accumulate=2,
    )
    if MODELS[model].get("tie_word_embeddings"):
        return
    both = {"strategy": "fsdp2", "shard": 2, "tensor": 2, "reshard_after_forward": True}
    yield "full-pure-2-fsdp2", _job(
        model, run, (2, 512), method="full", precision="bf16", checkpointing="none",
        optimizer=ADAM, parallelism=both, hardware={"count": 4},
    )


def _evaluated(model: str) -> Iterator[tuple[str, Document]]:
    """Runs whose last step is followed by an evaluation, of eight sequences at a time by default."""
    run = "transformers"
    lora = {"method": "lora", "lora": _lora(model)}
    tuned = {**lora, "precision": "bf16-mixed", "checkpointing": "full", "optimizer": ADAM}
    one = {"evaluation": {"batches": 2}}
    yield "lora", _job(model, run, (2, 512), **tuned, **one)
    yield "metrics", _job(model, run, (2, 512), **tuned, evaluation={"batches": 3, "metrics": True})
    yield "metrics-moved", _job(
        model, run, (2, 512), **tuned,
        evaluation={"micro_batch": 4, "batches": 5, "metrics": True, "accumulation_steps": 2},
    )
    yield "full", _job(
        model, run, (1, 1024), method="full", precision="bf16", checkpointing="none",
        optimizer=ADAM, **one,
    )
    yield "full-amp", _job(
        model, run, (2, 512), method="full", dtype="fp32", precision="bf16-mixed",
        checkpointing="full", optimizer=ADAM, padding="padded", evaluation={"micro_batch": 2, "batches": 2},
    )
    yield "qlora", _job(
        model, run, (2, 512), method="qlora", quantization=NF4, lora=_lora(model, kbit_prepare=True),
        precision="bf16-mixed", checkpointing="full", optimizer=ADAM, **one,
    )
    yield "liger", _job(
        model, run, (2, 512), **tuned, loss="liger",
        liger_kernels=["rms_norm", "swiglu", "rope"], **one,
    )
    yield "dropout", _job(
        model, run, (2, 512), method="lora", lora=_lora(model, dropout=0.1), precision="bf16-mixed",
        checkpointing="none", optimizer=ADAM, accumulate=2, **one,
    )
    yield "sft", _job(model, "trl", (2, 512), **lora, **one)
    yield "sft-metrics", _job(model, "trl", (2, 512), **lora, evaluation={"batches": 2, "metrics": True})
    yield "sft-full", _job(model, "trl", (1, 1024), method="full", **one)
    yield "fsdp2", _job(
        model, run, (1, 1024), method="full", precision="bf16-mixed", dtype="fp32",
        checkpointing="full", optimizer=ADAM, hardware={"count": 4},
        parallelism={"strategy": "fsdp2", "reshard_after_forward": True}, **one,
    )


def _masked(model: str) -> Iterator[tuple[str, Document]]:
    """Encoders that predict hidden tokens, all labelled or 15 of a hundred, as collators hide them."""
    hides = {"objective": {"stage": "masked-lm"}}
    few = {"objective": {"stage": "masked-lm", "scored_fraction": 0.15}}
    run = "transformers"
    yield "full-amp", _job(
        model, run, (8, 256), method="full", dtype="fp32", precision="bf16-mixed", checkpointing="none",
        optimizer=ADAM, **hides,
    )
    yield "full-pure", _job(
        model, run, (16, 256), method="full", precision="bf16", checkpointing="full", optimizer=ADAM, **few,
    )
    yield "full-fp32", _job(
        model, run, (4, 128), method="full", dtype="fp32", precision="fp32", checkpointing="none",
        optimizer=FOREACH, padding="padded", **few,
    )
    yield "lora", _job(
        model, run, (8, 256), method="lora", lora=_lora(model, targets=HIDDEN[model][1]),
        precision="bf16-mixed", checkpointing="none", optimizer=ADAM, **few,
    )
    yield "evaluated", _job(
        model, run, (4, 256), method="full", precision="bf16", checkpointing="none", optimizer=ADAM,
        evaluation={"batches": 2}, **few,
    )
    if model.startswith("modernbert"):
        sparse = _job(
            model, run, (8, 256), method="full", dtype="fp32", precision="bf16-mixed",
            checkpointing="none", optimizer=ADAM, **few,
        )
        sparse["model"]["config"]["sparse_prediction"] = True
        yield "sparse", sparse


def _classified(model: str) -> Iterator[tuple[str, Document]]:
    """Encoders that name the class of a text: the forward pass is the peak where little is trained."""
    asked = {"objective": {"stage": "classification", "labels": 3}, "optimizer": ADAM, "checkpointing": "none"}
    run = "transformers"
    yield "full-amp", _job(
        model, run, (16, 128), method="full", dtype="fp32", precision="bf16-mixed", padding="padded", **asked,
    )
    yield "lora", _job(
        model, run, (16, 256), method="lora", lora=_lora(model, targets=CLASSIFIED[model][1], dropout=0.1),
        precision="bf16-mixed", padding="padded", **asked,
    )
    yield "full-pure", _job(
        model, run, (16, 64), method="full", precision="bf16", padding="padded", **asked,
    )


HIDDEN = {
    "bert-base-uncased": (4, ["query", "value"]),
    "modernbert-base": (4, ["Wqkv", "Wo"]),
    "bge-m3": (3, ["query", "key", "value"]),
    "distilbert-base-uncased": (4, ["q_lin", "v_lin"]),
}
"""Layers and targets of encoders that predict hidden tokens."""

CLASSIFIED = {
    "bert-base-cased": (4, ["query", "value"]),
    "roberta-base": (4, ["query", "value"]),
    "xlm-roberta-base": (4, ["query", "value"]),
    "camembert-base": (4, ["query", "value"]),
    "electra-base": (4, ["query", "value"]),
    "distilbert-base-cased": (4, ["q_lin", "v_lin"]),
    "modernbert-base": (4, ["Wqkv"]),
}
"""Layers and targets of encoders that classify."""

EVALUATED = ["qwen3-0.6b", "gemma-3-270m", "llama-3.2-1b"]

SLICED = ["llama-3.2-1b", "qwen3-8b", "qwen2.5-0.5b"]
"""Two tie the head to the embedding."""


def _plan(environment: str) -> Iterator[Document]:
    models = LAYERS if environment == "5" else BEFORE
    dense = [model for model in models if model in DENSE]
    sharded = (_sharded, dense[:5]) if environment == "5" else (_sharded_before, SHARDED_BEFORE)
    kinds = {
        "trainer": (_trainer, models),
        "sft": (_sft, models),
        "fsdp2": sharded,
    }
    if environment == "5":
        kinds["tensor"] = (_sliced, SLICED)
        kinds["evaluation"] = (_evaluated, EVALUATED)
        kinds["masked"] = (_masked, list(HIDDEN))
        kinds["classified"] = (_classified, list(CLASSIFIED))
    for kind, (jobs, chosen) in kinds.items():
        for model in chosen:
            for name, job in jobs(model):
                yield {"id": f"{kind}-{environment}-{model}-{name}", "job": job}


def main() -> None:
    for environment in ("5", "4.57"):
        lines = [json.dumps(line) for line in _plan(environment)]
        (HERE / f"transformers-{environment}.jsonl").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
