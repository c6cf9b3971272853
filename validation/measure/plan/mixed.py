"""Draws jobs over every model type that ``model_types.py`` has, in whatever way they can be spread.

    python plan/mixed.py --count 60 --seed 1 > jobs.jsonl
    python plan/mixed.py --count 60 --seed 1 --stages > jobs.jsonl

The draws are those of ``corners.py``; nearly half of the jobs are on several GPUs, under DDP, FSDP1, FSDP2 or one of
ZeRO's stages, most with accumulation. Vocabularies are as large as published ones, so that heads weigh what they do.
"""

from __future__ import annotations

from typing import Any

from corners import Draw, write_jobs
from model_types import TYPES

Config = dict[str, Any]

_LEFT_OUT = {"gpt-sw3", "exaone", "hyperclovax", "iquestcoder", "kimi_linear", "minicpm3"}
"""Types whose code is not in Transformers, or that others are."""

_VOCABULARIES = (16384, 32000, 50304)


def _models() -> dict[str, Config]:
    models = {}
    for place, (kind, config) in enumerate(sorted(TYPES.items())):
        if kind not in _LEFT_OUT:
            shape = {"model_type": kind, **config}
            if "vocab_size" in shape:
                shape["vocab_size"] = _VOCABULARIES[place % 3]
            models[kind] = shape
    return models


MODELS = _models()


class Mixed(Draw):
    """Several GPUs for half of the jobs; tied weights for half of the types that can have them."""

    def names(self) -> list[str]:
        names = list(MODELS)
        self._random.shuffle(names)
        return names

    def _how(self, name: str, config: Config) -> Config:
        if "tie_word_embeddings" in config:
            config = {**config, "tie_word_embeddings": self._some(0.5)}
        return super()._how(name, config)

    def _ranks(self, job: Config, chance: float) -> None:
        super()._ranks(job, 0.6)
        if "parallelism" not in job or self._some(0.25):
            return
        strategy = self._of("ddp", "fsdp1", "zero1", "zero2", "zero3", "zero3")
        job["parallelism"] = {"strategy": strategy}
        if strategy == "fsdp1":
            job["parallelism"]["reshard_after_forward"] = True
        if job["framework"]["name"] == "transformers" and job["precision"] == "bf16" and strategy == "fsdp1":
            job["precision"] = "bf16-mixed"


if __name__ == "__main__":
    write_jobs("mixed", Mixed, MODELS, 60, __doc__)
