import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from vramcast_measure.budget import Budget, minutes
from vramcast_measure.case import device_case
from vramcast_measure.device import Measured
from vramcast_measure.job import read_job
from vramcast_measure.report import report

HERE = Path(__file__).parents[1]
PLAN = HERE / "plan" / "gpu.jsonl"
sys.path.insert(0, str(HERE / "plan"))

from gpu import lines  # noqa: E402
from missing import missing  # noqa: E402


def plan() -> list[dict]:
    return [json.loads(line) for line in PLAN.read_text().splitlines()]


def test_the_plan_has_sixty_jobs_that_can_be_read_and_ten_snapshots() -> None:
    jobs = plan()

    assert len({job["id"] for job in jobs}) == len(jobs) >= 60
    assert sum(job.get("snapshot", False) for job in jobs) == 10
    for job in jobs:
        read_job(job["job"])


def test_a_run_that_is_cut_short_has_tried_every_method_and_framework() -> None:
    first = [job["job"] for job in plan()[:16]]

    assert {job["method"] for job in first} == {"full", "lora", "qlora", "dora"}
    assert {job["framework"]["name"] for job in first} == {"transformers", "trl"}
    assert {job.get("loss") for job in first} == {None, "liger"}


def test_the_file_is_what_the_program_writes() -> None:
    assert plan() == list(lines())


def test_no_job_begins_that_would_not_end_in_time() -> None:
    now = [0.0]
    budget = Budget(1, lambda: now[0])

    assert budget.has_room()
    now[0] = 25.0
    budget.took(25.0)
    assert budget.has_room()
    now[0] = 50.0
    assert not budget.has_room()
    assert Budget(None, lambda: 1e9).has_room()


@pytest.mark.parametrize("text", ["0", "-3", "soon", "inf", "nan"])
def test_a_limit_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=text):
        minutes(text)


def test_the_report_has_a_row_for_each_job_and_names_those_without_a_figure() -> None:
    run = Measured(("fwd", 3 << 30), 4 << 30, 5 << 30, {}, 1, 1, 2.0)
    job = {"batch": {"sequence_length": 1000}}
    cases = device_case("a", job, {"torch": "2.15.0"}, "H100", run)

    text = report([{"id": "a"}, {"id": "b"}], cases)

    assert text.startswith("1 of 2 jobs on H100: torch 2.15.0.")
    assert "| a | 3.00 | 4.00 | 5.00 | 500 |" in text
    assert text.endswith("Without a figure: b.\n")


def test_a_run_that_brought_nothing_is_reported_too() -> None:
    assert "0 of 1 jobs on no card: nothing ran." in report([{"id": "a"}], [])


def test_pytorch_is_taken_as_it_is_and_what_is_not_there_is_named() -> None:
    wanted = ["torch==1.0.0", "pytest==0.0.1", "no-such-package==2.0", ""]

    assert missing(wanted) == ["no-such-package==2.0"]


def run_script(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["sh", str(HERE / "gpu.sh"), *arguments],
        env={**os.environ, "VRAMCAST_MEASURE_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_dry_run_reads_every_job_without_a_gpu(tmp_path: Path) -> None:
    done = run_script(str(tmp_path / "out"), "--dry-run")

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [job["id"] for job in plan()]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments, message",
    [
        ([], "OUT is missing"),
        (["out", "--minutes"], "--minutes is without a number"),
        (["out", "--wheels", "/nowhere"], "/nowhere is no folder"),
        (["out", "--faster"], "there is no --faster"),
        (["out", "--dry-run", "--minutes", "0"], "0, but it has to be a number of minutes above 0"),
    ],
)
def test_what_the_script_cannot_use_is_refused_in_a_line(arguments: list[str], message: str) -> None:
    done = run_script(*arguments)

    assert done.returncode == 2
    assert message in done.stderr
