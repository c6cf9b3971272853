import pytest

from vramcast_measure.job import Job, read_job
from vramcast_measure.zero import half_precision


def job(precision: str, strategy: str) -> Job:
    return read_job(
        {
            "model": {"config": {"model_type": "llama", "vocab_size": 32}},
            "batch": {"sequence_length": 8},
            "precision": precision,
            "parallelism": {"strategy": strategy},
        }
    )


@pytest.mark.parametrize("precision", ["bf16", "bf16-mixed"])
def test_deepspeed_casts_where_the_trainer_is_told_of_16_bits(precision: str) -> None:
    assert half_precision(job(precision, "zero3")) == {"bf16": True, "fp16": False}


def test_16_bits_without_deepspeed_are_no_autocast() -> None:
    assert half_precision(job("bf16", "ddp")) == {"bf16": False, "fp16": False}
    assert half_precision(job("fp16-mixed", "ddp")) == {"bf16": False, "fp16": True}


def test_fp32_stays_fp32_under_deepspeed() -> None:
    assert half_precision(job("fp32", "zero2")) == {"bf16": False, "fp16": False}
