"""The job that everybody is asked about: QLoRA of Llama 3.1 8B, and its full fine-tuning."""

from __future__ import annotations

from peers.job import Job

MODEL = "llama-3.1-8b"
# The same model in the list that canifinetune brings along.
PEER_MODEL = "meta-llama/Llama-3.1-8B-Instruct"
DEEP_MODEL = "llama-3.1-70b"
LENGTH = 2048
CARD = "rtx-4090"
CARD_BYTES = 24 * 2**30

# config.json of meta-llama/Llama-3.1-8B, as far as estimators read it.
_CONFIG = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "vocab_size": 128256,
    "max_position_embeddings": 131072,
    "tie_word_embeddings": False,
}


def job(method: str) -> Job:
    """The job in the form in which adapters of peers take it."""
    return Job(
        id=method,
        model_id=PEER_MODEL,
        config=_CONFIG,
        parameters=8_030_261_248,
        method=method,
        weight_dtype="bf16",
        quantization="nf4" if method == "qlora" else "none",
        double_quant=method == "qlora",
        precision="bf16",
        master_weights=False,
        micro_batch=1,
        sequence_length=LENGTH,
        checkpointing="full",
        attention="sdpa",
        loss="full",
        optimizer="adamw",
        optimizer_implementation="foreach",
        state_dtype="fp32",
        lora_rank=16,
        lora_targets=("all-linear",),
        strategy="none",
        shard=1,
        tensor=1,
        pipeline=1,
        expert=1,
        reshard_after_forward=True,
        offload=(),
        gpus=1,
        gpu_name=CARD,
        gpu_bytes=CARD_BYTES,
    )
