"""What comes behind the last step: a checkpoint is written and read again, adapters are merged.

The trainer's own code runs; what would be written to files is taken to the host instead, and what would
be read comes from there. Files hold no values here, so none is made.
"""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from torch.utils._pytree import tree_map

from .job import Job
from .model import adapt, build_base
from .phases import Phase

class Files:
    """What was saved, by the name of its file, on the host."""

    def __init__(self) -> None:
        self._saved: dict[str, Any] = {}

    def install(self) -> None:
        """Call it once, before a trainer is made."""
        import torch.distributed.checkpoint as checkpoint

        torch.save = self._save
        torch.load = self._load
        for module in (safetensors.torch, _modeling(), _peft()):
            for name in ("save_file", "safe_save_file"):
                if hasattr(module, name):
                    setattr(module, name, lambda *_, **__: None)
        # Weights that are tied are found by their addresses.
        _modeling().remove_tied_weights_from_state_dict = lambda tensors, _: tensors
        _peft().id_tensor_storage = lambda tensor: tensor.untyped_storage()._cdata
        checkpoint.save = lambda *_, **__: None
        checkpoint.load = lambda *_, **__: None

    def _save(self, value: Any, file: Any, *_: Any, **__: Any) -> None:
        self._saved[Path(file).name] = tree_map(_on_host, value)
        Path(file).touch()

    def _load(self, file: Any, map_location: Any = None, **_: Any) -> Any:
        value = self._saved[Path(file).name]
        if map_location is None:
            return value
        return tree_map(lambda each: _onto(each, map_location), value)


def _modeling() -> Any:
    import transformers.modeling_utils as module

    return module


def _peft() -> Any:
    import peft.peft_model as module

    return module


def _on_host(value: Any) -> Any:
    return value.detach().cpu() if isinstance(value, torch.Tensor) else value


def _onto(value: Any, device: Any) -> Any:
    return value.to(device) if isinstance(value, torch.Tensor) else value


def wanted(job: Job) -> bool:
    """Whether a job says something of its end."""
    return bool(job.get("saving.state_dict") or job.get("saving.resume") or job.get("saving.merge"))


def arguments(job: Job, steps: int) -> dict[str, Any]:
    """A checkpoint behind the last step."""
    if not wanted(job):
        return {}
    return {
        "save_strategy": "steps",
        "save_steps": steps,
        "save_only_model": job.get("saving.only_model", False),
        "output_dir": tempfile.mkdtemp(prefix="vramcast-"),
    }


def state_dict_type(job: Job) -> str:
    """As accelerate calls it."""
    return f"{job.get('saving.state_dict', 'full').upper()}_STATE_DICT"


def mark(job: Job, trainer: Any, marks: Any) -> None:
    """Tells when a checkpoint is written."""
    if not wanted(job):
        return
    run = trainer._save_checkpoint

    def save(*args: Any, **kwargs: Any) -> None:
        with marks.within(Phase.SAVE):
            run(*args, **kwargs)

    trainer._save_checkpoint = save
    trainer._save_rng_state = lambda *_: None


def go_on(trainer: Any, enter: Callable[[Phase], None]) -> None:
    """As a run begins that goes on from the checkpoint: states of the step before are not there."""
    folder = f"{trainer.args.output_dir}/checkpoint-{trainer.state.global_step}"
    optimizer = getattr(trainer.optimizer, "optimizer", trainer.optimizer)
    optimizer.state.clear()
    trainer.model.zero_grad()
    gc.collect()
    enter(Phase.RESUME)
    if trainer.is_fsdp_enabled:
        trainer._load_from_checkpoint(folder, trainer.model_wrapped)
    trainer._load_optimizer_and_scheduler(folder)
    enter(Phase.AFTER)


def merge(trainer: Any, enter: Callable[[Phase], None]) -> None:
    """``merge_and_unload`` where the run ended, beside what the trainer holds."""
    model = trainer.accelerator.unwrap_model(trainer.model)
    trainer.model.zero_grad()
    gc.collect()
    enter(Phase.MERGE)
    model.merge_and_unload()
    enter(Phase.AFTER)


def merge_again(
    job: Job, device: torch.device, enter: Callable[[Phase], None], counter: Any
) -> int:
    """Into weights that are loaded once more in 16 bits, in a process that has not trained.

    Returns:
        bytes that this one has not given up
    """
    values = {k: v for k, v in job.values.items() if not k.startswith("model.quantization")}
    whole = Job({**values, "method": "lora", "lora.kbit_prepare": False})
    gc.collect()
    left: int = counter.bytes
    model = adapt(build_base(whole, device), whole)
    gc.collect()
    enter(Phase.MERGE)
    model.merge_and_unload()
    enter(Phase.AFTER)
    return left
