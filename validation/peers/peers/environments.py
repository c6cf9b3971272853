"""One virtual environment per tool; those that need PyTorch share one.

`requirements/NAME.txt` is installed with its dependencies, `requirements/NAME.bare.txt` after it
without: packages that ask for far more than their estimator imports, or build against PyTorch.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from peers.paths import ENVIRONMENTS, HOME, REQUIREMENTS

_STAMP = "requirements.sha256"
_BARE = ("--no-deps", "--no-build-isolation")


def python(environment: str) -> Path:
    """The interpreter of an environment."""
    return ENVIRONMENTS / environment / "bin" / "python"


def _files(environment: str) -> list[tuple[Path, tuple[str, ...]]]:
    candidates = [(f"{environment}.txt", ()), (f"{environment}.bare.txt", _BARE)]
    paths = [(REQUIREMENTS / name, flags) for name, flags in candidates]
    return [(path, flags) for path, flags in paths if path.is_file()]


def fingerprint(environment: str) -> str:
    """Changes when the pins of an environment change."""
    text = "".join(path.read_text() for path, _ in _files(environment))
    return hashlib.sha256(text.encode()).hexdigest()


def install(environment: str) -> None:
    """Makes the environment, unless it stands already with the same pins."""
    stamp = ENVIRONMENTS / environment / _STAMP
    if stamp.is_file() and stamp.read_text() == fingerprint(environment):
        return
    print(f"installing {environment}", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", ENVIRONMENTS / environment], check=True)
    # DeepSpeed would otherwise compile kernels.
    variables = {**os.environ, "DS_BUILD_OPS": "0"}
    for path, flags in _files(environment):
        command = [str(python(environment)), "-m", "pip", "install", "-q", *flags, "-r", str(path)]
        subprocess.run(command, check=True, env=variables)
    stamp.write_text(fingerprint(environment))


def variables() -> dict[str, str]:
    """The environment of a worker: this package importable, no network, no chatter."""
    quiet = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "error", "NO_COLOR": "1"}
    return {**os.environ, **quiet, "PYTHONPATH": str(HOME), "CUDA_VISIBLE_DEVICES": ""}
