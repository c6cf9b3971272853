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
