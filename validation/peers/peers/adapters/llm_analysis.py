"""llm-analysis: LLMAnalysis(...).training (llm_analysis/analysis.py)."""

from __future__ import annotations

from dataclasses import replace

from peers import shape
from peers.answer import Answer
from peers.express import (
    ADAMW_OR_SGD,
    ADAPTERS,
    CHECKPOINTING,
    ENCODER,
    FUSED_LOSS,
    OFFLOAD,
    encoder,
    optimizer,
    refuse_if,
)
from peers.job import Job
from peers.tool import Options, Tool

_BYTES = {"fp32": 4, "bf16": 2, "fp16": 2}
_STATES = {"adamw": 2, "sgd": 0}
_RECOMPUTATION = {"none": "NONE", "selective": "SELECTIVE", "full": "FULL"}
# Two matrices of this width have the parameters of the three of a gated layer.
_GATED_WIDTH = 1.5
_LARGE_GPU_GB = 1_000_000


def _stage(job: Job) -> str:
    if job.strategy.startswith("zero"):
        return f"STAGE_{job.strategy[-1]}"
    if job.strategy.startswith("fsdp"):
        return "STAGE_3" if job.reshard_after_forward else "STAGE_2"
    # Megatron's distributed optimizer divides what ZeRO-1 divides.
    return "STAGE_1" if job.strategy == "megatron" else "NONE"


def _model(job: Job) -> Options:
    sizes = shape.read(job.config)
    width = sizes.intermediate * (_GATED_WIDTH if sizes.gated else 1)
    return {
        "name": job.model_id or "model",
        "num_layers": sizes.layers,
        "n_head": sizes.heads,
        "hidden_dim": sizes.hidden,
        "vocab_size": sizes.vocabulary,
        "max_seq_len": max(sizes.positions, job.sequence_length),
        "num_key_value_heads": sizes.kv_heads,
        "ffn_embed_dim": width,
        "expansion_ratio": width / sizes.hidden,
        "moe_num_experts": sizes.experts,
        "moe_top_k": sizes.experts_per_token,
    }


def _options(job: Job) -> Options:
    refuse_if(job.method != "full", ADAPTERS)
    refuse_if(bool(job.offload), OFFLOAD)
    refuse_if(job.checkpointing not in _RECOMPUTATION, CHECKPOINTING)
    refuse_if(job.loss not in ("full", "triton"), FUSED_LOSS)
    refuse_if(encoder(job), ENCODER)
    state = _BYTES[job.state_dtype] * _STATES[optimizer(job, ADAMW_OR_SGD)]
    masters = 4 if job.mixed or job.master_weights else _BYTES[job.weight_dtype]
    return {
        "model": _model(job),
        "parallelism": {
            "tp_size": job.tensor,
            "pp_size": job.pipeline,
            "dp_size": job.shard,
            "ep_size": job.expert,
        },
        "arguments": {
            "batch_size_per_gpu": job.micro_batch,
            "gradient_accumulation_steps": 1,
            "seq_len": job.sequence_length,
            "activation_recomputation": _RECOMPUTATION[job.checkpointing],
            "ds_zero": _stage(job),
            "master_weights_dtype_bytes": masters,
            "other_op_bytes": state,
            "flash_attn": job.attention != "eager",
            "mlp_gated_linear_units": shape.read(job.config).gated,
        },
    }


def _ask(options: Options) -> Answer:
    from llm_analysis.analysis import ActivationRecomputation, DSZeRO, LLMAnalysis
    from llm_analysis.config import (
        ModelConfig,
        ParallelismConfig,
        get_dtype_config_by_name,
        get_gpu_config_by_name,
    )

    arguments = dict(options["arguments"])
    recomputation = arguments["activation_recomputation"]
    arguments["activation_recomputation"] = ActivationRecomputation[recomputation]
    arguments["ds_zero"] = DSZeRO[arguments["ds_zero"]]
    # It gives no figure for what does not fit, so the card is made as large as it takes.
    gpu = replace(get_gpu_config_by_name("a100-sxm-80gb"), mem_per_GPU_in_GB=_LARGE_GPU_GB)
    analysis = LLMAnalysis(
        ModelConfig(**options["model"]),
        gpu,
        get_dtype_config_by_name("w16a16e16"),
        ParallelismConfig(**options["parallelism"]),
    )
    summary = analysis.training(**arguments)
    return Answer.of(total=summary["(weight+op_state+grad+act)_memory_per_gpu"])


TOOL = Tool(
    package="llm-analysis",
    version="0.2.2",
    environment="llm-analysis",
    scope="full training; tensor, pipeline, data and expert parallel, ZeRO; a lower bound, it says",
    mapping=(
        "Its two matrices of a feed-forward layer get 1.5 times the width of a gated one, so that"
        " the parameters are right; the embeddings are tied always.",
        "Weights are 16 bit; masters are fp32 under autocast, otherwise as wide as the weights.",
        "FSDP is ZeRO-3, or ZeRO-2 without resharding; Megatron is ZeRO-1.",
        "`selective` recomputes attention, whatever the job's own selection is.",
    ),
    options=_options,
    ask=_ask,
)
