"""What a tool says about a job."""

from __future__ import annotations

from dataclasses import dataclass

GIB = 2**30
MIB = 2**20
COMPONENTS = "components"
TOTAL = "total"


@dataclass(frozen=True)
class Answer:
    """Bytes by reading: the tool's total, and its sums that leave overheads or margins out.

    `fits` is the tool's own verdict where it has a rule; otherwise its total decides.
    """

    readings: dict[str, int]
    fits: bool | None = None

    @staticmethod
    def of(fits: bool | None = None, **readings: float) -> Answer:
        """Bytes by reading, rounded."""
        return Answer({name: round(value) for name, value in readings.items()}, fits)
