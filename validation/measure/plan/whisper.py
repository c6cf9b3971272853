"""Random fine-tunes of Whisper; depth is cut.

    python plan/whisper.py --count 18 --seed 21 > jobs.jsonl
"""

from __future__ import annotations

import argparse
import json
import random
from typing import Any

Config = dict[str, Any]


def config(size: int, heads: int, mels: int, encoder: int, decoder: int, words: int = 51865) -> Config:
    """Published widths."""
    return {
        "model_type": "whisper",
        "architectures": ["WhisperForConditionalGeneration"],
        "d_model": size,
        "encoder_attention_heads": heads,
        "decoder_attention_heads": heads,
        "encoder_ffn_dim": 4 * size,
        "decoder_ffn_dim": 4 * size,
        "encoder_layers": encoder,
        "decoder_layers": decoder,
        "num_mel_bins": mels,
        "vocab_size": words,
        "max_source_positions": 1500,
        "max_target_positions": 448,
        "dropout": 0.0,
        "attention_dropout": 0.0,
        "activation_dropout": 0.0,
        "use_cache": False,
    }


MODELS = {
    "openai/whisper-tiny": config(384, 6, 80, 4, 4),
    "openai/whisper-small": config(768, 12, 80, 5, 4),
    "openai/whisper-large-v3": config(1280, 20, 128, 3, 4, 51866),
    "openai/whisper-large-v3-turbo": config(1280, 20, 128, 5, 2, 51866),
}


def job(draw: random.Random, name: str) -> dict[str, Any]:
    full = draw.random() < 0.45
    quantised = not full and draw.random() < 0.3
    dtype = "fp32" if full else draw.choice(["fp32", "bf16"])
    result: dict[str, Any] = {
        "model": {"id": name, "config": MODELS[name], "dtype": dtype},
        "method": "full" if full else "lora",
        "precision": "bf16-mixed" if dtype == "bf16" else draw.choice(["bf16-mixed", "bf16-mixed", "fp32"]),
        "checkpointing": draw.choice(["none", "full"]),
        "optimizer": {"name": "adamw", "implementation": draw.choice(["fused", "foreach"])},
        "batch": {
            "micro_batch": draw.choice([2, 4, 8]),
            "grad_accum": draw.choice([1, 1, 2]),
            "sequence_length": draw.choice([64, 128, 225, 448]),
            "padding": "packed",
        },
        "attention": draw.choice(["sdpa", "sdpa", "sdpa", "eager"]),
        "framework": {"name": "transformers"},
    }
    if quantised:
        result["model"].update(dtype="bf16", quantization={"scheme": "nf4", "double_quant": True})
        result["precision"] = "bf16-mixed"
    if not full:
        targets = draw.choice(["all-linear", ["q_proj", "v_proj"]])
        result["lora"] = {"rank": draw.choice([8, 32]), "targets": targets}
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=18)
    parser.add_argument("--seed", type=int, default=21)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    names = list(MODELS)
    for number in range(options.count):
        name = names[number % len(names)]
        short = name.split("/")[1]
        print(json.dumps({"id": f"whisper-{number:03}-{short}", "job": job(draw, name)}))


if __name__ == "__main__":
    main()
