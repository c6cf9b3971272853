from dataclasses import replace

import pytest

from peers import express
from peers.express import CannotExpress


@pytest.mark.parametrize(
    ("targets", "scope"),
    [
        (("q_proj", "v_proj"), "query-value"),
        (("qkv_proj", "o_proj"), "attention"),
        (("c_attn", "c_proj", "w1", "w2"), "all-linear"),
        (("all-linear",), "all-linear"),
        (("c_attn",), None),
        (("q_proj", "lm_head"), None),
    ],
)
def test_fused_projections_count_as_their_parts(qlora, targets, scope):
    assert express.adapter_scope(replace(qlora, lora_targets=targets)) == scope


def test_a_job_on_many_gpus_is_refused_by_tools_for_one(sharded):
    with pytest.raises(CannotExpress, match=express.SEVERAL_GPUS):
        express.one_gpu(sharded)


def test_an_unknown_optimizer_is_refused_for_full_fine_tuning_only(full, qlora):
    names = {"adamw": "adam"}

    with pytest.raises(CannotExpress, match="the optimizer adafactor"):
        express.optimizer(replace(full, optimizer="adafactor"), names)
    assert express.optimizer(replace(qlora, optimizer="adafactor"), names) == "adam"


def test_a_paged_optimizer_is_as_large_as_one_that_is_not(full):
    job = replace(full, optimizer="paged-adamw-8bit")

    assert express.optimizer(job, {"adamw": "a", "adamw-8bit": "b"}) == "b"


def test_checkpointing_between_all_layers_and_none_is_refused(full):
    assert express.all_layers_or_none(full)
    with pytest.raises(CannotExpress, match=express.CHECKPOINTING):
        express.all_layers_or_none(replace(full, checkpointing="selective"))


def test_a_fused_loss_is_refused_by_tools_that_count_logits_always(full):
    with pytest.raises(CannotExpress, match="full logits"):
        express.full_logits(replace(full, loss="liger"))
