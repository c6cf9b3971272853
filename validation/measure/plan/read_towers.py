"""Fine-tunes on texts with images of towers that other models' code reads; depth is cut.

    python plan/read_towers.py > jobs.jsonl
    python plan/read_towers.py --line 4.57 > jobs.jsonl
"""

from __future__ import annotations

from typing import Any

from more_towers import LFM2_VL, asked_line, fine_tunes, show
from towers import CLIP, LLAVA_NEXT, PIXTRAL, llama

Config = dict[str, Any]

LIGHT_ON: Config = {
    "model_type": "lighton_ocr",
    "architectures": ["LightOnOcrForConditionalGeneration"],
    "tie_word_embeddings": True,
    "image_token_id": 151655,
    "spatial_merge_size": 2,
    "text_config": {
        **llama(1024, 3072, 16, 8, 151936), "model_type": "qwen3", "head_dim": 128, "tie_word_embeddings": True,
    },
    "vision_config": {**PIXTRAL, "image_size": 1540, "patch_size": 14, "hidden_act": "silu"},
}  # fmt: skip

DEEPSEEK: Config = {
    "model_type": "deepseek_vl",
    "architectures": ["DeepseekVLForConditionalGeneration"],
    "tie_word_embeddings": False,
    "image_token_id": 100015,
    "text_config": {**llama(2048, 5632, 16, 16, 102400), "tie_word_embeddings": False},
    "vision_config": {
        "model_type": "siglip_vision_model", "hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 4,
        "num_attention_heads": 16, "image_size": 384, "patch_size": 16, "vision_use_head": False,
    },
}  # fmt: skip

AYA: Config = {
    "model_type": "aya_vision",
    "architectures": ["AyaVisionForConditionalGeneration"],
    "tie_word_embeddings": True,
    "image_token_index": 255036,
    "image_token_id": 255036,
    "downsample_factor": 2,
    "alignment_intermediate_size": 28672,
    "vision_feature_layer": -1,
    "vision_feature_select_strategy": "full",
    "text_config": {
        **llama(4096, 14336, 32, 8, 256000), "model_type": "cohere2", "head_dim": 128, "sliding_window": 4096,
    },
    "vision_config": {
        "model_type": "siglip_vision_model", "hidden_size": 1152, "intermediate_size": 4304, "num_hidden_layers": 4,
        "num_attention_heads": 16, "image_size": 364, "patch_size": 14, "vision_use_head": False,
    },
}  # fmt: skip

NEXT_VIDEO: Config = {
    **LLAVA_NEXT,
    "model_type": "llava_next_video",
    "architectures": ["LlavaNextVideoForConditionalGeneration"],
    "text_config": llama(4096, 11008, 32, 32, 32064),
    "image_token_index": 32001,
    "video_token_index": 32000,
}

JANUS: Config = {
    "model_type": "janus",
    "architectures": ["JanusForConditionalGeneration"],
    "tie_word_embeddings": False,
    "image_token_id": 100581,
    "text_config": {**llama(2048, 5632, 16, 16, 102400), "tie_word_embeddings": False},
    "vision_config": {
        "model_type": "janus_vision_model", "hidden_size": 1024, "num_hidden_layers": 4, "num_attention_heads": 16,
        "image_size": 384, "patch_size": 16, "projection_dim": 2048, "num_image_tokens": 576,
    },
    "vq_config": {"model_type": "janus_vqgan"},
}  # fmt: skip

GLM: Config = {
    "model_type": "glm_ocr",
    "architectures": ["GlmOcrForConditionalGeneration"],
    "tie_word_embeddings": False,
    "image_token_id": 59280,
    "text_config": {
        **llama(1536, 4608, 16, 8, 59392), "model_type": "glm_ocr_text", "head_dim": 128, "tie_word_embeddings": False,
        "rope_scaling": {"rope_type": "default", "partial_rotary_factor": 1.0, "mrope_section": [16, 24, 24]},
        "partial_rotary_factor": 1.0, "rope_theta": 10000.0,
    },
    "vision_config": {
        "model_type": "glm_ocr_vision", "hidden_size": 1024, "depth": 4, "num_heads": 16, "intermediate_size": 4096,
        "out_hidden_size": 1536, "image_size": 336, "patch_size": 14, "spatial_merge_size": 2,
        "temporal_patch_size": 2, "in_channels": 3, "attention_bias": True,
    },
}  # fmt: skip

UNIFIED: Config = {
    "model_type": "gemma4_unified",
    "architectures": ["Gemma4UnifiedForConditionalGeneration"],
    "tie_word_embeddings": True,
    "audio_config": {"model_type": "gemma4_unified_audio"},
    "text_config": {
        **llama(3840, 15360, 16, 8, 262144), "model_type": "gemma4_unified_text", "num_hidden_layers": 6,
        "layer_types": [*["sliding_attention"] * 5, "full_attention"], "num_global_key_value_heads": 1,
        "head_dim": 256, "global_head_dim": 512, "attention_k_eq_v": True, "num_kv_shared_layers": 0,
        "use_double_wide_mlp": False, "sliding_window": 1024, "final_logit_softcapping": 30.0,
        "hidden_activation": "gelu_pytorch_tanh", "tie_word_embeddings": True,
        "use_bidirectional_attention": "vision",
    },
    "vision_config": {
        "model_type": "gemma4_unified_vision", "patch_size": 16, "pooling_kernel_size": 3, "mm_embed_dim": 3840,
        "mm_posemb_size": 1120, "output_proj_dims": 3840,
    },
}  # fmt: skip

VIP: Config = {
    "model_type": "vipllava",
    "architectures": ["VipLlavaForConditionalGeneration"],
    "text_config": llama(4096, 11008, 32, 32, 32064),
    "vision_config": {**CLIP, "num_hidden_layers": 12},
    "image_token_index": 32000,
    "vision_feature_layer": [-2, -5, -8, -11, 6],
    "vision_feature_layers": [-2, -5, -8, -11, 6],
}

QIANFAN: Config = {
    "model_type": "qianfan_ocr",
    "architectures": ["QianfanOCRForConditionalGeneration"],
    "tie_word_embeddings": False,
    "image_token_id": 151671,
    "downsample_ratio": 0.5,
    "vision_feature_layer": -1,
    "vision_feature_select_strategy": "default",
    "text_config": {
        **llama(2560, 9728, 32, 8, 153678), "model_type": "qwen3", "head_dim": 128, "tie_word_embeddings": False,
    },
    "vision_config": {
        "model_type": "qianfan_ocr_vision", "hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 4,
        "num_attention_heads": 16, "attention_bias": True, "image_size": [448, 448], "patch_size": [14, 14],
        "norm_type": "layer_norm", "use_mean_pooling": True, "use_qk_norm": False, "drop_path_rate": 0.1,
    },
}  # fmt: skip

IDEFICS2: Config = {
    "model_type": "idefics2",
    "architectures": ["Idefics2ForConditionalGeneration"],
    "tie_word_embeddings": False,
    "image_token_id": 32001,
    "text_config": {
        **llama(4096, 14336, 32, 8, 32003), "model_type": "mistral", "sliding_window": 4096, "pad_token_id": 0,
        "tie_word_embeddings": False,
    },
    "vision_config": {
        "hidden_size": 1152, "intermediate_size": 4304, "num_hidden_layers": 4, "num_attention_heads": 16,
        "image_size": 980, "patch_size": 14,
    },
    "perceiver_config": {
        "hidden_size": 4096, "resampler_n_latents": 64, "resampler_depth": 3, "resampler_n_heads": 16,
        "resampler_head_dim": 96, "num_key_value_heads": 4,
    },
}  # fmt: skip

COMPASS: Config = {
    "model_type": "cohere_compass",
    "architectures": ["CohereCompassForConditionalGeneration"],
    "tie_word_embeddings": True,
    "image_token_id": 255031,
    "video_token_id": 255032,
    "vision_start_token_id": 255028,
    "vision_end_token_id": 255029,
    "text_config": {
        **llama(2048, 8192, 16, 4, 256000), "model_type": "cohere_compass_text", "head_dim": 128, "sliding_window": 1024,
        "layer_types": [*["sliding_attention"] * 3, "full_attention"],
        "rope_parameters": {
            "sliding_attention": {
                "rope_type": "default", "rope_theta": 50000.0, "mrope_section": [24, 20, 20], "mrope_interleaved": True,
            },
            "full_attention": None,
        },
        "logit_scale": 0.25, "tie_word_embeddings": True,
    },
    "vision_config": {
        "model_type": "cohere_compass_vision", "depth": 6, "hidden_size": 1024, "intermediate_size": 4096,
        "num_heads": 16, "in_channels": 3, "patch_size": 16, "spatial_merge_size": 2, "temporal_patch_size": 2,
        "out_hidden_size": 2048, "num_position_embeddings": 2304, "deepstack_visual_indexes": [1, 3, 4],
    },
}  # fmt: skip

OVIS2: Config = {
    "model_type": "ovis2",
    "architectures": ["Ovis2ForConditionalGeneration"],
    "tie_word_embeddings": True,
    "image_token_id": 151665,
    "visual_indicator_token_ids": [151666, 151667, 151668, 151669, 151670],
    "vocab_size": 151936,
    "hidden_size": 1536,
    "text_config": {**llama(1536, 8960, 12, 2, 151936), "model_type": "qwen2", "tie_word_embeddings": True},
    "vision_config": {
        "model_type": "ovis2_vision", "hidden_size": 1024, "intermediate_size": 2816, "num_hidden_layers": 4,
        "num_attention_heads": 8, "image_size": 448, "patch_size": 14, "hidden_stride": 2, "vocab_size": 65536,
        "num_visual_indicator_tokens": 5, "tokenize_function": "softmax",
    },
}  # fmt: skip

GEMMA3N: Config = {
    "model_type": "gemma3n",
    "architectures": ["Gemma3nForConditionalGeneration"],
    "image_token_id": 262145,
    "text_config": {
        **llama(2048, 8192, 8, 2, 262400), "model_type": "gemma3n_text", "num_hidden_layers": 5, "head_dim": 256,
        "layer_types": [*["sliding_attention"] * 4, "full_attention"], "num_kv_shared_layers": 0,
        "hidden_size_per_layer_input": 256, "vocab_size_per_layer_input": 262144, "altup_num_inputs": 4,
        "laurel_rank": 64, "activation_sparsity_pattern": [0.95, 0.95, 0.95, 0.0, 0.0],
        "hidden_activation": "gelu_pytorch_tanh", "final_logit_softcapping": 30.0, "sliding_window": 512,
        "tie_word_embeddings": True,
    },
    "audio_config": {"model_type": "gemma3n_audio", "vocab_size": 128, "hidden_size": 1536, "vocab_offset": 262272},
    "vision_config": {
        "model_type": "gemma3n_vision", "architecture": "mobilenetv5_300m_enc", "hidden_size": 2048,
        "vocab_size": 128, "vocab_offset": 262144,
    },
}  # fmt: skip

MODELS: dict[str, tuple[Config, list[int], int]] = {
    "lightonai/LightOnOCR-1B-1025": (LIGHT_ON, [700, 504], 2048),
    "deepseek-community/deepseek-vl-1.3b-chat": (DEEPSEEK, [640, 480], 1536),
    "CohereLabs/aya-vision-8b": (AYA, [500, 900], 2048),
    "llava-hf/LLaVA-NeXT-Video-7B-hf": (NEXT_VIDEO, [500, 400], 6144),
    "deepseek-community/Janus-Pro-1B": (JANUS, [640, 480], 1536),
    "zai-org/GLM-OCR": (GLM, [700, 504], 2048),
    "google/gemma-4-12B-it": (UNIFIED, [700, 500], 1536),
    "llava-hf/vip-llava-7b-hf": (VIP, [640, 480], 1536),
    "baidu/Qianfan-OCR": (QIANFAN, [800, 500], 4096),
    "HuggingFaceM4/idefics2-8b": (IDEFICS2, [500, 400], 1024),
    "LiquidAI/LFM2-VL-1.6B": (LFM2_VL, [900, 700], 4096),
    "CohereLabs/North-Micro-Vision-Instruct": (COMPASS, [640, 512], 2048),
    "thisisiron/Ovis2-2B-hf": (OVIS2, [800, 500], 3072),
    "google/gemma-3n-E2B-it": (GEMMA3N, [768, 768], 1024),
}

BEFORE = ("deepseek", "aya", "llava", "idefics2")
"""Models that Transformers 4.57 has."""


def main() -> None:
    line = asked_line(__doc__)
    for name, (config, size, length) in MODELS.items():
        if line == "5" or any(part in name for part in BEFORE):
            show("seeing", line, name, fine_tunes(name, config, size, length))


if __name__ == "__main__":
    main()
