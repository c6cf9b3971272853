"""Which module makes a tensor, in the forward pass and in autograd's."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn.modules import module as hooks
from torch.utils._pytree import tree_leaves

_KEY = "vramcast_module"


class ModuleStack:
    """Follows the modules that run, by hooks on all of them.

    A node of the autograd graph belongs to the module in whose forward pass it was made, which is
    noted on the node when that module returns; modules below it have noted theirs before.
    """

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._running: list[tuple[str, set[Any]]] = []

    def install(self) -> None:
        hooks.register_module_forward_pre_hook(self._enter)
        hooks.register_module_forward_hook(self._leave, always_call=True)

    def name(self, model: torch.nn.Module) -> None:
        """Takes the paths of all modules from the model that is trained."""
        self._names = {id(part): plain(path) for path, part in model.named_modules()}

    def current(self) -> str:
        """The path of the module whose code runs, or whose gradient is computed."""
        if self._running:
            return self._running[-1][0]
        node = torch._C._current_autograd_node()
        return node.metadata.get(_KEY, "") if node is not None else ""

    def _enter(self, module: torch.nn.Module, args: Any) -> None:
        name = self._names.get(id(module))
        if name is None:
            name = self._running[-1][0] if self._running else ""
        self._running.append((name, set(_nodes(args))))

    def _leave(self, module: torch.nn.Module, args: Any, output: Any) -> None:
        name, before = self._running.pop()
        todo = [node for node in _nodes(output) if node not in before]
        while todo:
            node = todo.pop()
            if node is None or node in before or _KEY in node.metadata:
                continue
            node.metadata[_KEY] = name
            todo.extend(below for below, _ in node.next_functions)


def plain(path: str) -> str:
    """A module's path without what PEFT puts around it."""
    path = path.removeprefix("base_model.model").removeprefix(".")
    return path.removesuffix(".default").removesuffix(".base_layer")


def _nodes(values: Any) -> list[Any]:
    return [
        leaf.grad_fn
        for leaf in tree_leaves(values)
        if isinstance(leaf, torch.Tensor) and leaf.grad_fn is not None
    ]
