"""Fine-tunes on texts with images of models that ``plan/images.py`` and ``plan/towers.py`` have not; depth is cut.

    python plan/more_towers.py > jobs.jsonl
    python plan/more_towers.py --line 4.57 > jobs.jsonl
"""

from __future__ import annotations

import argparse
import json
from typing import Any

from fine_tunes import _VERSIONS

Config = dict[str, Any]
Job = dict[str, Any]

PADDLE_OCR: Config = {
    "model_type": "paddleocr_vl",
    "architectures": ["PaddleOCRVLForConditionalGeneration"],
    "tie_word_embeddings": False,
    "image_token_id": 100295,
    "text_config": {
        "model_type": "paddleocr_vl_text", "hidden_size": 1024, "intermediate_size": 3072, "num_hidden_layers": 4,
        "num_attention_heads": 16, "num_key_value_heads": 2, "head_dim": 128, "vocab_size": 103424,
        "max_position_embeddings": 131072, "tie_word_embeddings": False,
    },
    "vision_config": {
        "model_type": "paddleocr_vl_vision", "hidden_size": 1152, "intermediate_size": 4304, "num_hidden_layers": 5,
        "num_attention_heads": 16, "image_size": 384, "patch_size": 14, "spatial_merge_size": 2,
    },
}  # fmt: skip

GLM_VISION: Config = {
    "hidden_size": 1536, "depth": 4, "num_heads": 12, "intermediate_size": 13696, "out_hidden_size": 4096,
    "image_size": 336, "patch_size": 14, "spatial_merge_size": 2, "temporal_patch_size": 2, "in_channels": 3,
}  # fmt: skip

GLM_ROTARY: Config = {"rope_type": "default", "partial_rotary_factor": 0.5, "mrope_section": [8, 12, 12]}

GLM_TEXT: Config = {
    "model_type": "glm4v_text", "hidden_size": 4096, "intermediate_size": 13696, "num_hidden_layers": 4,
    "num_attention_heads": 32, "num_key_value_heads": 2, "vocab_size": 151552, "max_position_embeddings": 65536,
    "tie_word_embeddings": False,
    "partial_rotary_factor": 0.5, "rope_theta": 10000.0, "rope_scaling": GLM_ROTARY,
}  # fmt: skip

GLM4V: Config = {
    "model_type": "glm4v",
    "architectures": ["Glm4vForConditionalGeneration"],
    "tie_word_embeddings": False,
    "image_token_id": 151343,
    "text_config": GLM_TEXT,
    "vision_config": GLM_VISION,
}

GLM4V_MOE: Config = {
    "model_type": "glm4v_moe",
    "architectures": ["Glm4vMoeForConditionalGeneration"],
    "tie_word_embeddings": False,
    "image_token_id": 151363,
    "text_config": {
        "model_type": "glm4v_moe_text", "hidden_size": 2048, "intermediate_size": 5472, "num_hidden_layers": 3,
        "num_attention_heads": 48, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 151552,
        "moe_intermediate_size": 704, "n_routed_experts": 8, "num_experts_per_tok": 2, "n_shared_experts": 1,
        "first_k_dense_replace": 1, "attention_bias": True, "max_position_embeddings": 65536,
        "tie_word_embeddings": False,
        "partial_rotary_factor": 0.5, "rope_theta": 10000.0, "rope_scaling": GLM_ROTARY,
    },
    "vision_config": {**GLM_VISION, "intermediate_size": 10944, "out_hidden_size": 2048},
}  # fmt: skip

OMNI25: Config = {
    "model_type": "qwen2_5_omni_thinker",
    "architectures": ["Qwen2_5OmniThinkerForConditionalGeneration"],
    "image_token_index": 151655,
    "audio_token_index": 151646,
    "vision_start_token_id": 151652,
    "vision_end_token_id": 151653,
    "position_id_per_seconds": 25,
    "text_config": {
        "model_type": "qwen2_5_omni_text", "hidden_size": 2048, "intermediate_size": 11008, "num_hidden_layers": 4,
        "num_attention_heads": 16, "num_key_value_heads": 2, "vocab_size": 151936, "max_position_embeddings": 32768,
        "rope_parameters": {"rope_type": "default", "rope_theta": 1000000.0, "mrope_section": [16, 24, 24]},
        "rope_scaling": {"rope_type": "default", "mrope_section": [16, 24, 24]},
    },
    "vision_config": {
        "model_type": "qwen2_5_omni_vision_encoder", "depth": 6, "hidden_size": 1280, "intermediate_size": 3420,
        "num_heads": 16, "in_channels": 3, "patch_size": 14, "spatial_merge_size": 2, "temporal_patch_size": 2,
        "window_size": 112, "out_hidden_size": 2048, "fullatt_block_indexes": [2, 5],
    },
    "audio_config": {
        "model_type": "qwen2_5_omni_audio_encoder", "d_model": 1280, "encoder_layers": 3, "encoder_attention_heads": 20,
        "encoder_ffn_dim": 5120, "num_mel_bins": 128, "output_dim": 2048, "n_window": 100,
    },
}  # fmt: skip

OMNI3: Config = {
    "model_type": "qwen3_omni_moe_thinker",
    "architectures": ["Qwen3OmniMoeThinkerForConditionalGeneration"],
    "image_token_id": 151655,
    "audio_token_id": 151675,
    "vision_start_token_id": 151652,
    "vision_end_token_id": 151653,
    "position_id_per_seconds": 13,
    "text_config": {
        "model_type": "qwen3_omni_moe_text", "hidden_size": 2048, "intermediate_size": 768, "num_hidden_layers": 4,
        "num_attention_heads": 32, "num_key_value_heads": 4, "head_dim": 128, "vocab_size": 152064,
        "moe_intermediate_size": 768, "num_experts": 8, "num_experts_per_tok": 2, "max_position_embeddings": 65536,
        "rope_parameters": {"rope_type": "default", "rope_theta": 1000000.0, "mrope_section": [24, 20, 20]},
        "rope_scaling": {"rope_type": "default", "mrope_section": [24, 20, 20], "interleaved": True},
    },
    "vision_config": {
        "model_type": "qwen3_omni_moe_vision_encoder", "depth": 6, "hidden_size": 1152, "intermediate_size": 4304,
        "num_heads": 16, "in_channels": 3, "patch_size": 16, "spatial_merge_size": 2, "temporal_patch_size": 2,
        "out_hidden_size": 2048, "num_position_embeddings": 2304, "deepstack_visual_indexes": [1, 3, 4],
    },
    "audio_config": {
        "model_type": "qwen3_omni_moe_audio_encoder", "d_model": 1280, "encoder_layers": 3,
        "encoder_attention_heads": 20, "encoder_ffn_dim": 5120, "num_mel_bins": 128, "output_dim": 2048,
    },
}  # fmt: skip

LLAMA4: Config = {
    "model_type": "llama4",
    "architectures": ["Llama4ForConditionalGeneration"],
    "tie_word_embeddings": False,
    "image_token_index": 200092,
    "text_config": {
        "model_type": "llama4_text", "hidden_size": 2560, "intermediate_size": 4096, "intermediate_size_mlp": 8192,
        "num_hidden_layers": 4, "num_attention_heads": 20, "num_key_value_heads": 4, "head_dim": 128,
        "num_local_experts": 4, "num_experts_per_tok": 1, "interleave_moe_layer_step": 1, "use_qk_norm": True,
        "attention_chunk_size": 8192, "vocab_size": 202048, "max_position_embeddings": 262144,
        "tie_word_embeddings": False,
    },
    "vision_config": {
        "model_type": "llama4_vision_model", "hidden_size": 1408, "intermediate_size": 5632, "num_hidden_layers": 4,
        "num_attention_heads": 16, "image_size": 336, "patch_size": 14, "pixel_shuffle_ratio": 0.5,
        "projector_input_dim": 4096, "projector_output_dim": 4096, "vision_output_dim": 4096,
    },
}  # fmt: skip

LFM2_VL: Config = {
    "model_type": "lfm2_vl",
    "architectures": ["Lfm2VlForConditionalGeneration"],
    "image_token_id": 396,
    "downsample_factor": 2,
    "projector_hidden_size": 2560,
    "text_config": {
        "model_type": "lfm2", "hidden_size": 2048, "intermediate_size": 12288, "num_hidden_layers": 4,
        "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 65536, "max_position_embeddings": 128000,
        "conv_L_cache": 3, "conv_bias": False, "layer_types": ["conv", "full_attention", "conv", "full_attention"],
        "block_auto_adjust_ff_dim": True, "block_ffn_dim_multiplier": 1.0, "block_multiple_of": 256,
    },
    "vision_config": {
        "model_type": "siglip2_vision_model", "hidden_size": 1152, "intermediate_size": 4304, "num_hidden_layers": 4,
        "num_attention_heads": 16, "num_patches": 256, "patch_size": 16, "vision_use_head": False,
    },
}  # fmt: skip

COMMAND_A: Config = {
    "model_type": "cohere2_vision",
    "architectures": ["Cohere2VisionForConditionalGeneration"],
    "tie_word_embeddings": True,
    "image_token_id": 255036,
    "downsample_factor": 2,
    "alignment_intermediate_size": 36864,
    "text_config": {
        "model_type": "cohere2", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 4,
        "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 256000,
        "max_position_embeddings": 131072, "sliding_window": 4096,
    },
    "vision_config": {
        "model_type": "siglip_vision_model", "hidden_size": 1152, "intermediate_size": 4304, "num_hidden_layers": 4,
        "num_attention_heads": 16, "image_size": 512, "patch_size": 16, "vision_use_head": False,
    },
}  # fmt: skip

MODELS: dict[str, tuple[Config, list[int]]] = {
    "PaddlePaddle/PaddleOCR-VL": (PADDLE_OCR, [700, 504]),
    "zai-org/GLM-4.1V-9B-Thinking": (GLM4V, [700, 504]),
    "zai-org/GLM-4.5V": (GLM4V_MOE, [504, 504]),
    "Qwen/Qwen2.5-Omni-3B": (OMNI25, [700, 504]),
    "Qwen/Qwen3-Omni-30B-A3B-Instruct": (OMNI3, [640, 512]),
    "meta-llama/Llama-4-Scout-17B-16E-Instruct": (LLAMA4, [672, 300]),
    "LiquidAI/LFM2-VL-1.6B": (LFM2_VL, [480, 480]),
    "CohereLabs/command-a-vision-07-2025": (COMMAND_A, [500, 900]),
}

LENGTHS = {"CohereLabs/command-a-vision-07-2025": 2048}
"""Tokens of sequences where two images take 1,536."""

TARGETS = {
    "Qwen/Qwen3-Omni-30B-A3B-Instruct": ["q_proj", "v_proj", "qkv"],
    "meta-llama/Llama-4-Scout-17B-16E-Instruct": ["q_proj", "v_proj", "o_proj", "fc1", "fc2", "linear_1"],
}
"""What adapters are put on where PEFT takes no "all-linear": it finds whole layers by the number of a merger's linear,
and Llama 4's router, a linear that returns two tensors."""

MIXED = ("meta-llama/Llama-4-Scout-17B-16E-Instruct",)
"""Models whose patch embedding reads fp32 pixels by 16-bit weights, which only autocast allows."""

BEFORE = ("4.1V", "4.5V", "Omni", "Llama-4", "LFM2", "command")
"""Models that Transformers 4.57 has."""


def jobs(name: str) -> list[tuple[str, Job]]:
    """Those of one of these models."""
    return fine_tunes(name, *MODELS[name], LENGTHS.get(name, 1536))


def fine_tunes(name: str, config: Config, size: list[int], length: int) -> list[tuple[str, Job]]:
    """A LoRA beside a frozen tower, one on all of it without checkpoints, and a fine-tune of everything."""
    common: Job = {
        "model": {"id": name, "config": config, "dtype": "bf16"},
        "optimizer": {"name": "adamw", "implementation": "fused"},
        "attention": "sdpa",
        "framework": {"name": "transformers"},
    }
    batch: Job = {"micro_batch": 2, "grad_accum": 1, "sequence_length": length, "padding": "packed", "image_size": size}
    still = {
        **common, "method": "lora", "precision": "bf16", "checkpointing": "full", "frozen": ["towers", "projectors"],
        "lora": {"rank": 16, "targets": ["q_proj", "v_proj"]}, "batch": {**batch, "images": 1},
    }  # fmt: skip
    whole = {
        **common, "method": "lora", "precision": "bf16-mixed", "checkpointing": "none",
        "lora": {"rank": 16, "targets": TARGETS.get(name, "all-linear")}, "batch": {**batch, "micro_batch": 1, "images": 2},
    }  # fmt: skip
    full = {
        **common, "method": "full", "precision": "bf16", "checkpointing": "full", "batch": {**batch, "images": 2},
    }  # fmt: skip
    drawn = [("still", still), ("lora", whole), ("full", full)]
    return [(what, {**job, "precision": "bf16-mixed"} if name in MIXED else job) for what, job in drawn]


def asked_line(description: str | None) -> str:
    """The line of Transformers' releases that a plan is asked for."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--line", choices=["5", "4.57"], default="5")
    return str(parser.parse_args().line)


def show(prefix: str, line: str, name: str, drawn: list[tuple[str, Job]]) -> None:
    """Prints the jobs of a model, as they are under a line of Transformers' releases."""
    versions = _VERSIONS["4.57"] if line == "4.57" else {}
    short = name.split("/")[1].lower()
    for what, job in drawn:
        asked = {**job, "framework": {**job["framework"], **versions}}
        print(json.dumps({"id": f"{prefix}-{line}-{short}-{what}", "job": asked}))


def main() -> None:
    line = asked_line(__doc__)
    for name in MODELS:
        if line == "5" or any(part in name for part in BEFORE):
            show("seeing", line, name, jobs(name))


if __name__ == "__main__":
    main()
