"""Experts in NVFP4, as Axolotl's SonicMoE kernels train adapters of them."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from .job import Job, JobError

_KERNELS = "axolotl.integrations.kernels"
_BLOCK = 16
SNAPPED = "sonicmoe-merge-aware"


class Packed:
    """What torchao's ``NVFP4Tensor`` holds of a stack: two numbers a byte, fp8 scales of 16 numbers each, and one fp32
    scale a matrix (axolotl's nvfp4_moe_loading.py fuse_nvfp4_experts)."""

    block_size = _BLOCK
    is_swizzled_scales = False

    def __init__(self, whole: torch.Tensor) -> None:
        *rows, features = whole.shape
        self.shape = whole.shape
        self.orig_dtype = whole.dtype
        self.qdata = whole.new_empty((*rows, features // 2), dtype=torch.uint8)
        self.scale = whole.new_empty((*rows, features // _BLOCK), dtype=torch.float8_e4m3fn)
        self.per_tensor_scale = whole.new_empty((rows[0], 1, 1), dtype=torch.float32)


class _Silent:
    """Triton kernels do not run; their callers allocate what they write."""

    def __getattr__(self, name: str) -> Any:
        return self

    def __getitem__(self, grid: Any) -> Any:
        return lambda *given, **named: None


def is_one(job: Job) -> bool:
    """Whether the experts of a job's base are packed."""
    return bool(job.get("model.quantization.scheme", "none") == "nvfp4")


def install(job: Job, model: Any) -> None:
    """Packs the stacks of a model with adapters, and puts Axolotl's forward in the place of Transformers'."""
    if not is_one(job):
        return
    if job.get("model.quantization.implementation", SNAPPED) != SNAPPED:
        raise JobError(f"model.quantization.implementation: {SNAPPED} alone can be measured")
    _register()
    for module in model.modules():
        for name in ("gate_up_proj", "down_proj"):
            stack = module._parameters.get(name)
            if stack is not None and stack.ndim == 3:
                del module._parameters[name]
                setattr(module, name, Packed(stack.detach()))
                module.config._experts_implementation = "sonicmoe"
                module._sonicmoe_iface_ok = True


def _register() -> None:
    found = importlib.util.find_spec("axolotl")
    if found is None or not found.submodule_search_locations:
        raise JobError("framework.name: axolotl is not in VRAMCAST_MEASURE_LIBRARIES")
    folder = Path(found.submodule_search_locations[0], "integrations", "kernels")
    for name, path in (
        ("axolotl", None),
        ("axolotl.integrations", None),
        (_KERNELS, folder),
        (f"{_KERNELS}.libs", folder / "libs"),
        (f"{_KERNELS}.libs.sonicmoe", folder / "libs" / "sonicmoe"),
    ):
        package = ModuleType(name)
        package.__path__ = [] if path is None else [str(path)]
        sys.modules[name] = package
    sonic = f"{_KERNELS}.libs.sonicmoe"
    numbers = importlib.import_module(f"{sonic}.nvfp4")
    numbers._torchao_nvfp4tensor_cls = lambda: Packed
    importlib.import_module(f"{sonic}.triton_nvfp4")._get_kernels = _Silent
    importlib.import_module(f"{sonic}.triton_nvfp4").triton_available = lambda: True
    importlib.import_module(f"{sonic}.epilogue").check_epilogue = lambda *given, **named: None
    importlib.import_module(f"{sonic}.nvfp4_lora").set_merge_aware_enabled(True)
    importlib.import_module(f"{sonic}.experts").register_sonicmoe_experts()
