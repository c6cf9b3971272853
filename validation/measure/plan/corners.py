"""Draws jobs in the corners that the other plans leave out, over more models than they have.

    python plan/corners.py --count 120 --seed 1 > jobs.jsonl
    python plan/corners.py --count 120 --seed 1 --stages > jobs.jsonl

Half precision with its gradient scaler, everything in fp32, packed documents, Liger's kernels, adapters on experts'
parameters, on embeddings and heads, DoRA, FSDP2 under adapters, under accumulation and under TRL's
trainers of preferences.
"""

from __future__ import annotations

import argparse
import json
import random
from typing import Any

from fine_tunes import _OTHER_NAMES, _VERSIONS
from model_types import RECURRENT
from stages import DPO_LOSSES, GRPO_LOSSES, STAGES
from widths import MODELS as PUBLISHED

Config = dict[str, Any]

MODELS: dict[str, Config] = {
    "smollm2-135m": {
        "model_type": "llama", "hidden_size": 576, "intermediate_size": 1536, "num_hidden_layers": 4,
        "num_attention_heads": 9, "num_key_value_heads": 3, "vocab_size": 49152, "max_position_embeddings": 8192,
        "tie_word_embeddings": True,
    },
    "danube3-500m": {
        "model_type": "llama", "hidden_size": 1536, "intermediate_size": 4096, "num_hidden_layers": 3,
        "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 96, "vocab_size": 32000,
        "max_position_embeddings": 8192,
    },
    "tinyllama-1.1b": {
        "model_type": "llama", "hidden_size": 2048, "intermediate_size": 5632, "num_hidden_layers": 3,
        "num_attention_heads": 32, "num_key_value_heads": 4, "vocab_size": 32000, "max_position_embeddings": 2048,
    },
    "mistral-7b-v0.1": {
        "model_type": "mistral", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 2,
        "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 32000, "max_position_embeddings": 32768,
        "sliding_window": 4096,
    },
    "ministral-3-3b": {
        "model_type": "ministral3", "hidden_size": 3072, "intermediate_size": 9216, "num_hidden_layers": 2,
        "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 131072,
        "max_position_embeddings": 262144, "tie_word_embeddings": True,
    },
    "qwen2.5-0.5b": {
        "model_type": "qwen2", "hidden_size": 896, "intermediate_size": 4864, "num_hidden_layers": 4,
        "num_attention_heads": 14, "num_key_value_heads": 2, "vocab_size": 151936, "max_position_embeddings": 32768,
        "tie_word_embeddings": True,
    },
    "qwen3-1.7b": {
        "model_type": "qwen3", "hidden_size": 2048, "intermediate_size": 6144, "num_hidden_layers": 3,
        "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 151936,
        "max_position_embeddings": 40960, "tie_word_embeddings": True,
    },
    "gemma-2b": {
        "model_type": "gemma", "hidden_size": 2048, "intermediate_size": 16384, "num_hidden_layers": 2,
        "num_attention_heads": 8, "num_key_value_heads": 1, "head_dim": 256, "vocab_size": 256000,
        "max_position_embeddings": 8192, "tie_word_embeddings": True,
    },
    "gemma-3-270m": {
        "model_type": "gemma3_text", "hidden_size": 640, "intermediate_size": 2048, "num_hidden_layers": 6,
        "num_attention_heads": 4, "num_key_value_heads": 1, "head_dim": 256, "vocab_size": 262144,
        "max_position_embeddings": 32768, "sliding_window": 512, "query_pre_attn_scalar": 256,
    },
    "phi-1.5": {
        "model_type": "phi", "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 3,
        "num_attention_heads": 32, "partial_rotary_factor": 0.5, "vocab_size": 51200, "max_position_embeddings": 2048,
    },
    "phi-3-mini": {
        "model_type": "phi3", "hidden_size": 3072, "intermediate_size": 8192, "num_hidden_layers": 2,
        "num_attention_heads": 32, "num_key_value_heads": 32, "vocab_size": 32064, "max_position_embeddings": 4096,
        "original_max_position_embeddings": 4096, "sliding_window": 2047, "pad_token_id": 32000,
    },
    "stablelm-2-12b": {
        "model_type": "stablelm", "hidden_size": 5120, "intermediate_size": 13824, "num_hidden_layers": 2,
        "num_attention_heads": 32, "num_key_value_heads": 8, "partial_rotary_factor": 0.25, "qk_layernorm": True,
        "use_parallel_residual": True, "vocab_size": 100352, "max_position_embeddings": 4096,
    },
    "command-r-plus": {
        "model_type": "cohere", "hidden_size": 6144, "intermediate_size": 16384, "num_hidden_layers": 2,
        "num_attention_heads": 48, "num_key_value_heads": 8, "use_qk_norm": True, "vocab_size": 256000,
        "max_position_embeddings": 8192,
    },
    "glm-4-9b-0414": {
        "model_type": "glm4", "hidden_size": 4096, "intermediate_size": 13696, "num_hidden_layers": 2,
        "num_attention_heads": 32, "num_key_value_heads": 2, "head_dim": 128, "attention_bias": True,
        "vocab_size": 151552, "max_position_embeddings": 32768,
    },
    "glm-4.7-flash": {
        "model_type": "glm4_moe_lite", "hidden_size": 2048, "intermediate_size": 10240, "moe_intermediate_size": 1536,
        "num_hidden_layers": 2, "num_attention_heads": 20, "num_key_value_heads": 20, "n_routed_experts": 16,
        "n_shared_experts": 1, "num_experts_per_tok": 4, "first_k_dense_replace": 1, "q_lora_rank": 768,
        "kv_lora_rank": 512, "qk_nope_head_dim": 192, "qk_rope_head_dim": 64, "v_head_dim": 256, "n_group": 1,
        "topk_group": 1, "vocab_size": 154880, "max_position_embeddings": 202752,
    },
    "granite-4.0-h-micro": {
        "model_type": "granitemoehybrid", "hidden_size": 2048, "intermediate_size": 8192,
        "shared_intermediate_size": 8192, "num_hidden_layers": 4, "num_attention_heads": 32, "num_key_value_heads": 8,
        "num_local_experts": 0, "num_experts_per_tok": 0, "mamba_n_heads": 64, "mamba_d_head": 64,
        "mamba_n_groups": 1, "mamba_d_state": 128, "mamba_d_conv": 4, "mamba_expand": 2, "mamba_chunk_size": 256,
        "layer_types": ["mamba", "mamba", "attention", "mamba"], "position_embedding_type": "nope",
        "vocab_size": 100352, "max_position_embeddings": 131072, "tie_word_embeddings": True,
    },
    "falcon-h1-0.5b": {
        "model_type": "falcon_h1", "hidden_size": 1024, "intermediate_size": 2048, "num_hidden_layers": 3,
        "num_attention_heads": 8, "num_key_value_heads": 2, "head_dim": 64, "mamba_d_ssm": 1536, "mamba_n_heads": 24,
        "mamba_d_head": 64, "mamba_d_state": 128, "mamba_n_groups": 1, "mamba_d_conv": 4, "mamba_expand": 2,
        "mamba_chunk_size": 128, "vocab_size": 32784, "max_position_embeddings": 16384,
    },
    "nemotron-3-nano": {
        "model_type": "nemotron_h", "hidden_size": 2688, "intermediate_size": 1856, "moe_intermediate_size": 1856,
        "moe_shared_expert_intermediate_size": 3712, "n_routed_experts": 16, "n_shared_experts": 1,
        "num_experts_per_tok": 6, "hybrid_override_pattern": "ME*E", "num_hidden_layers": 4,
        "num_attention_heads": 32, "num_key_value_heads": 2, "head_dim": 128, "mamba_num_heads": 64,
        "mamba_head_dim": 64, "n_groups": 8, "ssm_state_size": 128, "chunk_size": 128, "conv_kernel": 4,
        "vocab_size": 131072, "max_position_embeddings": 262144,
    },
    "lfm2-8b-a1b": {
        "model_type": "lfm2_moe", "hidden_size": 2048, "intermediate_size": 7168, "moe_intermediate_size": 1792,
        "num_hidden_layers": 4, "num_attention_heads": 32, "num_key_value_heads": 8, "num_experts": 32,
        "num_experts_per_tok": 4, "num_dense_layers": 2, "conv_L_cache": 3, "vocab_size": 65536,
        "max_position_embeddings": 128000, "layer_types": ["conv", "conv", "full_attention", "conv"],
    },
    "minimax-m2": {
        "model_type": "minimax_m2", "hidden_size": 3072, "intermediate_size": 1536, "num_hidden_layers": 2,
        "num_attention_heads": 48, "num_key_value_heads": 8, "head_dim": 128, "num_local_experts": 32,
        "num_experts_per_tok": 8, "vocab_size": 200064, "max_position_embeddings": 196608,
    },
    "llama-4-scout": {
        "model_type": "llama4_text", "hidden_size": 5120, "intermediate_size": 8192, "intermediate_size_mlp": 16384,
        "num_hidden_layers": 4, "num_attention_heads": 40, "num_key_value_heads": 8, "head_dim": 128,
        "num_local_experts": 4, "num_experts_per_tok": 1, "interleave_moe_layer_step": 1, "vocab_size": 202048,
        "max_position_embeddings": 131072,
    },
    "qwen3.5-0.8b": {
        "model_type": "qwen3_5_text", "hidden_size": 1024, "intermediate_size": 3584, "num_hidden_layers": 4,
        "num_attention_heads": 8, "num_key_value_heads": 2, "head_dim": 256, "linear_num_key_heads": 16,
        "linear_num_value_heads": 16, "linear_key_head_dim": 128, "linear_value_head_dim": 128,
        "layer_types": ["linear_attention", "linear_attention", "linear_attention", "full_attention"],
        "vocab_size": 248320, "max_position_embeddings": 262144, "tie_word_embeddings": True,
    },
    "opt-350m": {
        "model_type": "opt", "hidden_size": 1024, "ffn_dim": 4096, "num_hidden_layers": 4, "num_attention_heads": 16,
        "vocab_size": 50272, "max_position_embeddings": 2048, "word_embed_proj_dim": 512,
        "do_layer_norm_before": False,
    },
    "gpt-neo-125m": {
        "model_type": "gpt_neo", "hidden_size": 768, "num_layers": 4, "num_heads": 12, "vocab_size": 50257,
        "max_position_embeddings": 2048, "attention_types": [[["global", "local"], 2]], "window_size": 256,
    },
    "pythia-160m": {
        "model_type": "gpt_neox", "hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 4,
        "num_attention_heads": 12, "rotary_pct": 0.25, "vocab_size": 50304, "max_position_embeddings": 2048,
        "use_parallel_residual": True,
    },
    "distilgpt2": {
        "model_type": "gpt2", "n_embd": 768, "n_layer": 4, "n_head": 12, "vocab_size": 50257, "n_positions": 1024,
    },
    "olmo-1b": {
        "model_type": "olmo", "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 3,
        "num_attention_heads": 16, "num_key_value_heads": 16, "vocab_size": 50304, "max_position_embeddings": 2048,
        "tie_word_embeddings": True,
    },
    "granite-4.0-tiny-base": {
        "model_type": "granitemoeshared", "hidden_size": 1536, "intermediate_size": 512,
        "shared_intermediate_size": 1024, "num_hidden_layers": 3, "num_attention_heads": 12, "num_key_value_heads": 4,
        "num_local_experts": 32, "num_experts_per_tok": 6, "vocab_size": 49160, "max_position_embeddings": 131072,
        "tie_word_embeddings": True,
    },
}  # fmt: skip
"""Published widths; where experts are very many, fewer of them."""

_EXPERTS = {
    "qwen3_moe", "qwen2_moe", "qwen3_next", "mixtral", "olmoe", "gpt_oss", "glm4_moe", "glm4_moe_lite", "phimoe",
    "deepseek_v3", "minimax_m2", "lfm2_moe", "ernie4_5_moe",
}  # fmt: skip
_ATTENTION_OUT = {"phi": "dense", "lfm2": "out_proj", "lfm2_moe": "out_proj"}
_NEW = {"ministral3", "glm4_moe_lite", "minimax_m2", "nemotron_h", "lfm2_moe", "qwen3_5_text", "gpt_oss"}
_OPTIMIZERS = [
    {"name": "adamw", "implementation": "fused"}, {"name": "adamw", "implementation": "fused"},
    {"name": "adamw", "implementation": "foreach"}, {"name": "adamw-8bit"}, {"name": "paged-adamw"},
    {"name": "paged-adamw-8bit"}, {"name": "adafactor"}, {"name": "lion"}, {"name": "lion-8bit"}, {"name": "sgd"},
]  # fmt: skip


class Draw:
    """Random jobs for the environment of one line of Transformers."""

    def __init__(self, seed: int, line: str, trl: str) -> None:
        self._random = random.Random(seed)
        self._line = line
        self._trl = trl

    def names(self) -> list[str]:
        models = {**PUBLISHED, **MODELS}
        left_out = _NEW if self._line == "4.57" else set()
        names = [n for n, config in models.items() if config["model_type"] not in left_out and n != "dbrx"]
        self._random.shuffle(names)
        return names

    def _some(self, chance: float) -> bool:
        return self._random.random() < chance

    def _of(self, *values: Any) -> Any:
        return self._random.choice(values)

    def _targets(self, kind: str) -> Any:
        if kind in _OTHER_NAMES or kind in RECURRENT:
            return "all-linear"
        out = _ATTENTION_OUT.get(kind, "o_proj")
        return self._of("all-linear", "all-linear", ["q_proj", "v_proj"], ["q_proj", "k_proj", "v_proj", out], ["k_proj"])

    def _adapter(self, kind: str, method: str, tied: bool) -> Config:
        adapter: Config = {
            "rank": self._of(8, 16, 32, 64, 128),
            "alpha": 16,
            "dropout": self._of(0.0, 0.0, 0.05, 0.1),
            "targets": self._targets(kind),
        }
        if method == "qlora":
            adapter["kbit_prepare"] = self._some(0.7)
        elif method == "lora" and kind in _EXPERTS and self._some(0.4):
            adapter |= {"target_parameters": ["mlp.experts.gate_up_proj", "mlp.experts.down_proj"], "dropout": 0.0}
            adapter["targets"] = ["q_proj", "v_proj"] if kind not in _OTHER_NAMES else "all-linear"
        elif method == "lora" and not tied and kind not in _OTHER_NAMES and self._some(0.2):
            adapter["modules_to_save"] = self._of(["lm_head"], ["embed_tokens"], ["embed_tokens", "lm_head"])
        elif method == "lora" and adapter["targets"] != "all-linear" and self._some(0.15):
            adapter["targets"] = [*adapter["targets"], self._of("embed_tokens", "lm_head")]
        if method in ("lora", "rslora") and self._some(0.15):
            adapter["dtype"] = "bf16"
        return adapter

    def _how(self, name: str, config: Config) -> Config:
        kind = str(config["model_type"])
        method = self._of("full", "full", "lora", "lora", "lora", "rslora", "qlora", "qlora", "dora")
        if method == "qlora" and kind == "gpt2":
            method = "lora"
        model: Config = {"id": name, "config": config, "dtype": "bf16"}
        if kind in RECURRENT:
            model["mixer"] = "torch"
        result: Config = {"model": model, "method": method}
        if method == "qlora":
            model["quantization"] = {
                "scheme": self._of("nf4", "nf4", "fp4"), "double_quant": self._some(0.5),
                "implementation": "bitsandbytes",
            }  # fmt: skip
        if method == "full":
            if self._some(0.3):
                model["dtype"] = "fp32"
        else:
            result["lora"] = self._adapter(kind, method, bool(config.get("tie_word_embeddings")))
            if self._some(0.12):
                model["dtype"] = "fp32"
        return result

    def _precision(self, job: Config) -> None:
        dtype = job["model"]["dtype"]
        which = self._random.random()
        if dtype == "fp32":
            job["precision"] = "fp32" if which < 0.2 else "fp16-mixed" if which < 0.45 else "bf16-mixed"
        else:
            job["precision"] = "bf16" if which < 0.35 else "bf16-mixed"
        if job["precision"] == "bf16" and "lora" in job and job["lora"].get("dtype") == "bf16":
            return
        if "lora" in job and job["precision"] == "bf16":
            job["lora"].pop("dtype", None)

    def _checkpoints(self, job: Config) -> None:
        job["checkpointing"] = self._of("full", "none")
        if job["checkpointing"] == "full" and self._some(0.6):
            job["checkpointing_reentrant"] = self._some(0.5)

    def _ranks(self, job: Config, chance: float) -> None:
        if job["method"] == "qlora" or not self._some(chance) or job["precision"] == "fp16-mixed":
            return
        job["parallelism"] = {"strategy": "fsdp2", "reshard_after_forward": self._some(0.7)}
        job["hardware"] = {"count": self._of(2, 4, 8)}
        if self._line == "4.57":
            job["parallelism"]["root_group"] = "plain_raf"
        if job["optimizer"]["name"] not in ("adamw", "sgd"):
            job["optimizer"] = {"name": "adamw", "implementation": "fused"}

    def supervised(self, name: str, config: Config) -> Config:
        job = self._how(name, config)
        trl = self._some(0.5)
        framework: Config = {"name": "trl", "version": self._trl} if trl else {"name": "transformers"}
        job["framework"] = {**framework, **_VERSIONS[self._line]}
        if trl and "lora" in job:
            job["lora"].pop("kbit_prepare", None)
            job["lora"].pop("dtype", None)
        job["batch"] = {
            "micro_batch": self._of(1, 2, 3, 4, 8), "grad_accum": self._of(1, 1, 2, 4),
            "sequence_length": self._of(96, 250, 512, 777, 1024, 2048), "padding": self._of("packed", "packed", "padded"),
        }  # fmt: skip
        job["attention"] = self._of("sdpa", "sdpa", "sdpa", "eager")
        job["optimizer"] = self._of(*_OPTIMIZERS)
        self._precision(job)
        self._checkpoints(job)
        self._objective(job, trl)
        self._ranks(job, 0.2)
        return job

    def _objective(self, job: Config, trl: bool) -> None:
        which = self._random.random()
        objective: Config = {}
        if which < 0.12:
            objective = {"scored_fraction": 0.3}
        elif which < 0.2 and trl:
            objective = {"neftune_alpha": 5}
        elif which < 0.28 and trl:
            objective = {"loss_type": "dft"}
        elif which < 0.36 and trl and job["batch"]["micro_batch"] == 1:
            job["batch"] |= {"segments": 4, "padding": "packed"}
        elif which < 0.3:
            objective = {"label_smoothing": 0.1}
        elif which < 0.4 and not trl:
            objective = {"stage": "classification", "labels": 5}
        elif which < 0.55 and job["model"]["config"]["model_type"] in _LIGER and job["method"] in ("full", "lora"):
            job |= {"loss": "liger", "liger_kernels": ["rms_norm", "swiglu", "rope"]}
            job["framework"]["liger"] = "0.8.5"
        elif which < 0.65:
            job["evaluation"] = {"batches": 2, "micro_batch": self._of(2, 8), "metrics": self._some(0.5)}
        if objective:
            job["objective"] = objective

    def staged(self, name: str, config: Config) -> Config:
        job = self._how(name, config)
        stage = self._random.choice(STAGES)
        if "lora" in job:
            job["lora"].pop("kbit_prepare", None)
            job["lora"].pop("dtype", None)
            if stage == "reward" and "lm_head" in str(job["lora"]):
                job["lora"].pop("modules_to_save", None)
                job["lora"]["targets"] = "all-linear"
        job["framework"] = {"name": "trl", "version": self._trl, **_VERSIONS[self._line]}
        job["attention"] = self._of("sdpa", "sdpa", "sdpa", "eager")
        job["optimizer"] = self._of(*_OPTIMIZERS)
        alone = stage in ("kto", "grpo", "rloo")
        prompt, answers = self._of(33, 64, 128, 300), [self._of(64, 100, 256, 512) for _ in range(2)]
        micro = self._of(2, 4, 8) if alone else self._of(1, 2, 4)
        job["batch"] = {
            "micro_batch": micro, "grad_accum": self._of(1, 1, 2, 4), "padding": "packed",
            "sequence_length": prompt + (answers[0] if alone else max(answers)),
        }  # fmt: skip
        job["objective"] = {"stage": stage, "prompt_length": prompt}
        if alone:
            job["objective"]["completion_length"] = answers[0]
        else:
            job["objective"] |= {"chosen_length": answers[0], "rejected_length": answers[1]}
            if answers[0] != answers[1]:
                job["batch"]["padding"] = "padded"
        self._stage(job, stage)
        self._precision(job)
        if job["precision"] == "bf16" and self._some(0.5):
            job["precision"] = "bf16-mixed"
        self._checkpoints(job)
        self._ranks(job, 0.4)
        return job

    def _stage(self, job: Config, stage: str) -> None:
        objective = job["objective"]
        compared = stage in ("dpo", "kto", "rloo") or (stage == "grpo" and self._some(0.5))
        objective["reference"] = ("copy" if job["method"] == "full" else "adapter-off") if compared else "none"
        if stage in ("dpo", "kto") and self._some(0.2):
            objective["reference"] = "precomputed"
        if stage == "dpo" and self._some(0.4):
            objective["loss_type"] = [self._random.choice(DPO_LOSSES)]
        elif stage == "cpo":
            objective.update(self._of({"loss_type": "simpo", "alpha": 0.0}, {"loss_type": "sigmoid"}))
        elif stage in ("grpo", "rloo"):
            objective["beta"] = self._of(0.04, 0.1) if compared else 0.0
            if stage == "grpo" and self._some(0.6):
                objective["loss_type"] = self._random.choice(GRPO_LOSSES)
            job["generation"] = {"engine": "none", "group_size": 2}
            if self._some(0.2):
                job["generation"]["iterations"] = 2


_LIGER = {"llama", "mistral", "qwen2", "qwen3", "gemma", "phi3", "smollm3", "olmo2", "glm4", "mixtral", "qwen3_moe"}


def write_jobs(named: str, drawing: type[Draw], models: dict[str, Config], count: int, about: str | None) -> None:
    """Writes the jobs that the command line asks for, a line each; their names begin with ``named``."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--count", type=int, default=count)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--transformers", choices=sorted(_VERSIONS), default="5")
    parser.add_argument("--trl", default="1.16.0")
    parser.add_argument("--stages", action="store_true", help="preferences and completions in place of supervision")
    asked = parser.parse_args()
    draw = drawing(asked.seed, asked.transformers, asked.trl)
    names = draw.names()
    for number in range(asked.count):
        name = names[number % len(names)]
        make = draw.staged if asked.stages else draw.supervised
        kind = "stages" if asked.stages else "tunes"
        identity = f"{named}-{kind}-{asked.transformers}-{asked.seed}-{number:03d}"
        print(json.dumps({"id": identity, "job": make(name, models[name])}))


if __name__ == "__main__":
    write_jobs("corner", Draw, {**PUBLISHED, **MODELS}, 120, __doc__)
