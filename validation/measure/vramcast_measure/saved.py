"""``python -m vramcast_measure.saved JOBS.jsonl``: what a job writes, and what that takes of the host.

The real Trainer trains the real model for a step on the CPU and saves a checkpoint, whose large files
are listed. Loading, merging and going on from the checkpoint run in processes of their own, whose
anonymous memory is read from /proc: models should be of 100 million parameters and more.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch

from .data import examples
from .job import Job, read_job
from .model import DTYPES, adapt, build_base
from .trainers import optimizer_name

_SUFFIXES = (".safetensors", ".pt", ".bin", ".distcp")
_SMALL = ("scheduler.pt", "training_args.bin")
"""Files that do not grow with the model."""


class Watch:
    """The highest anonymous memory of this process while it is open, above that at its start."""

    def __enter__(self) -> Watch:
        gc.collect()
        self._start = self._peak = self._anonymous()
        self._open = True
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._look()
        self._open = False
        self._thread.join()

    @property
    def bytes(self) -> int:
        return self._peak - self._start

    def _run(self) -> None:
        while self._open:
            self._look()
            time.sleep(0.001)

    def _look(self) -> None:
        self._peak = max(self._peak, self._anonymous())

    @staticmethod
    def _anonymous() -> int:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("RssAnon"):
                return int(line.split()[1]) * 1024
        raise RuntimeError("no RssAnon in /proc/self/status")


def files(job: Job, folder: str) -> dict[str, int]:
    """Sizes of a checkpoint's files by name; the base, as it was published, goes to ``base``."""
    from transformers import Trainer, TrainingArguments, set_seed

    set_seed(0)
    model = build_base(job, torch.device("cpu"))
    loaded = model.dtype
    model.to(torch.bfloat16).save_pretrained(f"{folder}/base")
    model.to(loaded)
    if job.adapts:
        model = adapt(model, job)
    data = examples(job, 2)
    settings = TrainingArguments(
        output_dir=folder,
        use_cpu=True,
        max_steps=1,
        per_device_train_batch_size=1,
        save_steps=1,
        report_to=[],
        logging_strategy="no",
        disable_tqdm=True,
        optim=optimizer_name(job) or "adamw_torch_fused",
        save_only_model=job.get("saving.only_model", False),
    )
    Trainer(model=model, args=settings, train_dataset=data).train()
    checkpoint = Path(folder) / "checkpoint-1"
    return {
        str(path.relative_to(checkpoint)): path.stat().st_size
        for path in sorted(checkpoint.rglob("*"))
        if path.suffix in _SUFFIXES and path.name not in _SMALL
    }


def load(job: Job, folder: str) -> int:
    """The base, in the job's dtype, into the memory of the host."""
    from transformers import AutoModelForCausalLM

    with Watch() as watch:
        model = AutoModelForCausalLM.from_pretrained(
            f"{folder}/base", dtype=DTYPES[job.get("model.dtype", "bf16")]
        )
    del model
    return watch.bytes


def merge(job: Job, folder: str) -> int:
    """The base and its adapters, merged on the host, where no weight is mapped any more."""
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    with Watch() as watch:
        model = AutoModelForCausalLM.from_pretrained(
            f"{folder}/base", dtype=DTYPES[job.get("model.dtype", "bf16")]
        )
        for parameter in model.parameters():
            parameter.data = parameter.data.clone()
        merged = PeftModel.from_pretrained(model, f"{folder}/checkpoint-1").merge_and_unload()
        merged.save_pretrained(f"{folder}/merged")
    return watch.bytes


def resume(_job: Job, folder: str) -> int:
    """The optimizer's states, into the memory of the host."""
    path = f"{folder}/checkpoint-1/optimizer.pt"
    with Watch() as watch:
        states = torch.load(path, map_location="cpu", weights_only=True)
    del states
    return watch.bytes


def _answer(part: Callable[[Job, str], Any], job: Job, folder: str, pipe: Any) -> None:
    import peft  # noqa: F401
    import transformers
    from transformers import AutoModelForCausalLM, Trainer  # noqa: F401

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    torch.ones(512, 512) @ torch.ones(512, 512)
    pipe.send(part(job, folder))


def _apart(part: Callable[[Job, str], Any], job: Job, folder: str) -> Any:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=partial(_answer, part, job, folder, there))
    process.start()
    there.close()
    try:
        result = here.recv()
    except EOFError:
        result = None
    process.join()
    return result


def _case(line: dict[str, Any]) -> dict[str, Any] | None:
    job = read_job(line["job"])
    with tempfile.TemporaryDirectory(dir=os.environ.get("VRAMCAST_MEASURE_DISK")) as folder:
        found = _apart(files, job, folder)
        if found is None:
            return None
        host = {}
        for name in line.get("host", []):
            host[name] = _apart({"load": load, "merge": merge, "resume": resume}[name], job, folder)
    return {
        "id": line["id"],
        "source": "Transformers' Trainer on the CPU, its files and /proc/self/status",
        "job": line["job"],
        "measured": {"files": found, **({"host": host} if host else {})},
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="vramcast_measure.saved", description=__doc__)
    parser.add_argument("jobs", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--only", action="append", default=[])
    options = parser.parse_args()
    out = options.out.open("a") if options.out else sys.stdout
    failed = 0
    for text in options.jobs.read_text().splitlines():
        line = json.loads(text)
        if options.only and line["id"] not in options.only:
            continue
        case = _case(line)
        if case is None:
            print(f"{line['id']}: failed", file=sys.stderr)
            failed += 1
            continue
        print(json.dumps(case), file=out, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
