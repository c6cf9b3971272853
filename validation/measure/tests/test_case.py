from dataclasses import dataclass

from vramcast_measure.case import device_case, pretended_case

INSTALLED = {"torch": "2.15.0+cu132", "transformers": "5.24.0", "trl": "1.16.0", "peft": "0.21.2"}
JOB = {
    "batch": {"micro_batch": 2, "grad_accum": 3, "sequence_length": 100},
    "framework": {"name": "trl"},
}


@dataclass(frozen=True)
class Run:
    peak: tuple[str, int] = ("step", 10)
    reserved: int = 20
    device: int = 30
    seconds: float = 2.0


def test_a_case_records_the_versions_that_ran() -> None:
    case = pretended_case("a", JOB, INSTALLED, ("step", 10), {}, (5, 1))

    assert case["job"]["framework"] == {
        "name": "trl",
        "version": "1.16.0",
        "torch": "2.15.0",
        "transformers": "5.24.0",
        "peft": "0.21.2",
    }
    assert "trl 1.16.0" in case["notes"]


def test_the_job_that_was_given_stays_as_it_is() -> None:
    pretended_case("a", JOB, INSTALLED, ("step", 10), {}, (5, 1))

    assert JOB["framework"] == {"name": "trl"}


def test_a_run_on_a_gpu_gives_a_case_for_each_figure() -> None:
    cases = device_case("a", JOB, INSTALLED, "NVIDIA H100", Run())

    assert [c["measured"]["kind"] for c in cases] == ["allocated", "reserved", "device"]
    assert [c["measured"]["peak_bytes"] for c in cases] == [10, 20, 30]
    assert cases[0]["job"]["hardware"]["gpu"] == "NVIDIA H100"


def test_speed_counts_the_tokens_of_all_micro_batches() -> None:
    case = device_case("a", JOB, INSTALLED, "NVIDIA H100", Run())[0]

    assert case["measured"]["tokens_per_second"] == 2 * 3 * 100 / 2.0
