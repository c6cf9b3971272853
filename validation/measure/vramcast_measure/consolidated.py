"""``python -m vramcast_measure.consolidated JOBS.jsonl``: what it takes to put ranks' shards together.

Ranks on the CPU, joined by gloo, shard the real model by FSDP2 or DeepSpeed and write a checkpoint;
the framework's own program makes whole weights of it in a process of its own, whose anonymous memory
is read from /proc. Axolotl's is read from where VRAMCAST_MEASURE_AXOLOTL says its package lies, since
its imports want more than it uses.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch

from .job import Job, read_job
from .model import build_base
from .saved import Watch

_SUFFIXES = (".safetensors", ".pt", ".bin")

_AXOLOTL = "axolotl/cli/merge_sharded_fsdp_weights.py"


def _rank(rank: int, job: Job, ranks: int, folder: str) -> None:
    """One rank, from the model to its shards."""
    os.environ.update(
        RANK=str(rank), LOCAL_RANK=str(rank), WORLD_SIZE=str(ranks), MASTER_ADDR="127.0.0.1", MASTER_PORT="29611"
    )
    strategy = job.get("parallelism.strategy")
    if strategy == "fsdp2":
        _fsdp(job, ranks, f"{folder}/shards")
    else:
        _zero(job, int(strategy[-1]), f"{folder}/shards")


def _fsdp(job: Job, ranks: int, folder: str) -> None:
    """As accelerate writes a model (utils/fsdp_utils.py save_fsdp_model)."""
    import torch.distributed.checkpoint as checkpoint
    from torch.distributed.checkpoint.default_planner import DefaultSavePlanner
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    torch.distributed.init_process_group("gloo")
    model = build_base(job, torch.device("cpu"))
    mesh = init_device_mesh("cpu", (ranks,))
    for layer in model.model.layers:
        fully_shard(layer, mesh=mesh)
    fully_shard(model, mesh=mesh)
    checkpoint.save(
        {"model": model.state_dict()},
        storage_writer=checkpoint.FileSystemWriter(folder),
        planner=DefaultSavePlanner(),
    )
    torch.distributed.destroy_process_group()


def _zero(job: Job, stage: int, folder: str) -> None:
    """A step of DeepSpeed's engine, and its checkpoint."""
    os.environ.update(DS_ACCELERATOR="cpu", DS_SKIP_CUDA_CHECK="1")
    import deepspeed

    deepspeed.init_distributed(dist_backend="gloo")
    model = build_base(job, torch.device("cpu"))
    engine, *_ = deepspeed.initialize(
        model=model,
        optimizer=torch.optim.AdamW(model.parameters()),
        config={
            "train_micro_batch_size_per_gpu": 1,
            "bf16": {"enabled": True},
            "zero_optimization": {"stage": stage},
            "zero_allow_untested_optimizer": True,
        },
        dist_init_required=False,
    )
    tokens = torch.randint(0, 1000, (1, 16))
    engine.backward(engine(input_ids=tokens, labels=tokens).loss)
    engine.step()
    engine.save_checkpoint(folder, tag="step")
    torch.distributed.barrier()


def _accelerate(shards: str, target: str) -> None:
    from accelerate.utils import merge_fsdp_weights

    merge_fsdp_weights(shards, target)


def _dcp(shards: str, target: str) -> None:
    from torch.distributed.checkpoint.format_utils import dcp_to_torch_save

    dcp_to_torch_save(shards, f"{target}/model.pt")


def _axolotl(shards: str, target: str) -> None:
    import torch.distributed.checkpoint as dist_cp
    import torch.distributed.checkpoint.format_utils as formats
    from accelerate.utils import SAFE_WEIGHTS_INDEX_NAME, SAFE_WEIGHTS_NAME
    from huggingface_hub import split_torch_state_dict_into_shards
    from safetensors.torch import save_file
    from torch.distributed.checkpoint.format_utils import _EmptyStateDictLoadPlanner

    text = (Path(os.environ["VRAMCAST_MEASURE_AXOLOTL"]) / _AXOLOTL).read_text()
    names: dict[str, Any] = {
        "torch": torch,
        "json": json,
        "os": os,
        "Path": Path,
        "dist_cp": dist_cp,
        "dist_cp_format_utils": formats,
        "SAFE_WEIGHTS_INDEX_NAME": SAFE_WEIGHTS_INDEX_NAME,
        "SAFE_WEIGHTS_NAME": SAFE_WEIGHTS_NAME,
        "split_torch_state_dict_into_shards": split_torch_state_dict_into_shards,
        "safe_save_file": save_file,
        "_EmptyStateDictLoadPlanner": _EmptyStateDictLoadPlanner,
    }
    part = text[text.index("class BFloat16CastPlanner") : text.index("@send_errors")]
    exec("from __future__ import annotations\nfrom typing import Dict, Union\n" + part, names)
    names["_distributed_checkpoint_to_merged_weights"](shards, target)


def _zero_to_fp32(shards: str, target: str) -> None:
    os.environ.update(DS_ACCELERATOR="cpu", DS_SKIP_CUDA_CHECK="1")
    from deepspeed.utils.zero_to_fp32 import convert_zero_checkpoint_to_fp32_state_dict

    convert_zero_checkpoint_to_fp32_state_dict(shards, target)


def _program(job: Job) -> Callable[[str, str], None]:
    if job.get("parallelism.strategy").startswith("zero"):
        return _zero_to_fp32
    return {"axolotl": _axolotl, "torchtitan": _dcp}.get(job.get("framework.name"), _accelerate)


def _watched(job: Job, folder: str, pipe: Any) -> None:
    import accelerate.utils  # noqa: F401
    import transformers  # noqa: F401

    if job.get("parallelism.strategy").startswith("zero"):
        os.environ.update(DS_ACCELERATOR="cpu", DS_SKIP_CUDA_CHECK="1")
        import deepspeed.utils.zero_to_fp32  # noqa: F401
    torch.ones(512, 512) @ torch.ones(512, 512)
    os.makedirs(f"{folder}/whole")
    with Watch() as watch:
        _program(job)(f"{folder}/shards", f"{folder}/whole")
    pipe.send(watch.bytes)


def _case(line: dict[str, Any]) -> dict[str, Any]:
    job = read_job(line["job"])
    context = torch.multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(dir=os.environ.get("VRAMCAST_MEASURE_DISK")) as folder:
        ranks = job.get("hardware.count")
        torch.multiprocessing.spawn(partial(_rank), args=(job, ranks, folder), nprocs=ranks)
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_watched, args=(job, folder, there))
        process.start()
        there.close()
        host = here.recv()
        process.join()
        files = [path for path in Path(folder, "whole").rglob("*") if path.suffix in _SUFFIXES]
        found = {path.name: path.stat().st_size for path in sorted(files)}
    return {
        "id": line["id"],
        "source": f"{line['program']} on the CPU, its files and /proc/self/status",
        "job": line["job"],
        "measured": {
            "peak_bytes": None,
            "kind": "unstated",
            "status": "ok",
            "quality": "exact",
            "files": found,
            "host": {"consolidate": host},
        },
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="vramcast_measure.consolidated", description=__doc__)
    parser.add_argument("jobs", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    out = options.out.open("a") if options.out else sys.stdout
    for text in options.jobs.read_text().splitlines():
        print(json.dumps(_case(json.loads(text))), file=out, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
