"""Images that a processor cuts into tiles, or keeps in their own size; in numbers of Transformers' own code."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy

Arrays = dict[str, numpy.ndarray[Any, Any]]
Size = tuple[int, int]
"""Width and height."""

SPLITS = 4
"""Tiles along the longer side of Idefics3's and SmolVLM's images (their preprocessor_config.json)."""


def _pixels(tiles: int, side: int) -> numpy.ndarray[Any, Any]:
    return numpy.zeros((tiles, 3, side, side), dtype=numpy.float32)


def whole(config: Mapping[str, Any], count: int) -> tuple[int, Arrays]:
    """LLaVA 1.5: each image as large as the tower."""
    vision = config["vision_config"]
    side = int(vision["image_size"])
    tokens = (side // int(vision["patch_size"])) ** 2
    return count * tokens, {"pixel_values": _pixels(count, side)}


def any_resolution(config: Mapping[str, Any], count: int, size: Size) -> tuple[int, Arrays]:
    """LLaVA-NeXT and LLaVA-OneVision: the image in tiles, and once whole."""
    from transformers.models.llava_next import modeling_llava_next as code
    from transformers.models.llava_next.processing_llava_next import LlavaNextProcessor
    from transformers.models.llava_onevision.processing_llava_onevision import (
        LlavaOnevisionProcessor,
    )

    vision = config["vision_config"]
    side, patch = int(vision["image_size"]), int(vision["patch_size"])
    pinpoints = config["image_grid_pinpoints"]
    width, height = size
    across = side // patch
    one = config["model_type"] == "llava_onevision"
    kind: Any = LlavaOnevisionProcessor if one else LlavaNextProcessor
    processor = SimpleNamespace(
        image_processor=SimpleNamespace(image_grid_pinpoints=pinpoints),
        patch_size=patch,
        num_additional_image_tokens=0,
        num_image_tokens=across * across,
        vision_aspect_ratio=config.get("vision_aspect_ratio", "anyres_max_9"),
    )
    processor._get_unpadded_features = lambda *a: kind._get_unpadded_features(processor, *a)
    if one and count > 1:
        # replace_image_token: of several images in a sequence none is cut.
        pixels = numpy.zeros((count, 1, 3, side, side), dtype=numpy.float32)
        arrays = {"pixel_values": pixels, "image_sizes": numpy.array([[height, width]] * count)}
        return count * (across * across + 1), {**arrays, "batch_num_images": numpy.array([count])}
    tiles = code.image_size_to_num_patches((height, width), pinpoints, side)
    tokens = kind._get_number_of_features(processor, height, width, across * patch, across * patch)
    sizes = numpy.array([[height, width]] * count)
    pixels = numpy.zeros((count, tiles, 3, side, side), dtype=numpy.float32)
    return count * tokens, {"pixel_values": pixels, "image_sizes": sizes}


def internvl(config: Mapping[str, Any], count: int, size: Size) -> tuple[int, Arrays]:
    """Up to twelve tiles, and the whole image beside them."""
    from transformers.models.got_ocr2.image_processing_pil_got_ocr2 import get_optimal_tiled_canvas

    side = int(config["vision_config"]["image_size"][0])
    columns, rows = get_optimal_tiled_canvas((size[1], size[0]), (side, side), 1, 12)
    tiles = columns * rows + (1 if columns * rows > 1 else 0)
    merged = side // int(config["vision_config"]["patch_size"][0]) * config["downsample_ratio"]
    return count * tiles * int(merged) ** 2, {"pixel_values": _pixels(count * tiles, side)}


def aya(config: Mapping[str, Any], count: int, size: Size) -> tuple[int, Arrays]:
    """As InternVL's, whose sides are single numbers (AyaVisionProcessor takes GotOcr2ImageProcessor).

    It is got_ocr2's get_optimal_tiled_canvas by its own reading, as that file imports Pillow.
    """
    vision = config["vision_config"]
    side, patch = int(vision["image_size"]), int(vision["patch_size"])
    best, off = (1, 1), float("inf")
    for form in sorted(_forms(12), key=lambda each: each[0] * each[1]):
        distance = abs(size[0] / size[1] - form[0] / form[1])
        fills = size[0] * size[1] > 0.5 * side * side * form[0] * form[1]
        if distance < off or distance == off and fills:
            best, off = form, distance
    columns, rows = best
    tiles = columns * rows + (1 if columns * rows > 1 else 0)
    tokens = (side // patch // int(config["downsample_factor"])) ** 2
    return count * tiles * tokens, {"pixel_values": _pixels(count * tiles, side)}


def cohere2(config: Mapping[str, Any], count: int, size: Size) -> tuple[int, Arrays]:
    """The canvas of up to twelve tiles that scales an image up least, or down, and the whole image beside its tiles.

    It is image_processing_cohere2_vision.py get_optimal_tiled_canvas by its own reading, as that file imports
    torchvision.
    """
    vision = config["vision_config"]
    side, patch = int(vision["image_size"]), int(vision["patch_size"])
    tiles = _canvas(side, size, 12)
    tokens = (side // patch // int(config.get("downsample_factor", 2))) ** 2
    return count * tiles * tokens, {"pixel_values": _pixels(count * tiles, side)}


def llama4(config: Mapping[str, Any], count: int, size: Size) -> tuple[int, Arrays]:
    """The smallest canvas of up to sixteen tiles that an image fits on, and the whole image beside its tiles.

    It is image_processing_llama4.py get_best_fit by its own reading, as that file imports torchvision.
    """
    vision = config["vision_config"]
    side, patch = int(vision["image_size"]), int(vision["patch_size"])
    tiles = _canvas(side, size, 16, numpy.float32)
    tokens = round((side // patch * float(vision["pixel_shuffle_ratio"])) ** 2)
    return count * tiles * tokens, {"pixel_values": _pixels(count * tiles, side)}


def ovis2(config: Mapping[str, Any], count: int, size: Size) -> tuple[int, Arrays]:
    """The fewest tiles of up to twelve that cover an image without shrinking much of it, and the whole beside them."""
    from transformers.models.ovis2.image_processing_pil_ovis2 import get_min_tile_covering_grid

    vision = config["vision_config"]
    side = int(vision["image_size"])
    across, down = get_min_tile_covering_grid((size[1], size[0]), side, 12)
    tiles = across * down + (1 if across * down > 1 else 0)
    tokens = (side // int(vision["patch_size"]) // int(vision["hidden_stride"])) ** 2
    return count * tiles * tokens, {"pixel_values": _pixels(count * tiles, side)}


def _forms(most: int) -> list[Size]:
    """Canvases of at most so many tiles, by how many there are across and down."""
    return [(across, down) for across in range(1, most + 1) for down in range(1, most + 1) if across * down <= most]


def _canvas(side: int, size: Size, most: int, number: type[Any] = float) -> int:
    """Tiles of the canvas that scales an image up least, or down, with the whole image where there are several."""
    scales = {form: min(number(form[0] * side) / size[0], number(form[1] * side) / size[1]) for form in _forms(most)}
    larger = [scale for scale in scales.values() if scale >= 1]
    chosen = min(larger) if larger else max(scales.values())
    tiles = min(across * down for (across, down), scale in scales.items() if scale == chosen)
    return tiles + (1 if tiles > 1 else 0)


def split(config: Mapping[str, Any], count: int, size: Size) -> tuple[int, Arrays]:
    """Idefics3, SmolVLM and ModernVBERT: rows and columns of tiles, and the whole image beside them."""
    try:
        from transformers.models.idefics3.image_processing_pil_idefics3 import Idefics3ImageProcessorPil as kind
    except ImportError:  # 4.57
        from transformers.models.idefics3.image_processing_idefics3 import Idefics3ImageProcessor as kind

    vision = config["vision_config"]
    side = int(vision["image_size"])
    tile = {"longest_edge": side}
    settings = {"do_image_splitting": True, "max_image_size": tile}
    settings["size"] = {"longest_edge": SPLITS * side}
    processor = SimpleNamespace(**settings)
    tiles = kind.get_number_of_image_patches(processor, size[1], size[0], settings)[0]
    factor = int(config.get("scale_factor") or config["pixel_shuffle_factor"])
    merged = (side // int(vision["patch_size"])) ** 2 // factor**2
    pixels = numpy.ones((count * tiles, 3, side, side), dtype=numpy.float32)
    mask = numpy.ones((count * tiles, side, side), dtype=numpy.int64)
    return count * tiles * merged, {"pixel_values": pixels, "pixel_attention_mask": mask}


def quartered(config: Mapping[str, Any], count: int, size: Size) -> tuple[int, Arrays]:
    """Idefics2: four quarters and the whole image, each within bounds on its sides, filled up to the largest of them.

    It is image_processing_idefics2.py get_resize_output_image_size and split_images by its own reading, as that file
    imports torchvision; bounds are those of the class.
    """
    width, height = size
    left, top = width // 2, height // 2
    quarters = [(across, down) for down in (top, height - top) for across in (left, width - left)]
    resized = [_within(each, 378, 980) for each in [*quarters, size]]
    across, down = max(each[0] for each in resized), max(each[1] for each in resized)
    pixels = numpy.ones((count, 5, 3, down, across), dtype=numpy.float32)
    mask = numpy.zeros((count, 5, down, across), dtype=numpy.int64)
    for i, each in enumerate(resized):
        mask[:, i, : each[1], : each[0]] = 1
    latents = int(config["perceiver_config"]["resampler_n_latents"])
    arrays = {"pixel_values": pixels, "pixel_attention_mask": mask}
    return count * 5 * latents, {name: each.reshape(-1, *each.shape[2:]) for name, each in arrays.items()}


def _within(size: Size, least: int, most: int) -> Size:
    width, height = size
    form = width / height
    if width >= height and width > most:
        width, height = most, int(most / form)
    elif height > width and height > most:
        width, height = int(most * form), most
    return max(width, least), max(height, least)


def cut_when_large(config: Mapping[str, Any], count: int, size: Size) -> tuple[int, Arrays]:
    """LFM2-VL: tiles of a large image and a small copy of it, or the image alone, filled up with empty patches.

    It is image_processing_lfm2_vl.py resize_and_split by its own reading, as that file imports torchvision; bounds are
    those of the class.
    """
    patch = int(config["vision_config"]["patch_size"])
    unit = patch * int(config.get("downsample_factor", 2))
    width, height = _rounded(size, unit, 64, 256)
    whole = (height // patch, width // patch)
    each = 512 // patch
    shapes = [whole]
    if round(size[0] / unit) * round(size[1] / unit) > 2 * 256:
        best, off = (1, 1), float("inf")
        for form in sorted(_forms(10), key=lambda form: form[0] * form[1]):
            distance = abs(size[0] / size[1] - form[0] / form[1])
            fills = size[0] * size[1] > 0.5 * 512 * 512 * form[0] * form[1]
            if form != (1, 1) and (distance < off or distance == off and fills):
                best, off = form, distance
        shapes = [(each, each)] * (best[0] * best[1]) + [whole]
    most = max(256 * (unit // patch) ** 2, each * each)
    pixels = numpy.zeros((count * len(shapes), most, 3 * patch * patch), dtype=numpy.float32)
    mask = numpy.zeros((count * len(shapes), most), dtype=numpy.int32)
    for i, shape in enumerate(shapes * count):
        mask[i, : shape[0] * shape[1]] = 1
    places = numpy.array(shapes * count)
    tokens = count * sum(down * across for down, across in shapes) // (unit // patch) ** 2
    return tokens, {"pixel_values": pixels, "pixel_attention_mask": mask, "spatial_shapes": places}


def _rounded(size: Size, unit: int, least: int, most: int) -> Size:
    """Sides in whole units of which there are so many (smart_resize)."""
    width, height = (max(1, round(side / unit)) for side in size)
    if width * height > most:
        shrink = math.sqrt(size[0] * size[1] / (most * unit * unit))
        width, height = (max(1, math.floor(side / shrink / unit)) for side in size)
    elif width * height < least:
        grow = math.sqrt(least * unit * unit / (size[0] * size[1]))
        width, height = (math.ceil(side * grow / unit) for side in size)
    return width * unit, height * unit


def own_size(config: Mapping[str, Any], count: int, size: Size) -> tuple[int, Arrays]:
    """Pixtral and Mistral 3: whole merged patches, the longer side within a bound."""
    from transformers.models.pixtral.image_processing_pil_pixtral import (
        get_resize_output_image_size,
    )

    vision = config["vision_config"]
    merge = int(config.get("spatial_merge_size", 1))
    unit = int(vision["patch_size"]) * merge
    longest = int(vision["image_size"])
    height, width = get_resize_output_image_size(
        numpy.zeros((size[1], size[0], 3)), (longest, longest), (unit, unit), "channels_last"
    )
    pixels = numpy.zeros((count, 3, height, width), dtype=numpy.float32)
    sizes = numpy.array([[height, width]] * count)
    return count * (height // unit) * (width // unit), {"pixel_values": pixels, "image_sizes": sizes}
