"""Moving, casting and copying of modules, which PyTorch does not do to fake parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensor

Convert = Callable[[torch.Tensor], torch.Tensor]


def install() -> None:
    nn.Module._apply = _apply  # type: ignore[method-assign, assignment]
    FakeTensor.__deepcopy__ = _copy  # type: ignore[method-assign]
    FakeTensor.data = property(torch.Tensor.data.__get__, _give)  # type: ignore[assignment]


def _give(tensor: FakeTensor, data: torch.Tensor) -> None:
    """A fake tensor that gets the data of another one is where that is."""
    torch.Tensor.data.__set__(tensor, data)  # type: ignore[attr-defined]
    if isinstance(data, FakeTensor):
        tensor.fake_device = data.fake_device


def _apply(module: nn.Module, convert: Convert, recurse: bool = True) -> nn.Module:
    """nn.Module._apply with a new parameter in place of a swapped one."""
    if recurse:
        for child in module.children():
            child._apply(convert)
    for name, parameter in module._parameters.items():
        if parameter is not None:
            with torch.no_grad():
                converted = convert(parameter)
            if _is_same(parameter, converted):
                continue
            if _is_alike(parameter, converted):
                # Modules that share it keep sharing it.
                parameter.data = converted
            else:
                module._parameters[name] = _parameter(converted, parameter)
    for name, buffer in module._buffers.items():
        if buffer is not None:
            module._buffers[name] = convert(buffer)
    return module


def _parameter(converted: Any, old: nn.Parameter) -> nn.Parameter:
    if isinstance(converted, nn.Parameter):
        return converted
    return nn.Parameter(converted, old.requires_grad)


def _is_alike(old: torch.Tensor, new: torch.Tensor) -> bool:
    """Whether only the dtype differs, which PyTorch writes into the parameter that is there."""
    return type(old) is type(new) and old.device == new.device and old.shape == new.shape


def _is_same(old: torch.Tensor, new: torch.Tensor) -> bool:
    return old is new or old.untyped_storage()._cdata == new.untyped_storage()._cdata


def _copy(tensor: Any, memo: dict[int, Any]) -> Any:
    """Tensor.__deepcopy__, which would leave a fake tensor with two storages."""
    if id(tensor) not in memo:
        copied: Any = tensor.detach().clone().requires_grad_(tensor.requires_grad)
        copied._is_param = getattr(tensor, "_is_param", False)
        memo[id(tensor)] = copied
    return memo[id(tensor)]
