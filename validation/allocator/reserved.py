#!/usr/bin/env python3
"""What PyTorch's allocator reserves for real training that ran on fake tensors.

reserved.py LISTS CASES TORCH=PROGRAM > RESERVED_CASES

LISTS is the folder that ../measure filled with --operations, CASES what it wrote, PROGRAM what
build.sh made against that release of PyTorch. Each case of one GPU becomes a case of reserved
bytes; where several streams allocate, the lists do not say so, and such cases are left out.
"""
import json
import pathlib
import subprocess
import sys

from prove import CARD, numbers


def reserved(program, path):
    """Bytes that the allocator holds at most, without a limit."""
    run = subprocess.run(
        [program, str(path)], env={"TORCH_CPP_LOG_LEVEL": "ERROR", "FAKE_TOTAL": CARD},
        text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return numbers(run.stdout)["reserved"]


def main():
    lists, cases = map(pathlib.Path, sys.argv[1:3])
    torch, program = sys.argv[3].split("=", 1)
    for case in map(json.loads, cases.read_text().splitlines()):
        path = lists / f"{case['id']}.ops"
        if case["job"].get("hardware", {}).get("count", 1) == 1 and path.exists():
            figure = reserved(program, path)
            measured = {"peak_bytes": figure, "kind": "reserved", "status": "ok", "quality": "exact"}
            notes = f"{case['notes']}, allocator of torch {torch}"
            print(json.dumps({
                **case, "id": f"reserved-{case['id']}", "measured": measured, "notes": notes,
                "source": "vramcast-measure on fake tensors, played through PyTorch's allocator"}))


if __name__ == "__main__":
    main()
