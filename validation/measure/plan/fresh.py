"""Draws jobs of ``corners.py`` over published models that no other plan has.

    python plan/fresh.py --count 40 --seed 1 > jobs.jsonl
    python plan/fresh.py --count 40 --seed 1 --stages > jobs.jsonl

Half of those that have several GPUs have FSDP2, the others DDP or FSDP1.
"""

from __future__ import annotations

from typing import Any

from corners import _NEW, Draw, write_jobs

Config = dict[str, Any]


def _decoder(kind: str, hidden: int, inner: int, heads: int, groups: int, vocabulary: int, **more: Any) -> Config:
    return {
        "model_type": kind, "hidden_size": hidden, "intermediate_size": inner, "num_hidden_layers": 2,
        "num_attention_heads": heads, "num_key_value_heads": groups, "vocab_size": vocabulary,
        "max_position_embeddings": 8192, **more,
    }  # fmt: skip


_TIED = {"tie_word_embeddings": True}

MODELS: dict[str, Config] = {
    "llama-2-7b": _decoder("llama", 4096, 11008, 32, 32, 32000),
    "smollm2-360m": _decoder("llama", 960, 2560, 15, 5, 49152, **_TIED),
    "yi-1.5-9b": _decoder("llama", 4096, 11008, 32, 4, 64000),
    "deepseek-coder-1.3b": _decoder("llama", 2048, 5504, 16, 16, 32256),
    "mistral-nemo-12b": _decoder("mistral", 5120, 14336, 32, 8, 131072, head_dim=128),
    "qwen2.5-3b": _decoder("qwen2", 2048, 11008, 16, 2, 151936, **_TIED),
    "qwen3-8b": _decoder("qwen3", 4096, 12288, 32, 8, 151936, head_dim=128),
    "gemma-7b": _decoder("gemma", 3072, 24576, 16, 16, 256000, head_dim=256, **_TIED),
    "gemma-2-2b": _decoder("gemma2", 2304, 9216, 8, 4, 256000, head_dim=256, query_pre_attn_scalar=256),
    "gemma-3-1b": _decoder(
        "gemma3_text", 1152, 6912, 4, 1, 262144, head_dim=256, sliding_window=512, query_pre_attn_scalar=256
    ),
    "granite-3.3-2b": _decoder("granite", 2048, 8192, 32, 8, 49159, **_TIED),
    "olmo-2-7b": _decoder("olmo2", 4096, 11008, 32, 32, 100352),
    "phi-4-mini": _decoder("phi3", 3072, 8192, 24, 8, 200064, partial_rotary_factor=0.75, pad_token_id=199999, **_TIED),
    "starcoder2-7b": _decoder("starcoder2", 4608, 18432, 36, 4, 49152, sliding_window=4096, use_bias=True),
    "aya-expanse-8b": _decoder("cohere", 4096, 14336, 32, 8, 256000),
    "nemotron-mini-4b": _decoder("nemotron", 3072, 9216, 24, 8, 256000, head_dim=128, partial_rotary_factor=0.5),
    "glm-4-9b-chat": _decoder("glm", 4096, 13696, 32, 2, 151552, head_dim=128, attention_bias=True, pad_token_id=151329),
    "helium-1-2b": _decoder("helium", 2560, 7040, 20, 20, 48000, head_dim=128),
    "ernie-4.5-0.3b": _decoder("ernie4_5", 1024, 3072, 16, 2, 103424, head_dim=128, **_TIED),
    "hunyuan-0.5b": _decoder("hunyuan_v1_dense", 1024, 3584, 8, 4, 120818, head_dim=128, pad_token_id=120002, **_TIED),
    "apertus-8b": _decoder("apertus", 4096, 21504, 32, 8, 131072),
    "mixtral-8x22b": _decoder("mixtral", 6144, 16384, 48, 8, 32768, num_local_experts=8, num_experts_per_tok=2),
    "granite-3.1-1b-a400m": _decoder("granitemoe", 1024, 512, 16, 8, 49155, num_local_experts=32, num_experts_per_tok=8),
    "pythia-410m": {
        "model_type": "gpt_neox", "hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 3,
        "num_attention_heads": 16, "rotary_pct": 0.25, "vocab_size": 50304, "max_position_embeddings": 2048,
    },
    "bloom-1b7": {"model_type": "bloom", "hidden_size": 2048, "n_layer": 3, "n_head": 16, "vocab_size": 250880},
    "gpt2-large": {"model_type": "gpt2", "n_embd": 1280, "n_layer": 4, "n_head": 20, "vocab_size": 50257},
    "opt-2.7b": {
        "model_type": "opt", "hidden_size": 2560, "ffn_dim": 10240, "num_hidden_layers": 3, "num_attention_heads": 32,
        "vocab_size": 50272, "max_position_embeddings": 2048, "word_embed_proj_dim": 2560,
    },
}  # fmt: skip


class Fresh(Draw):
    """The same draws over these models, under more ways to spread them."""

    def names(self) -> list[str]:
        left_out = _NEW if self._line == "4.57" else set()
        names = [name for name, config in MODELS.items() if config["model_type"] not in left_out]
        self._random.shuffle(names)
        return names

    def _ranks(self, job: Config, chance: float) -> None:
        super()._ranks(job, chance)
        if "parallelism" in job and self._some(0.5):
            strategy = self._of("ddp", "fsdp1")
            job["parallelism"] = {"strategy": strategy}
            if strategy == "fsdp1":
                job["parallelism"]["reshard_after_forward"] = True


if __name__ == "__main__":
    write_jobs("fresh", Fresh, MODELS, 40, __doc__)
