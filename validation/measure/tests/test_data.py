import torch

from vramcast_measure.data import Batches, examples
from vramcast_measure.job import Job


def job(padding: str) -> Job:
    return Job(
        {
            "model.config": {"vocab_size": 50},
            "batch.sequence_length": 16,
            "batch.padding": padding,
        }
    )


def test_tokens_are_words_of_the_vocabulary() -> None:
    rows = examples(job("packed"), 3)

    assert all(3 <= token < 50 for row in rows for token in row["input_ids"])


def test_a_packed_batch_holds_no_padding() -> None:
    assert all(all(row["attention_mask"]) for row in examples(job("packed"), 4))


def test_a_padded_batch_holds_some_and_its_longest_row_is_whole() -> None:
    sums = [sum(row["attention_mask"]) for row in examples(job("padded"), 2)]

    assert sums == [16, 15]


def test_the_start_is_told_before_anything_is_placed() -> None:
    events: list[str] = []

    def place(tensor: torch.Tensor) -> torch.Tensor:
        events.append("placed")
        return tensor

    source = Batches([{"a": torch.ones(1), "b": 2}], place, lambda: events.append("started"))

    assert list(source)[0]["b"] == 2
    assert events == ["started", "placed"]
