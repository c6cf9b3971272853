"""Scaled dot product attention with the kernels that an H100 takes."""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as functional

_HALF = (torch.float16, torch.bfloat16)


def install() -> None:
    """Replaces F.scaled_dot_product_attention, which asks the device for its choice."""
    # Context parallelism puts a function of its own in the place that the name says.
    attention.__name__ = "scaled_dot_product_attention"
    functional.scaled_dot_product_attention = attention
    torch._C._nn.scaled_dot_product_attention = attention


def attention(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attn_mask: torch.Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> torch.Tensor:
    """What at::scaled_dot_product_attention does (aten/src/ATen/native/transformers/attention.cpp).

    FlashAttention runs where there is no mask and the dtype is of 16 bits, the memory-efficient
    kernel otherwise (sdp_utils.cpp); the math path where neither takes the shapes. Fewer keys than
    queries are for FlashAttention alone, where they are said to be grouped.
    """
    query, key, value = (_autocast(t) for t in (query, key, value))
    attn_mask = None if attn_mask is None else _autocast(attn_mask)
    same_head_dim = query.shape[-1] == value.shape[-1]
    half = query.dtype in _HALF
    grouped = query.shape[-3] != key.shape[-3]
    fits = same_head_dim and query.shape[-1] <= 256 and (enable_gqa or not grouped)
    if attn_mask is None and half and fits:
        return _flash(query, key, value, dropout_p, is_causal, scale)
    if not grouped:
        return _efficient(query, key, value, attn_mask, dropout_p, is_causal, scale)
    return _math(query, key, value, attn_mask, dropout_p, is_causal, scale, enable_gqa)


def _autocast(tensor: torch.Tensor) -> torch.Tensor:
    """The operation is on autocast's list for lower precision (ATen/autocast_mode.h)."""
    if torch.is_autocast_enabled("cuda") and tensor.is_floating_point():
        return tensor.to(torch.get_autocast_dtype("cuda"))
    return tensor


def _flash(q: Any, k: Any, v: Any, dropout_p: float, is_causal: bool, scale: float | None) -> Any:
    width = q.shape[-1]
    missing = -width % 8
    if missing:
        q, k, v = (functional.pad(t, (0, missing)) for t in (q, k, v))
    scale = scale if scale is not None else 1 / math.sqrt(width)
    out = torch.ops.aten._scaled_dot_product_flash_attention(
        q, k, v, dropout_p, is_causal, False, scale=scale
    )[0]
    return out[..., :width] if missing else out


def _efficient(
    q: Any, k: Any, v: Any, mask: Any, dropout_p: float, is_causal: bool, scale: float | None
) -> Any:
    needs_grad = q.requires_grad or k.requires_grad or v.requires_grad
    bias = None if mask is None else _bias(mask, q, k)
    return torch.ops.aten._scaled_dot_product_efficient_attention(
        q, k, v, bias, needs_grad and torch.is_grad_enabled(), dropout_p, is_causal, scale=scale
    )[0]


def _bias(mask: Any, q: Any, k: Any) -> Any:
    """convert_boolean_attn_mask and preprocess_mask: aligned to 16 elements, then expanded."""
    if mask.dtype is torch.bool:
        zeros = torch.zeros((), dtype=q.dtype, device=mask.device)
        mask = torch.where(mask, zeros, float("-inf"))
    width = mask.shape[-1]
    missing = -width % 16
    if missing:
        mask = functional.pad(mask, (0, missing))[..., :width]
    return mask.expand(q.shape[0], q.shape[1], q.shape[2], k.shape[2])


def _math(
    q: Any,
    k: Any,
    v: Any,
    mask: Any,
    dropout_p: float,
    is_causal: bool,
    scale: float | None,
    enable_gqa: bool,
) -> Any:
    # Autocast's wrapper of the operation leaves autocast.
    with torch.autocast("cuda", enabled=False):
        return torch.ops.aten._scaled_dot_product_attention_math(
            q, k, v, mask, dropout_p, is_causal, scale=scale, enable_gqa=enable_gqa
        )[0]
