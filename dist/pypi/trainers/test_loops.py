"""Loops around accelerate and DeepSpeed, with tiny models, on the CPU.

DeepSpeed is in none of the environments that validation/measure makes; a folder with it on
PYTHONPATH has its engine tested too.
"""

import importlib.util
import os
import unittest
from unittest import mock

os.environ.update(HF_HUB_OFFLINE="1", DS_ACCELERATOR="cpu")

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from accelerate.utils import FullyShardedDataParallelPlugin
from torch.utils.data import DataLoader
from transformers import LlamaConfig, LlamaForCausalLM

import vramcast
from trainers import alone

BLOCK = 512
ROWS, LENGTH = 8, 32


class Examples(list):
    """Tokenised examples with columns, as a data set has them."""

    column_names = ("input_ids",)

    def select_columns(self, _columns):
        return self

    def select(self, _indices):
        return {"input_ids": [it["input_ids"] for it in self]}


def collated(examples):
    ids = torch.tensor([it["input_ids"] for it in examples])
    return {"input_ids": ids, "labels": ids}


def parts(**more):
    torch.manual_seed(1)
    model = LlamaForCausalLM(LlamaConfig(
        hidden_size=64, intermediate_size=128, num_hidden_layers=3, vocab_size=512,
        num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=256,
    ))  # fmt: skip
    examples = Examples({"input_ids": [1] * LENGTH} for _ in range(ROWS))
    loader = DataLoader(examples, batch_size=2, collate_fn=collated)
    return model, torch.optim.AdamW(model.parameters(), **more), loader


def blocks(tensors):
    """Bytes of tensors as PyTorch's caching allocator rounds them up."""
    return sum(-(-it.numel() * it.element_size() // BLOCK) * BLOCK for it in tensors)


def settings(estimate):
    return {it.key: it.value for it in estimate.settings}


class AcceleratorTest(unittest.TestCase):
    def setUp(self):
        alone(self)

    def accelerator(self, **more):
        AcceleratorState._reset_state(reset_partial_state=True)
        return Accelerator(cpu=True, **more)

    def test_what_was_prepared_is_read_to_the_byte(self):
        accelerator = self.accelerator(mixed_precision="bf16", gradient_accumulation_steps=2)
        model, optimizer, loader = accelerator.prepare(*parts())
        told = vramcast.check(accelerator, gpu="l4", refuse=False).estimate
        for batch in loader:
            with accelerator.accumulate(model):
                accelerator.backward(model(**batch).loss)
                optimizer.step()
                optimizer.zero_grad()
        states = [
            it for state in optimizer.state.values() for it in state.values() if it.numel() > 1
        ]

        said = settings(told)
        self.assertEqual(said["framework.name"], "accelerate")
        self.assertEqual(said["precision"], "bf16-mixed")
        self.assertEqual((said["batch.micro_batch"], said["batch.grad_accum"]), (2, 2))
        self.assertEqual(said["batch.sequence_length"], LENGTH)
        bytes_of = told.memory.breakdown_bytes
        self.assertEqual(bytes_of["weights"], blocks(model.parameters()))
        counters = len(list(model.parameters())) * BLOCK
        self.assertIn(bytes_of["optimizer"] - blocks(states), (0, counters))

    def test_parts_that_were_not_prepared_are_given(self):
        model, optimizer, loader = parts(fused=True)
        accelerator = self.accelerator()
        wrapped = torch.nn.DataParallel(model)
        job = vramcast.job_of(
            accelerator, model=wrapped, optimizer=optimizer, dataloader=loader, gpu="l4"
        )

        said = settings(job.ask("estimate", offline=True))
        self.assertEqual(said["optimizer.implementation"], "fused")
        self.assertEqual(said["batch.micro_batch"], 2)
        self.assertEqual(said["precision"], "fp32")
        self.assertEqual(said["checkpointing"], "none")
        with self.assertRaises(vramcast.InputError) as refused:
            vramcast.job_of(accelerator, model=model, dataloader=loader)
        self.assertEqual(refused.exception.field, "optimizer")

    def test_checkpoints_are_of_the_kind_that_the_model_has(self):
        model, optimizer, loader = parts()
        for reentrant in (True, False):
            with self.subTest(reentrant=reentrant):
                model.gradient_checkpointing_enable({"use_reentrant": reentrant})
                job = vramcast.job_of(
                    self.accelerator(), model=model, optimizer=optimizer, dataloader=loader
                )
                said = settings(job.ask("estimate", offline=True))
                self.assertEqual(said["checkpointing"], "full")
                self.assertEqual(said["checkpointing_reentrant"], reentrant)

    def test_shards_are_those_of_the_plugin(self):
        model, optimizer, loader = parts()
        accelerator = self.accelerator()
        # Given to the Accelerator it asks for cards.
        accelerator.state.fsdp_plugin = FullyShardedDataParallelPlugin(
            fsdp_version=2,
            reshard_after_forward=True,
            auto_wrap_policy="transformer_based_wrap",
            transformer_cls_names_to_wrap=["LlamaDecoderLayer"],
        )
        self.addCleanup(accelerator.state.__dict__.pop, "fsdp_plugin", None)
        job = vramcast.job_of(
            accelerator, model=model, optimizer=optimizer, dataloader=loader, gpu="l4"
        )

        said = settings(job.ask("estimate", offline=True, count=2))
        self.assertEqual(said["parallelism.strategy"], "fsdp2")
        self.assertEqual(said["parallelism.shard"], 2)
        self.assertEqual(said["parallelism.offload"], [])

    def test_momentum_of_sgd_is_a_state(self):
        model, _, loader = parts()
        states = {}
        for momentum in (0, 0.9):
            sgd = torch.optim.SGD(model.parameters(), lr=0.1, momentum=momentum)
            job = vramcast.job_of(
                self.accelerator(), model=model, optimizer=sgd, dataloader=loader, gpu="l4"
            )
            memory = job.ask("estimate", offline=True).memory
            states[momentum] = memory.breakdown_bytes["optimizer"]

        self.assertEqual(states[0.9] - states[0], blocks(model.parameters()))

    def test_what_no_job_can_say_is_refused_with_its_field(self):
        class Own(torch.optim.Optimizer):
            def __init__(self, parameters):
                super().__init__(parameters, {})

        model, optimizer, loader = parts()
        more = torch.optim.AdamW(model.parameters(), amsgrad=True)
        mixed = DataLoader(loader.dataset, batch_sampler=[[0], [1, 2]], collate_fn=collated)
        for field, more in (
            ("optimizer.name", {"optimizer": Own(model.parameters()), "dataloader": loader}),
            ("optimizer.name", {"optimizer": more, "dataloader": loader}),
            ("batch.micro_batch", {"optimizer": optimizer, "dataloader": mixed}),
        ):
            with self.subTest(field), self.assertRaises(vramcast.InputError) as refused:
                vramcast.job_of(self.accelerator(), model=model, **more)
            self.assertEqual(refused.exception.field, field)


@unittest.skipUnless(importlib.util.find_spec("deepspeed"), "DeepSpeed is not installed")
class EngineTest(unittest.TestCase):
    def test_an_engine_is_read_to_the_byte(self):
        import deepspeed
        import torch.distributed as dist

        store = dist.HashStore()
        dist.init_process_group("gloo", store=store, rank=0, world_size=1)
        self.addCleanup(dist.destroy_process_group)
        ranks = mock.patch.dict(os.environ, LOCAL_RANK="0", RANK="0", WORLD_SIZE="1")
        ranks.start()
        self.addCleanup(ranks.stop)
        model, optimizer, loader = parts()
        engine, *_ = deepspeed.initialize(
            model=model, optimizer=optimizer, dist_init_required=False,
            config={
                "train_micro_batch_size_per_gpu": 2, "gradient_accumulation_steps": 1,
                "bf16": {"enabled": True}, "zero_optimization": {"stage": 2},
                "zero_allow_untested_optimizer": True,
            },
        )  # fmt: skip
        told = vramcast.check(engine, dataloader=loader, gpu="l4", refuse=False).estimate
        batch = collated([loader.dataset[0]] * 2)
        engine.backward(engine(**batch).loss)
        engine.step()

        said = settings(told)
        self.assertEqual(said["framework.name"], "deepspeed")
        self.assertEqual(said["parallelism.strategy"], "zero2")
        self.assertEqual(said["batch.sequence_length"], LENGTH)
        zero = engine.optimizer
        held = [it for state in zero.optimizer.state.values() for it in state.values()]
        moments = [it for it in held if it.numel() > 1]
        bytes_of = told.memory.breakdown_bytes
        self.assertEqual(bytes_of["weights"], blocks(zero.bit16_groups_flat))
        masters = blocks(zero.single_partition_of_fp32_groups)
        self.assertEqual(bytes_of["optimizer"], masters + blocks(moments))


if __name__ == "__main__":
    unittest.main()
