"""Asks about a real run before its first step."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from typing import Any

from vramcast import _live, _loop
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
    optimizer: Any = None,
    dataloader: Any = None,
    gpu: str | None = None,
) -> Job:
    """The job that a trainer of Transformers or TRL is about to run, that TrainingArguments with a
    model would make, or that a loop around accelerate's Accelerator or DeepSpeed's engine runs.

    Raises InputError for objects of other classes, and for what no job can say.
    """
    if _loop.is_accelerator(what):
        loop = _loop.of_accelerator(what, model, optimizer, dataloader)
        return _job_of_loop(loop, peft_config, train_dataset, gpu)
    if _loop.is_engine(what):
        for name, given in (("model", model), ("optimizer", optimizer)):
            if given is not None:
                raise InputError(
                    f"{name} is the engine's own, so leave it out", field=name, kind="not_allowed"
                )
        return _job_of_loop(_loop.of_engine(what, dataloader), peft_config, train_dataset, gpu)
    trainer = what if _live.is_trainer(what) else None
    arguments = what.args if trainer is not None else what
    if not _live.is_arguments(arguments):
        raise _live.other_class(
            "trainer",
            what,
            "a Trainer of Transformers or TRL, TrainingArguments with model=, accelerate's"
            " Accelerator, DeepSpeed's engine",
            ("Trainer", "TrainingArguments", "Accelerator", "DeepSpeedEngine", *_live.STAGES),
            "give the trainer itself, or its arguments and the model as model=",
        )
    model = _known(model if model is not None else getattr(trainer, "model", None))
    dataset = train_dataset if train_dataset is not None else getattr(
        trainer, "train_dataset", None
    )
    stage = _live.stage_of(trainer, arguments, model)
    in_trl = any(it.__module__.split(".")[0] == "trl" for it in type(arguments).__mro__)
    form = "trl" if in_trl else "transformers"
    own = [
        _batch(arguments, dataset, stage),
        _objective(trainer, stage, model),
        _framework(form),
        {"hardware": _hardware(arguments.world_size, gpu)},
    ]
    return _job(model, peft_config, own, _live.settings_of(arguments, trainer, model), stage, form)


def _job_of_loop(loop: _loop.Loop, peft_config: Any, dataset: Any, gpu: str | None) -> Job:
    model = _known(loop.model)
    if dataset is not None:
        loop = replace(loop, dataset=dataset)
    stage = _live.stage_of(None, loop, model)
    own = [
        _loop.batch_of(loop),
        {"optimizer": loop.optimizer} if loop.optimizer else {},
        _objective(None, stage, model),
        _framework(loop.framework),
        {"framework": {"name": loop.framework}},
        {"hardware": _hardware(loop.ranks, gpu)},
    ]
    return _job(model, peft_config, own, dict(loop.values), stage, "transformers")


def _job(
    model: Any,
    peft_config: Any,
    own: list[dict[str, Any]],
    values: dict[str, Any],
    stage: str,
    form: str,
) -> Job:
    """What the model says, ``own`` sections, and the arguments as a training file of ``form``."""
    document = _live.merged([
        {"model": _live.model_of(model)},
        _live.adapters_of(model, peft_config),
        *own,
        {"allocator": _live.allocator()},
    ])  # fmt: skip
    config = _live.base_of(model).config
    attention = getattr(config, "_attn_implementation", None)
    if attention:
        values["attn_implementation"] = attention
    values["model_name_or_path"] = _live.name_of(config)
    text = f"# trl {stage} --config\n" + json.dumps(values, default=str)
    return Job(document, [{"name": "arguments.yaml", "text": text}], form)


def _known(model: Any) -> Any:
    if model is None or not callable(getattr(model, "named_parameters", None)):
        raise _live.other_class(
            "model",
            model,
            "a model of Transformers or PEFT",
            ("PreTrainedModel", "PeftModel", "PeftModelForCausalLM"),
            "give it as model=",
        )
    return model


def check(
    trainer: Any,
    /,
    *,
    model: Any = None,
    peft_config: Any = None,
    train_dataset: Any = None,
    optimizer: Any = None,
    dataloader: Any = None,
    gpu: str | None = None,
    headroom: str | None = None,
    refuse: bool = True,
    offline: bool = True,
    timeout: float | None = None,
) -> Check:
    """Answers for a run that is about to start: whether it fits, its memory and its hours.

    trainer     a Trainer of Transformers or TRL, TrainingArguments with ``model``, accelerate's
                Accelerator, or the engine of DeepSpeed
    optimizer   of an Accelerator whose ``prepare`` has not had it, as are model and dataloader
    gpu         a card of the catalogue; without it that of this machine, where PyTorch sees one
    refuse      whether a run that does not fit raises DoesNotFitError

    Raises InputError as job_of does.
    """
    job = job_of(
        trainer, model=model, peft_config=peft_config, train_dataset=train_dataset,
        optimizer=optimizer, dataloader=dataloader, gpu=gpu,
    )  # fmt: skip
    common = {"offline": offline, "timeout": timeout}
    estimate = job.ask("estimate", **common)
    fit = None
    if "gpu" in job.document["hardware"]:
        fit = job.ask("fit", headroom=headroom, **common)
    answers = Check(job, estimate, fit)
    if refuse and answers.verdict == "does_not_fit":
        raise DoesNotFitError(str(answers), answers)
    return answers


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
    framework = _live.versions(_live.PACKAGES)
    framework.update({"version": it for it in _live.versions((name,)).values()})
    return {"framework": framework}


def _hardware(ranks: int, gpu: str | None) -> dict[str, Any]:
    hardware: dict[str, Any] = {}
    if gpu is not None:
        hardware["gpu"] = gpu
    elif _sees_a_card():
        hardware["gpu"] = "local"
    if ranks > 1:
        hardware["count"] = ranks
    return hardware


def _sees_a_card() -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and torch.cuda.is_available()
