"""Servers: how long until the first page and the first answer, and what they answer then."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from peers.paths import VRAMCAST
from speed.process import cpu_of
from speed.question import MODEL, PEER_MODEL

_PATIENCE = 60.0
_WARM_UP = 300
_CONNECTIONS = 2
_CARDS = ("rtx-4090", "a100-80gb", "h100", "l4")


@dataclass(frozen=True)
class Served:
    """A command that serves on a port, and how it is asked."""

    command: Callable[[int], Sequence[str]]
    path: str
    body: Callable[[random.Random], dict[str, Any]]


def _our_body(chance: random.Random) -> dict[str, Any]:
    return {
        "job": {
            "model": {"id": MODEL},
            "method": chance.choice(("full", "lora", "qlora")),
            "batch": {
                "micro_batch": chance.randint(1, 8),
                "sequence_length": 64 * chance.randint(1, 64),
            },
            "hardware": {"gpu": chance.choice(_CARDS)},
            "checkpointing": chance.choice(("full", "none")),
        }
    }


def _our_drawn_body(chance: random.Random) -> dict[str, Any]:
    return {**_our_body(chance), "timeline": True}


def _peer_body(chance: random.Random) -> dict[str, Any]:
    return {
        "model_id": PEER_MODEL,
        "method": chance.choice(("full", "lora", "qlora")),
        "micro_batch_size": chance.randint(1, 8),
        "seq_len": 64 * chance.randint(1, 64),
        "gpu_vram_gb": chance.choice((24, 80)),
        "gradient_checkpointing": chance.choice((True, False)),
    }


def ours() -> Served:
    """`vramcast serve`."""
    serve = (str(VRAMCAST), "serve", "--port")
    return Served(lambda port: (*serve, str(port)), "/api/v1/estimate", _our_body)


def ours_drawn() -> Served:
    """The same, asked for what the page draws."""
    return Served(ours().command, ours().path, _our_drawn_body)


def peer(program: str) -> Served:
    """`canifinetune demo`, whose models are those that it brings along."""
    demo = (program, "demo", "--port")
    return Served(lambda port: (*demo, str(port)), "/api/estimate", _peer_body)


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextlib.contextmanager
def _started(served: Served) -> Iterator[tuple[int, int]]:
    port = _free_port()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(served.command(port), stdout=said, stderr=said)
        try:
            yield process.pid, port
        finally:
            process.terminate()
            process.wait()


def _ask(port: int, method: str, path: str, body: Any = None) -> int:
    """The length of an answer; raises OSError where nobody listens."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    try:
        text = None if body is None else json.dumps(body)
        asked.request(method, path, text, {"Content-Type": "application/json"})
        answer = asked.getresponse()
        read = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answers {answer.status}: {read[:300]!r}")
        return len(read)
    finally:
        asked.close()


def first(served: Served) -> dict[str, float]:
    """Seconds from the start to the first page, and to the first answer, with what it took."""
    began = time.perf_counter()
    with _started(served) as (pid, port):
        while True:
            try:
                _ask(port, "GET", "/")
                break
            except OSError:
                if time.perf_counter() - began > _PATIENCE:
                    raise
                time.sleep(0.005)
        page, page_cpu = time.perf_counter() - began, cpu_of(pid)
        _ask(port, "POST", served.path, served.body(random.Random(0)))
        answer, answer_cpu = time.perf_counter() - began, cpu_of(pid)
    return {"page": page, "page_cpu": page_cpu, "answer": answer, "answer_cpu": answer_cpu}


def load(served: Served, seconds: float, connections: int = _CONNECTIONS) -> dict[str, float]:
    """Distinct jobs one after the other on some connections of a server that is warm."""
    with _started(served) as (pid, port):
        _wait(port)
        _answers(served, port, 1, lambda count, _: count < _WARM_UP, 1)
        used, began = cpu_of(pid), time.perf_counter()
        times, bytes_ = _answers(served, port, connections, lambda _, now: now - began < seconds, 2)
        wall, cpu = time.perf_counter() - began, cpu_of(pid) - used
    return {
        "count": len(times),
        "a second": len(times) / wall,
        "cpu ms": 1e3 * cpu / len(times),
        "p50 ms": 1e3 * median(times),
        "p99 ms": 1e3 * quantiles(times, n=100)[98],
        "bytes": bytes_ / len(times),
    }


def _wait(port: int) -> None:
    end = time.perf_counter() + _PATIENCE
    while time.perf_counter() < end:
        with contextlib.suppress(OSError):
            _ask(port, "GET", "/")
            return
        time.sleep(0.05)
    raise RuntimeError("the server does not answer")


def _answers(
    served: Served, port: int, connections: int, on: Callable[[int, float], bool], seed: int
) -> tuple[list[float], int]:
    times: list[float] = []
    lengths: list[int] = []

    def ask(number: int) -> None:
        chance = random.Random(1000 * seed + number)
        while on(len(times), time.perf_counter()):
            start = time.perf_counter()
            lengths.append(_ask(port, "POST", served.path, served.body(chance)))
            times.append(time.perf_counter() - start)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, sum(lengths)
