"""The parts of a training step, in the order in which they run, and what is around it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class Phase(Enum):
    LOAD = "load"
    BEFORE = "before"
    GENERATION = "generation"
    SCORING = "scoring"
    FORWARD_LAYERS = "fwd_layers"
    FORWARD_HEAD = "fwd_head"
    REFERENCE = "reference"
    BACKWARD_HEAD = "bwd_loss"
    BACKWARD_LAYERS = "bwd_layers"
    BETWEEN = "between"
    CLIP = "clip"
    STEP = "step"
    EVALUATION = "evaluation"
    EVALUATION_GENERATION = "evaluation_generation"
    SAVE = "save"
    RESUME = "resume"
    MERGE = "merge"
    AFTER = "after"


STEP_PHASES = (
    Phase.FORWARD_LAYERS,
    Phase.FORWARD_HEAD,
    Phase.REFERENCE,
    Phase.BACKWARD_HEAD,
    Phase.BACKWARD_LAYERS,
    Phase.CLIP,
    Phase.STEP,
)


class Ledger:
    """Peaks and ends of the phases, fed with the bytes alive after each change."""

    def __init__(self) -> None:
        self.phase = Phase.LOAD
        self.peaks: dict[Phase, int] = {}
        self.ends: dict[Phase, int] = {}
        self._bytes = 0

    def enter(self, phase: Phase) -> None:
        """Ends the phase that ran and begins another with what is alive."""
        self.ends[self.phase] = self._bytes
        self.phase = phase
        self.alive(self._bytes)

    def alive(self, count: int) -> bool:
        """Takes the bytes alive; true if they are a new peak of the phase."""
        self._bytes = count
        if count > self.peaks.get(self.phase, -1):
            self.peaks[self.phase] = count
            return True
        return False

    def begin_step(self) -> None:
        """Forgets the peaks: an earlier step made the optimizer's states."""
        self.peaks.clear()


def peak_of(peaks: Mapping[Phase, int]) -> tuple[Phase, int]:
    """The highest phase of a step, the first where several are equal."""
    phase = max(STEP_PHASES, key=lambda p: peaks.get(p, 0))
    return phase, peaks[phase]


def as_case_phases(
    loaded: int, peaks: Mapping[Phase, int], ends: Mapping[Phase, int]
) -> dict[str, int]:
    """The phases under the names of the case format.

    Where passes run again behind the loss, only its peak is a figure of the step.
    """
    behind = (Phase.EVALUATION, Phase.EVALUATION_GENERATION, Phase.SAVE, Phase.RESUME, Phase.MERGE)
    evaluated = {phase.value: peaks[phase] for phase in behind if phase in peaks}
    if Phase.EVALUATION_GENERATION in peaks:
        evaluated["evaluation"] = max(peaks[Phase.EVALUATION], peaks[Phase.EVALUATION_GENERATION])
    between = (Phase.GENERATION, Phase.SCORING, Phase.REFERENCE)
    beside = {f"peak_{phase.value}": peaks[phase] for phase in between if phase in peaks}
    if Phase.FORWARD_HEAD not in ends or Phase.BACKWARD_LAYERS not in peaks:
        return evaluated | beside | {"after_load": loaded}
    return evaluated | beside | {
        "after_load": loaded,
        "end_of_forward": ends[Phase.FORWARD_HEAD],
        "peak_forward": max(peaks[Phase.FORWARD_LAYERS], peaks[Phase.FORWARD_HEAD]),
        "peak_loss_backward": peaks[Phase.BACKWARD_HEAD],
        "peak_layers_backward": peaks[Phase.BACKWARD_LAYERS],
        "after_backward": ends[Phase.BACKWARD_LAYERS],
        "peak_step": max(peaks.get(Phase.CLIP, 0), peaks[Phase.STEP]),
    }
