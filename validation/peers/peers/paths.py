"""Where things are in the repository."""

from __future__ import annotations

from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
REPOSITORY = HOME.parent.parent
RESOURCES = REPOSITORY / "validation/src/main/resources/dev/tunefit/validation"
CASES = (RESOURCES / "cases", REPOSITORY / "validation/cases")
GPUS = REPOSITORY / "catalog/src/main/resources/dev/tunefit/catalog/gpus/gpus.tsv"
TUNEFIT = REPOSITORY / "tunefit"
REQUIREMENTS = HOME / "requirements"
ENVIRONMENTS = HOME / ".venvs"
RESULTS = HOME / "results"
DOCUMENT = REPOSITORY / "docs/comparison.md"
