"""Fine-tunes on texts with images of HunYuan-VL, MiniMax M3 and Kimi K2.5; depth is cut, and experts are few.

    python plan/newest_towers.py > jobs.jsonl
"""

from __future__ import annotations

from typing import Any

from more_towers import fine_tunes, show
from towers import llama

Config = dict[str, Any]

HUNYUAN: Config = {
    "model_type": "hunyuan_vl",
    "architectures": ["HunYuanVLForConditionalGeneration"],
    "tie_word_embeddings": True,
    "image_token_id": 120120,
    "text_config": {
        **llama(1024, 3584, 16, 8, 120818), "model_type": "hunyuan_vl_text", "head_dim": 128, "tie_word_embeddings": True,
        "rope_parameters": {
            "rope_type": "dynamic", "alpha": 1000.0, "rope_theta": 10000.0, "mrope_section": [16, 16, 16, 16],
            "factor": 1.0,
        },
    },
    "vision_config": {
        "model_type": "hunyuan_vl_vision", "hidden_size": 1152, "intermediate_size": 4304, "num_hidden_layers": 4,
        "num_attention_heads": 16, "patch_size": 16, "spatial_merge_size": 2, "out_hidden_size": 1024,
        "text_hidden_size": 1024, "max_image_size": 2048,
    },
}  # fmt: skip
"""tencent/HunyuanOCR."""

MINIMAX: Config = {
    "model_type": "minimax_m3_vl",
    "architectures": ["MiniMaxM3SparseForConditionalGeneration"],
    "tie_word_embeddings": False,
    "image_token_id": 30000,
    "video_token_id": 30001,
    "projector_hidden_size": 6144,
    "text_config": {
        **llama(3072, 1536, 24, 4, 32064), "model_type": "minimax_m3_vl_text", "head_dim": 128,
        "dense_intermediate_size": 6144, "shared_intermediate_size": 1536, "num_local_experts": 8,
        "num_experts_per_tok": 2, "index_n_heads": 4, "index_head_dim": 128, "index_block_size": 128,
        "index_topk_blocks": 4, "layer_types": ["full_attention", *["minimax_m3_sparse"] * 3],
        "mlp_layer_types": ["dense", *["sparse"] * 3], "bos_token_id": 1, "eos_token_id": 2,
    },
    "vision_config": {
        "model_type": "minimax_m3_vl_vision", "hidden_size": 1280, "intermediate_size": 5120, "num_hidden_layers": 4,
        "num_attention_heads": 16, "patch_size": 14, "spatial_merge_size": 2, "temporal_patch_size": 2,
    },
}  # fmt: skip

KIMI: Config = {
    "model_type": "kimi_k25",
    "architectures": ["Kimi_K25ForConditionalGeneration"],
    "tie_word_embeddings": False,
    "image_token_id": 30000,
    "video_token_id": 30001,
    "projection_hidden_size": 1152,
    "text_config": {
        **llama(2048, 6144, 16, 16, 32064), "model_type": "deepseek_v3", "moe_intermediate_size": 1024,
        "n_routed_experts": 8, "n_shared_experts": 1, "num_experts_per_tok": 2, "first_k_dense_replace": 1,
        "n_group": 1, "topk_group": 1, "q_lora_rank": 768, "kv_lora_rank": 512, "qk_nope_head_dim": 128,
        "qk_rope_head_dim": 64, "v_head_dim": 128,
    },
    "vision_config": {
        "model_type": "kimi_k25_vision", "hidden_size": 1152, "intermediate_size": 4304, "num_hidden_layers": 4,
        "num_attention_heads": 16, "patch_size": 14, "pos_emb_height": 64, "pos_emb_width": 64,
        "merge_kernel_size": [2, 2],
    },
}  # fmt: skip

MODELS: dict[str, tuple[Config, list[int], int]] = {
    "tencent/HunyuanOCR": (HUNYUAN, [800, 640], 2048),
    "MiniMaxAI/MiniMax-M3": (MINIMAX, [700, 504], 2048),
    "moonshotai/Kimi-K2.5": (KIMI, [700, 504], 2048),
}


KEYS = {"moonshotai/Kimi-K2.5": ["q_a_proj", "q_b_proj"]}
"""Adapters beside frozen towers, where queries and values are not projected by linears of the usual names."""

MIXED = ("moonshotai/Kimi-K2.5",)
"""Models whose convolution reads fp32 pixels by 16-bit weights, which only autocast allows."""


def jobs(name: str) -> list[tuple[str, Config]]:
    """Those of one of these models."""
    drawn = fine_tunes(name, *MODELS[name])
    if name in KEYS:
        drawn[0][1]["lora"]["targets"] = KEYS[name]
    return [(what, {**job, "precision": "bf16-mixed"} if name in MIXED else job) for what, job in drawn]


def main() -> None:
    for name in MODELS:
        show("seeing", "5", name, jobs(name))


if __name__ == "__main__":
    main()
