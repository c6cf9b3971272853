"""Draws jobs over the models that most people train, in the ways that they train them.

    python plan/usual.py --count 60 --seed 1 > jobs.jsonl
    python plan/usual.py --count 60 --seed 1 --stages > jobs.jsonl
    python plan/usual.py --count 20 --seed 1 --transformers 4.45 > jobs.jsonl

The draws are those of ``popular.py``; a third of the jobs is on several GPUs, under DDP, FSDP1 with either way to reshard,
FSDP2, or stages 2 and 3 of ZeRO. On 4.45 all are supervised and on one GPU.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

from corners import _NEW
from fine_tunes import _VERSIONS
from popular import Popular, published

Config = dict[str, Any]

_FAMILIES = {
    "llama": 5, "qwen2": 5, "qwen3": 5, "mistral": 3, "gemma2": 2, "gemma3_text": 2, "gemma3": 2, "gemma4": 3, "phi3": 3, "gpt_oss": 2,
    "smollm3": 1, "deepseek_v3": 1, "deepseek_v2": 1, "glm4": 1, "glm4_moe": 1, "glm4_moe_lite": 1, "qwen3_moe": 2, "qwen3_5": 2,
    "qwen2_5_vl": 1, "qwen3_vl": 1, "mixtral": 1, "gemma": 1, "phi": 1, "qwen2_moe": 1, "granite": 1, "olmo2": 1, "smolvlm": 1,
    "cohere2": 1, "gpt2": 1, "gpt_neox": 1, "falcon": 1, "mistral3": 1, "qwen3_5_moe": 1, "olmo3": 1, "qwen3_next": 1, "ernie4_5_moe": 1,
}  # fmt: skip
"""Model types, and how many jobs in a round each has."""

_AUTUMN_2024 = {"llama", "qwen2", "mistral", "gemma2", "gemma", "phi3", "phi", "mixtral", "qwen2_moe", "gpt2", "gpt_neox", "cohere"}
_AUTUMN = {"torch": "2.8.0", "transformers": "4.45.2", "peft": "0.13.2"}
_NEWER = _NEW | {"gemma4", "qwen3_5", "qwen3_5_moe"}


class Usual(Popular):
    """Mostly LoRA, QLoRA and whole models, as recipes have them."""

    def _how(self, name: str, config: Config) -> Config:
        result = super()._how(name, config)
        if result["method"] in ("oft", "ia3", "vera", "loha", "lokr", "miss"):
            result["method"] = "lora"
            result["lora"] = {"rank": self._of(8, 16, 32, 64), "alpha": 32, "dropout": self._of(0.0, 0.05), "targets": "all-linear"}
        return result

    def _ranks(self, job: Config, chance: float) -> None:
        super()._ranks(job, 0.45)
        if "parallelism" not in job:
            return
        strategy = self._of("fsdp2", "fsdp1", "fsdp1", "ddp", "zero2", "zero2", "zero3", "zero3")
        if strategy == "fsdp2":
            return
        job["parallelism"] = {"strategy": strategy}
        if strategy == "fsdp1":
            job["parallelism"]["reshard_after_forward"] = self._some(0.6)
            if job["precision"] == "bf16" and job["framework"]["name"] == "transformers":
                job["precision"] = "bf16-mixed"
        if strategy.startswith("zero"):
            job["optimizer"] = {"name": "adamw", "implementation": "fused"}

    def autumn(self, name: str, config: Config) -> Config:
        """A supervised job on one GPU for the libraries of autumn 2024."""
        job = self.job(name, config, stages=False)
        for key in ("parallelism", "hardware", "evaluation"):
            job.pop(key, None)
        framework = {key: job["framework"][key] for key in ("name",)}
        job["framework"] = {**framework, **_AUTUMN}
        if framework["name"] == "trl":
            job["framework"]["version"] = "0.11.4"
        if job.pop("loss", None) == "liger":
            job.pop("liger_kernels", None)
        if job.get("objective", {}).get("loss_type"):
            del job["objective"]
        if job["method"] == "rslora":
            job["method"] = "lora"
        job.get("lora", {}).pop("target_parameters", None)
        return job


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--transformers", choices=[*sorted(_VERSIONS), "4.45"], default="5")
    parser.add_argument("--stages", action="store_true", help="preferences and completions in place of supervision")
    asked = parser.parse_args()
    line = asked.transformers
    draw = Usual(asked.seed, "4.57" if line == "4.45" else line, "0.29.1" if line == "4.57" else "1.16.0")
    models = published()
    left_out = set() if line == "5" else _NEWER
    kinds = [k for k, n in _FAMILIES.items() for _ in range(n) if k not in left_out and (line != "4.45" or k in _AUTUMN_2024)]
    draw._random.shuffle(kinds)
    for number in range(asked.count):
        kind = kinds[number % len(kinds)]
        name = draw._random.choice([n for n, config in models.items() if config["model_type"] == kind])
        what = "stages" if asked.stages else "tunes"
        job = draw.autumn(name, models[name]) if line == "4.45" else draw.job(name, models[name], asked.stages)
        print(json.dumps({"id": f"usual-{what}-{line}-{asked.seed}-{number:03d}", "job": job}))


if __name__ == "__main__":
    main()
