"""Random jobs on texts with images, on Gemma 4; depth is cut.

    python plan/gemma4.py --count 10 --seed 7 > jobs.jsonl
"""

from __future__ import annotations

import argparse
import json
import random
from typing import Any

from images import job

Config = dict[str, Any]

TEXT = {
    "model_type": "gemma4_text",
    "head_dim": 256,
    "global_head_dim": 512,
    "hidden_activation": "gelu_pytorch_tanh",
    "final_logit_softcapping": 30.0,
    "vocab_size": 262144,
    "tie_word_embeddings": True,
}

VISION = {"model_type": "gemma4_vision", "num_hidden_layers": 6, "patch_size": 16, "pooling_kernel_size": 3}


def layer_types(count: int, period: int) -> list[str]:
    """Each last layer of a period sees all tokens."""
    return ["sliding_attention" if (i + 1) % period else "full_attention" for i in range(count)]


def config(text: Config, vision: Config) -> Config:
    """A model without sound."""
    return {
        "model_type": "gemma4",
        "architectures": ["Gemma4ForConditionalGeneration"],
        "text_config": {**TEXT, **text},
        "vision_config": {**VISION, **vision},
        "audio_config": None,
        "tie_word_embeddings": True,
    }


SMALL = {
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_attention_heads": 12,
    "num_key_value_heads": 12,
    "head_dim": 64,
    "use_clipped_linears": True,
    "standardize": False,
}

LARGE = {
    "hidden_size": 1152,
    "intermediate_size": 4304,
    "num_attention_heads": 16,
    "num_key_value_heads": 16,
    "head_dim": 72,
    "use_clipped_linears": False,
    "standardize": True,
}

E2B = config(
    {
        "hidden_size": 1536,
        "intermediate_size": 6144,
        "num_hidden_layers": 10,
        "layer_types": layer_types(10, 5),
        "num_attention_heads": 8,
        "num_key_value_heads": 1,
        "hidden_size_per_layer_input": 256,
        "vocab_size_per_layer_input": 262144,
        "num_kv_shared_layers": 4,
        "use_double_wide_mlp": True,
        "sliding_window": 512,
        "max_position_embeddings": 131072,
    },
    SMALL,
)

E4B = config(
    {
        "hidden_size": 2560,
        "intermediate_size": 10240,
        "num_hidden_layers": 12,
        "layer_types": layer_types(12, 6),
        "num_attention_heads": 8,
        "num_key_value_heads": 2,
        "hidden_size_per_layer_input": 256,
        "vocab_size_per_layer_input": 262144,
        "num_kv_shared_layers": 6,
        "sliding_window": 512,
        "max_position_embeddings": 131072,
    },
    SMALL,
)

LARGEST = config(
    {
        "hidden_size": 5376,
        "intermediate_size": 21504,
        "num_hidden_layers": 6,
        "layer_types": layer_types(6, 6),
        "num_attention_heads": 32,
        "num_key_value_heads": 16,
        "num_global_key_value_heads": 4,
        "attention_k_eq_v": True,
        "use_bidirectional_attention": "vision",
        "hidden_size_per_layer_input": 0,
        "num_kv_shared_layers": 0,
        "sliding_window": 1024,
        "max_position_embeddings": 262144,
    },
    LARGE,
)

MODELS = {
    "google/gemma-4-E2B": (E2B, {280: [960, 672], 266: [640, 480]}),
    "google/gemma-4-31B": (LARGEST, {280: [960, 672], 256: [500, 500]}),
    "google/gemma-4-E4B": (E4B, {270: [300, 800], 260: [1000, 400]}),
}
"""Configs, and images by the tokens that one takes at the most."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    names = list(MODELS)
    for number in range(options.count):
        name = names[number % len(names)]
        chosen, sizes = MODELS[name]
        drawn = job(draw, name, chosen, sizes)
        if drawn["method"] == "lora":
            # PEFT refuses names that the tower has around its linears.
            drawn["lora"]["targets"] = "all-linear"
        short = name.split("/")[1].lower()
        print(json.dumps({"id": f"gemma4-{number:03}-{short}", "job": drawn}))


if __name__ == "__main__":
    main()
