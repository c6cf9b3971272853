"""``python -m vramcast_measure JOBS.jsonl``: a case for each job."""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import json
import multiprocessing
import os
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch

from . import engine
from .budget import Budget, minutes
from .case import device_case, pretended_case, versions
from .job import JobError, read_job
from .phases import Phase
from .pretend import runtime
from .tensors import lines as tensor_lines


TINY: dict[str, Any] = {
    "model": {
        "config": {
            "model_type": "llama",
            "vocab_size": 16,
            "hidden_size": 16,
            "intermediate_size": 16,
            "num_hidden_layers": 1,
            "num_attention_heads": 1,
        }
    },
    "lora": {"rank": 1, "targets": ["q_proj"]},
    "batch": {"sequence_length": 8},
}
"""Of no interest but that libraries do for it what they do once for all models."""

Case = dict[str, Any]
Measure = Callable[[], list[Case]]


def main() -> int:
    engine.shelve()
    parser = argparse.ArgumentParser(prog="vramcast_measure", description=__doc__)
    parser.add_argument("jobs", type=Path, help='one {"id": ..., "job": {...}} a line')
    parser.add_argument("--out", type=Path, help="where cases go; standard output without it")
    parser.add_argument("--gpu", action="store_true", help="run on the GPU of this machine")
    parser.add_argument("--snapshot", type=Path, help="with --gpu: folder of memory snapshots")
    parser.add_argument("--minutes", type=minutes, help="begin no job that would not end in time")
    parser.add_argument("--dry-run", action="store_true", help="read every job, run none")
    parser.add_argument("--only", action="append", default=[], help="ids to run")
    parser.add_argument("--tensors", choices=[p.value for p in Phase], help="list what lives then")
    parser.add_argument("--tensors-out", type=Path, help="folder of ID.jsonl; stderr without it")
    parser.add_argument("--operations", type=Path, help="folder of ID.ops: allocations and frees")
    options = parser.parse_args()
    lines = [json.loads(line) for line in options.jobs.read_text().splitlines() if line.strip()]
    if options.dry_run:
        return _dry_run(lines)
    measured = _measured(options.out)
    out = options.out.open("a") if options.out else sys.stdout
    failed = 0
    budget = Budget(options.minutes)
    if not options.gpu:
        runtime.install(devices=1)
        _warm_up(lines)

    for line in lines:
        if options.only and line["id"] not in options.only:
            continue
        if options.gpu and f"{line['id']}-allocated" in measured:
            continue
        if not budget.has_room():
            print(f"{line['id']}: no time is left for it", file=sys.stderr)
            continue
        started = time.monotonic()
        if options.gpu:
            cases = _in_a_process(partial(_on_gpu, line, _snapshots(line, lines, options)), "spawn")
        else:
            cases = _in_a_process(partial(_pretended, line, options), "fork")
        budget.took(time.monotonic() - started)
        if cases is None:
            print(f"{line['id']}: failed", file=sys.stderr)
            failed += 1
            continue
        for case in cases:
            print(json.dumps(case), file=out, flush=True)
        print(f"{line['id']}: {time.monotonic() - started:.1f} s", file=sys.stderr)
    return 1 if failed else 0


def _dry_run(lines: list[Case]) -> int:
    """Reads every job; whether all of them can be measured is the exit code."""
    wrong = 0
    for line in lines:
        try:
            read_job(line["job"])
        except JobError as e:
            print(f"{line['id']}: {e}", file=sys.stderr)
            wrong += 1
        else:
            print(line["id"])
    kept = sum(1 for line in lines if line.get("snapshot"))
    print(f"{len(lines)} jobs, {kept} with a snapshot", file=sys.stderr)
    return 2 if wrong else 0


def _measured(out: Path | None) -> set[str]:
    """Ids of the cases of an earlier run that was cut short."""
    if out is None or not out.is_file():
        return set()
    return {json.loads(line)["id"] for line in out.read_text().splitlines() if line.strip()}


def _snapshots(line: Case, lines: list[Case], options: argparse.Namespace) -> Path | None:
    """The folder of snapshots for a job: where some jobs ask for one, the others have none."""
    folder: Path | None = options.snapshot
    some = any(other.get("snapshot") for other in lines)
    return folder if not some or line.get("snapshot") else None


def _warm_up(lines: list[Case]) -> None:
    """Reads the libraries and fills their tables once, before processes divide."""
    needed = ["bitsandbytes", "datasets", "transformers.trainer"]
    if any(line["job"].get("framework", {}).get("name") == "trl" for line in lines):
        # Not every release of it runs beside the Transformers that is asked for.
        needed.append("trl.trainer.sft_trainer")
    for module in needed:
        importlib.import_module(module)
    from transformers.models.auto.configuration_auto import model_type_to_module_name

    from .model import adapt, build_base

    for kind in {line["job"]["model"]["config"]["model_type"] for line in lines}:
        module = model_type_to_module_name(kind.removesuffix("_text").removesuffix("_thinker"))
        # A type that this release has not ends its own job, and no other.
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(f"transformers.models.{module}")
    adapt(build_base(read_job(TINY), torch.device("cpu")), read_job(TINY))
    gc.collect()
    gc.disable()
    gc.freeze()


def _in_a_process(measure: Measure, method: str) -> list[Case] | None:
    """Cases from a process of its own, which leaves no state behind; None when it failed."""
    context = multiprocessing.get_context(method)
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(measure, sender))
    process.start()
    sender.close()
    try:
        result: list[Case] | None = receiver.recv()
    except EOFError:
        result = None
    process.join()
    return result


def _child(measure: Measure, sender: Any) -> None:
    # Trainers report on standard output, where cases go.
    os.dup2(2, 1)
    try:
        sender.send(measure())
        code = 0
    except JobError as e:
        print(e, file=sys.stderr)
        code = 2
    except Exception:
        traceback.print_exc()
        code = 1
    sys.stderr.flush()
    # The pretended device can not be torn down.
    os._exit(code)


def _pretended(line: Case, options: argparse.Namespace) -> list[Case]:
    from .pretend.operations import Operations
    from .pretend.run import run

    name, tensors = line["id"], options.tensors
    operations = Operations() if options.operations else None
    counted = run(read_job(line["job"]), Phase(tensors) if tensors else None, operations)
    if tensors:
        _list(tensor_lines(name, tensors, counted.tensors), f"{name}.jsonl", options.tensors_out)
    if operations is not None:
        _list(operations.lines(), f"{name}.ops", options.operations)
    parameters = (counted.total_parameters, counted.trainable_parameters)
    case = pretended_case(
        line["id"], line["job"], versions(), counted.peak, counted.phases, parameters
    )
    return [case]


def _list(lines: list[str], name: str, folder: Path | None) -> None:
    text = "\n".join(lines) + "\n"
    if folder is None:
        sys.stderr.write(text)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def _on_gpu(line: Case, folder: Path | None) -> list[Case]:
    from .device import run

    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    snapshot = folder / f"{line['id']}.pickle" if folder else None
    measured = run(read_job(line["job"]), snapshot)
    return device_case(line["id"], line["job"], versions(), torch.cuda.get_device_name(), measured)


if __name__ == "__main__":
    sys.exit(main())
