import json
from pathlib import Path

import pytest

from vramcast_measure.job import read_job

PLAN = Path(__file__).parents[1] / "plan"


@pytest.mark.parametrize("line", ["5", "4.57"])
def test_every_job_of_the_plan_can_be_read(line: str) -> None:
    text = (PLAN / f"transformers-{line}.jsonl").read_text()
    jobs = [json.loads(row) for row in text.splitlines()]

    assert len({job["id"] for job in jobs}) == len(jobs) > 50
    for job in jobs:
        read_job(job["job"])
