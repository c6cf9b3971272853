import pytest

from vramcast_measure.job import Job, JobError, read_job
from vramcast_measure.zero import configuration, half_precision


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


def zero_of(**parallelism: object) -> dict[str, object]:
    document = {
        "model": {"config": {"model_type": "llama", "vocab_size": 32}},
        "batch": {"sequence_length": 8},
        "parallelism": {"strategy": "zero3", **parallelism},
    }
    settings: dict[str, object] = configuration(read_job(document))["zero_optimization"]
    return settings


def test_states_and_parameters_stay_on_the_host_where_a_job_says_so() -> None:
    host = {"device": "cpu", "pin_memory": True}
    kept = zero_of(offload=["optimizer", "parameters"])
    assert kept["offload_optimizer"] == host
    assert kept["offload_param"] == host
    assert "offload_param" not in zero_of(offload=["optimizer"])


def test_what_else_is_kept_on_the_host_is_refused() -> None:
    with pytest.raises(JobError, match="parallelism.offload: activations"):
        zero_of(offload=["activations"])


def test_stated_buckets_win_over_those_of_the_hidden_size() -> None:
    sizes = zero_of(zero_sizes="auto", reduce_bucket_size=1000)
    assert sizes["reduce_bucket_size"] == 1000
    assert sizes["stage3_prefetch_bucket_size"] == "auto"
