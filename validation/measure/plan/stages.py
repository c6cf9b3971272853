"""Random jobs of preference stages and of generated completions: what TRL's users combine.

    python plan/stages.py CONFIGS.json --count 200 --seed 1 --trl 1.16 > jobs.jsonl

CONFIGS.json is an object of model ids with the content of their config.json.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any

STAGES = ["dpo"] * 6 + ["kto"] * 3 + ["grpo"] * 4 + ["orpo", "orpo", "cpo", "cpo", "reward", "rloo"]
DPO_LOSSES = ["ipo", "hinge", "robust", "sppo_hard", "aot", "apo_zero", "apo_down", "nca_pair"]
GRPO_LOSSES = ["grpo", "dapo", "dr_grpo", "bnpo"]
Job = dict[str, Any]


class Draw:
    """One random job."""

    def __init__(self, generator: random.Random, version: str) -> None:
        self._random = generator
        self._fused = version >= "1.15"

    def _some(self, chance: float) -> bool:
        return self._random.random() < chance

    def _of(self, *values: Any) -> Any:
        return self._random.choice(values)

    def job(self, name: str, config: dict[str, Any]) -> Job:
        stage = self._random.choice(STAGES)
        job: Job = {
            "model": {"id": name, "config": config, "dtype": self._of("bf16", "bf16", "fp32")},
            "method": self._of("lora", "lora", "full"),
            "batch": {"padding": "packed"},
            "attention": "eager" if self._some(0.08) else "sdpa",
            "framework": {"name": "trl"},
        }
        if job["method"] == "lora":
            self._adapters(job)
        self._lengths(job, stage)
        self._loss(job, stage)
        self._settings(job)
        return job

    def _adapters(self, job: Job) -> None:
        targets = ["q_proj", "v_proj"] if self._some(0.25) else "all-linear"
        dropout = self._of(0.0, 0.0, 0.05)
        job["lora"] = {"rank": self._of(8, 16, 64), "targets": targets, "dropout": dropout}
        if self._some(0.25):
            job["model"]["quantization"] = {"scheme": "nf4", "double_quant": self._some(0.5)}
        elif self._some(0.1):
            job["method"] = "dora"

    def _lengths(self, job: Job, stage: str) -> None:
        prompt = self._of(64, 96, 128, 256, 500)
        objective: Job = {"stage": stage, "prompt_length": prompt}
        job["objective"] = objective
        answers = [self._of(64, 128, 200, 512) for _ in range(2)]
        if self._some(0.5) or stage in ("kto", "grpo", "rloo"):
            answers[1] = answers[0]
        if stage in ("kto", "grpo", "rloo"):
            objective["completion_length"] = answers[0]
        else:
            objective["chosen_length"], objective["rejected_length"] = answers
        job["batch"]["sequence_length"] = prompt + max(answers)
        micro = self._of(2, 4, 8) if stage in ("kto", "grpo", "rloo") else self._of(1, 2, 3)
        job["batch"].update(micro_batch=micro, grad_accum=self._of(1, 1, 2, 4))

    def _loss(self, job: Job, stage: str) -> None:
        objective = job["objective"]
        adapts = job["method"] != "full"
        compared = stage in ("dpo", "kto", "rloo") or (stage == "grpo" and self._some(0.5))
        objective["reference"] = ("adapter-off" if adapts else "copy") if compared else "none"
        if stage in ("dpo", "kto") and self._some(0.2):
            objective["reference"] = "precomputed"
        if stage == "dpo":
            if self._some(0.4):
                objective["loss_type"] = [self._random.choice(DPO_LOSSES)]
            elif self._fused and self._some(0.2):
                objective.update(loss_type=["sigmoid", "sft"], loss_weights=[1.0, 0.2])
            if self._fused and self._some(0.15) and objective.get("loss_type") != ["aot"]:
                objective["weighting"] = True
        elif stage == "kto" and self._some(0.3):
            objective["loss_type"] = "apo_zero_unpaired"
        elif stage == "cpo":
            objective.update(self._of({"loss_type": "simpo", "alpha": 0.0}, {"loss_type": "sigmoid"}))
        elif stage in ("grpo", "rloo"):
            self._generation(job, stage)

    def _generation(self, job: Job, stage: str) -> None:
        objective, batch = job["objective"], job["batch"]
        compared = objective["reference"] != "none"
        objective["beta"] = self._of(0.04, 0.1) if compared else 0.0
        if stage == "grpo" and self._some(0.6):
            objective["loss_type"] = self._random.choice(GRPO_LOSSES)
        generation: Job = {"engine": "none", "group_size": 2}
        if self._some(0.3):
            generation["steps_per_generation"] = batch["grad_accum"] * 2
        if self._some(0.2):
            generation["iterations"] = 2
        job["generation"] = generation

    def _settings(self, job: Job) -> None:
        if self._some(0.3):
            job["checkpointing"] = "none"
        elif self._some(0.2):
            job["checkpointing"] = "full"
            job["checkpointing_reentrant"] = self._some(0.5)
        if self._some(0.15):
            job["precision"] = {"bf16": "bf16", "fp32": "fp32"}[job["model"]["dtype"]]
        if self._some(0.35):
            name = self._of("adamw-8bit", "paged-adamw-8bit", "adafactor", "sgd", "lion")
            job["optimizer"] = {"name": name}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("configs", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--trl", default="1.16")
    options = parser.parse_args()
    configs = json.loads(options.configs.read_text())
    generator = random.Random(options.seed)
    draw = Draw(generator, options.trl)
    for number in range(options.count):
        name = generator.choice(sorted(configs))
        job = draw.job(name, configs[name])
        stage, method = job["objective"]["stage"], job["method"]
        print(json.dumps({"id": f"stage-{options.trl}-{number}-{name}-{stage}-{method}", "job": job}))


if __name__ == "__main__":
    main()
