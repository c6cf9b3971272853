"""Writes a LoRA, a full and a TRL job for each model type that Transformers has and vramcast reads.

    python plan/model_types.py > types.jsonl

Shapes are small and alike, so that a difference says something about code, not about sizes.
"""

from __future__ import annotations

import json
from typing import Any

Config = dict[str, Any]

_DENSE: Config = {
    "hidden_size": 512,
    "intermediate_size": 1536,
    "num_hidden_layers": 4,
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "head_dim": 64,
    "vocab_size": 4096,
    "max_position_embeddings": 2048,
    "tie_word_embeddings": False,
}

_MOE: Config = {**_DENSE, "moe_intermediate_size": 384, "num_experts_per_tok": 2}

_LATENT: Config = {
    **_MOE,
    "num_key_value_heads": 8,
    "n_routed_experts": 8,
    "n_shared_experts": 1,
    "first_k_dense_replace": 1,
    "n_group": 1,
    "topk_group": 1,
    "q_lora_rank": 256,
    "kv_lora_rank": 128,
    "qk_nope_head_dim": 64,
    "qk_rope_head_dim": 32,
    "v_head_dim": 64,
}
del _LATENT["head_dim"]

_EXPERTS = {"moe_intermediate_size", "num_experts_per_tok", "n_routed_experts", "n_shared_experts"} | {
    "first_k_dense_replace", "n_group", "topk_group"
}

_DELTA: Config = {
    "linear_num_key_heads": 4,
    "linear_num_value_heads": 8,
    "linear_key_head_dim": 64,
    "linear_value_head_dim": 64,
    "layer_types": ["linear_attention"] * 3 + ["full_attention"],
}

_MAMBA2: Config = {
    "mamba_n_heads": 16,
    "mamba_d_head": 64,
    "mamba_n_groups": 1,
    "mamba_d_state": 64,
    "mamba_d_conv": 4,
    "mamba_expand": 2,
}


def _dense(**keys: Any) -> Config:
    return {**_DENSE, **keys}


def _moe(**keys: Any) -> Config:
    return {**_MOE, **keys}


_BLOCKS = _moe(
    intermediate_size=384,
    dense_intermediate_size=1536,
    shared_intermediate_size=384,
    num_local_experts=8,
    index_n_heads=4,
    index_head_dim=64,
    index_block_size=64,
    index_topk_blocks=4,
    layer_types=["full_attention"] + ["minimax_m3_sparse"] * 3,
    mlp_layer_types=["dense"] + ["sparse"] * 3,
    bos_token_id=1,
    eos_token_id=2,
)

_GROUPED = _moe(
    n_routed_experts=8, n_shared_experts=1, first_k_dense_replace=1, n_group=1, topk_group=1, use_qk_norm=True
)
_SLIDING = {"sliding_window": 256, "layer_types": ["sliding_attention", "full_attention"] * 2}

TYPES: dict[str, Config] = {
    "arcee": _dense(),
    "ernie4_5": _dense(),
    "exaone4": _dense(layer_types=["sliding_attention"] * 3 + ["full_attention"], sliding_window=256),
    "helium": _dense(),
    "hunyuan_v1_dense": _dense(),
    "llama": _dense(),
    "ministral": _dense(sliding_window=256, layer_types=["sliding_attention"] * 4),
    "mistral": _dense(sliding_window=None),
    "seed_oss": _dense(attention_bias=True, attention_out_bias=False),
    "smollm3": _dense(no_rope_layers=[1, 1, 1, 0]),
    "cohere": _dense(use_qk_norm=True),
    "cohere2": _dense(**_SLIDING),
    "gemma": _dense(),
    "gemma2": _dense(sliding_window=256, query_pre_attn_scalar=64),
    "gemma3_text": _dense(query_pre_attn_scalar=64, **_SLIDING),
    "glm": _dense(attention_bias=True),
    "glm4": _dense(attention_bias=True),
    "granite": _dense(),
    "nemotron": _dense(),
    "olmo": _dense(),
    "olmo2": _dense(),
    "olmo3": _dense(**_SLIDING),
    "phi": _dense(num_key_value_heads=8, partial_rotary_factor=0.5),
    "phi3": _dense(pad_token_id=0),
    "qwen2": _dense(),
    "qwen3": _dense(),
    "stablelm": _dense(use_qkv_bias=True),
    "starcoder2": _dense(sliding_window=None),
    "apertus": _dense(),
    "cwm": _dense(sliding_window=256, layer_types=["full_attention", "sliding_attention"] * 2),
    "jais2": _dense(),
    "vaultgemma": _dense(query_pre_attn_scalar=64, **_SLIDING),
    "youtu": {key: value for key, value in _LATENT.items() if key not in _EXPERTS},
    "afmoe": _moe(
        num_experts=8, num_shared_experts=1, num_dense_layers=1, global_attn_every_n_layers=2, sliding_window=256
    ),
    "deepseek_v2": {**_LATENT},
    "deepseek_v3": {**_LATENT},
    "dots1": _moe(
        n_routed_experts=8, n_shared_experts=1, first_k_dense_replace=1, n_group=1, topk_group=1, sliding_window=None
    ),
    "ernie4_5_moe": _moe(
        moe_num_experts=8,
        moe_k=2,
        moe_num_shared_experts=1,
        moe_layer_start_index=1,
    ),
    "exaone_moe": _moe(
        num_experts=8,
        num_shared_experts=1,
        sliding_window=256,
        layer_types=["sliding_attention"] * 3 + ["full_attention"],
        mlp_layer_types=["dense"] + ["sparse"] * 3,
    ),
    "flex_olmo": _moe(num_experts=8, intermediate_size=384, pad_token_id=0),
    "glm4_moe": _GROUPED,
    "glm4_moe_lite": {**_LATENT},
    "gpt_oss": _moe(num_local_experts=8, **_SLIDING),
    "granitemoe": _moe(num_local_experts=8, intermediate_size=384),
    "granitemoehybrid": {
        **_moe(num_local_experts=8, intermediate_size=384, shared_intermediate_size=512),
        **_MAMBA2,
        "layer_types": ["mamba", "mamba", "mamba", "attention"],
    },
    "granitemoeshared": _moe(
        num_local_experts=8, intermediate_size=384, shared_intermediate_size=512
    ),
    "hunyuan_v1_moe": _moe(num_experts=8, moe_topk=2, num_shared_expert=1),
    "hy_v3": _moe(num_experts=8, num_shared_experts=1, mlp_layer_types=["dense"] + ["sparse"] * 3),
    "llama4_text": _moe(
        intermediate_size_mlp=1536,
        intermediate_size=384,
        num_local_experts=4,
        num_experts_per_tok=1,
        interleave_moe_layer_step=2,
    ),
    "minimax_m2": _moe(num_local_experts=8, intermediate_size=384),
    "mixtral": _moe(num_local_experts=8, intermediate_size=384),
    "olmoe": _moe(num_experts=8, intermediate_size=384),
    "phimoe": _moe(num_local_experts=8, intermediate_size=384),
    "qwen2_moe": _moe(num_experts=8, shared_expert_intermediate_size=512),
    "qwen3_moe": _moe(num_experts=8),
    "solar_open": _moe(n_routed_experts=8, n_shared_experts=1, n_group=1, topk_group=1),
    "qwen3_next": {
        **_moe(num_experts=8, shared_expert_intermediate_size=512),
        **_DELTA,
    },
    "qwen3_5_text": _dense(**_DELTA),
    "qwen3_5_moe_text": {**_moe(num_experts=8, shared_expert_intermediate_size=512), **_DELTA},
    "lfm2": _dense(
        layer_types=["conv", "conv", "full_attention", "conv"],
        block_auto_adjust_ff_dim=False,
        conv_L_cache=3,
    ),
    "lfm2_moe": _moe(
        layer_types=["conv", "conv", "full_attention", "conv"],
        num_experts=8,
        num_dense_layers=1,
        conv_L_cache=3,
    ),
    "falcon_h1": {**_dense(), **_MAMBA2, "mamba_d_ssm": 1024},
    "nemotron_h": {
        **_moe(
            hybrid_override_pattern="M*ME",
            mamba_num_heads=16,
            mamba_head_dim=64,
            n_groups=2,
            ssm_state_size=64,
            chunk_size=128,
            n_routed_experts=8,
            moe_shared_expert_intermediate_size=512,
        ),
    },
    "exaone": _dense(),
    "iquestcoder": _dense(),
    "hyperclovax": _dense(),
    "minicpm3": {key: value for key, value in _LATENT.items() if key not in _EXPERTS},
    "nanochat": _dense(),
    "axk1": {**_LATENT},
    "cohere2_moe": _moe(
        num_experts=8,
        intermediate_size=384,
        num_shared_experts=1,
        prefix_dense_intermediate_size=1536,
        mlp_layer_types=["dense"] + ["sparse"] * 3,
        **_SLIDING,
    ),
    "deepseek_v32": {**_LATENT, "index_n_heads": 4, "index_head_dim": 64, "index_topk": 128},
    "glm_moe_dsa": {**_LATENT, "index_n_heads": 4, "index_head_dim": 64, "index_topk": 128},
    "laguna": _moe(
        num_experts=8,
        shared_expert_intermediate_size=512,
        mlp_layer_types=["dense"] + ["sparse"] * 3,
        **_SLIDING,
    ),
    "mellum": _moe(num_local_experts=8, mlp_layer_types=["sparse"] * 4, **_SLIDING),
    "sarvam_mla": {**_LATENT},
    "sarvam_moe": _GROUPED,
    "bamba": _dense(**_MAMBA2, attn_layer_indices=[3]),
    "muse_glimmer": {
        "text_config": {**_dense(sliding_window=256), "model_type": "muse_glimmer_text"},
        "vision_config": {
            "model_type": "muse_glimmer_vision",
            "hidden_size": 64,
            "intermediate_size": 128,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
        },
        "out_hidden_size": 256,
        "projector_hidden_size": 256,
        "architectures": ["MuseGlimmerForConditionalGeneration"],
    },
    "bitnet": _dense(),
    "granite_swa": _dense(sliding_window=256, layer_types=["full_attention"] + ["sliding_attention"] * 3),
    "mamba2": {
        "hidden_size": 512,
        "num_hidden_layers": 4,
        "num_heads": 16,
        "head_dim": 64,
        "state_size": 64,
        "n_groups": 1,
        "vocab_size": 4096,
    },
    "olmo_hybrid": {
        **{key: value for key, value in _DENSE.items() if key != "head_dim"},
        "linear_num_key_heads": 4,
        "linear_num_value_heads": 4,
        "linear_key_head_dim": 64,
        "linear_value_head_dim": 128,
        "pad_token_id": 0,
        "layer_types": ["linear_attention"] * 3 + ["full_attention"],
    },
    "persimmon": {key: value for key, value in _DENSE.items() if key not in ("num_key_value_heads", "head_dim")},
    "biogpt": {
        "hidden_size": 512,
        "intermediate_size": 2048,
        "num_hidden_layers": 4,
        "num_attention_heads": 8,
        "vocab_size": 4096,
        "max_position_embeddings": 2048,
    },
    "codegen": {
        "n_embd": 512,
        "n_layer": 4,
        "n_head": 8,
        "rotary_dim": 32,
        "vocab_size": 4096,
        "n_positions": 2048,
    },
    "bloom": {"hidden_size": 512, "n_layer": 4, "n_head": 8, "vocab_size": 4096},
    "falcon": {
        "hidden_size": 512,
        "num_hidden_layers": 4,
        "num_attention_heads": 8,
        "vocab_size": 4096,
        "bias": False,
        "multi_query": True,
        "parallel_attn": True,
        "new_decoder_architecture": False,
        "alibi": False,
    },
    "gpt2": {"n_embd": 512, "n_layer": 4, "n_head": 8, "n_positions": 2048, "vocab_size": 4096},
    "gpt_bigcode": {
        "n_embd": 512,
        "n_layer": 4,
        "n_head": 8,
        "n_positions": 2048,
        "vocab_size": 4096,
        "multi_query": True,
    },
    "gpt_neo": {
        "hidden_size": 512,
        "num_layers": 4,
        "num_heads": 8,
        "attention_types": [[["global", "local"], 2]],
        "vocab_size": 4096,
        "max_position_embeddings": 2048,
    },
    "gpt_neox": {
        "hidden_size": 512,
        "intermediate_size": 2048,
        "num_hidden_layers": 4,
        "num_attention_heads": 8,
        "vocab_size": 4096,
    },
    "gptj": {
        "n_embd": 512,
        "n_layer": 4,
        "n_head": 8,
        "rotary_dim": 32,
        "vocab_size": 4096,
        "n_positions": 2048,
    },
    "mpt": {
        "d_model": 512,
        "n_layers": 4,
        "n_heads": 8,
        "expansion_ratio": 4,
        "max_seq_len": 2048,
        "vocab_size": 4096,
    },
    "opt": {
        "vocab_size": 4096,
        "hidden_size": 512,
        "ffn_dim": 2048,
        "num_hidden_layers": 4,
        "num_attention_heads": 8,
        "max_position_embeddings": 2048,
        "word_embed_proj_dim": 512,
    },
    "dbrx": {
        "vocab_size": 4096,
        "d_model": 512,
        "n_heads": 8,
        "n_layers": 4,
        "max_seq_len": 2048,
        "attn_config": {"kv_n_heads": 4, "clip_qkv": 8, "rope_theta": 10000.0},
        "ffn_config": {"ffn_hidden_size": 512, "moe_num_experts": 4, "moe_top_k": 2},
    },
    "gpt-sw3": {
        "n_embd": 512,
        "n_layer": 4,
        "n_head": 8,
        "n_positions": 2048,
        "vocab_size": 4096,
        "activation_function": "gelu",
        "resid_pdrop": 0.1,
    },
    "granitemoe_swa": {
        "hidden_size": 512,
        "intermediate_size": 384,
        "num_hidden_layers": 4,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "head_dim": 64,
        "vocab_size": 4096,
        "max_position_embeddings": 2048,
        "tie_word_embeddings": False,
        "moe_intermediate_size": 384,
        "num_experts_per_tok": 2,
        "num_local_experts": 8,
        "shared_intermediate_size": 512,
        "sliding_window": 256,
        "layer_types": ["full_attention", "sliding_attention", "sliding_attention", "sliding_attention"],
    },
    "kolibri1": {
        "hidden_size": 512,
        "num_hidden_layers": 4,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "head_dim": 64,
        "vocab_size": 4096,
        "max_position_embeddings": 2048,
        "tie_word_embeddings": False,
        "moe_intermediate_size": 384,
        "num_experts_per_tok": 2,
        "num_experts": 8,
        "shared_expert_intermediate_size": 512,
        "sliding_window": 256,
        "layer_types": ["sliding_attention", "full_attention", "sliding_attention", "full_attention"],
    },
    "modernbert-decoder": {
        "hidden_size": 512,
        "intermediate_size": 1536,
        "num_hidden_layers": 4,
        "num_attention_heads": 8,
        "vocab_size": 4096,
        "max_position_embeddings": 2048,
        "local_attention": 512,
        "layer_types": ["full_attention", "sliding_attention", "sliding_attention", "full_attention"],
        "pad_token_id": 0,
        "eos_token_id": 1,
        "bos_token_id": 2,
        "cls_token_id": 2,
        "sep_token_id": 1,
    },
    "lfm3": {
        "hidden_size": 512,
        "intermediate_size": 1536,
        "num_hidden_layers": 4,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "head_dim": 64,
        "vocab_size": 4096,
        "max_position_embeddings": 2048,
        "tie_word_embeddings": False,
        "layer_types": ["conv", "sliding_attention", "full_attention", "conv"],
        "sliding_window": 256,
        "conv_L_cache": 7,
        "pad_token_id": 0,
        "bos_token_id": 1,
        "eos_token_id": 2,
    },
    "mimo_v2_flash": {
        "hidden_size": 512,
        "intermediate_size": 1536,
        "num_hidden_layers": 4,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "head_dim": 64,
        "vocab_size": 4096,
        "max_position_embeddings": 2048,
        "tie_word_embeddings": False,
        "moe_intermediate_size": 384,
        "num_experts_per_tok": 2,
        "n_routed_experts": 8,
        "n_group": 1,
        "topk_group": 1,
        "v_head_dim": 32,
        "sliding_window": 256,
        "layer_types": ["full_attention", "sliding_attention", "sliding_attention", "sliding_attention"],
        "mlp_layer_types": ["dense", "sparse", "sparse", "sparse"],
    },
    "minimax": {
        "hidden_size": 512,
        "intermediate_size": 384,
        "num_hidden_layers": 4,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "head_dim": 64,
        "vocab_size": 4096,
        "max_position_embeddings": 2048,
        "tie_word_embeddings": False,
        "moe_intermediate_size": 384,
        "num_experts_per_tok": 2,
        "num_local_experts": 8,
        "layer_types": ["linear_attention", "linear_attention", "linear_attention", "full_attention"],
    },
    "apertus1p5_text": {
        "hidden_size": 512,
        "intermediate_size": 1536,
        "num_hidden_layers": 4,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "head_dim": 64,
        "vocab_size": 4096,
        "max_position_embeddings": 2048,
        "tie_word_embeddings": False,
        "output_vocab_size": None,
        "pad_token_id": 0,
    },
    "flint": {
        "hidden_size": 512,
        "intermediate_size": 1536,
        "num_hidden_layers": 4,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "head_dim": 64,
        "vocab_size": 4096,
        "max_position_embeddings": 2048,
        "tie_word_embeddings": False,
        "moe_intermediate_size": 384,
        "num_experts_per_tok": 2,
        "num_experts": 8,
        "shared_expert_intermediate_size": 512,
        "mlp_only_layers": [0],
        "sliding_window": 256,
        "layer_types": ["sliding_attention", "full_attention", "sliding_attention", "full_attention"],
    },
    "mamba": {"hidden_size": 512, "num_hidden_layers": 4, "state_size": 16, "vocab_size": 4096},
    "falcon_mamba": {
        "hidden_size": 512,
        "num_hidden_layers": 4,
        "state_size": 16,
        "vocab_size": 4096,
        "tie_word_embeddings": False,
    },
    "jamba": {
        **{key: value for key, value in _DENSE.items() if key != "head_dim"},
        "num_experts": 8,
        "num_experts_per_tok": 2,
        "mamba_d_state": 16,
        "mamba_dt_rank": 32,
        "attn_layer_period": 4,
        "attn_layer_offset": 2,
        "expert_layer_period": 2,
        "expert_layer_offset": 1,
        "pad_token_id": 0,
        "bos_token_id": 1,
        "eos_token_id": 2,
    },
    "kimi_linear": {
        **{key: value for key, value in _LATENT.items() if key != "n_routed_experts"},
        "num_local_experts": 8,
        "linear_num_heads": 8,
        "linear_head_dim": 64,
        "q_lora_rank": None,
        "layer_types": ["linear_attention"] * 3 + ["full_attention"],
        "pad_token_id": 0,
        "bos_token_id": 1,
        "eos_token_id": 2,
    },
    "lara_mini": {
        **{key: value for key, value in _MOE.items() if key != "intermediate_size"},
        **_DELTA,
        "num_experts": 8,
        "shared_expert_intermediate_size": 512,
        "sliding_window": 256,
        "layer_types": ["linear_attention", "linear_attention", "sliding_attention", "full_attention"],
        "eos_token_id": 2,
    },
    "recurrent_gemma": {
        "hidden_size": 512,
        "num_hidden_layers": 6,
        "intermediate_size": 3072,
        "num_attention_heads": 8,
        "num_key_value_heads": 1,
        "lru_width": 512,
        "attention_window_size": 256,
        "vocab_size": 4096,
    },
    "xglm": {
        "vocab_size": 4096,
        "d_model": 512,
        "ffn_dim": 2048,
        "num_layers": 4,
        "attention_heads": 8,
        "max_position_embeddings": 2048,
    },
    "aria_text": _moe(
        intermediate_size=384, moe_num_experts=8, moe_topk=2, moe_num_shared_experts=2, pad_token_id=0
    ),
    "minimax_m3_vl": {
        "text_config": {**_BLOCKS, "model_type": "minimax_m3_vl_text"},
        "vision_config": {
            "model_type": "minimax_m3_vl_vision",
            "hidden_size": 64,
            "intermediate_size": 128,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
        },
        "projector_hidden_size": 256,
        "architectures": ["MiniMaxM3SparseForConditionalGeneration"],
    },
    "minimax_m3_vl_text": _BLOCKS,
    "deepseek_v4": {
        **{key: value for key, value in _MOE.items() if key != "intermediate_size"},
        "num_key_value_heads": 1,
        "q_lora_rank": 256,
        "n_routed_experts": 8,
        "n_shared_experts": 1,
        "o_groups": 4,
        "o_lora_rank": 64,
        "index_n_heads": 4,
        "index_head_dim": 32,
        "index_topk": 64,
        "sliding_window": 128,
        "partial_rotary_factor": 0.5,
        "layer_types": [
            "heavily_compressed_attention",
            "compressed_sparse_attention",
            "sliding_attention",
            "compressed_sparse_attention",
        ],
        "mlp_layer_types": ["hash_moe", "moe", "moe", "moe"],
    },
    "bailing_hybrid": {
        **{key: value for key, value in _LATENT.items() if key not in ("n_routed_experts", "q_lora_rank")},
        "num_local_experts": 8,
        "head_dim": 64,
        "layer_group_size": 4,
        "pad_token_id": 0,
        "eos_token_id": 2,
    },
}


def jobs(kind: str, config: Config) -> dict[str, Config]:
    """The three jobs of a type, by method."""
    common: Config = {
        "model": {"id": kind, "config": {"model_type": kind, **config}, "dtype": "bf16"},
        "batch": {"micro_batch": 2, "sequence_length": 512},
        "attention": "eager" if kind in WITHOUT_SDPA else "sdpa",
    }
    if kind in RECURRENT:
        common["model"]["mixer"] = "torch"
    unchecked = {"checkpointing": "none"} if kind in UNCHECKPOINTED else {}
    adapter = {"rank": 8, "alpha": 16, "dropout": 0.0, "targets": TARGETS.get(kind, "all-linear")}
    fused = {"name": "adamw", "implementation": "fused"}
    trainer = {"name": "transformers", **_VERSIONS}
    trl = {"name": "trl", "version": "1.16.0", **_VERSIONS}
    return {
        "lora": {
            **common,
            "method": "lora",
            "lora": adapter,
            "precision": "bf16-mixed",
            "checkpointing": "none",
            "optimizer": fused,
            "framework": trainer,
        },
        "full": {
            **common,
            "method": "full",
            "precision": "bf16",
            "checkpointing": "full",
            **unchecked,
            "optimizer": fused,
            "framework": trainer,
        },
        "sft": {**common, "method": "lora", "lora": adapter, "framework": trl, **unchecked},
    }


TARGETS = {
    "deepseek_v4": ["q_a_proj", "q_b_proj", "kv_proj", "o_b_proj"],
    "mamba": ["in_proj", "x_proj", "dt_proj"],
    "mamba2": ["in_proj"],
    "falcon_mamba": ["in_proj", "x_proj", "embeddings"],
    "jamba": ["q_proj", "k_proj", "v_proj", "o_proj", "in_proj", "x_proj", "out_proj"],
}
"""What is adapted where not every linear is: PEFT refuses Mamba's output projection, and DeepSeek-V4's grouped one fails."""

RECURRENT = {
    "bailing_hybrid",
    "bamba",
    "granitemoehybrid",
    "falcon_h1",
    "mamba2",
    "nemotron_h",
    "olmo_hybrid",
    "qwen3_next",
    "qwen3_5_text",
    "qwen3_5_moe_text",
    "minimax",
    "mamba",
    "falcon_mamba",
    "jamba",
    "kimi_linear",
    "lara_mini",
    "recurrent_gemma",
}
"""Types whose recurrent mixers run in plain PyTorch where no kernels are installed."""

UNCHECKPOINTED = {"recurrent_gemma"}
"""Types that keep the graph of a layer that ran again, which the estimate refuses."""

WITHOUT_SDPA = {
    "deepseek_v4",
    "gpt_oss",
    "granite_swa",
    "mamba",
    "mamba2",
    "falcon_mamba",
    "vaultgemma",
    "granitemoe_swa",
    "mimo_v2_flash",
    "flint",
    "xglm",
}
"""Types for which Transformers refuses PyTorch's attention."""

_VERSIONS = {
    "torch": "2.15.0",
    "transformers": "5.24.0",
    "peft": "0.21.2",
    "bitsandbytes": "0.50.2",
}


def main() -> None:
    for method in ("sft", "lora", "full"):
        for kind, config in TYPES.items():
            print(json.dumps({"id": f"type-{kind}-{method}", "job": jobs(kind, config)[method]}))


if __name__ == "__main__":
    main()
