import pytest
from conftest import CONFIG

from peers import shape


def test_widths_come_from_the_names_of_llama():
    sizes = shape.read(CONFIG)

    assert (sizes.layers, sizes.hidden, sizes.intermediate) == (32, 4096, 14336)
    assert (sizes.heads, sizes.kv_heads, sizes.head_dim) == (32, 8, 128)
    assert sizes.gated and not sizes.tied and sizes.experts == 1


def test_the_first_qwen_names_the_width_of_two_matrices_together():
    config = {**CONFIG, "model_type": "qwen", "intermediate_size": 22016}

    assert shape.read(config).intermediate == 11008


def test_the_names_of_gpt2_are_read():
    config = {"model_type": "gpt_bigcode", "n_embd": 2048, "n_layer": 24, "n_head": 16}
    sizes = shape.read({**config, "multi_query": True, "vocab_size": 49152})

    assert (sizes.hidden, sizes.layers, sizes.kv_heads) == (2048, 24, 1)
    assert sizes.intermediate == 4 * 2048
    assert sizes.tied and not sizes.gated


def test_the_width_of_a_mixture_is_that_of_one_expert():
    config = {**CONFIG, "num_experts": 128, "num_experts_per_tok": 8, "moe_intermediate_size": 768}
    sizes = shape.read(config)

    assert (sizes.experts, sizes.experts_per_token, sizes.intermediate) == (128, 8, 768)


def test_a_config_without_a_width_is_named():
    with pytest.raises(KeyError, match="hidden_size"):
        shape.read({"model_type": "llama"})
