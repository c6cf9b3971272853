"""Images of a job: what the processor of a model makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy
import torch

from . import tiles
from .job import Job, JobError


@dataclass(frozen=True)
class Processed:
    """Images of one sequence.

    Attributes:
        tokens: placeholders that they take in the sequence
        arrays: by the name of the model's argument; the first dimension counts images or patches
        types: the name of the argument that is 1 where a placeholder stands; None without one
    """

    tokens: int
    arrays: dict[str, numpy.ndarray[Any, Any]]
    types: str | None


def processed(job: Job) -> Processed:
    """The images of a sequence.

    Raises:
        JobError: the model's processor is not known here
    """
    config = job.get("model.config")
    count = job.images
    kind = str(config.get("model_type"))
    if kind == "gemma3":
        return _gemma3(config, count)
    if kind == "gemma3n":
        return _gemma3n(config, count)
    if kind == "paligemma":
        return _whole(config["vision_config"], count)
    if kind in _PATCHED:
        return _qwen(config["vision_config"], count, _size(job))
    if kind == "hunyuan_vl":
        return _hunyuan(config["vision_config"], count, _size(job))
    if kind in ("kimi_k25", "paddleocr_vl"):
        return _paddle(config["vision_config"], count, _size(job))
    if kind == "gemma4":
        return _gemma4(config, count, _size(job))
    if kind == "gemma4_unified":
        return _gemma4_unified(config, count, _size(job))
    if kind == "mllama":
        return _mllama(config["vision_config"], count, int(job.get("batch.sequence_length")))
    if kind in _TILED:
        return Processed(*_TILED[kind](config, count, _size(job)), None)
    if kind == "llava" and config["vision_config"].get("model_type") == "pixtral":
        return Processed(*tiles.own_size(config, count, _size(job)), None)
    if kind in ("deepseek_vl", "janus", "llava", "vipllava"):
        return Processed(*tiles.whole(config, count), None)
    raise JobError(f"batch.images: {kind} can not be measured with images")


_PATCHED = (
    "qwen2_vl",
    "qwen2_5_vl",
    "qwen3_vl",
    "qwen3_vl_moe",
    "qwen3_5",
    "qwen3_5_moe",
    "qwen2_5_omni_thinker",
    "qwen3_omni_moe_thinker",
    "glm4v",
    "glm46v",
    "glm4v_moe",
    "glm_ocr",
    "cohere_compass",
    "minimax_m3_vl",
)
"""Types whose processor lines up patches in time, too."""

_TILED = {
    "llava_next": tiles.any_resolution,
    "llava_next_video": tiles.any_resolution,
    "llava_onevision": tiles.any_resolution,
    "aya_vision": tiles.aya,
    "lighton_ocr": tiles.own_size,
    "internvl": tiles.internvl,
    "qianfan_ocr": tiles.internvl,
    "idefics2": tiles.quartered,
    "lfm2_vl": tiles.cut_when_large,
    "idefics3": tiles.split,
    "smolvlm": tiles.split,
    "modernvbert": tiles.split,
    "mistral3": tiles.own_size,
    "llama4": tiles.llama4,
    "cohere2_vision": tiles.cohere2,
    "ovis2": tiles.ovis2,
}


def _size(job: Job) -> tuple[int, int]:
    size = job.get("batch.image_size")
    if not isinstance(size, list) or len(size) != 2:
        raise JobError("batch.image_size: width and height are needed")
    return int(size[0]), int(size[1])


def _gemma3(config: Mapping[str, Any], count: int) -> Processed:
    side = int(config["vision_config"].get("image_size", 896))
    pixels = numpy.zeros((count, 3, side, side), dtype=numpy.float32)
    tokens = count * int(config.get("mm_tokens_per_image", 256))
    return Processed(tokens, {"pixel_values": pixels}, "token_type_ids")


def _gemma3n(config: Mapping[str, Any], count: int) -> Processed:
    """The preprocessor_config.json of its checkpoints has images of 768 pixels a side."""
    pixels = numpy.zeros((count, 3, 768, 768), dtype=numpy.float32)
    return Processed(count * int(config.get("vision_soft_tokens_per_image", 256)), {"pixel_values": pixels}, None)


def _gemma4(config: Mapping[str, Any], count: int, size: tuple[int, int]) -> Processed:
    """Patches of an image of its own form, behind which there is padding up to a bound."""
    from transformers.models.gemma4.image_processing_pil_gemma4 import (
        Gemma4ImageProcessorPil,
        get_aspect_ratio_preserving_size,
    )

    vision = config["vision_config"]
    patch, pool = int(vision["patch_size"]), int(vision["pooling_kernel_size"])
    most = Gemma4ImageProcessorPil.max_soft_tokens * pool * pool
    height, width = (
        side // patch
        for side in get_aspect_ratio_preserving_size(size[1], size[0], patch, most, pool)
    )
    pixels = numpy.zeros((count, most, 3 * patch * patch), dtype=numpy.float32)
    places = numpy.full((count, most, 2), -1, dtype=numpy.int64)
    places[:, : height * width, 0] = numpy.tile(numpy.arange(width), height)
    places[:, : height * width, 1] = numpy.repeat(numpy.arange(height), width)
    tokens = count * height * width // (pool * pool)
    arrays = {"pixel_values": pixels, "image_position_ids": places}
    return Processed(tokens, arrays, "mm_token_type_ids")


def _gemma4_unified(config: Mapping[str, Any], count: int, size: tuple[int, int]) -> Processed:
    """As Gemma 4's, of whose patches the processor makes one of each square."""
    apart = _gemma4({**config, "vision_config": {"patch_size": 16, "pooling_kernel_size": 3}}, count, size)
    places = apart.arrays["image_position_ids"]
    pixels = apart.arrays["pixel_values"]
    most, square = places.shape[1] // 9, 9
    merged = numpy.full((count, most, 2), -1, dtype=numpy.int64)
    tokens = apart.tokens // count
    across = int(places[0, :, 0].max() + 1) // 3
    merged[:, :tokens, 0] = numpy.arange(tokens) % across
    merged[:, :tokens, 1] = numpy.arange(tokens) // across
    values = numpy.zeros((count, most, pixels.shape[2] * square), dtype=numpy.float32)
    return Processed(apart.tokens, {"pixel_values": values, "image_position_ids": merged}, apart.types)


def _mllama(vision: Mapping[str, Any], count: int, length: int) -> Processed:
    """A canvas of as many tiles as there may be; one token stands for each image, and those behind it see it."""
    side, tiles = int(vision["image_size"]), int(vision.get("max_num_tiles", 4))
    arrays = {
        "pixel_values": numpy.zeros((count, tiles, 3, side, side), dtype=numpy.float32),
        "aspect_ratio_ids": numpy.full((count,), 6, dtype=numpy.int64),
        "aspect_ratio_mask": numpy.ones((count, tiles), dtype=numpy.int64),
        "cross_attention_mask": numpy.ones((length, count, tiles), dtype=numpy.int64),
    }
    return Processed(count, arrays, None)


def _whole(vision: Mapping[str, Any], count: int) -> Processed:
    """Each patch is a token."""
    side = int(vision.get("image_size", 224))
    pixels = numpy.zeros((count, 3, side, side), dtype=numpy.float32)
    tokens = count * (side // int(vision.get("patch_size", 14))) ** 2
    return Processed(tokens, {"pixel_values": pixels}, "token_type_ids")


def _qwen(vision: Mapping[str, Any], count: int, size: tuple[int, int]) -> Processed:
    """Sides are rounded to whole merged patches (qwen2_vl image_processing smart_resize)."""
    patch = int(vision.get("patch_size", 16 if "num_position_embeddings" in vision else 14))
    merge = int(vision.get("spatial_merge_size", 2))
    width, height = (round(pixels / (patch * merge)) * merge for pixels in size)
    features = 3 * int(vision.get("temporal_patch_size", 2)) * patch * patch
    pixels = numpy.zeros((count * width * height, features), dtype=numpy.float32)
    grid = numpy.array([[1, height, width]] * count)
    tokens = count * width * height // (merge * merge)
    return Processed(tokens, {"pixel_values": pixels, "image_grid_thw": grid}, "mm_token_type_ids")


def _hunyuan(vision: Mapping[str, Any], count: int, size: tuple[int, int]) -> Processed:
    """As Qwen's, of one frame; a token ends each row, and two stand around all (HunYuanVLProcessor)."""
    patched = _qwen({**vision, "temporal_patch_size": 1}, count, size)
    _, height, width = patched.arrays["image_grid_thw"][0]
    merge = int(vision.get("spatial_merge_size", 2))
    tokens = count * (int(height) // merge * (int(width) // merge + 1) + 2)
    return Processed(tokens, patched.arrays, patched.types)


def _paddle(vision: Mapping[str, Any], count: int, size: tuple[int, int]) -> Processed:
    """As Qwen's, of one frame, and each patch keeps its form (PaddleOCRVLImageProcessor)."""
    patched = _qwen({**vision, "temporal_patch_size": 1}, count, size)
    patch = int(vision.get("patch_size", 14))
    pixels = patched.arrays["pixel_values"].reshape(-1, 3, patch, patch)
    types = None if "merge_kernel_size" in vision else patched.types
    return Processed(patched.tokens, {**patched.arrays, "pixel_values": pixels}, types)


def placeholder(job: Job) -> int:
    """The token that stands for a part of an image."""
    from transformers import AutoConfig

    document = dict(job.get("model.config"))
    config = AutoConfig.for_model(document.pop("model_type"), **document)
    return int(getattr(config, "image_token_id", getattr(config, "image_token_index", 0)))


def insert(job: Job, row: dict[str, Any]) -> None:
    """Puts the images at the begin of a sequence, which keeps its length."""
    images = processed(job)
    length = len(row["input_ids"])
    if job.get("model.config").get("model_type") == "hunyuan_vl":
        _apart(job, row, images)
        return
    placed(row, placeholder(job), images.tokens)
    if images.types is not None:
        row[images.types] = [1] * images.tokens + [0] * (length - images.tokens)
    marks = list(job.get("model.config").get("visual_indicator_token_ids", []))
    if marks and images.tokens + len(marks) <= length:
        row["input_ids"][images.tokens : images.tokens + len(marks)] = marks
    row.update(images.arrays)


def _apart(job: Job, row: dict[str, Any], images: Processed) -> None:
    """A word stands between images, which are counted where placeholders begin (HunYuanVLModel.get_rope_index)."""
    types, each = [0] * len(row["input_ids"]), images.tokens // job.images
    for begin in range(0, job.images * (each + 1), each + 1):
        placed(row, placeholder(job), each, begin)
        types[begin : begin + each] = [1] * each
    row["mm_token_type_ids"] = types
    row.update(images.arrays)


def placed(row: dict[str, Any], kept: int, tokens: int, begin: int = 0) -> None:
    """Puts as many placeholders into a sequence, which keeps its length, behind ``begin`` others."""
    length, end = len(row["input_ids"]), begin + tokens
    if end > length:
        raise JobError(f"batch.sequence_length: {end} tokens of images and sound have no room in {length}")
    # Words of the text are drawn, and may be it by chance.
    text = [kept + 1 if word == kept else word for word in row["input_ids"][end:]]
    row["input_ids"] = row["input_ids"][:begin] + [kept] * tokens + text
    row["labels"][begin:end] = [-100] * tokens


Collator = Callable[[list[dict[str, Any]]], dict[str, torch.Tensor]]


_SOUND = ("input_features", "feature_attention_mask")
"""What is made of sound."""

_SEEN = (
    "pixel_values",
    "pixel_attention_mask",
    "spatial_shapes",
    "image_grid_thw",
    "image_sizes",
    "batch_num_images",
    "image_position_ids",
)
"""What is made of images."""


def collating(collator: Any, kind: str) -> Collator:
    """A collator that lines up the images and the sound of all sequences, as processors do.

    Args:
        kind: the model's type; some have the images of a sequence in a dimension of their own
    """

    def collate(rows: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
        batch = collator(rows)
        rowwise = kind in ("idefics2", "idefics3", "smolvlm", "modernvbert", "mllama")
        for name in (*_SOUND, *_SEEN):
            if name in batch and (name in _SOUND or not rowwise):
                batch[name] = batch[name].flatten(0, 1)
        return dict(batch)

    return collate
