"""Draws jobs over the catalogue's published models, most of which no other plan has, with more ways than ``fresh.py``.

    python plan/popular.py --count 60 --seed 1 > jobs.jsonl
    python plan/popular.py --count 40 --seed 1 --stages > jobs.jsonl
    python plan/popular.py --count 30 --seed 1 --divided > jobs.jsonl

Depth is cut to a few layers and experts to sixteen; widths, vocabularies and what a config says beside them are as
published. ``--divided`` puts every job on several GPUs, under DeepSpeed's ZeRO too.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from corners import _EXPERTS, _NEW, Draw
from fine_tunes import _OTHER_NAMES, _VERSIONS

Config = dict[str, Any]

_CATALOGUE = "catalog/src/main/resources/dev/vramcast/catalog/models"
_LEFT_OUT = {"encoder", "seq2seq", "sound"}
_NO_CODE = {
    "baichuan", "chatglm", "exaone", "internlm", "iquestcoder", "kimi_k2", "kimi_linear", "minicpm3", "mllama", "qwen",
    "deepseek_vl_v2", "recurrent_gemma", "gemma4_unified", "lara_mini", "qwen2_5_omni", "qwen3_omni_moe", "qwen2_audio", "voxtral",
}  # fmt: skip
"""Types whose code Transformers has not, or that other plans draw."""

_COUNTS = ("num_hidden_layers", "n_layer", "n_layers", "num_layers")
_LISTS = ("layer_types", "no_rope_layers", "layers_block_type", "mlp_layer_types", "moe_layer_freq")
_ROUTED = ("num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts")
_OTHERS = ("oft", "ia3", "vera", "loha", "lokr", "miss")
_EAGER = {"bloom", "gemma2", "gpt_oss", "vaultgemma"}
"""Types without PyTorch's attention."""

_UNCLASSIFIED = {"afmoe", "sarvam_moe", "flex_olmo", "llama4", "muse_glimmer", "recurrent_gemma", "granitemoehybrid"}


def shortened(config: Config, layers: int) -> Config:
    """The config with so many layers and at most sixteen experts, in its parts too."""
    result = {
        key: shortened(value, layers) if key in ("text_config", "vision_config") else value
        for key, value in config.items()
        if key not in ("torch_dtype", "dtype", "auto_map")
    }
    for key in _COUNTS:
        if isinstance(result.get(key), int):
            result[key] = min(result[key], layers)
    for key in _LISTS:
        if isinstance(result.get(key), list):
            result[key] = result[key][:layers]
    for key in _ROUTED:
        if isinstance(result.get(key), int):
            result[key] = min(result[key], 16)
    pattern = result.get("hybrid_override_pattern")
    if isinstance(pattern, str):
        result["hybrid_override_pattern"] = ("".join(dict.fromkeys(pattern)) + pattern)[:layers]
    return result


def published() -> dict[str, Config]:
    """The catalogue's decoders by name."""
    folder = next(up / _CATALOGUE for up in Path(__file__).resolve().parents if (up / _CATALOGUE).is_dir())
    return {
        model["name"]: model["config"]
        for file in sorted(folder.glob("*.json"))
        if file.stem not in _LEFT_OUT
        for model in json.loads(file.read_text())["models"]
        if model["config"]["model_type"] not in _NO_CODE
    }


class Popular(Draw):
    """The same draws over these models, with adapters of every kind, int8 bases, and ZeRO."""

    divided = False

    def job(self, name: str, config: Config, stages: bool) -> Config:
        """A job on a model that is cut to a few layers."""
        least = 4 if {"layer_types", "hybrid_override_pattern", "full_attention_interval"} & set(str(config).split("'")) else 2
        short = shortened(config, self._random.randint(least, least + 3))
        return (self.staged if stages else self.supervised)(name, short)

    def _how(self, name: str, config: Config) -> Config:
        result = super()._how(name, config)
        text = config.get("text_config", config)
        if result["method"] == "lora" and self._some(0.25) and not self.divided:
            result["method"] = self._of(*_OTHERS)
            result["lora"] = self._other(result["method"], str(text["model_type"]))
            result["model"]["dtype"] = "bf16"
        lora = result.get("lora", {})
        if any(key in text for key in _ROUTED) and lora.get("targets") == "all-linear":
            # PEFT's adapters of experts' parameters know neither.
            lora["dropout"] = 0.0
            result["method"] = "lora" if result["method"] == "dora" else result["method"]
        if "text_config" in config:
            lora.pop("target_parameters", None)
        if result["model"]["dtype"] == "fp32":
            lora.pop("dtype", None)
        return result

    def _other(self, method: str, kind: str) -> Config:
        named = kind not in _OTHER_NAMES and kind not in _EXPERTS
        settings: Config = {"targets": self._of("all-linear", ["q_proj", "v_proj"]) if named else "all-linear"}
        if method == "oft":
            settings["block_size"] = self._of(16, 32, 64)
        elif method == "ia3":
            settings["feedforward_modules"] = []
        else:
            settings["rank"] = self._of(8, 16, 64)
        return settings

    def supervised(self, name: str, config: Config) -> Config:
        job = super().supervised(name, config)
        kind = str(config["model_type"])
        if kind in _EAGER:
            job["attention"] = "eager"
        if job.get("objective", {}).get("stage") and (kind in _UNCLASSIFIED or "text_config" in config):
            del job["objective"]
        if job["framework"]["name"] == "trl" and "lm_head" in job.get("lora", {}).get("targets", ()):
            job["lora"]["targets"].remove("lm_head")
        if job["framework"]["name"] == "trl" and "objective" not in job and "loss" not in job and self._some(0.3):
            job["loss"] = "chunked"
        return job

    def _ranks(self, job: Config, chance: float) -> None:
        super()._ranks(job, 1.0 if self.divided else chance)
        if "parallelism" not in job:
            return
        strategy = self._of("fsdp2", "fsdp1", "ddp", "zero1", "zero2", "zero3", "zero3") if self.divided else "fsdp2"
        if strategy != "fsdp2":
            job["parallelism"] = {"strategy": strategy}
        if strategy == "fsdp1":
            job["parallelism"]["reshard_after_forward"] = True
        if strategy.startswith("zero"):
            job["optimizer"] = {"name": "adamw", "implementation": "fused"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--transformers", choices=sorted(_VERSIONS), default="5")
    parser.add_argument("--trl")
    parser.add_argument("--stages", action="store_true", help="preferences and completions in place of supervision")
    parser.add_argument("--divided", action="store_true", help="every job on several GPUs")
    asked = parser.parse_args()
    draw = Popular(asked.seed, asked.transformers, asked.trl or {"5": "1.16.0", "4.57": "0.29.1"}[asked.transformers])
    draw.divided = asked.divided
    models = published()
    names = [name for name in models if asked.transformers == "5" or models[name]["model_type"] not in _NEW]
    draw._random.shuffle(names)
    kind = "stages" if asked.stages else "divided" if asked.divided else "tunes"
    for number in range(asked.count):
        name = names[number % len(names)]
        identity = f"popular-{kind}-{asked.transformers}-{asked.seed}-{number:03d}"
        print(json.dumps({"id": identity, "job": draw.job(name, models[name], asked.stages)}))


if __name__ == "__main__":
    main()
