"""Text of a job for an encoder-decoder: a source that the encoder reads, a target that the decoder writes."""

from __future__ import annotations

import re
from typing import Any

import torch

from .job import Job

READERS = "t5 mt5 umt5 bart blenderbot blenderbot-small m2m_100 marian mbart pegasus plbart".split()
"""Types that read a text whole before they write another."""


def reads(job: Job) -> bool:
    """Whether an encoder reads a source; targets are as long as ``objective.completion_length`` says."""
    named = job.get("model.config").get("architectures") or ()
    headed = any(str(name).endswith(("ForConditionalGeneration", "MTModel")) for name in named)
    return headed and job.get("model.config").get("model_type") in READERS


def translated(row: dict[str, Any], target: list[int], padded: bool) -> dict[str, Any]:
    """The sequence as a source beside labels and what DataCollatorForSeq2Seq has the model make of them."""
    labels = list(target)
    if padded:
        labels[-1] = -100
    shifted = [0, *(label if label >= 0 else 0 for label in labels[:-1])]
    return {
        "input_ids": row["input_ids"],
        "attention_mask": row["attention_mask"],
        "labels": labels,
        "decoder_input_ids": shifted,
    }


def keep_wide(model: Any, job: Job) -> list[str]:
    """What ``from_pretrained`` leaves in fp32 of a model that is loaded in fp16, or in few bits by
    Transformers before 5.0; the names of its modules."""
    names = list(getattr(model, "_keep_in_fp32_modules", None) or [])
    # Whatever the model is loaded in (Voxtral's table of positions).
    _widen(model, list(getattr(model, "_keep_in_fp32_modules_strict", None) or []))
    if not names:
        return []
    import transformers

    before = int(transformers.__version__.split(".")[0]) < 5
    if job.get("model.dtype") == "fp16" or (job.bits and before):
        _widen(model, names)
    return names


def _widen(model: Any, names: list[str]) -> None:
    """Puts the parameters of modules into fp32."""
    found = re.compile("|".join(rf"(^|\.){name}($|\.)" for name in names) or "$^")
    for name, parameter in model.named_parameters():
        if found.search(name) and parameter.is_floating_point():
            parameter.data = parameter.data.to(torch.float32)


def untie(model: Any, job: Job) -> None:
    """A head of its own where the checkpoint has one: Transformers 5 ties T5's whatever its config says, but
    not where ``from_pretrained`` finds two tables that differ."""
    head = getattr(model, "lm_head", None)
    if head is not None and reads(job) and job.get("model.config").get("tie_word_embeddings") is False:
        head.weight = torch.nn.Parameter(torch.empty_like(head.weight))
