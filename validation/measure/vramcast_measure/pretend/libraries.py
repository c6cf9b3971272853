"""Where the training libraries ask values or the driver in ways of their own."""

from __future__ import annotations

import importlib
from typing import Any

import bitsandbytes
import numpy
import torch
from torch.utils._python_dispatch import _disable_current_modes

from ..job import Job
from . import quantised
from .values import Values


def install(job: Job, whole: bool, values: Values | None = None) -> None:
    """Call it once, while fake tensors are made.

    Args:
        whole: whether batches hold no padding
        values: of small tensors; None where they are not followed
    """
    _transformers(whole)
    _triton()
    if job.get("optimizer.name") == "schedule-free-radam":
        _begun()
    _tensors(values)
    if job.bits == 4:
        quantised.install()
    _bitsandbytes()
    _scaler()


def _scaler() -> None:
    """A gradient scaler skips a step when a gradient is infinite, which it asks of a number."""

    def step(_scaler: Any, optimizer: Any, _state: Any, *args: Any, **kwargs: Any) -> Any:
        return optimizer.step(*args, **kwargs)

    torch.amp.GradScaler._maybe_opt_step = step  # type: ignore[method-assign]


def _transformers(whole: bool) -> None:
    """Masks are made as outside of tracing, as they are on a GPU."""
    from accelerate import Accelerator
    from transformers import trainer_pt_utils

    # There is the latter since 4.53, and the former until some 5.2x, beside it.
    for name in ("modeling_attn_mask_utils", "masking_utils"):
        try:
            masks = importlib.import_module(f"transformers.{name}")
        except ImportError:
            continue
        for asked in ("is_tracing", "is_torchdynamo_compiling"):
            if hasattr(masks, asked):
                setattr(masks, asked, _no)
        # Since 5.2x a sum that is compared stands for all().
        if hasattr(masks, "fast_all"):
            masks.fast_all = lambda _: whole
    # What was gathered in an evaluation has no values; the copy on the host does not count.
    trainer_pt_utils.nested_numpify = lambda tensors: numpy.zeros(1)
    # All ranks have sequences of one length, which is asked of a tensor of sizes.
    Accelerator.pad_across_processes = lambda _self, tensor, **_: tensor


def _triton() -> None:
    """Kernels write into tensors that their callers have allocated, so they need not run."""
    from triton.runtime.jit import JITFunction

    JITFunction.run = lambda *_, **__: None


def _begun() -> None:
    """RAdam divides by second moments from its sixth step on, so that it begins with its tenth."""
    from schedulefree import RAdamScheduleFree

    make = RAdamScheduleFree.__init__

    def begun(self: Any, *arguments: Any, **settings: Any) -> None:
        make(self, *arguments, **settings)
        for group in self.param_groups:
            group["k"] = 9

    RAdamScheduleFree.__init__ = begun


def _tensors(values: Values | None) -> None:
    """Numbers are put on the device by way of the host: on autograd's thread there is no other."""
    make = torch.tensor

    def tensor(data: Any, *, device: Any = None, **settings: Any) -> torch.Tensor:
        if isinstance(data, list) and any(isinstance(item, torch.Tensor) for item in data):
            data = [item.item() if isinstance(item, torch.Tensor) else item for item in data]
        made = make(data, **settings)
        if values is not None and isinstance(data, (bool, int, list)):
            with _disable_current_modes():
                real = make(data, device="cpu", **settings)
            values.place(made, real)
        return made if device is None else made.to(device)

    torch.tensor = tensor  # type: ignore[assignment]
    given = torch.as_tensor

    def as_tensor(data: Any, **settings: Any) -> torch.Tensor:
        return tensor(data, **settings) if isinstance(data, list) else given(data, **settings)

    torch.as_tensor = as_tensor  # type: ignore[assignment]


def _bitsandbytes() -> None:
    """Unified memory comes from the driver."""
    functional = bitsandbytes.functional
    functional.get_paged = _paged
    for name in ("fill", "prefetch_tensor"):
        setattr(functional, name, lambda *_, **__: None)


def _paged(*shape: int, dtype: torch.dtype = torch.float32, device: Any = None) -> torch.Tensor:
    """Not from PyTorch's allocator, so it does not count on the device."""
    tensor: Any = torch.empty(shape, dtype=dtype, device="cpu")
    tensor.is_paged = True
    tensor.page_deviceid = 0
    return tensor


def _no(*_: Any, **__: Any) -> bool:
    return False
