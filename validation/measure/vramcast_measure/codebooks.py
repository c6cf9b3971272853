"""A base that AQLM holds: codes of 16 bits for groups of 8 weights, and a codebook for each linear."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

import torch

from .job import Job, JobError


def is_one(job: Job) -> bool:
    """Whether linears of a job's base are codes."""
    return bool(job.get("model.quantization.scheme", "none") == "aqlm-2bit")


def install(job: Job, model: Any, kept: Sequence[str]) -> None:
    """What Transformers' integrations/aqlm.py makes of a model, before its weights are loaded."""
    if not is_one(job):
        return
    try:
        aqlm = importlib.import_module("aqlm.inference")
    except ImportError as e:
        raise JobError("model.quantization.scheme: aqlm is not in VRAMCAST_MEASURE_LIBRARIES") from e
    aqlm.get_forward_pass_kernel = lambda codebooks, training: _product
    aqlm.get_backward_pass_kernel = lambda codebooks, training: _transposed
    linears = [
        (name, module)
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear) and name not in kept
    ]
    for name, module in linears:
        weight = module.weight
        coded = aqlm.QuantizedLinear(
            module.in_features,
            module.out_features,
            in_group_size=8,
            out_group_size=1,
            num_codebooks=1,
            nbits_per_codebook=16,
            bias=module.bias is not None,
            device=weight.device,
            dtype=weight.dtype,
        )
        coded.requires_grad_(False)
        coded.codebooks.stands_for = coded.scales.stands_for = 0
        coded.codes.stands_for = weight.numel()
        model.set_submodule(name, coded)
        module.weight = None
    del linears
    # What prepares a base in few bits asks for neither.
    model.is_quantized = False


def elements(parameter: Any) -> int:
    """Weights that a tensor stands for, which is none of a codebook."""
    return int(getattr(parameter, "stands_for", parameter.numel()))


def _weight(codes: torch.Tensor, codebooks: torch.Tensor) -> torch.Tensor:
    return codebooks.new_empty((codes.shape[0], codes.shape[1] * codebooks.shape[3]))


def _product(
    x: torch.Tensor, codes: torch.Tensor, codebooks: torch.Tensor, scales: torch.Tensor, bias: torch.Tensor | None
) -> torch.Tensor:
    """``code1x16_matmat_dequant`` of aqlm/inference_kernels/cuda_kernel.cpp, whose kernel writes the weight alone."""
    weight = _weight(codes, codebooks)
    flat = torch.nn.functional.linear(x.reshape(-1, x.shape[-1]), weight)
    flat *= scales.flatten().unsqueeze(0)
    if bias is not None:
        flat += bias.unsqueeze(0)
    return flat.reshape(*x.shape[:-1], flat.shape[-1]).clone()


def _transposed(
    x: torch.Tensor, codes: torch.Tensor, codebooks: torch.Tensor, scales: torch.Tensor, bias: torch.Tensor | None
) -> torch.Tensor:
    """``code1x16_matmat_dequant_transposed`` of the same."""
    scaled = (x.reshape(-1, x.shape[-1]) * scales.flatten().unsqueeze(0)).reshape(x.shape)
    weight = _weight(codes, codebooks)
    return torch.nn.functional.linear(scaled, weight.transpose(0, 1), None)
