"""Where DeepSpeed's ZeRO asks values, other ranks or the driver."""

from __future__ import annotations

from typing import Any

from .. import zero
from ..job import Job


def install(job: Job) -> None:
    """Call it once, before DeepSpeed's engine is made; does nothing for other engines."""
    if not zero.is_one(job):
        return
    from deepspeed.runtime.zero import (
        partition_parameters,
        partitioned_param_coordinator,
        stage3,
        stage_1_and_2,
        utils,
    )

    for module in (utils, partition_parameters, partitioned_param_coordinator, stage3):
        for name in ("assert_ints_same_as_other_ranks", "assert_lst_len_same_as_other_ranks"):
            if hasattr(module, name):
                setattr(module, name, _agree)
        if hasattr(module, "get_lst_from_rank0"):
            module.get_lst_from_rank0 = _same
    for engine in (stage3.DeepSpeedZeroOptimizer_Stage3, stage_1_and_2.DeepSpeedZeroOptimizer):
        engine.has_overflow = _finite(engine.has_overflow)
    if job.get("parallelism.offload"):
        _install_host()


def _install_host() -> None:
    """Host memory is not pinned, and DeepSpeed's Adam for it, which is compiled, updates nothing."""
    from deepspeed.accelerator import get_accelerator
    from deepspeed.ops.op_builder import CPUAdamBuilder

    get_accelerator().pin_memory = lambda tensor, *_: tensor
    CPUAdamBuilder.load = lambda *_, **__: _HostAdam()


class _HostAdam:
    """Stands where DeepSpeed's extension is."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: 0


def _agree(*_: Any, **__: Any) -> None:
    """All ranks run the same code."""


def _same(values: list[int]) -> list[int]:
    return values


def _finite(look: Any) -> Any:
    """Looks for gradients that are no numbers, and finds none."""

    def has_overflow(*args: Any, **kwargs: Any) -> bool:
        look(*args, **kwargs)
        return False

    return has_overflow
