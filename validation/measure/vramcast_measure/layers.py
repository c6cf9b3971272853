"""A ``LayerNormLinear`` and a ``Linear`` of TransformerEngine as Megatron-Core calls them, by recipe and card."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from . import engine
from .job import Job
from .phases import Ledger
from .pretend import runtime
from .pretend.answers import Answers
from .pretend.counter import StorageCounter

TOKENS, HIDDEN, INNER = 1024, 2048, 6144

_RECIPES = {
    "delayed": ("DelayedScaling", {"amax_history_len": 1}),
    "tensorwise": ("Float8CurrentScaling", {}),
    "blockwise": ("Float8BlockScaling", {}),
    "mxfp8": ("MXFP8BlockScaling", {}),
    "nvfp4": ("NVFP4BlockScaling", {}),
}
"""TransformerEngine's classes by Megatron's words; ``fp8_amax_history_len`` is 1 there."""


class _Loss(torch.autograd.Function):
    """A loss that nothing is kept for, whose gradient is there when the backward pass begins."""

    @staticmethod
    def forward(ctx: Any, result: torch.Tensor) -> torch.Tensor:
        ctx.like = (result.shape, result.dtype, result.device)
        return result.new_empty(())

    @staticmethod
    def backward(ctx: Any, *given: torch.Tensor) -> torch.Tensor:
        shape, dtype, device = ctx.like
        return torch.empty(shape, dtype=dtype, device=device)


class _Peak(StorageCounter):
    """With the most that has been there since it was asked."""

    most = 0

    def _changed(self, size: int) -> None:
        super()._changed(size)
        self.most = max(self.most, self.bytes)


def _job() -> Job:
    return Job(
        {
            "method": "full",
            "quantized_training.scheme": "fp8",
            "quantized_training.implementation": "transformer-engine",
        }
    )


def _modules(device: torch.device) -> tuple[Any, Any]:
    package = importlib.import_module("transformer_engine.pytorch.module")
    settings = {"bias": False, "params_dtype": torch.bfloat16, "fuse_wgrad_accumulation": True, "device": device}
    both = (
        package.LayerNormLinear(HIDDEN, INNER, normalization="RMSNorm", **settings),
        package.Linear(INNER, HIDDEN, **settings),
    )
    for module in both:
        module.weight.main_grad = torch.empty_like(module.weight, dtype=torch.float32)
    return both


def main(recipe: str, capability: str) -> None:
    major, minor = capability.split(".")
    engine.shelve()
    runtime.CAPABILITY = (int(major), int(minor))
    runtime.install(1)
    counter = _Peak(Ledger(), Answers(True, 0, 1.0, None), None, None)
    with FakeTensorMode(allow_non_fake_inputs=True), counter:
        engine.install(_job())
        quantization = importlib.import_module("transformer_engine.pytorch.quantization")
        name, settings = _RECIPES[recipe]
        chosen = getattr(importlib.import_module("transformer_engine.common.recipe"), name)(**settings)
        device = torch.device("cuda", 0)
        first, second = _modules(device)
        x = torch.empty(TOKENS, 1, HIDDEN, dtype=torch.bfloat16, device=device, requires_grad=True)
        loaded = counter.bytes
        for step in range(2):
            base = counter.most = counter.bytes
            with quantization.autocast(enabled=True, recipe=chosen):
                result = second(first(x, is_first_microbatch=True), is_first_microbatch=True)
            loss = _Loss.apply(result)
            del result
            forward, left = counter.most - base, counter.bytes - base
            loss.backward()
            del loss
            if step:
                print(f"kept beside weights {base - loaded}")
                print(f"forward pass: at most {forward}, left {left}")
                print(f"backward pass: at most {counter.most - base}, left {counter.bytes - base}")
            x.grad = first.layer_norm_weight.grad = None
            for module in (first, second):
                module.weight.grad = None


if __name__ == "__main__":
    main(*sys.argv[1:3])
