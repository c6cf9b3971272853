"""Draws jobs over the catalogue's language models of which no case has the shape, cut to a few layers.

    python plan/unseen.py --count 40 --seed 1 > jobs.jsonl
    python plan/unseen.py --count 40 --seed 1 --stages > jobs.jsonl

The draws are those of ``mixed.py``: in every way to spread a model, with accumulation, checkpoints, Liger's kernels,
packed documents and uncommon optimizers. A shape is that of a case where all of its numbers are but the depth.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from corners import write_jobs
from mixed import MODELS as TYPICAL
from mixed import Mixed

Config = dict[str, Any]

_ROOT = Path(__file__).resolve().parents[3]
_CATALOGUE = _ROOT / "catalog/src/main/resources/dev/vramcast/catalog/models"
_FILES = ("gemma", "gpt", "hybrid", "llama", "mistral", "moe", "phi", "qwen2", "qwen3", "qwen3_5")
_LAYERS = 4
_DEPTHS = ("num_hidden_layers", "n_layer", "n_layers", "num_layers", "layers")
_EXPERTS = ("num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts")
_MOST_EXPERTS = 16
_WIDTHS = ("hidden_size", "n_embd", "d_model", "vocab_size", "intermediate_size", "ffn_dim")


def _shape(config: Config) -> tuple[Any, ...]:
    return (config.get("model_type"), *(str(config.get(key)) for key in _WIDTHS))


def _seen() -> set[tuple[Any, ...]]:
    """The shapes of all cases, those whose model is named among them by their names."""
    found: set[tuple[Any, ...]] = set()
    for path in (_ROOT / "validation/cases").glob("*.jsonl"):
        for line in path.read_text().splitlines():
            model = json.loads(line)["job"].get("model", {})
            found.add((model.get("id"),))
            if isinstance(model.get("config"), dict):
                found.add(_shape(model["config"]))
    return found


def _cut(config: Config) -> Config:
    """The first layers, with as many entries in lists that have one a layer, and fewer experts."""
    depth = next((config[key] for key in _DEPTHS if key in config), 0)
    result = {key: value for key, value in config.items() if key not in ("quantization_config", "auto_map")}
    for key, value in config.items():
        if key in _DEPTHS:
            result[key] = min(int(value), _LAYERS)
        elif isinstance(value, list) and len(value) == depth:
            result[key] = value[-_LAYERS:]
        elif key in _EXPERTS and isinstance(value, int):
            result[key] = min(value, _MOST_EXPERTS)
        elif key == "attention_types":
            result[key] = _repeated(value)
    return result


def _repeated(types: list[Any]) -> list[Any]:
    """GPT-Neo's kinds of layers and how often they come, for as many layers as are left."""
    kinds = [kind for several, times in types for kind in several * times]
    return [[[kind], 1] for kind in kinds[:_LAYERS]]


def _models() -> dict[str, Config]:
    seen = _seen()
    models = {}
    for name in _FILES:
        for model in json.loads((_CATALOGUE / f"{name}.json").read_text())["models"]:
            config = model.get("config", {})
            known = _shape(config) in seen or (model["name"],) in seen
            if config.get("model_type") in TYPICAL and not known:
                models[model["name"]] = _cut(config)
    return models


MODELS = _models()


class Unseen(Mixed):
    """The same ways over models that no case has, one of each type before a second of any."""

    def names(self) -> list[str]:
        names = sorted(MODELS)
        self._random.shuffle(names)
        turn: Counter[str] = Counter()
        turns = {}
        for name in names:
            kind = str(MODELS[name]["model_type"])
            turns[name] = turn[kind]
            turn[kind] += 1
        return sorted(names, key=turns.__getitem__)


if __name__ == "__main__":
    write_jobs("unseen", Unseen, MODELS, 40, __doc__)
