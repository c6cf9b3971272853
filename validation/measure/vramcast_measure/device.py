"""One job on a real GPU: random weights, random data, the trainer's own loop."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import torch

from . import trainers
from .data import Batches, collated
from .job import Job
from .marks import Marks
from .model import build_base, elements
from .phases import Ledger, Phase, as_case_phases, peak_of

WARM_STEPS = 2
"""The first makes the optimizer's states, the second is the first with all kernels loaded."""
TIMED_STEPS = 4


@dataclass(frozen=True)
class Measured:
    """What a run needed and how fast it was; all memory in bytes.

    Attributes:
        peak: phase and bytes that PyTorch had allocated
        reserved: the most that the caching allocator held
        device: what the driver says is in use on the whole card at the end, with the CUDA context
        seconds: of one optimizer step, mean over the timed ones
    """

    peak: tuple[str, int]
    reserved: int
    device: int
    phases: dict[str, int]
    total_parameters: int
    trainable_parameters: int
    seconds: float


class _Meter(Ledger):
    """Reads PyTorch's counters at the borders of phases, in place of counting storages."""

    def enter(self, phase: Phase) -> None:
        peak = torch.cuda.max_memory_allocated()
        self.peaks[self.phase] = max(peak, self.peaks.get(self.phase, 0))
        self.ends[self.phase] = torch.cuda.memory_allocated()
        self.phase = phase
        torch.cuda.reset_peak_memory_stats()


class _Clock:
    """Times of the beginnings of optimizer steps, with the GPU idle."""

    def __init__(self) -> None:
        self.marks: list[float] = []

    def tick(self) -> None:
        torch.cuda.synchronize()
        self.marks.append(time.perf_counter())


def seconds_per_step(marks: list[float], warm: int) -> float:
    """Mean time of the steps after the warm ones.

    Args:
        marks: when each step began, and when the last ended; in seconds
    """
    if len(marks) < warm + 2:
        raise ValueError(f"{len(marks)} marks do not hold a step after {warm} warm ones")
    return (marks[-1] - marks[warm]) / (len(marks) - 1 - warm)


def run(job: Job, snapshot: Path | None = None) -> Measured:
    """Trains on the first GPU. Fails with torch.cuda.OutOfMemoryError where the card is too small.

    Args:
        snapshot: where PyTorch's memory snapshot of the timed steps goes
    """
    device = torch.device("cuda", 0)
    steps = WARM_STEPS + TIMED_STEPS
    meter, clock = _Meter(), _Clock()
    reserved = 0
    loaded: list[int] = []

    def new_step() -> None:
        nonlocal reserved
        reserved = max(reserved, torch.cuda.max_memory_reserved())
        clock.tick()
        if len(clock.marks) == WARM_STEPS + 1 and snapshot is not None:
            torch.cuda.memory._record_memory_history(max_entries=1_000_000)
        meter.begin_step()

    base = build_base(job, device)
    total = elements(base)
    trainer = trainers.build(job, base, steps)
    Marks(meter.enter, new_step).attach(trainer, base)
    trainable = sum(p.numel() for p in trainer.model.parameters() if p.requires_grad)
    source = Batches(
        collated(trainer),
        lambda t: t.to(device),
        lambda: loaded.append(torch.cuda.memory_allocated()),
    )
    trainer.get_train_dataloader = lambda: source
    del base
    trainer.train()
    clock.tick()
    if snapshot is not None:
        torch.cuda.memory._dump_snapshot(str(snapshot))
    free, whole = torch.cuda.mem_get_info()
    phase, peak = peak_of(meter.peaks)
    return Measured(
        (phase.value, peak),
        max(reserved, torch.cuda.max_memory_reserved()),
        whole - free,
        as_case_phases(loaded[0], meter.peaks, meter.ends),
        total,
        trainable,
        seconds_per_step(clock.marks, WARM_STEPS),
    )
