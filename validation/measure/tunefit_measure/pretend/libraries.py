"""Where the training libraries ask values or the driver in ways of their own."""

from __future__ import annotations

from typing import Any

import bitsandbytes
import torch

from ..job import Job
from . import quantised


def install(job: Job) -> None:
    """Call it once, while fake tensors are made."""
    _transformers()
    _triton()
    if job.bits == 4:
        quantised.install()
    bitsandbytes.functional.get_paged = _paged


def _transformers() -> None:
    """Masks are made as outside of tracing, as they are on a GPU."""
    from transformers import masking_utils

    for name in ("is_tracing", "is_torchdynamo_compiling"):
        if hasattr(masking_utils, name):
            setattr(masking_utils, name, _no)


def _triton() -> None:
    """Kernels write into tensors that their callers have allocated, so they need not run."""
    from triton.runtime.jit import JITFunction

    JITFunction.run = lambda *_, **__: None


def _paged(*shape: int, dtype: torch.dtype = torch.float32, device: Any = None) -> torch.Tensor:
    """Unified memory is not from PyTorch's allocator; the driver moves it to the GPU and back."""
    tensor: Any = torch.empty(shape, dtype=dtype, device="cpu")
    tensor.is_paged = True
    tensor.page_deviceid = 0
    return tensor


def _no(*_: Any, **__: Any) -> bool:
    return False
