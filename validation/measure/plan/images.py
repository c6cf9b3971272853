"""Random jobs on texts with images, on models whose depth is cut.

    python plan/images.py --count 40 --seed 1 > jobs.jsonl
"""

from __future__ import annotations

import argparse
import json
import random
from typing import Any

from fine_tunes import _VERSIONS

Job = dict[str, Any]

SIGLIP = {
    "model_type": "siglip_vision_model",
    "hidden_size": 1152,
    "intermediate_size": 4304,
    "num_hidden_layers": 3,
    "num_attention_heads": 16,
    "vision_use_head": False,
}
"""google/siglip-so400m-patch14, as Gemma 3 and PaliGemma have it."""

GEMMA3 = {
    "model_type": "gemma3",
    "architectures": ["Gemma3ForConditionalGeneration"],
    "text_config": {
        "model_type": "gemma3_text",
        "hidden_size": 2560,
        "intermediate_size": 10240,
        "num_hidden_layers": 6,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "head_dim": 256,
        "query_pre_attn_scalar": 256,
        "hidden_activation": "gelu_pytorch_tanh",
        "sliding_window": 1024,
        "sliding_window_pattern": 6,
        "vocab_size": 262208,
        "max_position_embeddings": 131072,
        "tie_word_embeddings": True,
    },
    "vision_config": {**SIGLIP, "image_size": 896, "patch_size": 14},
    "mm_tokens_per_image": 256,
}

PALIGEMMA = {
    "model_type": "paligemma",
    "architectures": ["PaliGemmaForConditionalGeneration"],
    "text_config": {
        "model_type": "gemma",
        "hidden_size": 2048,
        "intermediate_size": 16384,
        "num_hidden_layers": 3,
        "num_attention_heads": 8,
        "num_key_value_heads": 1,
        "head_dim": 256,
        "vocab_size": 257216,
        "max_position_embeddings": 8192,
    },
    "vision_config": {**SIGLIP, "image_size": 448, "patch_size": 14, "projection_dim": 2048},
    "image_token_index": 257152,
    "projection_dim": 2048,
}

QWEN2 = {
    "model_type": "qwen2_vl",
    "architectures": ["Qwen2VLForConditionalGeneration"],
    "hidden_size": 1536,
    "intermediate_size": 8960,
    "num_hidden_layers": 3,
    "num_attention_heads": 12,
    "num_key_value_heads": 2,
    "vocab_size": 151936,
    "max_position_embeddings": 32768,
    "tie_word_embeddings": True,
    "vision_config": {
        "model_type": "qwen2_vl",
        "depth": 4,
        "embed_dim": 1280,
        "hidden_size": 1536,
        "num_heads": 16,
        "mlp_ratio": 4,
        "in_channels": 3,
        "patch_size": 14,
        "spatial_merge_size": 2,
        "temporal_patch_size": 2,
    },
}

QWEN25 = {
    "model_type": "qwen2_5_vl",
    "architectures": ["Qwen2_5_VLForConditionalGeneration"],
    "hidden_size": 2048,
    "intermediate_size": 11008,
    "num_hidden_layers": 3,
    "num_attention_heads": 16,
    "num_key_value_heads": 2,
    "vocab_size": 151936,
    "max_position_embeddings": 128000,
    "tie_word_embeddings": True,
    "vision_config": {
        "model_type": "qwen2_5_vl",
        "depth": 8,
        "hidden_size": 1280,
        "intermediate_size": 3420,
        "num_heads": 16,
        "in_channels": 3,
        "patch_size": 14,
        "spatial_merge_size": 2,
        "temporal_patch_size": 2,
        "window_size": 112,
        "out_hidden_size": 2048,
        "fullatt_block_indexes": [3, 7],
    },
}

QWEN3 = {
    "model_type": "qwen3_vl",
    "architectures": ["Qwen3VLForConditionalGeneration"],
    "tie_word_embeddings": True,
    "text_config": {
        "model_type": "qwen3_vl_text",
        "hidden_size": 2560,
        "intermediate_size": 9728,
        "num_hidden_layers": 5,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "head_dim": 128,
        "vocab_size": 151936,
        "max_position_embeddings": 262144,
        "tie_word_embeddings": True,
    },
    "vision_config": {
        "model_type": "qwen3_vl",
        "depth": 7,
        "hidden_size": 1024,
        "intermediate_size": 4096,
        "num_heads": 16,
        "in_channels": 3,
        "patch_size": 16,
        "spatial_merge_size": 2,
        "temporal_patch_size": 2,
        "out_hidden_size": 2560,
        "num_position_embeddings": 2304,
        "deepstack_visual_indexes": [1, 3, 5],
    },
}

MODELS = {
    "google/gemma-3-4b-it": (GEMMA3, 256),
    "google/paligemma-3b-pt-448": (PALIGEMMA, 1024),
    "Qwen/Qwen2-VL-2B-Instruct": (QWEN2, 0),
    "Qwen/Qwen2.5-VL-3B-Instruct": (QWEN25, 0),
}
"""Configs, and the tokens of an image where they do not depend on its size."""

BRANCHED = {"Qwen/Qwen3-VL-4B-Instruct": (QWEN3, 0)}
"""Features of some layers enter the language model by ways of their own."""

SIZES = {256: [448, 448], 322: [392, 644], 64: [224, 224], 1024: [896, 896], 414: [500, 640]}
"""Images by the tokens that they take of a Qwen model."""


def job(draw: random.Random, name: str, config: Job, sizes: dict[int, list[int]], fixed: int = 0) -> Job:
    """One job on a model.

    Args:
        sizes: images by the tokens that they take
        fixed: tokens of an image of any size; 0 where the size decides
    """
    quantised = draw.random() < 0.25
    full = not quantised and draw.random() < 0.4
    checkpointed = full or draw.random() < 0.7
    images = draw.choice([1, 1, 2])
    tokens = fixed or draw.choice(list(sizes))
    result: Job = {
        "model": {"id": name, "config": config, "dtype": "bf16"},
        "method": "full" if full else "lora",
        "precision": "bf16" if full or quantised else draw.choice(["bf16", "bf16-mixed"]),
        "checkpointing": "full" if checkpointed else "none",
        "optimizer": {"name": "adamw", "implementation": draw.choice(["fused", "foreach"])},
        "batch": {
            "micro_batch": draw.choice([1, 2]),
            "grad_accum": draw.choice([1, 1, 2]),
            "sequence_length": images * tokens + draw.choice([128, 512]),
            "padding": "packed",
            "images": images,
        },
        "attention": "sdpa",
        "framework": {"name": "transformers"},
    }
    if not fixed:
        result["batch"]["image_size"] = sizes[tokens]
    if quantised:
        result["model"]["quantization"] = {"scheme": "nf4", "double_quant": True}
    if not full:
        targets = draw.choice(["all-linear", ["q_proj", "v_proj"]])
        result["lora"] = {"rank": draw.choice([8, 16, 64]), "targets": targets}
    return result


def before(job: Job) -> Job:
    """The job on Transformers 4.57, which asks Qwen's config how rotary embeddings are divided."""
    config = {**job["model"]["config"]}
    if config["model_type"].startswith("qwen2"):
        config["rope_scaling"] = {"type": "mrope", "mrope_section": [16, 24, 24]}
    framework = {**job["framework"], **_VERSIONS["4.57"]}
    return {**job, "model": {**job["model"], "config": config}, "framework": framework}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--branched", action="store_true")
    parser.add_argument("--transformers", choices=["5", "4.57"], default="5")
    options = parser.parse_args()
    draw = random.Random(options.seed)
    names = list(MODELS) + (list(BRANCHED) if options.branched else [])
    for number in range(options.count):
        name = names[number % len(names)]
        short = name.split("/")[1].lower()
        config, fixed = {**MODELS, **BRANCHED}[name]
        drawn = job(draw, name, config, SIZES, fixed)
        era = "" if options.transformers == "5" else "4.57-"
        asked = before(drawn) if era else drawn
        print(json.dumps({"id": f"images-{era}{number:03}-{short}", "job": asked}))


if __name__ == "__main__":
    main()
