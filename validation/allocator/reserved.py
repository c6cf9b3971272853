#!/usr/bin/env python3
"""What PyTorch's allocator reserves for real training that ran on fake tensors.

reserved.py LISTS CASES TORCH=PROGRAM > RESERVED_CASES

LISTS is the folder that ../measure filled with --operations, CASES what it wrote, PROGRAM what
build.sh made against that release of PyTorch. Each case that has a list becomes a case of reserved
bytes.
"""
import argparse
import json
import os
import pathlib
import subprocess

from prove import CARD, numbers


def reserved(program, path):
    """Bytes that the allocator holds at most, without a limit."""
    run = subprocess.run(
        [program, str(path)], env={"TORCH_CPP_LOG_LEVEL": "ERROR", "FAKE_TOTAL": CARD},
        text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return numbers(run.stdout)["reserved"]


def release(text):
    """TORCH=PROGRAM as both, the program one that runs."""
    torch, sign, program = text.partition("=")
    if not (torch and sign and os.access(program, os.X_OK)):
        raise argparse.ArgumentTypeError(f"{text!r}, allowed: TORCH=PROGRAM that build.sh made")
    return torch, program


def existing(text):
    """A path at which something is."""
    path = pathlib.Path(text)
    if not path.exists():
        raise argparse.ArgumentTypeError(f"{text!r} does not exist")
    return path


def main():
    parser = argparse.ArgumentParser(usage="reserved.py LISTS CASES TORCH=PROGRAM")
    parser.add_argument("lists", type=existing)
    parser.add_argument("cases", type=existing)
    parser.add_argument("release", type=release)
    options = parser.parse_args()
    lists, cases, (torch, program) = options.lists, options.cases, options.release
    for case in map(json.loads, cases.read_text().splitlines()):
        path = lists / f"{case['id']}.ops"
        if path.exists():
            figure = reserved(program, path)
            measured = {"peak_bytes": figure, "kind": "reserved", "status": "ok", "quality": "exact"}
            notes = f"{case['notes']}, allocator of torch {torch}"
            print(json.dumps({
                **case, "id": f"reserved-{case['id']}", "measured": measured, "notes": notes,
                "source": "vramcast-measure on fake tensors, played through PyTorch's allocator"}))


if __name__ == "__main__":
    main()
