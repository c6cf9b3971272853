"""Runs two real steps on the CPU and writes what a memory snapshot of a GPU would say of them.

    python record_step.py      (PyTorch 2.15, Transformers 5.24, PEFT 0.21)

Each storage that an operation makes is an event with the Python stack that made it, the innermost
frame first, as torch.cuda.memory._record_memory_history(stacks="python") records them. On a GPU the
backward pass runs on a thread of its own, so that of stacks below the engine only what lies inside of
it is kept. What each storage truly is (a parameter, its gradient, an optimizer's state) is written
beside it, so that the answer by stacks can be held against it.
"""

import gc
import json
import pickle
import sys
import weakref
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from transformers import LlamaConfig, LlamaForCausalLM

HERE = Path(__file__).parent
MINE = str(Path(__file__).resolve())
DISPATCH = ("torch/utils/_python_dispatch.py", "torch/_ops.py", "torch/_compile.py",
            "torch/_dynamo/eval_frame.py")
OWN = ("stack", "add", "birth", "death", "__torch_dispatch__")


class Recorder(TorchDispatchMode):
    def __init__(self):
        super().__init__()
        self.entries, self.live, self.addresses = [], {}, {}
        self.next, self.frames, self.lists = 0x7F0000000000, {}, {}
        self.now, self.highest, self.peak = 0, 0, set()

    def stack(self):
        frames, frame = [], sys._getframe(1)
        while frame is not None:
            code = frame.f_code
            if code.co_name == "_engine_run_backward":
                break
            name = code.co_filename
            if not (name == MINE and code.co_name in OWN or name.endswith(DISPATCH)):
                key = (name.split("site-packages/")[-1], frame.f_lineno, code.co_name)
                frames.append(key)
            frame = frame.f_back
        key = tuple(frames)
        if key not in self.lists:
            self.lists[key] = [self.shared(each) for each in frames]
        return self.lists[key]

    def shared(self, key):
        if key not in self.frames:
            name, line, function = key
            name = "record_step.py" if name == MINE else "/site-packages/" + name
            self.frames[key] = {"filename": name, "line": line, "name": function}
        return self.frames[key]

    def add(self, action, address, size):
        self.entries.append(
            {"action": action, "addr": address, "size": size, "stream": 0, "frames": self.stack()})

    def birth(self, storage):
        address, size = self.next, storage.nbytes()
        self.next += max(512, -(-size // 512) * 512)
        self.live[address] = (size, self.stack())
        self.addresses[storage._cdata] = address
        self.add("alloc", address, size)
        weakref.finalize(storage, self.death, address, size, storage._cdata)
        self.now += -(-size // 512) * 512
        if self.now > self.highest:
            self.highest, self.peak = self.now, set(self.live)

    def death(self, address, size, identity):
        del self.live[address]
        self.addresses.pop(identity, None)
        self.add("free_requested", address, size)
        self.now -= -(-size // 512) * 512

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        before = {leaf.untyped_storage()._cdata for leaf in tree_leaves((args, kwargs or {}))
                  if isinstance(leaf, torch.Tensor)}
        made = function(*args, **(kwargs or {}))
        for leaf in tree_leaves(made):
            if isinstance(leaf, torch.Tensor):
                storage = leaf.untyped_storage()
                if storage._cdata not in before and storage._cdata not in self.addresses \
                        and storage.nbytes() > 0:
                    self.birth(storage)
        return made


def storages(tensors):
    return {each.untyped_storage()._cdata for each in tensors}


def main():
    torch.manual_seed(0)
    config = LlamaConfig(
        hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, vocab_size=512, max_position_embeddings=128)
    recorder = Recorder()
    truth = {}
    with recorder:
        model = LlamaForCausalLM(config)
        model.gradient_checkpointing_enable()
        if "--lora" in sys.argv:
            model = get_peft_model(model, LoraConfig(r=4, target_modules="all-linear"))
        trained = [each for each in model.parameters() if each.requires_grad]
        optimizer = torch.optim.AdamW(trained, lr=1e-3, foreach=False)
        # Long enough for the logits to decide the peak, or so short that the optimizer's step does.
        ids = torch.randint(0, 512, (2, 128 if "--lora" in sys.argv else 8))
        for _ in range(2):
            loss = model(input_ids=ids, labels=ids).loss
            loss.backward()
            note(recorder, model, optimizer, truth)
            optimizer.step()
            note(recorder, model, optimizer, truth)
            del loss
            optimizer.zero_grad()
            gc.collect()
    write(recorder, truth, "lora_step" if "--lora" in sys.argv else "full_step")


def note(recorder, model, optimizer, truth):
    kinds = {
        "weights": [*model.parameters(), *model.buffers()],
        "gradients": [each.grad for each in model.parameters() if each.grad is not None],
        "optimizer": [value for state in optimizer.state.values() for value in state.values()],
    }
    for kind, tensors in kinds.items():
        for identity in storages(tensors):
            if identity in recorder.addresses:
                truth[recorder.addresses[identity]] = kind


def write(recorder, truth, name):
    blocks = [{"address": address, "size": -(-size // 512) * 512, "requested_size": size,
               "state": "active_allocated", "frames": frames}
              for address, (size, frames) in recorder.live.items()]
    # Without an allocator nothing is known of segments, so they are as large as the peak.
    total = -(-recorder.highest // (2 << 20)) * (2 << 20)
    segment = {"device": 0, "address": 0x7F0000000000, "total_size": total, "stream": 0,
               "allocated_size": sum(each["size"] for each in blocks), "blocks": blocks}
    snapshot = {"segments": [segment], "device_traces": [recorder.entries]}
    (HERE / f"{name}.pickle").write_bytes(pickle.dumps(snapshot, protocol=4))
    sums = {"allocated": recorder.highest, "weights": 0, "gradients": 0, "optimizer": 0, "step": 0}
    sizes = {entry["addr"]: entry["size"] for entry in recorder.entries if entry["action"] == "alloc"}
    for address in recorder.peak:
        sums[truth.get(address, "step")] += -(-sizes[address] // 512) * 512
    print(name, json.dumps(sums))


if __name__ == "__main__":
    main()
