"""The order of a device's work as far as PyTorch's allocator asks for it: streams and events."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import torch

Done = dict[int, int]
"""Up to which reading of the clock the work of each stream is done, by the stream's number."""

LAUNCHES = 1024
"""About so many wait on a stream until the process waits for the next one (forums.developer.nvidia.com/t/68937)."""

_clock = 0
"""How many events and launches there were; what a stream does has the reading of the next one."""
_current: list["Stream"] = []
_streams: dict[int, "Stream"] = {}
_process: Done = {}
_launched: deque[int] = deque()
"""When the launches were made that the process has not waited for."""
_waits: list[Callable[[], None]] = []
_uses: list[Callable[[int, "Stream"], None]] = []


def tell(used: Callable[[int, "Stream"], None], waited: Callable[[], None]) -> None:
    """
    Args:
        used: takes a storage's key and a stream that reads it beside its own
        waited: is called when the process has waited for the device
    """
    _uses.append(used)
    _waits.append(waited)


def is_done(stream: "Stream", work: int) -> bool:
    """Whether the process knows that a stream is behind its work of that reading."""
    return _process.get(stream.cuda_stream, 0) >= work


def entered_last() -> "Stream":
    """The stream that work goes to."""
    return _current[-1]


def used(tensor: torch.Tensor, stream: "Stream") -> None:
    """``Tensor.record_stream``."""
    for told in _uses:
        told(tensor.untyped_storage()._cdata, stream)


def launch() -> None:
    """The default stream is given something to do, for which it may have to come past something older."""
    global _clock
    _clock += 1
    _launched.append(_clock)
    if len(_launched) > LAUNCHES:
        _merge(_process, dict.fromkeys(_streams, _launched.popleft()))
        for told in _waits:
            told()


def wait_for_all() -> None:
    """``torch.cuda.synchronize``."""
    for stream in list(_streams.values()):
        stream.synchronize()


def _merge(into: Done, other: Done) -> None:
    for stream, reading in other.items():
        into[stream] = max(into.get(stream, 0), reading)


class Event:
    """Comes to pass when the process waits for it, and not before: it runs as far ahead as it can.

    What its stream had waited for when it was recorded is done then too. Collectives keep pace with the default
    stream, behind whose event all is done; how far that is itself when one of them is done, nobody knows.
    """

    def __init__(self, *_: Any, **__: Any) -> None:
        self.done: Done = {}

    def record(self, stream: "Stream | None" = None) -> "Event":
        global _clock
        _clock += 1
        on = stream or entered_last()
        self.done = {**on.done, on.cuda_stream: _clock}
        if on is default:
            self.done = dict.fromkeys(_streams, _clock)
        return self

    def wait(self, stream: "Stream | None" = None) -> None:
        (stream or entered_last()).wait_event(self)

    def synchronize(self) -> None:
        _merge(_process, self.done)
        for told in _waits:
            told()

    def query(self) -> bool:
        return all(_process.get(stream, 0) >= reading for stream, reading in self.done.items())

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
        self.done: Done = {}
        self._left = 0
        Stream.made += 1
        _streams[self.cuda_stream] = self

    def work(self) -> int:
        """The clock's reading of its last work: the default stream always does some."""
        return _clock + 1 if self in _current or self is default else self._left

    def wait_event(self, event: Event) -> None:
        _merge(self.done, event.done)

    def wait_stream(self, stream: "Stream") -> None:
        self.wait_event(stream.record_event())

    def record_event(self, event: Event | None = None) -> Event:
        return (event or Event()).record(self)

    def synchronize(self) -> None:
        self.record_event().synchronize()

    def query(self) -> bool:
        return is_done(self, self.work())

    def is_capturing(self) -> bool:
        return False

    def __enter__(self) -> "Stream":
        _current.append(self)
        return self

    def __exit__(self, *_: Any) -> bool:
        _current.pop()
        self._left = _clock + 1
        return False


default = Stream()
_current.append(default)


@contextlib.contextmanager
def entered(stream: Stream | None = None) -> Iterator[None]:
    """``torch.cuda.stream``: nothing for no stream."""
    with contextlib.nullcontext() if stream is None else stream:
        yield
