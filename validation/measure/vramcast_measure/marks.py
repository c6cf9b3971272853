"""Tells which phase of a step runs, from hooks on the model and callbacks of the trainer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from transformers import TrainerCallback

from .phases import Phase


def decoder(causal_model: Any) -> Any:
    """All of a model but its head; the base of some (Gemma 3 before 5.0) is the model itself."""
    if not hasattr(causal_model, "base_model"):
        return causal_model
    base = causal_model.base_model
    if base is causal_model or causal_model.config.model_type == "opt":
        # Before 5.0 OPTForCausalLM ran the decoder of its base, not the base.
        return causal_model.get_decoder()
    return base


def others(trainer: Any) -> list[Any]:
    """Models that a trainer compares the trained one with."""
    named = (getattr(trainer, name, None) for name in ("ref_model", "teacher_model"))
    return [_inside(model) for model in named if model is not None]


def _inside(model: Any) -> Any:
    """The model that an engine of DeepSpeed runs."""
    return model.module if type(model).__name__ == "DeepSpeedEngine" else model


class Marks(TrainerCallback):
    """Calls ``enter`` at the borders of phases.

    Args:
        enter: takes the phase that begins
        new_step: called before the forward pass of each optimizer step
    """

    def __init__(self, enter: Callable[[Phase], None], new_step: Callable[[], None]) -> None:
        self._enter = enter
        self._new_step = new_step
        self._evaluates = False
        self._only: Phase | None = None

    @contextmanager
    def within(self, phase: Phase) -> Iterator[None]:
        """A phase that has no borders inside it; afterwards the one before goes on."""
        outer, self._only = self._only, phase
        self._enter(phase)
        try:
            yield
        finally:
            self._only = outer
            self._enter(outer or Phase.FORWARD_LAYERS)

    def attach(self, trainer: Any, causal_model: Any) -> None:
        """Sets the hooks.

        Args:
            causal_model: the model of Transformers itself, below adapters, or the module that runs it
        """
        trainer.add_callback(self)
        decoder(causal_model).register_forward_hook(self._after_layers)
        for model in (causal_model, *others(trainer)):
            decoder(model).register_forward_pre_hook(self._before_layers)
        if getattr(trainer, "teacher_model", None) is not None:
            # The loss compares the heads of both when the teacher has run.
            loss = partial(self._enter, Phase.FORWARD_HEAD)
            decoder(_inside(trainer.teacher_model)).register_forward_hook(lambda *_: loss())
        self._wrap_training_step(trainer)
        self._wrap_backward(trainer.accelerator)
        self._wrap_evaluation(trainer)
        if not hasattr(TrainerCallback, "on_pre_optimizer_step"):
            self._wrap_clipping(trainer.accelerator)

    def begin(self) -> None:
        """A step begins that no callback tells."""
        self._new_step()

    def enter(self, phase: Phase) -> None:
        """A phase begins that no module of the model tells."""
        self._enter(phase)

    def _wrap_training_step(self, trainer: Any) -> None:
        run = trainer.training_step

        def training_step(*args: Any, **kwargs: Any) -> Any:
            self._enter(Phase.FORWARD_LAYERS)
            loss = run(*args, **kwargs)
            is_last = trainer.accelerator.gradient_state.sync_gradients
            self._enter(Phase.CLIP if is_last else Phase.BETWEEN)
            return loss

        trainer.training_step = training_step

    def _wrap_backward(self, accelerator: Any) -> None:
        run = accelerator.backward

        def backward(loss: torch.Tensor, **kwargs: Any) -> None:
            self._enter(Phase.BACKWARD_HEAD)
            run(loss, **kwargs)

        accelerator.backward = backward

    def _wrap_clipping(self, accelerator: Any) -> None:
        """Before 4.45 no callback told that the optimizer's step comes, which is behind this."""
        run = accelerator.clip_grad_norm_

        def clip(*args: Any, **kwargs: Any) -> Any:
            norm = run(*args, **kwargs)
            self._enter(Phase.STEP)
            return norm

        accelerator.clip_grad_norm_ = clip

    def _wrap_evaluation(self, trainer: Any) -> None:
        run = trainer.evaluate

        def evaluate(*args: Any, **kwargs: Any) -> Any:
            self._evaluates = True
            self._enter(Phase.EVALUATION)
            metrics = run(*args, **kwargs)
            self._enter(Phase.AFTER)
            self._evaluates = False
            return metrics

        trainer.evaluate = evaluate

    def _before_layers(self, _module: Any, _inputs: Any) -> None:
        if self._only is None and not self._evaluates:
            graph = torch.is_grad_enabled()
            self._enter(Phase.FORWARD_LAYERS if graph else Phase.REFERENCE)

    def _after_layers(self, _module: Any, _inputs: Any, output: Any) -> None:
        if self._evaluates or self._only is not None or not torch.is_grad_enabled():
            return
        self._enter(Phase.FORWARD_HEAD)
        hidden = output["token_embeddings"] if "token_embeddings" in output else output[0]
        if hidden.requires_grad:
            hidden.register_hook(self._before_layers_backward)

    def _before_layers_backward(self, _grad: Any) -> None:
        self._enter(Phase.BACKWARD_LAYERS)

    def on_step_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._new_step()

    def on_pre_optimizer_step(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._enter(Phase.STEP)

    def on_optimizer_step(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._enter(Phase.AFTER)
