"""What a tool's options cannot say about a job, in the same words for every tool."""

from __future__ import annotations

from collections.abc import Mapping

from peers.job import Job

SEVERAL_GPUS = "several GPUs"
MODEL_PARALLEL = "tensor, pipeline or expert parallelism"
OFFLOAD = "offload"
DORA = "DoRA"
ADAPTERS = "adapters"
QUANTISED_BASE = "a quantised base"
GPTQ = "a base quantised by GPTQ"
FUSED_LOSS = "a loss other than PyTorch's over full logits"
CHECKPOINTING = "checkpointing other than all layers or none"
ANY_CHECKPOINTING = "activation checkpointing"
EXPERTS = "a mixture of experts"
ENCODER = "a model without a language-model head"
TARGETS = "these adapter targets"
EIGHT_BIT_OPTIMIZER = "an 8-bit optimizer"

_QUERY_VALUE = {"q_proj", "v_proj"}
_ATTENTION = {"q_proj", "k_proj", "v_proj", "o_proj"}
_ALL_LINEAR = _ATTENTION | {"gate_proj", "up_proj", "down_proj"}
_PARTS = {
    "all-linear": _ALL_LINEAR,
    "c_attn": {"q_proj", "k_proj", "v_proj"},
    "query_key_value": {"q_proj", "k_proj", "v_proj"},
    "W_pack": {"q_proj", "k_proj", "v_proj"},
    "qkv_proj": {"q_proj", "k_proj", "v_proj"},
    "gate_up_proj": {"gate_proj", "up_proj"},
    # Qwen's first generation: c_proj ends both attention and feed-forward.
    "c_proj": {"o_proj", "down_proj"},
    "w1": {"up_proj"},
    "w2": {"gate_proj"},
}
_EXPERT_KEYS = ("num_local_experts", "num_experts", "n_routed_experts")


ADAMW_OR_SGD = {"adamw": "adamw", "sgd": "sgd"}


class CannotExpress(Exception):
    """The tool has no option for something that decides how much memory the job takes."""


def refuse_if(condition: bool, reason: str) -> None:
    """Raises `CannotExpress(reason)` when the condition holds."""
    if condition:
        raise CannotExpress(reason)


def optimizer(job: Job, names: Mapping[str, str]) -> str:
    """The tool's name of the job's optimizer; a paged one is as large as one that is not.

    What is unknown to the tool is refused, except with adapters: their states weigh little, and
    AdamW stands in for them.
    """
    name = job.optimizer.removeprefix("paged-")
    refuse_if(job.method == "full" and name not in names, f"the optimizer {name}")
    return names.get(name, names["adamw"])


def only_adamw(job: Job) -> None:
    """Refuses other optimizers of full fine-tuning, for tools that have no option for them."""
    optimizer(job, {"adamw": "adamw"})


def all_layers_or_none(job: Job) -> bool:
    """Whether every layer is checkpointed; refuses anything between."""
    refuse_if(job.checkpointing not in ("full", "none"), CHECKPOINTING)
    return job.checkpointing == "full"


def one_gpu(job: Job) -> None:
    """Refuses jobs that divide something among GPUs or keep something in host memory."""
    refuse_if(job.divided, SEVERAL_GPUS)
    refuse_if(bool(job.offload), OFFLOAD)


def adapter_targets(job: Job) -> set[str]:
    """The targets by the names of Llama's projections, where fused ones count as their parts."""
    return set().union(*(_PARTS.get(name, {name}) for name in job.lora_targets))


def adapter_scope(job: Job) -> str | None:
    """The set of targets that tools have a word for: query-value, attention, all-linear."""
    scopes = {"query-value": _QUERY_VALUE, "attention": _ATTENTION, "all-linear": _ALL_LINEAR}
    targets = adapter_targets(job)
    return next((name for name, scope in scopes.items() if scope == targets), None)


def experts(job: Job) -> int:
    """Experts in a layer; 1 for a dense model."""
    return max(int(job.config.get(key) or 1) for key in _EXPERT_KEYS)


def encoder(job: Job) -> bool:
    """Whether the model ends in a classifier: no logits over the vocabulary."""
    return job.config.get("model_type") == "bert"


def gptq(job: Job) -> bool:
    """Whether the frozen base is held as AutoGPTQ holds it."""
    return job.quantization.startswith("gptq")


def full_logits(job: Job) -> None:
    """Refuses fused and chunked losses and classifiers, for tools that count logits always."""
    refuse_if(job.loss != "full", FUSED_LOSS)
    refuse_if(encoder(job), ENCODER)
