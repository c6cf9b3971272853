"""What one rank of several says and holds: started by torchrun, which tests do on the CPU.

    ranks.py KIND OUT    KIND is a key of KINDS; the first rank writes OUT
"""

import json
import os
import sys
import tempfile

os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1")

import torch
from datasets import Dataset
from transformers import LlamaConfig, LlamaForCausalLM, Trainer, TrainingArguments

import vramcast

BLOCK = 512
_LAYERS = {"transformer_layer_cls_to_wrap": ["LlamaDecoderLayer"]}
# Both are about how a model is loaded, and accelerate wants a card for them.
_FSDP2 = {"version": 2, "cpu_ram_efficient_loading": False, "sync_module_states": False}
KINDS = {
    "ddp": {},
    "fsdp2": {"fsdp": "full_shard auto_wrap", "fsdp_config": {**_FSDP2, **_LAYERS}},
}


def collated(examples):
    ids = torch.tensor([it["input_ids"] for it in examples])
    return {"input_ids": ids, "labels": ids}


def local(tensor):
    return tensor.to_local() if hasattr(tensor, "to_local") else tensor


def blocks(tensors):
    """Bytes of what this rank has of tensors, as PyTorch's caching allocator rounds them up."""
    sizes = [local(it).numel() * it.element_size() for it in tensors]
    return sum(-(-it // BLOCK) * BLOCK for it in sizes)


def sharded(trainer):
    """What accelerate does with these arguments, but on cards alone: FSDP2, and a step."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    model = trainer.model
    mesh = init_device_mesh("cpu", (trainer.args.world_size,))
    for layer in model.model.layers:
        fully_shard(layer, mesh=mesh)
    fully_shard(model, mesh=mesh)
    optimizer = torch.optim.AdamW(model.parameters())
    ids = torch.ones(2, 32, dtype=torch.long)
    model(input_ids=ids, labels=ids).loss.backward()
    optimizer.step()
    return model, optimizer


def told(trainer):
    return vramcast.check(trainer, gpu="rtx-4090", refuse=False).estimate.to_dict()


def main(kind, out):
    torch.manual_seed(1)
    sizes = dict(hidden_size=64, intermediate_size=128, num_hidden_layers=3, vocab_size=512)
    heads = dict(num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=256)
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(
            model=LlamaForCausalLM(LlamaConfig(**sizes, **heads)),
            args=TrainingArguments(
                output_dir=folder, per_device_train_batch_size=2, max_steps=1, use_cpu=True,
                save_strategy="no", report_to=[], **KINDS[kind],
            ),
            train_dataset=Dataset.from_dict({"input_ids": [[1] * 32] * 8}),
            data_collator=collated,
        )  # fmt: skip
        before = told(trainer)
        if kind == "fsdp2":
            model, optimizer = sharded(trainer)
        else:
            trainer.train()
            model, optimizer = trainer.model, trainer.optimizer
        if trainer.args.process_index == 0:
            states = optimizer.state.values()
            held = [it for state in states for it in state.values() if torch.is_tensor(it)]
            found = {"estimate": before, "states": blocks(held)}
            found["weights"] = blocks(model.parameters())
            with open(out, "w") as file:
                json.dump(found, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
