"""``python -m vramcast_measure.report PLAN.jsonl CASES.jsonl``: what a run on a GPU brought, as a table."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

KINDS = ("allocated", "reserved", "device")
GIB = 1 << 30

Line = Mapping[str, Any]


def report(plan: Iterable[Line], cases: Iterable[Line]) -> str:
    """A Markdown table with a row for each job of the plan that ran, and the ids of those that did not.

    Args:
        cases: as ``device_case`` makes them, three for each job
    """
    measured = {case["id"]: case for case in cases}
    ids = [line["id"] for line in plan]
    rows, missing = [], []
    for name in ids:
        figures = [measured.get(f"{name}-{kind}") for kind in KINDS]
        if None in figures:
            missing.append(name)
            continue
        gib = [f"{case['measured']['peak_bytes'] / GIB:.2f}" for case in figures if case]
        speed = f"{figures[0]['measured']['tokens_per_second']:.0f}" if figures[0] else ""
        rows.append(f"| {name} | {' | '.join(gib)} | {speed} |")
    card = next((case["job"]["hardware"]["gpu"] for case in measured.values()), "no card")
    notes = next((case["notes"] for case in measured.values()), "nothing ran")
    head = [
        f"{len(rows)} of {len(ids)} jobs on {card}: {notes}.",
        "",
        "| job | allocated GiB | reserved | device | tokens/s |",
        "|---|--:|--:|--:|--:|",
    ]
    tail = ["", f"Without a figure: {', '.join(missing)}."] if missing else []
    return "\n".join(head + rows + tail) + "\n"


def _lines(file: Path) -> list[Line]:
    return [json.loads(line) for line in file.read_text().splitlines() if line.strip()]


def main() -> None:
    parser = argparse.ArgumentParser(prog="vramcast_measure.report", description=__doc__)
    parser.add_argument("plan", type=Path)
    parser.add_argument("cases", type=Path)
    options = parser.parse_args()
    for file in (options.plan, options.cases):
        if not file.is_file():
            parser.error(f"{file}: no such file")
    print(report(_lines(options.plan), _lines(options.cases)), end="")


if __name__ == "__main__":
    main()
