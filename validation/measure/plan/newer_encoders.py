"""Four fine-tunes of each encoder named: in full, with adapters, on 4-bit weights, and a classifier in full.

    python plan/newer_encoders.py --seed 61 electra-small nomic eurobert > jobs.jsonl
    python plan/newer_encoders.py --seed 71 --line 4.57 electra-small > jobs.jsonl

Each name's seed is one above that of the name before it.
"""

from __future__ import annotations

import argparse
import json
import random
from typing import Any

from fine_tunes import _VERSIONS

Config = dict[str, Any]


def _encoder(kind: str, **more: Any) -> Config:
    return {
        "model_type": kind, "hidden_size": 512, "intermediate_size": 1536, "num_hidden_layers": 3,
        "num_attention_heads": 8, "vocab_size": 8000, "max_position_embeddings": 1024, **more,
    }  # fmt: skip


MODELS: dict[str, Config] = {
    "electra-small": _encoder(
        "electra", hidden_size=256, intermediate_size=1024, num_attention_heads=4, embedding_size=128,
        vocab_size=30522, type_vocab_size=2,
    ),
    "nomic": _encoder(
        "nomic_bert", hidden_size=768, intermediate_size=3072, num_attention_heads=12, vocab_size=30528
    ),
    "eurobert": _encoder(
        "eurobert", num_key_value_heads=2, vocab_size=32000, pad_token_id=1, bos_token_id=0, eos_token_id=1
    ),
    "gte": _encoder("gte", type_vocab_size=1, vocab_size=30528),
    "ernie": _encoder("ernie", vocab_size=30528, use_task_id=False),
    "data2vec": _encoder("data2vec-text", type_vocab_size=1, vocab_size=30528),
    "prelayernorm": _encoder("roberta-prelayernorm", type_vocab_size=1, vocab_size=30528),
    "xlm-xl": _encoder("xlm-roberta-xl", type_vocab_size=1, vocab_size=30528),
    "megatron": _encoder("megatron-bert", vocab_size=29056),
    "rembert": _encoder(
        "rembert", input_embedding_size=256, output_embedding_size=768, vocab_size=30000, hidden_act="gelu"
    ),
    "esm": _encoder(
        "esm", vocab_size=33, mask_token_id=32, pad_token_id=1, position_embedding_type="rotary", token_dropout=True,
        emb_layer_norm_before=False, max_position_embeddings=1026,
    ),
    "layoutlm": _encoder("layoutlm", vocab_size=30522),
    "jina": _encoder("jina_embeddings_v3", type_vocab_size=1, vocab_size=32000),
    "albert": _encoder(
        "albert", embedding_size=128, vocab_size=30000, hidden_act="gelu_new", num_hidden_layers=6,
        classifier_dropout_prob=0.1, pad_token_id=0, bos_token_id=2, eos_token_id=3,
    ),
    "deberta": _encoder(
        "deberta", vocab_size=30522, type_vocab_size=0, relative_attention=True, max_relative_positions=-1,
        position_biased_input=False, pos_att_type=["c2p", "p2c"], pooler_dropout=0, pooler_hidden_act="gelu",
        pad_token_id=0,
    ),
}  # fmt: skip


UNCHECKPOINTED = {"albert"}
"""Models whose code has no checkpoints."""


def jobs(name: str, line: str, seed: int) -> list[Config]:
    """Its four jobs, by name."""
    draw = random.Random(seed)
    named = []
    for number, how in enumerate(("full", "lora", "qlora", "full")):
        masked = number == 1
        dtype = "fp32" if how == "full" and draw.random() < 0.5 else "bf16"
        job: Config = {
            "model": {"id": name, "config": MODELS[name], "dtype": dtype},
            "method": how,
            "precision": "bf16-mixed" if dtype == "fp32" or draw.random() < 0.5 else "bf16",
            "checkpointing": draw.choice(["none"] if name in UNCHECKPOINTED else ["none", "full"]),
            "optimizer": {"name": "adamw", "implementation": "fused"},
            "batch": {
                "micro_batch": draw.choice([2, 4, 8]),
                "grad_accum": 1,
                "sequence_length": draw.choice([128, 300, 512]),
                "padding": draw.choice(["packed", "padded"]),
            },
            "objective": {"stage": "masked-lm", "scored_fraction": 0.15}
            if masked
            else {"stage": "classification", "labels": 3},
            "attention": draw.choice(["sdpa", "eager"]),
            "framework": {**_VERSIONS[line], "name": "transformers"},
        }
        if how != "full":
            job["lora"] = {"rank": 8, "alpha": 16, "dropout": draw.choice([0.0, 0.1]), "targets": "all-linear"}
        if how == "qlora":
            job["model"]["quantization"] = {"scheme": "nf4", "double_quant": True, "implementation": "bitsandbytes"}
            job["lora"]["kbit_prepare"] = draw.choice([True, False])
        named.append({"id": f"encoders-{line}-{seed}-{number:03d}-{name}", "job": job})
    return named


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=61)
    parser.add_argument("--line", choices=sorted(_VERSIONS), default="5")
    parser.add_argument("names", nargs="+", choices=sorted(MODELS))
    asked = parser.parse_args()
    for above, name in enumerate(asked.names):
        for each in jobs(name, asked.line, asked.seed + above):
            print(json.dumps(each))


if __name__ == "__main__":
    main()
