"""Writes the snapshots beside it: python make_snapshots.py

They have the shape of torch.cuda.memory._snapshot() of PyTorch 2.15 (torch/cuda/memory.py), as
torch.cuda.memory._dump_snapshot pickles it. The numbers are small and chosen by hand; where a stack
matters it is that of the code it names.
"""

import pickle
from pathlib import Path

MIB = 1 << 20
SITE = "/venv/lib/python3.11/site-packages/"


def frame(file, name, line=1):
    return {"filename": SITE + file if not file.startswith("??") else file, "line": line, "name": name}


TRAIN = [frame("transformers/trainer.py", "train"), frame("train.py", "<module>")]
LOAD = [
    frame("torch/nn/modules/module.py", "convert"),
    frame("torch/nn/modules/module.py", "_apply"),
    frame("torch/nn/modules/module.py", "to"),
] + TRAIN
LAYER = [
    frame("torch/nn/modules/linear.py", "forward"),
    frame("transformers/models/llama/modeling_llama.py", "forward"),
    frame("torch/nn/modules/module.py", "_call_impl"),
    frame("transformers/models/llama/modeling_llama.py", "forward"),
    frame("transformers/models/llama/modeling_llama.py", "forward"),
] + TRAIN
HEAD = [
    frame("torch/nn/modules/linear.py", "forward"),
    frame("torch/nn/modules/module.py", "_call_impl"),
    frame("transformers/models/llama/modeling_llama.py", "forward"),
] + TRAIN
LOSS = [
    frame("torch/nn/functional.py", "cross_entropy"),
    frame("transformers/loss/loss_utils.py", "ForCausalLMLoss"),
    frame("transformers/models/llama/modeling_llama.py", "forward"),
] + TRAIN
STATES = [
    frame("torch/optim/adam.py", "_init_group"),
    frame("torch/optim/adam.py", "step"),
] + TRAIN
ZERO_GRAD = [frame("torch/optim/optimizer.py", "zero_grad")] + TRAIN
BACKWARD = []  # a thread without Python


class Trace:
    def __init__(self):
        self.entries, self.at, self.live, self.idle = [], 0x7F0000000000, {}, []

    def add(self, action, address, size, frames):
        self.entries.append(
            {"action": action, "addr": address, "size": size, "stream": 0, "time_us": 1,
             "frames": frames, "pool_id": (0, 0), "user_metadata": ""})

    def alloc(self, size, frames):
        address = self.at
        self.at += -(-size // (2 * MIB)) * 2 * MIB
        self.add("segment_alloc", address, self.at - address, frames)
        self.add("alloc", address, size, frames)
        self.live[address] = (size, frames)
        return address

    def free(self, address, frames=()):
        size, _ = self.live.pop(address)
        self.add("free_requested", address, size, list(frames))
        self.add("free_completed", address, size, list(frames))
        self.idle.append((address, -(-size // (2 * MIB)) * 2 * MIB))

    def empty_cache(self):
        for address, size in self.idle:
            self.add("segment_free", address, size, TRAIN)
        self.idle = []


def snapshot(trace, before=()):
    segments = []
    for address, (size, frames) in list(trace.live.items()) + list(before):
        total = -(-size // (2 * MIB)) * 2 * MIB
        rounded = -(-size // 512) * 512
        blocks = [{"address": address, "size": rounded, "requested_size": size,
                   "state": "active_allocated", "frames": frames}]
        if total > rounded:
            blocks.append({"address": address + rounded, "size": total - rounded,
                           "requested_size": 0, "state": "inactive", "frames": []})
        segments.append(
            {"device": 0, "address": address, "total_size": total, "allocated_size": rounded,
             "active_size": rounded, "requested_size": size, "stream": 0, "segment_type": "large",
             "segment_pool_id": (0, 0), "is_expandable": False, "frames": frames,
             "blocks": blocks})
    return {"segments": segments, "device_traces": [trace.entries, []],
            "allocator_settings": {"PYTORCH_ALLOC_CONF": "", "max_split_size": -1},
            "external_annotations": []}


def write(name, value, protocol=4):
    (Path(__file__).parent / name).write_bytes(pickle.dumps(value, protocol=protocol))


def step():
    """Weights 64 MiB, states 32; at the peak activations 24, logits 16, gradients 8, loss 6."""
    trace = Trace()
    trace.alloc(64 * MIB, LOAD)
    trace.alloc(32 * MIB, STATES)
    activations = trace.alloc(24 * MIB, LAYER)
    logits = trace.alloc(16 * MIB, HEAD)
    gradients = trace.alloc(8 * MIB - 100, BACKWARD)
    loss = trace.alloc(6 * MIB, LOSS)
    trace.free(loss)
    trace.free(logits)
    backward = trace.alloc(2 * MIB, BACKWARD)
    trace.free(backward)
    trace.free(activations)
    trace.free(gradients, ZERO_GRAD)
    trace.empty_cache()
    return trace


if __name__ == "__main__":
    write("step.pickle", snapshot(step()))
    write("step_protocol2.pickle", snapshot(step()), protocol=2)
    # The ring of the trace has dropped how the weights came to be.
    cut = step()
    cut.entries = cut.entries[4:]
    cut.live[0x7F0000000000] = (64 * MIB, [])
    write("cut_trace.pickle", snapshot(cut))
    still = step()
    still.entries = []
    write("no_trace.pickle", snapshot(still))
