"""Makes PyTorch believe in CUDA devices: an H100 for each rank, whose streams do no work."""

from __future__ import annotations

import contextlib
import types
from collections.abc import Iterator
from typing import Any

import torch
import torch._subclasses.fake_tensor as fake_tensor
import torch.utils._foreach_utils as foreach_utils
from torch.optim.optimizer import _foreach_supported_types

from . import streams

CAPABILITY = (9, 0)
MEMORY_BYTES = 80 * 2**30


@contextlib.contextmanager
def _context(_: Any = None) -> Iterator[None]:
    yield


def _properties(_: Any = None) -> types.SimpleNamespace:
    return types.SimpleNamespace(
        name="NVIDIA H100 80GB HBM3",
        major=CAPABILITY[0],
        minor=CAPABILITY[1],
        total_memory=MEMORY_BYTES,
        multi_processor_count=132,
        warp_size=32,
        gcnArchName="",
    )


def install(devices: int) -> None:
    """Replaces what would ask the driver. Has no way back; run it in a process of its own."""
    cuda = torch.cuda
    replaced: dict[str, Any] = {
        "Stream": streams.Stream,
        "Event": streams.Event,
        "current_stream": lambda *_, **__: streams.entered_last(),
        "default_stream": lambda *_, **__: streams.default,
        "stream": streams.entered,
        "device": _context,
        "current_device": lambda: 0,
        "device_count": lambda: devices,
        "set_device": lambda _: None,
        "synchronize": lambda *_: streams.wait_for_all(),
        "is_available": lambda: True,
        "is_initialized": lambda: True,
        "_lazy_init": lambda: None,
        "empty_cache": lambda: None,
        "reset_peak_memory_stats": lambda *_: None,
        "memory_allocated": lambda *_: 0,
        "max_memory_allocated": lambda *_: 0,
        "memory_reserved": lambda *_: 0,
        "max_memory_reserved": lambda *_: 0,
        "get_device_capability": lambda *_: CAPABILITY,
        "get_device_properties": _properties,
        "get_device_name": lambda *_: _properties().name,
        "get_rng_state": lambda *_, **__: torch.zeros(16, dtype=torch.uint8, device="cpu"),
        "set_rng_state": lambda *_, **__: None,
        "manual_seed": lambda _: None,
        "manual_seed_all": lambda _: None,
        "is_bf16_supported": lambda *_, **__: True,
        "is_current_stream_capturing": lambda: False,
        "mem_get_info": lambda *_: (MEMORY_BYTES, MEMORY_BYTES),
    }
    for name, value in replaced.items():
        setattr(cuda, name, value)
    torch.accelerator.current_device_index = lambda: 0
    torch.accelerator.current_stream = lambda *_: streams.entered_last()
    fake_tensor.init_gpu_context = lambda *_: None
    # cuDNN's are asked for by the driver; which backend runs changes no size of a result.
    torch._C._select_conv_backend = lambda *_, **__: torch._C._ConvBackend.Cudnn
    fake_tensor.FakeTensorMode.avoid_device_init = True  # type: ignore[assignment, method-assign]
    torch.Tensor.record_stream = streams.used  # type: ignore[method-assign]
    torch.Tensor.data_ptr = _address  # type: ignore[method-assign]
    for supported in (_foreach_supported_types, foreach_utils._foreach_supported_types):
        if fake_tensor.FakeTensor not in supported:
            supported.append(fake_tensor.FakeTensor)


def _address(tensor: torch.Tensor) -> int:
    """Tells tensors apart, as FSDP's and accelerate's code does by their addresses."""
    storage = tensor.untyped_storage()
    if storage.nbytes() == 0:
        return 0
    return int(storage._cdata) + tensor.storage_offset() * tensor.element_size()
