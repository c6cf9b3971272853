"""Draws jobs over the model types of ``mixed.py``, those that the fewest cases are of first.

    python plan/rare.py --count 40 --seed 1 > jobs.jsonl
    python plan/rare.py --count 40 --seed 1 --stages > jobs.jsonl

Types with as many cases as each other come in a random order. A quarter of the adapters beside no experts are PEFT's
other methods. Cases named ``rare-`` are not counted, so that a seed draws the same jobs once they are there.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from corners import _NEW, write_jobs
from fine_tunes import _OTHER_NAMES
from mixed import MODELS, Mixed
from model_types import WITHOUT_SDPA

Config = dict[str, Any]

_CASES = Path(__file__).resolve().parents[2] / "cases"
_METHODS = ("oft", "ia3", "vera", "loha", "lokr", "miss")
_ROUTED = ("num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts")


def counted() -> Counter[str]:
    """How many exact cases there are of each model type."""
    found: Counter[str] = Counter()
    for path in sorted(_CASES.glob("*.jsonl")):
        for line in path.read_text().splitlines():
            case = json.loads(line)
            model = case["job"].get("model")
            config = model.get("config") if isinstance(model, dict) else None
            exact = case.get("measured", {}).get("quality") == "exact" and not case["id"].startswith("rare-")
            if exact and isinstance(config, dict):
                found[str(config.get("model_type"))] += 1
    return found


class Rare(Mixed):
    """The ways of ``mixed.py``, and more adapters, over types in the order of their cases."""

    def names(self) -> list[str]:
        left_out = _NEW if self._line == "4.57" else set()
        names = sorted(name for name in MODELS if name not in left_out)
        self._random.shuffle(names)
        return sorted(names, key=counted().__getitem__)

    def _how(self, name: str, config: Config) -> Config:
        result = super()._how(name, config)
        routed = any(key in config for key in _ROUTED)
        if result["method"] == "lora" and not routed and self._some(0.25):
            result["method"] = self._of(*_METHODS)
            result["lora"] = self._other(result["method"], name)
            result["model"]["dtype"] = "bf16"
        return result

    def supervised(self, name: str, config: Config) -> Config:
        return self._attended(name, super().supervised(name, config))

    def staged(self, name: str, config: Config) -> Config:
        return self._attended(name, super().staged(name, config))

    def _attended(self, name: str, job: Config) -> Config:
        if name in WITHOUT_SDPA:
            job["attention"] = "eager"
        return job

    def _other(self, method: str, kind: str) -> Config:
        some = "all-linear" if kind in _OTHER_NAMES else self._of("all-linear", ["q_proj", "v_proj"])
        settings: Config = {"targets": some}
        if method == "oft":
            settings["block_size"] = self._of(16, 32)
        elif method == "ia3":
            settings["feedforward_modules"] = []
        else:
            settings["rank"] = self._of(8, 16, 64)
        return settings


if __name__ == "__main__":
    write_jobs("rare", Rare, MODELS, 40, __doc__)
