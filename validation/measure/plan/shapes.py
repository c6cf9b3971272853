"""Draws random fine-tunes over random shapes of the model types that are known.

    python plan/shapes.py --count 60 --seed 1 > jobs.jsonl
    python plan/shapes.py --count 40 --seed 2 --transformers 4.57 > jobs.jsonl

Where ``fine_tunes.py`` draws what a job can set over shapes that are alike, these draw depth, width, heads, windows and
experts too, and encoders beside decoders.
"""

from __future__ import annotations

import argparse
import json
import random
from typing import Any

from fine_tunes import _NEW, _OTHER_NAMES, _TRL, _VERSIONS
from model_types import RECURRENT, TARGETS, TYPES, UNCHECKPOINTED, WITHOUT_SDPA

Config = dict[str, Any]


def _encoder(**more: Any) -> Config:
    return {
        "hidden_size": 512, "intermediate_size": 2048, "num_hidden_layers": 4, "num_attention_heads": 8,
        "vocab_size": 4096, "max_position_embeddings": 2050, **more,
    }  # fmt: skip


ENCODERS: dict[str, Config] = {
    "bert": _encoder(type_vocab_size=2),
    "roberta": _encoder(type_vocab_size=1, pad_token_id=1),
    "xlm-roberta": _encoder(type_vocab_size=1, pad_token_id=1),
    "camembert": _encoder(type_vocab_size=1, pad_token_id=1),
    "electra": _encoder(embedding_size=256, type_vocab_size=2),
    "distilbert": {
        "dim": 512, "hidden_dim": 2048, "n_layers": 4, "n_heads": 8, "vocab_size": 4096,
        "max_position_embeddings": 2048,
    },
    "modernbert": _encoder(
        local_attention=128, global_attn_every_n_layers=3, pad_token_id=0, eos_token_id=1,
        bos_token_id=2, cls_token_id=2, sep_token_id=1,
    ),
}  # fmt: skip

_ROUTED = ("num_experts", "n_routed_experts", "num_local_experts", "moe_num_experts")
_CHOSEN = ("num_experts_per_tok", "moe_k", "moe_topk")
_INNER = (
    "intermediate_size", "moe_intermediate_size", "shared_intermediate_size", "shared_expert_intermediate_size",
    "hidden_dim", "ffn_dim",
)  # fmt: skip
_BY_LAYER = ("layer_types", "mlp_layer_types", "no_rope_layers")
_RECENT = {
    "jais2", "cwm", "youtu", "afmoe", "exaone_moe", "hy_v3", "solar_open", "nanochat", "axk1", "cohere2_moe",
    "deepseek_v32", "glm_moe_dsa", "laguna", "mellum", "sarvam_mla", "sarvam_moe", "muse_glimmer", "granite_swa",
    "olmo_hybrid", "granitemoe_swa", "kolibri1", "lfm3", "mimo_v2_flash", "apertus1p5_text", "flint", "lara_mini",
    "kimi_linear", "exaone", "iquestcoder", "hyperclovax", "minicpm3", "gpt_oss", "falcon_h1",
}  # fmt: skip
"""Types that 4.57 has not, or reads by code of others."""


class Shapes:
    """Random jobs of one seed."""

    def __init__(self, seed: int, line: str) -> None:
        self._random = random.Random(seed)
        self._line = line

    def _some(self, chance: float) -> bool:
        return self._random.random() < chance

    def _of(self, *values: Any) -> Any:
        return self._random.choice(values)

    def names(self) -> list[str]:
        left_out = _NEW | _RECENT if self._line == "4.57" else set()
        names = sorted((TYPES.keys() | ENCODERS.keys()) - left_out - {"recurrent_gemma"})
        self._random.shuffle(names)
        return names

    def _shape(self, kind: str, config: Config) -> Config:
        inner = config.get("text_config")
        if inner is not None:
            return {"model_type": kind, **config, "text_config": self._shape(inner["model_type"], inner)}
        shape = {"model_type": kind, **config}
        for key in _INNER:
            if key in shape:
                shape[key] = max(64, 64 * round(shape[key] * self._of(0.5, 0.75, 1, 1.5, 2.25) / 64))
        if "head_dim" in shape and "hidden_size" in shape and kind not in RECURRENT:
            shape["hidden_size"] = self._of(384, 512, 640, 1024)
            heads = self._of(4, 6, 8, 12)
            shape["num_attention_heads"] = heads
            shape["num_key_value_heads"] = heads if kind in ("phi",) else self._of(*[g for g in (1, 2, heads) if not heads % g])
            if kind in ("helium", "granite", "granitemoe", "granitemoeshared", "phi", "stablelm", "olmo", "olmo2", "phimoe"):
                shape["head_dim"] = self._of(32, 64)
                shape["hidden_size"] = heads * shape["head_dim"]
        if "window" in "".join(shape) and shape.get("sliding_window"):
            shape["sliding_window"] = self._of(64, 100, 256, 700)
        for key in _ROUTED:
            if key in shape:
                shape[key] = self._of(4, 8, 12)
        for key in _CHOSEN:
            if key in shape and kind != "llama4_text":
                shape[key] = self._of(1, 2, 3, 4)
        self._depth(kind, shape)
        if "vocab_size" in shape:
            shape["vocab_size"] = self._of(2048, 5000, 16384, 32003, 50257)
        if shape.get("tie_word_embeddings") is False and self._some(0.35):
            shape["tie_word_embeddings"] = True
        return shape

    def _depth(self, kind: str, shape: Config) -> None:
        if "num_hidden_layers" not in shape or kind in ("nemotron_h", "bamba", "jamba"):
            return
        layers = self._of(2, 3, 5, 6)
        if any(key in shape for key in _BY_LAYER):
            layers = self._of(4, 5, 6, 8)
        shape["num_hidden_layers"] = layers
        for key in _BY_LAYER:
            if key in shape:
                of = shape[key]
                tail = of[1:] if key == "mlp_layer_types" else of
                kinds = of + tail * 4
                shape[key] = kinds[:layers]

    def _how(self, kind: str, config: Config) -> Config:
        method = self._of("full", "full", "lora", "lora", "rslora", "qlora", "dora")
        if method in ("qlora", "dora") and kind in ("gpt2", "gpt-sw3", "mamba", "falcon_mamba", "mamba2"):
            method = "lora"
        model: Config = {"id": kind, "config": self._shape(kind, config), "dtype": "bf16"}
        if kind in RECURRENT:
            model["mixer"] = "torch"
        result: Config = {"model": model, "method": method}
        if method == "qlora":
            model["quantization"] = {"scheme": "nf4", "double_quant": True, "implementation": "bitsandbytes"}
        if method == "full":
            model["dtype"] = self._of("bf16", "bf16", "fp32")
            return result
        targets: Any = TARGETS.get(kind, "all-linear")
        if kind not in _OTHER_NAMES | RECURRENT | ENCODERS.keys() | {"muse_glimmer"} and self._some(0.4):
            targets = self._of(["q_proj", "v_proj"], ["q_proj", "k_proj", "v_proj"])
        result["lora"] = {
            "rank": self._of(4, 8, 16, 64), "alpha": 16, "dropout": self._of(0.0, 0.0, 0.05), "targets": targets,
        }  # fmt: skip
        if method == "qlora":
            result["lora"]["kbit_prepare"] = self._some(0.6)
        return result

    def job(self, kind: str) -> Config:
        """One job of a type."""
        encoder = kind in ENCODERS
        result = self._how(kind, ENCODERS[kind] if encoder else TYPES[kind])
        trl = not encoder and self._some(0.45)
        if trl and result["method"] == "qlora":
            del result["lora"]["kbit_prepare"]
        framework = {"name": "trl", "version": _TRL[self._line]} if trl else {"name": "transformers"}
        mixed = result["model"]["dtype"] == "fp32" or self._some(0.6)
        result |= {
            "precision": "bf16-mixed" if mixed else "bf16",
            "checkpointing": "none" if kind in UNCHECKPOINTED else self._of("full", "none"),
            "optimizer": self._of(
                {"name": "adamw", "implementation": "fused"}, {"name": "adamw", "implementation": "foreach"},
                {"name": "adamw-8bit"}, {"name": "paged-adamw-8bit"}, {"name": "adafactor"}, {"name": "lion"},
                {"name": "sgd"},
            ),
            "batch": {
                "micro_batch": self._of(1, 2, 3, 6), "grad_accum": self._of(1, 1, 2),
                "sequence_length": self._of(96, 300, 512, 777, 1500), "padding": self._of("packed", "padded"),
            },
            "attention": "eager" if kind in WITHOUT_SDPA else self._of("sdpa", "sdpa", "eager"),
            "framework": {**framework, **_VERSIONS[self._line]},
        }  # fmt: skip
        self._objective(result, encoder, trl)
        return result

    def _objective(self, job: Config, encoder: bool, trl: bool) -> None:
        if encoder:
            stage = self._of("classification", "masked-lm")
            more = {"labels": 3} if stage == "classification" else {"scored_fraction": 0.15}
            job["objective"] = {"stage": stage, **more}
            return
        which = self._random.random()
        if which < 0.12:
            job["objective"] = {"scored_fraction": 0.3}
        elif which < 0.2 and trl:
            job["objective"] = {"neftune_alpha": 5}
        elif which < 0.3 and trl and job["batch"]["micro_batch"] == 1:
            job["batch"] |= {"segments": 4, "padding": "packed"}
        elif which < 0.3 and not trl:
            job["objective"] = {"label_smoothing": 0.1}
        elif which < 0.4 and not trl:
            job["objective"] = {"stage": "classification", "labels": 5}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--transformers", choices=sorted(_VERSIONS), default="5")
    asked = parser.parse_args()
    draw = Shapes(asked.seed, asked.transformers)
    names = draw.names()
    for number in range(asked.count):
        name = names[number % len(names)]
        identity = f"shapes-{asked.transformers}-{asked.seed}-{number:03d}-{name}"
        print(json.dumps({"id": identity, "job": draw.job(name)}))


if __name__ == "__main__":
    main()
