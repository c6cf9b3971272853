"""bitsandbytes' 4-bit parameters over fake tensors, whose class PyTorch does not let it change."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensor

_SETTINGS = ("blocksize", "compress_statistics", "quant_type", "quant_storage", "bnb_quantized")


class Params4bit(FakeTensor):
    """bitsandbytes.nn.Params4bit: quantised when it is first moved to a device.

    Libraries ask for the name of the class, so this one has it too.
    """

    @staticmethod
    def __new__(  # type: ignore[override]
        cls: type,
        data: torch.Tensor,
        requires_grad: bool = False,
        quant_state: Any = None,
        blocksize: int | None = None,
        compress_statistics: bool = True,
        quant_type: str = "fp4",
        quant_storage: torch.dtype = torch.uint8,
        module: Any = None,
        bnb_quantized: bool = False,
        **_: Any,
    ) -> "Params4bit":
        self: Any = data.detach()
        self.__class__ = cls
        self._is_param = True
        self.blocksize = blocksize or 64
        self.compress_statistics = compress_statistics
        self.quant_type = quant_type
        self.quant_storage = quant_storage
        self.quant_state = quant_state
        self.module = module
        self.bnb_quantized = bnb_quantized
        return self

    def __init__(self, *_: Any, **__: Any) -> None: ...

    def to(self, *args: Any, **kwargs: Any) -> Any:
        device = torch._C._nn._parse_to(*args, **kwargs)[0]
        if device is None or device.type == "meta" or self.bnb_quantized:
            return self
        return self._quantised(device)

    def cuda(self, device: Any = None, non_blocking: bool = False) -> Any:
        return self.to(device="cuda" if device is None else device)

    def _quantised(self, device: torch.device) -> Any:
        from bitsandbytes.functional import quantize_4bit

        data, state = quantize_4bit(
            torch.Tensor.to(self, device).contiguous(),
            blocksize=self.blocksize,
            compress_statistics=self.compress_statistics,
            quant_type=self.quant_type,
            quant_storage=self.quant_storage,
        )
        settings = {name: getattr(self, name) for name in _SETTINGS} | {"bnb_quantized": True}
        result = Params4bit(data, quant_state=state, module=self.module, **settings)
        if self.module is not None:
            self.module.quant_state = state
        return result


def install() -> None:
    import bitsandbytes as bnb

    bnb.nn.Params4bit = Params4bit
    bnb.nn.modules.Params4bit = Params4bit
    if hasattr(torch.ops.bitsandbytes, "gemm_4bit"):
        _choose_kernels()


_SMS = 132
"""Of an H100."""


def _is_fused(rows: int, out: int, inner: int) -> bool:
    """Whether an H100 multiplies by packed weights (bitsandbytes/backends/cuda/ops.py _gemm_4bit_use_custom_cuda, 0.50)."""
    blocks = (out + 63) // 64
    if rows <= 4:
        return True
    if out * inner < 4 * 1024 * 1024:
        if inner * 2 < out:
            return rows <= (512 if blocks * 3 < _SMS else 320)
        if blocks * 4 <= _SMS:
            return rows <= 32
        return blocks * 2 <= _SMS and rows <= 16
    if rows < 8:
        return True
    tiers = ((3, 64), (2, 48), (1, 32))
    most = next((most for waves, most in tiers if blocks >= _SMS * waves), 16 if blocks >= _SMS // 2 else 0)
    return rows <= most


def _choose_kernels() -> None:
    """Since 0.50 one operation hides both ways; where it unpacks the weight first, it shows that here."""
    from bitsandbytes.autograd import _functions

    fused = torch.ops.bitsandbytes.gemm_4bit.default

    def product(a: Any, b: Any, shape: Any, absmax: Any, blocksize: int, kind: str, bias: Any = None, **nested: Any) -> Any:
        if _is_fused(a.numel() // a.shape[-1], shape[0], shape[1]):
            return fused(a, b, shape, absmax, blocksize, kind, bias=bias, **nested)
        if nested:
            unpacked = torch.empty_like(nested["absmax_8bit"], dtype=torch.float32)
            absmax = unpacked + nested["absmax_offset"]
        weight = torch.ops.bitsandbytes.dequantize_4bit(b, absmax, blocksize, kind, list(shape), a.dtype)
        return torch.nn.functional.linear(a, weight, bias)

    ops = _Instead(torch.ops.bitsandbytes, gemm_4bit=SimpleNamespace(default=product))
    _functions.torch = _Instead(torch, ops=_Instead(torch.ops, bitsandbytes=ops))


class _Instead:
    """A module, some of whose names mean something else."""

    def __init__(self, module: Any, **others: Any) -> None:
        self._module = module
        self.__dict__.update(others)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)
