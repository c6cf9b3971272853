"""One job on fake tensors, in a process of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import _disable_current_modes

from .. import engine, generating, life, packed, sequence, stages, tiled, trainers, zero
from ..data import Batches, collated, evaluated
from ..job import Job
from ..marks import Marks
from ..model import build_base, elements
from ..phases import Ledger, Phase, as_case_phases, peak_of
from . import attention, first_step, libraries, modules, partitions, ranks, runtime
from .answers import Answers, experts, scored_share
from .counter import Site, StorageCounter
from .operations import Operations
from .values import Values


STEPS = 2
"""The first step makes the optimizer's states; the second is counted."""


@dataclass(frozen=True)
class Counted:
    """What a run needed, in bytes.

    Attributes:
        peak: phase and bytes
        tensors: how many are alive at the peak of the phase that was asked for, by what made them
    """

    peak: tuple[str, int]
    phases: dict[str, int]
    total_parameters: int
    trainable_parameters: int
    tensors: Counter[Site]


def run(
    job: Job, site_phase: Phase | None = None, operations: Operations | None = None
) -> Counted:
    """Runs two steps of a job and counts the second; ``operations`` takes what both allocate.

    Replaces parts of PyTorch for good: call it once in a process.
    """
    if engine.is_one(job):
        runtime.CAPABILITY = engine.capability(job)
    runtime.install(job.gpus)
    if job.gpus > 1:
        ranks.install(job.gpus, max(sequence.rank(job), zero.rank(job)))
    attention.install()
    modules.install()
    partitions.install(job)
    ledger = Ledger()
    loaded: list[int] = []
    whole = not job.pads
    followed = stages.is_one(job) or job.images or job.sound or packed.is_grouped(job) or generating.wanted(job)
    values = Values() if followed else None
    alone = whole and job.get("batch.segments", 1) == 1
    answers = Answers(alone, experts(job), scored_share(job), values)
    counter = StorageCounter(ledger, answers, site_phase, operations)
    mode = FakeTensorMode(allow_non_fake_inputs=True)
    with mode, counter:
        libraries.install(job, whole, values)
        engine.install(job)
        if life.wanted(job):
            life.Files().install()
        if generating.wanted(job):
            generating.install(job)
        device = torch.device("cuda", 0)
        base = build_base(job, device)
        sequence.install(job, base)
        tiled.install(job, base)
        total = elements(base)
        with _disable_current_modes():
            rows = stages.rows(job, STEPS) if stages.is_one(job) else None
        if rows is None:
            trainer = trainers.build(job, base, STEPS)
        else:
            trainer = stages.build(job, base, rows, STEPS)
        with _disable_current_modes():
            batches = sequence.shares(job, collated(trainer)) if rows is None else stages.batches(job, trainer, STEPS)
            evaluation = evaluated(trainer) if rows is None else stages.evaluated(job, trainer)
        marks = Marks(ledger.enter, ledger.begin_step)
        if rows is not None:
            stages.mark(job, trainer, marks)
        if operations is None and not _needs_first_step(job) and not _is_partly_reached(job, base):
            first_step.shorten(trainer)
        marks.attach(trainer, trainer.model[0] if job.embeds else base)
        life.mark(job, trainer, marks)
        generating.mark(job, trainer, ledger.enter)
        generating.answers_alone(job, trainer)
        counter.name(trainer.model)
        trainable = sum(p.numel() for p in trainer.model.parameters() if p.requires_grad)
        place = _onto(device, mode, values)

        def first_batch() -> None:
            loaded.append(counter.bytes)
            counter.operations.begin()

        source = Batches(batches, place, first_batch)
        trainer.get_train_dataloader = lambda: source
        if job.stage == "ppo":
            trainer.dataloader = source
        trainer.get_eval_dataloader = lambda *_: generating.rows(job, Batches(evaluation, place, lambda: None), trainer)
        del base
        trainer.train()
        if job.get("saving.resume"):
            life.go_on(trainer, ledger.enter)
        if job.get("saving.merge") and not job.bits:
            life.merge(trainer, ledger.enter)
        elif job.get("saving.merge"):
            del trainer, marks
            left = life.merge_again(job, device, ledger.enter, counter)
            ledger.peaks[Phase.MERGE] -= left
    phase, peak = peak_of(ledger.peaks)
    return Counted(
        (phase.value, peak),
        as_case_phases(loaded[0], ledger.peaks, ledger.ends),
        total,
        trainable,
        counter.alive_at_peak,
    )


def _needs_first_step(job: Job) -> bool:
    """Towers have layers of which nothing is read, as encoders have a pooler where they embed, which
    get no gradients and so no states; an optimizer without a schedule is told by a step that it
    trains; a gradient scaler makes its scale where a loss is scaled; what a reference gathers stays
    where FSDP2 reshards nothing; ZeRO-3 gathers ahead in the order that its first step has seen; only a
    forward pass of FSDP1 shows an optimizer what accelerate has made fp32."""
    if job.get("precision") == "fp16-mixed" or zero.is_one(job) or engine.is_one(job):
        return True
    mixes = job.get("precision") == "bf16-mixed" and job.get("model.dtype") != "fp32"
    halves = not job.adapts or bool(job.get("lora.modules_to_save"))
    if job.get("parallelism.strategy") == "fsdp1" and mixes and halves:
        return True
    kept = job.get("parallelism.reshard_after_forward", True) is False
    if kept and job.get("objective.reference") == "copy":
        return True
    return bool(job.images or job.sound) or job.embeds or str(job.get("optimizer.name")).startswith("schedule-free")


def _is_partly_reached(job: Job, base: torch.nn.Module) -> bool:
    """Gradients come to no indexer, of which indices are read, nor to adapters on a linear of time steps,
    whose weight Mamba reads past its module: optimizers pass over them and make no states."""
    names = {name.rpartition(".")[2] for name, _ in base.named_modules()}
    return "indexer" in names or job.adapts and "dt_proj" in names


def _onto(
    device: torch.device, mode: FakeTensorMode, values: Values | None
) -> Callable[[torch.Tensor], torch.Tensor]:
    """Moves a tensor of the host to the device."""

    def place(real: torch.Tensor) -> torch.Tensor:
        fake = mode.from_tensor(real)
        if values is not None:
            values.place(fake, real)
        return fake.to(device)

    return place
