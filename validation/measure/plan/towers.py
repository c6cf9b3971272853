"""Random jobs on texts with images, on the models that ``plan/images.py`` has not; depth is cut.

    python plan/towers.py --count 54 --seed 3 > jobs.jsonl
"""

from __future__ import annotations

import argparse
import json
import random
from typing import Any

from images import SIGLIP, job

Config = dict[str, Any]


def llama(hidden: int, inner: int, heads: int, keys: int, words: int, **more: Any) -> Config:
    """A text config of four layers."""
    return {
        "model_type": "llama",
        "hidden_size": hidden,
        "intermediate_size": inner,
        "num_hidden_layers": 4,
        "num_attention_heads": heads,
        "num_key_value_heads": keys,
        "vocab_size": words,
        "max_position_embeddings": 32768,
        **more,
    }


CLIP = {
    "model_type": "clip_vision_model",
    "hidden_size": 1024,
    "intermediate_size": 4096,
    "num_hidden_layers": 5,
    "num_attention_heads": 16,
    "image_size": 336,
    "patch_size": 14,
    "projection_dim": 768,
    "vocab_size": 32000,
}
"""openai/clip-vit-large-patch14-336."""

PIXTRAL = {
    "model_type": "pixtral",
    "hidden_size": 1024,
    "intermediate_size": 4096,
    "num_hidden_layers": 4,
    "num_attention_heads": 16,
    "head_dim": 64,
    "patch_size": 16,
    "image_size": 1024,
    "hidden_act": "gelu",
    "rope_parameters": {"rope_theta": 10000.0, "rope_type": "axial"},
}

MISTRAL = {"model_type": "mistral", "head_dim": 128, "sliding_window": None}

LLAVA = {
    "model_type": "llava",
    "architectures": ["LlavaForConditionalGeneration"],
    "text_config": llama(4096, 11008, 32, 32, 32064),
    "vision_config": CLIP,
    "image_token_index": 32000,
    "vision_feature_layer": -2,
    "vision_feature_select_strategy": "default",
}

PIXTRAL_12B = {
    "model_type": "llava",
    "architectures": ["LlavaForConditionalGeneration"],
    "text_config": {**llama(5120, 14336, 32, 8, 131072), **MISTRAL},
    "vision_config": PIXTRAL,
    "image_token_index": 10,
    "vision_feature_layer": -1,
    "vision_feature_select_strategy": "full",
}

LLAVA_NEXT = {
    "model_type": "llava_next",
    "architectures": ["LlavaNextForConditionalGeneration"],
    "text_config": {**llama(4096, 14336, 32, 8, 32064), **MISTRAL},
    "vision_config": CLIP,
    "image_token_index": 32000,
    "vision_feature_layer": -2,
    "vision_feature_select_strategy": "default",
    "image_grid_pinpoints": [[336, 672], [672, 336], [672, 672], [1008, 336], [336, 1008]],
}

ONEVISION = {
    "model_type": "llava_onevision",
    "architectures": ["LlavaOnevisionForConditionalGeneration"],
    "text_config": {
        **llama(896, 4864, 14, 2, 152000),
        "model_type": "qwen2",
        "tie_word_embeddings": True,
    },
    "vision_config": {**SIGLIP, "num_hidden_layers": 4, "image_size": 384, "patch_size": 14},
    "tie_word_embeddings": True,
    "image_token_index": 151646,
    "video_token_index": 151647,
    "vision_feature_layer": -1,
    "vision_feature_select_strategy": "full",
    "vision_aspect_ratio": "anyres_max_9",
    "image_grid_pinpoints": [[384 * i, 384 * j] for i in range(1, 7) for j in range(1, 7)],
}

INTERNVL = {
    "tie_word_embeddings": False,
    "model_type": "internvl",
    "architectures": ["InternVLForConditionalGeneration"],
    "text_config": {**llama(1536, 8960, 12, 2, 151674), "model_type": "qwen2"},
    "vision_config": {
        "model_type": "internvl_vision",
        "hidden_size": 1024,
        "intermediate_size": 4096,
        "num_hidden_layers": 4,
        "num_attention_heads": 16,
        "attention_bias": True,
        "image_size": [448, 448],
        "patch_size": [14, 14],
        "norm_type": "layer_norm",
        "use_mean_pooling": True,
        "use_qk_norm": False,
    },
    "image_token_id": 151667,
    "downsample_ratio": 0.5,
    "vision_feature_layer": -1,
    "vision_feature_select_strategy": "default",
}

IDEFICS3 = {
    "model_type": "idefics3",
    "architectures": ["Idefics3ForConditionalGeneration"],
    "text_config": llama(4096, 14336, 32, 8, 128259),
    "vision_config": {
        "model_type": "idefics3_vision",
        "hidden_size": 1152,
        "intermediate_size": 4304,
        "num_hidden_layers": 4,
        "num_attention_heads": 16,
        "image_size": 364,
        "patch_size": 14,
    },
    "image_token_id": 128257,
    "scale_factor": 2,
}

SMOLVLM = {
    "model_type": "smolvlm",
    "architectures": ["SmolVLMForConditionalGeneration"],
    "text_config": llama(960, 2560, 15, 5, 49280, head_dim=64),
    "vision_config": {
        "model_type": "smolvlm_vision",
        "hidden_size": 768,
        "intermediate_size": 3072,
        "num_hidden_layers": 4,
        "num_attention_heads": 12,
        "image_size": 512,
        "patch_size": 16,
    },
    "image_token_id": 49190,
    "scale_factor": 4,
}

MISTRAL3 = {
    "tie_word_embeddings": False,
    "model_type": "mistral3",
    "architectures": ["Mistral3ForConditionalGeneration"],
    "text_config": {**llama(5120, 16384, 32, 8, 131072), **MISTRAL},
    "vision_config": {**PIXTRAL, "patch_size": 14, "image_size": 1540},
    "image_token_index": 10,
    "spatial_merge_size": 2,
    "vision_feature_layer": -1,
}

MODELS = {
    "llava-hf/llava-1.5-7b-hf": (LLAVA, {576: [640, 480]}),
    "mistral-community/pixtral-12b": (PIXTRAL_12B, {900: [480, 480], 768: [512, 384], 1200: [640, 480]}),
    "llava-hf/llava-v1.6-mistral-7b-hf": (LLAVA_NEXT, {2928: [672, 672], 2340: [640, 480], 1968: [300, 900]}),
    "llava-hf/llava-onevision-qwen2-0.5b-ov-hf": (ONEVISION, {1485: [384, 384], 3700: [700, 700]}),
    "OpenGVLab/InternVL3-2B-hf": (INTERNVL, {256: [448, 448], 768: [448, 896], 1280: [800, 800]}),
    "HuggingFaceM4/Idefics3-8B-Llama3": (IDEFICS3, {2873: [900, 900], 2197: [1000, 700]}),
    "HuggingFaceTB/SmolVLM2-500M-Video-Instruct": (SMOLVLM, {1088: [600, 600], 832: [900, 600]}),
    "mistralai/Mistral-Small-3.1-24B-Instruct-2503": (MISTRAL3, {324: [504, 504], 414: [640, 500]}),
}
"""Configs, and images by the tokens that one takes at the most."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=48)
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    names = list(MODELS)
    for number in range(options.count):
        name = names[number % len(names)]
        config, sizes = MODELS[name]
        short = name.split("/")[1].lower()
        print(json.dumps({"id": f"towers-{number:03}-{short}", "job": job(draw, name, config, sizes)}))


if __name__ == "__main__":
    main()
