"""Asks about a real run before its first step."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

from vramcast import _live
from vramcast._calls import ask
from vramcast._errors import DoesNotFitError, InputError


@dataclass(frozen=True)
class Job:
    """What live objects say.

    document  the keys that the objects themselves settle
    files     the arguments, as a training file by name and text
    format    of that file
    """

    document: dict[str, Any]
    files: list[dict[str, str]]
    format: str

    def ask(self, operation: str, **given: Any) -> Any:
        """The answer of an operation about this job; keywords win over it."""
        return ask(operation, self.document, {"files": self.files, "as_": self.format, **given})


@dataclass(frozen=True)
class Check:
    """The answers about a run: whether it fits (where a card is known), memory and hours."""

    job: Job
    estimate: Any
    fit: Any

    @property
    def verdict(self) -> str | None:
        """``fits``, ``tight``, ``does_not_fit``, ``not_modelled``; None where no card is known."""
        if self.fit is not None:
            return self.fit.verdict
        return getattr(self.estimate, "verdict", None)

    def __str__(self) -> str:
        told = self.fit if self.fit is not None else self.estimate
        return getattr(told, "summary", None) or getattr(told, "reason", "")

    def _repr_html_(self) -> str:
        return self.estimate._repr_html_()


def job_of(
    what: Any,
    /,
    *,
    model: Any = None,
    peft_config: Any = None,
    train_dataset: Any = None,
    gpu: str | None = None,
) -> Job:
    """The job that a trainer of Transformers or TRL is about to run, or that TrainingArguments
    with a model would make.

    Raises InputError for objects of other classes, and for what no job can say.
    """
    trainer = what if _live.is_trainer(what) else None
    arguments = what.args if trainer is not None else what
    if not _live.is_arguments(arguments):
        raise InputError(
            f"trainer is a {type(what).__name__}, allowed: a Trainer of Transformers or TRL, or"
            " TrainingArguments with model=",
            field="trainer",
            given=type(what).__name__,
        )
    model = model if model is not None else getattr(trainer, "model", None)
    if model is None or not callable(getattr(model, "named_parameters", None)):
        raise InputError(
            f"model is a {type(model).__name__}, allowed: a model of Transformers or PEFT",
            field="model",
            given=type(model).__name__,
        )
    dataset = train_dataset if train_dataset is not None else getattr(
        trainer, "train_dataset", None
    )
    stage = _live.stage_of(trainer, arguments, model)
    settings = _settings(arguments, model, stage)
    document = _live.merged([
        {"model": _live.model_of(model)},
        _live.adapters_of(model, peft_config),
        _batch(arguments, dataset, stage),
        _objective(trainer, stage, model),
        _framework(settings["format"]),
        {"hardware": _hardware(arguments, gpu)},
        {"allocator": _live.allocator()},
    ])  # fmt: skip
    text = f"# trl {stage} --config\n" + json.dumps(settings["values"], default=str)
    return Job(document, [{"name": "arguments.yaml", "text": text}], settings["format"])


def check(
    trainer: Any,
    /,
    *,
    model: Any = None,
    peft_config: Any = None,
    train_dataset: Any = None,
    gpu: str | None = None,
    headroom: str | None = None,
    refuse: bool = True,
    offline: bool = True,
    timeout: float | None = None,
) -> Check:
    """Answers for a run that is about to start: whether it fits, its memory and its hours.

    trainer  a Trainer of Transformers or TRL, or TrainingArguments with ``model``
    gpu      a card of the catalogue; without it that of this machine, where PyTorch sees one
    refuse   whether a run that does not fit raises DoesNotFitError

    Raises InputError as job_of does.
    """
    job = job_of(
        trainer, model=model, peft_config=peft_config, train_dataset=train_dataset, gpu=gpu
    )
    common = {"offline": offline, "timeout": timeout}
    estimate = job.ask("estimate", **common)
    fit = None
    if "gpu" in job.document["hardware"]:
        fit = job.ask("fit", headroom=headroom, **common)
    answers = Check(job, estimate, fit)
    if refuse and answers.verdict == "does_not_fit":
        raise DoesNotFitError(str(answers), answers)
    return answers


def _settings(arguments: Any, model: Any, stage: str) -> dict[str, Any]:
    """The arguments as a training file, with what a script would say of the model."""
    values = _live.settings_of(arguments)
    config = _live.base_of(model).config
    attention = getattr(config, "_attn_implementation", None)
    if attention:
        values["attn_implementation"] = attention
    values["model_name_or_path"] = _live.name_of(config)
    in_trl = any(
        it.__module__.split(".")[0] == "trl" for it in type(arguments).__mro__
    )
    return {"values": values, "format": "trl" if in_trl else "transformers"}


def _batch(arguments: Any, dataset: Any, stage: str) -> dict[str, Any]:
    """Lengths of examples that are there already, and how long the run is."""
    batch: dict[str, Any] = {"micro_batch": arguments.per_device_train_batch_size}
    data: dict[str, Any] = {}
    limit = getattr(arguments, "max_length", None)
    packed = bool(getattr(arguments, "packing", False))
    known = _live.lengths_of(dataset, limit)
    if known and stage in ("sft", "classification", "masked-lm"):
        batch["sequence_length"] = limit if packed and limit else known["longest"]
        if not packed and not getattr(arguments, "padding_free", False):
            batch["padding"] = "padded" if known["mean"] < known["longest"] else "packed"
        data = {"examples": known["examples"], "tokens_per_example": round(known["mean"], 2)}
    elif limit:
        batch["sequence_length"] = limit
    if data and getattr(arguments, "max_steps", -1) > 0:
        rows = arguments.max_steps * arguments.per_device_train_batch_size
        rows *= arguments.gradient_accumulation_steps * arguments.world_size
        data = {"tokens": rows * data["tokens_per_example"]}
    elif data:
        data["epochs"] = arguments.num_train_epochs
    return {"batch": batch, **({"data": data} if data else {})}


def _objective(trainer: Any, stage: str, model: Any) -> dict[str, Any]:
    if stage in ("classification", "masked-lm"):
        objective: dict[str, Any] = {"stage": stage}
        if stage == "classification":
            objective["labels"] = _live.base_of(model).config.num_labels
        return {"objective": objective}
    reference = getattr(trainer, "ref_model", None)
    if reference is not None and callable(getattr(reference, "parameters", None)):
        dtype = _live.model_of(reference).get("dtype")
        return {"objective": {"reference": "copy", **({"reference_dtype": dtype} if dtype else {})}}
    return {}


def _framework(name: str) -> dict[str, Any]:
    versions = _live.versions()
    framework = {key: versions[key] for key in _live.PACKAGES if key in versions}
    if name in versions:
        framework["version"] = versions[name]
    return {"framework": framework}


def _hardware(arguments: Any, gpu: str | None) -> dict[str, Any]:
    hardware: dict[str, Any] = {}
    if gpu is not None:
        hardware["gpu"] = gpu
    elif _sees_a_card():
        hardware["gpu"] = "local"
    if arguments.world_size > 1:
        hardware["count"] = arguments.world_size
    return hardware


def _sees_a_card() -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and torch.cuda.is_available()
