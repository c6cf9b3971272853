"""Draws jobs of preferences and completions over published models that ``corners.py`` and ``fresh.py`` lack, under FSDP2 and ZeRO.

    python plan/preferences.py --count 40 --seed 1 > jobs.jsonl
    python plan/preferences.py --count 10 --seed 1 --transformers 4.57 --trl 0.29.1 > jobs.jsonl
"""

from __future__ import annotations

import argparse
import json
from typing import Any

from corners import _NEW, Draw
from fresh import _decoder

Config = dict[str, Any]

_TIED = {"tie_word_embeddings": True}

MODELS: dict[str, Config] = {
    "llama-3.1-8b": _decoder("llama", 4096, 14336, 32, 8, 128256),
    "codellama-13b": _decoder("llama", 5120, 13824, 40, 40, 32016),
    "falcon3-1b": _decoder("llama", 2048, 8192, 8, 4, 131072, head_dim=256),
    "mistral-small-24b": _decoder("mistral", 5120, 32768, 32, 8, 131072, head_dim=128),
    "qwen2.5-1.5b": _decoder("qwen2", 1536, 8960, 12, 2, 151936, **_TIED),
    "qwen3-14b": _decoder("qwen3", 5120, 17408, 40, 8, 151936, head_dim=128),
    "gemma-2-9b": _decoder("gemma2", 3584, 14336, 16, 8, 256000, head_dim=256, query_pre_attn_scalar=256),
    "gemma-3-12b": _decoder(
        "gemma3_text", 3840, 15360, 16, 8, 262208, head_dim=256, sliding_window=1024, query_pre_attn_scalar=256
    ),
    "phi-3-medium": _decoder("phi3", 5120, 17920, 40, 10, 32064, sliding_window=2047, pad_token_id=32000),
    "olmo-2-13b": _decoder("olmo2", 5120, 13824, 40, 40, 100352),
    "granite-3.1-8b": _decoder("granite", 4096, 12800, 32, 8, 49155, **_TIED),
    "stablelm-2-1.6b": _decoder(
        "stablelm", 2048, 5632, 32, 32, 100352, partial_rotary_factor=0.25, use_qkv_bias=True
    ),
    "starcoder2-15b": _decoder("starcoder2", 6144, 24576, 48, 4, 49152, sliding_window=4096, use_bias=True),
    "hunyuan-4b": _decoder("hunyuan_v1_dense", 3072, 8192, 24, 8, 120818, head_dim=128, pad_token_id=120002, **_TIED),
    "qwen3-30b-a3b-narrow": _decoder(
        "qwen3_moe", 1536, 4608, 16, 4, 151936, head_dim=128, num_experts=32, num_experts_per_tok=8,
        moe_intermediate_size=768,
    ),
    "persimmon-8b": _decoder("persimmon", 4096, 16384, 64, 64, 262144, partial_rotary_factor=0.5),
    "pythia-2.8b": {
        "model_type": "gpt_neox", "hidden_size": 2560, "intermediate_size": 10240, "num_hidden_layers": 3,
        "num_attention_heads": 32, "rotary_pct": 0.25, "vocab_size": 50304, "max_position_embeddings": 2048,
    },
    "bloom-3b": {"model_type": "bloom", "hidden_size": 2560, "n_layer": 3, "n_head": 32, "vocab_size": 250880},
    "gpt2-xl": {"model_type": "gpt2", "n_embd": 1600, "n_layer": 4, "n_head": 25, "vocab_size": 50257},
    "gpt-neo-1.3b": {
        "model_type": "gpt_neo", "hidden_size": 2048, "num_layers": 4, "num_heads": 16, "vocab_size": 50257,
        "max_position_embeddings": 2048, "attention_types": [[["global", "local"], 2]], "window_size": 256,
    },
    "opt-6.7b": {
        "model_type": "opt", "hidden_size": 4096, "ffn_dim": 16384, "num_hidden_layers": 3, "num_attention_heads": 32,
        "vocab_size": 50272, "max_position_embeddings": 2048, "word_embed_proj_dim": 4096,
    },
    "opt-125m": {
        "model_type": "opt", "hidden_size": 768, "ffn_dim": 3072, "num_hidden_layers": 4, "num_attention_heads": 12,
        "vocab_size": 50272, "max_position_embeddings": 2048, "word_embed_proj_dim": 768,
    },
    "codegen-2b": {
        "model_type": "codegen", "n_embd": 2560, "n_layer": 3, "n_head": 32, "rotary_dim": 64, "vocab_size": 51200,
        "n_positions": 2048, "tie_word_embeddings": False,
    },
    "xglm-564m": {
        "model_type": "xglm", "d_model": 1024, "ffn_dim": 4096, "num_layers": 4, "attention_heads": 16,
        "vocab_size": 256008, "max_position_embeddings": 2048,
    },
}  # fmt: skip
"""Published widths."""

_LIGER = {"llama", "mistral", "qwen2", "qwen3", "gemma2", "phi3", "olmo2", "granite"}
_MIXED = {"loss_type": ["sigmoid", "sft"], "loss_weights": [1.0, 0.2]}


class Preferences(Draw):
    """Half of the jobs that may be spread are under ZeRO; every loss of DPO is as likely as another."""

    def names(self) -> list[str]:
        left_out = _NEW if self._line == "4.57" else set()
        names = [name for name, config in MODELS.items() if config["model_type"] not in left_out]
        self._random.shuffle(names)
        return names

    def staged(self, name: str, config: Config) -> Config:
        job = super().staged(name, config)
        objective = job["objective"]
        if objective["stage"] == "dpo" and self._some(0.5):
            objective.pop("loss_type", None)
            objective |= self._of(_MIXED, {"loss_type": ["ipo"]}, {"loss_type": ["hinge"]}, {"loss_type": ["apo_zero"]})
        liger = objective["stage"] in ("dpo", "kto", "grpo") and config["model_type"] in _LIGER
        if liger and job["method"] in ("full", "lora") and "parallelism" not in job and self._some(0.3):
            job |= {"loss": "liger", "liger_kernels": ["rms_norm", "swiglu", "rope"]}
            job["framework"]["liger"] = "0.8.5"
        return job

    def _ranks(self, job: Config, chance: float) -> None:
        super()._ranks(job, max(chance, 0.6))
        if "parallelism" in job and self._line == "5" and self._some(0.5):
            job["parallelism"] = {"strategy": self._of("zero2", "zero3", "zero3")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--transformers", choices=("5", "4.57"), default="5")
    parser.add_argument("--trl", default="1.16.0")
    asked = parser.parse_args()
    draw = Preferences(asked.seed, asked.transformers, asked.trl)
    names = draw.names()
    for number in range(asked.count):
        name = names[number % len(names)]
        identity = f"preferences-{asked.trl}-{asked.seed}-{number:03d}-{name}"
        print(json.dumps({"id": identity, "job": draw.staged(name, MODELS[name])}))


if __name__ == "__main__":
    main()
