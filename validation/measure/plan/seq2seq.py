"""Random fine-tunes of encoder-decoders of text; depth is cut.

    python plan/seq2seq.py --count 24 --seed 41 > jobs.jsonl
    python plan/seq2seq.py --count 24 --seed 42 --line 4.57 > jobs.jsonl
"""

from __future__ import annotations

import argparse
import json
import random
from typing import Any

Config = dict[str, Any]


def t5(size: int, inner: int, heads: int, gated: bool, tied: bool, words: int = 32128, kind: str = "t5") -> Config:
    """Published widths."""
    return {
        "model_type": kind,
        "architectures": [f"{kind.upper()}ForConditionalGeneration"],
        "d_model": size,
        "d_kv": 64,
        "d_ff": inner,
        "num_layers": 3,
        "num_decoder_layers": 3,
        "num_heads": heads,
        "feed_forward_proj": "gated-gelu" if gated else "relu",
        "tie_word_embeddings": tied,
        "vocab_size": words,
        "dropout_rate": 0.1,
        "relative_attention_num_buckets": 32,
        "decoder_start_token_id": 0,
        "pad_token_id": 0,
        "eos_token_id": 1,
        "is_encoder_decoder": True,
    }


def bart(
    kind: str, size: int, inner: int, heads: int, words: int, dropouts: tuple[float, float], scales: bool = False
) -> Config:
    """Published widths."""
    name = {
        "bart": "Bart", "mbart": "MBart", "m2m_100": "M2M100", "plbart": "PLBart", "blenderbot": "Blenderbot",
        "blenderbot-small": "BlenderbotSmall",
    }[kind]  # fmt: skip
    attention, activation = dropouts
    return {
        "model_type": kind,
        "architectures": [f"{name}ForConditionalGeneration"],
        "d_model": size,
        "encoder_layers": 3,
        "decoder_layers": 3,
        "encoder_attention_heads": heads,
        "decoder_attention_heads": heads,
        "encoder_ffn_dim": inner,
        "decoder_ffn_dim": inner,
        "activation_function": "relu" if kind == "m2m_100" else "gelu",
        "vocab_size": words,
        "max_position_embeddings": 1024,
        "dropout": 0.1,
        "attention_dropout": attention,
        "activation_dropout": activation,
        "encoder_layerdrop": 0.0,
        "decoder_layerdrop": 0.0,
        "scale_embedding": scales,
        "pad_token_id": 1,
        "eos_token_id": 2,
        "decoder_start_token_id": 2,
        "tie_word_embeddings": True,
        "is_encoder_decoder": True,
    }


def fixed(kind: str, size: int, inner: int, heads: int, words: int, positions: int) -> Config:
    """Published widths of those whose positions are a table that nobody trains."""
    pegasus = kind == "pegasus"
    dropped = 0.1 if pegasus else 0.0
    return {
        **bart("bart", size, inner, heads, words, (dropped, dropped), True),
        "model_type": kind,
        "architectures": ["PegasusForConditionalGeneration" if pegasus else "MarianMTModel"],
        "activation_function": "relu" if pegasus else "swish",
        "max_position_embeddings": positions,
        "pad_token_id": 0 if pegasus else words - 1,
        "eos_token_id": 1 if pegasus else 0,
        "decoder_start_token_id": 0 if pegasus else words - 1,
        **({} if pegasus else {"decoder_vocab_size": words, "share_encoder_decoder_embeddings": True}),
    }


MODELS = {
    "google-t5/t5-small": t5(512, 2048, 8, False, True),
    "google/flan-t5-base": t5(768, 2048, 12, True, False),
    "google-t5/t5-large": t5(1024, 4096, 16, False, True),
    "google/flan-t5-xl": t5(2048, 5120, 32, True, False),
    "google/mt5-small": t5(512, 1024, 6, True, False, 250112, "mt5"),
}
OTHERS = {
    "facebook/bart-base": bart("bart", 768, 3072, 12, 50265, (0.1, 0.1)),
    "facebook/bart-large": bart("bart", 1024, 4096, 16, 50265, (0.0, 0.0)),
    "facebook/mbart-large-50": bart("mbart", 1024, 4096, 16, 250054, (0.0, 0.0), True),
    "facebook/nllb-200-distilled-600m": bart("m2m_100", 1024, 4096, 16, 256206, (0.1, 0.0), True),
}
FIXED = {
    "google/pegasus-large": fixed("pegasus", 1024, 4096, 16, 96103, 1024),
    "Helsinki-NLP/opus-mt-en-de": fixed("marian", 512, 2048, 8, 58101, 512),
}
COPIES = {
    "uclanlp/plbart-base": bart("plbart", 768, 3072, 12, 50005, (0.1, 0.0), True),
    "facebook/blenderbot-400m-distill": bart("blenderbot", 1280, 5120, 32, 8008, (0.0, 0.0), True),
    "facebook/blenderbot_small-90m": bart("blenderbot-small", 512, 2048, 16, 54944, (0.1, 0.0), True),
}
BY_LAYER = {
    "google/umt5-small": t5(512, 1024, 6, True, False, 256384, "umt5"),
    "google/umt5-base": t5(768, 2048, 12, True, False, 256384, "umt5"),
}
GROUPS = {"t5": MODELS, "others": OTHERS, "fixed": FIXED, "copies": COPIES, "by-layer": BY_LAYER}
TARGETS = {"t5": ["q", "v"], "mt5": ["q", "v"], "umt5": ["q", "v"]}


def job(draw: random.Random, name: str, line: str) -> dict[str, Any]:
    config = {**MODELS, **OTHERS, **FIXED, **COPIES, **BY_LAYER}[name]
    full = draw.random() < 0.45
    quantised = not full and draw.random() < 0.35
    dtype = draw.choice(["fp32", "fp32", "bf16"]) if full else draw.choice(["fp32", "bf16"])
    precision = draw.choice(["bf16-mixed", "bf16-mixed", "fp32"]) if dtype == "fp32" else "bf16-mixed"
    if dtype == "bf16" and full:
        precision = "bf16"
    checkpointing = draw.choice(["none", "none", "full"])
    kernels = ["eager"] if line == "4.57" and config["model_type"] in TARGETS else ["sdpa", "sdpa", "eager"]
    result: dict[str, Any] = {
        "model": {"id": name, "config": config, "dtype": dtype},
        "method": "full" if full else "lora",
        "precision": precision,
        "checkpointing": checkpointing,
        "optimizer": {"name": draw.choice(["adamw", "adamw", "adafactor"])},
        "batch": {
            "micro_batch": draw.choice([1, 2, 4, 8]),
            "grad_accum": draw.choice([1, 1, 2]),
            "sequence_length": draw.choice([128, 256, 500, 512, 1024]),
            "padding": draw.choice(["packed", "packed", "padded"]),
        },
        "objective": {"completion_length": draw.choice([32, 64, 100, 128, 256])},
        "attention": draw.choice(kernels),
        "framework": {"name": "transformers"},
    }
    if result["optimizer"]["name"] == "adamw":
        result["optimizer"]["implementation"] = draw.choice(["fused", "foreach"])
    if quantised:
        result["model"].update(dtype="bf16", quantization={"scheme": "nf4", "double_quant": draw.random() < 0.5})
        result["precision"] = "bf16-mixed"
    if not full:
        targets = draw.choice(["all-linear", TARGETS.get(config["model_type"], ["q_proj", "v_proj"])])
        result["lora"] = {"rank": draw.choice([8, 16, 32]), "dropout": draw.choice([0.0, 0.05]), "targets": targets}
    if draw.random() < 0.15:
        result["evaluation"] = {"batches": 2, "micro_batch": draw.choice([2, 8])}
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--seed", type=int, default=41)
    parser.add_argument("--line", choices=["5", "4.57"], default="5")
    parser.add_argument("--others", action="store_const", const="others", dest="group", help="those that are no T5")
    parser.add_argument("--fixed", action="store_const", const="fixed", dest="group", help="positions not trained")
    parser.add_argument("--copies", action="store_const", const="copies", dest="group", help="written after BART")
    parser.add_argument("--by-layer", action="store_const", const="by-layer", dest="group", help="biases by layer")
    options = parser.parse_args()
    draw = random.Random(options.seed)
    names = list(GROUPS[options.group or "t5"])
    for number in range(options.count):
        name = names[number % len(names)]
        short = name.split("/")[1]
        identity = f"seq2seq-{options.line}-{options.seed}-{number:03}-{short}"
        print(json.dumps({"id": identity, "job": job(draw, name, options.line)}))


if __name__ == "__main__":
    main()
