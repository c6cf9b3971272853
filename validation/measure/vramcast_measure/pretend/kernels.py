"""What CUDA kernels allocate for themselves, which fake tensors do not show."""

from __future__ import annotations

import math
from typing import Any

import torch

_FLASH_BACKWARD = torch.ops.aten._scaled_dot_product_flash_attention_backward.default
_LOG_SUM_EXP = torch.ops.aten.logsumexp.default
_SOFTMAX = (torch.ops.aten._log_softmax.default, torch.ops.aten._softmax.default)


def scratch(func: Any, args: tuple[Any, ...]) -> list[int]:
    """Sizes in bytes, in the order in which an operation asks for them; it frees them all.

    FlashAttention's backward pass: row statistics and the query's gradient in fp32, and where
    queries share keys both gradients for every head (aten/src/ATen/native/transformers/cuda/
    flash_attn/flash_api.cpp mha_bwd).
    """
    if func is _LOG_SUM_EXP:
        return between(func, args)
    if func in _SOFTMAX:
        return beside(func, args)
    if func is not _FLASH_BACKWARD:
        return []
    query, key = args[1], args[2]
    batch, heads, length, size = query.shape
    rows = batch * heads * _round_up(length, 128)
    taken = [rows * 4, rows * _round_up(size, 32) * 4]
    if key.shape[1] != heads:
        taken += 2 * [batch * heads * key.shape[2] * size * query.element_size()]
    return taken


def between(func: Any, args: tuple[Any, ...]) -> list[int]:
    """Sizes in bytes of the tensors that an operation makes by others on its way to its result.

    ``logsumexp``: the largest of each row, and the exponentials (aten/src/ATen/native/ReduceOps.cpp
    logsumexp_out_impl).
    """
    if func is not _LOG_SUM_EXP:
        return []
    values, dims = args[0], args[1]
    reduced = {dim % values.dim() for dim in ([dims] if isinstance(dims, int) else dims)}
    rows = math.prod(size for at, size in enumerate(values.shape) if at not in reduced)
    return [rows * values.element_size(), values.numel() * values.element_size()]


def beside(func: Any, args: tuple[Any, ...]) -> list[int]:
    """Sizes in bytes of what an operation makes of its inputs, which is there beside its result.

    Softmax: a contiguous copy (aten/src/ATen/native/cuda/SoftMax.cu host_softmax).
    """
    if func not in _SOFTMAX or args[0].is_contiguous():
        return []
    return [args[0].numel() * args[0].element_size()]


def _round_up(value: int, unit: int) -> int:
    return -(-value // unit) * unit
