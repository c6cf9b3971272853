"""What code learns that asks a fake tensor for values."""

from __future__ import annotations

from typing import Any

import torch
from torch.utils._python_dispatch import _disable_current_modes
from torch.utils._pytree import tree_map
from torch.utils.weak import WeakIdKeyDictionary

from ..data import scored
from ..job import Job
from .values import Values

aten = torch.ops.aten

_NEVER = (
    aten.isnan.default,
    aten.isinf.default,
    aten.any.default,
    aten.eq.Scalar,
    aten.eq.Tensor,
)
"""What is asked for an exception: a loss that is no number, an expert without tokens."""


_SAME_VALUE = (aten.select.int, aten.squeeze.default, aten.alias.default)
"""Of a tensor with a single element."""

_SHAPED = (aten.repeat_interleave.Tensor, aten.unique_consecutive.default)
"""Results whose shapes depend on values."""


def _is_below_chance(func: Any, args: Any) -> bool:
    """Whether no number drawn from 0 to 1 is below the bound, as in ``torch.rand([]) < self.layerdrop``."""
    return func is aten.lt.Scalar and args[1] == 0 and args[0].dim() == 0


class Answers:
    """Answers from what the batch is meant to be, or from its values where these are followed.

    Args:
        values: of small tensors; None where they are not followed
        all_true: what ``mask.all()`` gives: no padding, and one sequence in each row
        experts: among how many experts of a layer the tokens are divided evenly
        scored: how many labels of a sequence count, of how many; None where all do
    """

    def __init__(
        self,
        all_true: bool,
        experts: int = 1,
        scored: tuple[int, int] | None = None,
        values: Values | None = None,
    ) -> None:
        self._values = values
        self._all_true = all_true
        self._experts = experts
        self._scored = scored
        self._known: WeakIdKeyDictionary = WeakIdKeyDictionary()
        self._places: WeakIdKeyDictionary = WeakIdKeyDictionary()
        self._shares: WeakIdKeyDictionary = WeakIdKeyDictionary()

    def note(self, func: Any, args: Any, kwargs: Any, out: Any) -> None:
        """Remembers what a result is when its values follow from the kind of operation."""
        if self._values is not None:
            self._values.note(func, args, kwargs, out)
        if func in (aten.all.default, aten.all.dim):
            self._known[out] = self._all_true
        elif func is aten.eq.Scalar and self._asks_for_expert(args):
            self._shares[out] = out.numel() // self._experts
        elif func in _NEVER or _is_below_chance(func, args):
            self._known[out] = False
        elif func is aten.nonzero.default and args[0].dim() == 1:
            self._places[out] = range(out.shape[0])
        elif func is aten.unbind.int and args[0] in self._places:
            for place, row in zip(self._places[args[0]], out, strict=True):
                self._known[row] = place
        elif func in _SAME_VALUE and args[0] in self._known:
            self._known[out] = self._known[args[0]]

    def _asks_for_expert(self, args: Any) -> bool:
        """Whether a mask says which of all choices, in one row, are this expert."""
        count = self._experts
        if count == 1:
            return False
        choices, index = args[:2]
        return choices.dim() == 1 and choices.dtype is torch.int64 and 0 <= index < count

    def of(self, func: Any, args: Any, kwargs: Any) -> Any:
        """The result of an operation that depends on values, or None where it does not."""
        if func is aten._local_scalar_dense.default:
            return self._scalar(args[0])
        if func is aten.equal.default:
            # Counts of steps, of which ranks have the same.
            return args[0].dim() == 0
        if func in _SHAPED and self._values is not None:
            return self._shaped(func, args, kwargs)
        if func is aten.index.Tensor:
            return self._index(args)
        if func is aten.nonzero.default:
            return args[0].new_empty((self._chosen(args[0]), args[0].dim()), dtype=torch.int64)
        return None

    def _shaped(self, func: Any, args: Any, kwargs: Any) -> Any:
        """Results of the shapes that they have on a GPU, where the arguments are known."""
        assert self._values is not None
        real = self._values.result(func, args, kwargs)
        if real is None:
            return None
        device = next(a.device for a in args if isinstance(a, torch.Tensor))
        return tree_map(lambda t: torch.empty_like(t, device=device), real)

    def _count(self, mask: torch.Tensor) -> int | None:
        return None if self._values is None else self._values.count(mask)

    def _chosen(self, mask: torch.Tensor) -> int:
        """How many elements are not zero: of choices by tokens, one expert's share, else all.

        Where there is one place more than experts, for tokens that are masked, nobody is there.
        """
        known = self._count(mask)
        if known is not None:
            return known
        if mask.dim() == 1 and mask.numel() == self._experts + 1 > 2:
            return self._experts
        return mask.numel() // self._experts if mask.dim() == 2 else mask.numel()

    def _scalar(self, tensor: torch.Tensor) -> Any:
        known = None if self._values is None else self._values.number(tensor)
        if known is not None:
            return known
        if tensor in self._known:
            return self._known[tensor]
        # What torch.tensor makes of a number is known to its fake (att_span of transformers DebertaModel).
        constant = getattr(tensor, "constant", None)
        if constant is not None:
            with _disable_current_modes():
                return constant.item()
        if tensor.dtype is torch.bool:
            return True
        return 1.0 if tensor.is_floating_point() else 1

    def _index(self, args: Any) -> Any:
        """Selection by a mask that is true everywhere, or where labels count."""
        tensor, indices = args[:2]
        if len(indices) != 1 or indices[0] is None or indices[0].dtype is not torch.bool:
            return None
        mask = indices[0]
        return tensor.new_empty((self._true(mask), *tensor.shape[mask.dim() :]))

    def _true(self, mask: torch.Tensor) -> int:
        known = self._shares.get(mask, self._count(mask))
        if known is not None:
            return known
        if self._scored is None:
            return mask.numel()
        counted, of = self._scored
        sequences = -(-mask.numel() // of)
        return sequences * counted


def scored_share(job: Job) -> tuple[int, int] | None:
    """Scored tokens of a row and its length; None where all count.

    Of packed documents the first token has no label (trl/trainer/sft_trainer.py).
    """
    length = job.get("batch.sequence_length")
    documents = job.get("batch.segments")
    if documents is not None:
        sequences = job.get("batch.micro_batch", 1)
        return sequences * (length - documents), sequences * length
    return None if scored(job) == length else (scored(job), length)


_EXPERTS = ("num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts")
"""What configs call the number of routed experts of a layer."""


def experts(job: Job) -> int:
    """Routed experts of a layer, 1 for a dense model."""
    config = job.get("model.config")
    parts = (config, *(part for part in config.values() if isinstance(part, dict)))
    counts = (part[name] for part in parts for name in _EXPERTS if part.get(name))
    return next((int(count) for count in counts), 1)
