"""A callback for trainers: the estimate before the first step, and what was measured beside it."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from vramcast._errors import DoesNotFitError, VramcastError
from vramcast._trainer import Check, check

GIB = 1 << 30

try:
    from transformers import TrainerCallback as _Base
except ImportError:  # The package is used without Transformers too.
    _Base = object


class VramcastCallback(_Base):
    """Prints the estimate at the start, compares it after some steps, and writes a record.

    trainer  what is asked about; without it, the arguments and the model that the callback gets
    gpu      a card of the catalogue; without it that of this machine
    steps    after how many steps of the optimizer figures are taken
    record   where the record is written, which ``vramcast calibrate --run`` and
             ``vramcast receipt`` take; None for none
    refuse   whether a run that does not fit ends before its first step
    out      where lines go; standard error without it

    What cannot be estimated is said in a line, and never ends a run.
    """

    def __init__(
        self,
        trainer: Any = None,
        *,
        gpu: str | None = None,
        steps: int = 3,
        record: str | Path | None = "vramcast-run.json",
        refuse: bool = False,
        out: Any = None,
    ):
        self._trainer = trainer
        self._gpu = gpu
        self._steps = max(2, steps)  # Optimizer states exist from the second step on.
        self._record = record
        self._refuse = refuse
        self._out = out
        self._check: Check | None = None
        self._begin: tuple[int, float] | None = None

    @property
    def answers(self) -> Check | None:
        """What was answered at the start; None where nothing could be."""
        return self._check

    def on_train_begin(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        if not state.is_world_process_zero:
            return
        try:
            dataset = getattr(given.get("train_dataloader"), "dataset", None)
            self._check = check(
                self._trainer if self._trainer is not None else args,
                model=given.get("model"),
                train_dataset=dataset,
                gpu=self._gpu,
                refuse=self._refuse,
            )
            self._say(str(self._check))
        except DoesNotFitError:
            raise
        except VramcastError as e:
            self._say(f"no estimate: {e}")
        torch = _cuda()
        if torch is not None:
            torch.cuda.reset_peak_memory_stats()

    def on_step_end(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        if self._begin is None:
            # The first step compiles and warms up, so time is taken from its end on.
            self._begin = (state.global_step, time.perf_counter())
        elif state.global_step == self._begin[0] + self._steps - 1:
            self._compare(args, state)

    def _compare(self, args: Any, state: Any) -> None:
        if not state.is_world_process_zero or self._check is None:
            return
        first, begin = self._begin
        measured = {"steps": state.global_step}
        measured["seconds_per_step"] = (time.perf_counter() - begin) / (state.global_step - first)
        torch = _cuda()
        stats: dict[str, Any] = {}
        if torch is not None:
            stats = {
                key: value
                for key, value in torch.cuda.memory_stats().items()
                if key.endswith(".all.peak") or key == "num_alloc_retries"
            }
            free, total = torch.cuda.mem_get_info()
            measured["device_bytes"] = total - free
            measured["card"] = torch.cuda.get_device_name()
        memory = getattr(self._check.estimate, "memory", None)
        if memory is not None and stats:
            for name, estimated in (
                ("allocated", memory.allocated_bytes),
                ("reserved", memory.reserved_bytes),
            ):
                found = stats[f"{name}_bytes.all.peak"]
                self._say(
                    f"{name}: {found / GIB:.2f} GiB measured, {estimated / GIB:.2f} GiB estimated"
                    f" ({found / estimated - 1:+.1%})"
                )
        elif not stats:
            self._say("PyTorch sees no GPU here, so no memory was measured")
        if self._record is not None:
            self._write({**stats, "vramcast": {**self._job(), "measured": measured}})

    def _job(self) -> dict[str, Any]:
        """The job with everything settled, as the estimate has it."""
        told = self._check.estimate.to_dict()
        model = {**told["job"].get("model", {}), **self._check.job.document["model"]}
        return {
            "vramcast_version": told["vramcast_version"],
            "job": {**told["job"], "model": model},
            "estimated": {
                key: value
                for key, value in (told.get("memory") or {}).items()
                if key in ("allocated_bytes", "reserved_bytes", "device_bytes", "needed_bytes")
            },
        }

    def _write(self, record: dict[str, Any]) -> None:
        try:
            text = json.dumps(record, indent=2, default=str)
            Path(self._record).write_text(text + "\n", encoding="utf-8")
            self._say(f"record: {self._record}")
        except OSError as e:
            self._say(f"the record is not written: {e}")

    def _say(self, line: str) -> None:
        print(f"vramcast: {line}", file=self._out or sys.stderr, flush=True)


def _cuda() -> Any:
    torch = sys.modules.get("torch")
    return torch if torch is not None and torch.cuda.is_available() else None
