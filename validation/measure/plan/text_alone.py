"""Fine-tunes on text of models whose towers are described as parameters alone, four of each type.

    python plan/text_alone.py > jobs.jsonl
    python plan/text_alone.py --line 4.57 > jobs.jsonl
    python plan/text_alone.py --divided > jobs.jsonl
"""

from __future__ import annotations

import argparse
import json
from typing import Any

from fine_tunes import _TRL, _VERSIONS

Config = dict[str, Any]

_SIGLIP: Config = {
    "model_type": "siglip_vision_model", "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 3,
    "num_attention_heads": 4, "image_size": 224, "patch_size": 14,
}  # fmt: skip

_COHERE: Config = {
    "model_type": "cohere2", "vocab_size": 8000, "hidden_size": 512, "num_hidden_layers": 4, "num_attention_heads": 8,
    "num_key_value_heads": 4, "intermediate_size": 1536, "sliding_window": 256, "max_position_embeddings": 4096,
    "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2,
}  # fmt: skip

_GLM: Config = {
    "model_type": "glm4v_text", "vocab_size": 8000, "hidden_size": 512, "num_hidden_layers": 3,
    "num_attention_heads": 8, "num_key_value_heads": 2, "intermediate_size": 1536, "max_position_embeddings": 4096,
    "pad_token_id": 0, "eos_token_id": 2,
}  # fmt: skip

_GLM_VISION: Config = {
    "hidden_size": 256, "intermediate_size": 512, "out_hidden_size": 512, "depth": 3, "num_heads": 4,
    "image_size": 224, "patch_size": 14,
}  # fmt: skip

_CLIP: Config = {
    "model_type": "clip_vision_model", "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 4,
    "num_attention_heads": 4, "image_size": 224, "patch_size": 14, "projection_dim": 128,
}  # fmt: skip

_PIXTRAL: Config = {
    "model_type": "pixtral", "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 3,
    "num_attention_heads": 4, "head_dim": 64, "image_size": 224, "patch_size": 14,
}  # fmt: skip

_QWEN_VISION: Config = {
    "hidden_size": 256, "intermediate_size": 512, "out_hidden_size": 512, "depth": 3, "num_heads": 4,
    "num_key_value_heads": 2, "patch_size": 14, "fullatt_block_indexes": [1],
}  # fmt: skip


def _text(kind: str, **keys: Any) -> Config:
    return {
        "model_type": kind, "vocab_size": 8000, "hidden_size": 512, "num_hidden_layers": 4, "num_attention_heads": 8,
        "num_key_value_heads": 4, "intermediate_size": 1536, "max_position_embeddings": 4096, "pad_token_id": 0,
        "bos_token_id": 1, "eos_token_id": 2, "tie_word_embeddings": False, **keys,
    }  # fmt: skip


def _whole(name: str, text: Config, **keys: Any) -> Config:
    return {
        "architectures": [name], "text_config": text, "tie_word_embeddings": text["tie_word_embeddings"], **keys,
    }  # fmt: skip


_MIXTURE = _text(
    "deepseek_v3", num_key_value_heads=8, moe_intermediate_size=256, n_routed_experts=8, n_shared_experts=1,
    num_experts_per_tok=2, first_k_dense_replace=1, n_group=1, topk_group=1, q_lora_rank=256, kv_lora_rank=128,
    qk_nope_head_dim=64, qk_rope_head_dim=32, v_head_dim=64,
)  # fmt: skip
_DELTA = _text(
    "qwen3_5_text", head_dim=64, linear_num_key_heads=4, linear_num_value_heads=8, linear_key_head_dim=64,
    linear_value_head_dim=64, layer_types=["linear_attention"] * 3 + ["full_attention"],
)  # fmt: skip
_PERCEIVER: Config = {
    "hidden_size": 512, "resampler_n_latents": 16, "resampler_depth": 2, "resampler_n_heads": 8,
    "resampler_head_dim": 32, "num_key_value_heads": 4,
}  # fmt: skip

_SAM: Config = {
    "hidden_size": 256, "output_channels": 64, "num_hidden_layers": 3, "num_attention_heads": 4, "image_size": 256,
    "patch_size": 16, "window_size": 4, "global_attn_indexes": [1], "mlp_dim": 512,
}  # fmt: skip
_EARS: Config = {
    "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 3, "num_attention_heads": 4,
    "num_mel_bins": 80,
}  # fmt: skip

_FOURFOLD: Config = {"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [8, 8, 8, 8]}

#: Types for which Transformers refuses PyTorch's attention.
_WITHOUT_SDPA = {"got_ocr2"}

#: Types that 4.57 does not have.
_SINCE_5 = {
    *("glm46v", "exaone4_5", "glm_ocr", "hyperclovax_vision_v2", "kimi_k25", "lighton_ocr", "minicpmv4_6"),
    *("qianfan_ocr", "video_llama_3", "audioflamingo3", "cosmos3_omni", "glmasr", "lfm3_vl", "minicpm_ocr"),
    *("minicpmv4_7", "qwen3_asr", "aria", "hunyuan_vl"),
}

MODELS: dict[str, Config] = {
    "vipllava": _whole(
        "VipLlavaForConditionalGeneration", _text("llama"), vision_config=_CLIP, image_token_index=3,
        vision_feature_layer=[-1, -2, 1], vision_feature_layers=[-1, -2, 1],
    ),
    "llava_next_video": _whole(
        "LlavaNextVideoForConditionalGeneration", _text("llama"), vision_config=_CLIP, image_token_index=3,
        video_token_index=4, image_grid_pinpoints=[[224, 448], [448, 224]],
    ),
    "video_llava": _whole(
        "VideoLlavaForConditionalGeneration", _text("llama"), vision_config=_CLIP, image_token_index=3,
        video_token_index=4,
    ),
    "deepseek_vl": _whole(
        "DeepseekVLForConditionalGeneration", _text("llama"), vision_config={**_SIGLIP, "vision_use_head": False},
        image_token_id=3,
    ),
    "idefics2": _whole(
        "Idefics2ForConditionalGeneration", _text("mistral", sliding_window=None), perceiver_config=_PERCEIVER,
        image_token_id=3, vision_config={key: _SIGLIP[key] for key in _SIGLIP if key != "model_type"},
    ),
    "ovis2": _whole(
        "Ovis2ForConditionalGeneration", _text("qwen2"), hidden_size=512, vocab_size=8000, image_token_id=3,
        visual_indicator_token_ids=[4, 5, 6, 7, 8],
        vision_config={
            "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 3, "num_attention_heads": 4,
            "image_size": 224, "patch_size": 14, "vocab_size": 1024, "hidden_stride": 2,
            "num_visual_indicator_tokens": 5,
        },
    ),
    "exaone4_5": _whole(
        "Exaone4_5_ForConditionalGeneration",
        _text("exaone4", sliding_window=256, layer_types=["sliding_attention"] * 3 + ["full_attention"]),
        vision_config=_QWEN_VISION, image_token_id=3, video_token_id=4,
    ),
    "glm_ocr": _whole(
        "GlmOcrForConditionalGeneration", _text("glm_ocr_text", head_dim=64), image_token_id=3, video_token_id=4,
        image_start_token_id=5, image_end_token_id=6, video_start_token_id=7, video_end_token_id=8,
        vision_config={
            "hidden_size": 256, "intermediate_size": 512, "out_hidden_size": 512, "depth": 3, "num_heads": 4,
            "image_size": 224, "patch_size": 14,
        },
    ),
    "kimi_k25": _whole(
        "Kimi_K25ForConditionalGeneration", _MIXTURE, image_token_id=3, video_token_id=4, projection_hidden_size=256,
        vision_config={
            "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 3, "num_attention_heads": 4,
            "pos_emb_height": 16, "pos_emb_width": 16,
        },
    ),
    "hyperclovax_vision_v2": _whole(
        "HyperCLOVAXVisionV2ForConditionalGeneration", _text("hyperclovax", head_dim=64), image_token_id=3,
        video_token_id=4, vision_config={**_QWEN_VISION, "model_type": "qwen2_5_vl_vision"},
    ),
    "qianfan_ocr": _whole(
        "QianfanOCRForConditionalGeneration", _text("qwen3", head_dim=64), image_token_id=3,
        vision_config={
            "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 3, "num_attention_heads": 4,
            "image_size": [224, 224], "patch_size": [14, 14],
        },
    ),
    "video_llama_3": _whole(
        "VideoLlama3ForConditionalGeneration", _text("qwen2"), image_token_id=3, video_token_id=4,
        vision_config={
            "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 3, "num_attention_heads": 4,
            "patch_size": 14,
        },
    ),
    "lighton_ocr": _whole(
        "LightOnOcrForConditionalGeneration", _text("qwen3", head_dim=64), vision_config=_PIXTRAL, image_token_id=3,
    ),
    "minicpmv4_6": _whole(
        "MiniCPMV4_6ForConditionalGeneration", _DELTA, image_token_id=3, video_token_id=4, insert_layer_id=1,
        vision_config={
            **{key: _SIGLIP[key] for key in _SIGLIP if key != "model_type"}, "insert_layer_id": 1,
        },
    ),
    "got_ocr2": _whole("GotOcr2ForConditionalGeneration", _text("qwen2"), vision_config=_SAM, image_token_index=3),
    "janus": _whole(
        "JanusForConditionalGeneration", _text("llama"), image_token_id=3,
        vision_config={
            "hidden_size": 256, "num_hidden_layers": 3, "num_attention_heads": 4, "image_size": 224,
            "patch_size": 14, "projection_dim": 512,
        },
        vq_config={
            "embed_dim": 8, "num_embeddings": 512, "latent_channels": 64, "base_channels": 32, "num_patches": 8,
            "projection_dim": 512, "image_token_embed_dim": 512,
        },
    ),
    "minicpm_ocr": _whole(
        "MiniCPMOcrForConditionalGeneration", _DELTA, image_token_id=3, video_token_id=4, insert_layer_id=1,
        vision_config={
            **{key: _SIGLIP[key] for key in _SIGLIP if key != "model_type"}, "insert_layer_id": 1,
        },
    ),
    "minicpmv4_7": _whole(
        "MiniCPMV4_7ForConditionalGeneration", _DELTA, image_token_id=3, video_token_id=4, insert_layer_id=1,
        vision_config={
            **{key: _SIGLIP[key] for key in _SIGLIP if key != "model_type"}, "insert_layer_id": 1,
        },
    ),
    "deepseek_vl_hybrid": _whole(
        "DeepseekVLHybridForConditionalGeneration", _text("llama"), image_token_id=3,
        vision_config={**_SIGLIP, "vision_use_head": False},
        high_res_vision_config={**_SAM, "model_type": "sam_vision_model"},
    ),
    "cosmos3_omni": _whole(
        "Cosmos3OmniForConditionalGeneration", _text("qwen3_vl_text", head_dim=64), image_token_id=3, video_token_id=4,
        vision_config={
            "model_type": "qwen3_vl_vision", "hidden_size": 256, "intermediate_size": 512, "out_hidden_size": 512,
            "depth": 3, "num_heads": 4, "patch_size": 16, "num_position_embeddings": 64,
            "deepstack_visual_indexes": [1],
        },
    ),
    "lfm3_vl": _whole(
        "Lfm3VlForConditionalGeneration",
        _text(
            "lfm3", head_dim=64, layer_types=["conv", "sliding_attention", "full_attention", "conv"],
            sliding_window=256, conv_L_cache=7,
        ),
        image_token_id=3, projector_hidden_size=512,
        vision_config={
            "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 3, "num_attention_heads": 4,
            "num_key_value_heads": 2, "patch_size": 16,
        },
    ),
    "audioflamingo3": _whole(
        "AudioFlamingo3ForConditionalGeneration", _text("qwen2"), audio_token_id=3, audio_config=_EARS,
    ),
    "glmasr": _whole(
        "GlmAsrForConditionalGeneration", _text("llama"), audio_token_id=3,
        audio_config={**_EARS, "intermediate_size": 1024},
    ),
    "qwen3_asr": _whole(
        "Qwen3ASRForConditionalGeneration", _text("qwen3", head_dim=64), audio_token_id=3,
        audio_config={
            "d_model": 256, "encoder_layers": 3, "encoder_attention_heads": 4, "encoder_ffn_dim": 512,
            "output_dim": 512, "downsample_hidden_size": 64,
        },
    ),
    "aria": _whole(
        "AriaForConditionalGeneration",
        _text("aria_text", intermediate_size=384, moe_num_experts=8, moe_topk=2, moe_num_shared_experts=2),
        image_token_index=3, projector_patch_to_query_dict={"256": 16},
        vision_config={**_SIGLIP, "model_type": "idefics3_vision"},
    ),
    "hunyuan_vl": _whole(
        "HunYuanVLForConditionalGeneration", _text("hunyuan_vl_text", head_dim=64, rope_parameters=_FOURFOLD),
        image_token_id=3,
        vision_config={
            "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 3, "num_attention_heads": 4,
            "out_hidden_size": 512, "text_hidden_size": 512, "max_image_size": 256, "min_image_size": 64,
        },
    ),
    "aya_vision": {
        "architectures": ["AyaVisionForConditionalGeneration"], "text_config": _COHERE, "vision_config": _SIGLIP,
        "alignment_intermediate_size": 1024, "image_token_index": 3,
    },
    "cohere2_vision": {
        "architectures": ["Cohere2VisionForConditionalGeneration"], "text_config": _COHERE, "vision_config": _SIGLIP,
        "alignment_intermediate_size": 1024, "image_token_id": 3,
    },
    "glm46v": {
        "architectures": ["Glm46VForConditionalGeneration"], "text_config": _GLM, "vision_config": _GLM_VISION,
        "image_token_id": 3, "video_token_id": 4, "image_start_token_id": 5, "image_end_token_id": 6,
        "video_start_token_id": 7, "video_end_token_id": 8,
    },
}  # fmt: skip


def job(kind: str, how: str, line: str) -> Config:
    """One job of a type: ``sft``, ``full``, ``lora`` or ``qlora``."""
    result: Config = {
        "model": {"id": kind, "config": {"model_type": kind, **MODELS[kind]}, "dtype": "bf16"},
        "method": "lora" if how == "sft" else how,
        "batch": {"micro_batch": 2, "sequence_length": 512},
        "attention": "eager" if kind in _WITHOUT_SDPA else "sdpa",
        "framework": {"name": "transformers", **_VERSIONS[line]},
    }
    if how != "full":
        result["lora"] = {"rank": 8, "alpha": 16, "dropout": 0.0, "targets": "all-linear"}
    if how == "qlora":
        result["model"]["quantization"] = {"scheme": "nf4", "double_quant": True, "implementation": "bitsandbytes"}
        result["lora"]["kbit_prepare"] = True
    if how == "sft":
        result["framework"] |= {"name": "trl", "version": _TRL[line]}
        return result
    full = how == "full"
    return result | {
        "precision": "bf16" if full else "bf16-mixed",
        "checkpointing": "full" if full else "none",
        "optimizer": {"name": "adamw", "implementation": "fused"},
    }


#: Strategy, model and method of jobs on four ranks, whose towers rest.
_DIVIDED = (
    "fsdp2 got_ocr2 lora", "fsdp2 got_ocr2 full", "fsdp2 lfm3_vl lora", "fsdp2 lfm3_vl full", "fsdp2 hunyuan_vl full",
    "fsdp2 hyperclovax_vision_v2 full", "fsdp2 video_llama_3 full", "fsdp2 qianfan_ocr lora", "fsdp1 glm_ocr full",
    "fsdp2 qwen3_asr full", "fsdp1 lighton_ocr full", "fsdp2 ovis2 full", "fsdp1 lfm3_vl full", "fsdp2 janus full",
)  # fmt: skip


def divided() -> None:
    """Jobs of FSDP."""
    for each in _DIVIDED:
        strategy, kind, how = each.split()
        whole = job(kind, how, "5") | {"parallelism": {"strategy": strategy}, "hardware": {"count": 4}}
        print(json.dumps({"id": f"idle-{strategy}-{kind}-{how}", "job": whole}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--line", choices=sorted(_VERSIONS), default="5")
    parser.add_argument("--divided", action="store_true")
    given = parser.parse_args()
    if given.divided:
        divided()
        return
    line = given.line
    older = line == "4.57"
    for how in ("full", "lora") if older else ("sft", "full", "lora", "qlora"):
        for kind in MODELS:
            if not (older and kind in _SINCE_5):
                print(json.dumps({"id": f"vision-{line}-{kind}-{how}", "job": job(kind, how, line)}))


if __name__ == "__main__":
    main()
