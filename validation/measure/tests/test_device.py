import pytest

from vramcast_measure.device import seconds_per_step


def test_warm_steps_do_not_count() -> None:
    assert seconds_per_step([0.0, 10.0, 15.0, 16.0, 17.0], warm=2) == 1.0


def test_a_run_that_was_never_warm_has_no_speed() -> None:
    with pytest.raises(ValueError, match="2 warm"):
        seconds_per_step([0.0, 10.0, 15.0], warm=2)
