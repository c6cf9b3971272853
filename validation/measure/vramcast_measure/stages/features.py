"""EBFT as Axolotl trains it on prompts with completions: its own trainer over TRL's GRPO."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from ..job import Job, JobError
from ..tokenizer import words

_EBFT = "axolotl.core.trainers.ebft"


def is_one(job: Job) -> bool:
    """Whether completions of a job are rewarded for their hidden states."""
    return job.stage == "ebft"


def row(job: Job, number: int) -> dict[str, Any]:
    """What a row has beside its prompt: the completion that its features are compared with."""
    return {"ground_truth": " " + words(job.completion, number)}


def classes() -> tuple[type, type]:
    """The trainer and its settings. Files of Axolotl are read by themselves: its packages ask for much else."""
    from trl import GRPOConfig, GRPOTrainer

    found = importlib.util.find_spec("axolotl")
    if found is None or not found.submodule_search_locations:
        raise JobError("framework.name: axolotl is not in VRAMCAST_MEASURE_LIBRARIES")
    folder = Path(found.submodule_search_locations[0], "core", "trainers", "ebft")
    stand_in("axolotl.utils.logging", get_logger=logger)
    stand_in(
        "axolotl.core.trainers.grpo.trainer",
        AxolotlGRPOTrainer=GRPOTrainer,
        AxolotlAsyncGRPOTrainer=GRPOTrainer,
    )
    stand_in(f"{_EBFT}.args", AxolotlEBFTConfig=GRPOConfig)
    read(f"{_EBFT}.rewards", folder / "rewards.py")
    trainer = read(f"{_EBFT}.trainer", folder / "trainer.py")

    class Trainer(trainer.AxolotlEBFTTrainer):  # type: ignore[misc, name-defined]
        def _feature_matching_reward(self, *given: Any, **others: Any) -> list[float]:
            return list(super()._feature_matching_reward(*given, **others))

    return Trainer, GRPOConfig


SETTINGS = {
    "ebft_feature_layers": [0.25, 0.5, 0.75],
    "ebft_embed_method": "last_token",
    "ebft_use_whitening": False,
    "ebft_alignment_coef": 1.0,
    "ebft_diversity_coef": 1.0,
    "ebft_adaptive_max_tokens": False,
    "max_seq_length": 2048,
}
"""Defaults of core/trainers/ebft/args.py and core/training_args_base.py; lengths are those of the job."""


def logger(name: str) -> Any:
    import logging

    return logging.getLogger(name)


def stand_in(name: str, **members: Any) -> None:
    """A module of Axolotl with these members alone, below packages that are empty."""
    parts = name.split(".")
    for end in range(1, len(parts)):
        package = ".".join(parts[:end])
        if package not in sys.modules:
            sys.modules[package] = ModuleType(package)
            sys.modules[package].__path__ = []
    module = ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module


def read(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.exists():
        raise JobError(f"framework.name: axolotl has no {path.name} of EBFT")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
