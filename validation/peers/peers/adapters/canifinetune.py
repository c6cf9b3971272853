"""canifinetune: EstimateRequest with the architecture as `override` (canifinetune/estimator)."""

from __future__ import annotations

from peers import shape
from peers.answer import GIB, Answer
from peers.express import (
    DORA,
    ENCODER,
    FUSED_LOSS,
    GPTQ,
    TARGETS,
    adapter_scope,
    all_layers_or_none,
    encoder,
    gptq,
    one_gpu,
    optimizer,
    refuse_if,
)
from peers.job import Job
from peers.tool import Options, Tool

_SCOPES = {
    "query-value": "conservative",
    "attention": "attention",
    "all-linear": "all_linear",
}
_ATTENTION = {"sdpa": "sdpa", "flash": "flash_attention_2", "flex": "sdpa", "eager": "eager"}
_ASSUMED_GPU_BYTES = 80 * GIB


def _optimizer(job: Job) -> str:
    fused = job.optimizer_implementation == "fused"
    names = {
        "adamw": "adamw_torch_fused" if fused else "adamw_torch",
        "adamw-8bit": "adamw_8bit",
        "sgd": "sgd",
    }
    return optimizer(job, names)


def _override(job: Job) -> Options:
    sizes = shape.read(job.config)
    return {
        "family": job.config["model_type"],
        "hidden_size": sizes.hidden,
        "num_hidden_layers": sizes.layers,
        "num_attention_heads": sizes.heads,
        "num_key_value_heads": sizes.kv_heads,
        "intermediate_size": sizes.intermediate,
        "vocab_size": sizes.vocabulary,
        "tie_word_embeddings": sizes.tied,
        "num_local_experts": sizes.experts,
        "num_experts_per_tok": sizes.experts_per_token,
        "total_params": job.parameters,
    }


def _options(job: Job) -> Options:
    one_gpu(job)
    refuse_if(job.method == "dora", DORA)
    refuse_if(gptq(job), GPTQ)
    refuse_if(encoder(job), ENCODER)
    refuse_if(job.loss in ("triton", "chunked"), FUSED_LOSS)
    scope = adapter_scope(job) if job.method != "full" else "attention"
    refuse_if(scope is None, TARGETS)
    return {
        "request": {
            "model_id": job.model_id or "local",
            "method": job.method,
            "seq_len": job.sequence_length,
            "micro_batch_size": job.micro_batch,
            "base_dtype": job.weight_dtype,
            "quantization": "nf4_double_quant" if job.double_quant else "nf4",
            "lora_rank": job.lora_rank,
            "lora_target_scope": _SCOPES[scope or "attention"],
            "optimizer": _optimizer(job),
            "gradient_checkpointing": all_layers_or_none(job),
            "attention_implementation": _ATTENTION[job.attention],
            "loss_backend": "stock" if job.loss == "full" else "liger",
            "gpu_vram_gb": (job.gpu_bytes or _ASSUMED_GPU_BYTES) / GIB,
            "use_network": False,
            "override": _override(job),
        },
        "gpu_known": job.gpu_bytes is not None,
    }


def _ask(options: Options) -> Answer:
    from canifinetune.estimator import EstimateRequest, estimate

    estimated = estimate(EstimateRequest(**options["request"]))
    memory = estimated.memory
    without_margin = memory.total_estimated_gb - memory.safety_margin_gb
    components = without_margin - memory.cuda_overhead_gb
    return Answer.of(
        fits=estimated.feasible != "no" if options["gpu_known"] else None,
        components=components * GIB,
        without_margin=without_margin * GIB,
        total=memory.total_estimated_gb * GIB,
    )


TOOL = Tool(
    package="canifinetune",
    version="0.4.1",
    environment="canifinetune",
    scope="full, LoRA and QLoRA on one GPU; logits, dequantisation, upcasts of k-bit training",
    mapping=(
        "The architecture as `override`, with the exact parameter count.",
        "`base_dtype` is the dtype of the weights; the tool has no separate autocast dtype.",
        "Liger and Cut Cross-Entropy are its `liger` loss; other fused losses have no option.",
        "`components` leaves out 8 % of the card for CUDA and 5 % for safety; `without_margin`"
        " only the latter. Without a card 80 GiB are passed.",
        "Its verdict is its own: `no` means that it does not fit.",
    ),
    options=_options,
    ask=_ask,
)
