"""Fine-tunes on text of models whose towers are described as parameters alone, four of each type.

    python plan/text_alone.py > jobs.jsonl
    python plan/text_alone.py --line 4.57 > jobs.jsonl
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

MODELS: dict[str, Config] = {
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
        "attention": "sdpa",
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--line", choices=sorted(_VERSIONS), default="5")
    line = parser.parse_args().line
    older = line == "4.57"
    for how in ("full", "lora") if older else ("sft", "full", "lora", "qlora"):
        for kind in MODELS:
            if not (older and kind == "glm46v"):
                print(json.dumps({"id": f"vision-{line}-{kind}-{how}", "job": job(kind, how, line)}))


if __name__ == "__main__":
    main()
