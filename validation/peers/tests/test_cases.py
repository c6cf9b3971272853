import pytest
from conftest import document

from peers.cases import capacities, files, read, read_case


@pytest.mark.parametrize(
    ("job", "many"),
    [
        ({"hardware": {"count": 2}}, True),
        ({"parallelism": {"strategy": "fsdp2", "shard": 8}}, True),
        ({"parallelism": {"strategy": "zero2", "shard": 1}, "hardware": {"count": 1}}, False),
        ({}, False),
    ],
)
def test_many_gpus_are_told_from_one_by_their_count(job, many):
    case = read_case(document(job={**document()["job"], "hardware": {}, **job}))

    assert case.many_gpus is many


def test_a_class_names_quality_method_gpus_and_kind_of_figure():
    case = read_case(document(notes="length is a cap; and more"))

    assert case.name == "qlora, one GPU, complete, length a cap, allocated"


def test_shipped_cases_have_distinct_ids_and_known_cards():
    cases = read(files())

    assert len({case.id for case in cases}) == len(cases)
    assert {case.gpu for case in cases if case.gpu} <= capacities().keys()
