"""Draws fine-tunes of published models, whose widths are theirs and whose depth is cut to a few layers.

    python plan/widths.py --count 110 --seed 1 > jobs.jsonl

Where ``fine_tunes.py`` draws over small shapes that are alike, these have the shapes that people train: heads that
no kernel takes, vocabularies that are no power of two, widths of experts, biases, norms and positions as published.
"""

from __future__ import annotations

import argparse
import json
import random
from typing import Any

from fine_tunes import _OTHER_NAMES, _VERSIONS
from model_types import RECURRENT

Config = dict[str, Any]

MODELS: dict[str, Config] = {
    "falcon-7b": {
        "model_type": "falcon", "hidden_size": 4544, "num_hidden_layers": 2, "num_attention_heads": 71,
        "vocab_size": 65024, "bias": False, "multi_query": True, "parallel_attn": True,
        "new_decoder_architecture": False, "alibi": False,
    },
    "falcon-rw-1b": {
        "model_type": "falcon", "hidden_size": 2048, "num_hidden_layers": 2, "num_attention_heads": 32,
        "vocab_size": 50304, "bias": True, "multi_query": False, "parallel_attn": False,
        "new_decoder_architecture": False, "alibi": True,
    },
    "falcon-11b": {
        "model_type": "falcon", "hidden_size": 4096, "num_hidden_layers": 2, "num_attention_heads": 32,
        "num_kv_heads": 8, "vocab_size": 65024, "bias": False, "multi_query": True, "parallel_attn": True,
        "new_decoder_architecture": True, "alibi": False, "num_ln_in_parallel_attn": 1,
    },
    "bloomz-560m": {
        "model_type": "bloom", "hidden_size": 1024, "n_layer": 3, "n_head": 16, "vocab_size": 250880,
    },
    "mpt-7b": {
        "model_type": "mpt", "d_model": 4096, "n_heads": 32, "n_layers": 2, "expansion_ratio": 4, "vocab_size": 50432,
        "max_seq_len": 2048, "attn_config": {"attn_type": "multihead_attention", "alibi": True, "clip_qkv": 6},
    },
    "gpt-j-6b": {
        "model_type": "gptj", "n_embd": 4096, "n_layer": 2, "n_head": 16, "rotary_dim": 64, "vocab_size": 50400,
        "n_positions": 2048,
    },
    "gpt-neo-1.3b": {
        "model_type": "gpt_neo", "hidden_size": 2048, "num_layers": 2, "num_heads": 16, "vocab_size": 50257,
        "max_position_embeddings": 2048, "attention_types": [[["global", "local"], 1]], "window_size": 256,
    },
    "pythia-1.4b": {
        "model_type": "gpt_neox", "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 3,
        "num_attention_heads": 16, "rotary_pct": 0.25, "vocab_size": 50304, "max_position_embeddings": 2048,
        "use_parallel_residual": True,
    },
    "opt-1.3b": {
        "model_type": "opt", "hidden_size": 2048, "ffn_dim": 8192, "num_hidden_layers": 3, "num_attention_heads": 32,
        "vocab_size": 50272, "max_position_embeddings": 2048, "word_embed_proj_dim": 2048,
    },
    "starcoderbase-1b": {
        "model_type": "gpt_bigcode", "n_embd": 2048, "n_inner": 8192, "n_layer": 3, "n_head": 16, "vocab_size": 49152,
        "n_positions": 8192, "multi_query": True,
    },
    "starcoder2-3b": {
        "model_type": "starcoder2", "hidden_size": 3072, "intermediate_size": 12288, "num_hidden_layers": 2,
        "num_attention_heads": 24, "num_key_value_heads": 2, "vocab_size": 49152, "max_position_embeddings": 16384,
        "sliding_window": 4096, "use_bias": True, "tie_word_embeddings": True,
    },
    "stablelm-zephyr-3b": {
        "model_type": "stablelm", "hidden_size": 2560, "intermediate_size": 6912, "num_hidden_layers": 2,
        "num_attention_heads": 32, "num_key_value_heads": 32, "partial_rotary_factor": 0.25, "vocab_size": 50304,
        "max_position_embeddings": 4096,
    },
    "phi-2": {
        "model_type": "phi", "hidden_size": 2560, "intermediate_size": 10240, "num_hidden_layers": 2,
        "num_attention_heads": 32, "partial_rotary_factor": 0.4, "vocab_size": 51200, "max_position_embeddings": 2048,
    },
    "phi-3.5-moe": {
        "model_type": "phimoe", "hidden_size": 4096, "intermediate_size": 6400, "num_hidden_layers": 2,
        "num_attention_heads": 32, "num_key_value_heads": 8, "num_local_experts": 16, "num_experts_per_tok": 2,
        "vocab_size": 32064, "max_position_embeddings": 4096, "attention_bias": True, "lm_head_bias": True,
    },
    "aya-23-8b": {
        "model_type": "cohere", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 2,
        "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 256000, "max_position_embeddings": 8192,
    },
    "command-r7b": {
        "model_type": "cohere2", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 4,
        "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 256000, "max_position_embeddings": 8192,
        "sliding_window": 4096,
    },
    "olmo-7b": {
        "model_type": "olmo", "hidden_size": 4096, "intermediate_size": 11008, "num_hidden_layers": 2,
        "num_attention_heads": 32, "vocab_size": 50304, "max_position_embeddings": 2048, "clip_qkv": 8.0,
    },
    "olmo-2-1b": {
        "model_type": "olmo2", "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 3,
        "num_attention_heads": 16, "num_key_value_heads": 16, "vocab_size": 100352, "max_position_embeddings": 4096,
    },
    "olmo-3-7b": {
        "model_type": "olmo3", "hidden_size": 4096, "intermediate_size": 11008, "num_hidden_layers": 4,
        "num_attention_heads": 32, "vocab_size": 100278, "max_position_embeddings": 65536, "sliding_window": 4096,
    },
    "deepseek-v2-lite": {
        "model_type": "deepseek_v2", "hidden_size": 2048, "intermediate_size": 10944, "moe_intermediate_size": 1408,
        "num_hidden_layers": 2, "num_attention_heads": 16, "num_key_value_heads": 16, "n_routed_experts": 64,
        "n_shared_experts": 2, "num_experts_per_tok": 6, "first_k_dense_replace": 1, "kv_lora_rank": 512,
        "q_lora_rank": None, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128, "n_group": 1,
        "topk_group": 1, "topk_method": "greedy", "vocab_size": 102400, "max_position_embeddings": 4096,
    },
    "moonlight-16b-a3b": {
        "model_type": "deepseek_v3", "hidden_size": 2048, "intermediate_size": 11264, "moe_intermediate_size": 1408,
        "num_hidden_layers": 2, "num_attention_heads": 16, "num_key_value_heads": 16, "n_routed_experts": 64,
        "n_shared_experts": 2, "num_experts_per_tok": 6, "first_k_dense_replace": 1, "kv_lora_rank": 512,
        "q_lora_rank": None, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128, "n_group": 1,
        "topk_group": 1, "vocab_size": 163840, "max_position_embeddings": 8192,
    },
    "glm-4-9b-chat-hf": {
        "model_type": "glm", "hidden_size": 4096, "intermediate_size": 13696, "num_hidden_layers": 2,
        "num_attention_heads": 32, "num_key_value_heads": 2, "head_dim": 128, "attention_bias": True,
        "vocab_size": 151552, "max_position_embeddings": 131072,
    },
    "glm-4.5-air": {
        "model_type": "glm4_moe", "hidden_size": 4096, "intermediate_size": 10944, "moe_intermediate_size": 1408,
        "num_hidden_layers": 2, "num_attention_heads": 96, "num_key_value_heads": 8, "head_dim": 128,
        "n_routed_experts": 128, "n_shared_experts": 1, "num_experts_per_tok": 8, "first_k_dense_replace": 1,
        "partial_rotary_factor": 0.5, "attention_bias": True, "use_qk_norm": False, "vocab_size": 151552,
        "max_position_embeddings": 131072,
    },
    "granite-3.3-2b": {
        "model_type": "granite", "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 3,
        "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 49159, "max_position_embeddings": 131072,
        "tie_word_embeddings": True,
    },
    "granite-3.1-3b-a800m": {
        "model_type": "granitemoe", "hidden_size": 1536, "intermediate_size": 512, "num_hidden_layers": 3,
        "num_attention_heads": 24, "num_key_value_heads": 8, "num_local_experts": 40, "num_experts_per_tok": 8,
        "vocab_size": 49155, "max_position_embeddings": 131072, "tie_word_embeddings": True,
    },
    "minitron-4b": {
        "model_type": "nemotron", "hidden_size": 3072, "intermediate_size": 9216, "num_hidden_layers": 2,
        "num_attention_heads": 24, "num_key_value_heads": 8, "head_dim": 128, "partial_rotary_factor": 0.5,
        "vocab_size": 256000, "max_position_embeddings": 4096,
    },
    "lfm2-1.2b": {
        "model_type": "lfm2", "hidden_size": 2048, "intermediate_size": 12288, "num_hidden_layers": 4,
        "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 65536, "max_position_embeddings": 128000,
        "block_auto_adjust_ff_dim": True, "block_ff_dim": 12288, "block_multiple_of": 256,
        "block_ffn_dim_multiplier": 1.0, "conv_L_cache": 3,
        "layer_types": ["conv", "conv", "full_attention", "conv"],
    },
    "hunyuan-1.8b": {
        "model_type": "hunyuan_v1_dense", "hidden_size": 2048, "intermediate_size": 6144, "num_hidden_layers": 3,
        "num_attention_heads": 16, "num_key_value_heads": 4, "head_dim": 128, "vocab_size": 120818,
        "max_position_embeddings": 32768, "tie_word_embeddings": True,
    },
    "hunyuan-a13b": {
        "model_type": "hunyuan_v1_moe", "hidden_size": 4096, "intermediate_size": 3072, "num_hidden_layers": 2,
        "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128, "num_experts": 64, "moe_topk": 8,
        "vocab_size": 128167, "max_position_embeddings": 32768, "tie_word_embeddings": True,
    },
    "ernie-4.5-0.3b": {
        "model_type": "ernie4_5", "hidden_size": 1024, "intermediate_size": 3072, "num_hidden_layers": 3,
        "num_attention_heads": 16, "num_key_value_heads": 2, "head_dim": 128, "vocab_size": 103424,
        "max_position_embeddings": 131072, "tie_word_embeddings": True,
    },
    "ernie-4.5-21b-a3b": {
        "model_type": "ernie4_5_moe", "hidden_size": 2560, "intermediate_size": 12288, "moe_intermediate_size": 1536,
        "num_hidden_layers": 2, "num_attention_heads": 20, "num_key_value_heads": 4, "head_dim": 128,
        "moe_num_experts": 64, "moe_k": 6, "num_experts_per_tok": 6, "moe_num_shared_experts": 2,
        "moe_layer_start_index": 1, "vocab_size": 103424, "max_position_embeddings": 131072,
        "tie_word_embeddings": True,
    },
    "exaone-4.0-1.2b": {
        "model_type": "exaone4", "hidden_size": 2048, "intermediate_size": 4096, "num_hidden_layers": 4,
        "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 64, "vocab_size": 102400,
        "max_position_embeddings": 65536, "tie_word_embeddings": True,
    },
    "helium-1-2b": {
        "model_type": "helium", "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 3,
        "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 64000,
        "max_position_embeddings": 4096,
    },
    "seed-oss-36b": {
        "model_type": "seed_oss", "hidden_size": 5120, "intermediate_size": 27648, "num_hidden_layers": 2,
        "num_attention_heads": 80, "num_key_value_heads": 8, "head_dim": 128, "attention_bias": True,
        "attention_out_bias": False, "vocab_size": 155136, "max_position_embeddings": 524288,
    },
    "afm-4.5b": {
        "model_type": "arcee", "hidden_size": 2560, "intermediate_size": 18432, "num_hidden_layers": 2,
        "num_attention_heads": 20, "num_key_value_heads": 4, "head_dim": 128, "vocab_size": 128004,
        "max_position_embeddings": 65536,
    },
    "qwen1.5-moe-a2.7b": {
        "model_type": "qwen2_moe", "hidden_size": 2048, "intermediate_size": 5632, "moe_intermediate_size": 1408,
        "shared_expert_intermediate_size": 5632, "num_hidden_layers": 2, "num_attention_heads": 16,
        "num_key_value_heads": 16, "num_experts": 60, "num_experts_per_tok": 4, "vocab_size": 151936,
        "max_position_embeddings": 8192,
    },
    "qwen3-30b-a3b": {
        "model_type": "qwen3_moe", "hidden_size": 2048, "intermediate_size": 6144, "moe_intermediate_size": 768,
        "num_hidden_layers": 2, "num_attention_heads": 32, "num_key_value_heads": 4, "head_dim": 128,
        "num_experts": 128, "num_experts_per_tok": 8, "norm_topk_prob": True, "vocab_size": 151936,
        "max_position_embeddings": 40960,
    },
    "qwen3-next-80b-a3b": {
        "model_type": "qwen3_next", "hidden_size": 2048, "intermediate_size": 5120, "moe_intermediate_size": 512,
        "shared_expert_intermediate_size": 512, "num_hidden_layers": 4, "num_attention_heads": 16,
        "num_key_value_heads": 2, "head_dim": 256, "num_experts": 64, "num_experts_per_tok": 10,
        "linear_num_key_heads": 16, "linear_num_value_heads": 32, "linear_key_head_dim": 128,
        "linear_value_head_dim": 128, "partial_rotary_factor": 0.25, "vocab_size": 151936,
        "max_position_embeddings": 262144,
        "layer_types": ["linear_attention", "linear_attention", "linear_attention", "full_attention"],
    },
    "mixtral-8x7b": {
        "model_type": "mixtral", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 2,
        "num_attention_heads": 32, "num_key_value_heads": 8, "num_local_experts": 8, "num_experts_per_tok": 2,
        "vocab_size": 32000, "max_position_embeddings": 32768,
    },
    "olmoe-1b-7b": {
        "model_type": "olmoe", "hidden_size": 2048, "intermediate_size": 1024, "num_hidden_layers": 2,
        "num_attention_heads": 16, "num_key_value_heads": 16, "num_experts": 64, "num_experts_per_tok": 8,
        "vocab_size": 50304, "max_position_embeddings": 4096,
    },
    "gpt-oss-20b": {
        "model_type": "gpt_oss", "hidden_size": 2880, "intermediate_size": 2880, "num_hidden_layers": 2,
        "num_attention_heads": 64, "num_key_value_heads": 8, "head_dim": 64, "num_local_experts": 32,
        "num_experts_per_tok": 4, "vocab_size": 201088, "max_position_embeddings": 131072, "sliding_window": 128,
        "layer_types": ["sliding_attention", "full_attention"],
    },
    "dbrx": {
        "model_type": "dbrx", "d_model": 6144, "n_heads": 48, "n_layers": 2, "max_seq_len": 32768,
        "vocab_size": 100352, "attn_config": {"kv_n_heads": 8, "clip_qkv": 8, "rope_theta": 500000},
        "ffn_config": {"ffn_hidden_size": 10752, "moe_num_experts": 16, "moe_top_k": 4},
    },
    "gemma-2-2b": {
        "model_type": "gemma2", "hidden_size": 2304, "intermediate_size": 9216, "num_hidden_layers": 2,
        "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256, "vocab_size": 256000,
        "max_position_embeddings": 8192, "sliding_window": 4096, "query_pre_attn_scalar": 256,
    },
    "gemma-3-4b": {
        "model_type": "gemma3_text", "hidden_size": 2560, "intermediate_size": 10240, "num_hidden_layers": 6,
        "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256, "vocab_size": 262208,
        "max_position_embeddings": 131072, "sliding_window": 1024,
    },
    "smollm3-3b": {
        "model_type": "smollm3", "hidden_size": 2048, "intermediate_size": 11008, "num_hidden_layers": 4,
        "num_attention_heads": 16, "num_key_value_heads": 4, "vocab_size": 128256, "max_position_embeddings": 65536,
        "tie_word_embeddings": True,
    },
    "mistral-nemo-12b": {
        "model_type": "mistral", "hidden_size": 5120, "intermediate_size": 14336, "num_hidden_layers": 2,
        "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 131072,
        "max_position_embeddings": 131072, "sliding_window": None,
    },
    "phi-4": {
        "model_type": "phi3", "hidden_size": 5120, "intermediate_size": 17920, "num_hidden_layers": 2,
        "num_attention_heads": 40, "num_key_value_heads": 10, "vocab_size": 100352, "max_position_embeddings": 16384,
        "original_max_position_embeddings": 16384,
    },
    "gpt2-medium": {
        "model_type": "gpt2", "n_embd": 1024, "n_layer": 4, "n_head": 16, "vocab_size": 50257, "n_positions": 1024,
    },
    "llama-3.2-1b": {
        "model_type": "llama", "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 3,
        "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 64, "vocab_size": 128256,
        "max_position_embeddings": 131072, "tie_word_embeddings": True,
    },
    "qwen2.5-3b": {
        "model_type": "qwen2", "hidden_size": 2048, "intermediate_size": 11008, "num_hidden_layers": 3,
        "num_attention_heads": 16, "num_key_value_heads": 2, "vocab_size": 151936, "max_position_embeddings": 32768,
        "tie_word_embeddings": True,
    },
    "qwen3-4b": {
        "model_type": "qwen3", "hidden_size": 2560, "intermediate_size": 9728, "num_hidden_layers": 3,
        "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 151936,
        "max_position_embeddings": 40960, "tie_word_embeddings": True,
    },
}  # fmt: skip
"""Published widths; where experts are very many, fewer of them."""

_TRL = {"5": "1.16.0", "4.57": "0.29.1"}

_NEW = {"gpt-oss-20b"}


def _adapter(draw: random.Random, kind: str) -> Config:
    adapter: Config = {
        "rank": draw.choice([8, 16, 32, 64]),
        "alpha": 32,
        "dropout": draw.choice([0.0, 0.0, 0.05, 0.1]),
        "targets": draw.choice(["all-linear", "all-linear", ["q_proj", "v_proj"]]),
    }
    if kind in _OTHER_NAMES or kind in RECURRENT:
        adapter["targets"] = "all-linear"
    return adapter


def _how(draw: random.Random, kind: str) -> Config:
    method = draw.choice(["full", "full", "lora", "lora", "lora", "rslora", "qlora", "qlora", "dora"])
    if method == "qlora" and kind == "gpt2":
        method = "lora"
    result: Config = {"method": method}
    if method != "full":
        result["lora"] = _adapter(draw, kind)
    if method == "qlora":
        result["lora"]["kbit_prepare"] = draw.choice([True, True, False])
    elif method == "lora" and draw.random() < 0.15:
        result["lora"]["modules_to_save"] = ["lm_head"]
    return result


def job(draw: random.Random, name: str, line: str) -> Config:
    """One job on a published model: what a trainer does where nothing is set, or settings as drawn."""
    config = MODELS[name]
    kind = str(config["model_type"])
    how = _how(draw, kind)
    trl = draw.random() < 0.5
    model: Config = {"id": name, "config": config, "dtype": "bf16"}
    if how["method"] == "full" and draw.random() < 0.25:
        model["dtype"] = "fp32"
    if how["method"] == "qlora":
        model["quantization"] = {"scheme": "nf4", "double_quant": True, "implementation": "bitsandbytes"}
    if kind in RECURRENT:
        model["mixer"] = "torch"
    if trl and how["method"] == "qlora":
        # TRL prepares nothing where it makes the adapters itself.
        del how["lora"]["kbit_prepare"]
    framework: Config = {"name": "trl", "version": _TRL[line]} if trl else {"name": "transformers"}
    batch: Config = {
        "micro_batch": draw.choice([1, 2, 4]),
        "sequence_length": draw.choice([256, 512, 777, 1024, 2048]),
        "padding": draw.choice(["packed", "packed", "packed", "padded"]),
    }
    result: Config = {"model": model, **how, "batch": batch, "framework": {**framework, **_VERSIONS[line]}}
    if trl and draw.random() < 0.4:
        result["attention"] = "sdpa"
        return result
    batch["grad_accum"] = draw.choice([1, 1, 2])
    mixed = model["dtype"] == "fp32" or draw.random() < 0.6
    if kind == "dbrx" and model["dtype"] == "bf16":
        mixed = False
    result |= {
        "precision": "bf16-mixed" if mixed else "bf16",
        "checkpointing": draw.choice(["full", "none"]),
        "optimizer": draw.choice([
            {"name": "adamw", "implementation": "fused"},
            {"name": "adamw", "implementation": "fused"},
            {"name": "adamw", "implementation": "foreach"},
            {"name": "adamw-8bit"},
            {"name": "paged-adamw-8bit"},
            {"name": "adafactor"},
            {"name": "lion"},
            {"name": "sgd"},
        ]),
        "attention": draw.choice(["sdpa", "sdpa", "sdpa", "eager"]),
    }
    if trl and draw.random() < 0.2:
        result["objective"] = {"scored_fraction": 0.25}
    elif not trl and draw.random() < 0.12:
        result["objective"] = {"stage": "classification", "labels": 3}
    elif how["method"] == "full" and not trl and draw.random() < 0.2:
        result["parallelism"] = {"strategy": "fsdp2", "reshard_after_forward": draw.choice([True, False])}
        result["hardware"] = {"count": 4}
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=110)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--transformers", choices=sorted(_VERSIONS), default="5")
    asked = parser.parse_args()
    draw = random.Random(asked.seed)
    names = sorted(MODELS.keys() - (_NEW if asked.transformers == "4.57" else set()))
    draw.shuffle(names)
    for number in range(asked.count):
        name = names[number % len(names)]
        identity = f"widths-{asked.transformers}-{asked.seed}-{number:03d}"
        print(json.dumps({"id": identity, "job": job(draw, name, asked.transformers)}))


if __name__ == "__main__":
    main()
