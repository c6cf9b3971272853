"""The order of a device's work as far as PyTorch's allocator asks for it: streams and events."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import torch

_clock = 0
"""How many events were recorded; what was freed before one is known to be done when it is."""
_current: list["Stream"] = []
_waits: list[Callable[[int], None]] = []
_uses: list[Callable[[int, int], None]] = []


def tell(used: Callable[[int, int], None], waited: Callable[[int], None]) -> None:
    """
    Args:
        used: takes a storage's key and the number of a stream that reads it beside its own
        waited: takes the clock's reading up to which the process has waited for the device
    """
    _uses.append(used)
    _waits.append(waited)


def now() -> int:
    """The clock's reading."""
    return _clock


def entered_last() -> "Stream":
    """The stream that work goes to."""
    return _current[-1]


def used(tensor: torch.Tensor, stream: "Stream") -> None:
    """``Tensor.record_stream``."""
    for told in _uses:
        told(tensor.untyped_storage()._cdata, stream.cuda_stream)


class Event:
    """Comes to pass when the process waits for it, and not before: it runs as far ahead as it can."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self._recorded = 0

    def record(self, *_: Any) -> "Event":
        global _clock
        _clock += 1
        self._recorded = _clock
        return self

    def wait(self, *_: Any) -> None: ...

    def synchronize(self) -> None:
        for told in _waits:
            told(self._recorded)

    def query(self) -> bool:
        return True

    def elapsed_time(self, _: Any) -> float:
        return 0.0


class Stream:
    """A stream of a device without work."""

    made = 0

    def __init__(self, *_: Any, **__: Any) -> None:
        self.device = torch.device("cuda", 0)
        self.device_index = 0
        self.device_type = 1
        self.stream_id = self.cuda_stream = Stream.made
        Stream.made += 1

    def wait_event(self, _: Any) -> None: ...

    def wait_stream(self, _: Any) -> None: ...

    def record_event(self, event: Event | None = None) -> Event:
        return (event or Event()).record()

    def synchronize(self) -> None:
        self.record_event().synchronize()

    def query(self) -> bool:
        return True

    def is_capturing(self) -> bool:
        return False

    def __enter__(self) -> "Stream":
        _current.append(self)
        return self

    def __exit__(self, *_: Any) -> bool:
        _current.pop()
        return False


default = Stream()
_current.append(default)


@contextlib.contextmanager
def entered(stream: Stream | None = None) -> Iterator[None]:
    """``torch.cuda.stream``: nothing for no stream."""
    with contextlib.nullcontext() if stream is None else stream:
        yield
