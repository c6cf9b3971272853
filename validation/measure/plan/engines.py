"""Draws jobs of ``mixed.py`` under DeepSpeed alone, with what its file says beside the stage.

    python plan/engines.py --count 40 --seed 1 > jobs.jsonl
    python plan/engines.py --count 40 --seed 1 --stages > jobs.jsonl

States and parameters are on the host for some, and buckets, threshold and overlap are drawn.
"""

from __future__ import annotations

from typing import Any

from corners import write_jobs
from mixed import MODELS, Mixed

Config = dict[str, Any]

_STAGES = ("zero1", "zero2", "zero2", "zero3", "zero3", "zero3")


class Engines(Mixed):
    """Every job on several GPUs, under one of ZeRO's stages."""

    def _ranks(self, job: Config, chance: float) -> None:
        if job["method"] == "qlora":
            job["method"] = "lora"
            del job["model"]["quantization"]
            job["lora"].pop("kbit_prepare", None)
        if job["precision"] == "fp16-mixed":
            job["precision"] = "bf16-mixed"
        job["optimizer"] = {"name": "adamw", "implementation": "fused"}
        job["hardware"] = {"count": self._of(2, 4, 8)}
        job["parallelism"] = self._engine(self._of(*_STAGES))

    def _engine(self, strategy: str) -> Config:
        result: Config = {"strategy": strategy}
        if self._some(0.5):
            result["offload"] = ["optimizer"]
            if strategy == "zero3" and self._some(0.5):
                result["offload"].append("parameters")
        if self._some(0.3):
            result["reduce_bucket_size"] = self._of(1_000_000, 20_000_000, 500_000_000)
        if self._some(0.2):
            result["overlap_comm"] = self._some(0.5)
        if strategy == "zero3" and self._some(0.3):
            result["prefetch_bucket_size"] = self._of(0, 1_000_000, 50_000_000)
            result["param_persistence_threshold"] = self._of(0, 10_000, 1_000_000)
        return result


if __name__ == "__main__":
    write_jobs("engine", Engines, MODELS, 40, __doc__)
