"""Sound of a job: what the feature extractor of a model makes of it."""

from __future__ import annotations

from typing import Any

import numpy

from .job import Job

ENCODERS = ("whisper",)
"""Types whose every sequence is the text of a segment of sound."""


def hears(job: Job) -> bool:
    """Whether sequences are texts of sound."""
    return job.get("model.config").get("model_type") in ENCODERS


def heard(job: Job, row: dict[str, Any]) -> dict[str, Any]:
    """The sequence as labels beside the features of its sound, which is padded to a whole segment."""
    config = job.get("model.config")
    frames = 2 * int(config.get("max_source_positions", 1500))
    features = numpy.zeros((int(config.get("num_mel_bins", 80)), frames), dtype=numpy.float32)
    return {"input_features": features, "labels": row["labels"]}
