"""Random jobs of embeddings: what sentence-transformers' users combine.

    python plan/embeddings.py --count 45 --seed 1 > jobs.jsonl
"""

from __future__ import annotations

import argparse
import json
import random
from typing import Any

Job = dict[str, Any]

BERT: Job = {
    "model_type": "bert",
    "hidden_size": 384,
    "num_hidden_layers": 4,
    "num_attention_heads": 12,
    "intermediate_size": 1536,
    "vocab_size": 30522,
    "max_position_embeddings": 512,
    "type_vocab_size": 2,
}
DECODER: Job = {
    "hidden_size": 512,
    "num_hidden_layers": 4,
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "head_dim": 64,
    "intermediate_size": 1536,
    "vocab_size": 32000,
}
MODELS: dict[str, Job] = {
    "bert": BERT,
    "xlm-roberta": {
        **BERT,
        "model_type": "xlm-roberta",
        "hidden_size": 768,
        "max_position_embeddings": 514,
        "type_vocab_size": 1,
        "vocab_size": 60000,
    },
    "modernbert": {
        "model_type": "modernbert",
        "hidden_size": 512,
        "num_hidden_layers": 6,
        "num_attention_heads": 8,
        "intermediate_size": 768,
        "vocab_size": 50368,
        "max_position_embeddings": 8192,
    },
    "qwen3": {**DECODER, "model_type": "qwen3", "tie_word_embeddings": True},
    "llama": {**DECODER, "model_type": "llama", "tie_word_embeddings": False},
}
"""By model type, of shapes that are usual and a few layers."""


def draw(generator: random.Random) -> Job:
    """One random job."""
    name = generator.choice(sorted(MODELS))
    decodes = name in ("qwen3", "llama")
    job: Job = {
        "model": {"id": name, "config": MODELS[name], "dtype": generator.choice(["fp32", "fp32", "bf16"])},
        "method": generator.choice(["lora", "full"] if decodes else ["full"]),
        "precision": "bf16-mixed",
        "batch": {
            "micro_batch": generator.choice([8, 16, 48, 64]),
            "grad_accum": generator.choice([1, 1, 2]),
            "sequence_length": generator.choice([32, 64, 128, 200]),
            "padding": "packed",
        },
        "framework": {"name": "sentence-transformers"},
    }
    if job["model"]["dtype"] == "fp32" and generator.random() < 0.3:
        job["precision"] = "fp32"
    if job["method"] == "lora":
        job["lora"] = {"rank": generator.choice([8, 64]), "targets": "all-linear", "dropout": 0.0}
    if generator.random() < 0.35:
        job["checkpointing"] = "full"
    job["objective"] = _objective(generator, name, job, decodes)
    return job


def _objective(generator: random.Random, name: str, job: Job, decodes: bool) -> Job:
    pooling = generator.choice(["last", "mean"] if decodes else ["mean", "mean", "cls"])
    objective: Job = {"stage": "embedding", "pooling": pooling, "texts": generator.choice([2, 2, 3, 5])}
    if generator.random() < 0.3:
        objective["prompt_length"] = job["batch"]["sequence_length"] // 2
    kind = generator.random()
    if kind < 0.3:
        objective["loss_type"] = "CachedMultipleNegativesRankingLoss"
        objective["mini_batch"] = generator.choice([8, 16])
        objective.pop("prompt_length", None)
    elif kind < 0.45 and not decodes:
        objective.update(loss_type="GISTEmbedLoss", texts=min(3, objective["texts"]))
        objective.update(teacher=MODELS[name], teacher_dtype="fp32")
    elif kind < 0.6:
        objective["matryoshka"] = [384, 256, 128]
    return objective


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=45)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    generator = random.Random(options.seed)
    for number in range(options.count):
        job = draw(generator)
        name, method = job["model"]["id"], job["method"]
        print(json.dumps({"id": f"embedding-{number}-{name}-{method}", "job": job}))


if __name__ == "__main__":
    main()
