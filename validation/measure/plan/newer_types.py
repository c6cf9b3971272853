"""Writes five jobs on text for each of some newer model types, whose towers are described by their parameters.

    python plan/newer_types.py > newer.jsonl

Shapes are those of model_types.py. Each type has the three jobs there, a full fine-tune without checkpointing, and QLoRA.
"""

from __future__ import annotations

import json
from typing import Any

from model_types import _dense, _moe, jobs

Config = dict[str, Any]

_TOWER: Config = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4}


def _text(kind: str, config: Config) -> Config:
    return {**config, "model_type": kind, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0}


def _axes(share: list[int]) -> Config:
    return {"rope_type": "default", "rope_theta": 10000.0, "mrope_section": share}


_COMPASS = _text(
    "cohere_compass_text",
    _dense(
        sliding_window=256,
        layer_types=["sliding_attention", "full_attention"] * 2,
        rope_parameters={"sliding_attention": _axes([12, 10, 10]), "full_attention": None},
    ),
)

TYPES: dict[str, Config] = {
    "cohere_compass_text": _COMPASS,
    "cohere_compass": {
        "architectures": ["CohereCompassForConditionalGeneration"],
        "text_config": _COMPASS,
        "vision_config": {
            "depth": 2,
            "hidden_size": 64,
            "intermediate_size": 128,
            "num_heads": 4,
            "out_hidden_size": 512,
            "deepstack_visual_indexes": [0, 1],
        },
        "image_token_id": 3,
        "video_token_id": 4,
        "vision_start_token_id": 5,
        "vision_end_token_id": 6,
        "tie_word_embeddings": False,
    },
    "step3p7": {
        "architectures": ["Step3p7ForConditionalGeneration"],
        "text_config": _text(
            "step3p5",
            _moe(
                n_routed_experts=8,
                share_expert_dim=512,
                num_sliding_attention_heads=16,
                sliding_window=256,
                layer_types=["full_attention"] + ["sliding_attention"] * 3,
                mlp_layer_types=["dense"] + ["sparse"] * 3,
                swiglu_limits=[0.0, 0.0, 0.0, 7.0],
                swiglu_limits_shared=[0.0, 0.0, 0.0, 16.0],
            ),
        ),
        "vision_config": {**_TOWER, "image_size": 56},
        "image_token_id": 3,
    },
    "granite4_vision": {
        "architectures": ["Granite4VisionForConditionalGeneration"],
        "text_config": _text("granite4_vision_text", _dense()),
        "vision_config": {"model_type": "clip_vision_model", **_TOWER, "image_size": 56, "patch_size": 14},
        "downsample_rate": "2/4",
        "deepstack_layer_map": [[0, 0], [1, 1]],
        "spatial_target_layers": [0, 1, 2, 3],
        "image_token_index": 3,
    },
    "granite_docling": {
        "architectures": ["GraniteDoclingForConditionalGeneration"],
        "text_config": _text("granite_docling_text", _dense()),
        "vision_config": {
            **_TOWER,
            "image_size": 64,
            "patch_size": 8,
            "out_hidden_size": 512,
            "deepstack_visual_indexes": [0, 1],
        },
        "image_token_id": 3,
    },
}


def main() -> None:
    for kind, config in TYPES.items():
        for method, job in variants(kind, config).items():
            print(json.dumps({"id": f"type-{kind}-{method}", "job": job}))


def variants(kind: str, config: Config) -> dict[str, Config]:
    """The five jobs of a type, by method."""
    usual = jobs(kind, config)
    narrow = {"scheme": "nf4", "double_quant": True, "implementation": "bitsandbytes"}
    return {
        "sft": usual["sft"],
        "lora": usual["lora"],
        "full": usual["full"],
        "kept": {**usual["full"], "checkpointing": "none"},
        "qlora": {
            **usual["lora"],
            "method": "qlora",
            "model": {**usual["lora"]["model"], "quantization": narrow},
            "checkpointing": "full",
        },
    }


if __name__ == "__main__":
    main()
