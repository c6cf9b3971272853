"""How long a run on a rented machine may take."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable


def minutes(text: str) -> float:
    """A time limit given by a user."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text}, but it has to be a number of minutes above 0")
    return value


class Budget:
    """Says whether another job still fits, by the longest so far.

    Args:
        minutes: in all; None for no limit
        now: a clock in seconds
    """

    def __init__(self, minutes: float | None, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._end = float("inf") if minutes is None else now() + 60 * minutes
        self._longest = 0.0

    def has_room(self) -> bool:
        """Whether a job that takes as long as the longest would end in time."""
        return self._now() + self._longest < self._end

    def took(self, seconds: float) -> None:
        """A job has run for so long."""
        self._longest = max(self._longest, seconds)
