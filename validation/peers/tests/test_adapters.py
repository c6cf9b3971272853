from dataclasses import replace

import pytest

from peers import registry
from peers.environments import fingerprint
from peers.express import CannotExpress
from peers.paths import REQUIREMENTS


def options(name, job):
    return registry.tool(name).options(job)


@pytest.mark.parametrize("name", registry.tools())
def test_the_version_of_a_tool_is_the_one_that_is_installed(name):
    tool = registry.tool(name)
    pins = "".join(path.read_text() for path in REQUIREMENTS.glob(f"{tool.environment}.*"))

    assert f"{tool.package}=={tool.version}\n" in pins
    assert fingerprint(tool.environment)


@pytest.mark.parametrize("name", registry.tools())
def test_dora_has_no_option_anywhere(name, qlora):
    with pytest.raises(CannotExpress):
        options(name, replace(qlora, method="dora", quantization="none"))


def test_accelerate_and_deepspeed_know_full_fine_tuning_only(qlora):
    for name in ("accelerate", "deepspeed"):
        with pytest.raises(CannotExpress, match="adapters"):
            options(name, qlora)


def test_accelerate_calls_autocast_float16(full):
    assert options("accelerate", full)["dtype"] == "float16"
    assert options("accelerate", replace(full, precision="fp32"))["dtype"] == "float32"


def test_deepspeed_reads_fsdp_as_the_stage_that_divides_the_same(sharded):
    assert options("deepspeed", sharded)["stage"] == 3
    assert options("deepspeed", replace(sharded, reshard_after_forward=False))["stage"] == 2


def test_deepspeed_takes_the_largest_single_weight_as_layer(sharded):
    assert options("deepspeed", sharded)["largest_layer_params"] == 128256 * 4096


def test_canifinetune_gets_double_quantisation_and_the_exact_count(qlora):
    request = options("canifinetune", qlora)["request"]

    assert request["quantization"] == "nf4_double_quant"
    assert request["override"]["total_params"] == qlora.parameters
    assert request["lora_target_scope"] == "all_linear"
    assert request["gpu_vram_gb"] == 24


def test_canifinetune_passes_no_verdict_on_a_card_that_is_not_known(qlora):
    assert options("canifinetune", replace(qlora, gpu_bytes=None))["gpu_known"] is False


def test_ftuneai_divides_as_fsdp_does(sharded):
    assert options("ftuneai", sharded)["config"]["sharding"] == "fsdp"
    kept = replace(sharded, reshard_after_forward=False)
    assert options("ftuneai", kept)["config"]["sharding"] == "fsdp_shard_grad"
    zero = replace(sharded, strategy="zero2")
    assert options("ftuneai", zero)["config"]["sharding"] == "zero_2"


def test_ftuneai_takes_sdpa_for_fused_attention(qlora):
    assert options("ftuneai", qlora)["config"]["flash_attention"]
    assert not options("ftuneai", replace(qlora, attention="eager"))["config"]["flash_attention"]


def test_fitcheck_gets_the_autocast_dtype_for_full_fine_tuning(full):
    assert options("fitcheck_llm", full)["training"]["precision"] == "bf16"
    whole = replace(full, precision="fp32")
    assert options("fitcheck_llm", whole)["training"]["precision"] == "fp32"


def test_llm_analysis_gets_two_matrices_with_the_parameters_of_three(sharded):
    model = options("llm_analysis", sharded)["model"]

    assert 2 * model["ffn_embed_dim"] == 3 * 14336


def test_llm_analysis_keeps_masters_under_autocast_only(sharded):
    half = replace(sharded, weight_dtype="bf16", precision="bf16", state_dtype="bf16")

    assert options("llm_analysis", sharded)["arguments"]["master_weights_dtype_bytes"] == 4
    arguments = options("llm_analysis", half)["arguments"]
    assert (arguments["master_weights_dtype_bytes"], arguments["other_op_bytes"]) == (2, 4)


def test_vramcalc_knows_no_quantised_base(qlora):
    with pytest.raises(CannotExpress, match="quantised"):
        options("vramcalc", qlora)


def test_kitsune_and_alloc_know_no_checkpointing(full):
    for name in ("torch_kitsune", "alloc", "vram_check"):
        with pytest.raises(CannotExpress, match="activation checkpointing"):
            options(name, full)
        assert options(name, replace(full, checkpointing="none"))


def test_a_gptq_base_is_four_bits_where_the_tool_names_no_format(qlora):
    gptq = replace(qlora, method="lora", quantization="gptq-int4")

    assert options("ftuneai", gptq)["config"]["quantization"] == "4bit"
    assert options("peft_doctor", gptq)["qlora"] is True
    assert options("qmemcalc", gptq)["quantization"] == "4bit"
    assert options("hf_vram_calc", gptq)["dtype"] == "int4"
    for name in ("canifinetune", "fitcheck_llm", "fitscout"):
        with pytest.raises(CannotExpress, match="GPTQ"):
            options(name, gptq)


def test_tinyforge_gets_the_widths_of_all_linear_layers(qlora):
    dims = options("tinyforge", qlora)["shape"]["linear_dims"]

    assert len(dims) == 32 * 7
    assert dims[:4] == [8192, 5120, 5120, 8192]
    assert dims[4] == 4096 + 14336


def test_tinyforge_takes_liger_for_its_chunked_loss(qlora):
    assert options("tinyforge", replace(qlora, loss="liger"))["config"]["chunked_ce"]
    assert not options("tinyforge", qlora)["config"]["chunked_ce"]
