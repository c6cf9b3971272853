import pytest
from transformers import default_data_collator

from vramcast_measure.data import examples
from vramcast_measure.images import collating, processed
from vramcast_measure.job import Job, JobError

VISION = {"patch_size": 14, "spatial_merge_size": 2, "temporal_patch_size": 2}


def job(**batch: object) -> Job:
    config = {"model_type": "qwen2_5_vl", "vocab_size": 50, "vision_config": VISION}
    return Job(
        {
            "model.config": config,
            "batch.sequence_length": 300,
            "batch.images": 1,
            "batch.image_size": [448, 420],
            **{f"batch.{name}": value for name, value in batch.items()},
        }
    )


def test_sides_are_rounded_to_whole_tokens() -> None:
    images = processed(job(image_size=[450, 425]))

    assert images.tokens == 16 * 15
    assert images.arrays["pixel_values"].shape == (32 * 30, 3 * 2 * 14 * 14)
    assert images.arrays["image_grid_thw"].tolist() == [[1, 30, 32]]


def test_placeholders_have_no_label() -> None:
    row = examples(job(), 1)[0]

    assert sum(label == -100 for label in row["labels"]) == 240
    assert row["mm_token_type_ids"] == [1] * 240 + [0] * 60


def test_images_of_all_sequences_stand_behind_each_other() -> None:
    batch = collating(default_data_collator, "qwen2_5_vl")(examples(job(), 2))

    assert batch["pixel_values"].shape == (2 * 960, 1176)
    assert batch["input_ids"].shape == (2, 300)


def test_images_longer_than_their_sequence_are_refused() -> None:
    with pytest.raises(JobError, match="480 tokens of images and sound have no room in 300"):
        examples(job(images=2), 1)
