"""Fine-tunes on texts with sound of models that write text; depth is cut.

    python plan/listening.py > jobs.jsonl
    python plan/listening.py --line 4.57 > jobs.jsonl
"""

from __future__ import annotations

from typing import Any

from more_towers import OMNI3, OMNI25, asked_line, show

Config = dict[str, Any]
Job = dict[str, Any]

AUDIO: Config = {
    "d_model": 1280, "encoder_layers": 3, "encoder_attention_heads": 20, "encoder_ffn_dim": 5120, "num_mel_bins": 128,
    "max_source_positions": 1500,
}  # fmt: skip

QWEN2_AUDIO: Config = {
    "model_type": "qwen2_audio",
    "architectures": ["Qwen2AudioForConditionalGeneration"],
    "audio_token_index": 151646,
    "text_config": {
        "model_type": "qwen2", "hidden_size": 4096, "intermediate_size": 11008, "num_hidden_layers": 3,
        "num_attention_heads": 32, "num_key_value_heads": 32, "vocab_size": 156032, "max_position_embeddings": 8192,
        "tie_word_embeddings": False,
    },
    "audio_config": {"model_type": "qwen2_audio_encoder", **AUDIO},
}  # fmt: skip

VOXTRAL: Config = {
    "model_type": "voxtral",
    "architectures": ["VoxtralForConditionalGeneration"],
    "audio_token_id": 24,
    "projector_hidden_act": "gelu",
    "text_config": {
        "model_type": "llama", "hidden_size": 3072, "intermediate_size": 8192, "num_hidden_layers": 3,
        "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 131072,
        "max_position_embeddings": 131072, "rms_norm_eps": 1e-5, "tie_word_embeddings": False,
    },
    "audio_config": {
        "model_type": "voxtral_encoder", "hidden_size": 1280, "intermediate_size": 5120, "num_hidden_layers": 3,
        "num_attention_heads": 20, "num_mel_bins": 128, "max_source_positions": 1500,
    },
}  # fmt: skip

MODELS: dict[str, tuple[Config, float, float]] = {
    "Qwen/Qwen2-Audio-7B-Instruct": (QWEN2_AUDIO, 30, 12.5),
    "mistralai/Voxtral-Mini-3B-2507": (VOXTRAL, 30, 45),
    "Qwen/Qwen2.5-Omni-3B": (OMNI25, 30, 12.5),
    "Qwen/Qwen3-Omni-30B-A3B-Instruct": (OMNI3, 32, 20.5),
}
"""Each with a whole segment of sound and with another length."""

TARGETS = {"Qwen/Qwen3-Omni-30B-A3B-Instruct": ["q_proj", "v_proj", "fc1", "fc2"]}
"""What adapters are put on where PEFT takes no "all-linear"."""


def jobs(name: str) -> list[tuple[str, Job]]:
    """A LoRA beside a frozen tower, one on all of it without checkpoints, one in batches, fine-tunes of everything;
    and of models that read images too, two with both."""
    config, whole, other = MODELS[name]
    common: Job = {
        "model": {"id": name, "config": config, "dtype": "bf16"},
        "optimizer": {"name": "adamw", "implementation": "fused"},
        "attention": "sdpa",
        "framework": {"name": "transformers"},
    }
    batch: Job = {"micro_batch": 2, "grad_accum": 1, "sequence_length": 1536, "padding": "packed"}
    targets = TARGETS.get(name, "all-linear")
    still = {
        **common, "method": "lora", "precision": "bf16", "checkpointing": "full", "frozen": ["towers", "projectors"],
        "lora": {"rank": 16, "targets": ["q_proj", "v_proj"]}, "batch": {**batch, "audio_seconds": whole},
    }  # fmt: skip
    adapted = {
        **common, "method": "lora", "precision": "bf16-mixed", "checkpointing": "none",
        "lora": {"rank": 16, "targets": targets}, "batch": {**batch, "micro_batch": 1, "audio_seconds": whole},
    }  # fmt: skip
    partial = {
        **common, "method": "lora", "precision": "bf16", "checkpointing": "full",
        "lora": {"rank": 16, "targets": targets}, "batch": {**batch, "audio_seconds": other},
    }  # fmt: skip
    full = {
        **common, "method": "full", "precision": "bf16", "checkpointing": "full",
        "batch": {**batch, "audio_seconds": whole},
    }  # fmt: skip
    mixed = {
        **common, "method": "full", "precision": "bf16-mixed", "checkpointing": "none",
        "batch": {**batch, "audio_seconds": other},
    }  # fmt: skip
    drawn = [("still", still), ("lora", adapted), ("partial", partial), ("full", full), ("mixed", mixed)]
    if "Omni" not in name:
        return drawn
    both = {**adapted, "batch": {**adapted["batch"], "images": 1, "image_size": [640, 448]}}
    all_full = {**full, "batch": {**full["batch"], "images": 1, "image_size": [448, 640]}}
    return [*drawn, ("both", both), ("all", all_full)]


def main() -> None:
    line = asked_line(__doc__)
    for name in MODELS:
        show("hearing", line, name, jobs(name))


if __name__ == "__main__":
    main()
