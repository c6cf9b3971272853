"""``python plan/missing.py REQUIREMENTS.txt``: the pinned packages that this Python lacks, but PyTorch.

A package that is there in another version is taken as it is: each case says which versions ran.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def missing(requirements: Iterable[str]) -> list[str]:
    """Those of ``name==version`` lines whose name is not installed."""
    wanted = [line.strip() for line in requirements if "==" in line]
    return [line for line in wanted if line.split("==")[0] != "torch" and not _is_installed(line)]


def _is_installed(requirement: str) -> bool:
    try:
        version(requirement.split("==")[0])
    except PackageNotFoundError:
        return False
    return True


if __name__ == "__main__":
    print(" ".join(missing(Path(sys.argv[1]).read_text().splitlines())))
