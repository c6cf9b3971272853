from typing import Any

import pytest

from vramcast_measure import stages
from vramcast_measure.job import JobError, read_job


def document(**more: Any) -> dict[str, Any]:
    return {
        "model": {"config": {"model_type": "llama", "vocab_size": 32}},
        "batch": {"sequence_length": 8},
        **more,
    }


def test_nested_keys_are_read_flat() -> None:
    job = read_job(document(lora={"rank": 4}))

    assert job.get("lora.rank") == 4
    assert job.get("model.config")["vocab_size"] == 32


def test_a_key_that_is_left_out_has_the_default_of_the_caller() -> None:
    assert read_job(document()).get("precision") is None
    assert read_job(document()).get("lora.rank", 16) == 16


def test_qlora_is_a_base_of_four_bits() -> None:
    assert read_job(document(method="qlora")).bits == 4
    assert read_job(document(method="full")).bits == 0
    int8 = {**document()["model"], "quantization": {"scheme": "int8"}}
    assert read_job(document(model=int8)).bits == 8


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"lora": {"rnk": 4}}, "lora.rnk"),
        ({"method": "freeze"}, "method: freeze"),
        ({"lora": {"rank": "four"}}, "lora.rank"),
        ({"lora": {"rank": True}}, "lora.rank"),
        ({"batch": {}}, "batch.sequence_length"),
        ({"model": {"id": "a"}}, "model.config"),
    ],
)
def test_what_can_not_be_measured_is_refused_by_name(more: dict[str, Any], message: str) -> None:
    with pytest.raises(JobError, match=message):
        read_job(document(**more))


def test_a_job_evaluates_where_it_says_how_often() -> None:
    assert read_job(document(evaluation={"batches": 2})).evaluates
    assert not read_job(document(evaluation={"micro_batch": 4})).evaluates


def test_hidden_tokens_are_a_stage() -> None:
    assert read_job(document(objective={"stage": "masked-lm"})).unmasks
    assert not read_job(document()).unmasks


def test_ppo_is_measured_of_two_frameworks() -> None:
    def named(name: str) -> Any:
        return read_job(document(objective={"stage": "ppo"}, framework={"name": name}))

    assert stages.rows(named("llama-factory"), 1) == []
    with pytest.raises(JobError, match="objective.stage: ppo .* framework.name trl or llama-factory alone"):
        stages.rows(named("verl"), 1)
