"""How long a call through the Python API takes: with a Python that has the wheel, such as

    dist/pypi/target/venv/bin/python bench/calls.py [ROUNDS]

Prints the median and the time that nine of ten keep within, in ms, of `estimate` and `fit`: of a
question that was asked a moment ago, of one that the process computes again, of a job that is new.
Without load on the machine; the process has compiled what it runs after some hundred calls.
"""

import itertools
import sys
import time

import vramcast
from vramcast._engine import ENGINE

JOB = {"model": "llama-3.1-8b", "method": "qlora", "gpu": "rtx-4090"}
WARM_UP = 400


def timed(call, rounds):
    taken = []
    for _ in range(rounds):
        begin = time.perf_counter()
        call()
        taken.append((time.perf_counter() - begin) * 1e3)
    taken.sort()
    return f"median {taken[rounds // 2]:7.2f}  p90 {taken[rounds * 9 // 10]:7.2f}"


def computed(operation):
    ENGINE._memory.clear()
    getattr(vramcast, operation)(**JOB)


def main(rounds=300):
    begin = time.perf_counter()
    vramcast.fit(**JOB)
    print(f"first answer, with the start of Java  {(time.perf_counter() - begin) * 1e3:7.0f}")
    lengths = itertools.count(1024)
    for operation in ("estimate", "fit"):
        call = getattr(vramcast, operation)
        timed(lambda: computed(operation), WARM_UP)
        timed(lambda: call(sequence_length=next(lengths), **JOB), WARM_UP)
        print(operation)
        print("  asked a moment ago ", timed(lambda: call(**JOB), rounds))
        print("  computed again     ", timed(lambda: computed(operation), rounds))
        print("  a new job          ", timed(lambda: call(sequence_length=next(lengths), **JOB), rounds))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
