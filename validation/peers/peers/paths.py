"""Where things are in the repository."""

from __future__ import annotations

from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
REPOSITORY = HOME.parent.parent
RESOURCES = REPOSITORY / "validation/src/main/resources/dev/vramcast/validation"
CASES = (RESOURCES / "cases", REPOSITORY / "validation/cases")
GPUS = REPOSITORY / "catalog/src/main/resources/dev/vramcast/catalog/gpus/gpus.tsv"
VRAMCAST = REPOSITORY / "vramcast"
REQUIREMENTS = HOME / "requirements"
ENVIRONMENTS = HOME / ".venvs"
RESULTS = HOME / "results"
DOCUMENT = REPOSITORY / "docs/comparison.md"
