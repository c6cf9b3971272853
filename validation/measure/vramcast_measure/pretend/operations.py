"""Allocations and frees in their order, for the allocator's own code to play."""

from __future__ import annotations


class Operations:
    """Takes what a counter sees; a storage has one number from its birth to its death."""

    def __init__(self) -> None:
        self._entries: list[tuple[int, int, str]] = []
        self._numbers: dict[int, int] = {}
        self._next = 0
        self._begun = 0

    def born(self, key: int, size: int, operation: str) -> None:
        """
        Args:
            key: of the storage, unique among those that live
            size: in bytes; a storage of none takes no memory
            operation: of PyTorch, which made it
        """
        if size:
            self._numbers[key] = self._next
            self._entries.append((self._next, size, operation))
            self._next += 1

    def within(self, sizes: list[int], operation: str) -> None:
        """What a kernel takes for itself, in bytes, and gives back when it ends."""
        for index, size in enumerate(sizes):
            self.born(-1 - index, size, operation)
        for index in range(len(sizes)):
            self.died(-1 - index)

    def died(self, key: int) -> None:
        number = self._numbers.pop(key, None)
        if number is not None:
            self._entries.append((number, 0, ""))

    def begin(self) -> None:
        """What lived only before was the measurement's own way of making a model."""
        self._begun = self._begun or len(self._entries)

    def lines(self) -> list[str]:
        """``a NUMBER BYTES STREAM OPERATION`` and ``f NUMBER``, as ../allocator plays them."""
        gone = {number for number, size, _ in self._entries[: self._begun] if size == 0}
        kept = [entry for entry in self._entries if entry[0] not in gone]
        return [f"a {n} {size} 0 {made_by}" if size else f"f {n}" for n, size, made_by in kept]
