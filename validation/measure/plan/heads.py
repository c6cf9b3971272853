"""Draws jobs whose model has another head than that of next tokens: classes, hidden tokens, scores of pairs, vectors,
and the head of a teacher beside its own.

    python plan/heads.py --count 60 --seed 1 > jobs.jsonl
    python plan/heads.py --count 30 --seed 2 --transformers 4.57 > jobs.jsonl
"""

from __future__ import annotations

import argparse
import json
import random
from typing import Any

from corners import _NEW, MODELS
from fine_tunes import _OTHER_NAMES, _TRL, _VERSIONS
from model_types import RECURRENT
from widths import MODELS as PUBLISHED

Config = dict[str, Any]

_BERT: Config = {
    "hidden_size": 768, "num_hidden_layers": 4, "num_attention_heads": 12, "intermediate_size": 3072,
    "max_position_embeddings": 514, "vocab_size": 50265, "type_vocab_size": 1, "pad_token_id": 1,
}  # fmt: skip
ENCODERS: dict[str, Config] = {
    "bert-large": {
        **_BERT, "model_type": "bert", "hidden_size": 1024, "num_attention_heads": 16, "intermediate_size": 4096,
        "max_position_embeddings": 512, "vocab_size": 28996, "type_vocab_size": 2, "pad_token_id": 0,
    },
    "roberta-base": {**_BERT, "model_type": "roberta"},
    "xlm-roberta-base": {**_BERT, "model_type": "xlm-roberta", "vocab_size": 250002},
    "modernbert-base": {
        "model_type": "modernbert", "hidden_size": 768, "num_hidden_layers": 4, "num_attention_heads": 12,
        "intermediate_size": 1152, "vocab_size": 50368, "max_position_embeddings": 8192,
    },
}  # fmt: skip
_CLASSIFIED = {
    "llama", "mistral", "mixtral", "qwen2", "qwen2_moe", "qwen3", "qwen3_moe", "gemma", "gemma2", "gemma3_text", "phi",
    "phi3", "phimoe", "stablelm", "starcoder2", "gpt2", "gpt_neo", "gpt_neox", "gptj", "gpt_bigcode", "opt", "falcon", "bloom",
    "mpt", "glm", "glm4", "smollm3", "helium", "nemotron", "persimmon", "hunyuan_v1_dense", "hunyuan_v1_moe", "seed_oss",
    "exaone4", "arcee", "deepseek_v2", "deepseek_v3", "minimax", "jamba", "qwen3_next", "gpt_oss", "ministral3",
}  # fmt: skip
"""Types that Transformers has a class for sequences of."""


class Draw:
    """Random jobs for the environment of one line of Transformers."""

    def __init__(self, seed: int, line: str) -> None:
        self._random = random.Random(seed)
        self._line = line
        everything = {**PUBLISHED, **MODELS}
        left_out = (_NEW if line == "4.57" else set()) | {"dbrx"}
        self._decoders = {n: c for n, c in everything.items() if c["model_type"] not in left_out}

    def _of(self, *values: Any) -> Any:
        return self._random.choice(values)

    def _some(self, chance: float) -> bool:
        return self._random.random() < chance

    def job(self) -> tuple[str, Config]:
        stage = self._of("classification", "classification", "masked-lm", "reward", "reward", "embedding", "distillation")
        if self._line == "4.57" and stage == "distillation":
            stage = "reward"
        encodes = stage == "masked-lm" or (stage in ("classification", "embedding") and self._some(0.3))
        name, config = self._model(stage, encodes)
        job: Config = {"model": {"id": name, "config": config, "dtype": self._of("bf16", "bf16", "fp32")}}
        job |= self._method(config, encodes)
        job["precision"] = "bf16-mixed" if job["model"]["dtype"] == "fp32" or self._some(0.7) else "bf16"
        job["checkpointing"] = self._of("full", "none")
        job["attention"] = self._of("sdpa", "sdpa", "sdpa", "eager")
        job["optimizer"] = self._of({"name": "adamw"}, {"name": "adamw"}, {"name": "adamw-8bit"}, {"name": "adafactor"}, {"name": "sgd"})
        job["batch"] = {
            "micro_batch": self._of(1, 2, 4, 8), "grad_accum": self._of(1, 1, 2),
            "sequence_length": self._of(96, 250, 512, 777), "padding": self._of("packed", "packed", "padded"),
        }  # fmt: skip
        if encodes:
            job["batch"]["sequence_length"] = self._of(96, 250, 510)
        job["framework"] = {"name": "transformers", **_VERSIONS[self._line]}
        self._stage(job, stage)
        if config["model_type"] in RECURRENT:
            job["model"]["mixer"] = "torch"
        return stage, job

    def _model(self, stage: str, encodes: bool) -> tuple[str, Config]:
        if encodes:
            return self._of(*sorted(ENCODERS.items()))
        ofs = [(n, c) for n, c in sorted(self._decoders.items()) if self._fits(stage, str(c["model_type"]))]
        return self._of(*ofs)

    @staticmethod
    def _fits(stage: str, kind: str) -> bool:
        return kind in _CLASSIFIED if stage in ("classification", "reward") else True

    def _method(self, config: Config, encodes: bool) -> Config:
        if encodes or self._some(0.4):
            return {"method": "full"}
        kind = config["model_type"]
        targets = "all-linear" if kind in _OTHER_NAMES | RECURRENT or self._some(0.6) else ["q_proj", "v_proj"]
        method = self._of("lora", "lora", "dora", "rslora")
        return {"method": method, "lora": {"rank": self._of(8, 16, 64), "alpha": 16, "targets": targets, "dropout": self._of(0.0, 0.05)}}

    def _stage(self, job: Config, stage: str) -> None:
        objective: Config = {"stage": stage}
        job["objective"] = objective
        trl = {"name": "trl", "version": _TRL[self._line], **_VERSIONS[self._line]}
        if stage == "classification":
            objective["labels"] = self._of(1, 2, 5, 77)
        elif stage == "masked-lm":
            objective["scored_fraction"] = self._of(0.15, 0.3)
        elif stage == "reward":
            job["framework"] = trl
            prompt, answers = self._of(33, 64, 128), [self._of(64, 100, 256) for _ in range(2)]
            objective |= {"prompt_length": prompt, "chosen_length": answers[0], "rejected_length": answers[1]}
            padding = "packed" if answers[0] == answers[1] else "padded"
            job["batch"] |= {"sequence_length": prompt + max(answers), "padding": padding}
        elif stage == "embedding":
            job["framework"] = {"name": "sentence-transformers", **_VERSIONS[self._line]}
            job["batch"]["padding"] = "packed"
            objective |= {"pooling": self._of("mean", "cls", "last"), "texts": self._of(2, 3)}
            if "lora" in job:
                job["method"] = "lora"
                job["lora"]["dropout"] = 0.0
        elif stage == "distillation":
            job["framework"] = trl
            objective |= {"prompt_length": 64, "completion_length": 128, "teacher": job["model"]["config"], "teacher_dtype": "bf16"}
            job["generation"] = {"engine": "none"}
            job["batch"] |= {"sequence_length": 192, "padding": "packed"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--transformers", choices=sorted(_VERSIONS), default="5")
    asked = parser.parse_args()
    draw = Draw(asked.seed, asked.transformers)
    for number in range(asked.count):
        stage, job = draw.job()
        print(json.dumps({"id": f"head-{asked.transformers}-{asked.seed}-{number:03d}-{stage}", "job": job}))


if __name__ == "__main__":
    main()
