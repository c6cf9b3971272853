"""Counts every storage that lives on the device while code runs on fake tensors."""

from __future__ import annotations

import dataclasses
import sys
import traceback
import weakref
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from ..phases import Ledger, Phase
from . import streams
from .answers import Answers
from .kernels import beside, between, scratch
from .operations import Operations
from .sites import ModuleStack, plain

BLOCK_BYTES = 512
"""The caching allocator rounds sizes up to this (c10/cuda/CUDACachingAllocator.h kMinBlockSize)."""

_BACKWARD = tuple(
    phase for phase in Phase if phase.name in ("BACKWARD_LOSS", "BACKWARD_HEAD", "BACKWARD_LAYERS")
)

_HERE = Path(__file__).parents[2]

_ENGINE_REFERENCES = 5
_ENGINE_STORAGE_USES = 2
"""References to a gradient that only autograd's engine still has, as seen from a dispatch mode."""


_IN_PLACE = {
    torch.ops.aten.scatter_add.default: torch.ops.aten.scatter_add_.default,
    torch.ops.aten.index_add.default: torch.ops.aten.index_add_.default,
    torch.ops.aten.index_put.default: torch.ops.aten.index_put_.default,
}
"""What gradients write into zeros that they have made themselves; subclasses of tensors get a copy
(torch/csrc/autograd/FunctionsManual.cpp and ATen's gather_backward, areAnyTensorSubclassLike)."""


@dataclass(frozen=True)
class Site:
    """What made a storage.

    Attributes:
        module: path of the module that ran, or whose gradient was computed; empty outside of all
        operation: of PyTorch, e.g. aten.mm.default
        bytes: of the storage, as the allocator rounds them
        phase: in which it was made
        code: file and line, the innermost first
    """

    module: str
    operation: str
    shape: tuple[int, ...]
    dtype: str
    bytes: int
    phase: str
    code: tuple[str, ...]


class StorageCounter(TorchDispatchMode):
    """Feeds a ledger with the bytes alive on the device.

    Args:
        answers: what code learns that asks a fake tensor for its values
        site_phase: the phase of which the tensors alive at its peak are kept, each with the code
            that made it; slow
        operations: takes every allocation and free
    """

    def __init__(
        self,
        ledger: Ledger,
        answers: Answers,
        site_phase: Phase | None = None,
        operations: Operations | None = None,
    ) -> None:
        super().__init__()
        self.ledger = ledger
        self.operations = operations or Operations()
        self.bytes = 0
        self.alive_at_peak: Counter[Site] = Counter()
        self.modules = ModuleStack()
        self._answers = answers
        self._site_phase = site_phase
        if site_phase is not None:
            self.modules.install()
        self._live: dict[int, tuple[int, Site | None]] = {}
        self._deaths: dict[int, weakref.ref[torch.UntypedStorage]] = {}
        self._resize = torch.UntypedStorage.resize_
        counter = self

        def resize_(storage: torch.UntypedStorage, size: int) -> Any:
            result = counter._resize(storage, size)
            counter._resized(storage, size)
            return result

        torch.UntypedStorage.resize_ = resize_  # type: ignore[method-assign]

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if any(t.__name__ in ("DTensor", "AsyncCollectiveTensor") for t in types):
            return NotImplemented
        kwargs = kwargs or {}
        if func is torch.ops.aten.add.Tensor and self._accumulates(args, kwargs):
            return args[0]
        if func in _IN_PLACE and self._in_backward():
            func = _IN_PLACE[func]
        if func is torch.ops.aten._local_scalar_dense.default:
            streams.default.synchronize()
        known = self._answers.of(func, args, kwargs)
        out = known if known is not None else func(*args, **kwargs)
        self._answers.note(func, args, kwargs, out)
        self._passing(sum(map(_rounded, between(func, args))))
        for leaf in tree_leaves(out):
            if isinstance(leaf, torch.Tensor):
                self._born(leaf, func)
        self._passing(sum(map(_rounded, beside(func, args))))
        self.operations.within(scratch(func, args), str(func))
        return out

    def _passing(self, size: int) -> None:
        """What is there for the time of an operation."""
        if size:
            self._changed(size)
            self._changed(-size)

    def _in_backward(self) -> bool:
        phase = self.ledger.phase
        return phase in _BACKWARD and not torch.is_grad_enabled()

    def _accumulates(self, args: Any, kwargs: Any) -> bool:
        """Whether autograd's engine would add in place, had no dispatch mode been active.

        The conditions are those of torch/csrc/autograd/input_buffer.cpp, can_accumulate_inplace.
        """
        if not self._in_backward() or len(args) != 2 or kwargs:
            return False
        old, new = args
        if not (isinstance(old, torch.Tensor) and isinstance(new, torch.Tensor)):
            return False
        if old.shape != new.shape or old.dtype != new.dtype:
            return False
        uses = torch._C._storage_Use_Count(old.untyped_storage()._cdata)
        # Two references are this method's own: the argument tuple and the local name.
        return sys.getrefcount(old) <= _ENGINE_REFERENCES and uses <= _ENGINE_STORAGE_USES

    def _born(self, tensor: torch.Tensor, func: Any) -> None:
        if tensor.device.type != "cuda":
            return
        storage = tensor.untyped_storage()
        key = storage._cdata
        if key in self._live:
            return
        size = _rounded(storage.nbytes())
        self._live[key] = (size, self._site(tensor, func))
        self._deaths[key] = weakref.ref(storage, lambda _, key=key: self._died(key))
        self.operations.born(key, size, str(func))
        self._changed(size)

    def name(self, model: torch.nn.Module) -> None:
        """Takes the paths of all modules, and of the parameters that were made before."""
        self.modules.name(model)
        for path, parameter in model.named_parameters():
            key = parameter.untyped_storage()._cdata
            size, site = self._live.get(key, (0, None))
            if site is not None:
                module = plain(path.rpartition(".")[0])
                self._live[key] = (size, dataclasses.replace(site, module=module))

    def _site(self, tensor: torch.Tensor, func: Any) -> Site | None:
        if self._site_phase is None:
            return None
        frames = [
            f"{_short(f.filename)}:{f.lineno}"
            for f in traceback.extract_stack(limit=40)[::-1]
            if "_python_dispatch" not in f.filename
            and "/pretend/" not in f.filename
            and "_subclasses" not in f.filename
            and not f.filename.endswith(
                ("torch/_ops.py", "_stats.py", "torch/_compile.py", "_dynamo/eval_frame.py")
            )
        ]
        return Site(
            module=self.modules.current(),
            operation=str(func),
            shape=tuple(tensor.shape),
            dtype=str(tensor.dtype).removeprefix("torch."),
            bytes=_rounded(tensor.untyped_storage().nbytes()),
            phase=self.ledger.phase.value,
            code=tuple(frames[:3]),
        )

    def _died(self, key: int) -> None:
        entry = self._live.pop(key, None)
        self._deaths.pop(key, None)
        if entry is not None:
            self.operations.died(key)
            self._changed(-entry[0])

    def _resized(self, storage: torch.UntypedStorage, size: int) -> None:
        entry = self._live.get(storage._cdata)
        if entry is not None:
            site = entry[1]
            if site is not None:
                site = dataclasses.replace(site, bytes=_rounded(size))
            self._live[storage._cdata] = (_rounded(size), site)
            self.operations.died(storage._cdata)
            self.operations.born(storage._cdata, _rounded(size), "resize_")
            self._changed(_rounded(size) - entry[0])

    def _changed(self, difference: int) -> None:
        self.bytes += difference
        is_peak = self.ledger.alive(self.bytes)
        if is_peak and self.ledger.phase is self._site_phase:
            self.alive_at_peak = Counter()
            for _, site in self._live.values():
                if site is not None:
                    self.alive_at_peak[site] += 1


def _short(file: str) -> str:
    """A file below its library, or below the folder of this program."""
    return file.rsplit("site-packages/", 1)[-1].removeprefix(f"{_HERE}/")


def _rounded(size: int) -> int:
    return -(-size // BLOCK_BYTES) * BLOCK_BYTES
