"""What is alive at the peak of a phase, as JSON lines that ``vramcast validate --tensors`` reads."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any


def lines(name: str, phase: str, alive: Counter[Any]) -> list[str]:
    """A line about the run, then one for equal tensors, the largest first.

    Args:
        name: id of the case
        phase: whose peak it is
        alive: how many there are of each ``pretend.counter.Site``
    """
    largest = sorted(alive.items(), key=lambda entry: -entry[0].bytes * entry[1])
    # FSDP's gathered parameters have a storage of no bytes while they are away.
    largest = [(site, count) for site, count in largest if site.bytes > 0]
    total = sum(site.bytes * count for site, count in largest)
    return [
        json.dumps({"id": name, "phase": phase, "bytes": total}),
        *(json.dumps(_entry(site, count)) for site, count in largest),
    ]


def _entry(site: Any, count: int) -> dict[str, Any]:
    return {
        "module": site.module,
        "operation": site.operation,
        "shape": list(site.shape),
        "dtype": site.dtype,
        "count": count,
        "bytes": site.bytes * count,
        "phase": site.phase,
        "code": list(site.code),
    }
