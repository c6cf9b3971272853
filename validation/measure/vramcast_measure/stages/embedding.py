"""sentence-transformers' trainer of embeddings."""

from __future__ import annotations

from typing import Any

import torch

from ..job import Job, JobError
from ..marks import Marks
from ..model import build_other, lora_config
from ..phases import Phase
from ..tokenizer import tiny_tokenizer
from ..trainers import arguments

_RANKING = "MultipleNegativesRankingLoss"


def _texts(job: Job) -> int:
    return int(job.get("objective.texts", 2))


def rows(job: Job, steps: int) -> list[dict[str, Any]]:
    """Numbers of examples; their tokens are those of ``batches``."""
    count = steps * job.get("batch.micro_batch", 1) * job.get("batch.grad_accum", 1)
    return [{"anchor": str(number), "positive": str(number)} for number in range(count)]


def build(job: Job, base: Any, examples: list[dict[str, Any]], steps: int) -> Any:
    from datasets import Dataset
    from peft import get_peft_model, prepare_model_for_kbit_training
    from sentence_transformers import (
        SentenceTransformer,
        SentenceTransformerTrainer,
        SentenceTransformerTrainingArguments,
    )

    if job.adapts:
        if job.get("lora.kbit_prepare", False):
            prepare_model_for_kbit_training(base, use_gradient_checkpointing=job.get("checkpointing") == "full")
        # SentenceTransformer.add_adapter leaves adapters in the dtype of the base.
        get_peft_model(base, lora_config(job), autocast_adapter_dtype=False)
    model = _wrapped(job, base, SentenceTransformer)
    settings = SentenceTransformerTrainingArguments(**arguments(job, steps))
    return SentenceTransformerTrainer(
        model=model,
        args=settings,
        train_dataset=Dataset.from_list(examples),
        loss=_loss(job, model, base.device, SentenceTransformer),
    )


def _wrapped(job: Job, base: Any, kind: Any) -> Any:
    """A model of Transformers as ``SentenceTransformer(name)`` holds it."""
    from sentence_transformers.models import Pooling

    module = _module(job, base)
    names = {"cls": "cls", "last": "lasttoken"}
    pooled = names.get(job.get("objective.pooling", "mean"), "mean")
    pooling = Pooling(base.config.hidden_size, pooling_mode=pooled)
    return kind(modules=[module, pooling], device=base.device)


def _module(job: Job, base: Any) -> Any:
    """sentence-transformers' Transformer around a model that is there already."""
    from sentence_transformers.base.modules import transformer

    class Given(transformer.Transformer):
        def _load_config(self, *_: Any, **__: Any) -> Any:
            return base.config, False

        def _load_model(self, *_: Any, **__: Any) -> Any:
            return base

    transformer.AutoProcessor.from_pretrained = lambda *_, **__: tiny_tokenizer()
    return Given("given", max_seq_length=job.get("batch.sequence_length"))


def _loss(job: Job, model: Any, device: torch.device, kind: Any) -> Any:
    from sentence_transformers import losses

    name = job.losses[0] if job.losses else _RANKING
    if job.get("objective.mini_batch") and not name.startswith("Cached"):
        name = "Cached" + name
    settings: dict[str, Any] = {}
    if name.startswith("Cached"):
        settings["mini_batch_size"] = job.get("objective.mini_batch", 32)
    if "GIST" in name:
        other = build_other(job, "objective.teacher", device)
        settings["guide"] = _wrapped(job, other, kind)
    if not hasattr(losses, name):
        raise JobError(f"objective.loss_type: {name} can not be measured")
    loss = getattr(losses, name)(model, **settings)
    if job.get("objective.matryoshka"):
        loss = losses.MatryoshkaLoss(model, loss, job.get("objective.matryoshka"))
    return loss


def batches(job: Job, steps: int) -> list[dict[str, torch.Tensor]]:
    """What the collator gives: ids and a mask of every text, padded to the longest."""
    count = steps * job.get("batch.grad_accum", 1)
    return [_batch(job) for _ in range(count)]


def _batch(job: Job) -> dict[str, torch.Tensor]:
    examples = job.get("batch.micro_batch", 1)
    length = job.get("batch.sequence_length")
    batch: dict[str, torch.Tensor] = {}
    for text in range(_texts(job)):
        width = job.get("objective.prompt_length", length) if text == 0 else length
        mask = torch.ones(examples, width, dtype=torch.int64)
        if job.get("batch.padding", "packed") == "padded":
            mask[1::2, -1] = 0
        batch[f"text_{text}_input_ids"] = torch.full((examples, width), 7)
        batch[f"text_{text}_attention_mask"] = mask
    return batch


def mark(trainer: Any, marks: Marks) -> None:
    """The loss begins behind the last forward pass."""
    loss = trainer.loss
    inner = getattr(loss, "loss", loss)
    for name in ("compute_loss_from_embeddings", "calculate_loss"):
        if hasattr(inner, name) and not hasattr(loss, "mini_batch_size"):
            _entering(inner, name, marks)


def _entering(loss: Any, name: str, marks: Marks) -> None:
    run = getattr(loss, name)

    def marked(*args: Any, **kwargs: Any) -> Any:
        marks.enter(Phase.FORWARD_HEAD)
        return run(*args, **kwargs)

    setattr(loss, name, marked)
