"""Experts in NVFP4, as Axolotl's SonicMoE and ScatterMoE kernels train adapters of them."""

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
GROUPED = "scattermoe-marlin"


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


def is_grouped(job: Job) -> bool:
    """Whether grouped products read them packed, of rows that are filled up to tiles."""
    return is_one(job) and job.get("model.quantization.implementation", SNAPPED) == GROUPED


def install(job: Job, model: Any) -> None:
    """Packs the stacks of a model with adapters, and puts Axolotl's forward in the place of Transformers'."""
    if not is_one(job):
        return
    holder = job.get("model.quantization.implementation", SNAPPED)
    if holder not in (SNAPPED, GROUPED):
        raise JobError(f"model.quantization.implementation: {SNAPPED} and {GROUPED} alone can be measured")
    grouped = holder == GROUPED
    _scatter() if grouped else _register()
    for module in model.modules():
        for name in ("gate_up_proj", "down_proj"):
            stack = module._parameters.get(name)
            if stack is not None and stack.ndim == 3:
                del module._parameters[name]
                setattr(module, name, Packed(stack.detach()))
                module.config._experts_implementation = "scattermoe" if grouped else "sonicmoe"
                module._sonicmoe_iface_ok = module._scattermoe_iface_ok = True


def _packages(kind: str) -> str:
    """Axolotl's package of such kernels, read without what stands around it."""
    found = importlib.util.find_spec("axolotl")
    if found is None or not found.submodule_search_locations:
        raise JobError("framework.name: axolotl is not in VRAMCAST_MEASURE_LIBRARIES")
    root = Path(found.submodule_search_locations[0])
    folder = root / "integrations" / "kernels"
    for name, path in (
        ("axolotl", root),
        ("axolotl.integrations", folder.parent),
        (_KERNELS, folder),
        (f"{_KERNELS}.libs", folder / "libs"),
        (f"{_KERNELS}.libs.{kind}", folder / "libs" / kind),
    ):
        package = ModuleType(name)
        package.__path__ = [str(path)]
        sys.modules[name] = package
    return f"{_KERNELS}.libs.{kind}"


class _Marlin:
    """Marlin's extension: its product writes what it is given, and a repacked matrix is as large as it was."""

    def moe_wna16_marlin_gemm(self, rows: torch.Tensor, out: torch.Tensor, *others: Any) -> torch.Tensor:
        return out

    def gptq_marlin_repack(self, matrix: torch.Tensor, order: Any, features: int, rows: int, *_: Any) -> torch.Tensor:
        return matrix.new_empty((features // 16, rows * 2))


def _scatter() -> None:
    """Grouped products by Marlin, as ``dsv4_fp4_grouped_mode: nvfp4`` has them on an H100."""
    logging = ModuleType("axolotl.utils.logging")
    logging.get_logger = importlib.import_module("logging").getLogger
    scatter = _packages("scattermoe_lora")
    sys.modules["axolotl.utils"] = ModuleType("axolotl.utils")
    sys.modules["axolotl.utils.logging"] = logging

    def module(name: str) -> Any:
        return importlib.import_module(f"{scatter}.{name}")

    module("selective_dequant")._torchao_nvfp4tensor_cls = lambda: Packed
    module("kernels.ops").scatter2scatter_compileable = lambda *given: None
    module("kernels.grouped_gram")._grouped_gram_kernel = _Silent()
    for name in ("_fwd", "_fwd_gelu", "_bwd", "_bwd_gelu"):
        setattr(module("cutlass_fp4.swiglu"), name, _Silent())
    module("marlin_w4a16").marlin_w4a16_available = lambda: True
    module("marlin_w4a16.backend").load_ext = _Marlin
    module("marlin_w4a16.backend")._build_base_scatter = lambda device: torch.zeros(
        1024, dtype=torch.int32, device=device
    )
    module("marlin_w4a16.fused_dequant")._marlin_dequant_bf16_kernel = _Silent()
    module("runtime").RUNTIME.fp4_grouped_mode = "nvfp4"
    # Tokens are even over experts.
    torch.bincount = lambda chosen, minlength: torch.full(
        (minlength,), chosen.numel() // minlength, device=chosen.device
    )
    module("experts").register_scattermoe_experts()


def _register() -> None:
    sonic = _packages("sonicmoe")
    numbers = importlib.import_module(f"{sonic}.nvfp4")
    numbers._torchao_nvfp4tensor_cls = lambda: Packed
    importlib.import_module(f"{sonic}.triton_nvfp4")._get_kernels = _Silent
    importlib.import_module(f"{sonic}.triton_nvfp4").triton_available = lambda: True
    importlib.import_module(f"{sonic}.epilogue").check_epilogue = lambda *given, **named: None
    importlib.import_module(f"{sonic}.nvfp4_lora").set_merge_aware_enabled(True)
    importlib.import_module(f"{sonic}.experts").register_sonicmoe_experts()
