"""Models that Transformers has no code of: classes laid out as the code beside their weights lays them out."""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from torch import nn
from transformers import CONFIG_MAPPING, AutoConfig, AutoModelForCausalLM


def register(kind: str) -> None:
    """Makes a type known to Transformers' automatic classes, if it is one of these and is not known yet.

    A folder of the type's name in the one that ``VRAMCAST_MEASURE_CODE`` names has a model's own code, with the
    ``auto_map`` of its config.json; it comes before Transformers'.
    """
    folder = Path(os.environ.get("VRAMCAST_MEASURE_CODE", os.devnull)) / kind
    if folder.is_dir():
        _given(kind, folder)
    elif kind in _KINDS and kind not in CONFIG_MAPPING:
        _KINDS[kind]()


def _given(kind: str, folder: Path) -> None:
    """Classes of the code in a folder, which is imported as a package."""
    if str(folder.parent) not in sys.path:
        sys.path.insert(0, str(folder.parent))
    named = json.loads((folder / "config.json").read_text())["auto_map"]

    def load(what: str) -> Any:
        module, _, name = named[what].rpartition(".")
        return getattr(importlib.import_module(f"{folder.name}.{module}"), name)

    settings = load("AutoConfig")
    AutoConfig.register(kind, settings, exist_ok=True)
    AutoModelForCausalLM.register(settings, load("AutoModelForCausalLM"), exist_ok=True)


def _mimo() -> None:
    """MiMo 7B (modeling_mimo.py): Qwen2 beside predictors of further tokens, which ``forward`` does not call."""
    from transformers.models.qwen2 import modeling_qwen2 as qwen2
    from transformers.models.qwen2.configuration_qwen2 import Qwen2Config

    class MiMoConfig(Qwen2Config):
        model_type = "mimo"

        def __init__(self, *positional: Any, num_nextn_predict_layers: int = 0, **named: Any) -> None:
            self.num_nextn_predict_layers = num_nextn_predict_layers
            super().__init__(*positional, **named)

    class Predictor(nn.Module):
        def __init__(self, config: Any) -> None:
            super().__init__()
            for name in ("input", "post_attention", "token", "hidden", "final"):
                self.add_module(f"{name}_layernorm", qwen2.Qwen2RMSNorm(config.hidden_size))
            self.input_proj = nn.Linear(2 * config.hidden_size, config.hidden_size, bias=False)
            self.self_attn = qwen2.Qwen2Attention(config, layer_idx=0)
            self.mlp = qwen2.Qwen2MLP(config)

    class MiMoModel(qwen2.Qwen2Model):
        config_class = MiMoConfig

        def __init__(self, config: Any) -> None:
            super().__init__(config)
            self.mtp_layers = nn.ModuleList(Predictor(config) for _ in range(config.num_nextn_predict_layers))

    class MiMoForCausalLM(qwen2.Qwen2ForCausalLM):
        config_class = MiMoConfig

        def __init__(self, config: Any) -> None:
            super(qwen2.Qwen2ForCausalLM, self).__init__(config)
            self.model = MiMoModel(config)
            self.vocab_size = config.vocab_size
            self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
            self.post_init()

    AutoConfig.register("mimo", MiMoConfig)
    AutoModelForCausalLM.register(MiMoConfig, MiMoForCausalLM)


_KINDS: dict[str, Callable[[], None]] = {"mimo": _mimo}
