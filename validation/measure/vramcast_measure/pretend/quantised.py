"""bitsandbytes' 4-bit parameters over fake tensors, whose class PyTorch does not let it change."""

from __future__ import annotations

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
