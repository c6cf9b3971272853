"""A rank of a job on several GPUs, in PyTorch's process group that moves nothing."""

from __future__ import annotations

import os
from typing import Any

import torch
import torch.distributed as dist
from torch.distributed import DeviceMesh, _functional_collectives, device_mesh
from torch.distributed.fsdp import _flat_param
from torch.distributed.fsdp._fully_shard import _fsdp_init
from torch.distributed.tensor._sharding_prop import ShardingPropagator
from torch.testing._internal.distributed.fake_pg import FakeStore
from torch.utils._python_dispatch import TorchDispatchMode, _disable_current_modes

_COLLECTIVES = (
    "all_gather_into_tensor",
    "reduce_scatter_tensor",
    "all_gather_single",
    "reduce_scatter_single",
    "all_reduce",
    "all_gather",
    "reduce_scatter",
    "broadcast",
    "scatter",
    "all_to_all_single",
    "barrier",
    "broadcast_object_list",
)


class _Done(dist.distributed_c10d.Work):
    def wait(self, *_: Any, **__: Any) -> bool:
        return True

    def is_completed(self) -> bool:
        return True


def _collective(*_: Any, async_op: bool = False, **__: Any) -> Any:
    return _Done() if async_op else None


class _Numbers(TorchDispatchMode):
    """Whole numbers have values, wherever they are."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        real = kwargs.get("dtype") == torch.int32 or any(
            type(each) is torch.Tensor for each in torch.utils._pytree.tree_leaves(args)
        )
        if not real:
            return func(*args, **kwargs)
        if "device" in kwargs:
            kwargs["device"] = torch.device("cpu")
        with _disable_current_modes():
            return func(*args, **kwargs)


class _Untimed:
    """DDP's reducer but for the beginning of its passes."""

    def __init__(self, reducer: Any) -> None:
        self._reducer = reducer

    def prepare_for_forward(self) -> None: ...

    def _rebuild_buckets(self) -> bool:
        with _Numbers():
            return bool(self._reducer._rebuild_buckets())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reducer, name)


def _reduced(_state: Any, bucket: Any) -> Any:
    """A bucket as it came, since all ranks' gradients have one shape."""
    done: Any = torch.futures.Future()
    done.set_result(bucket.buffer())
    return done


def _untimed(forward: Any) -> Any:
    def run(module: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(module.reducer, _Untimed):
            dist._register_comm_hook(module.reducer, None, _reduced)
            module.reducer = _Untimed(module.reducer)
        return forward(module, *args, **kwargs)

    return run


def _objects(gathered: list[Any], given: Any, *_: Any, **__: Any) -> None:
    """Every rank gives what this one does."""
    gathered[:] = [given] * len(gathered)


def install(world: int, rank: int = 0) -> None:
    """Starts the group before accelerate would start one of NCCL's."""
    os.environ.update(
        RANK=str(rank),
        LOCAL_RANK="0",
        WORLD_SIZE=str(world),
        LOCAL_WORLD_SIZE=str(world),
        MASTER_ADDR="localhost",
        MASTER_PORT="29500",
    )
    dist.init_process_group("fake", store=FakeStore(), rank=rank, world_size=world)
    for name in _COLLECTIVES:
        for module in (dist, dist.distributed_c10d):
            if hasattr(module, name):
                setattr(module, name, _collective)
    for module in (dist, dist.distributed_c10d):
        module.all_gather_object = _objects
    # Shards are said to be where the group's backend works, which of this one is the host.
    dist.distributed_c10d._get_pg_default_device = lambda *_: torch.device("cuda")
    # DDP compares shapes and sends rank 0's weights, by values.
    for name in ("_verify_params_across_processes", "_broadcast_coalesced"):
        setattr(dist, name, _collective)
    # Its first passes are timed by events of the driver.
    torch.nn.parallel.DistributedDataParallel._pre_forward = _untimed(
        torch.nn.parallel.DistributedDataParallel._pre_forward
    )
    # An address is there while memory is, which fake tensors have none of.
    _flat_param._data_ptr_allocated = lambda tensor: tensor.untyped_storage().size() > 0
    # What waits for a result gets it, not a copy as on fake tensors.
    _functional_collectives.wait_tensor = lambda tensor: tensor
    for module in (dist, device_mesh, _fsdp_init):
        module.init_device_mesh = _with_values(device_mesh.init_device_mesh)
    for name in ("__init__", "__getitem__", "_flatten"):
        setattr(DeviceMesh, name, _with_values(getattr(DeviceMesh, name)))
    # DTensor learns whole shapes from fake tensors of its own, which no device has.
    shapes = "_propagate_tensor_meta_non_cached"
    setattr(ShardingPropagator, shapes, _with_values(getattr(ShardingPropagator, shapes)))


def _with_values(method: Any) -> Any:
    """Runs outside the modes that pretend: a mesh holds numbers of ranks, which have to be real."""

    def run(*args: Any, **kwargs: Any) -> Any:
        with _disable_current_modes():
            return method(*args, **kwargs)

    return run
