"""Values of small tensors of numbers that are known beside their fakes.

Which tokens have a label, what is padding and how long a sequence is follows from the data, so that
code which selects by a mask selects as many as it does on a GPU.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.utils._python_dispatch import _disable_current_modes
from torch.utils._pytree import tree_flatten, tree_map
from torch.utils.weak import WeakIdKeyDictionary

aten = torch.ops.aten

LARGEST = 1 << 25
"""Elements; larger ones are no labels."""

_MADE = {"arange", "zeros", "ones", "full", "scalar_tensor", "randperm"}


_SHARES = {"_to_copy", "div", "ceil"}
"""What makes floats of numbers that are compared with zero (transformers Gemma4VisionPooler), or rounded to count
chunks (chunk_and_pad_features of Qwen2.5-Omni)."""


class Values:
    """Computes on the host what is computed of known numbers on the device."""

    def __init__(self) -> None:
        self._known: WeakIdKeyDictionary = WeakIdKeyDictionary()

    def place(self, fake: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
        """Says what a tensor holds."""
        if _counts(real):
            with _disable_current_modes():
                self._known[fake] = real.clone()
        return fake

    def count(self, tensor: torch.Tensor) -> int | None:
        """How many elements are not zero; None where that is not known."""
        known = self._known.get(tensor)
        if known is None:
            return None
        with _disable_current_modes():
            return int(known.count_nonzero())

    def number(self, tensor: torch.Tensor) -> Any:
        """The value of a single element; None where it is not known."""
        known = self._known.get(tensor)
        if known is None:
            return None
        with _disable_current_modes():
            return known.item()

    def result(self, func: Any, args: Any, kwargs: Any) -> Any:
        """What an operation gives, computed on the host; None where an argument is not known."""
        used = [t for t in tree_flatten((args, kwargs))[0] if isinstance(t, torch.Tensor)]
        if not all(t in self._known for t in used):
            return None
        with _disable_current_modes():
            known = tree_map(self._real, (args, dict(kwargs)))
            return func(*known[0], **known[1])

    def note(self, func: Any, args: Any, kwargs: Any, out: Any) -> None:
        """Follows an operation whose results are numbers and whose arguments are known."""
        results = [t for t in tree_flatten(out)[0] if isinstance(t, torch.Tensor)]
        name = func._schema.name.split("::")[1]
        if not results or not self._follows(name, args, kwargs, results):
            self._forget(name, args, results)
            if name == "ne" and _counts(results[0]):
                # Images that are not empty (transformers Idefics3Model.get_image_features).
                with _disable_current_modes():
                    self._known[results[0]] = torch.ones(results[0].shape, dtype=torch.bool)
            return
        with _disable_current_modes():
            known = tree_map(self._real, (args, dict(kwargs)))
            if "device" in known[1]:
                known[1]["device"] = torch.device("cpu")
            try:
                real = func(*known[0], **known[1])
            except (RuntimeError, NotImplementedError, IndexError):
                return
        reals = [t for t in tree_flatten(real)[0] if isinstance(t, torch.Tensor)]
        for fake, value in zip(results, reals, strict=True):
            if _counts(value) or name in _SHARES:
                self._known[fake] = value

    def _follows(self, name: str, args: Any, kwargs: Any, results: list[torch.Tensor]) -> bool:
        if any(t.numel() > LARGEST for t in results):
            return False
        if any(t.is_floating_point() for t in results) and name not in _SHARES:
            return False
        used = [t for t in tree_flatten((args, kwargs))[0] if isinstance(t, torch.Tensor)]
        if not used:
            return name in _MADE
        return all(t in self._known for t in used)

    def _forget(self, name: str, args: Any, results: list[torch.Tensor]) -> None:
        """What an operation in place wrote is not known any more."""
        if name.endswith("_"):
            for tensor in results:
                self._known.pop(tensor, None)

    def _real(self, value: Any) -> Any:
        return self._known[value] if isinstance(value, torch.Tensor) else value


def _counts(tensor: torch.Tensor) -> bool:
    return not tensor.is_floating_point() and tensor.numel() <= LARGEST
