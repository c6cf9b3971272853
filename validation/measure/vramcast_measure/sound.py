"""Sound of a job: what the feature extractor of a model makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy

from .images import placed, processed
from .job import Job, JobError

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


FRAMES = 100
"""Frames of a second of sound (WhisperFeatureExtractor: 16,000 samples, 160 of each)."""

_WHOLE = {"qwen2_audio": 3000, "qwen2_5_omni_thinker": 30000}
"""Types whose processor fills features up, and the frames that it fills them up to: thirty seconds, or the 300 of the
checkpoint's preprocessor_config.json."""

_SEGMENT = 3000
"""Frames of each segment that Voxtral's processor cuts sound into, the last of which is filled up."""


def inserted(job: Job, row: dict[str, Any]) -> None:
    """Puts the sound at the begin of a sequence, behind what images took, which keeps its length.

    Raises:
        JobError: the model's processor is not known here
    """
    config = job.get("model.config")
    kind = str(config.get("model_type"))
    frames = round(FRAMES * job.sound)
    begin = processed(job).tokens if job.images else 0
    bands = int(config.get("audio_config", {}).get("num_mel_bins", 128))
    if kind == "voxtral":
        segments = -(-frames // _SEGMENT)
        features = numpy.zeros((segments, bands, _SEGMENT), dtype=numpy.float32)
        row["input_features"] = features
        placed(row, _token(config), segments * _SEGMENT // 8, begin)
        return
    if kind not in (*_WHOLE, "qwen3_omni_moe_thinker"):
        raise JobError(f"batch.audio_seconds: {kind} can not be measured with sound")
    whole = _WHOLE.get(kind, frames)
    mask = numpy.zeros((1, whole), dtype=numpy.int32)
    mask[:, :frames] = 1
    row["input_features"] = numpy.zeros((1, bands, whole), dtype=numpy.float32)
    row["feature_attention_mask"] = mask
    states = (frames - 1) // 2 + 1
    tokens = _convolved(frames) if kind.startswith("qwen3") else (states - 2) // 2 + 1
    placed(row, _token(config), tokens, begin)


def _convolved(frames: int) -> int:
    """Three convolutions that halve, of a hundred frames at a time (_get_feat_extract_output_lengths)."""
    rest = frames % 100
    return frames // 100 * 13 + (((rest + 1) // 2 + 1) // 2 + 1) // 2


def _token(config: Mapping[str, Any]) -> int:
    return int(config.get("audio_token_id", config.get("audio_token_index", 0)))
