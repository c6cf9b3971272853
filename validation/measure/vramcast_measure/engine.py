"""TransformerEngine's own Python under accelerate, over a module that stands in for its compiled one.

What the compiled module allocates is allocated here as its files do (transformer_engine/pytorch/csrc):
quantised tensors by ``quantizer.cpp``, results and swizzled scales of products by ``extensions/gemm.cpp``.
Its kernels write into what is there, and do not run.
"""

from __future__ import annotations

import enum
import importlib
import importlib.machinery
import importlib.util
import math
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from .job import Job, JobError

_PACKAGE = "transformer_engine"
_COMPILED = "transformer_engine_torch"

RECIPES = {"fp8": ((9, 0), False), "mxfp8": ((10, 0), True)}
"""accelerate's recipes by the job's scheme: the card that stands there, and whether blocks are scaled."""


def is_one(job: Job) -> bool:
    """Whether linears of a job compute by TransformerEngine."""
    return bool(job.get("quantized_training.implementation") == "transformer-engine")


def capability(job: Job) -> tuple[int, int]:
    """Of the card: blocks of MXFP8 need a Blackwell."""
    scheme = job.get("quantized_training.scheme")
    if scheme not in RECIPES:
        raise JobError(f"quantized_training.scheme: {scheme} of accelerate can not be measured")
    return RECIPES[scheme][0]


def settings(job: Job) -> dict[str, Any]:
    """What TrainingArguments say where ``accelerate launch`` has said the precision."""
    return {"bf16": False, "fp16": False} if is_one(job) else {}


def shelve() -> None:
    """Makes the package found without running its own file, which loads libraries; PEFT asks for it as it is read."""
    found = importlib.util.find_spec(_PACKAGE) if _PACKAGE not in sys.modules else None
    if found is not None and found.submodule_search_locations:
        root = Path(found.submodule_search_locations[0])
        _package(_PACKAGE, root)
        _package(f"{_PACKAGE}.common", root / "common").load_framework_extension = lambda _: None


def version() -> str | None:
    """The release of the package that is found, which a file of its source has, and what of it does not run."""
    if _PACKAGE not in sys.modules:
        return None
    written = Path(sys.modules[_PACKAGE].__path__[0]).parent / "build_tools" / "VERSION.txt"
    if not written.exists():
        return None
    return f"{written.read_text().strip()} (its compiled module is stood in for)"


def install(job: Job) -> None:
    """What ``accelerate launch --mixed_precision fp8 --fp8_backend te`` puts into the environment, and the packages."""
    if not is_one(job):
        return
    if job.adapts or job.bits:
        raise JobError("quantized_training.implementation: transformer-engine of whole models alone can be measured")
    if _PACKAGE not in sys.modules:
        raise JobError("quantized_training.implementation: transformer_engine is not in VRAMCAST_MEASURE_LIBRARIES")
    os.environ["ACCELERATE_MIXED_PRECISION"] = "fp8"
    os.environ["ACCELERATE_FP8_BACKEND"] = "TE"
    if RECIPES[job.get("quantized_training.scheme")][1]:
        os.environ["ACCELERATE_FP8_USE_MXFP8_BLOCK_SCALING"] = "true"
    compiled = _put(_Compiled())
    # What exports to ONNX needs packages that nothing else does.
    _put(_Anything(f"{_PACKAGE}.pytorch.onnx_extensions"))
    for name in ("accelerator", "state", "utils.imports", "utils.dataclasses", "utils.transformer_engine"):
        module = importlib.import_module(f"accelerate.{name}")
        for asked in ("is_transformer_engine_available", "is_fp8_available", "check_cuda_fp8_capability"):
            if hasattr(module, asked):
                setattr(module, asked, lambda: True)
    compiled.storages = _Storages()
    _give_transforms()
    # As those of PyTorch, workspaces of cuBLAS are not counted.
    products = importlib.import_module(f"{_PACKAGE}.pytorch.cpp_extensions.gemm")
    products.get_cublas_workspace = lambda *_: torch.empty(1, dtype=torch.uint8, device="cuda")


def _give_transforms() -> None:
    """NVFP4's matrix of Hadamard, which all quantizers share, is not worked out on fake tensors."""
    four_bits = importlib.import_module(f"{_PACKAGE}.pytorch.tensor.nvfp4_tensor")
    matrix = torch.empty(16, 16, dtype=torch.bfloat16, device="cuda")
    four_bits.get_random_sign_mask_for_rht = lambda *_, **__: 0
    four_bits.get_rht_matrix = lambda *_, **__: matrix


def _package(name: str, folder: Path) -> Any:
    """A package whose own file, which loads libraries, is not read."""
    package = ModuleType(name)
    package.__path__ = [str(folder)]
    package.__spec__ = importlib.machinery.ModuleSpec(name, None, is_package=True)
    return _put(package)


def _put(module: ModuleType) -> Any:
    sys.modules[module.__name__] = module
    return module


class _Type(enum.IntEnum):
    """``transformer_engine.h`` NVTEDType."""

    kByte = 0
    kInt32 = 2
    kFloat32 = 4
    kFloat16 = 5
    kBFloat16 = 6
    kFloat8E4M3 = 7
    kFloat8E5M2 = 8
    kFloat4E2M1 = 10


_FLOATS = {_Type.kFloat32: torch.float32, _Type.kFloat16: torch.float16, _Type.kBFloat16: torch.bfloat16}

_FORWARD = enum.IntEnum(
    "FP8FwdTensors", [f"GEMM{gemm}_{what}" for gemm in (1, 2, 3) for what in ("INPUT", "WEIGHT", "OUTPUT")], start=0
)
_BACKWARD = enum.IntEnum(
    "FP8BwdTensors", [f"GRAD_{what}{gemm}" for gemm in (1, 2, 3) for what in ("OUTPUT", "INPUT")], start=0
)


class _Storages:
    """TransformerEngine's classes by the quantizer that makes them; those of a tensor, and bare ones; and what makes
    their parts."""

    def __init__(self) -> None:
        tensors = importlib.import_module(f"{_PACKAGE}.pytorch.tensor")
        self.scaling = (tensors.Float8Quantizer, tensors.Float8CurrentScalingQuantizer)
        self.remembering = tensors.Float8Quantizer
        self.four_bits = tensors.NVFP4Quantizer
        self.kinds = [
            (tensors.MXFP8Quantizer, (tensors.MXFP8Tensor, tensors.MXFP8TensorStorage), _blocks),
            (self.scaling, (tensors.Float8Tensor, tensors.Float8TensorStorage), _scaled),
            (self.four_bits, (tensors.NVFP4Tensor, tensors.NVFP4TensorStorage), _four_bits),
            (
                tensors.Float8BlockQuantizer,
                (tensors.Float8BlockwiseQTensor, tensors.Float8BlockwiseQTensorStorage),
                _squares,
            ),
        ]


class _Names(type):
    """A class whose members are their own names."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return name


class _Anything(ModuleType):
    """Names that are not there are classes of nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = _Names(name, (), {})
        setattr(self, name, made)
        return made


class _Compiled(_Anything):
    """``transformer_engine_torch``, as far as linears use it."""

    def __init__(self) -> None:
        super().__init__(_COMPILED)
        self.DType = _Type
        self.FP8FwdTensors = _FORWARD
        self.FP8BwdTensors = _BACKWARD
        # What imports all names looks for them in the module itself.
        for name in vars(type(self)):
            if not name.startswith("_"):
                setattr(self, name, getattr(self, name))

    def get_cublasLt_version(self) -> int:
        return 130000

    def fused_amax_and_scale_update_after_reduction(self, *given: Any) -> None:
        """A kernel over histories that are there."""

    def fp8_transpose(self, data: torch.Tensor, dtype: Any, out: torch.Tensor | None = None) -> torch.Tensor:
        turned = (data.shape[-1], *data.shape[:-1])
        return data.new_empty(turned) if out is None else out

    def quantize(self, tensor: torch.Tensor, quantizer: Any, output: Any = None, noop: Any = None) -> Any:
        tensor = tensor.contiguous()
        kept = output is not None
        made = output if kept else self._made(quantizer, tensor.shape, tensor.dtype, tensor.device)
        if not hasattr(quantizer, "scale") and isinstance(quantizer, self.storages.scaling):
            tensor.new_empty(2, dtype=torch.float32)
        return made

    def rmsnorm_fwd(
        self, x: torch.Tensor, weight: torch.Tensor, eps: float, out: Any, quantizer: Any, dtype: Any, *others: Any
    ) -> tuple[Any, None, torch.Tensor]:
        """``normalization.cpp``: a norm's kernel scales by itself what is scaled by earlier values alone."""
        scales = x.new_empty(x.shape[0], dtype=torch.float32)
        if quantizer is None:
            return torch.empty_like(x), None, scales
        made = self._made(quantizer, x.shape, x.dtype, x.device)
        if not isinstance(quantizer, self.storages.remembering):
            torch.empty_like(x)
        return made, None, scales

    def rmsnorm_bwd(
        self, gradient: torch.Tensor, x: torch.Tensor, scales: torch.Tensor, weight: torch.Tensor, *others: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        return torch.empty_like(x), torch.empty_like(weight)

    def layernorm_fwd(self, *given: Any) -> Any:
        raise JobError("layer norms of TransformerEngine can not be measured")

    layernorm_bwd = layernorm_fwd

    def bgrad_quantize(self, gradient: torch.Tensor, quantizer: Any) -> tuple[torch.Tensor, Any]:
        bias = gradient.new_empty(gradient.shape[-1])
        return bias, self.quantize(gradient, quantizer)

    def _made(self, quantizer: Any, shape: Sequence[int], dtype: torch.dtype, device: torch.device) -> Any:
        found = [each[1:] for each in self.storages.kinds if isinstance(quantizer, each[0])]
        if not found:
            raise JobError(f"quantized_training: {type(quantizer).__name__} can not be measured")
        (tensor, bare), make = found[0]
        four = isinstance(quantizer, self.storages.four_bits)
        parts: dict[str, Any] = {"fp4_dtype" if four else "fp8_dtype": quantizer.dtype, "quantizer": quantizer}
        parts.update(make(quantizer, shape, device))
        if quantizer.internal:
            return bare(fake_dtype=dtype, **parts)
        return tensor(shape=tuple(shape), dtype=dtype, device=device, **parts)

    def generic_gemm(
        self, a: Any, turns_a: bool, b: Any, turns_b: bool, out: Any, quantizer: Any, dtype: Any, bias: Any,
        bias_dtype: Any, gelu: bool, gelu_in: Any, grad: bool, workspace: torch.Tensor, *others: Any, **named: Any,
    ) -> tuple[Any, ...]:
        """A product of a column-major library: ``b`` by rows is what goes in, ``a`` the weight."""
        rows, first = _sizes(b), _sizes(a)
        wide = first[0] if turns_a else first[-1]
        shape = (rows[-1], wide) if turns_b else (*rows[:-1], wide)
        if out is None:
            out = workspace.new_empty(shape, dtype=_FLOATS[_Type(int(dtype))])
        slope = workspace.new_empty(rows[-1], dtype=out.dtype) if grad and bias is not None else None
        return out, slope, None, None


def _sizes(operand: Any) -> tuple[int, ...]:
    """Of what a quantised tensor stands for, which holds bytes as they lie, transposed or by columns."""
    if hasattr(operand, "_fp4_dtype"):
        return tuple(operand.size())
    for name in ("_data", "_rowwise_data", "_columnwise_data"):
        if getattr(operand, name, None) is not None:
            return tuple(getattr(operand, name).shape)
    turned = getattr(operand, "_transpose", None)
    return tuple(operand.shape) if turned is None else (*turned.shape[1:], turned.shape[0])


def _turns(device: torch.device) -> bool:
    """Whether products need a transposed copy: ``nvte_is_non_tn_fp8_gemm_supported``."""
    held = torch.cuda.get_device_capability(device)
    return not ((10, 0) <= held < (12, 0) or held >= (13, 0))


def _empty(device: torch.device) -> Callable[..., torch.Tensor]:
    def empty(sizes: Sequence[int], dtype: torch.dtype = torch.uint8) -> torch.Tensor:
        return torch.empty(tuple(sizes), dtype=dtype, device=device)

    return empty


def _scaled(quantizer: Any, shape: Sequence[int], device: torch.device) -> dict[str, Any]:
    """``Float8Quantizer::create_tensor``: one scale, and bytes as they lie and transposed."""
    empty = _empty(device)
    turns = _turns(device)
    scale = empty((1,), torch.float32)
    data = empty(shape) if quantizer.rowwise_usage or not turns else None
    turned = empty((shape[-1], *shape[:-1])) if quantizer.columnwise_usage and turns else None
    return {"data": data, "fp8_scale_inv": scale, "data_transpose": turned}


def _blocks(quantizer: Any, shape: Sequence[int], device: torch.device) -> dict[str, Any]:
    """``MXFP8Quantizer::create_tensor``: bytes by rows and by columns, each with a byte for 32 of them."""
    empty = _empty(device)
    width = shape[-1]
    rows = math.prod(shape) // width
    if rows % 32 or width % 32:
        raise JobError(f"quantized_training: MXFP8 takes no tensor of {rows} by {width}")
    by_rows = by_columns = (None, None)
    if quantizer.rowwise_usage:
        by_rows = (empty(shape), empty((_up(rows, 128), _up(width // 32, 4))))
    if quantizer.columnwise_usage:
        by_columns = (empty(shape), empty((_up(rows // 32, 4), _up(width, 128))))
    return {
        "rowwise_data": by_rows[0],
        "rowwise_scale_inv": by_rows[1],
        "columnwise_data": by_columns[0],
        "columnwise_scale_inv": by_columns[1],
        "with_gemm_swizzled_scales": quantizer.optimize_for_gemm,
    }


def _squares(quantizer: Any, shape: Sequence[int], device: torch.device) -> dict[str, Any]:
    """``Float8BlockQuantizer::create_tensor``: bytes by rows and transposed, each with an fp32 scale for 128 of them."""
    empty = _empty(device)
    width = shape[-1]
    rows = math.prod(shape) // width
    flat = quantizer.block_scaling_dim == 2

    def scales(along: int, across: int) -> torch.Tensor:
        sizes = (_up(across, 128) // 128, _up(_up(along, 128) // 128, 4))
        return empty(sizes if flat else (_up(along, 128) // 128, _up(across, 4)), torch.float32)

    by_rows = by_columns = (None, None)
    if quantizer.rowwise_usage:
        by_rows = (empty(shape), scales(width, rows))
    if quantizer.columnwise_usage:
        by_columns = (empty((width, *shape[:-1])), scales(rows, width))
    return {
        "rowwise_data": by_rows[0],
        "rowwise_scale_inv": by_rows[1],
        "columnwise_data": by_columns[0],
        "columnwise_scale_inv": by_columns[1],
        "is_2D_scaled": flat,
    }


def _four_bits(quantizer: Any, shape: Sequence[int], device: torch.device) -> dict[str, Any]:
    """``NVFP4Quantizer::create_tensor``: two numbers a byte, a byte for 16 of them, and the largest value."""
    empty = _empty(device)
    width = shape[-1]
    rows = math.prod(shape) // width
    if rows % 16 or width % 16:
        raise JobError(f"quantized_training: NVFP4 takes no tensor of {rows} by {width}")
    by_rows = by_columns = (None, None, None)
    if quantizer.rowwise_usage:
        largest = empty((1,), torch.float32)
        by_rows = (empty((*shape[:-1], width // 2)), empty((_up(rows, 128), _up(width // 16, 4))), largest)
    if quantizer.columnwise_usage:
        largest = empty((1,), torch.float32)
        by_columns = (empty((width, rows // 2)), empty((_up(width, 128), _up(rows // 16, 4))), largest)
    return {
        "rowwise_data": by_rows[0],
        "rowwise_scale_inv": by_rows[1],
        "amax_rowwise": by_rows[2],
        "columnwise_data": by_columns[0],
        "columnwise_scale_inv": by_columns[1],
        "amax_columnwise": by_columns[2],
        "with_gemm_swizzled_scales": False,
    }


def _up(value: int, unit: int) -> int:
    return -(-value // unit) * unit
