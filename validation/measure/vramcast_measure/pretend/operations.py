"""Allocations and frees in their order, for the allocator's own code to play."""

from __future__ import annotations

from dataclasses import dataclass

from . import streams


@dataclass(frozen=True)
class _Entry:
    """An allocation, or a free, which is of no bytes."""

    number: int
    size: int
    stream: int = 0
    operation: str = ""

    def line(self) -> str:
        if self.size:
            return f"a {self.number} {self.size} {self.stream} {self.operation}"
        return f"f {self.number}"


class Operations:
    """Takes what a counter sees; a storage has one number from its birth to its death.

    What another stream reads too is given back when the process has waited for what that stream did
    until the free: the allocator takes it before its next allocation.
    """

    def __init__(self) -> None:
        self._entries: list[_Entry] = []
        self._numbers: dict[int, int] = {}
        self._streams: dict[int, int] = {}
        self._used: dict[int, list[streams.Stream]] = {}
        self._waiting: list[tuple[int, list[tuple[streams.Stream, int]]]] = []
        self._next = 0
        self._begun = 0
        streams.tell(self._uses, self._waited)

    def born(self, key: int, size: int, operation: str) -> None:
        """
        Args:
            key: of the storage, unique among those that live
            size: in bytes; a storage of none takes no memory
            operation: of PyTorch, which made it
        """
        if size:
            stream = streams.entered_last().cuda_stream
            if stream == streams.default.cuda_stream:
                streams.launch()
            self._numbers[key] = self._next
            self._streams[key] = stream
            self._entries.append(_Entry(self._next, size, stream, operation))
            self._next += 1

    def within(self, sizes: list[int], operation: str) -> None:
        """What a kernel takes for itself, in bytes, and gives back when it ends."""
        for index, size in enumerate(sizes):
            self.born(-1 - index, size, operation)
        for index in range(len(sizes)):
            self.died(-1 - index)

    def died(self, key: int) -> None:
        number = self._numbers.pop(key, None)
        if number is None:
            return
        uses = [(stream, stream.work()) for stream in self._used.pop(key, [])]
        if all(streams.is_done(*use) for use in uses):
            self._entries.append(_Entry(number, 0))
        else:
            self._waiting.append((number, uses))

    def begin(self) -> None:
        """What lived only before was the measurement's own way of making a model."""
        self._begun = self._begun or len(self._entries)

    def lines(self) -> list[str]:
        """``a NUMBER BYTES STREAM OPERATION`` and ``f NUMBER``, as ../allocator plays them."""
        gone = {entry.number for entry in self._entries[: self._begun] if entry.size == 0}
        return [entry.line() for entry in self._entries if entry.number not in gone]

    def _uses(self, key: int, stream: streams.Stream) -> None:
        others = self._used.setdefault(key, []) if key in self._numbers else []
        if stream not in others and self._streams.get(key) != stream.cuda_stream:
            others.append(stream)

    def _waited(self) -> None:
        waiting = self._waiting
        self._waiting = []
        for number, uses in waiting:
            if all(streams.is_done(*use) for use in uses):
                self._entries.append(_Entry(number, 0))
            else:
                self._waiting.append((number, uses))
