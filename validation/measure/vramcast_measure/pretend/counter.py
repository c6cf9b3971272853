"""Counts every storage that lives on the device while code runs on fake tensors."""

from __future__ import annotations

import sys
import traceback
import weakref
from collections import Counter
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from ..phases import Ledger, Phase
from .answers import Answers

BLOCK_BYTES = 512
"""The caching allocator rounds sizes up to this (c10/cuda/CUDACachingAllocator.h kMinBlockSize)."""

_ENGINE_REFERENCES = 5
_ENGINE_STORAGE_USES = 2
"""References to a gradient that only autograd's engine still has, as seen from a dispatch mode."""


class StorageCounter(TorchDispatchMode):
    """Feeds a ledger with the bytes alive on the device.

    Args:
        answers: what code learns that asks a fake tensor for its values
        site_phase: the phase of which the tensors alive at its peak are kept, each with the code
            that made it; slow
    """

    def __init__(self, ledger: Ledger, answers: Answers, site_phase: Phase | None = None) -> None:
        super().__init__()
        self.ledger = ledger
        self.bytes = 0
        self.alive_at_peak: Counter[tuple[Any, ...]] = Counter()
        self._answers = answers
        self._site_phase = site_phase
        self._live: dict[int, tuple[int, tuple[Any, ...]]] = {}
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
        known = self._answers.of(func, args, kwargs)
        out = known if known is not None else func(*args, **kwargs)
        self._answers.note(func, args, out)
        for leaf in tree_leaves(out):
            if isinstance(leaf, torch.Tensor):
                self._born(leaf, func)
        return out

    def _accumulates(self, args: Any, kwargs: Any) -> bool:
        """Whether autograd's engine would add in place, had no dispatch mode been active.

        The conditions are those of torch/csrc/autograd/input_buffer.cpp, can_accumulate_inplace.
        """
        if self.ledger.phase not in (Phase.BACKWARD_HEAD, Phase.BACKWARD_LAYERS):
            return False
        if torch.is_grad_enabled() or len(args) != 2 or kwargs:
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
        self._changed(size)

    def _site(self, tensor: torch.Tensor, func: Any) -> tuple[Any, ...]:
        if self._site_phase is None:
            return ()
        frames = [
            f"{f.filename.rsplit('site-packages/', 1)[-1]}:{f.lineno}"
            for f in traceback.extract_stack(limit=40)[::-1]
            if "_python_dispatch" not in f.filename
            and "/pretend/" not in f.filename
            and "_subclasses" not in f.filename
            and not f.filename.endswith(("torch/_ops.py", "_stats.py"))
        ]
        phase = self.ledger.phase.value
        return (str(func), tuple(tensor.shape), str(tensor.dtype), phase, *frames[:3])

    def _died(self, key: int) -> None:
        entry = self._live.pop(key, None)
        self._deaths.pop(key, None)
        if entry is not None:
            self._changed(-entry[0])

    def _resized(self, storage: torch.UntypedStorage, size: int) -> None:
        entry = self._live.get(storage._cdata)
        if entry is not None:
            self._live[storage._cdata] = (_rounded(size), entry[1])
            self._changed(_rounded(size) - entry[0])

    def _changed(self, difference: int) -> None:
        self.bytes += difference
        is_peak = self.ledger.alive(self.bytes)
        if is_peak and self.ledger.phase is self._site_phase:
            self.alive_at_peak = Counter()
            for size, site in self._live.values():
                self.alive_at_peak[site] += size


def _rounded(size: int) -> int:
    return -(-size // BLOCK_BYTES) * BLOCK_BYTES
