import torch

from vramcast_measure.pretend import streams
from vramcast_measure.pretend.operations import Operations


def test_a_storage_has_one_number_from_birth_to_death() -> None:
    operations = Operations()
    operations.begin()
    operations.born(77, 1024, "aten.mm")
    operations.died(77)
    operations.born(77, 512, "aten.mm")
    assert operations.lines() == ["a 0 1024 0 aten.mm", "f 0", "a 1 512 0 aten.mm"]


def test_what_dies_before_the_first_batch_is_left_out() -> None:
    operations = Operations()
    operations.born(1, 2048, "aten.mm")
    operations.born(2, 512, "aten.mm")
    operations.died(1)
    operations.begin()
    operations.died(2)
    assert operations.lines() == ["a 1 512 0 aten.mm", "f 1"]


def test_a_storage_without_bytes_takes_no_memory() -> None:
    operations = Operations()
    operations.born(1, 0, "aten.mm")
    operations.died(1)
    assert operations.lines() == []


def test_what_a_kernel_takes_for_itself_lives_together_and_is_given_back() -> None:
    operations = Operations()
    operations.begin()
    operations.within([512, 1024], "flash")
    assert operations.lines() == ["a 0 512 0 flash", "a 1 1024 0 flash", "f 0", "f 1"]


def test_an_allocation_has_the_number_of_the_stream_it_is_made_on() -> None:
    operations = Operations()
    side = streams.Stream()
    with streams.entered(side):
        operations.born(1, 512, "empty")
    operations.born(2, 512, "empty")
    assert operations.lines() == [f"a 0 512 {side.cuda_stream} empty", "a 1 512 0 empty"]


def _read_aside() -> tuple[Operations, int]:
    """A tensor of the default stream that another one works on."""
    operations = Operations()
    tensor = torch.empty(128)
    side = streams.Stream()
    key = tensor.untyped_storage()._cdata
    operations.born(key, 512, "empty")
    with streams.entered(side):
        streams.used(tensor, side)
    return operations, key


def test_what_another_stream_reads_is_freed_when_the_process_has_waited() -> None:
    operations, key = _read_aside()
    operations.died(key)
    assert operations.lines() == ["a 0 512 0 empty"]
    streams.Event().record().synchronize()
    assert operations.lines() == ["a 0 512 0 empty", "f 0"]


def test_a_stream_that_has_not_waited_for_another_says_nothing_of_its_work() -> None:
    operations = Operations()
    tensor = torch.empty(128)
    key = tensor.untyped_storage()._cdata
    side = streams.Stream()
    with streams.entered(side):
        operations.born(key, 512, "empty")
    streams.used(tensor, streams.default)
    operations.died(key)
    side.synchronize()
    assert operations.lines() == [f"a 0 512 {side.cuda_stream} empty"]
    side.wait_stream(streams.default)
    side.synchronize()
    assert operations.lines() == [f"a 0 512 {side.cuda_stream} empty", "f 0"]
