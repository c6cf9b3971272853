"""Random jobs on texts with images, on Llama 3.2 Vision; depth is cut.

    python plan/mllama.py --count 16 --seed 11 > jobs.jsonl
"""

from __future__ import annotations

import argparse
import json
import random
from typing import Any

from images import job

Config = dict[str, Any]


def config(hidden: int, inner: int, heads: int, side: int) -> Config:
    """Ten of the layers of text, two of which look at images; eight and three of the tower."""
    return {
        "model_type": "mllama",
        "architectures": ["MllamaForConditionalGeneration"],
        "text_config": {
            "model_type": "mllama_text_model",
            "hidden_size": hidden,
            "intermediate_size": inner,
            "num_hidden_layers": 10,
            "cross_attention_layers": [3, 8],
            "num_attention_heads": heads,
            "num_key_value_heads": 8,
            "vocab_size": 128256,
            "max_position_embeddings": 131072,
            "tie_word_embeddings": False,
        },
        "vision_config": {
            "model_type": "mllama_vision_model",
            "hidden_size": 1280,
            "intermediate_size": 5120,
            "num_hidden_layers": 8,
            "num_global_layers": 3,
            "attention_heads": 16,
            "image_size": side,
            "patch_size": 14,
            "max_num_tiles": 4,
            "intermediate_layers_indices": [1, 2, 4, 5, 6],
            "vision_output_dim": 7680,
        },
        "image_token_index": 128256,
    }


MODELS = {
    "meta-llama/Llama-3.2-11B-Vision-Instruct": config(4096, 14336, 32, 560),
    "meta-llama/Llama-3.2-11B-Vision": config(4096, 14336, 32, 448),
    "meta-llama/Llama-3.2-90B-Vision-Instruct": config(8192, 28672, 64, 560),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=16)
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    names = list(MODELS)
    for number in range(options.count):
        name = names[number % len(names)]
        # One token stands for an image of any size.
        drawn = job(draw, name, MODELS[name], {}, fixed=1)
        short = name.split("/")[1].lower()
        print(json.dumps({"id": f"mllama-{number:03}-{short}", "job": drawn}))


if __name__ == "__main__":
    main()
