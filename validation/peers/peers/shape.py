"""The numbers of an architecture, under the names that tools ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_UNGATED = {"gpt2", "gpt_bigcode", "falcon", "phi", "bert"}
_TIED_BY_DEFAULT = {"gpt2", "gpt_bigcode", "falcon", "bert", "gemma", "gemma2", "gemma3_text"}


@dataclass(frozen=True)
class Shape:
    """Widths and counts; `intermediate` is the width of one expert in a mixture."""

    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    intermediate: int
    gated: bool
    vocabulary: int
    positions: int
    tied: bool
    experts: int
    experts_per_token: int


def _first(config: Mapping[str, Any], keys: tuple[str, ...], default: int | None = None) -> int:
    value = next((config[key] for key in keys if config.get(key)), default)
    if value is None:
        raise KeyError(f"config has none of {', '.join(keys)}")
    return int(value)


def _kv_heads(config: Mapping[str, Any], heads: int) -> int:
    if config.get("multi_query") and not config.get("new_decoder_architecture"):
        return 1
    return _first(config, ("num_key_value_heads", "num_kv_heads", "multi_query_group_num"), heads)


def _intermediate(config: Mapping[str, Any], hidden: int) -> int:
    keys = ("moe_intermediate_size", "intermediate_size", "ffn_hidden_size", "n_inner")
    width = _first(config, keys, 4 * hidden)
    # Qwen's first generation names the width of w1 and w2 together (modeling_qwen.py, QWenMLP).
    return width // 2 if config["model_type"] == "qwen" else width


def read(config: Mapping[str, Any]) -> Shape:
    """Reads a config.json. Raises KeyError when a width is missing."""
    hidden = _first(config, ("hidden_size", "n_embd"))
    heads = _first(config, ("num_attention_heads", "n_head"))
    kind = config["model_type"]
    return Shape(
        layers=_first(config, ("num_hidden_layers", "n_layer", "num_layers")),
        hidden=hidden,
        heads=heads,
        kv_heads=_kv_heads(config, heads),
        head_dim=_first(config, ("head_dim", "kv_channels"), hidden // heads),
        intermediate=_intermediate(config, hidden),
        gated=kind not in _UNGATED,
        vocabulary=_first(config, ("vocab_size", "padded_vocab_size")),
        positions=_first(config, ("max_position_embeddings", "n_positions", "seq_length"), 2048),
        tied=bool(config.get("tie_word_embeddings", kind in _TIED_BY_DEFAULT)),
        experts=_first(config, ("num_local_experts", "num_experts", "n_routed_experts"), 1),
        experts_per_token=_first(config, ("num_experts_per_tok",), 1),
    )
